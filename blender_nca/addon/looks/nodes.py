# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes: those in a growth's group that change its pictures, before they are laid over the ground.

They stand between a picture and all that it feeds, so live and baked pictures go through them alike, as they go through
nodes of the artist's own. A group has none of them until a look is switched on; switched off they are muted, and
Blender leaves muted nodes out of what it renders.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import bpy

from ...maps.channels import ADJUSTED
from ..host.nodes import Kind, new_node
from ..material import handover
from ..material.node_names import give_name
from ..material.overlay import FED
from ..material.picture_nodes import GLOWING, STRENGTH, outputs_of
from ..material.sockets import set_value
from . import drivers
from .drivers import follow

FRAME = "Look"
HUE, CONTRAST, GREY, COLOUR = "Look Hue", "Look Contrast", "Look Grey", "Look Colour"
_COLOURS = (HUE, CONTRAST, GREY, COLOUR)
_SOURCES = {"base_colour": "base_colour", **{map: map for map in ADJUSTED}, "emission": STRENGTH}
"""What a look changes -> which of the pictures' outputs that is: what glows is made of colour and strength later."""
_ENDS = {
    "base_colour": ((FED["base_colour"], "Input"), (GLOWING, "Vector")),
    "emission": ((GLOWING, "Scale"),),
}
"""What is changed -> what it feeds, as nodes and inputs, where that is not its part of the overlay alone."""


class Driven(NamedTuple):
    """An input that follows a property of the growth.

    Attributes
    ----------
    node : str
    input : str or int
    property : str
        Of `Material.nca`.
    expression : str
        With the property's name without its "look_"; empty for its value.
    """

    node: str
    input: str | int
    property: str
    expression: str = ""


def _curve(map: str) -> str:
    return f"Look {map.title()} Curve"


def _level(map: str) -> str:
    return f"Look {map.title()}"


_DRIVEN = (
    Driven(HUE, "Hue", "look_hue", drivers.HUE),
    Driven(HUE, "Saturation", "look_saturation"),
    Driven(HUE, "Value", "look_value"),
    Driven(CONTRAST, "Gamma", "look_contrast"),
    Driven(GREY, 1, "look_contrast", drivers.GREY),
    *(
        Driven(_level(map), place, f"look_{map}_{part}")
        for map in ADJUSTED
        for place, part in ((1, "multiply"), (2, "offset"))
    ),
)


def lay(material: bpy.types.Material, tree: bpy.types.NodeTree) -> None:
    """Put the nodes into the group of a material, or bring those that are there up to date: what they lie between, and
    whose properties they follow."""
    fresh = _make(tree)
    outputs = outputs_of(tree)
    for changed, source in _SOURCES.items():
        if source in outputs:
            _lead_through(tree, outputs[source], changed, fresh)
    drive(material, tree)


def drive(material: bpy.types.Material, tree: bpy.types.NodeTree) -> None:
    """Let the nodes that are there follow the properties of this material."""
    for node, input, property, expression in _DRIVEN:
        if node in tree.nodes:
            follow(tree.nodes[node].inputs[input], material, property, expression)


def switch(tree: bpy.types.NodeTree, is_on: bool, curved: Collection[str]) -> bool:
    """Let the nodes that are there do what they are for, or leave all as it is; of curves those of some maps alone.

    Returns whether any does another thing now.
    """
    working = {*_COLOURS, *map(_level, ADJUSTED), *map(_curve, curved)} if is_on else set()
    names = (*_COLOURS, *map(_level, ADJUSTED), *map(_curve, ADJUSTED))
    found = [tree.nodes[name] for name in names if name in tree.nodes]
    others = [node for node in found if node.mute != (node.name not in working)]
    for node in others:
        node.mute = node.name not in working
    return bool(others)


def curve_node(tree: bpy.types.NodeTree | None, map: str) -> bpy.types.ShaderNodeFloatCurve | None:
    """The node with a map's curve, where there is one."""
    node = tree.nodes.get(_curve(map)) if tree is not None else None
    return node if isinstance(node, bpy.types.ShaderNodeFloatCurve) else None


def curve_of(tree: bpy.types.NodeTree | None, map: str) -> bpy.types.CurveMapping | None:
    """A map's curve, where there is one."""
    node = curve_node(tree, map)
    return None if node is None else node.mapping


def _make(tree: bpy.types.NodeTree) -> set[str]:
    """Make the nodes that are not there, linked among each other. Returns their names."""

    from ...maps.look import MIDDLE_GREY

    fresh: set[str] = set()
    frame = tree.nodes.get(FRAME)
    if frame is None:
        frame = new_node(tree, bpy.types.NodeFrame)
        give_name(frame, FRAME)

    def node(kind: type[Kind], name: str, x: float, y: float, **settings: object) -> Kind:
        found: Kind | None = tree.nodes.get(name)  # a name is that of nodes of one kind
        if found is None:
            found = new_node(tree, kind)
            give_name(found, name)
            found.parent, found.location = frame, (x, y)
            for setting, value in settings.items():
                setattr(found, setting, value)
            fresh.add(name)
        return found

    def link(output: bpy.types.NodeSocket, input: bpy.types.NodeSocket) -> None:
        if fresh & {output.node.name, input.node.name}:
            tree.links.new(output, input)

    hue = node(bpy.types.ShaderNodeHueSaturation, HUE, -860, 1200)
    contrast = node(bpy.types.ShaderNodeGamma, CONTRAST, -660, 1200)
    grey = node(bpy.types.ShaderNodeMath, GREY, -660, 1060, operation="POWER")
    colour = node(
        bpy.types.ShaderNodeMix,
        COLOUR,
        -460,
        1200,
        data_type="RGBA",
        blend_type="MULTIPLY",
        clamp_result=True,
    )
    if GREY in fresh:
        set_value(_input(grey, "Value"), MIDDLE_GREY)
    if COLOUR in fresh:
        set_value(_input(colour, "Factor_Float"), 1.0)
    link(_output(hue, "Color"), _input(contrast, "Color"))
    link(_output(contrast, "Color"), _input(colour, "A_Color"))
    link(_output(grey, "Value"), _input(colour, "B_Color"))
    for row, map in enumerate(ADJUSTED):
        curve = node(bpy.types.ShaderNodeFloatCurve, _curve(map), -260 + 260 * row, 1200)
        level = node(
            bpy.types.ShaderNodeMath,
            _level(map),
            -260 + 260 * row,
            880,
            operation="MULTIPLY_ADD",
            use_clamp=True,
        )
        link(_output(curve, "Value"), _input(level, "Value"))
    return fresh


def _lead_through(
    tree: bpy.types.NodeTree, source: bpy.types.NodeSocket, changed: str, fresh: Collection[str]
) -> None:
    """Let what a picture gives go through the nodes that change it, to all that it feeds."""
    if changed == "base_colour":
        into, last = tree.nodes[HUE].inputs["Color"], _output(tree.nodes[COLOUR], "Result_Color")
        own = set(_COLOURS)
    else:
        into, last = tree.nodes[_curve(changed)].inputs["Value"], tree.nodes[_level(changed)].outputs[0]
        own = {_curve(changed), _level(changed)}
    # what an artist links to a picture later shall have it as it is
    others = set(tree.nodes.keys()) - {*FED.values(), GLOWING} if into.is_linked else set()
    handover.move_outputs(tree, source, last, but=own | others)
    if not into.is_linked:
        tree.links.new(source, into)
    if own & set(fresh) and not own <= set(fresh):
        # an artist has deleted one of them, and with it the links to what it fed
        ends = _ENDS.get(changed) or ((FED[changed], "Input"),)
        handover.make_links(
            tree, [handover.Link(last.node.name, last.identifier, *end, False) for end in ends]
        )


def _input(node: bpy.types.Node, identifier: str) -> bpy.types.NodeSocket:
    return next(socket for socket in node.inputs if socket.identifier == identifier)


def _output(node: bpy.types.Node, identifier: str) -> bpy.types.NodeSocket:
    return next(socket for socket in node.outputs if socket.identifier == identifier)
