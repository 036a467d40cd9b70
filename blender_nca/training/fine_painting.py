# SPDX-License-Identifier: GPL-3.0-or-later
"""Lessons in fine painting: a painter's further units learn what is finer than cells, while all else stays as it is.

Cells learned from exemplars of four pixels a cell, and the painter shows all that their states say. Its further units
see the states of grown grids and grain (`manifold.grain`), and learn from exemplars that are drawn twice as fine. They
are asked for their finest structure, patch by patch, beside what it lies on: hairs on a hide, pores in a crust. And
seen from further away, pictures are to be those of before.

The cells need no gradient, so a lesson of all species takes minutes of a core.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from ..genetics.relaxed import relax
from ..learning.fine_textures import (
    FINER,
    KEPT,
    FineTextures,
    change_from_afar,
    judge_finely,
    paint_finely,
    show,
)
from ..manifold.grain import COARSE, draw_grain
from ..manifold.manifold import Manifold
from ..manifold.painting import paint
from ..manifold.renderer import Painter, interpolation
from ..manifold.transcription import embed, transcribe_painter
from .evaluation.parallel_growths import ParallelGrowths
from .exemplars import draw_variety, find_variety

CELLS = 24
"""Of a grid's side. Grids wrap, as exemplars do."""
AGES, SEEDS = (60, 300, 600), (3, 4, 5, 6)
"""Steps after which states are taken, the first while they still grow, and seeds of the growths."""
BATCH, YOUNG = 4, 0.15
"""Species of an iteration, and the share of iterations whose grids still grow: texture is not asked of these."""
RATE, RISE = 2e-3, 50
"""Learning rate of Adam, and the iterations in which it rises."""
OF_ALL = ("weight_2", "bias_2")
"""The first painter's last layer, which all species have in common."""


def draw_exemplars(names: Sequence[str]) -> torch.Tensor:
    """The exemplars of species, drawn twice as fine: uint8, shape (species, maps, pixels, pixels)."""
    drawn = (draw_variety(find_variety(name)[0], name, finer=FINER) for name in names)
    return torch.stack([torch.from_numpy((maps * 255 + 0.5).astype(np.uint8)) for maps in drawn])


def grow_states(manifold: Manifold, dnas: Sequence[str]) -> torch.Tensor:
    """States of their growths: float32, shape (seeds, ages, species, CELLS, CELLS, channels)."""
    states = []
    for seed in SEEDS:
        grids, before = ParallelGrowths(manifold, dnas, (CELLS, CELLS), random_seed=seed), 0
        for age in AGES:
            states.append(grids.grow(age - before).state.clone())
            before = age
    return torch.stack(states).unflatten(0, (len(SEEDS), len(AGES)))


class FineLesson:
    """Units that learn to paint what is finer than cells.

    Parameters
    ----------
    manifold : Manifold
        With the units of what it learned since.
    dnas : sequence of str
        Of its species.
    exemplars : uint8 Tensor
        As `draw_exemplars` gives them.
    states : Tensor
        As `grow_states` gives them. The last seed's are not learned from.
    iterations : int
        In which the learning rate falls.
    random_seed : int
    begin_as : mapping of str to ndarray, optional
        Weights to go on from, named as in `Architecture.fine_shapes`.
    """

    def __init__(
        self,
        manifold: Manifold,
        dnas: Sequence[str],
        exemplars: torch.Tensor,
        states: torch.Tensor,
        iterations: int,
        random_seed: int = 0,
        begin_as: Mapping[str, np.ndarray] | None = None,
    ):
        self._states = states
        weights = {name: torch.from_numpy(np.asarray(value)) for name, value in manifold.weights.items()}
        relaxed = torch.from_numpy(np.stack([relax(dna) for dna in dnas]).astype(np.float32))
        self._code = embed(weights, relaxed)
        self._first = _stack([manifold.transcribe(relax(dna))[1] for dna in dnas])
        self._weights = begin(manifold, random_seed)
        if begin_as is not None:
            self._weights = {name: torch.tensor(begin_as[name], requires_grad=True) for name in self._weights}
        self._grain = torch.from_numpy(draw_grain(FINER * COARSE).copy())
        self._lines = torch.from_numpy(interpolation(CELLS, FINER * COARSE))
        self._textures = FineTextures(exemplars)
        self._optimiser = torch.optim.Adam(self._weights.values(), RATE)
        self.iterations, self.iteration, self._random_seed = iterations, 0, random_seed
        self._order: list[int] = []

    def learn(self) -> tuple[float, float]:
        """One iteration.

        Returns
        -------
        distance, changed : float
            Of the finest structure from the exemplars; and squared, by how much pictures seen from far are changed.
        """
        random = np.random.default_rng([self._random_seed, self.iteration])
        which = self._choose(random)
        is_young = random.random() < YOUNG
        age = 0 if is_young else int(random.integers(1, len(AGES)))
        states = self._states[int(random.integers(len(SEEDS) - 1)), age, which]
        shift = tuple(int(each) for each in random.integers(0, len(self._grain), 2))
        maps = self.paint(states, which, torch.roll(self._grain, shift, (0, 1)))
        with torch.no_grad():
            before = self._paint_first(states, which, FINER * COARSE)
        changed = change_from_afar(maps, before)
        error, distance = KEPT * changed, torch.zeros(())
        if not is_young:
            bank, shift = int(random.integers(2**31)), tuple(int(each) for each in random.integers(0, 8, 2))
            distances = self._textures.distances(show(maps), which, bank, (shift[0], shift[1]))
            error, distance = error + judge_finely(distances).mean(), distances.detach().mean()
        fall = 0.5 + 0.5 * math.cos(math.pi * self.iteration / self.iterations)
        self._optimiser.param_groups[0]["lr"] = RATE * fall * min(1.0, (self.iteration + 1) / RISE)
        self._optimiser.zero_grad()
        error.backward()
        self._optimiser.step()
        self.iteration += 1
        return float(distance), float(changed.detach())

    @torch.no_grad()
    def judge(self) -> tuple[np.ndarray, np.ndarray]:
        """Distances of the finest structure of states that were not learned from, painted by the first painter and by
        this one: float32, shape (species,) each."""
        first: list[torch.Tensor] = []
        second: list[torch.Tensor] = []
        for i in range(0, len(self._code), BATCH):
            which = list(range(i, min(i + BATCH, len(self._code))))
            states = self._states[-1, -1, which]
            for found, maps in (
                (first, self._paint_first(states, which, FINER * COARSE)),
                (second, self.paint(states, which, self._grain)),
            ):
                found.append(self._textures.distances(maps.clip(0, 1), which))
        return torch.cat(first).numpy(), torch.cat(second).numpy()

    @property
    def weights(self) -> dict[str, np.ndarray]:
        """As they are now, named as in `Architecture.fine_shapes`."""
        return {name: weight.detach().numpy().copy() for name, weight in self._weights.items()}

    def state_dict(self) -> dict[str, Any]:
        """All that it goes on from."""
        weights = {name: weight.detach().clone() for name, weight in self._weights.items()}
        return {
            "weights": weights,
            "optimiser": self._optimiser.state_dict(),
            "iteration": self.iteration,
            "order": self._order,
        }

    def load_state_dict(self, values: dict[str, Any]) -> None:
        with torch.no_grad():
            for name, weight in self._weights.items():
                weight.copy_(values["weights"][name])
        self._optimiser.load_state_dict(values["optimiser"])
        self.iteration, self._order = values["iteration"], list(values["order"])

    def paint(self, states: torch.Tensor, which: Sequence[int], grain: torch.Tensor) -> torch.Tensor:
        """Paint grids of some species finely.

        Parameters
        ----------
        states : Tensor, shape (grids, CELLS, CELLS, channels)
        which : sequence of int
            Number of the species of each.
        grain : Tensor, shape (pixels or more, pixels or more, GRAIN)

        Returns
        -------
        Tensor, shape (grids, maps, pixels, pixels)
        """
        with torch.no_grad():
            first = self._paint_first(states, which, FINER * COARSE)
        added = transcribe_painter(self._weights, self._code[which])
        return paint_finely(first, added, states, self._lines, grain)

    def _paint_first(self, states: torch.Tensor, which: Sequence[int], pixels: int) -> torch.Tensor:
        painter = Painter(
            **{name: v if name in OF_ALL else v[which] for name, v in vars(self._first).items()}
        )
        return paint(painter, states, pixels, "wrap")

    def _choose(self, random: np.random.Generator) -> list[int]:
        """The next species: all of them come equally often."""
        if len(self._order) < BATCH:
            self._order = [int(i) for i in random.permutation(len(self._code))]
        some, self._order = self._order[:BATCH], self._order[BATCH:]
        return some


def begin(manifold: Manifold, random_seed: int = 0) -> dict[str, torch.Tensor]:
    """Weights to begin with, of units that add nothing yet."""
    generator = torch.Generator().manual_seed(random_seed)
    weights = {}
    for name, shape in manifold.sizes.fine_shapes().items():
        begins_as_none = name.startswith("film") or name.endswith("bias") or name == "paint.2.weight"
        scale = 0.0 if begins_as_none else (2 / shape[0]) ** 0.5
        weights[name] = (scale * torch.randn(shape, generator=generator)).requires_grad_()
    return weights


def _stack(painters: Sequence[Painter]) -> Painter:
    """The painter of a batch of as many."""
    return Painter(
        **{
            name: torch.from_numpy(
                value if name in OF_ALL else np.stack([vars(each)[name] for each in painters])
            )
            for name, value in vars(painters[0]).items()
        }
    )
