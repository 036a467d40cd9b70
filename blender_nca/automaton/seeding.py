# SPDX-License-Identifier: GPL-3.0-or-later
"""The first living cells of a growth."""

from __future__ import annotations

import numpy as np

from .chance import cell_numbers, mix
from .growth import Growth, GrowthError
from .update_rule import LIFE


def seed_cells(growth: Growth) -> np.ndarray:
    """Where the seeds of a growth fall: bool, shape (height, width).

    Raises
    ------
    GrowthError
        They come from a mask that is black everywhere.
    """
    height, width = growth.height, growth.width
    cells = np.zeros((height, width), bool)
    seeds = growth.seeds
    if seeds.kind == "centre":
        cells[height // 2, width // 2] = True
    elif seeds.kind == "points":
        for x, y in seeds.points:
            cells[min(max(int(y * height), 0), height - 1), min(max(int(x * width), 0), width - 1)] = True
    elif seeds.kind == "scattered":
        # the cells of the smallest hashes: adding a seed keeps those that were there
        order = mix(cell_numbers(height, width) ^ mix((growth.random_seed ^ 0x5EED) & 0xFFFFFFFF))
        cells.reshape(-1)[np.argsort(order, axis=None, kind="stable")[: seeds.count]] = True
    elif seeds.mask is not None:
        cells = seeds.mask.unpack(height, width) > 0.5
        if not cells.any():
            raise GrowthError("The seed mask is black everywhere: paint white where cells shall start.")
    return cells


def plant(growth: Growth, channels: int) -> np.ndarray:
    """The state at frame 0: every seed alive with all hidden channels at one, all else zero.

    Parameters
    ----------
    growth : Growth
    channels : int
        Of the cell state.

    Returns
    -------
    ndarray, float32, shape (channels, height, width)

    Raises
    ------
    GrowthError
        See `seed_cells`.
    """
    state = np.zeros((channels, growth.height, growth.width), np.float32)
    state[LIFE:] = seed_cells(growth)
    return state
