# SPDX-License-Identifier: GPL-3.0-or-later
"""Finest structure, for materials drawn at more pixels: hairs and fibres, grains, grit, hairlines, scratches.

All of it tiles, and most of it is relief of mean 0: shrunk to coarser pixels it vanishes, and the material stays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .noise import noise, pixels_from_zero
from .ramp import smoothstep
from .voronoi import nearest_copy, window_around


class Grains(NamedTuple):
    """Small cells that fill a picture: four fields (size, size).

    Attributes
    ----------
    tone : ndarray
        -1 to 1, the same all over a grain.
    chance : ndarray
        0 to 1, the same all over a grain: to pick a share of them.
    distance : ndarray
        Pixels to the grain's middle.
    border : ndarray
        About how many pixels it is to the grain's border.
    """

    tone: np.ndarray
    chance: np.ndarray
    distance: np.ndarray
    border: np.ndarray


def outline(low: float | np.ndarray, high: float | np.ndarray, value: np.ndarray, unit: float) -> np.ndarray:
    """A `smoothstep` that is `unit` times as steep about the same middle, so that outlines stay crisp when enlarged.

    Parameters
    ----------
    low, high : float or ndarray
        As of `smoothstep`, enlarged by `unit` as all lengths are.
    value : ndarray
    unit : float
        Pixels that a length of one is drawn as.
    """
    nearer = (1 - 1 / unit) / 2 * (high - low)
    return smoothstep(low + nearer, high - nearer, value)


def shaded(base: np.ndarray, relief: np.ndarray) -> np.ndarray:
    """Lighten a colour (3, size, size) where relief stands out and darken it in hollows; a little even on black."""
    return base + relief * (0.08 + 0.75 * base)


def grit(size: int, unit: float, rng: np.random.Generator, octaves: int = 2) -> np.ndarray:
    """The finest grain that the pixels hold and that those of unit 1 do not: mean 0, standard deviation 1."""
    return noise(size, max(2.6, 1.5 * unit), rng, octaves, 0.8)


def grains(
    size: int,
    spacing: float,
    rng: np.random.Generator,
    jitter: float = 0.9,
    shift: tuple[np.ndarray, np.ndarray] | None = None,
) -> Grains:
    """Cut a torus into very many small cells, much faster than `voronoi` does.

    Parameters
    ----------
    size : int
        Side in pixels.
    spacing : float
        Wished distance of the grains in pixels; rounded so that they tile.
    rng : numpy.random.Generator
    jitter : float
        0 sets the grains in a lattice, 1 strews them.
    shift : two ndarrays (size, size), optional
        Pixels by which each place is moved along y and x before it is looked up.

    Returns
    -------
    Grains
    """
    count = 2 * max(2, round(size / spacing / 2))
    pitch = size / count
    aside = jitter * (rng.random((2, count, count)) - 0.5)
    # Every other row is half a step on, as in a close packing.
    aside[1] += 0.25 - 0.5 * (np.arange(count)[:, None] % 2)
    tone, chance = rng.uniform(-1, 1, (count, count)), rng.random((count, count))
    shift_y, shift_x = shift if shift is not None else (0.0, 0.0)
    y = np.broadcast_to((np.arange(size)[:, None] + 0.5 + shift_y) / pitch, (size, size))
    x = np.broadcast_to((np.arange(size)[None, :] + 0.5 + shift_x) / pitch, (size, size))
    row, column = np.floor(y).astype(int), np.floor(x).astype(int)
    down, right = y - row - 0.5, x - column - 0.5
    closest, second = np.full((2, size, size), np.inf)
    nearest = np.zeros((size, size), int)
    for step_y in (-1, 0, 1):
        for step_x in (-1, 0, 1):
            number = (row + step_y) % count * count + (column + step_x) % count
            away = np.hypot(
                down - step_y - aside[0].ravel()[number], right - step_x - aside[1].ravel()[number]
            )
            second = np.minimum(second, np.maximum(closest, away))
            nearest = np.where(away < closest, number, nearest)
            closest = np.minimum(closest, away)
    return Grains(
        tone.ravel()[nearest], chance.ravel()[nearest], closest * pitch, 0.5 * (second - closest) * pitch
    )


def strokes(
    along: np.ndarray,
    aside: np.ndarray,
    rounds: int,
    lanes: int,
    rng: np.random.Generator,
    layers: int = 2,
    taper: float = 0.6,
) -> np.ndarray:
    """Lay fibres side by side and over each other.

    Parameters
    ----------
    along, aside : ndarray (size, size)
        Place along the fibres, counted in their lengths, and beside them, counted in lanes of one fibre each.
    rounds, lanes : int
        After so many lengths and lanes the pattern comes again.
    rng : numpy.random.Generator
    layers : int
        How many fibres lie over each other.
    taper : float
        How pointed their ends are: 0 for threads, 1 for hairs.

    Returns
    -------
    ndarray (size, size)
        Relief: mean 0, standard deviation 1, at most 2.5 from 0.
    """
    high = np.zeros(np.broadcast_shapes(along.shape, aside.shape))
    for _ in range(layers):
        across = aside + rng.random()
        number = np.floor(across)
        lane = number.astype(int) % lanes
        place = along + rng.random(lanes)[lane]
        here = np.floor(place)
        part = place - here
        fibre = lane * rounds + here.astype(int) % rounds
        tone = rng.uniform(0.35, 1.0, lanes * rounds)[fibre]
        middle = rng.uniform(-0.35, 0.35, lanes * rounds)[fibre]
        middle = middle + rng.uniform(-0.7, 0.7, lanes * rounds)[fibre] * (part - 0.5)
        slim = 1 - taper + taper * np.sqrt(np.clip(4 * part * (1 - part), 0.0, 1.0))
        ridge = smoothstep(1.0, 0.15, np.abs(2 * (across - number) - 1 - middle) / (0.85 * slim + 0.05))
        high = np.maximum(high, ridge * tone * (1 - 0.35 * taper * part))
    high = (high - high.mean()) / high.std()
    return np.clip(high, -2.5, 2.5)


def hairs(
    size: int,
    length: float,
    width: float,
    rng: np.random.Generator,
    shift: tuple[np.ndarray, np.ndarray],
    layers: int = 3,
    taper: float = 0.8,
    lying: bool = False,
) -> np.ndarray:
    """Hairs or fibres that run along y, or along x if `lying`, with what bends them.

    Parameters
    ----------
    size : int
        Side in pixels.
    length, width : float
        Wished length of a hair, and width of the lane that it has; rounded so that they tile.
    rng : numpy.random.Generator
    shift : two ndarrays (size, size)
        Pixels along y and x by which they are bent.
    layers, taper
        As of `strokes`.
    lying : bool

    Returns
    -------
    ndarray (size, size)
        Relief, as of `strokes`.
    """
    rounds, lanes = max(2, round(size / length)), max(4, round(size / width))
    y = np.arange(size)[:, None] + 0.5 + shift[0]
    x = np.arange(size)[None, :] + 0.5 + shift[1]
    along, aside = (x, y) if lying else (y, x)
    # Lanes of uneven width do not look combed.
    aside = aside + 0.25 * width * noise(size, 4.5 * width, rng, 1, 0.5, (1.0, 6.0) if lying else (6.0, 1.0))
    return strokes(along / size * rounds, aside / size * lanes, rounds, lanes, rng, layers, taper)


def hairlines(
    size: int,
    feature: float,
    width: float,
    rng: np.random.Generator,
    share: float = 0.5,
    stretch: tuple[float, float] = (1.0, 1.0),
) -> np.ndarray:
    """Thin wandering cracks or veins, broken here and there.

    Parameters
    ----------
    size : int
        Side in pixels.
    feature : float
        From one to the next, about, in pixels.
    width : float
        Their width in pixels.
    rng : numpy.random.Generator
    share : float
        Share of their length that is there.
    stretch : (float, float)
        As of `noise`.

    Returns
    -------
    ndarray (size, size)
        0 between them to 1 on them.
    """
    away = np.abs(pixels_from_zero(noise(size, 2 * feature, rng, 1, 0.5, stretch), 2.0, 0.2 / feature))
    there = noise(size, 3 * feature, rng, 1)
    there = smoothstep(-0.25, 0.25, there - np.quantile(there, 1 - share))
    return smoothstep(0.5 * width + 0.7, 0.5 * width - 0.5, away) * there


def scratches(
    size: int,
    spacing: float,
    length: float,
    width: float,
    rng: np.random.Generator,
    bow: float = 0.1,
) -> np.ndarray:
    """Thin scratches, or stray hairs, each in a direction of its own.

    Parameters
    ----------
    size : int
        Side in pixels.
    spacing : float
        There is one for each spacing x spacing pixels.
    length, width : float
        In pixels; some are shorter.
    rng : numpy.random.Generator
    bow : float
        How far they bend aside at most, as a share of their length.

    Returns
    -------
    ndarray (size, size)
        0 beside them to 1 on the plainest.
    """
    field = np.zeros((size, size))
    for _ in range(round((size / spacing) ** 2)):
        y, x = rng.random(2) * size
        angle = rng.uniform(0, np.pi)
        half = 0.5 * length * rng.uniform(0.4, 1.0)
        bent, depth = rng.uniform(-bow, bow), rng.uniform(0.4, 1.0)
        window = window_around(y, x, half * (1 + bow) + width + 1, size)
        down = nearest_copy(window[0] + 0.5 - y, size)
        right = nearest_copy(window[1] + 0.5 - x, size)
        along = (right * np.cos(angle) + down * np.sin(angle)) / half
        aside = down * np.cos(angle) - right * np.sin(angle) + 2 * half * bent * (along**2 - 0.5)
        line = smoothstep(0.5 * width + 0.6, 0.5 * width - 0.6, np.abs(aside))
        field[window] = np.maximum(field[window], depth * line * smoothstep(1.0, 0.7, np.abs(along)))
    return field
