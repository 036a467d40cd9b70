# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: what a growth lives on, and whether that is the mesh as it is now."""

from __future__ import annotations

import bpy

from ..host.text import write
from ..material.places import OfGrowth, in_both
from ..material.properties import nca_of
from ..material.status import is_open
from ..material.suitability import why_flat
from .directed import directed
from .tool import COMB


class Surface(OfGrowth):
    bl_label = "Surface"
    bl_order = 40

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        from . import making, outdated

        nca = nca_of(material)
        layout.row().prop(nca, "over", expand=True)
        if nca.over != "MESH":
            return
        _draw_direction(layout, context, material)
        if nca.surface_note:
            write(layout, context, nca.surface_note)
        is_being_made = making.is_being_made(material)
        why = (
            outdated.why_outdated(material, context)
            if nca.surface and not (is_being_made or nca.baked)
            else ""
        )
        if is_being_made:
            write(layout, context, making.BEING_MADE, "TIME")
        elif why:
            write(layout, context, why, "ERROR")
        row = layout.row(align=True)
        row.operator("nca.update_surface", icon="FILE_REFRESH")
        row.operator("nca.growth_uv", icon="UV")


def draw_remedy(context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """What gives a mesh coordinates that has none to show a growth by."""
    if is_open(material) and why_flat(context):
        layout.operator("nca.growth_uv", icon="UV")


def _draw_direction(
    layout: bpy.types.UILayout, context: bpy.types.Context, material: bpy.types.Material
) -> None:
    from .directions import AXES

    nca = directed(material)
    column = layout.column()
    column.prop(nca, "direction")
    if nca.direction in AXES:
        column.row().prop(nca, "direction_space", expand=True)
    elif nca.direction in {"TOWARD", "AROUND"}:
        column.prop(nca, "direction_object")
        if nca.direction == "AROUND":
            column.row().prop(nca, "direction_axis", expand=True)
    elif nca.direction == "CURVE":
        column.prop(nca, "direction_curve")
    elif nca.direction == "ATTRIBUTE":
        column.prop(nca, "direction_attribute")
    elif nca.direction == "COMBED":
        row = column.row()
        row.enabled = context.mode == "OBJECT"
        chosen = row.operator("wm.tool_set_by_id", text="Comb Growth", icon="BRUSHES_ALL")
        chosen.name, chosen.space_type = COMB, "VIEW_3D"
    column.prop(nca, "direction_angle")
    column.prop(nca, "shows_directions")


classes = in_both(Surface, "surface")
