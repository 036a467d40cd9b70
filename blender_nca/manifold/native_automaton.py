# SPDX-License-Identifier: GPL-3.0-or-later
"""The cells of a manifold by the kernels, on all cores of a processor, with numpy alone."""

from __future__ import annotations

import numpy as np

from ..automaton import native_step, reference
from ..automaton.growth import Growth
from ..kernels import threads
from ..kernels.library import CURVE_LEVELS, open_library
from ..maps.colour import srgb_to_linear
from .architecture import MAP_CHANNELS
from .automaton import NumpyAutomaton
from .renderer import SUPPORT, Painter, interpolation

ROWS_A_THREAD = 4
"""Of cells: fewer are painted by one thread."""
_CURVE = srgb_to_linear(np.linspace(0, 1, CURVE_LEVELS)).astype(np.float32)


class NativeAutomaton(NumpyAutomaton):
    """As `NumpyAutomaton`, the state an array (height, width, channels): a cell's channels lie together."""

    def seed(self, growth: Growth) -> np.ndarray:
        return np.ascontiguousarray(np.moveaxis(super().seed(growth), 0, 2))

    def grow(self, state: np.ndarray, growth: Growth, weights: tuple, first: int, steps: int) -> np.ndarray:
        rules = [rule for rule, _ in self._genotypes(growth, weights)]
        return native_step.grow(
            state,
            rules,
            self._shares(growth),
            growth.random_seed,
            first,
            steps,
            growth.boundary,
            draft=growth.quality == "draft",
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

    def paint_live(self, state: np.ndarray, growth: Growth, weights: tuple) -> np.ndarray:
        genotypes = self._genotypes(growth, weights)
        if self._shares(growth) != [None]:  # several, or one that rules in a region
            return super().paint_live(state, growth, weights)
        height, width = (cells * growth.pixels_per_cell for cells in state.shape[:2])
        images = np.empty((2, height, width, 4), np.float32)
        kernel = open_library().nca_paint_live
        _share_out(kernel, genotypes[0][1], state, growth.pixels_per_cell, growth.boundary, _CURVE, images)
        return images


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
    height, width = (cells * pixels_per_cell for cells in state.shape[:2])
    maps = np.empty((len(MAP_CHANNELS), height, width), np.float32)
    _share_out(open_library().nca_paint, painter, state, pixels_per_cell, boundary, maps)
    return maps


def _share_out(
    kernel, painter: Painter, state: np.ndarray, pixels_per_cell: int, boundary: str, *arrays
) -> None:
    """Call a painting kernel for bands of rows, all at once."""
    height, width, channels = state.shape
    state = np.ascontiguousarray(state, np.float32)
    taps = np.ascontiguousarray(interpolation(1, pixels_per_cell))
    weights = [np.ascontiguousarray(weight, np.float32) for weight in vars(painter).values()]
    bands = max(1, min(threads.count(), height // ROWS_A_THREAD))
    sizes = (
        height,
        width,
        channels,
        boundary == "wrap",
        pixels_per_cell,
        taps.ctypes.data,
        weights[0].shape[-1],
    )

    def paint_band(band: int) -> None:
        rows = band * height // bands, (band + 1) * height // bands
        given = (*weights, *rows, state, *arrays)
        kernel(*sizes, *(each.ctypes.data if isinstance(each, np.ndarray) else each for each in given))

    threads.share_out(paint_band, bands)


def _enlarge(share: np.ndarray, growth: Growth) -> np.ndarray:
    """How much a genotype counts in each pixel."""
    rows, columns = (interpolation(cells, growth.pixels_per_cell) for cells in (growth.height, growth.width))
    return rows @ reference.surround(share, growth.boundary, SUPPORT) @ columns.T
