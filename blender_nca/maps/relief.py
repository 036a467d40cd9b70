# SPDX-License-Identifier: GPL-3.0-or-later
"""Relief: what a height map hides and shows: ambient occlusion, and cavities and ridges."""

from __future__ import annotations

import ctypes

import numpy as np

from ..kernels import threads
from ..kernels.library import library, open_library

_FAINTEST = 1 / 8
"""Slope from which on the highest part there is darkens by less than 1/64: nothing farther away is looked at."""
_DIRECTIONS = ((0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1))
_SCALES = (1, 2, 4)
"""Pixels between which ridges and grooves are looked for."""


def ambient_occlusion(
    height: np.ndarray, strength: float, boundary: str = "wrap", side: int | None = None
) -> np.ndarray:
    """Derive how much of an even sky each place of a height map sees.

    In each direction the sky begins above the horizon, the steepest line of sight to any other place. Of light that
    falls evenly on a horizontal surface the share 1 / (1 + t^2) then arrives from there, t being the horizon's slope
    (N. Max: Horizon mapping, The Visual Computer, 1988).

    Parameters
    ----------
    height
        (H, W), row 0 at the top, from 0 to 1.
    strength
        How many pixels high a height of 1 stands, as for `normal_from_height`.
    boundary
        'wrap' or 'edge'.
    side
        Longer side of the picture in pixels, where these are only some of its rows.

    Returns
    -------
    ndarray, float32, shape (H, W)
        1 where all the sky is seen.
    """
    relief = np.ascontiguousarray(np.asarray(height, np.float32) * np.float32(strength))
    distances = _distances(strength, side or max(relief.shape))
    levels, seen = [], relief
    for distance in distances:
        if distance > 2:
            # the farther away, the larger the parts that are looked at: what lies between two looks is not missed
            seen = _smooth(seen, distance // 4, boundary)
        levels.append(seen)
    if open_library() is not None:
        return _see_sky(relief, levels, boundary)
    tangents, rise = np.zeros((len(_DIRECTIONS), *relief.shape), np.float32), np.empty_like(relief)
    for distance, seen in zip(distances, levels, strict=True):
        around = _around(seen, distance, distance, boundary)
        for tangent, (down, right) in zip(tangents, _DIRECTIONS, strict=True):
            np.subtract(_shifted(around, distance, down, right), relief, out=rise)
            rise *= np.float32(1 / (distance * np.hypot(down, right)))
            np.maximum(tangent, rise, out=tangent)
    np.square(tangents, out=tangents)
    tangents += 1
    return np.reciprocal(tangents, out=tangents).mean(axis=0)


def reach_of_occlusion(strength: float, side: int) -> int:
    """How many pixels away what `ambient_occlusion` looks at lies at most; `side` as there."""
    distances = _distances(strength, side)
    return distances[-1] + sum(distance // 4 for distance in distances if distance > 2)


def _distances(strength: float, side: int) -> list[int]:
    """How far away is looked at, in pixels: 1, 2, 4 and so on."""
    distances = [1]
    while abs(strength) / (2 * distances[-1]) > _FAINTEST and 2 * distances[-1] < side:
        distances.append(2 * distances[-1])
    return distances


def _see_sky(relief: np.ndarray, levels: list[np.ndarray], boundary: str) -> np.ndarray:
    """The same by the kernels, bit for bit, of what is seen at each distance."""
    sky = np.empty_like(relief)
    pointers = (ctypes.c_void_p * len(levels))(*(level.ctypes.data for level in levels))
    slopes = np.array([(1 / 2**n, 1 / (2**n * np.hypot(1, 1))) for n in range(len(levels))], np.float32)
    given = (*relief.shape, boundary == "wrap", len(levels))
    arrays = pointers, slopes.ctypes.data, relief.ctypes.data, sky.ctypes.data
    threads.share_rows(lambda first, last: library().nca_see_sky(*given, first, last, *arrays), len(relief))
    return sky


def cavity(height: np.ndarray, strength: float, boundary: str = "wrap") -> np.ndarray:
    """Derive where a height map has grooves and ridges.

    Parameters
    ----------
    height, strength, boundary
        As for `ambient_occlusion`.

    Returns
    -------
    ndarray, float32, shape (H, W)
        0.5 where it is flat or slopes evenly, 0 in a groove and 1 on a ridge whose sides have slopes of 45 degrees.
    """
    relief = np.ascontiguousarray(np.asarray(height, np.float32) * np.float32(strength))
    # On a ridge with sides of slope 1 a place stands half the distance above the mean of itself and its neighbours.
    stands_out = sum((relief - _smooth(relief, scale, boundary)) * (2 / scale) for scale in _SCALES)
    return (0.5 + 0.5 * stands_out / len(_SCALES)).clip(0, 1).astype(np.float32)


REACH_OF_CAVITY = max(_SCALES)
"""How many pixels away what `cavity` looks at lies at most."""


def _smooth(field: np.ndarray, distance: int, boundary: str) -> np.ndarray:
    """The binomial mean (1, 2, 1) of places so many pixels apart, along both axes."""
    if open_library() is not None:
        smooth = np.empty_like(field)
        given = (*field.shape, boundary == "wrap", distance)
        arrays = field.ctypes.data, smooth.ctypes.data
        threads.share_rows(lambda first, last: library().nca_smooth(*given, first, last, *arrays), len(field))
        return smooth
    for down, right in ((1, 0), (0, 1)):
        around = _around(field, distance * down, distance * right, boundary)
        height, width = field.shape
        before = around[:height, :width]
        after = around[2 * distance * down :, 2 * distance * right :]
        field = field / 2 + (before + after) / 4
    return field


def _around(field: np.ndarray, rows: int, columns: int, boundary: str) -> np.ndarray:
    """A field with so many more pixels on each side."""
    widths = ((rows, rows), (columns, columns))
    return np.pad(field, widths, mode="wrap") if boundary == "wrap" else np.pad(field, widths, mode="edge")


def _shifted(around: np.ndarray, distance: int, down: int, right: int) -> np.ndarray:
    """What each place sees so many pixels away, of a field with that many more on each side."""
    height, width = (size - 2 * distance for size in around.shape)
    row, column = distance * (1 + down), distance * (1 + right)
    return around[row : row + height, column : column + width]
