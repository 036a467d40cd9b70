# SPDX-License-Identifier: GPL-3.0-or-later
"""Sockets: what a growth's node group takes in and gives out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

import bpy

RELIEF, GLOW, SHOWN = "Relief", "Glow", "Ground Shown"
"""Inputs that say how far the growth stands out, how brightly it shines, and how much of the ground is seen."""
COVERAGE, GROWTH_ORDER, FRONT = "Coverage", "Growth Order", "Front"
DISPLACEMENT = "Displacement"
"""Outputs beside those that feed a Principled BSDF."""
ABOUT = {
    COVERAGE: "Where something grows: 1, else 0",
    GROWTH_ORDER: "When each place came alive: 0 at the seeds, 1 at the Order End, and where nothing has grown",
    FRONT: "The living edge: 1 where a place comes alive, falling to 0 behind it",
}
GIVEN = "neural_growth_given"
"""Property of the group: names of the sockets of a Principled BSDF that it feeds beside those that it always does, with
commas between them: not every Blender keeps lists of texts."""
_NOTED = "neural_growth_sockets"
"""Property of the group and its nodes: what its sockets are for, by identifier; an artist may give them other names."""


class Ground(NamedTuple):
    """An input that takes what the material was before, under the growth.

    Attributes
    ----------
    name : str
    kind : str
        Blender's type of socket.
    default : float or tuple of float
    description : str
    limits : (float, float)
        Least and greatest, of numbers.
    subtype : str
        Blender's, of numbers.
    """

    name: str
    kind: str
    default: float | tuple[float, ...]
    description: str
    limits: tuple[float, float] = (0.0, 1.0)
    subtype: Literal["FACTOR", "DISTANCE", "NONE"] = "FACTOR"


_COLOUR, _NUMBER, _VECTOR = "NodeSocketColor", "NodeSocketFloat", "NodeSocketVector"
GROUND = {
    "Base Color": Ground(
        "Ground Colour", _COLOUR, (0.8, 0.8, 0.8, 1.0), "Base color of the material under the growth"
    ),
    "Metallic": Ground("Ground Metallic", _NUMBER, 0.0, "Metallic of the material under the growth"),
    "Roughness": Ground("Ground Roughness", _NUMBER, 0.5, "Roughness of the material under the growth"),
    "Alpha": Ground("Ground Alpha", _NUMBER, 1.0, "0 leaves only the growth visible"),
    "Normal": Ground("Ground Normal", _VECTOR, (0.0, 0.0, 0.0), "Normal of the material under the growth"),
    "Emission Color": Ground(
        "Ground Emission Colour",
        _COLOUR,
        (1.0, 1.0, 1.0, 1.0),
        "Color in which the material under the growth glows",
    ),
    "Emission Strength": Ground(
        "Ground Emission Strength",
        _NUMBER,
        0.0,
        "How strongly the material under the growth glows",
        (0.0, 1e6),
        "NONE",
    ),
    **{
        f"{name} Weight": Ground(
            f"Ground {name}", _NUMBER, 0.0, f"{name} of the material under the growth, which hides it"
        )
        for name in ("Transmission", "Subsurface", "Coat", "Sheen")
    },
    "Subsurface Radius": Ground(
        "Ground Subsurface Radius",
        _VECTOR,
        (1.0, 0.2, 0.1),
        "How far red, green and blue light goes below the surface of the material under the growth",
    ),
    "Subsurface Scale": Ground(
        "Ground Subsurface Scale",
        _NUMBER,
        0.05,
        "How far light goes below the surface of the material under the growth",
        (0.0, 1e3),
        "DISTANCE",
    ),
    "IOR": Ground(
        "Ground IOR",
        _NUMBER,
        1.5,
        "Index of refraction of the material under the growth",
        (1.0, 1e3),
        "NONE",
    ),
}
"""Socket of the Principled BSDF, and output of the group that feeds it -> input of the group that takes what was there.
"""
WEIGHTS = tuple(name for name in GROUND if name.endswith(" Weight"))
"""Of them, those of layers that give way where something opaque grows. They are fed where a material has them."""
OPTIONAL = (*WEIGHTS, "Subsurface Radius", "Subsurface Scale", "IOR")
"""Of them, those that are not always fed."""


def note_sockets(node: bpy.types.ShaderNodeGroup) -> None:
    """Note on a node of the group what its sockets are for: also when they get other names, or the group is deleted."""
    if node.node_tree is not None:
        node[_NOTED] = node.node_tree[_NOTED]


def input_of(node: bpy.types.Node, name: str) -> bpy.types.NodeSocket | None:
    """An input of a node of the group, whatever its name is by now."""
    return _noted(node, node.inputs, f"input {name}") or node.inputs.get(name)


def output_of(node: bpy.types.Node, name: str) -> bpy.types.NodeSocket | None:
    """An output of a node of the group, whatever its name is by now."""
    return _noted(node, node.outputs, f"output {name}") or node.outputs.get(name)


def _noted(
    node: bpy.types.Node, sockets: bpy.types.NodeInputs | bpy.types.NodeOutputs, what: str
) -> bpy.types.NodeSocket | None:
    identifier = dict(node.get(_NOTED, {})).get(what)
    return next((socket for socket in sockets if socket.identifier == identifier), None)


def put_value(node: bpy.types.Node, name: str, value: object) -> None:
    """Give an input of a node of the group a value, where the group has that input."""
    socket = input_of(node, name)
    if socket is not None:
        set_value(socket, value)


def set_value(socket: bpy.types.NodeSocket | bpy.types.NodeTreeInterfaceSocket, value: object) -> None:
    """Give a socket of a kind that has values the one that counts while nothing is linked to it."""
    socket.default_value = value


def given(tree: bpy.types.NodeTree) -> tuple[str, ...]:
    """Names of the sockets of a Principled BSDF that a group feeds beside those that it always does."""
    return tuple(name for name in str(tree.get(GIVEN, "")).split(",") if name)


def give(tree: bpy.types.NodeTree, names: Iterable[str]) -> None:
    """Note which of these sockets a group feeds from now on."""
    tree[GIVEN] = ",".join(names)


def is_growth(tree: bpy.types.NodeTree) -> bool:
    """Whether a tree is the group of a growth."""
    return tree.get(_NOTED) is not None


def is_noted(node: bpy.types.Node) -> bool:
    """Whether a node is one of a growth, also of a copy of it: the artist did not add it by hand."""
    return node.get(_NOTED) is not None


def make_sockets(tree: bpy.types.NodeTree) -> None:
    """Add the sockets of the group that it lacks."""
    _add_sockets(tree)
    tree[_NOTED] = {
        f"{item.in_out.lower()} {item.name}": item.identifier
        for item in tree.interface.items_tree
        if isinstance(item, bpy.types.NodeTreeInterfaceSocket)
    }


def _add_sockets(tree: bpy.types.NodeTree) -> None:
    present = {
        (item.name, item.in_out)
        for item in tree.interface.items_tree
        if isinstance(item, bpy.types.NodeTreeInterfaceSocket)
    }

    def socket(
        name: str, in_out: Literal["INPUT", "OUTPUT"], kind: str
    ) -> bpy.types.NodeTreeInterfaceSocket | None:
        if (name, in_out) in present:
            return None
        return tree.interface.new_socket(name, in_out=in_out, socket_type=kind)

    for name, ground in GROUND.items():
        socket(name, "OUTPUT", ground.kind)
    for ground in GROUND.values():
        item = socket(ground.name, "INPUT", ground.kind)
        if item is None:
            continue
        set_value(item, ground.default)
        item.description = ground.description
        if isinstance(item, bpy.types.NodeTreeInterfaceSocketFloat):
            item.subtype, (item.min_value, item.max_value) = ground.subtype, ground.limits
        item.hide_value = ground.name == "Ground Normal"
    for name, description in ABOUT.items():
        item = socket(name, "OUTPUT", _NUMBER)
        if item is not None:
            item.description = description
    moved = socket(DISPLACEMENT, "OUTPUT", _VECTOR)
    if moved is not None:
        moved.description = "The growth's relief, for the material output"
    shown = socket(SHOWN, "INPUT", _NUMBER)
    if isinstance(shown, bpy.types.NodeTreeInterfaceSocketFloat):
        shown.subtype, shown.default_value, shown.min_value, shown.max_value = "FACTOR", 1.0, 0.0, 1.0
        shown.description = "How much of the material under the growth is seen; 0 leaves the growth alone"
    relief = socket(RELIEF, "INPUT", _NUMBER)
    if isinstance(relief, bpy.types.NodeTreeInterfaceSocketFloat):
        relief.subtype, relief.default_value = "DISTANCE", 0.02
        relief.min_value, relief.max_value = -10.0, 10.0
        relief.description = (
            "How far the highest part of the growth stands out of the surface; below 0 it is carved in"
        )
    glow = socket(GLOW, "INPUT", _NUMBER)
    if isinstance(glow, bpy.types.NodeTreeInterfaceSocketFloat):
        # the range of the slider: more can be typed
        glow.default_value, glow.min_value, glow.max_value = 1.0, 0.0, 10.0
        glow.description = (
            "How brightly the parts of the growth that glow shine, lava's cracks for one; 0 puts them out. "
            "Above 1, Cycles takes the surface for a lamp: what it lights is less noisy, and rendering slower"
        )
