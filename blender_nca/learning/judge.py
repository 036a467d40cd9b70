# SPDX-License-Identifier: GPL-3.0-or-later
"""What a judge of growths does, whatever the picture is of: grow, compare, show, and say where to begin."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

import numpy as np
import torch

from ..automaton import through_time
from ..automaton.chance import cell_numbers
from ..automaton.update_rule import LIFE, UpdateRule
from ..genetics.relaxed import relax
from ..manifold.manifold import Manifold
from ..manifold.own_unit import OF_PAINTER, OF_RULE, OwnUnit
from ..manifold.painting import paint
from ..manifold.recognition import Reading, read_dna
from ..manifold.renderer import Painter
from .picture import Exemplar

BURST = 8.0
"""Beyond that a cell's channel has burst."""
PIECE = 56
"""Steps that are kept at once: a gradient wants them all, so growing without one goes piece by piece."""
SEED = 5
"""Of what is shown: not one that is learned on."""


Course = Literal["anew", "kin", "gentle"]
"""How a lesson goes on from what it begins as: see `Beginning`."""


class Beginning(NamedTuple):
    """What a lesson begins as, and how it goes on.

    Attributes
    ----------
    dna : str
        Of the species whose growth that is.
    course : "anew", "kin" or "gentle"
        Kin is laid out much as the picture: then little of its rule is to be learned anew. Gently is taught what only
        wants in its distances, and would unlearn more than it gains if it began anew.
    """

    dna: str
    course: Course = "anew"


class Likeness(Protocol):
    """How near a growth is to the picture: the less the nearer."""

    @property
    def structure(self) -> float:
        """Distance of where things are."""

    @property
    def colour(self) -> float:
        """Distance of colours."""

    @property
    def judged(self) -> float:
        """All in one number, for choosing."""

    def _asdict(self) -> dict[str, float]: ...


class Judge(ABC):
    """Says how near growths are to a picture.

    Parameters
    ----------
    exemplar : Exemplar
    manifold : Manifold
        Of the growths.
    device : str
    units : sequence of OwnUnit
        Of species that were learned: what has the DNA of one, or much of it, grows by it, too.

    Attributes
    ----------
    cells, steps : int
        A side, and the age, of what is shown and measured: from one seed, on a grid that is not learned on.
    """

    cells: int
    steps: int

    def __init__(
        self, exemplar: Exemplar, manifold: Manifold, device: str = "cpu", units: Sequence[OwnUnit] = ()
    ):
        self.exemplar, self.manifold, self.device = exemplar, manifold, device
        self._units = {unit.dna: unit for unit in units}

    @property
    def boundary(self) -> str:
        """Of grids: see `automaton.growth.Growth`."""
        return str(self.manifold.card.get("boundary", "wrap"))

    @abstractmethod
    def compare(self, maps: torch.Tensor) -> Likeness:
        """Measure maps (1, maps, pixels, pixels)."""

    @abstractmethod
    def difference(self, maps: torch.Tensor) -> torch.Tensor:
        """What is to be made small, of maps (batch, maps, pixels, pixels): Tensor, shape (batch,)."""

    @abstractmethod
    def restore(self, values: Sequence[float]) -> Likeness:
        """A likeness of its own kind, of what `list` makes of it."""

    @abstractmethod
    def read(self) -> torch.Tensor:
        """What the encoder reads from the picture: logits, Tensor of shape (dna_length, 4)."""

    @property
    def reading(self) -> Reading | None:
        """By which other pictures of the same are recognised; None of a figure: of that there are no samples."""
        return None

    def read_dna(self, known: Mapping[str, np.ndarray]) -> str:
        """The DNA that the picture is read as; `known` as of `manifold.recognition.recognise`."""
        return read_dna(self.read().numpy(), known, self._units)

    @abstractmethod
    def choose_dna(self, others: Sequence[str]) -> str:
        """DNA for a new species, near what is read; `others` are known."""

    @abstractmethod
    def choose_start(self, others: Sequence[str], should_stop: Callable[[], bool]) -> Beginning:
        """What a lesson begins as; where it is to stop, the best so far."""

    @abstractmethod
    def show(self, maps: torch.Tensor) -> np.ndarray:
        """Maps (maps, height, width) as people see them: ndarray, uint8, shape (height, width, 3 or 4)."""

    @property
    @abstractmethod
    def picture(self) -> np.ndarray:
        """What is wanted as people see it: ndarray, uint8, shape (height, width, 3)."""

    @torch.no_grad()
    def grow(self, rule: UpdateRule, painter: Painter, cells: int, steps: int) -> torch.Tensor:
        """Grow a rule (1, ...) from one seed: maps in [0, 1], Tensor of shape (1, maps, pixels, pixels)."""
        numbers = torch.from_numpy(cell_numbers(cells, cells)).to(self.device)
        state = torch.zeros(1, cells, cells, self.manifold.sizes.channels, device=self.device)
        state[:, cells // 2, cells // 2, LIFE:] = 1
        for step in range(0, steps, PIECE):
            state = through_time.grow(
                state, rule, SEED + step, min(PIECE, steps - step), numbers, self.boundary
            )
        state = state.nan_to_num(0, BURST, -BURST).clip(-BURST, BURST)
        return paint(painter, state, self.manifold.card["pixels_per_cell"], self.boundary).clip(0, 1)

    def grow_dna(self, dna: str, cells: int = 0, steps: int = 0) -> torch.Tensor:
        """Grow a DNA, as `grow`; where nothing else is said, as it is shown."""
        own = self.transcribe(dna)
        for name in (*OF_RULE, *OF_PAINTER):
            own[name] = own[name][None]
        rule = UpdateRule(**{name: own.pop(name) for name in OF_RULE})
        return self.grow(rule, Painter(**own), cells or self.cells, steps or self.steps)

    def transcribe(self, dna: str) -> dict[str, torch.Tensor]:
        """What a DNA grows by; as the function of this name gives it."""
        return transcribe(self.manifold.with_units(self.units_of(dna)), dna, self.device)

    @property
    def known(self) -> Manifold:
        """The manifold with all units, in which DNA is searched for."""
        return self.manifold.with_units(tuple(self._units.values()))

    def units_of(self, dna: str) -> tuple[OwnUnit, ...]:
        """The units that a DNA grows by: its own, if it is that of a learned species, else all that it calls for."""
        if dna in self._units:
            return (self._units[dna],)
        relaxed = relax(dna)
        return tuple(unit for unit in self._units.values() if unit.loudness(relaxed))

    def is_further(self, start: str, dna: str) -> bool:
        """Whether what begins as `start` and gets `dna` is a species that the manifold itself has learned."""
        unit = self._units.get(dna)
        return start == dna and (unit is None or unit.further)


def to_bytes(maps: torch.Tensor) -> np.ndarray:
    """Maps (channels, height, width) in [0, 1] as a picture: ndarray, uint8, shape (height, width, channels)."""
    return (maps.clip(0, 1) * 255 + 0.5).movedim(0, 2).to(torch.uint8).cpu().numpy()


def transcribe(manifold: Manifold, dna: str, device: str) -> dict[str, torch.Tensor]:
    """What a manifold reads from a DNA, by the names of its parts, without an axis of a batch."""
    rule, painter = manifold.transcribe(relax(dna))
    return {
        name: torch.from_numpy(np.array(value)).to(device)
        for name, value in {**vars(painter), **vars(rule)}.items()
    }
