# SPDX-License-Identifier: GPL-3.0-or-later
"""Resampling: maps that are painted by one UV map of a mesh, laid out by another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..automaton.surface_building import Laid
from ..automaton.surface_mesh import Mesh, cross

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

LEAST_AROUND = 8
"""Pixels above and below some rows that are laid out with them."""
_AROUND = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1), (1, -1), (-1, 1))


class Resampling:
    """Which pixels each pixel of the other layout is made of.

    Parameters
    ----------
    painted, wanted : array-like, shape (triangles, 3, 2)
        Of each corner, where it lies in the maps that there are and in those that are wanted; v upwards.
    height, width : int
        Pixels of both.
    margin : int
        Pixels by which islands are continued beyond their borders.
    rows : range, optional
        Of the pixels that are wanted only these.

    Raises
    ------
    SurfaceError
        Coordinates that are none.
    """

    def __init__(
        self,
        painted: ArrayLike,
        wanted: ArrayLike,
        height: int,
        width: int,
        margin: int,
        rows: range | None = None,
    ):
        before, after = np.asarray(painted, np.float64), np.asarray(wanted, np.float64)
        self._rows, self._seen = rows or range(height), range(height)
        if rows is not None:
            # with what may be continued into them; of fewer rows coordinates would be too large
            around = max(margin, LEAST_AROUND)
            self._seen = range(max(0, rows.start - around), min(height, rows.stop + around))
            down = (1 - after[..., 1]) * height - self._seen.start
            there = (down.min(1) < len(self._seen)) & (down.max(1) > 0)
            after = np.stack([after[..., 0], 1 - down / len(self._seen)], 2)[there]
            before = before[there]
        # each corner a vertex of its own: what matters is where a pixel lies in its triangle
        places = np.concatenate([after.reshape(-1, 2), np.zeros((after.size // 2, 1))], 1)
        self._shape = len(self._seen), width
        if not len(after):  # nothing lies in these rows
            self._pixels, self._from = np.zeros(0, np.int64), np.zeros((0, 4), np.int64)
            self._share = np.zeros((0, 4), np.float32)
            self._continue(0)
            return
        laid = Laid(Mesh(places, np.arange(len(places)).reshape(-1, 3), after, *self._shape))
        self._pixels = np.flatnonzero(laid.owner.reshape(-1) >= 0)
        triangle = laid.owner.reshape(-1)[self._pixels]
        row, column = np.divmod(self._pixels, width)
        weights = _weigh(np.stack([column + 0.5, row + 0.5], 1), laid.mesh.corners[triangle])
        at = np.einsum("pc,pcx->px", weights, before[triangle])
        self._from, self._share = _interpolate(
            at[:, 0] * width - 0.5, (1 - at[:, 1]) * height - 0.5, height, width
        )
        self._continue(margin)

    def __call__(self, maps: np.ndarray) -> np.ndarray:
        """Lay out maps (channels, height, width) by the other UV map; zero outside of islands and their margins.

        Steps of 16 bits stand for values from 0 to 1. Gives float32 (channels, rows, width).
        """
        flat = maps.reshape(len(maps), -1)
        laid = np.zeros((len(maps), self._shape[0] * self._shape[1]), np.float32)
        taken = np.zeros((len(maps), len(self._pixels)), np.float32)
        for tap in range(4):
            taken += self._share[:, tap] * flat[:, self._from[:, tap]]
        if maps.dtype == np.uint16:
            taken /= 65535
        laid[:, self._pixels] = taken
        laid[:, self._margin] = laid[:, self._margin_from]
        laid = laid.reshape(len(maps), *self._shape)
        return laid[:, self._rows.start - self._seen.start : self._rows.stop - self._seen.start]

    def _continue(self, margin: int) -> None:
        """Find what is copied beyond the borders: the nearest pixel of an island, a step at a time."""
        height, width = self._shape
        covered = np.zeros(height * width, bool)
        covered[self._pixels] = True
        front = source = self._pixels
        to, of = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for _ in range(margin):
            row, column = np.divmod(front, width)
            reached, reached_from = [], []
            for down, right in _AROUND:
                y, x = row + down, column + right
                inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
                pixel = (y * width + x)[inside]
                free = ~covered[pixel]
                pixel, first = np.unique(pixel[free], return_index=True)
                covered[pixel] = True
                reached.append(pixel)
                reached_from.append(source[inside][free][first])
            front, source = np.concatenate(reached), np.concatenate(reached_from)
            to.append(front)
            of.append(source)
        self._margin, self._margin_from = np.concatenate(to), np.concatenate(of)


def _weigh(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Barycentric coordinates of points (points, 2) in triangles (points, 3, 2): shape (points, 3). A pixel at a border
    may lie outside its triangle by a rounding error, and is moved into it."""
    one, two, away = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0], points - corners[:, 0]
    area = cross(one, two)
    second, third = cross(away, two) / area, cross(one, away) / area
    weights = np.stack([1 - second - third, second, third], 1).clip(0, 1)
    return weights / weights.sum(1, keepdims=True)


def _interpolate(x: np.ndarray, y: np.ndarray, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """The four pixels around places, and how much each counts: numbers (places, 4), float32 (places, 4)."""
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    right, down = x - left, y - top
    numbers, shares = [], []
    for dy, share_y in ((0, 1 - down), (1, down)):
        for dx, share_x in ((0, 1 - right), (1, right)):
            numbers.append((top + dy).clip(0, height - 1) * width + (left + dx).clip(0, width - 1))
            shares.append(share_y * share_x)
    return np.stack(numbers, 1), np.stack(shares, 1).astype(np.float32)
