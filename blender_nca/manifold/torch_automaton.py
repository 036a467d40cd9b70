# SPDX-License-Identifier: GPL-3.0-or-later
"""The cells of a manifold in torch, on any device."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch

from ..automaton import fused_step, torch_step
from ..automaton.chance import cell_numbers
from ..automaton.growth import Growth
from .automaton import NumpyAutomaton
from .renderer import SUPPORT


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
        return super().paint(state, growth, weights)

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
