# SPDX-License-Identifier: GPL-3.0-or-later
"""Places: where on a growing material a point of the window lies, and where its seeds lie in space."""

from __future__ import annotations

from typing import NamedTuple

import bpy
import mathutils
import numpy as np
from bpy_extras import view3d_utils

from ...automaton.surface import SurfaceError
from ..host.nodes import value_of
from ..material import coordinates
from ..material.properties import NCA_PG_growth, nca_of
from .faces import faces_of


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
    layer = next(
        (one for one in mesh.uv_layers if (one.name == nca.uv_map if nca.uv_map else one.active_render)), None
    )
    if layer is None:
        return f"{owner.name} has no UV map: unwrap it in Edit Mode with U."
    corners = [matrix @ mesh.vertices[vertex].co for vertex in polygon.vertices]
    weights = mathutils.interpolate.poly_3d_calc(
        [(corner.x, corner.y, corner.z) for corner in corners], location
    )
    uv = mathutils.Vector((0.0, 0.0, 0.0))
    for weight, loop in zip(weights, polygon.loop_indices, strict=True):
        uv.xy += weight * layer.uv[loop].vector
    at = _mapped(nca, uv)
    if nca.over == "PICTURE" and nca.wrap:
        at = at[0] % 1.0, at[1] % 1.0
    if not all(0 <= one <= 1 for one in at):
        return "The growth's picture does not reach there: see Coordinates."
    return Place(material, at)


def places_in_space(material: bpy.types.Material, context: bpy.types.Context) -> np.ndarray:
    """Where the seeds at points lie: float64, shape (points, 3); not a number for one that is on no face."""
    nca = nca_of(material)
    try:
        faces = faces_of(material, nca.uv_map, context)
    except SurfaceError:
        return np.full((len(nca.points), 3), np.nan)
    points = np.array([tuple(point.at) for point in nca.points], np.float64).reshape(-1, 2)
    mapping = coordinates.mapping_of(nca.tree)
    if mapping is not None and nca.over == "PICTURE":
        matrix = _matrix(mapping)
        if matrix.determinant():
            inverse = matrix.inverted()
            points = np.array([(inverse @ mathutils.Vector((*point, 0.0)))[:2] for point in points]).reshape(
                -1, 2
            )
    return faces.place(points)


def _mapped(nca: NCA_PG_growth, uv: mathutils.Vector) -> tuple[float, float]:
    """A UV where the Mapping node has taken it."""
    mapping = coordinates.mapping_of(nca.tree)
    if mapping is not None:
        uv = _matrix(mapping) @ uv
    return float(uv.x), float(uv.y)


def _matrix(mapping: bpy.types.Node) -> mathutils.Matrix:
    """What a Mapping node does to a point."""
    said = {name: value_of(mapping.inputs[name]) for name in ("Location", "Rotation", "Scale")}
    return mathutils.Matrix.LocRotScale(
        mathutils.Vector(said["Location"]), mathutils.Euler(said["Rotation"]), mathutils.Vector(said["Scale"])
    )


def picture_matrix(nca: NCA_PG_growth) -> mathutils.Matrix:
    """From UV to the growth's picture, as its Mapping node says."""
    mapping = coordinates.mapping_of(nca.tree)
    return mathutils.Matrix() if mapping is None else _matrix(mapping)
