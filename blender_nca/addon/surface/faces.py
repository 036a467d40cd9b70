# SPDX-License-Identifier: GPL-3.0-or-later
"""Faces: the triangles that show a material, of all objects together, with their UV coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import bpy
import numpy as np
from mathutils.bvhtree import BVHTree

from ...automaton.surface_error import SurfaceError
from ...automaton.surface_mesh import weigh
from .digest import digest_of, rounded
from .meshes import (
    as_read,
    make_tree,
    owners_of,
    read_coordinates,
    read_positions,
    read_triangles,
    transformed,
)

UV_TOLERANCE = 1e-4
"""How far beside a triangle a point of the UV square may lie, to count as on it."""


class Part(NamedTuple):
    """The triangles of one object, in the order in which they stand among all.

    Attributes
    ----------
    owner : str
        The object's name.
    matrix : ndarray, shape (4, 4)
        From the object to the world.
    vertices, corners : ndarray of int, shape (triangles, 3)
        Numbers in the object's mesh, see `meshes.as_read`.
    polygons : ndarray of int, shape (triangles,)
    """

    owner: str
    matrix: np.ndarray
    vertices: np.ndarray
    corners: np.ndarray
    polygons: np.ndarray


@dataclass(frozen=True)
class Faces:
    """Triangles in space and on the UV square.

    Attributes
    ----------
    positions : ndarray, float64, shape (vertices, 3)
        In the world: what touches there goes on.
    triangles : ndarray of int, shape (triangles, 3)
    uvs : ndarray, float32, shape (triangles, 3, 2)
        Of each corner, v upwards.
    parts : tuple of Part
        Whose they are.
    """

    positions: np.ndarray
    triangles: np.ndarray
    uvs: np.ndarray
    parts: tuple[Part, ...] = ()

    def digest(self, is_turned: bool) -> str:
        """A hash of their shape, wherever they stand and however large they are; of their attitude as well if asked."""
        corners = self.positions[self.triangles]
        edges = np.roll(corners, -1, axis=1) - corners
        shape = edges if is_turned else np.linalg.norm(edges, axis=2)
        return digest_of(rounded(shape), self.triangles, self.uvs)

    def unevenness(self) -> float:
        """How many times as large cells are where they are large (95 % are smaller) as where they are small (5 %)."""
        one, two, three = (self.positions[self.triangles[:, corner]] for corner in range(3))
        in_space = np.linalg.norm(np.cross(two - one, three - one), axis=1)
        along, down = self.uvs[:, 1] - self.uvs[:, 0], self.uvs[:, 2] - self.uvs[:, 0]
        flat = np.abs(along[:, 0] * down[:, 1] - along[:, 1] * down[:, 0])
        good = (flat > 1e-12) & (in_space > 0)
        if not good.any():
            return 1.0
        sizes = np.sqrt(in_space[good] / flat[good])
        order = np.argsort(sizes)
        share = np.cumsum(in_space[good][order]) / in_space[good].sum()
        low, high = (sizes[order][min(np.searchsorted(share, at), len(order) - 1)] for at in (0.05, 0.95))
        return float(high / low)

    @cached_property
    def part_of(self) -> np.ndarray:
        """Number of the part that each triangle is of: int, shape (triangles,)."""
        return np.repeat(np.arange(len(self.parts)), [len(part.polygons) for part in self.parts])

    def find(self, points: np.ndarray) -> np.ndarray:
        """Which triangle points of the UV square lie on: int, shape (points,); -1 where there is none."""
        found = np.full(len(points), -1)
        for number, (x, y) in enumerate(np.asarray(points).tolist()):
            _, _, triangle, away = self._flat_tree.find_nearest((x, y, 0.0))
            if triangle is not None and away is not None and away < UV_TOLERANCE:
                found[number] = triangle
        return found

    def land(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The nearest places of the faces in space.

        Parameters
        ----------
        points : ndarray, shape (points, 3)
            In the world.

        Returns
        -------
        ndarray of int, shape (points,)
            The triangle that each lies on.
        ndarray, float64, shape (points, 3)
            The place on it.
        """
        triangles, places = np.zeros(len(points), int), np.zeros((len(points), 3))
        for number, point in enumerate(np.asarray(points).tolist()):
            place, _, triangle, _ = self._tree.find_nearest(point)
            triangles[number], places[number] = triangle, place
        return triangles, places

    @cached_property
    def _tree(self) -> BVHTree:
        return make_tree(self.positions, self.triangles)

    @cached_property
    def _flat_tree(self) -> BVHTree:
        corners = np.pad(self.uvs.reshape(-1, 2), [(0, 0), (0, 1)])
        triangles = np.arange(len(corners)).reshape(-1, 3)
        return make_tree(corners, triangles)

    def weigh(self, points: np.ndarray, triangles: np.ndarray, is_flat: bool) -> np.ndarray:
        """How much of each corner is in points on triangles: float64, shape (points, 3), one together.

        Parameters
        ----------
        points : ndarray, shape (points, 2) or (points, 3)
            On the UV square where `is_flat`, else in space.
        triangles : ndarray of int, shape (points,)
        is_flat : bool
        """
        corners = self.uvs.astype(np.float64) if is_flat else self.positions[self.triangles]
        return weigh(points, corners[triangles])

    def place(self, points: np.ndarray) -> np.ndarray:
        """Where points of the UV square lie in space.

        Parameters
        ----------
        points : ndarray, shape (points, 2)

        Returns
        -------
        ndarray, float64, shape (points, 3)
            Not a number where no face is.
        """
        found = np.full((len(points), 3), np.nan)
        triangles = self.find(points)
        on = triangles >= 0
        weights = self.weigh(points[on], triangles[on], is_flat=True)
        found[on] = np.einsum("pc,pcx->px", weights, self.positions[self.triangles[triangles[on]]])
        return found


def faces_of(material: bpy.types.Material, uv_map: str, context: bpy.types.Context) -> Faces:
    """Read the faces that show a material: the mesh as it was modelled, or as its modifiers make it where the UV map is
    theirs.

    Parameters
    ----------
    material : Material
    uv_map : str
        Empty for the one of each mesh that renders by default.
    context : Context

    Raises
    ------
    SurfaceError
        There are none, or they have no UV map; the message says what to do.
    """
    owners = owners_of(material, context)
    if not owners:
        raise SurfaceError(f"No object of this scene with a mesh shows {material.name}: give it to one.")
    parts = [part for owner in owners if (part := _read(owner, material, uv_map, context)) is not None]
    if not parts:
        raise SurfaceError(
            f"No face of {owners[0].name} has {material.name}: assign it to some in Edit Mode."
        )
    starts = np.cumsum([0, *(len(positions) for positions, _, _ in parts)])
    return Faces(
        np.concatenate([positions for positions, _, _ in parts]),
        np.concatenate(
            [part.vertices + start for (_, _, part), start in zip(parts, starts[:-1], strict=True)]
        ),
        np.concatenate([uvs for _, uvs, _ in parts]),
        tuple(part for _, _, part in parts),
    )


def corners_on(material: bpy.types.Material, uv_map: str) -> np.ndarray:
    """UVs of a material's triangles on a UV map: float32, shape (triangles, 3, 2). Errors as of `faces_of`."""
    return faces_of(material, uv_map, bpy.context).uvs


def _read(
    owner: bpy.types.Object, material: bpy.types.Material, uv_map: str, context: bpy.types.Context
) -> tuple[np.ndarray, np.ndarray, Part] | None:
    """Positions, UVs and the rest of an object's faces; None where it has none of this material."""
    with as_read(owner, uv_map, context) as mesh:
        coordinates = read_coordinates(mesh, uv_map)
        if coordinates is None:
            wanted = f"no UV map “{uv_map}”" if uv_map else "no UV map"
            raise SurfaceError(
                f"{owner.name} has {wanted}: press Growth UV, unwrap it in Edit Mode with U, or choose another one."
            )
        mine = read_triangles(owner, mesh).taken(owner, material)
        if not len(mine.polygons):
            return None
        matrix = np.array(owner.matrix_world)
        return (
            transformed(matrix, read_positions(mesh)),
            coordinates[mine.corners],
            Part(owner.name, matrix, mine.vertices, mine.corners, mine.polygons),
        )
