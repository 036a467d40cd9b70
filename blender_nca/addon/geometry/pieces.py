# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces: what is strewn over a growth and comes up as it is reached, as trees of geometry nodes that make one each.

A piece stands on the origin, upright, about 1 high, and looks another way for each `Seed`. No file is needed for it.
"""

from __future__ import annotations

import math
from typing import Any

import bpy

from .building import Building, Input, first

TAU = 2 * math.pi


def make_tuft(name: str) -> bpy.types.NodeTree:
    """A tuft of moss: blades that lean outwards from a dome, thin and bent."""
    b = Building(name, {"Seed": Input("NodeSocketInt", 0)}, {"Geometry": "NodeSocketGeometry"})
    seed = b.inputs["Seed"]
    blade = _make_blade(b)
    dome = first(b.add("GeometryNodeMeshIcoSphere", 0.4, 4))
    position = first(b.add("GeometryNodeInputPosition"))
    above = b.add("FunctionNodeCompare", _part(b, position, "Z"), 0.02, operation="GREATER_THAN")
    ends = b.add(
        "GeometryNodeDistributePointsOnFaces",
        {"Mesh": dome, "Selection": above, "Density": 520.0, "Seed": seed},
    )
    flat = b.vector("MULTIPLY", position, (1.0, 1.0, 0.6))
    low = b.place(ends.outputs["Points"], b.vector("SUBTRACT", flat, (0.0, 0.0, 0.06)))
    lean = b.vector("ADD", position, b.random((-0.2, -0.2, 0.0), (0.2, 0.2, 0.15), seed, "FLOAT_VECTOR"))
    turned = b.add("FunctionNodeAlignRotationToVector", {"Vector": lean}, axis="Z")
    spun = b.add(
        "FunctionNodeRotateRotation",
        turned,
        b.combine(0.0, 0.0, b.random(0.0, TAU, seed)),
        rotation_space="LOCAL",
    )
    blades = b.add(
        "GeometryNodeInstanceOnPoints",
        {"Points": low, "Instance": blade, "Rotation": spun, "Scale": b.random(0.13, 0.3, seed)},
    )
    return b.give_out(Geometry=b.add("GeometryNodeRealizeInstances", blades))


def make_crystals(name: str) -> bpy.types.NodeTree:
    """A cluster of crystals: six-sided columns with a point, one tall and some that lean away from it."""
    b = Building(name, {"Seed": Input("NodeSocketInt", 0)}, {"Geometry": "NodeSocketGeometry"})
    seed = b.inputs["Seed"]
    index = first(b.add("GeometryNodeInputIndex"))
    points = b.add("GeometryNodePoints", 6, (0.0, 0.0, 0.0))
    angle = b.calculate("ADD", b.calculate("MULTIPLY", index, TAU / 5), b.random(-0.5, 0.5, seed))
    is_first = first(b.add("FunctionNodeCompare", index, 0, data_type="INT", operation="EQUAL"))
    away = first(b.add("GeometryNodeSwitch", is_first, b.random(0.10, 0.24, seed), 0.0, input_type="FLOAT"))
    x, y = (b.calculate("MULTIPLY", away, b.calculate(part, angle)) for part in ("COSINE", "SINE"))
    spread = b.place(points, b.combine(x, y, -0.05))
    lean = b.combine(b.calculate("MULTIPLY", x, 2.6), b.calculate("MULTIPLY", y, 2.6), 1.0)
    lean = b.vector("ADD", lean, b.random((-0.12, -0.12, 0.0), (0.12, 0.12, 0.0), seed, "FLOAT_VECTOR"))
    turned = b.add("FunctionNodeAlignRotationToVector", {"Vector": lean}, axis="Z")
    spun = b.add(
        "FunctionNodeRotateRotation",
        turned,
        b.combine(0.0, 0.0, b.random(0.0, TAU, seed)),
        rotation_space="LOCAL",
    )
    tall = first(b.add("GeometryNodeSwitch", is_first, b.random(0.3, 0.72, seed), 1.0, input_type="FLOAT"))
    wide = b.calculate("MULTIPLY_ADD", tall, 0.55, b.random(0.25, 0.5, seed))
    columns = b.add(
        "GeometryNodeInstanceOnPoints",
        {
            "Points": spread,
            "Instance": _make_column(b),
            "Rotation": spun,
            "Scale": b.combine(wide, wide, tall),
        },
    )
    whole = b.add("GeometryNodeRealizeInstances", columns)
    return b.give_out(Geometry=b.shade(whole, False))


def make_barnacle(name: str) -> bpy.types.NodeTree:
    """A barnacle: a ribbed cone of plates with a rim, and what closes it inside."""
    b = Building(name, {"Seed": Input("NodeSocketInt", 0)}, {"Geometry": "NodeSocketGeometry"})
    seed = b.inputs["Seed"]
    around, along = 72, 25
    grid = b.add("GeometryNodeMeshGrid", 1.0, 1.0, around + 1, along)
    position = first(b.add("GeometryNodeInputPosition"))
    turn = b.calculate("MULTIPLY", b.calculate("ADD", _part(b, position, "X"), 0.5), TAU)
    v = b.calculate("ADD", _part(b, position, "Y"), 0.5)
    radius, height = (_profile(b, v, places) for places in (_BARNACLE_RADIUS, _BARNACLE_HEIGHT))
    # six plates, whose edges are grooves; ribs on each; both end inside the rim
    outside = b.calculate("SUBTRACT", 1.0, b.ease(v, 0.5, 0.66))
    phase = b.random(0.0, TAU, b.calculate("ADD", seed, 3), of_each=False)
    bend = b.calculate(
        "ADD", turn, b.calculate("MULTIPLY", b.calculate("SINE", b.calculate("ADD", turn, phase)), 0.3)
    )
    plate = b.calculate("ABSOLUTE", b.calculate("SINE", b.calculate("MULTIPLY", bend, 3.0)))
    groove = b.calculate("MULTIPLY", b.calculate("POWER", plate, 0.35), 0.16)
    ribs = b.calculate(
        "MULTIPLY", b.calculate("ABSOLUTE", b.calculate("SINE", b.calculate("MULTIPLY", bend, 12.0))), 0.05
    )
    rough = b.calculate("MULTIPLY", b.calculate("ADD", groove, ribs), outside)
    round_ = b.combine(b.calculate("COSINE", turn), b.calculate("SINE", turn), 0.0)
    at = b.vector("ADD", b.vector("MULTIPLY", round_, (1.3, 1.3, 1.3)), b.combine(seed, height, 0.0))
    noise = b.add("ShaderNodeTexNoise", {"Vector": at, "Scale": 1.6, "Detail": 3.0})
    uneven = b.calculate("MULTIPLY", b.calculate("SUBTRACT", first(noise), 0.5), 0.3)
    wide = b.calculate("MULTIPLY", radius, b.calculate("ADD", b.calculate("ADD", 0.88, rough), uneven))
    rim = b.calculate(
        "MULTIPLY", b.calculate("SUBTRACT", plate, 0.6), b.calculate("MULTIPLY", b.ease(v, 0.2, 0.48), 0.12)
    )
    tall = b.calculate("ADD", height, b.calculate("MULTIPLY", rim, outside))
    shape = b.place(
        grid.outputs["Mesh"],
        b.vector("ADD", b.vector("MULTIPLY", round_, b.combine(wide, wide, wide)), b.combine(0.0, 0.0, tall)),
    )
    closed = b.add("GeometryNodeMergeByDistance", {"Geometry": shape, "Distance": 0.002})
    inside = b.store(closed, "piece_inside", b.ease(v, 0.5, 0.62))
    smooth = b.shade(inside, True)
    return b.give_out(Geometry=smooth)


def make_flake(name: str) -> bpy.types.NodeTree:
    """A flake of paint or rust: a chip with a torn outline that holds on at one side, and curls up at the other."""
    b = Building(name, {"Seed": Input("NodeSocketInt", 0)}, {"Geometry": "NodeSocketGeometry"})
    seed = b.inputs["Seed"]
    grid = b.add("GeometryNodeMeshGrid", 1.0, 1.0, 13, 13)
    position = first(b.add("GeometryNodeInputPosition"))
    # its outline: straight tears of another length each way, and small teeth
    at = b.vector("ADD", position, b.combine(b.calculate("MULTIPLY", seed, 7.3), 0.0, 0.0))
    coarse, fine = (
        first(b.add("ShaderNodeTexNoise", {"Vector": at, "Scale": scale, "Detail": detail}))
        for scale, detail in ((1.7, 0.0), (7.0, 2.0))
    )
    wide = b.calculate("MULTIPLY_ADD", coarse, 0.9, 0.4)
    wide = b.calculate("ADD", wide, b.calculate("MULTIPLY_ADD", fine, 0.22, -0.11))
    flat = b.vector("MULTIPLY", position, b.combine(wide, wide, 0.0))
    # how far each place is along the way from the side that holds on, and up
    along = b.calculate("ADD", _part(b, flat, "Y"), 0.35)
    lifted = b.calculate("POWER", b.calculate("MAXIMUM", along, 0.0), 1.7)
    curl = b.random(0.25, 0.7, b.calculate("ADD", seed, 3), of_each=False)
    twist = b.calculate(
        "MULTIPLY",
        b.calculate("MULTIPLY", _part(b, flat, "X"), lifted),
        b.random(-0.5, 0.5, seed, of_each=False),
    )
    up = b.calculate("ADD", b.calculate("MULTIPLY_ADD", lifted, curl, -0.015), twist)
    back = b.calculate("MULTIPLY", b.calculate("MULTIPLY", lifted, curl), 0.45)
    stored = b.store(grid.outputs["Mesh"], "piece_tip", b.ease(along, 0.1, 0.9))
    bent = b.place(
        stored, b.combine(_part(b, flat, "X"), b.calculate("SUBTRACT", _part(b, flat, "Y"), back), up)
    )
    thick = b.add(
        "GeometryNodeExtrudeMesh", {"Mesh": bent, "Offset Scale": 0.035, "Individual": False}, mode="FACES"
    )
    edge = b.store(thick.outputs["Mesh"], "piece_inside", thick.outputs["Side"], domain="FACE")
    return b.give_out(Geometry=b.shade(edge, False))


_BARNACLE_RADIUS = (
    (0.0, 1.0),
    (0.08, 0.95),
    (0.3, 0.74),
    (0.46, 0.58),
    (0.5, 0.54),
    (0.56, 0.47),
    (0.7, 0.42),
    (0.84, 0.38),
    (0.85, 0.36),
    (1.0, 0.0),
)
_BARNACLE_HEIGHT = (
    (0.0, -0.12),
    (0.08, 0.06),
    (0.3, 0.36),
    (0.46, 0.55),
    (0.5, 0.57),
    (0.56, 0.54),
    (0.7, 0.36),
    (0.84, 0.2),
    (0.85, 0.22),
    (1.0, 0.34),
)
"""How far from its middle, and how high, a barnacle's wall is: up its outside, down its inside, and what closes it."""


def _profile(
    b: Building, v: bpy.types.NodeSocket, places: tuple[tuple[float, float], ...]
) -> bpy.types.NodeSocket:
    """A number that goes through places as v goes from 0 to 1, in straight lines."""
    node: Any = b.add("ShaderNodeFloatCurve", 1.0, v)
    curve = node.mapping.curves[0]
    node.mapping.use_clip = False
    curve.points[0].location, curve.points[-1].location = places[0], places[-1]
    for place in places[1:-1]:
        curve.points.new(*place)
    for point in curve.points:
        point.handle_type = "VECTOR"
    node.mapping.update()
    return first(node)


def _make_blade(b: Building) -> bpy.types.NodeSocket:
    """A blade of 1: a strip that narrows and bends over, darker at its foot (`piece_tip`)."""
    strip = b.add("GeometryNodeMeshGrid", 1.0, 1.0, 2, 5)
    position = first(b.add("GeometryNodeInputPosition"))
    up = b.calculate("ADD", _part(b, position, "Y"), 0.5)
    narrow = b.calculate("MULTIPLY", b.calculate("SUBTRACT", 1.02, b.calculate("POWER", up, 1.6)), 0.11)
    x = b.calculate("MULTIPLY", _part(b, position, "X"), narrow)
    bent = b.calculate("MULTIPLY", b.calculate("POWER", up, 2.0), 0.28)
    stored = b.store(strip, "piece_tip", up)
    shaped = b.place(stored, b.combine(x, bent, b.calculate("MULTIPLY", up, 0.8)))
    return b.shade(shaped, True)


def _make_column(b: Building) -> bpy.types.NodeSocket:
    """A six-sided column of 1 that ends in a point a little beside its middle."""
    column = b.add(
        "GeometryNodeMeshCylinder",
        {"Vertices": 6, "Side Segments": 1, "Radius": 0.16, "Depth": 1.0},
        fill_type="TRIANGLE_FAN",
    )
    position = first(b.add("GeometryNodeInputPosition"))
    z = b.calculate("ADD", _part(b, position, "Z"), 0.5)
    across = b.add(
        "ShaderNodeVectorMath", b.vector("MULTIPLY", position, (1.0, 1.0, 0.0)), operation="LENGTH"
    )
    middle = b.add("FunctionNodeCompare", across.outputs["Value"], 0.01, operation="LESS_THAN")
    is_tip = b.add(
        "FunctionNodeBooleanMath",
        middle,
        b.add("FunctionNodeCompare", z, 0.5, operation="GREATER_THAN"),
        operation="AND",
    )
    # the shoulder of each side lies at another height, as faces of quartz end
    shoulder = b.calculate(
        "MULTIPLY_ADD",
        z,
        0.74,
        b.calculate("MULTIPLY", z, b.calculate("MULTIPLY", _part(b, position, "X"), 0.35)),
    )
    wide = b.calculate("MULTIPLY_ADD", z, -0.12, 1.0)
    body = b.vector("MULTIPLY", position, b.combine(wide, wide, 0.0))
    shaped = b.place(column.outputs["Mesh"], b.vector("ADD", body, b.combine(0.0, 0.0, shoulder)))
    pointed = b.place(shaped, b.combine(0.02, 0.015, 1.0), is_tip)
    return b.store(pointed, "piece_tip", z)


def _part(b: Building, vector: bpy.types.NodeSocket, axis: str) -> bpy.types.NodeSocket:
    return b.add("ShaderNodeSeparateXYZ", vector).outputs[axis]
