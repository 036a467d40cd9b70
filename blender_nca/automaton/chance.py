# SPDX-License-Identifier: GPL-3.0-or-later
"""Which cells fire: a hash of (random seed, step, cell), never a stream.

A counter-based generator gives every cell its number without the numbers before it, so a frame is the same
whether it was reached step by step, asked alone, or grown on another backend. Written for numpy and torch at
once: 64-bit integers hold the 32-bit arithmetic, exact and alike on both.
"""

from __future__ import annotations

from typing import overload

import numpy as np

from .update_rule import Array

FIRE_RATE = 0.5
"""Share of the cells that fire at a step (Mordvintsev et al. 2020)."""
_LOW_32 = 0xFFFFFFFF


@overload
def mix(bits: int) -> int: ...
@overload
def mix(bits: Array) -> Array: ...
def mix(bits: Array) -> Array:
    """Avalanche 32 bits: every bit of the input changes each bit of the output half of the time.

    The two-multiplication mixer `lowbias32` of C. Wellons, "Prospecting for Hash Functions" (2018).

    Parameters
    ----------
    bits : int, or int64 array or tensor with values in [0, 2**32)
        An array may have any shape.

    Returns
    -------
    The same kind and shape, with values in [0, 2**32)
    """
    bits = bits ^ (bits >> 16)
    bits = (bits * 0x7FEB352D) & _LOW_32
    bits = bits ^ (bits >> 15)
    bits = (bits * 0x846CA68B) & _LOW_32
    return bits ^ (bits >> 16)


def cell_numbers(height: int, width: int) -> np.ndarray:
    """Numbers of the cells of a grid, row by row from the top: int64, shape (height, width)."""
    return np.arange(height * width, dtype=np.int64).reshape(height, width)


def fires(random_seed: int, step: int, cells: Array, rate: float) -> Array:
    """Which cells fire at a step.

    Parameters
    ----------
    random_seed, step : int
    cells : int64 ndarray or tensor
        Numbers of the cells, of any shape.
    rate : float
        Share of the cells that fire, in [0, 1].

    Returns
    -------
    bool array or tensor of the shape of `cells`
    """
    return fires_below(random_seed, step, cells, round(rate * 2**32))


def fires_below(random_seed: int, step: int, cells: Array, threshold: Array) -> Array:
    """As `fires`, where the numbers of a step's cells, of 32 bits each, are below a threshold.

    Parameters
    ----------
    random_seed, step, cells
        As there.
    threshold : int, or integer array or tensor of the shape of `cells`
        From 0, for cells that never fire, to 2**32.

    Returns
    -------
    bool array or tensor of the shape of `cells`
    """
    key = mix(mix(random_seed & _LOW_32) ^ (step & _LOW_32))
    return mix((cells & _LOW_32) ^ key) < threshold
