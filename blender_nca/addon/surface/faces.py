# SPDX-License-Identifier: GPL-3.0-or-later
"""Faces: the triangles that show a material, of all objects together, with their UV coordinates."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import bpy
import numpy as np
from mathutils.bvhtree import BVHTree

from ...automaton.surface import SurfaceError
from ..material.target import object_of

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
        Numbers in the object's mesh, see `mesh_of`.
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
        size = np.abs(shape).max(initial=0.0) or 1.0
        summed = hashlib.sha256()
        for array in (np.rint(shape / size * 1e4) + 0.0, self.triangles, self.uvs):
            summed.update(np.ascontiguousarray(array).tobytes())
        return summed.hexdigest()[:32]

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
        return _tree_of(self.positions, self.triangles)

    @cached_property
    def _flat_tree(self) -> BVHTree:
        corners = np.pad(self.uvs.reshape(-1, 2), [(0, 0), (0, 1)])
        triangles = np.arange(len(corners)).reshape(-1, 3)
        return _tree_of(corners, triangles)

    def weigh(self, points: np.ndarray, triangles: np.ndarray, is_flat: bool) -> np.ndarray:
        """How much of each corner is in points on triangles: float64, shape (points, 3), one together.

        Parameters
        ----------
        points : ndarray, shape (points, 2) or (points, 3)
            On the UV square where `is_flat`, else in space.
        triangles : ndarray of int, shape (points,)
        is_flat : bool
        """
        corners = (
            self.uvs.astype(np.float64)[triangles] if is_flat else self.positions[self.triangles[triangles]]
        )
        along, down, away = (
            corners[:, 1] - corners[:, 0],
            corners[:, 2] - corners[:, 0],
            points - corners[:, 0],
        )

        def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
            return (a * b).sum(1)

        area = dot(along, along) * dot(down, down) - dot(along, down) ** 2
        area = np.where(area > 0, area, np.inf)  # all of the first corner, where there is no area
        two = (dot(down, down) * dot(away, along) - dot(along, down) * dot(away, down)) / area
        three = (dot(along, along) * dot(away, down) - dot(along, down) * dot(away, along)) / area
        weights = np.stack([1 - two - three, two, three], 1).clip(0, 1)
        return weights / weights.sum(1, keepdims=True)

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


def owners_of(material: bpy.types.Material, context: bpy.types.Context) -> list[bpy.types.Object]:
    """The objects with a mesh that show a material, the active one first; of several with one mesh, one."""
    active = object_of(context)
    shown = [one for one in context.scene.objects if one.type == "MESH" and _slots(one, material)]
    shown.sort(key=lambda one: (one != active, one.name))
    meshes: dict[bpy.types.ID, bpy.types.Object] = {}
    for one in shown:
        if one.data is not None:
            meshes.setdefault(one.data, one)
    return list(meshes.values())


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
    parts = [part for owner in owners for part in _read(owner, material, uv_map, context)]
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


@contextlib.contextmanager
def as_modelled(owner: bpy.types.Object) -> Iterator[bpy.types.Mesh]:
    """The mesh of an object without its modifiers; of one in Edit Mode, which does not show its UVs, a copy."""
    assert isinstance(owner.data, bpy.types.Mesh)
    if owner.mode != "EDIT":
        yield owner.data
        return
    owner.update_from_editmode()
    try:
        yield owner.to_mesh(preserve_all_data_layers=True)
    finally:
        owner.to_mesh_clear()


def mesh_of(owner: bpy.types.Object, uv_map: str, context: bpy.types.Context) -> bpy.types.Mesh:
    """The mesh of an object whose faces are read: as it was modelled, where it has the UV map, else as it is shown."""
    mesh = owner.data
    assert isinstance(mesh, bpy.types.Mesh)
    if not has_uv_map(mesh, uv_map):
        shown = owner.evaluated_get(context.evaluated_depsgraph_get()).data
        mesh = shown if isinstance(shown, bpy.types.Mesh) else mesh
    return mesh


def _tree_of(positions: np.ndarray, triangles: np.ndarray) -> BVHTree:
    tree = BVHTree.FromPolygons(positions.tolist(), triangles.tolist(), all_triangles=True)
    return tree  # type: ignore[return-value]  # the stubs say that it gives nothing


def transformed(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points where a matrix of shape (4, 4) takes them: float64, shape (points, 3)."""
    return points @ matrix[:3, :3].T + matrix[:3, 3]


def _slots(owner: bpy.types.Object, material: bpy.types.Material) -> list[int]:
    return [number for number, slot in enumerate(owner.material_slots) if slot.material == material]


def _read(
    owner: bpy.types.Object, material: bpy.types.Material, uv_map: str, context: bpy.types.Context
) -> Iterator[tuple[np.ndarray, np.ndarray, Part]]:
    """Positions, UVs and the rest of an object's faces, where it has any of this material."""
    with as_modelled(owner) as mesh:
        if has_uv_map(mesh, uv_map):
            yield from _read_mesh(mesh, owner, material, uv_map)
            return
    yield from _read_mesh(mesh_of(owner, uv_map, context), owner, material, uv_map)


def _read_mesh(
    mesh: bpy.types.Mesh, owner: bpy.types.Object, material: bpy.types.Material, uv_map: str
) -> Iterator[tuple[np.ndarray, np.ndarray, Part]]:
    coordinates = read_coordinates(mesh, uv_map)
    if coordinates is None:
        wanted = f"no UV map “{uv_map}”" if uv_map else "no UV map"
        raise SurfaceError(
            f"{owner.name} has {wanted}: press Growth UV, unwrap it in Edit Mode with U, or choose another one."
        )
    mesh.calc_loop_triangles()
    count = len(mesh.loop_triangles)
    loops, polygons = np.empty(3 * count, np.int32), np.empty(count, np.int32)
    mesh.loop_triangles.foreach_get("loops", loops)
    mesh.loop_triangle_polygons.foreach_get("value", polygons)
    kept = read_shown(owner, mesh, material)[polygons]
    if not kept.any():
        return
    matrix = np.array(owner.matrix_world)
    corners = loops.reshape(-1, 3)[kept]
    vertices = read_corners(mesh)[corners].astype(np.int64)
    yield (
        transformed(matrix, read_positions(mesh)),
        coordinates[corners],
        Part(owner.name, matrix, vertices, corners, polygons[kept]),
    )


def read_corners(mesh: bpy.types.Mesh) -> np.ndarray:
    """Vertices of a mesh's faces, one after the other: int32, shape (corners,)."""
    return _values(mesh, ".corner_vert", len(mesh.loops), np.int32)


def read_positions(mesh: bpy.types.Mesh) -> np.ndarray:
    """Where a mesh's vertices are in the object: float64, shape (vertices, 3)."""
    return _values(mesh, "position", 3 * len(mesh.vertices), np.float32).reshape(-1, 3).astype(np.float64)


def read_shown(owner: bpy.types.Object, mesh: bpy.types.Mesh, material: bpy.types.Material) -> np.ndarray:
    """Which faces of an object have a material: bool, shape (faces,)."""
    has = np.zeros(max(1, len(owner.material_slots)), bool)
    has[_slots(owner, material)] = True
    return has[_values(mesh, "material_index", len(mesh.polygons), np.int32).clip(0, len(has) - 1)]


def _values(mesh: bpy.types.Mesh, name: str, count: int, kind: type) -> np.ndarray:
    """Values of an attribute, zero where the mesh does not have it. They are copied at once; what vertices, faces and
    corners say of themselves is asked for one by one."""
    values: np.ndarray = np.zeros(count, kind)
    attribute: Any = mesh.attributes.get(name)
    if attribute is not None:
        attribute.data.foreach_get("vector" if kind is np.float32 else "value", values)
    return values


def has_uv_map(mesh: bpy.types.Mesh, uv_map: str) -> bool:
    return uv_map in mesh.uv_layers if uv_map else bool(len(mesh.uv_layers))


def read_coordinates(mesh: bpy.types.Mesh, uv_map: str) -> np.ndarray | None:
    """UV of each corner: shape (corners, 2); None where the mesh has no such map."""
    if not has_uv_map(mesh, uv_map):
        return None
    layer = mesh.uv_layers[uv_map] if uv_map else next(one for one in mesh.uv_layers if one.active_render)
    values = np.empty(2 * len(mesh.loops), np.float32)
    layer.uv.foreach_get("vector", values)
    return values.reshape(-1, 2)
