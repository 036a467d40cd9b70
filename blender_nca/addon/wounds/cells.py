# SPDX-License-Identifier: GPL-3.0-or-later
"""Cells: where the cells of a growth are seen in space, on its objects as they are posed in a frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import bpy
import numpy as np

from ...automaton.growth_error import GrowthError
from ..material.properties import nca_of
from ..surface.cells import Layout, lay_all
from ..surface.meshes import (
    Triangles,
    owners_of,
    read_coordinates,
    read_positions,
    read_triangles,
    shown_mesh,
    transformed,
)


@dataclass(frozen=True)
class Part:
    """The cells that one object shows.

    Attributes
    ----------
    owner, data : int
        Session uids of the object and its mesh.
    matrix : ndarray, shape (4, 4)
        From the object to the world.
    layout : Layout
    points : ndarray, shape (places, 3)
        In the object's space.
    mesh : Mesh
        What is seen, for as long as the frame stays.
    triangles : Triangles
        Those that show the growth.
    """

    owner: int
    data: int
    matrix: np.ndarray
    layout: Layout
    points: np.ndarray
    mesh: bpy.types.Mesh
    triangles: Triangles

    def places(self, matrix: np.ndarray | None = None) -> np.ndarray:
        """In the world, or where another matrix takes them: float64, shape (places, 3)."""
        used = self.matrix if matrix is None else matrix
        return transformed(used, self.points)


@dataclass(frozen=True)
class Cells:
    """The cells of a growth, in a frame.

    Attributes
    ----------
    height, width : int
        Of the grid.
    parts : tuple of Part
    """

    height: int
    width: int
    parts: tuple[Part, ...]

    def mask(self, touched: Iterable[np.ndarray]) -> np.ndarray:
        """The cells of which any place is touched.

        Parameters
        ----------
        touched : iterable of bool ndarray, shape (places,)
            Of each part.

        Returns
        -------
        ndarray, bool, shape (height, width)
        """
        found = np.zeros(self.height * self.width, bool)
        for part, each in zip(self.parts, touched, strict=True):
            found[part.layout.number[each]] = True
        return found.reshape(self.height, self.width)

    def within(
        self, at: np.ndarray, radius: float, owner: int = 0, data: int = 0, matrix: np.ndarray | None = None
    ) -> np.ndarray:
        """The cells within a distance of a place in the world.

        Parameters
        ----------
        at : ndarray, shape (3,)
        radius : float
        owner, data : int
            Session uids of the object that is there and of its mesh: it may be an instance, or share its mesh.
        matrix : ndarray, shape (4, 4), optional
            Where that one stands.

        Returns
        -------
        ndarray, bool, shape (height, width)
        """
        known = any(part.owner == owner for part in self.parts)

        def is_there(part: Part) -> bool:
            return part.owner == owner if known else part.data == data

        return self.mask(
            np.sum((part.places(matrix if is_there(part) else None) - at) ** 2, axis=1) <= radius**2
            for part in self.parts
        )


def cells_of(material: bpy.types.Material, context: bpy.types.Context) -> Cells:
    """Find where the cells of a material's growth are seen now: on the shape that modifiers, shape keys and armatures
    give its objects, by the UV map that this shape has, or on the mesh as it was modelled where it has none.

    Raises
    ------
    GrowthError
        None are seen; the message says what to do.
    """
    nca = nca_of(material)
    depsgraph = context.evaluated_depsgraph_get()
    parts = [_read(owner, material, depsgraph) for owner in owners_of(material, context)]
    seen = tuple(part for part in parts if part is not None and len(part.points))
    if not seen:
        raise GrowthError(
            f"No object of this scene shows cells of {material.name}: give it to one with a UV map."
        )
    return Cells(nca.height, nca.width, seen)


def _read(
    owner: bpy.types.Object, material: bpy.types.Material, depsgraph: bpy.types.Depsgraph
) -> Part | None:
    nca = nca_of(material)
    mesh = shown_mesh(owner, nca.uv_map, depsgraph)
    coordinates = read_coordinates(mesh, nca.uv_map)
    if coordinates is None:
        return None
    triangles = read_triangles(owner, mesh).taken(owner, material)
    layout = lay_all(nca, coordinates[triangles.corners])
    return Part(
        owner.session_uid,
        owner.data.session_uid,
        np.array(owner.evaluated_get(depsgraph).matrix_world),
        layout,
        layout.mix(read_positions(mesh)[triangles.vertices]),
        mesh,
        triangles,
    )
