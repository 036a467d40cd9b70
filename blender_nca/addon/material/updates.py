# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates: what the properties of a growth tell when one of them is set."""

from __future__ import annotations

import bpy

from . import events


def material_of(properties: bpy.types.PropertyGroup) -> bpy.types.Material:
    """The material that some properties are of."""
    return properties.id_data  # type: ignore[return-value]  # materials alone have such properties


def tell_changed(self: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
    """The pictures are other ones."""
    events.changed(material_of(self))


def tell_reshaped(self: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
    """What the cells lie on is another one, and so are the pictures."""
    events.reshaped(material_of(self))
    tell_changed(self, context)
