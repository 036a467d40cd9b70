# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: what the cells meet, as a list, and the habitats that one click makes."""

from __future__ import annotations

import bpy

from ..host.text import write
from ..material.places import OfGrowth, in_both
from .conditions import IN_MOTION, KINDS
from .operators import chosen
from .presets import PRESETS
from .properties import NCA_PG_condition, inhabiting


class NCA_MT_habitats(bpy.types.Menu):
    bl_label = "Habitats"

    def draw(self, context: bpy.types.Context) -> None:
        assert self.layout is not None
        for key, preset in PRESETS.items():
            self.layout.operator("nca.habitat", text=preset.name, icon=preset.icon).preset = key


class NCA_MT_conditions(bpy.types.Menu):
    bl_label = "Add Condition"

    def draw(self, context: bpy.types.Context) -> None:
        assert self.layout is not None
        for key, kind in KINDS.items():
            self.layout.operator("nca.add_condition", text=kind.name, icon=kind.icon).kind = key


class NCA_MT_paint(bpy.types.Menu):
    bl_label = "Paint"

    def draw(self, context: bpy.types.Context) -> None:
        assert self.layout is not None
        self.layout.operator_enum("nca.paint_condition", "kind")


class NCA_UL_conditions(bpy.types.UIList):
    def draw_item(  # type: ignore[override]  # the stubs say that each of these may be None
        self,
        context: bpy.types.Context,
        layout: bpy.types.UILayout,
        data: object,
        item: NCA_PG_condition,
        icon: int,
        active_data: object,
        active_property: str,
        index: int = 0,
        flag: int = 0,
    ) -> None:
        row = layout.row(align=True)
        row.use_property_split = False
        row.prop(item, "on", text="")
        named = row.row(align=True)
        named.active = item.on
        named.prop(item, "name", text="", emboss=False, icon=KINDS[item.kind].icon)
        if item.problem and item.on:
            row.label(text="", icon="ERROR")
        row.prop(item, "acts", text="", icon_only=True, emboss=False)


class Habitat(OfGrowth):
    bl_label = "Habitat"
    bl_order = 30

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        from . import recording

        growth = inhabiting(material)
        row = layout.row(align=True)
        row.menu("NCA_MT_habitats", icon="WORLD")
        row.menu("NCA_MT_paint", icon="BRUSH_DATA")
        row = layout.row()
        row.template_list("NCA_UL_conditions", "", growth, "conditions", growth, "condition_index", rows=4)
        side = row.column(align=True)
        side.menu("NCA_MT_conditions", text="", icon="ADD")
        side.operator("nca.remove_condition", text="", icon="REMOVE")
        if len(growth.conditions) > 1:
            side.separator()
            side.operator("nca.move_condition", text="", icon="TRIA_UP").step = -1
            side.operator("nca.move_condition", text="", icon="TRIA_DOWN").step = 1
        condition = chosen(material)
        if condition is None:
            write(layout, context, "It lives everywhere. Choose a habitat, paint one, or add a condition.")
            return
        _draw_condition(context, layout, material, condition)
        if recording.is_outdated(material, context):
            write(
                layout,
                context,
                recording.why_outdated(*(one for one in growth.conditions if one.on)),
                "ERROR",
            )
        layout.operator("nca.update_habitat", icon="FILE_REFRESH")
        layout.operator("nca.seed_habitat", icon="STICKY_UVS_LOC")


def _draw_condition(
    context: bpy.types.Context,
    layout: bpy.types.UILayout,
    material: bpy.types.Material,
    condition: NCA_PG_condition,
) -> None:
    from . import painting

    if condition.problem:
        write(layout, context, condition.problem, "ERROR")
    layout.row().prop(condition, "acts", expand=True)
    draw_kind(layout, condition)
    draw_motion(layout, condition)
    if condition.kind in painting.MODES:
        paint = layout.operator("nca.paint_condition", icon="BRUSH_DATA")
        paint.kind, paint.is_new = condition.kind, False
    column = layout.column()
    if condition.acts == "SPEED":
        column.prop(condition, "least")
    draw_border(column, condition)


def draw_kind(layout: bpy.types.UILayout, condition: NCA_PG_condition) -> None:
    """Draw what a condition is about."""
    from . import recording

    column = layout.column()
    if condition.kind == "IMAGE":
        column.template_ID(condition, "image", new="image.new", open="image.open")
        if recording.has_pictures(condition):
            column.prop(condition, "first_frame")
    for name in KINDS[condition.kind].settings:
        if name == "channel" and condition.kind == "ATTRIBUTE" and not condition.attribute:
            continue
        column.prop(condition, name)
        if name == "facing" and condition.facing == "OBJECT":
            column.prop(condition, "target")


def draw_motion(layout: bpy.types.UILayout, condition: NCA_PG_condition) -> None:
    """Draw whether a condition is recorded over the frames of the scene."""
    if condition.kind in IN_MOTION:
        layout.prop(condition, "over_frames")


def draw_border(layout: bpy.types.UILayout, condition: NCA_PG_condition) -> None:
    """Draw on which side of its border a condition holds, and how that runs."""
    layout.prop(condition, "invert")
    layout.prop(condition, "ragged")
    if condition.ragged:
        layout.prop(condition, "grain")
        layout.prop(condition, "noise_seed")


def problems_of(material: bpy.types.Material) -> list[str]:
    """What of the habitat could not be recorded, and whether nothing lives in it."""
    from . import seeding

    growth = inhabiting(material)
    found = [f"{one.name}: {one.problem}" for one in growth.conditions if one.on and one.problem]
    if len(growth.conditions) and not growth.baked:
        found.append(seeding.why_nothing_lives(material))
    return found


def draw_remedy(context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """What plants seeds where they live."""
    from . import seeding

    growth = inhabiting(material)
    if len(growth.conditions) and not growth.baked and seeding.why_nothing_lives(material):
        layout.operator("nca.seed_habitat", icon="STICKY_UVS_LOC")


classes = (
    NCA_MT_habitats,
    NCA_MT_conditions,
    NCA_MT_paint,
    NCA_UL_conditions,
    *in_both(Habitat, "habitat"),
)
