# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cell perceives: its own state, its gradients and how it differs from its neighbourhood.

Only this module knows who is whose neighbour.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from .surface import Surface

Boundary: TypeAlias = "str | Surface"
"""What is around a grid: 'wrap' (its other side), 'edge' (its border, repeated), or a surface."""

_SMOOTH = np.array([1.0, 2.0, 1.0], np.float32)
_DIFFERENCE = np.array([-1.0, 0.0, 1.0], np.float32)
_CENTRE = np.array([0.0, 1.0, 0.0], np.float32)

KERNELS = np.stack(
    [
        np.outer(_CENTRE, _CENTRE),
        np.outer(_SMOOTH, _DIFFERENCE) / 8,
        np.outer(_DIFFERENCE, _SMOOTH) / 8,
        np.outer(_SMOOTH, _SMOOTH) / 16 - np.outer(_CENTRE, _CENTRE),
    ]
)
"""Identity, Sobel along x, Sobel along y, nine-point Laplacian; shape (4, 3, 3), rows from the top. The first
three are those of Mordvintsev et al., "Growing Neural Cellular Automata" (2020)."""


def surround(state: np.ndarray, boundary: Boundary, cells: int = 1) -> np.ndarray:
    """Surround a grid with the neighbours of its border cells.

    Parameters
    ----------
    state : ndarray, shape (..., height, width)
    boundary : {'wrap', 'edge'} or Surface
        'wrap' takes them from the other side, 'edge' repeats the border; a surface also says what cells beside its
        islands have.
    cells : int
        How many on each side; one on a surface.

    Returns
    -------
    ndarray, shape (..., height + 2 cells, width + 2 cells)
    """
    if isinstance(boundary, Surface):
        return boundary.surround(state)
    mode: Literal["wrap", "edge"] = "wrap" if boundary == "wrap" else "edge"
    return np.pad(state, [(0, 0)] * (state.ndim - 2) + [(cells, cells)] * 2, mode)


def perceive(state: np.ndarray, boundary: Boundary) -> np.ndarray:
    """Correlate every channel with every kernel; on a surface turn both gradients into its own directions.

    Parameters
    ----------
    state : ndarray, float32, shape (channels, height, width)
    boundary : {'wrap', 'edge'} or Surface
        See `surround`.

    Returns
    -------
    ndarray, float32, shape (4 channels, height, width)
        All channels under the first kernel, then all under the second, and so on.
    """
    height, width = state.shape[1:]
    around = surround(state, boundary)
    percepts = np.zeros((len(KERNELS), *state.shape), np.float32)
    for percept, kernel in zip(percepts, KERNELS, strict=True):
        for (y, x), weight in np.ndenumerate(kernel):
            if weight:
                percept += weight * around[:, y : y + height, x : x + width]
    if isinstance(boundary, Surface):
        turned = [a * percepts[1] + b * percepts[2] for a, b in boundary.turns]
        percepts[1:3] = turned
    return percepts.reshape(-1, height, width)
