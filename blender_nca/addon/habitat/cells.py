# SPDX-License-Identifier: GPL-3.0-or-later
"""Cells: where each cell of a growth lies in space, on the mesh as it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import bpy
import numpy as np
from mathutils.bvhtree import BVHTree

from ...automaton.surface_error import SurfaceError
from ..material.properties import NCA_PG_growth, nca_of
from ..surface.cells import lay_once
from ..surface.digest import digest_of, rounded
from ..surface.meshes import (
    Triangles,
    are_of,
    as_shown,
    make_tree,
    owners_of,
    read_coordinates,
    read_positions,
    read_triangles,
    transformed,
    unit,
)
from ..surface.places import picture_matrix


class Part(NamedTuple):
    """The mesh of one object as its modifiers make it.

    Attributes
    ----------
    owner : str
        The object's name.
    positions : ndarray, shape (vertices, 3)
        In the world.
    mesh : Triangles
        All of them, also those that show other materials.
    normals : ndarray, shape (triangles, 3, 3)
        As it is shaded, in the world, of unit length.
    uvs : ndarray, shape (triangles, 3, 2)
        Of the growth's UV map.
    shown : ndarray of int
        Numbers of the triangles that show the growth's material.
    """

    owner: str
    positions: np.ndarray
    mesh: Triangles
    normals: np.ndarray
    uvs: np.ndarray
    shown: np.ndarray

    @property
    def triangles(self) -> np.ndarray:
        """Vertices of all triangles: shape (triangles, 3)."""
        return self.mesh.vertices


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a grid that lie on faces.

    Attributes
    ----------
    height, width : int
        Of the grid.
    number : ndarray of int, shape (cells,)
        Of each cell that lies on a face, row by row from the top.
    part, triangle : ndarray of int, shape (cells,)
        On which part, and which of its triangles.
    weights : ndarray, shape (cells, 3)
        Of the triangle's corners.
    island : ndarray of int, shape (cells,)
        Which connected part of the UV map it lies in.
    parts : tuple of Part
    """

    height: int
    width: int
    number: np.ndarray
    part: np.ndarray
    triangle: np.ndarray
    weights: np.ndarray
    island: np.ndarray
    parts: tuple[Part, ...] = field(repr=False)

    @cached_property
    def positions(self) -> np.ndarray:
        """In the world: float64, shape (cells, 3)."""
        return self.interpolate([part.positions[part.triangles] for part in self.parts])

    @cached_property
    def normals(self) -> np.ndarray:
        """As the surface is shaded, in the world, of unit length: float64, shape (cells, 3)."""
        return unit(self.interpolate([part.normals for part in self.parts]))

    @cached_property
    def face_normals(self) -> np.ndarray:
        """Of the flat triangles, on the side of `normals`: float64, shape (cells, 3)."""
        found = []
        for part in self.parts:
            one, two, three = (part.positions[part.triangles[:, corner]] for corner in range(3))
            found.append(unit(np.cross(two - one, three - one)))
        normals = self.pick(found)
        return normals * np.where((normals * self.normals).sum(1, keepdims=True) < 0, -1.0, 1.0)

    @cached_property
    def low(self) -> np.ndarray:
        """The least of each coordinate: shape (3,)."""
        return np.min([part.positions[part.triangles[part.shown]].min((0, 1)) for part in self.parts], 0)

    @cached_property
    def high(self) -> np.ndarray:
        """The most of each coordinate: shape (3,)."""
        return np.max([part.positions[part.triangles[part.shown]].max((0, 1)) for part in self.parts], 0)

    @cached_property
    def size(self) -> float:
        """The mesh's longest extent, above zero."""
        return float((self.high - self.low).max()) or 1.0

    @cached_property
    def spacing(self) -> float:
        """How large a cell is across, on average."""
        area = 0.0
        for part in self.parts:
            one, two, three = (part.positions[part.triangles[part.shown, corner]] for corner in range(3))
            area += float(np.linalg.norm(np.cross(two - one, three - one), axis=1).sum()) / 2
        return float(np.sqrt(area / len(self.number)))

    @cached_property
    def tree(self) -> BVHTree:
        """All triangles of the objects, also those that show other materials, to look for what is near."""
        starts = np.cumsum([0, *(len(part.positions) for part in self.parts)])
        positions = np.concatenate([part.positions for part in self.parts])
        triangles = np.concatenate(
            [part.triangles + start for part, start in zip(self.parts, starts[:-1], strict=True)]
        )
        return make_tree(positions, triangles)

    def interpolate(self, corners: list[np.ndarray]) -> np.ndarray:
        """Values at the cells of what triangles have at their corners.

        Parameters
        ----------
        corners : list of ndarray, shape (triangles, 3, ...)
            One a part.
        """
        values = self.pick(corners)
        return (self.weights.reshape(*self.weights.shape, *[1] * (values.ndim - 2)) * values).sum(1)

    def pick(self, values: list[np.ndarray]) -> np.ndarray:
        """Values at the cells of what triangles have: shape (cells, ...) of a part's (triangles, ...) each."""
        found = np.empty((len(self.number), *values[0].shape[1:]))
        for number, of_part in enumerate(values):
            here = self.part == number
            found[here] = of_part[self.triangle[here]]
        return found


def read_parts(material: bpy.types.Material, context: bpy.types.Context) -> tuple[Part, ...]:
    """Read the meshes that show a material.

    Raises
    ------
    SurfaceError
        There are none; the message says what to do.
    """
    uv_map = nca_of(material).uv_map
    owners = owners_of(material, context)
    parts = [part for owner in owners if (part := _read(owner, material, uv_map, context)) is not None]
    if not parts:
        raise SurfaceError(f"No face of this scene shows {material.name}: assign it to some in Edit Mode.")
    return tuple(parts)


def describe(parts: tuple[Part, ...]) -> str:
    """A hash of what meshes are and where they stand, to a ten-thousandth of their size."""
    size = max(np.abs(part.positions).max(initial=0.0) for part in parts) or 1.0
    return digest_of(
        *(
            array
            for part in parts
            for array in (rounded(part.positions, size), part.triangles, part.mesh.slots, part.uvs)
        )
    )


def lay_cells(material: bpy.types.Material, parts: tuple[Part, ...]) -> Cells:
    """Find where the cells of a material's growth lie on its meshes.

    Raises
    ------
    SurfaceError
        On no face; the message says what to do.
    """
    nca = nca_of(material)
    starts = np.cumsum([0, *(len(part.positions) for part in parts)])
    positions = np.concatenate([part.positions for part in parts])
    triangles = np.concatenate(
        [part.triangles[part.shown] + start for part, start in zip(parts, starts[:-1], strict=True)]
    )
    number = np.concatenate([part.shown for part in parts])
    of_part = np.repeat(np.arange(len(parts)), [len(part.shown) for part in parts])
    uvs = np.concatenate([part.uvs[part.shown] for part in parts])
    layout, island = lay_once(nca, positions, triangles, uvs)
    if not len(layout.number):
        raise SurfaceError(
            f"No cell lies on a face that shows {material.name}: unwrap it inside the UV square, in Edit Mode with U."
        )
    found = layout.triangle
    return Cells(
        nca.height, nca.width, layout.number, of_part[found], number[found], layout.weights, island, parts
    )


def _read(
    owner: bpy.types.Object, material: bpy.types.Material, uv_map: str, context: bpy.types.Context
) -> Part | None:
    """The mesh of an object as it is shown; None where none of its faces has the material."""
    with as_shown(owner, uv_map, context) as mesh:
        coordinates = read_coordinates(mesh, uv_map)
        if coordinates is None:
            wanted = f"no UV map “{uv_map}”" if uv_map else "no UV map"
            raise SurfaceError(
                f"{owner.name} has {wanted}: unwrap it in Edit Mode with U, or choose another one."
            )
        triangles = read_triangles(owner, mesh)
        shown = np.flatnonzero(are_of(owner, material)[triangles.slots])
        if not len(shown):
            return None
        positions, normals = read_positions(mesh), np.empty(3 * len(mesh.loops), np.float32)
        mesh.corner_normals.foreach_get("vector", normals)
    matrix = np.array(owner.matrix_world)
    # normals stand on the surface also where an object is scaled more along one axis than along another
    upright = np.linalg.pinv(matrix[:3, :3])
    return Part(
        owner.name,
        transformed(matrix, positions),
        triangles,
        unit(normals.reshape(-1, 3)[triangles.corners].astype(np.float64) @ upright),
        coordinates[triangles.corners],
        shown,
    )


def mapping_matrix(nca: NCA_PG_growth) -> np.ndarray | None:
    """What the growth's Mapping node does to its UV map, of shape (4, 4); None where that is nothing, as on a mesh."""
    matrix = picture_matrix(nca)
    return None if np.array_equal(matrix, np.eye(4)) else matrix
