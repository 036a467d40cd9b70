# SPDX-License-Identifier: GPL-3.0-or-later
"""Noise: soft spots in space, by a hash, so that a place has the same number on every machine."""

from __future__ import annotations

import numpy as np

from ...automaton.chance import mix

OCTAVES = 4
CONTRAST = 2.2
"""By how much the sum of the octaves is spread, so that it comes near to 0 and to 1."""


def noise(places: np.ndarray, grain: float, random_seed: int = 0) -> np.ndarray:
    """Fractal value noise.

    Parameters
    ----------
    places : ndarray, shape (places, 3)
    grain : float
        Size of the largest spots, above zero, in the unit of the places.
    random_seed : int

    Returns
    -------
    ndarray, float64, shape (places,), in [0, 1], one half on average
    """
    total, weight = np.zeros(len(places)), 0.0
    for octave in range(OCTAVES):
        scaled = places * (2.0**octave / grain) + 17.0 * octave
        total += (_spots(scaled, random_seed + octave) - 0.5) * 0.5**octave
        weight += 0.5**octave
    spread: np.ndarray = (0.5 + CONTRAST * total / weight).clip(0, 1)
    return spread


def numbers(count: int, random_seed: int) -> np.ndarray:
    """One number for each of `count`: float64, in [0, 1). Another count begins with the same ones."""
    mixed = mix(np.arange(count, dtype=np.int64) ^ mix(random_seed & 0xFFFFFFFF))
    return np.asarray(mixed / 2.0**32)


def _spots(places: np.ndarray, random_seed: int) -> np.ndarray:
    """A number at each corner of a lattice with edges of one, and something soft between them."""
    corner = np.floor(places)
    part = places - corner
    part = part * part * (3 - 2 * part)
    lattice = corner.astype(np.int64) & 0xFFFFFFFF
    salt = mix((random_seed ^ 0xA5A5) & 0xFFFFFFFF)
    total = np.zeros(len(places))
    for x in (0, 1):
        in_x = mix((lattice[:, 0] + x & 0xFFFFFFFF) ^ salt)
        for y in (0, 1):
            in_y = mix((lattice[:, 1] + y & 0xFFFFFFFF) ^ in_x)
            for z in (0, 1):
                number = mix((lattice[:, 2] + z & 0xFFFFFFFF) ^ in_y) / 2.0**32
                share = np.abs(1 - np.array([x, y, z]) - part).prod(1)
                total += share * number
    return total
