# SPDX-License-Identifier: GPL-3.0-or-later
"""Combed: directions that a mesh keeps on its points, begun with those that a growth has, and changed by strokes."""

from __future__ import annotations

import bpy
import numpy as np

from ...automaton.growth_error import GrowthError
from ...automaton.surface_error import SurfaceError
from ...automaton.surface_ways import find_ways
from ..material import kept_surface
from . import attributes
from .directed import directed
from .directions import COMBED, DirectionError
from .faces import Faces, faces_of
from .meshes import mesh_of, owners_of

UPWARDS = (0.0, 0.0, 1.0)
"""Of the world: where points begin whose directions nothing says."""


def is_begun(owner: bpy.types.Object) -> bool:
    """Whether an object's mesh keeps directions that can be combed."""
    attribute = owner.data.attributes.get(COMBED)
    return attribute is not None and (attribute.domain, attribute.data_type) == ("POINT", "FLOAT_VECTOR")


def begin(material: bpy.types.Material, context: bpy.types.Context) -> list[bpy.types.Mesh]:
    """Let the meshes that show a material keep the directions that its growth has now, where they keep none.

    Returns
    -------
    list of Mesh
        Those that have come to keep them. The growth's angle is in these directions already.

    Raises
    ------
    DirectionError
        A mesh is linked, is being edited, or has something else of that name; the message says what to do.
    SurfaceError
        There is no mesh.
    """
    owners = [one for one in owners_of(material, context) if not is_begun(one)]
    if not owners:
        return []
    for owner in owners:
        if not owner.data.is_editable:
            raise DirectionError(
                f"The mesh of {owner.name} is linked: make it local to comb it (Object > Relations > Make Local)."
            )
        if owner.mode == "EDIT":
            raise DirectionError(f"{owner.name} is being edited: leave Edit Mode to comb it.")
        if COMBED in owner.data.attributes:
            raise DirectionError(
                f"{owner.name} has another attribute named “{COMBED}”: rename it, then comb."
            )
    nca = directed(material)
    faces = faces_of(material, nca.uv_map, context)
    ways = _ways_on_triangles(material, faces)
    first = 0
    begun: list[bpy.types.Mesh] = []
    for part in faces.parts:
        mine = ways[first : first + len(part.vertices)]
        first += len(mine)
        owner = bpy.data.objects[part.owner]
        mesh = owner.data
        if owner not in owners or not isinstance(mesh, bpy.types.Mesh):
            continue
        points = np.zeros((len(mesh.vertices), 3))
        if mesh == mesh_of(owner, nca.uv_map, context):
            for corner in range(3):
                np.add.at(points, part.vertices[:, corner], mine)
        else:  # its faces are made by modifiers
            points[:] = UPWARDS
        mesh.attributes.new(COMBED, "FLOAT_VECTOR", "POINT")
        write(mesh, unit(points @ np.linalg.pinv(part.matrix[:3, :3]).T))
        begun.append(mesh)
    return begun


def forget(mesh: bpy.types.Mesh) -> None:
    """Let a mesh keep no directions."""
    attribute = mesh.attributes.get(COMBED)
    if attribute is not None:
        mesh.attributes.remove(attribute)


def read(mesh: bpy.types.Mesh) -> np.ndarray:
    """The directions that a mesh keeps: float64, shape (points, 3), of length one or zero, in its own space."""
    return unit(attributes.read(mesh.attributes[COMBED]))


def write(mesh: bpy.types.Mesh, ways: np.ndarray) -> None:
    """Let a mesh keep directions: shape (points, 3)."""
    data = mesh.attributes[COMBED].data  # type: ignore[attr-defined]  # the stubs' common class has none
    data.foreach_set("vector", np.ascontiguousarray(ways, np.float32).reshape(-1))
    mesh.update()


def comb(ways: np.ndarray, normals: np.ndarray, weights: np.ndarray, way: np.ndarray) -> np.ndarray:
    """Turn directions toward one, each in its own tangent plane.

    Parameters
    ----------
    ways, normals : ndarray, shape (points, 3)
        Directions of length one or zero, and normals.
    weights : ndarray, shape (points,)
        How far: 0 leaves a direction, 1 gives it the new one.
    way : ndarray, shape (3,)

    Returns
    -------
    ndarray, shape (points, 3)
    """
    wanted = unit(way - (normals @ way)[:, None] * normals)
    # against the grain the mean of both is nothing: the short way round begins a little to the side
    aside = 0.05 * np.cross(normals, wanted) * (np.einsum("px,px->p", ways, wanted) < -0.9)[:, None]
    turned = unit((1 - weights)[:, None] * ways + weights[:, None] * (wanted + aside))
    kept = (weights <= 0) | ~wanted.any(1)
    return np.where(kept[:, None], ways, turned)


def _ways_on_triangles(material: bpy.types.Material, faces: Faces) -> np.ndarray:
    """The mean direction of the cells on each triangle, in the world; zero where it has none: shape (triangles, 3)."""
    try:
        surface = kept_surface.read_surface(directed(material))
        if surface is None:
            raise SurfaceError("It grows on a picture.")
        found = find_ways(surface, faces.positions, faces.triangles, faces.uvs)
    except (GrowthError, SurfaceError):  # it has no directions yet
        return np.broadcast_to(np.array(UPWARDS), (len(faces.triangles), 3))
    ways = np.zeros((len(faces.triangles), 3))
    for axis in range(3):
        ways[:, axis] = np.bincount(found.triangles, found.ups[:, axis], len(ways))
    return ways


def unit(vectors: np.ndarray) -> np.ndarray:
    """Vectors (..., 3) of length one; zero where they have none."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, length, out=np.zeros(vectors.shape), where=length > 1e-12)
