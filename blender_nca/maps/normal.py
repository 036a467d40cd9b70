# SPDX-License-Identifier: GPL-3.0-or-later
"""Normal: the tangent-space normal map of a height map."""

from __future__ import annotations

import numpy as np

from ..kernels import threads
from ..kernels.library import library, open_library

BOUNDARIES = ("wrap", "edge")
CONVENTIONS = ("opengl", "directx")


def normal_from_height(
    height: np.ndarray, strength: float, boundary: str = "wrap", convention: str = "opengl"
) -> np.ndarray:
    """Derive the normal map of a height map with the Sobel operator.

    Parameters
    ----------
    height
        (H, W), row 0 at the top, 0 the lowest and 1 the highest.
    strength
        How many pixels high a height of 1 stands. At 1, a rise from 0 to 1 from one pixel to the next is a
        slope of 45 degrees; 0 gives a flat map, a negative value turns hills into pits.
    boundary
        'wrap': the picture tiles. 'edge': the slope goes on beyond the edge as it is just inside.
    convention
        'opengl': green is up in the picture, as Blender, Unity and glTF read it. 'directx': green is down, as
        Unreal reads it.

    Returns
    -------
    ndarray
        float32 (3, H, W) in [0, 1]; 2 n - 1 is the unit normal, flat is (0.5, 0.5, 1).

    Raises
    ------
    ValueError
        Another shape, or a strength that is not finite, or an unknown boundary or convention.
    """
    height = np.asarray(height, dtype=np.float32)
    if height.ndim != 2 or 0 in height.shape:
        raise ValueError(
            f"A height map has the shape (height, width) and at least one pixel, not {height.shape}"
        )
    if not np.isfinite(strength):
        raise ValueError(f"Normal strength is {strength}: give the height of 1 in pixels, a finite number")
    if boundary not in BOUNDARIES:
        raise ValueError(f"Boundary is {boundary!r}: it is one of {', '.join(BOUNDARIES)}")
    if convention not in CONVENTIONS:
        raise ValueError(f"Normal convention is {convention!r}: it is one of {', '.join(CONVENTIONS)}")

    strength = float(strength)
    if min(height.shape) > 1 and open_library() is not None:
        return _see_slopes(height, strength, boundary, convention)
    slope_right, slope_down = _slopes(_surround(height, boundary))
    normal = np.empty((3, *height.shape), dtype=np.float32)
    # A surface z = strength * height(x, y) has the normal (-dz/dx, -dz/dy, 1); green's y points up, rows
    # count down.
    normal[0] = -strength * slope_right
    normal[1] = strength * slope_down if convention == "opengl" else -strength * slope_down
    normal[2] = 1
    normal /= np.sqrt(np.square(normal).sum(axis=0))
    return normal * 0.5 + 0.5


def _see_slopes(height: np.ndarray, strength: float, boundary: str, convention: str) -> np.ndarray:
    """The same by the kernels, bit for bit."""
    height = np.ascontiguousarray(height)
    normal = np.empty((3, *height.shape), np.float32)
    given = (*height.shape, boundary == "wrap", strength, 1.0 if convention == "opengl" else -1.0)
    threads.share_rows(
        lambda first, last: library().nca_see_slopes(
            *given, first, last, height.ctypes.data, normal.ctypes.data
        ),
        len(height),
    )
    return normal


def _surround(height: np.ndarray, boundary: str) -> np.ndarray:
    """Add one pixel on each side: (H + 2, W + 2)."""
    if boundary == "wrap":
        return np.pad(height, 1, mode="wrap")
    # Odd reflection continues the slope. Repeating the edge pixel would halve it there: a rim around the
    # picture.
    return np.pad(height, 1, mode="reflect", reflect_type="odd")


def _slopes(padded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sobel slopes to the right and down, in height per pixel: twice (H, W) from (H + 2, W + 2)."""
    smooth_rows = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    smooth_columns = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    return (smooth_rows[:, 2:] - smooth_rows[:, :-2]) / 2, (smooth_columns[2:] - smooth_columns[:-2]) / 2
