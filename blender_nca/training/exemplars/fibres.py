# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs in materials drawn at more than one pixel a length: fibres, hairs, hairlines, cracks, scratches.

All of it tiles. Lengths, spacings and widths are in pixels really drawn. Fibres, hairs and striations are
relief of mean 0: shrunk to coarser pixels they vanish, and the material stays. What is packed or strewn is in
`grains`.
"""

from __future__ import annotations

import numpy as np

from .grains import FINEST, granules
from .noise import noise, pixels_from_zero, random_shift, warp
from .ramp import smoothstep
from .voronoi import nearest_copy, window_around


def fibres(
    way_y: np.ndarray, way_x: np.ndarray, length: float, thickness: float, rng: np.random.Generator
) -> np.ndarray:
    """Draw noise out along a field of directions: filaments, leaflets, threads of a melt.

    They follow any field, but have no ends of their own, as `hairs` have.

    Parameters
    ----------
    way_y, way_x : ndarray (size, size)
        Direction at each pixel; how long it is does not matter.
    length : float
        Of the fibres, in pixels.
    thickness : float
        From one fibre to the next, in pixels; at least the finest wavelength.
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


def strokes(
    along: np.ndarray,
    aside: np.ndarray,
    rounds: int,
    lanes: int,
    rng: np.random.Generator,
    layers: int = 2,
    taper: float = 0.6,
) -> np.ndarray:
    """Lay hairs or threads with ends side by side and over each other, in lanes given as fields.

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
    """Lay hairs that run along y, or along x if `lying`, and are bent a little.

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


def striations(place: np.ndarray, spacing: float, rng: np.random.Generator) -> np.ndarray:
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


def hairlines(
    size: int,
    spacing: float,
    width: float,
    rng: np.random.Generator,
    share: float = 0.5,
    stretch: tuple[float, float] = (1.0, 1.0),
) -> np.ndarray:
    """Draw thin winding lines that end here and there, hardly ever meeting: flaws, veins, crazing.

    Parameters
    ----------
    size : int
        Side in pixels.
    spacing : float
        Mean distance of the lines in pixels.
    width : float
        Of a line, in pixels.
    rng : numpy.random.Generator
    share : float
        Share of them that is there, 0 to 1.
    stretch : (float, float)
        How many times longer they are along y and along x, as of `noise`.

    Returns
    -------
    ndarray (size, size)
        0 between them to 1 on them.
    """
    bend = random_shift(size, 0.05 * spacing, 0.6 * spacing, rng, 2)
    field = warp(noise(size, 2 * spacing, rng, stretch=stretch), *bend)
    away = np.abs(pixels_from_zero(field, 2.0, 0.1 / spacing))
    return _line(away, width) * _present(size, 2.6 * spacing, share, rng)


def cracks(
    size: int, spacing: float, width: float, rng: np.random.Generator, share: float = 0.5
) -> np.ndarray:
    """Draw a net of thin lines that meet, as in a dried or a glazed skin.

    Parameters
    ----------
    size : int
        Side in pixels.
    spacing : float
        Across a mesh of the net, in pixels.
    width, rng, share
        As of `hairlines`.

    Returns
    -------
    ndarray (size, size)
        0 between them to 1 in them.
    """
    bend = random_shift(size, 0.07 * spacing, 0.7 * spacing, rng, 2)
    border = granules(size, spacing, rng, shift=bend).border
    return _line(border, width) * _present(size, 1.4 * spacing, share, rng)


def scratches(
    size: int,
    spacing: float,
    length: float,
    width: float,
    rng: np.random.Generator,
    bow: float = 0.0,
) -> np.ndarray:
    """Draw thin scratches, or stray hairs, each of another length, direction and depth.

    Parameters
    ----------
    size : int
        Side in pixels.
    spacing : float
        There is one for each spacing x spacing pixels.
    length : float
        Of the longest, in pixels.
    width : float
        Of each, in pixels.
    rng : numpy.random.Generator
    bow : float
        How far they bend aside at most, as a share of their length: 0 for straight ones.

    Returns
    -------
    ndarray (size, size)
        0 beside them to 1 on the plainest.
    """
    drawn = np.zeros((size, size))
    for _ in range(round((size / spacing) ** 2)):
        y, x = rng.random(2) * size
        angle = rng.uniform(0, np.pi)
        half = 0.5 * length * rng.uniform(0.35, 1.0)
        bent, depth = rng.uniform(-bow, bow), rng.uniform(0.35, 1.0)
        window = window_around(y, x, half * (1 + bow) + width + 1, size)
        down = nearest_copy(window[0] + 0.5 - y, size)
        right = nearest_copy(window[1] + 0.5 - x, size)
        along = (right * np.cos(angle) + down * np.sin(angle)) / half
        aside = down * np.cos(angle) - right * np.sin(angle) + 2 * half * bent * (along**2 - 0.5)
        line = _line(np.abs(aside), width) * smoothstep(1.0, 0.55, np.abs(along))
        drawn[window] = np.maximum(drawn[window], depth * line)
    return drawn


def _line(away: np.ndarray, width: float) -> np.ndarray:
    """1 on a line of a width in pixels, 0 beside it; `away` is how many pixels it is to its middle."""
    return smoothstep(0.5 * width + 0.65, 0.5 * width - 0.5, away)


def _present(size: int, spacing: float, share: float, rng: np.random.Generator) -> np.ndarray:
    """Where lines are: 1 over a share of the picture, 0 elsewhere, with soft ends."""
    field = noise(size, spacing, rng)
    return smoothstep(-0.28, 0.28, field - np.quantile(field, 1 - share))
