# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways: where the cells of a surface lie in space, and which way is up in them, to be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .surface import FULL_TURN, Surface
from .surface_directions import lay_frames
from .surface_guide import locate
from .surface_mesh import Mesh, fill

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


class Ways(NamedTuple):
    """Of cells of a surface.

    Attributes
    ----------
    places, ups, normals : ndarray, shape (cells, 3)
        Where each lies, the unit vector along which patterns point up, and the mesh's normal.
    triangles : ndarray of int, shape (cells,)
    """

    places: np.ndarray
    ups: np.ndarray
    normals: np.ndarray
    triangles: np.ndarray


def find_ways(surface: Surface, positions: ArrayLike, triangles: ArrayLike, uvs: ArrayLike) -> Ways:
    """Find which way is up in each cell of a surface, in space.

    Parameters
    ----------
    surface : Surface
    positions, triangles, uvs : array-like
        The mesh that it was made of, as for `surface_building.build`.

    Returns
    -------
    Ways
        Of the cells that are on, row by row.

    Raises
    ------
    SurfaceError
        That is no mesh.
    """
    mesh = Mesh(positions, triangles, uvs, surface.height, surface.width)
    owner = np.where(surface.on, fill(mesh)[0], -1).reshape(-1)
    cells = np.flatnonzero(owner >= 0)
    owner = owner[cells]
    angle = surface.angle.reshape(-1)[cells] * (2 * np.pi / FULL_TURN)
    # as `surface_directions.lay_down` has made an angle of a direction
    side = np.where(mesh.mirrored[mesh.island[owner]], 1, -1)
    across, normals = lay_frames(mesh)[owner], mesh.normals[owner]
    ups = (-side * np.sin(angle))[:, None] * across + np.cos(angle)[:, None] * np.cross(normals, across)
    return Ways(locate(mesh, owner, cells), ups, normals, owner)


def thin(places: np.ndarray, distance: float) -> np.ndarray:
    """Choose points about as far from each other: of those in each cube of space the one nearest to its middle.

    Parameters
    ----------
    places : ndarray, shape (points, 3)
    distance : float
        Edge of the cubes.

    Returns
    -------
    ndarray of int
        Numbers of the chosen points.
    """
    cubes = np.floor(places / distance)
    off = ((places / distance - cubes - 0.5) ** 2).sum(1)
    order = np.lexsort((off, *cubes.T))
    sorted_ = cubes[order]
    return order[np.r_[True, (sorted_[1:] != sorted_[:-1]).any(1)]] if len(order) else order
