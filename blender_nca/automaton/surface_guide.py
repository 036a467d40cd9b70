# SPDX-License-Identifier: GPL-3.0-or-later
"""Guide: where patterns shall point up on a mesh, and what that is in each cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .surface_mesh import Mesh, cross

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

AT_ONCE = 1 << 22
"""Distances between cells and points that are looked at together, so that they take little memory."""


@dataclass(frozen=True, eq=False)
class Line:
    """Points of curves close to each other: each cell follows the nearest one.

    Attributes
    ----------
    points : ndarray, shape (points, 3)
    ways : ndarray, shape (points, 3)
        Where the curve runs to there.
    """

    points: np.ndarray
    ways: np.ndarray

    def follow(self, places: np.ndarray) -> np.ndarray:
        """Where the line runs to at the point nearest to each place: shape (places, 3)."""
        middle = self.points.mean(0)
        points, places = ((each - middle).astype(np.float32) for each in (self.points, places))
        square = (points**2).sum(1)
        nearest = np.empty(len(places), np.int64)
        size = max(1, AT_ONCE // len(points))
        for start in range(0, len(places), size):
            # the square of the place itself is the same for all points
            nearest[start : start + size] = (square - 2 * places[start : start + size] @ points.T).argmin(1)
        return self.ways[nearest]


def follow(mesh: Mesh, triangles: np.ndarray, cells: np.ndarray, up: ArrayLike | Line) -> np.ndarray:
    """Where up shall be in each cell.

    Parameters
    ----------
    mesh : Mesh
    triangles, cells : ndarray of int, shape (cells,)
        Numbers of cells, row by row, and the triangle that each lies in.
    up : array-like, shape (3,), (triangles, 3) or (triangles, 3, 3), or Line
        In space: for all, for each triangle, for each of its corners, between which it goes over evenly; or a line.

    Returns
    -------
    ndarray, shape (cells, 3)
        Of any length; zero where nothing is asked for.
    """
    if isinstance(up, Line):
        return up.follow(locate(mesh, triangles, cells))
    wanted = np.asarray(up)
    if wanted.ndim == 3:
        return np.einsum("ck,ckx->cx", weigh(mesh, triangles, cells), wanted[triangles])
    return np.broadcast_to(wanted, (len(mesh.triangles), 3))[triangles]


def locate(mesh: Mesh, triangles: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Where the centres of cells lie in space: shape (cells, 3). See `follow`."""
    corners = mesh.positions[mesh.triangles[triangles]]
    return np.einsum("ck,ckx->cx", weigh(mesh, triangles, cells), corners)


def weigh(mesh: Mesh, triangles: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """How near cells are to each corner of their triangles: shape (cells, 3), one together. See `follow`."""
    y, x = np.divmod(cells, mesh.width)
    corners = mesh.corners[triangles]
    away = np.stack([x + 0.5, y + 0.5], 1) - corners[:, 0]
    along, down = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    second = cross(away, down) / mesh.area[triangles]
    third = cross(along, away) / mesh.area[triangles]
    return np.stack([1 - second - third, second, third], 1)
