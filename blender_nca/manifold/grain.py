# SPDX-License-Identifier: GPL-3.0-or-later
"""Grain: what tells the pixels of a cell apart, where there are more of them than its state can hold.

Interpolated states are smooth within a cell, so a painter that reads nothing else can only sharpen what is there: no
pore, fibre or scratch is finer than cells are. Beyond `COARSE` pixels a cell it reads grain beside the state: a few
channels of noise that lie on the grid as the pixels do, dots and strokes of several sizes. The state says what of it
is seen where. (Pajouheshgar et al., "Neural Cellular Automata: From Cells to Pixels" (2025), give their decoder a
pixel's place within its cell instead, and a lattice of cells shows.)

Noise is a hash of its place in integers, and what is made of it is added in one order: it is the same on every machine.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ..automaton.chance import mix
from .architecture import GRAIN
from .renderer import weigh

COARSE = 4
"""Pixels a cell up to which states tell all: exemplars that cells learned from have so many."""
CELLS = 32
"""Cells a side after which grain repeats itself."""
_FINE = 8
"""Pixels a cell that grain is made for; of others it is interpolated."""
_STROKE = 7
"""Pixels of a stroke."""


@lru_cache(4)
def draw_grain(pixels_per_cell: int) -> np.ndarray:
    """The grain of `CELLS` cells a side: float32, shape (pixels, pixels, GRAIN), read only.

    Two channels are of single pixels, two of dots, four of strokes: along x, along y, and along both diagonals. Each
    has mean 0 and standard deviation 1 or so, and goes on beyond its borders as it begins.
    """
    side = CELLS * _FINE
    places = np.arange(side * side, dtype=np.int64).reshape(side, side)
    white = [_draw_white(places, channel) for channel in range(GRAIN)]
    channels = [*white[:2], *(_dot(each) for each in white[2:4])]
    for each, (down, right) in zip(white[4:], ((0, 1), (1, 0), (1, 1), (1, -1)), strict=True):
        channels.append(_stroke(each, down, right))
    grain = np.stack(channels, 2)
    if pixels_per_cell != _FINE:
        grain = _resample(_resample(grain, pixels_per_cell).swapaxes(0, 1), pixels_per_cell).swapaxes(0, 1)
    grain = np.ascontiguousarray(grain, np.float32)
    grain.flags.writeable = False
    return grain


def grain_at(rows: np.ndarray, columns: np.ndarray, pixels_per_cell: int) -> np.ndarray:
    """The grain of pixels, by their numbers from the top and from the left: float32, shape (..., GRAIN)."""
    grain = draw_grain(pixels_per_cell)
    return grain[rows % len(grain), columns % len(grain)]


def _draw_white(places: np.ndarray, channel: int) -> np.ndarray:
    """Noise of mean 0 and deviation 1: the sum of four bytes of each place's hash, which is nearly Gaussian."""
    bits = mix(places ^ mix(channel + 1))
    sums = sum((bits >> shift) & 0xFF for shift in (0, 8, 16, 24))
    return (sums - 4 * 127.5) / (4 * (256**2 - 1) / 12) ** 0.5


def _dot(white: np.ndarray) -> np.ndarray:
    """Noise whose grains are two pixels wide."""
    for axis in (0, 1):
        white = 0.5 * white + 0.25 * (np.roll(white, 1, axis) + np.roll(white, -1, axis))
    return white / 0.375


def _stroke(white: np.ndarray, down: int, right: int) -> np.ndarray:
    """Noise whose grains are drawn out along a direction: none of them in its mean across it."""
    sums = np.zeros_like(white)
    for step in range(_STROKE):
        sums = sums + np.roll(white, (step * down, step * right), (0, 1))
    return sums / _STROKE**0.5


def _resample(grain: np.ndarray, pixels_per_cell: int) -> np.ndarray:
    """Grain at so many pixels a cell along its first axis, interpolated as states are."""
    place = (np.arange(CELLS * pixels_per_cell) + 0.5) * _FINE / pixels_per_cell - 0.5
    below = np.floor(place).astype(np.int64)
    found = np.zeros((len(place), *grain.shape[1:]))
    for tap in range(-1, 3):
        found += weigh(place - (below + tap))[:, None, None] * grain[(below + tap) % len(grain)]
    return found
