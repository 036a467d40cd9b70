# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields: a number for each cell, of whatever a condition is about, and how far the condition holds there."""

from __future__ import annotations

import bpy
import mathutils
import numpy as np

from ...automaton.growth_error import GrowthError
from ..material.properties import nca_of
from ..material.updates import material_of
from ..surface.attributes import VALUES, at_corners
from ..surface.meshes import as_shown, make_tree, read_edges, read_group, read_outline, transformed
from .cells import Cells
from .conditions import FACINGS
from .noise import noise
from .occlusion import occlusion
from .properties import NCA_PG_condition
from .runs import runs

KINDS = frozenset(VALUES) - {"FLOAT_VECTOR", "INT8"}
"""Types of attributes that can be met."""
SPACING = 0.004
"""Of the mesh's size, between the points by which a curve is looked for."""
FINEST = 2.0
"""Cells across, at least, that a crevice or an edge is looked for in."""
FAINT = 0.04
"""How closed a place is, at least, to be a crevice, or an edge."""
SHARPEST = 1e-3
"""A range that is narrower, of its numbers or of the mesh's size, would be a jump."""


def measure(condition: NCA_PG_condition, cells: Cells, context: bpy.types.Context) -> np.ndarray:
    """What a condition of the scene is about, at each cell, in its own unit.

    Returns
    -------
    ndarray, float64, shape (cells,)

    Raises
    ------
    GrowthError
        What it names is not there; the message says what to do.
    """
    measured: np.ndarray = _MEASURES[condition.kind](condition, cells, context)
    return measured


def hold(
    condition: NCA_PG_condition, values: np.ndarray, size: float, spots: np.ndarray | None
) -> np.ndarray:
    """How far a condition holds: 0 where it does not, 1 where it does, one half at its border.

    Parameters
    ----------
    condition : NCA_PG_condition
    values : ndarray
        As `measure` gives them, or of an image, from 0 to 1.
    size : float
        Of the mesh.
    spots : ndarray or None
        From 0 to 1, of the shape of `values`: what makes the border ragged.
    """
    if condition.kind in {"HEIGHT", "DISTANCE"}:
        inside = condition.distance - values
        if condition.kind == "HEIGHT":
            inside = np.minimum(values - condition.bottom, condition.top - values)
        inside = inside / max(condition.soft, SHARPEST * size) + 0.5
    elif condition.kind == "SLOT":
        inside = values
    else:
        span = condition.high - condition.low
        inside = (values - condition.low) / (span if abs(span) > SHARPEST else SHARPEST)
    if spots is not None:
        inside = inside + condition.ragged * (2 * spots - 1)
    inside = inside.clip(0, 1)
    inside = inside * inside * (3 - 2 * inside)
    return 1 - inside if condition.invert else inside


def spots_of(condition: NCA_PG_condition, cells: Cells) -> np.ndarray:
    """The noise of a condition's ragged border at the cells: float64, shape (cells,)."""
    places = (cells.positions - cells.low) / cells.size
    return noise(places, condition.grain, condition.noise_seed)


def outline(owner: bpy.types.Object, context: bpy.types.Context) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """An object as it is shown: points (points, 3) in the world, triangles and edges by their numbers.

    What has neither faces nor edges is one point, where it stands.
    """
    matrix = np.array(owner.matrix_world)
    nothing = np.zeros((0, 3), np.int64), np.zeros((0, 2), np.int64)
    if owner.type not in {"MESH", "CURVE", "SURFACE", "FONT", "META"}:
        return matrix[None, :3, 3], *nothing
    shown = owner.evaluated_get(context.evaluated_depsgraph_get())
    mesh = shown.to_mesh()
    try:
        if mesh is None or not len(mesh.vertices):
            return matrix[None, :3, 3], *nothing
        points, triangles = read_outline(mesh)
        edges = read_edges(mesh).astype(np.int64)
    finally:
        shown.to_mesh_clear()
    return transformed(matrix, points), triangles.astype(np.int64), edges


def _target(condition: NCA_PG_condition, cells: Cells, context: bpy.types.Context) -> bpy.types.Object:
    target = condition.target
    if target is None:
        raise GrowthError("Choose its object.")
    if target.name not in context.scene.objects:
        raise GrowthError(f"{target.name} is not in this scene any more: choose another object.")
    return target


def _distance(condition: NCA_PG_condition, cells: Cells, context: bpy.types.Context) -> np.ndarray:
    target = _target(condition, cells, context)
    if target.name in {part.owner for part in cells.parts}:
        raise GrowthError(f"{target.name} grows itself: choose another object.")
    points, triangles, edges = outline(target, context)
    places = cells.positions.tolist()
    if len(triangles):
        tree = make_tree(points, triangles)
        return np.array([tree.find_nearest(place)[3] for place in places])
    if len(edges):
        points = _along(points[edges[:, 0]], points[edges[:, 1]], SPACING * cells.size)
    near = mathutils.kdtree.KDTree(len(points))
    for number, point in enumerate(points.tolist()):
        near.insert(point, number)
    near.balance()
    return np.array([near.find(place)[2] for place in places])


def _along(one: np.ndarray, other: np.ndarray, spacing: float) -> np.ndarray:
    """Points on lines, near to each other: shape (points, 3)."""
    counts = np.ceil(np.linalg.norm(other - one, axis=1) / spacing).astype(np.int64).clip(1, 1000) + 1
    line = np.repeat(np.arange(len(one)), counts)
    share = (np.arange(len(line)) - (np.cumsum(counts) - counts)[line]) / (counts[line] - 1)
    return one[line] + share[:, None] * (other - one)[line]


def _height(condition: NCA_PG_condition, cells: Cells, context: bpy.types.Context) -> np.ndarray:
    return cells.positions[:, 2]


def _gradient(condition: NCA_PG_condition, cells: Cells, context: bpy.types.Context) -> np.ndarray:
    axis = "XYZ".index(condition.axis)
    low, high = cells.low[axis], cells.high[axis]
    return (cells.positions[:, axis] - low) / ((high - low) or 1.0)


def _facing(condition: NCA_PG_condition, cells: Cells, context: bpy.types.Context) -> np.ndarray:
    if condition.facing == "OBJECT":
        towards = np.array(_target(condition, cells, context).matrix_world)[:3, 3] - cells.positions
        towards /= np.linalg.norm(towards, axis=1, keepdims=True).clip(1e-12)
    else:
        towards = np.broadcast_to(FACINGS[condition.facing][2], cells.normals.shape)
    return 0.5 + 0.5 * (cells.normals * towards).sum(1)


def _crevices(condition: NCA_PG_condition, cells: Cells, context: bpy.types.Context) -> np.ndarray:
    return _ranked(occlusion(cells, _reach(condition, cells)))


def _edges(condition: NCA_PG_condition, cells: Cells, context: bpy.types.Context) -> np.ndarray:
    return _ranked(occlusion(cells, _reach(condition, cells), is_inward=True))


def _reach(condition: NCA_PG_condition, cells: Cells) -> float:
    """How far is close: what is finer than cells are large falls between their centres."""
    return max(condition.reach * cells.size, FINEST * cells.spacing)


def _ranked(closed: np.ndarray) -> np.ndarray:
    """The share of the surface that is less closed: a setting finds as much on a smooth mesh as on a rough one."""
    known = np.sort(closed[np.isfinite(closed)])
    below, above = (np.searchsorted(known, closed, end) for end in ("left", "right"))
    rank = (below + above) / max(2, 2 * len(known))
    # what is flat but for its triangles has no crevices
    return rank * (closed / FAINT).clip(0, 1)


def _runs(condition: NCA_PG_condition, cells: Cells, context: bpy.types.Context) -> np.ndarray:
    return runs(cells, condition.run_count, condition.run_length, condition.run_width, condition.run_seed)


def _slot(condition: NCA_PG_condition, cells: Cells, context: bpy.types.Context) -> np.ndarray:
    return cells.pick([(part.mesh.slots == condition.slot - 1).astype(np.float64) for part in cells.parts])


def _group(condition: NCA_PG_condition, cells: Cells, context: bpy.types.Context) -> np.ndarray:
    if not condition.group:
        raise GrowthError("Choose its vertex group.")
    found = []
    for part in cells.parts:
        owner = bpy.data.objects[part.owner]
        with as_shown(owner, _uv_map(condition), context) as mesh:
            weights = read_group(owner, mesh, condition.group)
        found.append(None if weights is None else weights[part.triangles])
    if all(each is None for each in found):
        raise GrowthError(
            f"{cells.parts[0].owner} has no vertex group “{condition.group}”: choose another one."
        )
    return _interpolate(cells, found)


def _attribute(condition: NCA_PG_condition, cells: Cells, context: bpy.types.Context) -> np.ndarray:
    if not condition.attribute:
        raise GrowthError("Choose its attribute.")
    found = []
    for part in cells.parts:
        with as_shown(bpy.data.objects[part.owner], _uv_map(condition), context) as mesh:
            values = at_corners(mesh, condition.attribute, part.mesh, KINDS)
        found.append(None if values is None else _channel(values, condition.channel))
    if all(each is None for each in found):
        raise GrowthError(
            f"{cells.parts[0].owner} has no attribute “{condition.attribute}” of colors or numbers on its points, "
            "faces or corners: choose another one."
        )
    return _interpolate(cells, found)


def _uv_map(condition: NCA_PG_condition) -> str:
    return nca_of(material_of(condition)).uv_map


def _interpolate(cells: Cells, found: list[np.ndarray | None]) -> np.ndarray:
    """Values at the cells of what each part has at its triangles' corners; zero where one has none."""
    return cells.interpolate(
        [
            np.zeros(part.triangles.shape) if each is None else each
            for part, each in zip(cells.parts, found, strict=True)
        ]
    )


def _channel(values: np.ndarray, channel: str) -> np.ndarray:
    """One number of colours (..., 4), or of numbers (..., 1): shape (...)."""
    if values.shape[-1] == 1:
        return values[..., 0]
    if channel == "GREY":
        return values[..., :3].mean(-1)
    return values[..., ("RED", "GREEN", "BLUE", "ALPHA").index(channel)]


_MEASURES = {
    "ATTRIBUTE": _attribute,
    "GROUP": _group,
    "SLOT": _slot,
    "HEIGHT": _height,
    "GRADIENT": _gradient,
    "FACING": _facing,
    "CREVICES": _crevices,
    "EDGES": _edges,
    "DISTANCE": _distance,
    "RUNS": _runs,
}
"""Kind of a condition -> what measures it."""
