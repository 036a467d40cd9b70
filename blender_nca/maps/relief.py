# SPDX-License-Identifier: GPL-3.0-or-later
"""Relief: what a height map hides and shows: ambient occlusion, and cavities and ridges."""

from __future__ import annotations

import ctypes
import itertools

import numpy as np

from ..kernels import threads
from ..kernels.library import library, open_library
from .normal import normal_from_height

_FAINTEST = 1 / 8
"""Slope from which on the highest part there is darkens by less than 1/64: nothing farther away is looked at."""
_DIRECTIONS = ((0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1))
_ARC = (1.5707288, -0.2121144, 0.0742610, -0.0187293)
"""acos(x) is about sqrt(1 - x) times the polynomial of these, for x in [0, 1], within 7e-5 (Abramowitz and Stegun:
Handbook of Mathematical Functions, 1964, 4.4.45). The kernels have the same."""
_SCALES = (1, 2, 4)
"""Pixels between which ridges and grooves are looked for."""


def ambient_occlusion(
    height: np.ndarray, strength: float, boundary: str = "wrap", side: int | None = None
) -> np.ndarray:
    """Derive how much light of an even sky reaches each place of a height map.

    In each direction the sky begins above the horizon, the steepest line of sight to any other place, of slope t at the
    elevation e = atan t (N. Max: Horizon mapping, The Visual Computer, 1988). From there on light falls on a surface
    whose normal is n_z upwards and n_u in that direction, by the cosine between them:

        2 int_e^(pi/2) (n_z sin + n_u cos) cos = n_z cos^2 e + n_u (pi/2 - e - sin e cos e)

    and all of it is the mean of the directions: 1 on flat ground.

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
        1 where all the light arrives.
    """
    height = np.asarray(height, np.float32)
    relief = np.ascontiguousarray(height * np.float32(strength))
    # components to the right, down and up
    normal = normal_from_height(height, strength, boundary, "directx")
    normal *= 2
    normal -= 1
    distances = _distances(strength, side or max(relief.shape))
    if open_library() is not None:
        return _see_sky(relief, normal, distances, boundary)
    steepest = np.zeros((len(_DIRECTIONS), *relief.shape), np.float32)
    for distance in distances:
        around = _around(relief, distance, distance, boundary)
        for highest, (down, right) in zip(steepest, _DIRECTIONS, strict=True):
            rise = _shifted(around, distance, down, right) - relief
            rise *= np.float32(1 / (distance * np.hypot(down, right)))
            np.maximum(highest, rise, out=highest)
    sky = np.zeros_like(relief)
    for tangent, (down, right) in zip(steepest, _DIRECTIONS, strict=True):
        seen = 1 / (tangent * tangent + 1)
        sine = tangent * np.sqrt(seen)
        angle = np.float32(_ARC[3]) * sine
        for factor in _ARC[2:0:-1]:
            angle = (angle + np.float32(factor)) * sine
        angle = (angle + np.float32(_ARC[0])) * np.sqrt(np.maximum(1 - sine, 0))
        towards = (right * normal[0] + down * normal[1]) * np.float32(1 / np.hypot(down, right))
        sky += normal[2] * seen
        sky += (angle - tangent * seen) * towards
    sky /= len(_DIRECTIONS)
    return sky.clip(0, 1, out=sky)


def reach_of_occlusion(strength: float, side: int) -> int:
    """How many pixels away what `ambient_occlusion` looks at lies at most; `side` as there."""
    return _distances(strength, side)[-1]


def _distances(strength: float, side: int) -> list[int]:
    """How far away is looked at, in pixels: 1, 2, 3, 4, 6, 8, 12 and so on.

    With powers of two alone, walls between two looks are missed, and deep relief is far too bright.
    """
    distances = [1]
    for number in itertools.count():
        further = (2 + number % 2) << number // 2
        if abs(strength) / further <= _FAINTEST or further >= side:
            break
        distances.append(further)
    return distances


def _see_sky(relief: np.ndarray, normal: np.ndarray, distances: list[int], boundary: str) -> np.ndarray:
    """The same by the kernels, bit for bit."""
    sky = np.empty_like(relief)
    places = (ctypes.c_long * len(distances))(*distances)
    slopes = np.array([(1 / one, 1 / (one * np.hypot(1, 1))) for one in distances], np.float32)
    given = (*relief.shape, boundary == "wrap", len(distances))
    arrays = places, slopes.ctypes.data, relief.ctypes.data, normal.ctypes.data, sky.ctypes.data
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
