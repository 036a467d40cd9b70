# SPDX-License-Identifier: GPL-3.0-or-later
"""Meshes: which objects show a material, and what their meshes hold, as modelled or as shown, also in Edit Mode."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import bpy
import numpy as np
from mathutils.bvhtree import BVHTree

from ..material.target import object_of


class Triangles(NamedTuple):
    """The triangles of a mesh.

    Attributes
    ----------
    vertices, corners : ndarray of int, shape (triangles, 3)
        Numbers in the mesh.
    polygons, slots : ndarray of int, shape (triangles,)
        The face that each is of, and the slot of the object in which its material is.
    """

    vertices: np.ndarray
    corners: np.ndarray
    polygons: np.ndarray
    slots: np.ndarray

    def taken(self, owner: bpy.types.Object, material: bpy.types.Material) -> Triangles:
        """Those of a material."""
        kept = are_of(owner, material)[self.slots]
        return Triangles(*(each[kept] for each in self))


def owners_of(material: bpy.types.Material, context: bpy.types.Context) -> list[bpy.types.Object]:
    """The objects with a mesh that show a material, the active one first; of several with one mesh, one."""
    active = object_of(context)
    shown = [one for one in context.scene.objects if one.type == "MESH" and are_of(one, material).any()]
    shown.sort(key=lambda one: (one != active, one.name))
    meshes: dict[bpy.types.ID, bpy.types.Object] = {}
    for one in shown:
        if one.data is not None:
            meshes.setdefault(one.data, one)
    return list(meshes.values())


def are_of(owner: bpy.types.Object, material: bpy.types.Material) -> np.ndarray:
    """In which slots of an object a material is: bool, shape (slots,), of one at least."""
    return np.array([slot.material == material for slot in owner.material_slots] or [False])


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


@contextlib.contextmanager
def as_read(owner: bpy.types.Object, uv_map: str, context: bpy.types.Context) -> Iterator[bpy.types.Mesh]:
    """The mesh of which faces are read: as modelled, where it has the UV map so, else as shown."""
    with as_modelled(owner) as mesh:
        yield mesh if has_uv_map(mesh, uv_map) else mesh_of(owner, uv_map, context)


@contextlib.contextmanager
def as_shown(owner: bpy.types.Object, uv_map: str, context: bpy.types.Context) -> Iterator[bpy.types.Mesh]:
    """The mesh of an object as its modifiers make it, where it has the UV map so, else as modelled; while it is edited,
    as it is edited."""
    if owner.mode == "EDIT":
        with as_modelled(owner) as mesh:
            yield mesh
        return
    yield shown_mesh(owner, uv_map, context.evaluated_depsgraph_get())


def mesh_of(owner: bpy.types.Object, uv_map: str, context: bpy.types.Context) -> bpy.types.Mesh:
    """As `as_read`, of an object that is not being edited."""
    mesh = owner.data
    assert isinstance(mesh, bpy.types.Mesh)
    if has_uv_map(mesh, uv_map):
        return mesh
    shown = owner.evaluated_get(context.evaluated_depsgraph_get()).data
    return shown if isinstance(shown, bpy.types.Mesh) else mesh


def shown_mesh(owner: bpy.types.Object, uv_map: str, depsgraph: bpy.types.Depsgraph) -> bpy.types.Mesh:
    """As `as_shown`, of an object that is not being edited."""
    mesh = owner.data
    assert isinstance(mesh, bpy.types.Mesh)
    shown = owner.evaluated_get(depsgraph).data
    return shown if isinstance(shown, bpy.types.Mesh) and has_uv_map(shown, uv_map) else mesh


def uv_layer_of(mesh: bpy.types.Mesh, uv_map: str) -> bpy.types.MeshUVLoopLayer | None:
    """A UV map of a mesh, or the one that renders by default where none is named; None where there is no such one."""
    layers = (one for one in mesh.uv_layers if (one.name == uv_map if uv_map else one.active_render))
    return next(layers, None)


def has_uv_map(mesh: bpy.types.Mesh, uv_map: str) -> bool:
    return uv_map in mesh.uv_layers if uv_map else bool(len(mesh.uv_layers))


def read_coordinates(mesh: bpy.types.Mesh, uv_map: str) -> np.ndarray | None:
    """UV of each corner: float32, shape (corners, 2); None where the mesh has no such map, or does not show it because
    it is being edited."""
    layer = uv_layer_of(mesh, uv_map)
    if layer is None or len(layer.uv) != len(mesh.loops):
        return None
    values = np.empty(2 * len(mesh.loops), np.float32)
    layer.uv.foreach_get("vector", values)
    return values.reshape(-1, 2)


def read_triangles(owner: bpy.types.Object, mesh: bpy.types.Mesh) -> Triangles:
    """Divide the faces of an object's mesh into triangles."""
    mesh.calc_loop_triangles()
    count = len(mesh.loop_triangles)
    corners, polygons = np.empty(3 * count, np.int32), np.empty(count, np.int32)
    mesh.loop_triangles.foreach_get("loops", corners)
    mesh.loop_triangle_polygons.foreach_get("value", polygons)
    corners = corners.reshape(-1, 3)
    vertices = read_corners(mesh)[corners].astype(np.int64)
    return Triangles(vertices, corners, polygons, read_slots(owner, mesh)[polygons])


def read_corners(mesh: bpy.types.Mesh) -> np.ndarray:
    """Vertices of a mesh's faces, one after the other: int32, shape (corners,)."""
    return _values(mesh, ".corner_vert", len(mesh.loops), np.int32)


def read_positions(of: bpy.types.Mesh | bpy.types.PointCloud) -> np.ndarray:
    """Where the vertices of a mesh, or points, are in the object: float64, shape (vertices, 3)."""
    count = len(of.vertices if isinstance(of, bpy.types.Mesh) else of.points)
    return _values(of, "position", 3 * count, np.float32).reshape(-1, 3).astype(np.float64)


def read_edges(mesh: bpy.types.Mesh) -> np.ndarray:
    """Vertices of a mesh's edges: int32, shape (edges, 2)."""
    edges = np.empty(2 * len(mesh.edges), np.int32)
    mesh.edges.foreach_get("vertices", edges)
    return edges.reshape(-1, 2)


def read_slots(owner: bpy.types.Object, mesh: bpy.types.Mesh) -> np.ndarray:
    """In which slot of an object the material of each face is: int32, shape (faces,)."""
    last = max(0, len(owner.material_slots) - 1)
    return _values(mesh, "material_index", len(mesh.polygons), np.int32).clip(0, last)


def read_shown(owner: bpy.types.Object, mesh: bpy.types.Mesh, material: bpy.types.Material) -> np.ndarray:
    """Which faces of an object have a material: bool, shape (faces,)."""
    return are_of(owner, material)[read_slots(owner, mesh)]


def read_group(owner: bpy.types.Object, mesh: bpy.types.Mesh, name: str) -> np.ndarray | None:
    """Weights of a mesh's vertices in a group of its object: float64, shape (vertices,); None where there is none."""
    group = owner.vertex_groups.get(name)
    if group is None:
        return None
    weights, number = np.zeros(len(mesh.vertices)), group.index
    for vertex, each in enumerate(mesh.vertices):
        for element in each.groups:
            if element.group == number:
                weights[vertex] = element.weight
    return weights


def _values(of: bpy.types.Mesh | bpy.types.PointCloud, name: str, count: int, kind: type) -> np.ndarray:
    """Values of an attribute, zero where there is none. They are copied at once; what vertices, faces and
    corners say of themselves is asked for one by one."""
    values: np.ndarray = np.zeros(count, kind)
    attribute: Any = of.attributes.get(name)
    if attribute is not None:
        attribute.data.foreach_get("vector" if kind is np.float32 else "value", values)
    return values


def transformed(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points where a matrix of shape (4, 4) takes them: float64, shape (points, 3)."""
    return points @ matrix[:3, :3].T + matrix[:3, 3]


def unit(vectors: np.ndarray) -> np.ndarray:
    """Vectors (..., 3) of length one, the same way; zero stays zero: float64."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, length, out=np.zeros(vectors.shape), where=length > 0)


def make_tree(positions: np.ndarray, triangles: np.ndarray) -> BVHTree:
    """Triangles (triangles, 3) between points (points, 3), to look for what is near."""
    tree: BVHTree = BVHTree.FromPolygons(  # type: ignore[assignment]  # the stubs say that it returns nothing
        positions.tolist(), triangles.tolist(), all_triangles=True
    )
    return tree
