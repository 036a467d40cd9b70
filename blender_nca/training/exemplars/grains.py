# SPDX-License-Identifier: GPL-3.0-or-later
"""What is packed or strewn in materials drawn at more than one pixel a length: granules, pores and grit.

All of it tiles. Wavelengths, spacings and radii are in pixels really drawn. What runs is in `fibres`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .noise import noise
from .ramp import smoothstep

FINEST = 2.5
"""Shortest wavelength in pixels to draw fine structure at: pixels hold hardly anything of shorter ones."""


@dataclass(frozen=True)
class Granules:
    """Small cells packed over a picture: fields (size, size).

    Attributes
    ----------
    distance : ndarray
        Pixels to the middle of the granule that owns the pixel.
    border : ndarray
        Pixels to its border.
    tone : ndarray
        From -1 to 1, the same all over a granule: to shade it.
    chance : ndarray
        From 0 to 1, the same all over a granule, and not related to its tone: to pick a share of them.
    lit : ndarray
        From -1 to 1: how far the pixel lies towards the side that the granule's facet is turned to.
    """

    distance: np.ndarray
    border: np.ndarray
    tone: np.ndarray
    chance: np.ndarray
    lit: np.ndarray


def grit(size: int, unit: float, rng: np.random.Generator) -> np.ndarray:
    """Draw noise of wavelengths from 1.8 lengths down to the finest.

    Most of it is what pixels of unit 1 do not hold, so that it vanishes when shrunk to them.

    Parameters
    ----------
    size : int
        Side in pixels.
    unit : float
        Pixels that a length of one is drawn as.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray (size, size)
        Mean 0, standard deviation 1.
    """
    wavelength = max(1.8 * unit, FINEST)
    # The last octave may lie below the finest wavelength: what is drawn of it keeps grit sharp.
    octaves = 1 + round(np.log2(wavelength / FINEST))
    return noise(size, wavelength, rng, octaves, 0.9)


def granules(
    size: int,
    spacing: float,
    rng: np.random.Generator,
    jitter: float = 0.9,
    shift: tuple[np.ndarray, np.ndarray] | None = None,
) -> Granules:
    """Pack small cells over a torus, one for each field of a shaken grid: far quicker than `voronoi`.

    Parameters
    ----------
    size : int
        Side in pixels.
    spacing : float
        From one granule to the next, in pixels; rounded so that they tile.
    rng : numpy.random.Generator
    jitter : float
        How far they stray from their grid: 0 sets them in a lattice, 1 strews them.
    shift : two ndarrays (size, size), optional
        Pixels by which each place is moved along y and x before it is looked up: makes wavy borders.
    """
    count = 2 * max(2, round(size / spacing / 2))
    pitch = size / count
    seats = 0.5 + jitter * (rng.random((2, count, count)) - 0.5)
    tone, chance = rng.uniform(-1, 1, (count, count)), rng.random((count, count))
    turn = rng.uniform(0, 2 * np.pi, (count, count))
    shift_y, shift_x = shift if shift is not None else (np.zeros((size, size)),) * 2
    place_y = (np.arange(size)[:, None] + 0.5 + shift_y) / pitch
    place_x = (np.arange(size)[None, :] + 0.5 + shift_x) / pitch
    first_row = np.floor(place_y).astype(int)
    first, second = np.full((2, size, size), np.inf)
    owner = np.zeros((size, size), int)
    away = np.zeros((4, size, size))  # to the owner, then to the one after it
    for down in (-1, 0, 1):
        row = first_row + down
        # Every other row is half a step on, as in a close packing: a square grid would show through.
        along = place_x - 0.5 * (row % 2)
        first_column = np.floor(along).astype(int)
        for right in (-1, 0, 1):
            column = first_column + right
            at = (row % count, column % count)
            gap_y = row + seats[0][at] - place_y
            gap_x = column + seats[1][at] - along
            squared = gap_y**2 + gap_x**2
            nearer, next_to = squared < first, squared < second
            here = np.stack([gap_y, gap_x])
            away[2:] = np.where(nearer, away[:2], np.where(next_to, here, away[2:]))
            away[:2] = np.where(nearer, here, away[:2])
            second = np.where(nearer, first, np.where(next_to, squared, second))
            first = np.where(nearer, squared, first)
            owner = np.where(nearer, at[0] * count + at[1], owner)
    apart = np.maximum(np.hypot(*(away[2:] - away[:2])), 1e-6)
    angle = turn.ravel()[owner]
    return Granules(
        distance=pitch * np.sqrt(first),
        border=pitch * (second - first) / (2 * apart),
        tone=tone.ravel()[owner],
        chance=chance.ravel()[owner],
        lit=np.clip(-(np.sin(angle) * away[0] + np.cos(angle) * away[1]) / 0.6, -1, 1),
    )


def pores(cells: Granules, radius: float, share: float) -> np.ndarray:
    """Draw small round holes, bubbles, motes or dents in the middle of some granules.

    Parameters
    ----------
    cells : Granules
    radius : float
        Of the largest, in pixels.
    share : float
        Of the granules that have one, above 0.

    Returns
    -------
    ndarray (size, size)
        1 inside them, 0 elsewhere.
    """
    own = radius * np.sqrt(np.clip(cells.chance / share, 0, 1))
    return np.where(cells.chance < share, smoothstep(own + 0.6, own - 0.6, cells.distance), 0.0)
