# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes: those in a growth's group that let light into it, laid over what the ground does by the growth's share.

A group has none of them until its growth is translucent. They hold the blend of both species, as
`genetics.translucency.mix` says it. Where that changes over the frames, drivers say the same: not before, for a group
that follows its material is used by it as well as it uses it, and Blender makes such a material local only with a copy.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import bpy
import numpy as np

from ..host.nodes import new_node, value_of
from ..material.drivers import follow
from ..material.node_names import give_name
from ..material.sockets import GROUND, give, given, make_sockets, set_value

SCATTERING = ("Subsurface Weight", "Subsurface Radius", "Subsurface Scale")
REFRACTING = ("Transmission Weight", "IOR")
"""Sockets of a Principled BSDF that are fed together."""
A, B = "translucency_a", "translucency_b"
"""Properties of `Material.nca`: of both species."""
_LEAST = 1e-6
"""Weight below which the renderer's own radius, scale and index count."""


class Value(NamedTuple):
    """What a socket gets of the growth.

    Attributes
    ----------
    property : str
        Of the translucency of a species.
    weight : str
        The property by which it counts in a blend; empty for a weight itself.
    default : tuple of float
        Where that is zero.
    """

    property: str
    weight: str = ""
    default: tuple[float, ...] = (0.0,)


VALUES = {
    "Subsurface Weight": Value("subsurface"),
    "Subsurface Radius": Value("radius", "subsurface", (1.0, 0.2, 0.1)),
    "Subsurface Scale": Value("scale", "subsurface", (0.05,)),
    "Transmission Weight": Value("transmission"),
    "IOR": Value("ior", "transmission", (1.5,)),
}
"""Socket of a Principled BSDF -> what it gets."""


def lay(tree: bpy.types.NodeTree, names: Collection[str]) -> list[str]:
    """Put the nodes for some sockets into a group that lacks them; those that it feeds only from now on."""
    if not names or set(names) <= set(given(tree)):
        return []
    if any(tree.nodes.get(name) is None for name in ("Ground", "Share of Growth", "Growth over Ground")):
        return []  # an artist has changed it: it stays as it is
    make_sockets(tree)
    fresh = [name for name in names if name not in given(tree)]
    for name in fresh:
        _lay_one(tree, name)
    give(tree, (*given(tree), *fresh))
    return fresh


def remove(tree: bpy.types.NodeTree, names: Collection[str]) -> list[str]:
    """Take the nodes for some sockets away again; those that it fed until now."""
    former = [name for name in names if name in given(tree)]
    for name in former:
        node = tree.nodes.get(_name(name))
        if node is not None:
            tree.nodes.remove(node)
        under, out = tree.nodes.get(f"{name} of Ground"), tree.nodes.get("Growth over Ground")
        if under is not None and out is not None and not out.inputs[name].is_linked:
            tree.links.new(under.outputs[0], out.inputs[name])
    if former:
        give(tree, (name for name in given(tree) if name not in former))
    return former


def drive(material: bpy.types.Material, tree: bpy.types.NodeTree) -> None:
    """Let the nodes that are there follow the properties of this material."""
    for name, socket in _sockets(tree):
        for index, paths, expression in _drivers(VALUES[name]):
            follow(socket, material, paths, expression, index)


def hold(tree: bpy.types.NodeTree, values: Mapping[str, float | tuple[float, ...]]) -> None:
    """Let the nodes that are there have these values, and follow nothing.

    Parameters
    ----------
    values : mapping
        By the properties of a `Value`.
    """
    for name, socket in _sockets(tree):
        animation = tree.animation_data
        path = socket.path_from_id("default_value")
        if animation is not None and any(curve.data_path == path for curve in animation.drivers):
            socket.driver_remove("default_value")
        value, now = values[VALUES[name].property], value_of(socket)
        if not np.allclose(now, value, 1e-6):  # Blender draws anew what is set to the same, too
            set_value(socket, value)


def _sockets(tree: bpy.types.NodeTree) -> Iterator[tuple[str, bpy.types.NodeSocket]]:
    """Socket of a Principled BSDF -> the input of a node here that the growth's value for it goes into."""
    for name in given(tree):
        node = tree.nodes.get(_name(name)) if name in VALUES else None
        socket = _growth_input(node) if node is not None else None
        if socket is not None and not socket.is_linked:
            yield name, socket


def _drivers(value: Value) -> Iterator[tuple[int, dict[str, str], str]]:
    """For each number of a value which one it is, what its driver reads, and the expression."""
    common = {"t": "blend"}
    if not value.weight:
        paths = {"a": f"{A}.{value.property}", "b": f"{B}.{value.property}", "on": "translucent"}
        yield -1, common | paths, "on * (a * (1 - t) + b * t)"
        return
    weights = {"a": f"{A}.{value.weight}", "b": f"{B}.{value.weight}"}
    is_one = len(value.default) == 1
    for index, default in enumerate(value.default):
        place = "" if is_one else f"[{index}]"
        paths = {"p": f"{A}.{value.property}{place}", "q": f"{B}.{value.property}{place}"}
        parts = f"(p * a * (1 - t) + q * b * t + {default:g} * {_LEAST:f})"
        yield (
            -1 if is_one else index,
            common | weights | paths,
            f"{parts} / (a * (1 - t) + b * t + {_LEAST:f})",
        )


def _name(name: str) -> str:
    return f"{name} over Ground"


def _lay_one(tree: bpy.types.NodeTree, name: str) -> None:
    ground, share = tree.nodes["Ground"], tree.nodes["Share of Growth"].outputs[0]
    out = tree.nodes["Growth over Ground"].inputs[name]
    row = list(VALUES).index(name)
    node: Any  # the stubs know neither of these kinds' sockets
    if not VALUES[name].weight:
        under = tree.nodes.get(f"{name} of Ground")  # what is left of the ground's weight
        node = new_node(tree, bpy.types.ShaderNodeMath)
        node.operation = "MULTIPLY_ADD"
        tree.links.new(share, node.inputs[1])
        set_value(node.inputs[2], 0.0)
        if under is not None:
            tree.links.new(under.outputs[0], node.inputs[2])
        result = node.outputs[0]
    else:
        node = new_node(tree, bpy.types.ShaderNodeMix)
        node.data_type = "VECTOR" if len(VALUES[name].default) == 3 else "FLOAT"
        tree.links.new(share, _by(node.inputs, "Factor_Float"))
        tree.links.new(ground.outputs[GROUND[name].name], _by(node.inputs, f"A_{node.data_type.title()}"))
        result = _by(node.outputs, f"Result_{node.data_type.title()}")
    give_name(node, _name(name))
    node.location, node.hide = (700, -120 - 40 * row), True
    tree.links.new(result, out)


def _growth_input(node: bpy.types.Node) -> bpy.types.NodeSocket | None:
    """The input of one of these nodes that the growth's value goes into; None of what an artist has put there."""
    if node.type == "MATH":
        return node.inputs[0]
    if not isinstance(node, bpy.types.ShaderNodeMix):
        return None
    return next(one for one in node.inputs or () if one.identifier == f"B_{node.data_type.title()}")


def _by(sockets: bpy.types.NodeInputs | bpy.types.NodeOutputs, identifier: str) -> bpy.types.NodeSocket:
    return next(socket for socket in sockets if socket.identifier == identifier)
