# SPDX-License-Identifier: GPL-3.0-or-later
"""Places: where on a growing material a point of the window lies, and where its picture lies on the UV square."""

from __future__ import annotations

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
    region, view = context.region, context.region_data
    if region is None or view is None:
        return "Click in a 3D view."
    origin = view3d_utils.region_2d_to_origin_3d(region, view, (x, y))
    direction = view3d_utils.region_2d_to_vector_3d(region, view, (x, y))
    return place_along(context, origin, direction)


def place_along(
    context: bpy.types.Context, origin: mathutils.Vector, direction: mathutils.Vector
) -> Place | str:
    """Look what a ray meets first; returns as `place_under` does."""
    depsgraph = context.evaluated_depsgraph_get()
    is_hit, location, _, face, owner, matrix = context.scene.ray_cast(depsgraph, origin, direction)
    if not is_hit or owner is None:
        return "Nothing is there: click on an object that grows."
    mesh = owner.evaluated_get(depsgraph).data
    if not isinstance(mesh, bpy.types.Mesh) or face >= len(mesh.polygons):
        return f"{owner.name} has no faces that could grow."
    polygon = mesh.polygons[face]
    slots = owner.material_slots
    material = slots[min(polygon.material_index, len(slots) - 1)].material if len(slots) else None
    if material is None or not nca_of(material).growing:
        return f"Nothing grows on this part of {owner.name}: press New Growth first."
    nca = nca_of(material)
    layer = uv_layer_of(mesh, nca.uv_map)
    if layer is None:
        return f"{owner.name} has no UV map: unwrap it in Edit Mode with U."
    corners = [matrix @ mesh.vertices[vertex].co for vertex in polygon.vertices]
    weights = mathutils.interpolate.poly_3d_calc(
        [(corner.x, corner.y, corner.z) for corner in corners], location
    )
    uv = mathutils.Vector((0.0, 0.0, 0.0))
    for weight, loop in zip(weights, polygon.loop_indices, strict=True):
        uv.xy += weight * layer.uv[loop].vector
    x, y = picture_of(nca, np.array([uv.xy]))[0].tolist()
    if not (0 <= x <= 1 and 0 <= y <= 1):
        return "The growth's picture does not reach there: see Coordinates."
    return Place(material, (x, y))


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
