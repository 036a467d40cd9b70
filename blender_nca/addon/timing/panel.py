# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: the strip of small pictures, and the menu of speeds in the part about time."""

from __future__ import annotations

import bpy

from ...automaton.growth_error import GrowthError
from ..host.text import write
from ..material.places import OfGrowth, in_both
from .properties import timed

WIDTH = 62.0
"""Pixels that a picture takes across, at scale 1."""
SCALE = 2.8


def draw_speed(context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """The menu of speeds."""
    layout.operator_menu_enum("nca.set_speed", "preset", text="Change Speed", icon="IPO_EASE_IN_OUT")


class Strip(OfGrowth):
    bl_label = "Strip"
    # it changes nothing of a growth, baked or not
    may_change = staticmethod(lambda material: True)

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        from . import strip

        nca, scene = timed(material), context.scene
        assert scene is not None  # every file has one
        try:
            moments = strip.moments_of(material, scene, nca.strip_count)
            growth = strip.describe(material, moments)
        except GrowthError as error:
            write(layout, context, str(error), "ERROR")
            return
        if strip.icons.problem_of(growth):
            write(layout, context, strip.icons.problem_of(growth), "ERROR")
        room = context.region.width / context.preferences.system.ui_scale
        columns = min(max(2, int(room / WIDTH)), len(moments))
        grid = layout.grid_flow(row_major=True, columns=columns, even_columns=True, even_rows=True)
        for number, moment in enumerate(moments):
            cell = grid.column(align=True)
            icon = strip.icon_of(material, number, growth, moment.grown)
            cell.template_icon(icon_value=icon, scale=SCALE)
            is_now = strip.is_now(moments, number, material, scene)
            button = cell.operator("nca.show_moment", text=moment.label, depress=is_now)
            button.frame = moment.frame
            button.age = -1.0 if moment.age is None else moment.age
        layout.prop(nca, "strip_count")


classes = in_both(Strip, "strip", below="time")
