# SPDX-License-Identifier: GPL-3.0-or-later
"""Motion: where what is seen in one tile of a flipbook is in the next one, for engines that blend tiles by it.

Found by block matching at a low resolution, which is enough: what grows moves little, and its front far. Costs are
means over a window of absolute differences, and a movement costs more the longer it is, so that what only changes its
colour stays where it is.
"""

from __future__ import annotations

import numpy as np

from .resizing import resize

REACH = 0.1
"""Share of a tile's side by which the extremes of a texture move."""
SIDE = 96
"""Pixels of the longer side at which tiles are compared."""
_FARTHEST, _WINDOW = 8, 3
"""Pixels of that resolution by which one looks around, and by which a window reaches beyond its middle."""
_LENGTH_COSTS = 0.02
"""For each of these pixels, in differences summed over colours and alpha."""


def seen(colour: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """What is compared of a tile.

    Parameters
    ----------
    colour, alpha : ndarray, float32, shape (3, H, W) and (1, H, W)

    Returns
    -------
    ndarray, float32, shape (4, h, w)
        Colours times alpha, and alpha, of at most `SIDE` pixels a side.
    """
    shown = np.concatenate([colour * alpha, alpha])
    height, width = shown.shape[1:]
    scale = min(1.0, SIDE / max(height, width))
    return resize(shown, max(1, round(height * scale)), max(1, round(width * scale)))


def motion(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """How far what is seen moves from one tile to the next.

    Parameters
    ----------
    before, after : ndarray, float32, shape (4, h, w)
        As `seen` gives them.

    Returns
    -------
    ndarray, float32, shape (2, h, w)
        To the right and up, in shares of the width and the height: at most `REACH`.
    """
    height, width = before.shape[1:]
    steps = np.arange(-_FARTHEST, _FARTHEST + 1)
    costs = np.empty((len(steps), len(steps), height, width), np.float32)
    for row, down in enumerate(steps):
        for column, right in enumerate(steps):
            difference = np.abs(before - np.roll(after, (-down, -right), (1, 2))).sum(0)
            costs[row, column] = _mean_around(difference, _WINDOW) + _LENGTH_COSTS * np.hypot(down, right)
    best = costs.reshape(len(steps) ** 2, height, width).argmin(0)
    rows, columns = best // len(steps), best % len(steps)
    moves = (rows != _FARTHEST) | (columns != _FARTHEST)  # what rests does so exactly
    down = steps[rows] + moves * _vertex(np.moveaxis(costs, 0, -1)[_at(columns)], rows)
    right = steps[columns] + moves * _vertex(np.moveaxis(costs, 1, -1)[_at(rows)], columns)
    moved = np.stack([_mean_around(right / width, 1), _mean_around(-down / height, 1)])
    return moved.clip(-REACH, REACH).astype(np.float32)


def encode(moved: np.ndarray, height: int, width: int) -> np.ndarray:
    """Motion as a texture holds it.

    Parameters
    ----------
    moved : ndarray, float32, shape (2, h, w)
    height, width : int
        Pixels of the tile.

    Returns
    -------
    ndarray, float32, shape (3, height, width)
        0.5 where nothing moves, 0 and 1 for `REACH`; blue is 0.
    """
    scaled = resize(moved / np.float32(2 * REACH) + np.float32(0.5), height, width)
    return np.concatenate([scaled, np.zeros_like(scaled[:1])]).astype(np.float32)


def _at(places: np.ndarray) -> tuple[np.ndarray, ...]:
    """An index of (choice, height, width, ...) by a choice for each pixel."""
    return places, *np.indices(places.shape)


def _vertex(costs: np.ndarray, places: np.ndarray) -> np.ndarray:
    """How far beside the cheapest of the steps (height, width, steps) a parabola through its neighbours is lowest."""
    last = costs.shape[-1] - 1
    around = np.clip(places[..., None] + np.arange(-1, 2), 0, last)
    before, here, after = np.moveaxis(np.take_along_axis(costs, around, -1), -1, 0)
    bend = before - 2 * here + after
    is_inside = (places > 0) & (places < last) & (bend > 1e-6)
    return np.where(is_inside, 0.5 * (before - after) / np.where(is_inside, bend, 1), 0).clip(-0.5, 0.5)


def _mean_around(field: np.ndarray, reach: int) -> np.ndarray:
    """Means over windows of a field (height, width) that repeats itself."""
    sums = np.pad(np.pad(field, reach, mode="wrap").cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    size = 2 * reach + 1
    total = sums[size:, size:] - sums[:-size, size:] - sums[size:, :-size] + sums[:-size, :-size]
    return total / size**2
