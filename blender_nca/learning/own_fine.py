# SPDX-License-Identifier: GPL-3.0-or-later
"""Units that one species learns of what is finer than cells, and their running mean.

They learn beside the rule and the painter, from the grids that these have just grown, and change nothing of them: no
gradient goes on to the cells, so they cost little.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from ..manifold.architecture import FINE_MAPS
from ..manifold.grain import COARSE, draw_grain
from ..manifold.own_unit import OF_PAINTER, express_fine
from ..manifold.painting import paint
from ..manifold.renderer import Painter, interpolation
from .fine_textures import FINER, KEPT, FineTextures, change_from_afar, judge_finely, paint_finely, show

EVERY = 4
"""Iterations of all else from one to the next: few are needed."""
LEAST = 20
"""Iterations before which what was learned is not kept: it would be that of another species."""
RATE, LAST, RISE, AVERAGING = 3e-3, 0.05, 10, 0.98
"""Learning rate of Adam, what share of it is left at the end, the iterations in which it rises, and the decay of the
mean."""


class OwnFine:
    """Units that learn to paint what is finer than cells, of one species.

    Parameters
    ----------
    exemplar : ndarray, uint8, shape (maps, height, width)
        `FINER` times as fine as the one that cells learn from.
    tiles : bool
        Whether it goes on beyond its borders as it begins on the other side.
    start : Painter
        That they begin as, without an axis of a batch: what `Manifold.transcribe_fine` gives.
    cells : int
        A side of the grids that they learn from.
    device : str

    Attributes
    ----------
    iteration : int
    averaged : dict of str to Tensor
        Running mean of what is learned, by the names of `own_unit.OF_FINE`.
    """

    def __init__(self, exemplar: np.ndarray, tiles: bool, start: Painter, cells: int, device: str = "cpu"):
        self._textures = FineTextures(torch.from_numpy(exemplar)[None].to(device), tiles)
        self._learned = {
            name: torch.tensor(value, device=device, requires_grad=True)
            for name, value in _begin_as(start).items()
        }
        self.averaged = {name: weight.detach().clone() for name, weight in self._learned.items()}
        self._optimiser = torch.optim.Adam(self._learned.values(), RATE)
        self._lines = torch.from_numpy(interpolation(cells, FINER * COARSE)).to(device)
        grain = torch.from_numpy(draw_grain(FINER * COARSE).copy()).to(device)
        times = -(-len(self._lines) // len(grain))
        self._grain = grain.tile(times, times, 1)
        self.iteration = 0

    def learn(
        self, state: torch.Tensor, painter: Painter, progress: float, random: np.random.Generator
    ) -> None:
        """One iteration.

        Parameters
        ----------
        state : Tensor, shape (1, cells, cells, channels)
            Covered by the pattern.
        painter : Painter
            That paints it up to `COARSE` pixels a cell, with an axis of a batch.
        progress : float
            How much of the time is over, in [0, 1].
        random : numpy.random.Generator
        """
        with torch.no_grad():
            first = paint(painter, state, FINER * COARSE, "wrap")
        rows, columns = (int(each) for each in random.integers(0, len(self._grain), 2))
        grain = torch.roll(self._grain, (rows, columns), (0, 1))
        maps = paint_finely(first, express_fine(self._learned), state, self._lines, grain)
        bank, shift = int(random.integers(2**31)), tuple(int(each) for each in random.integers(0, 8, 2))
        distances = self._textures.distances(show(maps), [0], bank, (shift[0], shift[1]))
        loss = judge_finely(distances).mean() + KEPT * change_from_afar(maps, first)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        fall = max(LAST, 0.5 + 0.5 * math.cos(math.pi * progress))
        self._optimiser.param_groups[0]["lr"] = RATE * fall * min(1.0, (self.iteration + 1) / RISE)
        decay = min(AVERAGING, (1 + self.iteration) / (10 + self.iteration))
        self.iteration += 1
        with torch.no_grad():
            for weight in self._learned.values():
                assert weight.grad is not None
                weight.grad.nan_to_num_(0, 0, 0)
            self._optimiser.step()
            for name, mean in self.averaged.items():
                mean.lerp_(self._learned[name], 1 - decay)

    @torch.no_grad()
    def judge(self, state: torch.Tensor, painter: Painter) -> tuple[float, float]:
        """Distances of the finest colours of a grid, as the painter paints it and with what was learned; arguments as
        of `learn`."""
        first = paint(painter, state, FINER * COARSE, "wrap")
        second = paint_finely(first, express_fine(self.averaged), state, self._lines, self._grain)
        before, now = (
            float(self._textures.colour_distances(maps.clip(0, 1), [0])) for maps in (first, second)
        )
        return before, now

    def copy(self) -> dict[str, torch.Tensor] | None:
        """The mean as it is now; None before it is worth keeping."""
        if self.iteration < LEAST:
            return None
        return {name: mean.clone() for name, mean in self.averaged.items()}

    def state_dict(self) -> dict[str, Any]:
        """All that changes while it learns."""
        return {
            "weights": {name: weight.detach() for name, weight in self._learned.items()},
            "averaged": self.averaged,
            "optimiser": self._optimiser.state_dict(),
            "iteration": self.iteration,
        }

    def load_state_dict(self, values: Mapping[str, Any]) -> None:
        """Go on from there."""
        with torch.no_grad():
            for name, weight in self._learned.items():
                weight.copy_(values["weights"][name])
        self.averaged, self.iteration = values["averaged"], values["iteration"]
        self._optimiser.load_state_dict(values["optimiser"])


def _begin_as(painter: Painter) -> dict[str, np.ndarray]:
    """What is learned on from a painter of units that read grain, of the shapes of `own_unit.fine_shapes`: what its
    last layer shows in several maps stands once, beside how much of it each map shows."""
    last = np.concatenate([painter.weight_2, painter.bias_2.reshape(1, -1)])
    columns, shown = [], np.ones((1, len(FINE_MAPS)), np.float32)
    for output in range(max(FINE_MAPS) + 1):
        places = [place for place, of in enumerate(FINE_MAPS) if of == output]
        column = last[:, max(places, key=lambda place: float(np.abs(last[:, place]).sum()))]
        columns.append(column)
        if column.any():  # the others are multiples of it
            shown[0, places] = column @ last[:, places] / (column @ column)
    weights = np.stack(columns, 1)
    arrays = {name: getattr(painter, name) for name in OF_PAINTER}
    return {**arrays, "weight_2": weights[:-1], "bias_2": weights[-1:], "shown": shown}
