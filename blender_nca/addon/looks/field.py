# SPDX-License-Identifier: GPL-3.0-or-later
"""Field: the colours of a growth in geometry nodes, changed as those of its material are."""

from __future__ import annotations

from typing import Any

import bpy

from ...maps.look import MIDDLE_GREY
from . import drivers
from .drivers import follow
from .properties import is_seen, looks_of


def recolour(
    material: bpy.types.Material, tree: bpy.types.NodeTree, colour: bpy.types.NodeSocket
) -> bpy.types.NodeSocket | None:
    """Add nodes that change a colour, as `maps.look.Look.recolour` does; None where the look changes nothing.

    Geometry nodes have no Hue/Saturation/Value and no Gamma.
    """
    if not is_seen(looks_of(material)):
        return None

    def add(kind: str, *sources: Any, **settings: Any) -> bpy.types.Node:
        node = tree.nodes.new(kind)
        node.label = "Look"
        for name, value in settings.items():
            setattr(node, name, value)
        for socket, source in zip((one for one in node.inputs if one.enabled), sources, strict=False):
            if isinstance(source, bpy.types.NodeSocket):
                tree.links.new(source, socket)
            elif isinstance(source, tuple):
                follow(socket, material, *source)
            else:
                socket.default_value = source  # type: ignore[attr-defined]  # all of these have values
        return node

    def calculate(operation: str, *sources: Any, clamps: bool = False) -> bpy.types.NodeSocket:
        return add("ShaderNodeMath", *sources, operation=operation, use_clamp=clamps).outputs[0]

    hue, saturation, value = add("FunctionNodeSeparateColor", colour, mode="HSV").outputs[:3]
    turned = calculate("FRACT", calculate("ADD", hue, ("look_hue", f"{drivers.HUE} + 0.5")))
    full = calculate("MULTIPLY", saturation, ("look_saturation",), clamps=True)
    bright = calculate("MULTIPLY", value, ("look_value",))
    shifted = add("FunctionNodeCombineColor", turned, full, bright, mode="HSV").outputs[0]
    grey = calculate("POWER", MIDDLE_GREY, ("look_contrast", drivers.GREY))
    parts = [
        calculate("MULTIPLY", calculate("POWER", part, ("look_contrast",)), grey, clamps=True)
        for part in add("FunctionNodeSeparateColor", shifted).outputs[:3]
    ]
    return add("FunctionNodeCombineColor", *parts).outputs[0]
