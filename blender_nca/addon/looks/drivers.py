# SPDX-License-Identifier: GPL-3.0-or-later
"""Drivers: inputs of nodes that follow properties of a growth's look, also where the add-on is off."""

from __future__ import annotations

import math
from collections.abc import Iterator

import bpy

PREFIX = "nca.look_"
"""Of the paths that they follow, from the material."""
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
    path = socket.path_from_id("default_value")
    animation = socket.id_data.animation_data
    curve = next((one for one in animation.drivers if one.data_path == path), None) if animation else None
    if curve is None:
        added = socket.driver_add("default_value")
        assert isinstance(added, bpy.types.FCurve)  # one number has one curve
        curve = added
        _say(curve, property, expression)
    for target in _targets(curve):
        # where it was not found, the add-on was off: only a change has Blender look for it again
        if target.id != material or target.is_fallback_used:
            target.id = material


def note_values() -> None:
    """Note all values of the file where a Blender without the add-on, which does not find them, looks for them."""
    for tree in bpy.data.node_groups:
        animation = tree.animation_data if tree.is_editable else None
        for curve in animation.drivers if animation is not None else ():
            for target in _targets(curve):
                value = target.id.path_resolve(target.data_path) if target.id is not None else None
                if value is not None and target.fallback_value != value:
                    target.fallback_value = value


def _say(curve: bpy.types.FCurve, property: str, expression: str) -> None:
    curve.keyframe_points.clear()  # through which values would go, and be rounded
    driver = curve.driver
    variable = driver.variables.new()
    variable.name, variable.type = property.removeprefix("look_"), "SINGLE_PROP"
    target = variable.targets[0]
    target.id_type, target.data_path, target.use_fallback_value = "MATERIAL", f"nca.{property}", True
    if expression:
        driver.type, driver.expression = "SCRIPTED", expression
    else:
        driver.type = "SUM"


def _targets(curve: bpy.types.FCurve) -> Iterator[bpy.types.DriverTarget]:
    """What a driver reads of a look, however an artist has changed the rest of it."""
    for variable in curve.driver.variables:
        if variable.targets[0].data_path.startswith(PREFIX):
            yield variable.targets[0]
