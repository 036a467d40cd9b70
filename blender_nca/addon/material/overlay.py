# SPDX-License-Identifier: GPL-3.0-or-later
"""Overlay: the part of a growth's node group that never changes, which lays the growth over the ground by its alpha."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import bpy

from ...maps.channels import LIVE_IMAGES, map_of
from .node_names import give_name
from .sockets import (
    COVERAGE,
    DISPLACEMENT,
    FRONT,
    GLOW,
    GROUND,
    GROWTH_ORDER,
    RELIEF,
    SHOWN,
    WEIGHTS,
    set_value,
)

Source = bpy.types.NodeSocket | float
"""What a socket gets: another socket's value, or one of its own."""

FED = {
    name: "Colour" if name == "base_colour" else name.replace("_", " ").title()
    for name in dict.fromkeys(map_of(channel) for channels in LIVE_IMAGES for channel in channels)
}
"""Map -> node of the overlay that its picture is linked to. Emission is a colour there: base colour by emission."""

FED_ORDER = {"growth_order": GROWTH_ORDER, "front": FRONT}
"""The same of those maps that are there only where somebody asks for them."""


def lay_over(tree: bpy.types.NodeTree) -> None:
    """Make the part of the group that does not change, into a tree without it."""
    link = tree.links.new
    put, calculate = partial(_put, tree), partial(_calculate, tree)

    def mix(
        kind: str, name: str, at: tuple[float, float], factor: Source, a: Source, b: Source
    ) -> bpy.types.NodeSocket:
        node = put("ShaderNodeMix", name, at, data_type=kind, hide=True)
        letter = {"RGBA": "Color", "FLOAT": "Float", "VECTOR": "Vector"}[kind]
        sources = {"Factor_Float": factor, f"A_{letter}": a, f"B_{letter}": b}
        for socket in node.inputs:
            if socket.identifier in sources:
                _set(link, socket, sources[socket.identifier])
        return next(socket for socket in node.outputs if socket.identifier == f"Result_{letter}")

    ground = put("NodeGroupInput", "Ground", (-520, 460)).outputs
    # what the pictures are linked to
    for row, name in enumerate(FED.values()):
        put("NodeReroute", name, (-200, 100 - 60 * row))

    def fed(name: str) -> bpy.types.NodeSocket:
        # looked up for each use: a reroute's sockets are made anew as it takes the type of its links
        return tree.nodes[name].outputs[0]

    # Straight-alpha "over" (Porter and Duff 1984): the growth's share in what is seen is its alpha over all alpha.
    covered = mix("FLOAT", "Alpha over Ground", (0, 300), fed("Alpha"), ground["Ground Alpha"], 1.0)
    not_zero = calculate("MAXIMUM", "Not Zero", (160, 300), covered, 1e-6)
    share = calculate("DIVIDE", "Share of Growth", (160, 250), fed("Alpha"), not_zero)
    seen_colour = mix("RGBA", "Colour over Ground", (360, 200), share, ground["Ground Colour"], fed("Colour"))
    seen_metallic = mix(
        "FLOAT", "Metallic over Ground", (360, 150), share, ground["Ground Metallic"], fed("Metallic")
    )
    seen_roughness = mix(
        "FLOAT", "Roughness over Ground", (360, 100), share, ground["Ground Roughness"], fed("Roughness")
    )

    # Both lights in parts of one strength. Cycles takes a surface whose strength may be above 0.5 for a lamp and gives
    # it samples, which are lost on growths that do not glow (measured: a quarter more noise, a third more time).
    # So the growth's light is twice its colour at half its strength: it is a lamp from a Glow above 1 on.
    ground_strength = ground["Ground Emission Strength"]
    half = calculate("MULTIPLY", "Half of Glow", (-160, 420), ground[GLOW], 0.5)
    strength = calculate("MAXIMUM", "Emission Strength", (0, 420), half, ground_strength)
    not_dark = calculate("MAXIMUM", "Not Dark", (160, 420), strength, 1e-6)

    def light(
        name: str, y: float, colour: bpy.types.NodeSocket, part: bpy.types.NodeSocket
    ) -> bpy.types.NodeSocket:
        part = calculate("DIVIDE", f"Share of {name} Light", (0, y), part, not_dark)
        node = put("ShaderNodeVectorMath", f"{name} Light", (160, y), operation="SCALE", hide=True)
        link(colour, node.inputs["Vector"])
        link(part, node.inputs["Scale"])
        return node.outputs["Vector"]

    ground_light = light("Ground", 380, ground["Ground Emission Colour"], ground_strength)
    growth_light = light("Growth", 340, fed("Emission"), ground[GLOW])
    seen_light = mix("RGBA", "Light over Ground", (360, 250), share, ground_light, growth_light)

    # An input that nothing is linked to gives a zero vector: then the surface's own normal stands in for it.
    surface = put("ShaderNodeNewGeometry", "Surface", (-200, -260), hide=True).outputs["Normal"]
    length = put(
        "ShaderNodeVectorMath",
        "Ground Normal Length",
        (-200, -320),
        ground["Ground Normal"],
        operation="LENGTH",
        hide=True,
    ).outputs["Value"]
    is_linked = calculate("GREATER_THAN", "Has Ground Normal", (-20, -320), length, 0.5)
    under = mix("VECTOR", "Ground Normal", (140, -320), is_linked, surface, ground["Ground Normal"])
    # The growth hides the ground's bumps where it covers it, and stands out by its own height.
    smooth = mix("VECTOR", "Normal under Growth", (140, -260), share, under, surface)
    thickness = calculate("MULTIPLY", "Height over Ground", (0, -180), fed("Height"), fed("Alpha"))
    bump = put("ShaderNodeBump", "Relief", (360, -60))
    for name, source in (
        ("Strength", 1.0),
        ("Distance", ground[RELIEF]),
        ("Height", thickness),
        ("Normal", smooth),
    ):
        _set(link, bump.inputs[name], source)

    out = put("NodeGroupOutput", "Growth over Ground", (640, 200)).inputs
    for name, source in (
        ("Base Color", seen_colour),
        ("Metallic", seen_metallic),
        ("Roughness", seen_roughness),
        ("Alpha", covered),
        ("Normal", bump.outputs["Normal"]),
        ("Emission Color", seen_light),
        ("Emission Strength", strength),
    ):
        link(source, out[name])
    lay_ground(tree)
    lay_outputs(tree)


def lay_outputs(tree: bpy.types.NodeTree) -> None:
    """Add what gives out coverage, growth order, front and displacement."""
    out, alpha = tree.nodes.get("Growth over Ground"), tree.nodes.get(FED["alpha"])
    if out is None or alpha is None:
        return  # an artist has changed it: it stays as it is
    tree.links.new(alpha.outputs[0], out.inputs[COVERAGE])
    for row, name in enumerate(FED_ORDER.values()):
        node = tree.nodes.get(name) or _put(tree, "NodeReroute", name, (-200, 100 - 60 * (len(FED) + row)))
        tree.links.new(node.outputs[0], out.inputs[name])
    ground, thickness = tree.nodes.get("Ground"), tree.nodes.get("Height over Ground")
    if ground is not None and thickness is not None:
        moved = _put(tree, "ShaderNodeDisplacement", "Displacement", (360, -420))
        for name, source in (
            ("Height", thickness.outputs[0]),
            ("Midlevel", 0.0),
            ("Scale", ground.outputs[RELIEF]),
        ):
            _set(tree.links.new, moved.inputs[name], source)
        tree.links.new(moved.outputs[0], out.inputs[DISPLACEMENT])


def lay_ground(tree: bpy.types.NodeTree) -> None:
    """Add what the ground does under the growth: layers of it, its transmission for one, give way; all of it may go."""
    nodes = tree.nodes
    ground, out = nodes.get("Ground"), nodes.get("Growth over Ground")
    share, covered = nodes.get("Share of Growth"), nodes.get("Alpha over Ground")
    if ground is None or out is None or share is None or covered is None:
        return  # an artist has changed it: it stays as it is
    bare = _calculate(tree, "SUBTRACT", "Share of Ground", (360, 40), 1.0, share.outputs[0])
    for row, name in enumerate(WEIGHTS):
        weight = _calculate(
            tree, "MULTIPLY", f"{name} of Ground", (520, -30 * row), ground.outputs[GROUND[name].name], bare
        )
        tree.links.new(weight, out.inputs[name])
    under = next(socket for socket in covered.inputs if socket.identifier == "A_Float")
    for link in list(under.links):
        shown = _calculate(
            tree, "MULTIPLY", "Ground Alpha Shown", (-160, 300), link.from_socket, ground.outputs[SHOWN]
        )
        tree.links.new(shown, under)


def _put(
    tree: bpy.types.NodeTree,
    kind: str,
    name: str,
    at: tuple[float, float],
    *inputs: Source,
    **settings: object,
) -> bpy.types.Node:
    """Add a node; `inputs` are sockets to link or values, for its first sockets."""
    node = tree.nodes.new(kind)
    give_name(node, name)
    node.location = at
    for setting, value in settings.items():
        setattr(node, setting, value)
    for socket, source in zip(node.inputs, inputs, strict=False):
        _set(tree.links.new, socket, source)
    return node


def _calculate(
    tree: bpy.types.NodeTree, operation: str, name: str, at: tuple[float, float], *inputs: Source
) -> bpy.types.NodeSocket:
    return _put(tree, "ShaderNodeMath", name, at, *inputs, operation=operation, hide=True).outputs[0]


def _set(
    link: Callable[[bpy.types.NodeSocket, bpy.types.NodeSocket], object],
    socket: bpy.types.NodeSocket,
    source: Source,
) -> None:
    """Feed a socket from another socket, or give it a value."""
    if isinstance(source, bpy.types.NodeSocket):
        link(source, socket)
    else:
        set_value(socket, source)
