# SPDX-License-Identifier: GPL-3.0-or-later
"""Grid: values of cells laid onto the grid, gaps filled, and pictures looked up."""

from __future__ import annotations

import numpy as np

from .cells import Cells


def sample(picture: np.ndarray, uvs: np.ndarray) -> np.ndarray:
    """A picture, which repeats, at UV coordinates (places, 2), mixed of its four nearest pixels."""
    rows, columns = picture.shape
    x, y = uvs[:, 0] * columns - 0.5, (1 - uvs[:, 1]) * rows - 0.5
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    part, below = x - left, y - top
    total = np.zeros(len(uvs))
    for down, share in ((0, 1 - below), (1, below)):
        for along, part_of in ((0, 1 - part), (1, part)):
            total += share * part_of * picture[(top + down) % rows, (left + along) % columns]
    return total


def on_grid(cells: Cells, values: np.ndarray) -> np.ndarray:
    """Values of cells on their grid: float64, shape (height, width), not a number where there is no cell."""
    grid = np.full(cells.height * cells.width, np.nan)
    grid[cells.number] = values
    return grid.reshape(cells.height, cells.width)


def fill(values: np.ndarray) -> np.ndarray:
    """Give each cell that has no number that of the nearest one that has: jumping by halves (Rong and Tan 2006)."""
    known = np.isfinite(values)
    if known.all() or not known.any():
        return np.where(known, values, 1.0)
    height, width = values.shape
    rows, columns = np.indices(values.shape)
    nearest = np.where(known, rows * width + columns, -1)
    step = 1 << (max(height, width) - 1).bit_length()
    while step := step // 2:
        for down in (-step, 0, step):
            for along in (-step, 0, step):
                y, x = (rows + down).clip(0, height - 1), (columns + along).clip(0, width - 1)
                other = nearest[y, x]
                nearest = np.where(
                    _away(other, rows, columns) < _away(nearest, rows, columns), other, nearest
                )
    return values.reshape(-1)[nearest]


def _away(cell: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    width = rows.shape[1]
    away = (cell // width - rows) ** 2 + (cell % width - columns) ** 2
    return np.where(cell < 0, np.iinfo(np.int64).max, away)
