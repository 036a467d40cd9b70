# SPDX-License-Identifier: GPL-3.0-or-later
"""Grain: what tells the pixels of a cell apart, where there are more of them than its state can hold.

Interpolated states are smooth within a cell, so a painter that reads nothing else can only sharpen what is there: no
pore, fibre or scratch is finer than cells are. Beyond `COARSE` pixels a cell it reads grain beside the state: a few
pictures of dots, cracks, pores and strokes, which lie on the grid as the pixels do. The state says what of them is seen
where. (Pajouheshgar et al., "Neural Cellular Automata: From Cells to Pixels" (2025), give their decoder a
pixel's place within its cell instead, and a lattice of cells shows.)

Noise is a hash of its place in integers, and what is made of it is added in one order: it is the same on every machine.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ..automaton.chance import mix
from .renderer import weigh

COARSE = 4
"""Pixels a cell up to which states tell all: exemplars that cells learned from have so many."""
CELLS = 32
"""Cells a side after which grain repeats itself."""
_FINE = 8
"""Pixels a cell that grain is made for; of others it is interpolated."""
_DIRECTIONS = 8
"""Of strokes, evenly over half a turn."""
_STROKE = 15
"""Pixels of a stroke's length."""
_STROKES, _PORES = 1 / 10, 1 / 40
"""Share of the pixels in which a stroke of a direction, or a pore, begins."""
_CRACK = 0.15
"""How wide cracks are: deviations of the noise along whose zero lines they run."""


@lru_cache(4)
def draw_grain(pixels_per_cell: int) -> np.ndarray:
    """The grain of `CELLS` cells a side: float32, shape (pixels, pixels, GRAIN), read only.

    Its channels are noise of single pixels and of dots, cracks, pores, and strokes in `_DIRECTIONS` directions. Each
    has mean 0 and standard deviation 1, and goes on beyond its borders as it begins.
    """
    side = CELLS * _FINE
    places = np.arange(side * side, dtype=np.int64).reshape(side, side)
    channels = [_draw_white(places, 0), _blur(_draw_white(places, 1), 1)]
    channels.append(1 / (1 + (_scale(_blur(_draw_white(places, 2), 6)) / _CRACK) ** 2))
    channels.append(_blur(_scatter(places, 3, _PORES), 2))
    for number in range(_DIRECTIONS):
        channels.append(_draw_out(_scatter(places, 4 + number, _STROKES), *_STEPS[number]))
    grain = np.stack([_scale(each) for each in channels], 2)
    if pixels_per_cell != _FINE:
        grain = _resample(_resample(grain, pixels_per_cell).swapaxes(0, 1), pixels_per_cell).swapaxes(0, 1)
    grain = np.ascontiguousarray(grain, np.float32)
    grain.flags.writeable = False
    return grain


def grain_at(rows: np.ndarray, columns: np.ndarray, pixels_per_cell: int) -> np.ndarray:
    """The grain of pixels.

    Parameters
    ----------
    rows, columns : ndarray of int
        Their numbers from the top and from the left, of shapes that go together.
    pixels_per_cell : int

    Returns
    -------
    ndarray, float32, shape (..., GRAIN)
    """
    grain = draw_grain(pixels_per_cell)
    return grain[rows % len(grain), columns % len(grain)]


_STEPS = [(0, 4), (2, 4), (4, 4), (4, 2), (4, 0), (4, -2), (4, -4), (2, -4)]
"""Quarters of pixels, down and right, from one point of a stroke to the next."""


def _draw_bits(places: np.ndarray, channel: int) -> np.ndarray:
    return mix(places ^ mix(channel + 1))


def _draw_white(places: np.ndarray, channel: int) -> np.ndarray:
    """Noise that knows nothing of its neighbours: the sum of four bytes of each place's hash, nearly Gaussian."""
    bits = _draw_bits(places, channel)
    return _scale(sum(((bits >> shift) & 0xFF for shift in (0, 8, 16, 24)), np.zeros(places.shape)))


def _scatter(places: np.ndarray, channel: int, share: float) -> np.ndarray:
    """Single places, of either sign and different strength: 0 elsewhere."""
    bits = _draw_bits(places, channel)
    strength = 0.5 + ((bits >> 8) & 0xFF) / 255
    return np.where(bits < share * 2**32, np.where(bits & 1, strength, -strength), 0.0)


def _blur(field: np.ndarray, times: int) -> np.ndarray:
    """Field with each pixel mixed with its neighbours, around the wrap."""
    for _ in range(times):
        for axis in (0, 1):
            field = 0.5 * field + 0.25 * (np.roll(field, 1, axis) + np.roll(field, -1, axis))
    return field


def _draw_out(field: np.ndarray, down: int, right: int) -> np.ndarray:
    """Field with each place drawn out along a direction, in steps of so many quarters of pixels."""
    drawn = np.zeros_like(field)
    for step in range(_STROKE):
        (y, below), (x, beside) = divmod(step * down, 4), divmod(step * right, 4)
        fading = 1 - abs(2 * step / (_STROKE - 1) - 1) ** 2 + 0.2
        for dy, dx, share in (
            (0, 0, (4 - below) * (4 - beside)),
            (0, 1, (4 - below) * beside),
            (1, 0, below * (4 - beside)),
            (1, 1, below * beside),
        ):
            if share:
                drawn = drawn + fading * share / 16 * np.roll(field, (y + dy, x + dx), (0, 1))
    return drawn


def _scale(field: np.ndarray) -> np.ndarray:
    """Field with mean 0 and standard deviation 1."""
    return (field - field.mean()) / field.std()


def _resample(grain: np.ndarray, pixels_per_cell: int) -> np.ndarray:
    """Grain at so many pixels a cell along its first axis, interpolated as states are."""
    place = (np.arange(CELLS * pixels_per_cell) + 0.5) * _FINE / pixels_per_cell - 0.5
    below = np.floor(place).astype(np.int64)
    found = np.zeros((len(place), *grain.shape[1:]))
    for tap in range(-1, 3):
        found += weigh(place - (below + tap))[:, None, None] * grain[(below + tap) % len(grain)]
    return found
