# SPDX-License-Identifier: GPL-3.0-or-later
"""The fine structure of materials drawn at more than one pixel a length: granules, pores, fibres, scratches, hairlines.

All of it tiles. Wavelengths and widths are in pixels that are really drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .noise import noise, pixels_from_zero, random_shift, warp
from .ramp import smoothstep
from .voronoi import nearest_copy, window_around

FINEST = 2.5
"""Shortest wavelength in pixels that is worth drawing: shorter ones alias."""


@dataclass(frozen=True)
class Granules:
    """Small cells packed over a picture.

    Attributes
    ----------
    distance : ndarray (size, size)
        Pixels to the middle of the granule that owns the pixel.
    border : ndarray (size, size)
        Pixels to its border.
    each : ndarray (size, size)
        A number from 0 to 1, the same all over a granule.
    lit : ndarray (size, size)
        From -1 to 1: how far the pixel lies towards the side that the granule's facet is turned to.
    """

    distance: np.ndarray
    border: np.ndarray
    each: np.ndarray
    lit: np.ndarray


def crisp_step(
    low: float | np.ndarray, high: float | np.ndarray, value: np.ndarray, unit: float
) -> np.ndarray:
    """Step as `smoothstep` does from `low` to `high` lengths, for a value in pixels, but steeper where drawn finer.

    The middle of the step is where the lengths say; its width in pixels grows with the root of the unit only.
    """
    if unit == 1:
        return smoothstep(low, high, value)
    middle, half = (low + high) / 2 * unit, (high - low) / 2 * unit**0.5
    return smoothstep(middle - half, middle + half, value)


def grit(size: int, unit: float, rng: np.random.Generator, coarsest: float = 2.4) -> np.ndarray:
    """Draw noise of wavelengths from `coarsest` lengths down to the finest: mean 0, standard deviation 1."""
    wavelength = max(coarsest * unit, FINEST)
    octaves = 1 + int(np.log2(wavelength / FINEST) + 0.3)
    return noise(size, wavelength, rng, octaves, 0.9)


def granules(
    size: int,
    spacing: float,
    rng: np.random.Generator,
    jitter: float = 0.9,
    shift: tuple[np.ndarray, np.ndarray] | None = None,
) -> Granules:
    """Pack small cells over a torus, one for each field of a shaken grid, which is far quicker than `voronoi`.

    Parameters
    ----------
    size : int
        Side in pixels.
    spacing : float
        From one granule to the next, in pixels.
    rng : numpy.random.Generator
    jitter : float
        How far they stray from their grid, 0 to 1.
    shift : two ndarrays (size, size), optional
        Pixels by which each place is moved before it is looked up: makes wavy borders.
    """
    count = max(3, round(size / spacing))
    pitch = size / count
    seats = 0.5 + jitter * (rng.random((2, count, count)) - 0.5)
    number, turn = rng.random((count, count)), rng.uniform(0, 2 * np.pi, (count, count))
    shift_y, shift_x = shift if shift is not None else (np.zeros((size, size)),) * 2
    place_y = (np.arange(size)[:, None] + 0.5 + shift_y) / pitch
    place_x = (np.arange(size)[None, :] + 0.5 + shift_x) / pitch
    row, column = np.floor(place_y).astype(int), np.floor(place_x).astype(int)
    first, second = np.full((2, size, size), np.inf)
    owner = np.zeros((size, size), int)
    away = np.zeros((4, size, size))  # to the owner, then to the one after it
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            at = ((row + down) % count, (column + right) % count)
            gap_y = row + down + seats[0][at] - place_y
            gap_x = column + right + seats[1][at] - place_x
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
    lit = np.clip(-(np.sin(angle) * away[0] + np.cos(angle) * away[1]) / 0.6, -1, 1)
    border = pitch * (second - first) / (2 * apart)
    return Granules(pitch * np.sqrt(first), border, number.ravel()[owner], lit)


def pores(
    size: int, spacing: float, radius: float, rng: np.random.Generator, share: float = 0.6
) -> np.ndarray:
    """Draw small round holes: 1 inside them, 0 elsewhere.

    Parameters
    ----------
    size : int
        Side in pixels.
    spacing : float
        Mean distance in pixels of the places that may have one.
    radius : float
        Of the largest, in pixels.
    rng : numpy.random.Generator
    share : float
        Of the places that have one.
    """
    cells = granules(size, spacing, rng)
    own = radius * np.sqrt(np.clip(cells.each / max(share, 1e-6), 0, 1))
    return np.where(cells.each < share, smoothstep(own + 0.6, own - 0.6, cells.distance), 0.0)


def fibres(
    way_y: np.ndarray, way_x: np.ndarray, length: float, thickness: float, rng: np.random.Generator
) -> np.ndarray:
    """Draw noise out along a field of directions: hairs, filaments, grain of wood.

    Parameters
    ----------
    way_y, way_x : ndarray (size, size)
        Direction at each pixel; how long it is does not matter.
    length : float
        Of the fibres, in pixels.
    thickness : float
        From one fibre to the next, in pixels.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray (size, size)
        Mean 0, standard deviation 1.
    """
    size = len(way_y)
    reach = np.maximum(np.hypot(way_y, way_x), 1e-9)
    step_y, step_x = way_y / reach, way_x / reach
    source = noise(size, max(thickness, FINEST), rng)
    drawn = source.copy()
    for sign in (1, -1):
        y, x = (
            np.arange(size)[:, None] + np.zeros((size, size)),
            np.arange(size)[None, :] + np.zeros((size, size)),
        )
        at = (slice(None), slice(None))
        for _ in range(max(1, round(length / 2))):
            move_y, move_x = step_y[at], step_x[at]
            y, x = y + sign * move_y, x + sign * move_x
            at = (np.rint(y).astype(int) % size, np.rint(x).astype(int) % size)
            drawn += source[at]
    drawn -= drawn.mean()
    return drawn / drawn.std()


def strokes(place: np.ndarray, spacing: float, rng: np.random.Generator) -> np.ndarray:
    """Draw lines where a coordinate is the same: striations, brushing, growth lines.

    Parameters
    ----------
    place : ndarray
        Pixels along the way that the lines lie across.
    spacing : float
        Mean distance of the lines in pixels.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of the same shape
        Mean 0, standard deviation about 1.
    """
    count = 2048
    cycles = np.fft.rfftfreq(count)
    cycles[0] = 1e-9
    band = np.exp(-((np.log2(cycles * 4) / 0.8) ** 2))
    band[0] = 0.0
    table = np.fft.irfft(np.fft.rfft(rng.standard_normal(count)) * band, count)
    table /= table.std()
    return np.interp(place * 4 / spacing % count, np.arange(count + 1), np.append(table, table[0]))


def scratches(
    size: int, length: float, share: float, rng: np.random.Generator, width: float = 0.5
) -> np.ndarray:
    """Draw straight scratches, each of another length, direction and depth: 0 where there is none, to 1.

    Parameters
    ----------
    size : int
        Side in pixels.
    length : float
        Of the longest, in pixels.
    share : float
        How many there are for each square of that side.
    rng : numpy.random.Generator
    width : float
        Half of their width in pixels.
    """
    drawn = np.zeros((size, size))
    for _ in range(round(share * (size / length) ** 2)):
        y, x = rng.random(2) * size
        angle, half, depth = rng.uniform(0, np.pi), length * rng.uniform(0.15, 0.5), rng.uniform(0.3, 1.0)
        window = window_around(y, x, half + 2, size)
        down = nearest_copy(window[0] + 0.5 - y, size)
        right = nearest_copy(window[1] + 0.5 - x, size)
        along = np.abs(down * np.sin(angle) + right * np.cos(angle))
        aside = np.abs(down * np.cos(angle) - right * np.sin(angle))
        line = smoothstep(width + 0.5, width - 0.5, aside) * smoothstep(half, half * 0.4, along)
        drawn[window] = np.maximum(drawn[window], depth * line)
    return drawn


def hairlines(
    size: int, spacing: float, rng: np.random.Generator, width: float = 0.4, broken: float = 0.5
) -> np.ndarray:
    """Draw thin winding lines: 1 on them, 0 elsewhere.

    Parameters
    ----------
    size : int
        Side in pixels.
    spacing : float
        Mean distance of the lines in pixels.
    rng : numpy.random.Generator
    width : float
        Half of their width in pixels.
    broken : float
        Share of them that is missing, 0 to 1.
    """
    bend = random_shift(size, 0.05 * spacing, spacing * 0.6, rng, 2)
    distance = np.abs(pixels_from_zero(warp(noise(size, spacing * 2, rng), *bend), 2.0, 1e-3))
    return smoothstep(width + 0.7, width - 0.4, distance) * _kept(size, spacing * 2.2, broken, rng)


def cracks(
    size: int, spacing: float, rng: np.random.Generator, width: float = 0.5, broken: float = 0.5
) -> np.ndarray:
    """Draw a net of thin cracks, as of a dried or a glazed skin: 1 in them, 0 elsewhere; see `hairlines`."""
    bend = random_shift(size, 0.07 * spacing, spacing * 0.7, rng, 2)
    border = granules(size, spacing, rng, shift=bend).border
    return smoothstep(width + 0.6, width - 0.4, border) * _kept(size, spacing * 1.4, broken, rng)


def _kept(size: int, spacing: float, broken: float, rng: np.random.Generator) -> np.ndarray:
    """Where lines are: 0 over a share `broken` of the picture, 1 elsewhere, with soft ends."""
    field = noise(size, spacing, rng)
    return smoothstep(-0.3, 0.3, field - np.quantile(field, broken)) if broken > 0 else np.ones_like(field)
