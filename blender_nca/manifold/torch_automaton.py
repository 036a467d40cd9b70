# SPDX-License-Identifier: GPL-3.0-or-later
"""The cells of a manifold in torch, on any device."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch

from ..automaton import fused_step, torch_step
from ..automaton.chance import cell_numbers
from ..automaton.growth import Growth
from . import fused_painting
from .architecture import MAP_CHANNELS
from .automaton import NumpyAutomaton
from .renderer import SUPPORT

BAND = 2**28
"""Bytes of a picture that a card paints in one piece."""
MOST_ROWS = 2**15
"""Of pixels, that it paints in one piece: cards count that far."""


class TorchAutomaton(NumpyAutomaton):
    """As `NumpyAutomaton`, the state a Tensor (1, height, width, channels) on `device`."""

    def __init__(self, manifold, device: str | torch.device = "cpu"):
        super().__init__(manifold)
        self.device = torch.device(device)
        self._cells = lru_cache(8)(lambda height, width: self._send(cell_numbers(height, width)))

    def seed(self, growth: Growth) -> torch.Tensor:
        return self._send(np.moveaxis(super().seed(growth), 0, 2))[None]

    @torch.inference_mode()
    def grow(
        self, state: torch.Tensor, growth: Growth, weights: tuple, first: int, steps: int
    ) -> torch.Tensor:
        rules = [rule for rule, _ in self._genotypes(growth, weights)]
        sizes = self.manifold.sizes
        if fused := fused_step.open_for(self.device, sizes.channels, sizes.hidden):
            return fused.grow(
                state, rules, self._shares(growth), growth.random_seed, first, steps, growth.boundary
            )
        cells = self._cells(growth.height, growth.width)
        return torch_step.grow(
            state, rules, self._shares(growth), growth.random_seed, first, steps, cells, growth.boundary
        )

    @torch.inference_mode()
    def paint(self, state: torch.Tensor, growth: Growth, weights: tuple) -> np.ndarray:
        maps = self._paint_fused(state, growth, weights, live=False)
        return super().paint(state, growth, weights) if maps is None else maps

    @torch.inference_mode()
    def paint_live(self, state: torch.Tensor, growth: Growth, weights: tuple) -> np.ndarray:
        images = self._paint_fused(state, growth, weights, live=True)
        return super().paint_live(state, growth, weights) if images is None else images

    def _paint_fused(self, state, growth, weights, live) -> np.ndarray | None:
        sizes, pixels = self.manifold.sizes, growth.pixels_per_cell
        fused = fused_painting.open_for(self.device, sizes.channels, sizes.painting)
        if fused is None:
            return None
        painters = [painter for _, painter in self._genotypes(growth, weights)]
        down, across = growth.height * pixels, growth.width * pixels
        maps = np.empty((2, down, across, 4) if live else (len(MAP_CHANNELS), down, across), np.float32)
        at_once = max(1, min(BAND // (maps.nbytes // down), MOST_ROWS))
        for top in range(0, down, at_once):
            rows = range(top, min(top + at_once, down))
            there = slice(down - rows.stop, down - rows.start) if live else slice(rows.start, rows.stop)
            shares = self._shares(growth)
            painted = fused.paint(painters, shares, state, pixels, growth.boundary, live, rows)
            torch.from_numpy(maps[:, there]).copy_(painted)
        return maps

    def living(self, state: torch.Tensor, growth: Growth) -> float:
        return float(torch_step.living(state, growth.boundary).float().mean())

    def nbytes(self, state: torch.Tensor) -> int:
        return state.numel() * state.element_size()

    def _send(self, array: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self.device)

    def _fetch(self, array: torch.Tensor) -> np.ndarray:
        return array.cpu().numpy()

    def _surround(self, state: torch.Tensor, boundary: str) -> torch.Tensor:
        return torch_step.surround(state, boundary, SUPPORT)[0].movedim(2, 0).contiguous()
