# SPDX-License-Identifier: GPL-3.0-or-later
"""Places: where on a growing material a point of the window lies, what a ray meets there, and where pictures lie on the
UV square."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import bpy
import mathutils
import numpy as np
from bpy_extras import view3d_utils

from ..host.nodes import value_of
from ..material import coordinates
from ..material.properties import NCA_PG_growth, nca_of
from .meshes import uv_layer_of


class Place(NamedTuple):
    """A point of a growth's picture, and what is there.

    Attributes
    ----------
    material : Material
    at : tuple of float
        0, 0 is the picture's lower left corner, 1, 1 its upper right one.
    """

    material: bpy.types.Material
    at: tuple[float, float]


class Hit(NamedTuple):
    """What a ray has met.

    Attributes
    ----------
    owner : Object
    matrix : Matrix
        From the object, or the instance of it, to the world.
    at, normal : Vector
        In the world.
    face : int
        Of the mesh.
    mesh : Mesh or None
        The object's, as it is shown.
    """

    owner: bpy.types.Object
    matrix: mathutils.Matrix
    at: mathutils.Vector
    normal: mathutils.Vector
    face: int
    mesh: bpy.types.Mesh | None


def place_under(context: bpy.types.Context, x: float, y: float) -> Place | str:
    """Look what lies under a point of the 3D view.

    Parameters
    ----------
    context : Context
    x, y : float
        Pixels in the region.

    Returns
    -------
    Place, or str
        Why there is none.
    """
    ray = ray_under(context, x, y)
    return "Click in a 3D view." if ray is None else place_along(context, *ray)


def place_along(
    context: bpy.types.Context, origin: mathutils.Vector, direction: mathutils.Vector
) -> Place | str:
    """Look what a ray meets first; returns as `place_under` does."""
    hit = hit_along(context, origin, direction)
    material = material_at(hit, "click on")
    if hit is None or isinstance(material, str):
        return str(material)
    nca, mesh, owner = nca_of(material), hit.mesh, hit.owner
    assert mesh is not None  # the material was found on it
    polygon = mesh.polygons[hit.face]
    layer = uv_layer_of(mesh, nca.uv_map)
    if layer is None:
        return f"{owner.name} has no UV map: unwrap it in Edit Mode with U."
    corners = [hit.matrix @ mesh.vertices[vertex].co for vertex in polygon.vertices]
    weights = mathutils.interpolate.poly_3d_calc(
        [(corner.x, corner.y, corner.z) for corner in corners], hit.at
    )
    uv = mathutils.Vector((0.0, 0.0, 0.0))
    for weight, loop in zip(weights, polygon.loop_indices, strict=True):
        uv.xy += weight * layer.uv[loop].vector
    x, y = picture_of(nca, np.array([uv.xy]))[0].tolist()
    if not (0 <= x <= 1 and 0 <= y <= 1):
        return "The growth's picture does not reach there: see Coordinates."
    return Place(material, (x, y))


def ray_under(
    context: bpy.types.Context, x: float, y: float
) -> tuple[mathutils.Vector, mathutils.Vector] | None:
    """Origin and direction of what is seen at a point of the 3D view, in pixels; None in other editors."""
    region, view = context.region, context.region_data
    if region is None or view is None:
        return None
    return (
        view3d_utils.region_2d_to_origin_3d(region, view, (x, y)),
        view3d_utils.region_2d_to_vector_3d(region, view, (x, y)),
    )


def hit_along(
    context: bpy.types.Context, origin: mathutils.Vector, direction: mathutils.Vector
) -> Hit | None:
    """What a ray meets first; None where there is nothing."""
    depsgraph = context.evaluated_depsgraph_get()
    is_hit, at, normal, face, owner, matrix = context.scene.ray_cast(depsgraph, origin, direction)
    if not is_hit or owner is None:
        return None
    mesh = owner.evaluated_get(depsgraph).data
    return Hit(owner, matrix, at, normal, face, mesh if isinstance(mesh, bpy.types.Mesh) else None)


def material_at(hit: Hit | None, do: str) -> bpy.types.Material | str:
    """The growing material where a ray met something, or why there is none; what one is to `do`, such as “click on”."""
    if hit is None:
        return f"Nothing is there: {do} an object that grows."
    if hit.mesh is None or hit.face >= len(hit.mesh.polygons):
        return f"{hit.owner.name} has no faces that could grow."
    slots = hit.owner.material_slots
    number = min(hit.mesh.polygons[hit.face].material_index, len(slots) - 1)
    material = slots[number].material if len(slots) else None
    if material is None or not nca_of(material).growing:
        return f"Nothing grows on this part of {hit.owner.name}: press New Growth first."
    return material


def reach_of(context: bpy.types.Context, x: float, y: float, at: Sequence[float], radius: float) -> float:
    """How large a radius of so many pixels around a point of the 3D view is at the place that is seen there."""
    region, view = context.region, context.region_data
    assert region is not None and view is not None  # the place was found in them
    beside = view3d_utils.region_2d_to_location_3d(region, view, (x + radius, y), at)
    return float(np.linalg.norm(np.array(beside) - np.array(at)))


def picture_of(nca: NCA_PG_growth, uvs: np.ndarray) -> np.ndarray:
    """Where points of the UV square lie in a growth's picture; outside of 0 to 1 where it does not reach there.

    Parameters
    ----------
    nca : NCA_PG_growth
    uvs : ndarray, shape (points, 2)

    Returns
    -------
    ndarray, float64, shape (points, 2)
    """
    matrix = picture_matrix(nca)
    at = uvs @ matrix[:2, :2].T + matrix[:2, 3]
    return at % 1.0 if nca.over == "PICTURE" and nca.wrap else at


def uvs_of(nca: NCA_PG_growth, points: np.ndarray) -> np.ndarray:
    """Where points of a growth's picture lie on the UV square: the way back of `picture_of`."""
    points = np.asarray(points, np.float64).reshape(-1, 2)
    matrix = picture_matrix(nca)
    if not np.linalg.det(matrix):
        return points
    return (np.pad(points, [(0, 0), (0, 1)]) - matrix[:3, 3]) @ np.linalg.inv(matrix[:3, :3]).T[:, :2]


def picture_matrix(nca: NCA_PG_growth) -> np.ndarray:
    """What the Mapping node of a picture does to a UV: shape (4, 4). A surface lies as the UV map itself does."""
    mapping = coordinates.mapping_of(nca.tree) if nca.over == "PICTURE" else None
    if mapping is None:
        return np.eye(4)
    said = {name: value_of(mapping.inputs[name]) for name in ("Location", "Rotation", "Scale")}
    return np.array(
        mathutils.Matrix.LocRotScale(
            mathutils.Vector(said["Location"]),
            mathutils.Euler(said["Rotation"]),
            mathutils.Vector(said["Scale"]),
        )
    )
