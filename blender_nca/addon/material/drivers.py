# SPDX-License-Identifier: GPL-3.0-or-later
"""Drivers: inputs of nodes that follow properties of a growth, also where the add-on is off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import bpy

PREFIX = "nca."
"""Of the paths that they follow, from the material."""


def follow(
    socket: bpy.types.NodeSocket,
    material: bpy.types.Material,
    paths: Mapping[str, str],
    expression: str = "",
    index: int = -1,
) -> None:
    """Let an input follow properties of the growth of a material; one that does so already stays.

    Parameters
    ----------
    socket : NodeSocket
    material : Material
    paths : mapping of str to str
        Variable of the expression -> path of the property, from `Material.nca`.
    expression : str
        Of numbers and operators alone, which Blender reckons without Python; empty for the value of one property.
    index : int
        Which number of the input, where it has several.
    """
    path = socket.path_from_id("default_value")
    animation = socket.id_data.animation_data
    curve = animation.drivers.find(path, index=max(0, index)) if animation is not None else None
    if curve is None:
        added = socket.driver_add("default_value", index)
        assert isinstance(added, bpy.types.FCurve)  # one number has one curve
        curve = added
        _say(curve, paths, expression)
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
                try:
                    value = target.id.path_resolve(target.data_path) if target.id is not None else None
                except ValueError:  # of a capability that is off already, which has noted it
                    continue
                if value is not None and target.fallback_value != value:
                    target.fallback_value = value


def _say(curve: bpy.types.FCurve, paths: Mapping[str, str], expression: str) -> None:
    curve.keyframe_points.clear()  # through which values would go, and be rounded
    driver = curve.driver
    for name, path in paths.items():
        variable = driver.variables.new()
        variable.name, variable.type = name, "SINGLE_PROP"
        target = variable.targets[0]
        target.id_type, target.data_path, target.use_fallback_value = "MATERIAL", PREFIX + path, True
    if expression:
        driver.type, driver.expression = "SCRIPTED", expression
    else:
        driver.type = "SUM"


def _targets(curve: bpy.types.FCurve) -> Iterator[bpy.types.DriverTarget]:
    """What a driver reads of a growth, however an artist has changed the rest of it."""
    for variable in curve.driver.variables:
        if variable.targets[0].data_path.startswith(PREFIX):
            yield variable.targets[0]
