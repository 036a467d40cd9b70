# SPDX-License-Identifier: GPL-3.0-or-later
"""Curve: where the splines of a curve object run in the world."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import bpy
import numpy as np

from ...automaton.surface_error import SurfaceError
from ...automaton.surface_guide import Line
from .meshes import read_edges, read_positions, transformed

POINTS = 1024
"""Into about so many a curve is divided."""


def line_of(owner: bpy.types.Object, context: bpy.types.Context) -> Line:
    """Divide a curve into points; makes data-blocks for a moment where the curve has faces.

    Raises
    ------
    SurfaceError
        It has no length.
    """
    places, edges = wire_of(owner, context)
    starts, ends = edges.T
    sides = places[ends] - places[starts]
    lengths = np.linalg.norm(sides, axis=1)
    if not lengths.sum():
        raise SurfaceError(f"{owner.name} has no length: draw it longer, or choose another curve.")
    ways = np.zeros(places.shape)
    for vertices in (starts, ends):
        np.add.at(ways, vertices, sides / np.maximum(lengths, 1e-30)[:, None])
    divided = np.maximum(1, np.ceil(lengths / lengths.sum() * POINTS)).astype(int)
    edge = np.repeat(np.arange(len(lengths)), divided)
    first = np.repeat(np.cumsum(divided) - divided, divided)
    share = ((np.arange(len(edge)) - first + 0.5) / divided[edge])[:, None]
    return Line(
        (1 - share) * places[starts[edge]] + share * places[ends[edge]],
        (1 - share) * ways[starts[edge]] + share * ways[ends[edge]],
    )


def control_points(owner: bpy.types.Object, context: bpy.types.Context) -> np.ndarray:
    """Points and handles that shape a curve, in the world: float64, shape (points, 3)."""
    shown = owner.evaluated_get(context.evaluated_depsgraph_get()).data
    curve = shown if isinstance(shown, bpy.types.Curve) else owner.data
    parts = [np.zeros((0, 3), np.float32)]
    for spline in curve.splines:
        kinds = ("co", "handle_left", "handle_right") if spline.type == "BEZIER" else ("co",)
        points, size = (spline.bezier_points, 3) if spline.type == "BEZIER" else (spline.points, 4)
        for kind in kinds:
            values = np.empty(size * len(points), np.float32)
            points.foreach_get(kind, values)
            parts.append(values.reshape(-1, size)[:, :3])
    return transformed(np.array(owner.matrix_world), np.concatenate(parts).astype(np.float64))


def wire_of(owner: bpy.types.Object, context: bpy.types.Context) -> tuple[np.ndarray, np.ndarray]:
    """A curve as vertices and edges alone: places in the world, float64, shape (vertices, 3), and int (edges, 2).

    It makes data-blocks for a moment where the curve has faces.
    """
    with _wire(owner, context) as mesh:
        return transformed(np.array(owner.matrix_world), read_positions(mesh)), read_edges(mesh)


@contextmanager
def _wire(owner: bpy.types.Object, context: bpy.types.Context) -> Iterator[bpy.types.Mesh]:
    """A curve as vertices and edges alone, in its own space."""
    curve = owner.data
    assert isinstance(curve, bpy.types.Curve)
    # a closed curve in the plane is filled
    has_faces = (
        curve.bevel_depth or curve.extrude or curve.bevel_object is not None or curve.dimensions == "2D"
    )
    if not has_faces:
        shown = owner.evaluated_get(context.evaluated_depsgraph_get())
        try:
            yield shown.to_mesh()
        finally:
            shown.to_mesh_clear()
        return
    thin = owner.copy()
    thin.data = bare = curve.copy()
    bare.bevel_depth = bare.extrude = 0.0
    bare.bevel_object = None
    bare.dimensions = "3D"
    try:
        yield thin.to_mesh()
    finally:
        thin.to_mesh_clear()
        bpy.data.objects.remove(thin)
        bpy.data.curves.remove(bare)
