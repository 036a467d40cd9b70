# SPDX-License-Identifier: GPL-3.0-or-later
"""Relief: what a height map hides and shows: ambient occlusion, and cavities and ridges."""

from __future__ import annotations

import numpy as np

_FAINTEST = 1 / 8
"""Slope from which on the highest part there is darkens by less than 1/64: nothing farther away is looked at."""
_DIRECTIONS = ((0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1))
_SCALES = (1, 2, 4)
"""Pixels between which ridges and grooves are looked for."""


def ambient_occlusion(height: np.ndarray, strength: float, boundary: str = "wrap") -> np.ndarray:
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

    Returns
    -------
    ndarray, float32, shape (H, W)
        1 where all the sky is seen.
    """
    relief = np.asarray(height, np.float32) * np.float32(strength)
    tangents = np.zeros((len(_DIRECTIONS), *relief.shape), np.float32)
    seen, distance = relief, 1
    while distance == 1 or abs(strength) / distance > _FAINTEST:
        if distance > 2:
            # the farther away, the larger the parts that are looked at: what lies between two looks is not missed
            seen = _smooth(seen, distance // 4, boundary)
        for tangent, (down, right) in zip(tangents, _DIRECTIONS, strict=True):
            rise = _shift(seen, down * distance, right * distance, boundary) - relief
            np.maximum(tangent, rise / np.float32(distance * np.hypot(down, right)), out=tangent)
        distance *= 2
        if distance >= max(relief.shape):
            break
    return (1 / (1 + np.square(tangents))).mean(axis=0)


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
    relief = np.asarray(height, np.float32) * np.float32(strength)
    # On a ridge with sides of slope 1 a place stands half the distance above the mean of itself and its neighbours.
    stands_out = sum((relief - _smooth(relief, scale, boundary)) * (2 / scale) for scale in _SCALES)
    return (0.5 + 0.5 * stands_out / len(_SCALES)).clip(0, 1).astype(np.float32)


def _smooth(field: np.ndarray, distance: int, boundary: str) -> np.ndarray:
    """The binomial mean (1, 2, 1) of places so many pixels apart, along both axes."""
    for down, right in ((distance, 0), (0, distance)):
        around = _shift(field, down, right, boundary) + _shift(field, -down, -right, boundary)
        field = field / 2 + around / 4
    return field


def _shift(field: np.ndarray, down: int, right: int, boundary: str) -> np.ndarray:
    """What each place sees so many pixels further down and to the right."""
    if boundary == "wrap":
        return np.roll(field, (-down, -right), axis=(0, 1))
    for axis, distance in enumerate((down, right)):
        if distance:
            size = field.shape[axis]
            field = field.take(np.clip(np.arange(size) + distance, 0, size - 1), axis=axis)
    return field
