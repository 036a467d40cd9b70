# SPDX-License-Identifier: GPL-3.0-or-later
"""The cells of a manifold by the kernels, on all cores of a processor, with numpy alone."""

from __future__ import annotations

import numpy as np

from ..automaton import native_step, reference
from ..automaton.growth import Growth
from ..kernels import threads
from ..kernels.library import open_library
from .architecture import MAP_CHANNELS
from .automaton import NumpyAutomaton
from .renderer import SUPPORT, Painter, interpolation

ROWS_A_THREAD = 4
"""Of cells: fewer are painted by one thread."""


class NativeAutomaton(NumpyAutomaton):
    """As `NumpyAutomaton`, the state an array (height, width, channels): a cell's channels lie together."""

    def seed(self, growth: Growth) -> np.ndarray:
        return np.ascontiguousarray(np.moveaxis(super().seed(growth), 0, 2))

    def grow(self, state: np.ndarray, growth: Growth, weights: tuple, first: int, steps: int) -> np.ndarray:
        rules = [rule for rule, _ in self._genotypes(growth, weights)]
        return native_step.grow(
            state, rules, self._shares(growth), growth.random_seed, first, steps, growth.boundary
        )

    def living(self, state: np.ndarray, growth: Growth) -> float:
        return super().living(np.moveaxis(state, 2, 0), growth)

    def paint(self, state: np.ndarray, growth: Growth, weights: tuple) -> np.ndarray:
        painters = [painter for _, painter in self._genotypes(growth, weights)]
        maps = 0
        for painter, share in zip(painters, self._shares(growth), strict=True):
            painted = paint(painter, state, growth.pixels_per_cell, growth.boundary)
            maps = maps + (painted if share is None else painted * _enlarge(share, growth))
        return np.clip(maps, 0, 1, out=maps)


def paint(painter: Painter, state: np.ndarray, pixels_per_cell: int, boundary: str) -> np.ndarray:
    """Paint a grid, before it is clipped to [0, 1].

    Parameters
    ----------
    painter : Painter
    state : ndarray, float32, shape (height, width, channels)
    pixels_per_cell : int
    boundary : {'wrap', 'edge'}

    Returns
    -------
    ndarray, float32, shape (maps, height * pixels_per_cell, width * pixels_per_cell)
    """
    height, width, channels = state.shape
    state = np.ascontiguousarray(state, np.float32)
    taps = np.ascontiguousarray(interpolation(1, pixels_per_cell))
    weights = [np.ascontiguousarray(weight, np.float32) for weight in vars(painter).values()]
    maps = np.empty((len(MAP_CHANNELS), height * pixels_per_cell, width * pixels_per_cell), np.float32)
    bands = max(1, min(threads.count(), height // ROWS_A_THREAD))

    def paint_band(band: int) -> None:
        open_library().nca_paint(
            height,
            width,
            channels,
            boundary == "wrap",
            pixels_per_cell,
            taps.ctypes.data,
            weights[0].shape[-1],
            *(weight.ctypes.data for weight in weights),
            band * height // bands,
            (band + 1) * height // bands,
            state.ctypes.data,
            maps.ctypes.data,
        )

    threads.share_out(paint_band, bands)
    return maps


def _enlarge(share: np.ndarray, growth: Growth) -> np.ndarray:
    """How much a genotype counts in each pixel."""
    rows, columns = (interpolation(cells, growth.pixels_per_cell) for cells in (growth.height, growth.width))
    return rows @ reference.surround(share, growth.boundary, SUPPORT) @ columns.T
