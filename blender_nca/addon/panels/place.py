# SPDX-License-Identifier: GPL-3.0-or-later
"""Place: the two places where a panel is shown, and what all panels share."""

from __future__ import annotations

import textwrap

import bpy

from .. import active, bake, playback

LETTER, MARGIN, ICON = 6.4, 40, 20
"""Pixels at scale 1: a letter of the interface, a little more than on average; a panel's borders; an icon."""


class InMaterial:
    """In the properties editor's material tab."""

    bl_space_type = "PROPERTIES"
    bl_region_type = "WINDOW"
    bl_context = "material"


class InSidebar:
    """In the 3D view's sidebar."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Neural Growth"


class OfGrowth:
    """A closed panel below the main one, there while the material grows."""

    bl_options = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context):
        material = active.material_of(context)
        return material is not None and material.nca.growing

    def draw(self, context):
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        material = active.material_of(context)
        layout.enabled = is_open(material)
        self.draw_growth(context, layout, material)

    def draw_growth(self, context, layout, material):
        raise NotImplementedError


def is_open(material: bpy.types.Material) -> bool:
    """Whether the growth may be changed: not while it is baked or being baked, or the material is linked."""
    return not material.nca.baked and bake.running(material) is None and playback.is_live(material)


def write(layout: bpy.types.UILayout, context: bpy.types.Context, text: str, icon: str = "NONE") -> None:
    """Write a text in as many lines as the region's width asks for."""
    scale = context.preferences.system.ui_scale or 1.0
    room = (
        (context.region.width if context.region else 400) / scale - MARGIN - (0 if icon == "NONE" else ICON)
    )
    width = max(18, int(room / LETTER))
    column = layout.column(align=True)
    column.scale_y = 0.8
    for number, line in enumerate(textwrap.wrap(text, width) or [""]):
        column.label(text=line, icon=icon if number == 0 else ("NONE" if icon == "NONE" else "BLANK1"))
