# SPDX-License-Identifier: GPL-3.0-or-later
"""Suggestions: what the fields of a growth offer: names that its objects have, and objects that may be chosen."""

from __future__ import annotations

from collections.abc import Iterable

import bpy


def showing(material: bpy.types.ID | None, context: bpy.types.Context) -> list[bpy.types.Object]:
    """The objects of the view layer that show a material."""
    return [
        owner
        for owner in context.view_layer.objects
        if any(slot.material == material for slot in owner.material_slots)
    ]


def meshes_showing(material: bpy.types.ID | None, context: bpy.types.Context) -> list[bpy.types.Object]:
    """Those of them that are meshes."""
    return [owner for owner in showing(material, context) if owner.type == "MESH"]


def matching(names: Iterable[str], typed: str) -> list[str]:
    """Those of some names in which what was typed stands, each once."""
    return [name for name in dict.fromkeys(names) if typed.casefold() in name.casefold()]


def is_curve(self: bpy.types.PropertyGroup, owner: bpy.types.Object) -> bool:
    """Whether an object may be chosen where a curve is meant."""
    return owner.type == "CURVE"
