# SPDX-License-Identifier: GPL-3.0-or-later
"""Cells: where the cells of a growth are seen in space, on its objects as they are posed in a frame."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import bpy
import numpy as np

from ...automaton.growth import GrowthError
from ...automaton.surface_mesh import cover, cross, expand
from ..material.properties import NCA_PG_growth, nca_of
from ..surface.faces import owners_of
from ..surface.places import picture_matrix

MOST = 8_000_000
"""Places of cells on an object: a picture that repeats more often than that is refused."""
_HELD = 16

_layouts: dict[tuple[object, ...], Layout] = {}
"""What it was made of -> the layout. While a mesh only moves or bends it stays the same."""


@dataclass(frozen=True)
class Layout:
    """Which cells lie on which triangles; one that is seen in several places stands there as often.

    Attributes
    ----------
    number : ndarray of int, shape (places,)
        Of each cell, row by row from the top.
    triangle : ndarray of int, shape (places,)
    weights : ndarray, shape (places, 3)
        Of the triangle's corners at the cell's centre, one together.
    """

    number: np.ndarray
    triangle: np.ndarray
    weights: np.ndarray

    def mix(self, values: np.ndarray) -> np.ndarray:
        """Values of the triangles' corners (triangles, 3, ...) at each place: shape (places, ...)."""
        taken = values[self.triangle]
        return np.einsum("pk,pk...->p...", self.weights, taken)


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
    vertices, loops : ndarray of int, shape (triangles, 3)
        Of the corners of its triangles.
    polygons : ndarray of int, shape (triangles,)
    """

    owner: int
    data: int
    matrix: np.ndarray
    layout: Layout
    points: np.ndarray
    mesh: bpy.types.Mesh
    vertices: np.ndarray
    loops: np.ndarray
    polygons: np.ndarray

    def places(self, matrix: np.ndarray | None = None) -> np.ndarray:
        """In the world, or where another matrix takes them: float64, shape (places, 3)."""
        used = self.matrix if matrix is None else matrix
        return self.points @ used[:3, :3].T + used[:3, 3]


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


def forget_layouts() -> None:
    """Another file is open."""
    _layouts.clear()


def _read(
    owner: bpy.types.Object, material: bpy.types.Material, depsgraph: bpy.types.Depsgraph
) -> Part | None:
    nca = nca_of(material)
    modelled, mesh = owner.data, owner.evaluated_get(depsgraph).data
    assert isinstance(modelled, bpy.types.Mesh)
    if not isinstance(mesh, bpy.types.Mesh) or _uv_layer(mesh, nca) is None:
        mesh = modelled
    layer = _uv_layer(mesh, nca)
    if layer is None:
        return None
    mesh.calc_loop_triangles()
    count = len(mesh.loop_triangles)
    vertices, loops, polygons, slots = (np.empty(size * count, np.int32) for size in (3, 3, 1, 1))
    mesh.loop_triangles.foreach_get("vertices", vertices)
    mesh.loop_triangles.foreach_get("loops", loops)
    mesh.loop_triangles.foreach_get("polygon_index", polygons)
    mesh.loop_triangles.foreach_get("material_index", slots)
    used = [number for number, slot in enumerate(owner.material_slots) if slot.material == material]
    kept = np.isin(slots.clip(0, max(0, len(owner.material_slots) - 1)), used)
    vertices, loops = vertices.reshape(-1, 3)[kept], loops.reshape(-1, 3)[kept]
    uvs = np.empty(2 * len(mesh.loops), np.float32)
    layer.uv.foreach_get("vector", uvs)
    layout = _lay_out(nca, uvs.reshape(-1, 2)[loops])
    positions = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", positions)
    points = layout.mix(positions.reshape(-1, 3).astype(np.float64)[vertices])
    matrix = np.array(owner.evaluated_get(depsgraph).matrix_world)
    return Part(
        owner.session_uid, modelled.session_uid, matrix, layout, points, mesh, vertices, loops, polygons[kept]
    )


def _uv_layer(mesh: bpy.types.Mesh, nca: NCA_PG_growth) -> bpy.types.MeshUVLoopLayer | None:
    layers = (one for one in mesh.uv_layers if (one.name == nca.uv_map if nca.uv_map else one.active_render))
    return next(layers, None)


def _lay_out(nca: NCA_PG_growth, uvs: np.ndarray) -> Layout:
    """Lay triangles (triangles, 3, 2) of the UV square onto the grid."""
    repeats = nca.over == "PICTURE" and nca.wrap
    rows = picture_matrix(nca)
    key = nca.height, nca.width, repeats, rows.tobytes(), hashlib.sha256(uvs.tobytes()).digest()
    if key not in _layouts:
        _layouts[key] = _find_layout(uvs, rows, nca.height, nca.width, repeats)
        while len(_layouts) > _HELD:
            del _layouts[next(iter(_layouts))]
    return _layouts[key]


def _find_layout(uvs: np.ndarray, matrix: np.ndarray, height: int, width: int, repeats: bool) -> Layout:
    mapped = uvs.astype(np.float64) @ matrix[:2, :2].T + matrix[:2, 3]
    corners = np.stack([mapped[..., 0] * width, (1 - mapped[..., 1]) * height], -1)
    area = cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    good = np.flatnonzero(np.isfinite(area) & (np.abs(area) > 1e-9))
    corners = corners[good]
    if repeats:
        size = np.array([width, height])
        first = np.floor(corners.min(1) / size)
        count = np.floor(corners.max(1) / size) - first + 1
        if count.prod(1).sum() > MOST or np.abs(area[good]).sum() / 2 > MOST:
            raise GrowthError("The picture repeats too often to be wounded: lower its Scale in Coordinates.")
        item, number = expand(count.prod(1).astype(np.int64))
        across = count[item, 0].astype(np.int64)
        tile = first[item] + np.stack([number % across, number // across], -1)
        corners, good = corners[item] - (tile * size)[:, None], good[item]
    cell, item = cover(corners, height, width)
    one, two, three = (corners[item, corner] for corner in range(3))
    at = np.stack([cell % width + 0.5, cell // width + 0.5], -1)
    whole = cross(two - one, three - one)
    second, third = cross(at - one, three - one) / whole, cross(two - one, at - one) / whole
    return Layout(cell, good[item], np.stack([1 - second - third, second, third], -1))
