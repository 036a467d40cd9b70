# SPDX-License-Identifier: GPL-3.0-or-later
"""The pool of states that training draws from, so that a pattern learns to last (Mordvintsev et al. 2020)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch

from ..automaton.update_rule import LIFE


class Pool:
    """States with the genotype that each is grown from.

    Attributes
    ----------
    states : Tensor, shape (size, cells, cells, channels)
    first, second : int64 Tensor, shape (size,)
        Species whose blend the state grows; the same twice for a pure one.
    share : Tensor, shape (size,)
        Share of the second.
    age : int64 Tensor, shape (size,)
        Steps since the state was sown or wounded.
    single : bool Tensor, shape (size,)
        Whether it began as one seed in its middle, whose fronts meet at the border.
    """

    def __init__(
        self,
        species: int,
        each: int,
        blends: float,
        sow: Callable[[np.random.Generator], torch.Tensor],
        random_seed: int,
    ):
        self.species, self.sow = species, sow
        pure = species * each
        blended = int(pure * blends / (1 - blends)) if species > 1 else 0
        random = np.random.default_rng([random_seed, 0xB1E4D])
        self.states = torch.stack([sow(random) for _ in range(pure + blended)])
        self.first = torch.arange(pure + blended) % species
        self.second = self.first.clone()
        self.share = torch.zeros(pure + blended)
        self.age = torch.zeros(pure + blended, dtype=torch.long)
        self.single = torch.stack([_is_single(state) for state in self.states])
        for place in range(pure, pure + blended):
            self._blend(place, random)

    def renew(self, place: int, random: np.random.Generator) -> torch.Tensor:
        """Sow a place anew, a blend with another pair of species, and give the fresh state."""
        if self.first[place] != self.second[place]:
            self._blend(place, random)
        self.age[place] = 0
        state = self.sow(random)
        self.single[place] = _is_single(state)
        return state

    def _blend(self, place: int, random: np.random.Generator) -> None:
        self.first[place] = int(random.integers(0, self.species))
        self.second[place] = (self.first[place] + int(random.integers(1, self.species))) % self.species
        self.share[place] = random.random()

    def __len__(self) -> int:
        return len(self.states)

    def state_dict(self) -> dict[str, torch.Tensor]:
        names = ("states", "first", "second", "share", "age", "single")
        return {name: getattr(self, name) for name in names}

    def load_state_dict(self, values: Mapping[str, torch.Tensor]) -> None:
        self.states, self.first = values["states"], values["first"]
        self.second, self.share = values["second"], values["share"]
        nothing = torch.zeros_like(self.first)  # older checkpoints have no ages, and say nothing of seeds
        self.age, self.single = values.get("age", nothing), values.get("single", nothing.bool())


def _is_single(state: torch.Tensor) -> torch.Tensor:
    cells = len(state)
    return (state[..., LIFE].count_nonzero() == 1) & (state[cells // 2, cells // 2, LIFE] > 0)


def sow_anywhere(cells: int, channels: int, random: np.random.Generator) -> torch.Tensor:
    """A fresh grid with one seed in its middle, or two or three anywhere: Tensor, shape (cells, cells, channels)."""
    if (seeds := int(random.integers(1, 4))) == 1:
        return sow_centre(cells, channels)
    state = torch.zeros(cells, cells, channels)
    for y, x in random.integers(0, cells, (seeds, 2)):
        state[y, x, LIFE:] = 1
    return state


def sow_centre(cells: int, channels: int) -> torch.Tensor:
    """A fresh grid with one seed in its middle: Tensor, shape (cells, cells, channels)."""
    state = torch.zeros(cells, cells, channels)
    state[cells // 2, cells // 2, LIFE:] = 1
    return state


def wound(state: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """The state with a disc of about an eighth of the grid erased, across the border if it falls so."""
    cells = len(state)
    y, x = (
        np.minimum(d, cells - d) for d in np.abs(np.arange(cells) - random.integers(0, cells, 2)[:, None])
    )
    whole = (y[:, None] ** 2 + x[None] ** 2) > (cells / 5) ** 2
    return state * torch.from_numpy(whole).to(state)[..., None]


def draw_wounds(
    cells: tuple[int, int], share: float, radius: float, random: np.random.Generator
) -> np.ndarray:
    """Where discs leave a grid whole, across its border where one falls so, drawn until a share of it is gone.

    Parameters
    ----------
    cells : (int, int)
        Height and width of the grid.
    share : float
        Of its area that is erased at least.
    radius : float
        Of a disc, in cells.

    Returns
    -------
    ndarray of bool, shape `cells`
    """
    height, width = cells
    whole = np.ones(cells, bool)
    while whole.mean() > 1 - share:
        y, x = random.integers(0, height), random.integers(0, width)
        away_y = np.abs((np.arange(height) - y + height // 2) % height - height // 2)[:, None]
        away_x = np.abs((np.arange(width) - x + width // 2) % width - width // 2)[None]
        whole &= away_y**2 + away_x**2 > radius**2
    return whole
