# SPDX-License-Identifier: GPL-3.0-or-later
"""Drivers: inputs of nodes that follow properties of a growth's look."""

from __future__ import annotations

import math

import bpy

from ..material import drivers

_TURNS = f"hue / {math.tau:.9f} + 0.5"
HUE = f"{_TURNS} - floor({_TURNS})"
"""Of a node for which one turn is 1 and none is 0.5: it takes no more than one turn."""
GREY = "1 - contrast"


def follow(
    socket: bpy.types.NodeSocket, material: bpy.types.Material, property: str, expression: str = ""
) -> None:
    """Let an input follow a property of the growth of a material; one that does so already stays.

    Parameters
    ----------
    socket : NodeSocket
    material : Material
    property : str
        Of `Material.nca`.
    expression : str
        With the property's name without its "look_"; empty for its value.
    """
    drivers.follow(socket, material, {property.removeprefix("look_"): property}, expression)
