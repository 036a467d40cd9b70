# SPDX-License-Identifier: GPL-3.0-or-later
"""Trial of a card: whether its shaders grow and paint what the reference does. No card is trusted before."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..automaton.chance import FIRE_RATE
from ..automaton.environment import Environment, MaskTrack
from ..automaton.growth import Genotype, Growth
from ..automaton.mask import Mask
from ..automaton.seeds import Seeds
from ..automaton.surface_example import build_corner
from .manifold import Manifold
from .numpy_automaton import NumpyAutomaton
from .shader_automaton import Card, ShaderAutomaton

TOLERANCE = 1e-5
"""How far a step may lie from the reference's, of states whose numbers are about one."""
PAINTED_TOLERANCE = 1e-3
"""How far pixels may: an eye sees 4e-3."""
HEIGHT, WIDTH, PIXELS, STEPS = 40, 37, 3, 3
SPEED_CELLS, SPEED_SECONDS = 64, 0.3


class Difference(NamedTuple):
    """How far a card lies from the reference, at most.

    Attributes
    ----------
    step, painted : float
        In the state after a step, and in a picture.
    """

    step: float
    painted: float

    @property
    def right(self) -> bool:
        """Whether the card is to be trusted; a difference that is no number is none."""
        return self.step <= TOLERANCE and self.painted <= PAINTED_TOLERANCE


def compare(
    card: Card, manifold: Manifold, dnas: tuple[str, str] | None = None, arrangement: int = 0
) -> Iterator[Difference]:
    """Compare steps and pictures: one genotype on a torus, two with borders and in a habitat, and both on a surface.

    Parameters
    ----------
    card : Card
    manifold : Manifold
    dnas : (str, str), optional
        Of the two genotypes; some letters unless given.
    arrangement : int
        Another number begins with other states: where a life lies on the threshold to within rounding, it is that which
        decides, and a card that is right may differ there.

    Yields
    ------
    Difference
        So far; the last one counts. Nothing takes long in between, but for shaders that are compiled.
    """
    plain, ours = NumpyAutomaton(manifold), ShaderAutomaton(manifold, card)
    step = painted = 0.0
    for growth in _growths(manifold, dnas):
        weights, habitat = growth.weights_at(0), growth.habitat(0)
        state = _begin(growth, manifold, arrangement)
        sent = ours.lay(np.moveaxis(state, 0, 2), growth)
        arrival: Any = None
        dated: Any = None
        for index in range(STEPS):
            after = plain.grow(state, growth, weights, index, 1, habitat)
            grown = ours.grow(sent, growth, weights, index, 1, habitat)
            step = max(step, _apart(ours.read(grown), np.moveaxis(after, 0, 2)))
            yield Difference(step, painted)
            arrival, dated = plain.date(arrival, after, index + 1), ours.date(dated, grown, index + 1)
            # each step begins with the same numbers
            state, sent = after, ours.lay(np.moveaxis(after, 0, 2), growth)
        for paint in ("paint", "paint_live"):
            both = (
                getattr(each, paint)(cells, growth, weights) for each, cells in ((ours, sent), (plain, state))
            )
            painted = max(painted, _apart(*both))
            yield Difference(step, painted)
        living = abs(ours.living(sent, growth) - plain.living(state, growth))
        step = max(step, living, _apart(ours.dates(dated), arrival))
        yield Difference(step, painted)


def tell(differences: Iterable[Difference]) -> Difference:
    """The last of some differences."""
    *_, last = differences
    return last


def measure(automaton: NumpyAutomaton, card: Card) -> float:
    """Steps a second of a small growth that covers its grid."""
    growth = _growth(automaton.manifold, None, 1, SPEED_CELLS, SPEED_CELLS)
    weights, state = growth.weights_at(0), automaton.seed(growth)
    count, began, first = 0, 0.0, 0
    while not began or time.perf_counter() - began < SPEED_SECONDS:
        for _ in range(8):
            state = automaton.grow(state, growth, weights, first, 1)
            first += 1
        automaton.living(state, growth)  # waits for the card
        if not began:
            began = time.perf_counter()  # what is compiled and measured first does not count
        else:
            count += 8
    return count / (time.perf_counter() - began)


def _growths(manifold: Manifold, dnas: tuple[str, str] | None) -> Iterator[Growth]:
    ramp = np.tile(np.linspace(0, 1, WIDTH), (HEIGHT, 1))
    field = Environment(
        habitable=MaskTrack.still(Mask.pack(ramp > 0.1)), speed=MaskTrack.still(Mask.pack(ramp))
    )
    surface = build_corner(HEIGHT, WIDTH)
    yield _growth(manifold, dnas, 1)
    yield _growth(manifold, dnas, 2, boundary="edge", environment=field)
    yield _growth(manifold, dnas, 1, boundary="surface", surface=surface)
    yield _growth(manifold, dnas, 2, boundary="surface", surface=surface, environment=field)


def _growth(
    manifold: Manifold,
    dnas: tuple[str, str] | None,
    genotypes: int,
    height: int = HEIGHT,
    width: int = WIDTH,
    **more: object,
) -> Growth:
    length = manifold.dna_length
    given = dnas or (("ACGT" * length)[:length], ("GGAT" * length)[:length])
    left = np.zeros((height, width))
    left[:, : width // 2] = 0.7
    regions = (None, Mask.pack(left))
    grown = tuple(Genotype((dna,), region=region) for dna, region in zip(given, regions, strict=True))
    seeds = Seeds("scattered", max(2, height * width // 200))
    return Growth(manifold.name, grown[:genotypes], width, height, PIXELS, seeds=seeds, random_seed=5, **more)  # type: ignore[arg-type]


def _begin(growth: Growth, manifold: Manifold, arrangement: int) -> np.ndarray:
    """Cells of which half live, with numbers as they have after some steps: shape (channels, height, width)."""
    random = np.random.default_rng(arrangement)
    shape = manifold.sizes.channels, growth.height, growth.width
    state = 0.5 * random.normal(size=shape) * (random.random(shape[1:]) > 1 - FIRE_RATE)
    return (state * growth.surface.on if growth.surface else state).astype(np.float32)


def _apart(ours: np.ndarray, theirs: np.ndarray) -> float:
    worst = float(np.max(np.abs(ours.astype(np.float64) - theirs)))
    return worst if np.isfinite(worst) else float("inf")
