# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: presets in a popover, the bundled ones by their pictures."""

from __future__ import annotations

import bpy

from ..library import choices
from ..material.properties import nca_of
from ..material.target import material_of
from . import files

COLUMNS = 3


class NCA_PT_presets(bpy.types.Panel):
    bl_label = "Growth Presets"
    bl_space_type = "PROPERTIES"
    bl_region_type = "HEADER"
    bl_ui_units_x = 15

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        presets = files.listed()
        layout.label(text="Growth Presets")
        grid = layout.grid_flow(row_major=True, columns=COLUMNS, even_columns=True, even_rows=True)
        for one in presets:
            if not one.is_own:
                cell = grid.column(align=True)
                cell.template_icon(icon_value=next(iter(choices.pictures(one.picture)), 0), scale=4.5)
                cell.operator("nca.apply_preset", text=one.name, translate=False).filepath = str(one.path)
        own = layout.column(align=True)
        for one in presets:
            if one.is_own:
                row = own.row(align=True)
                row.operator("nca.apply_preset", text=one.name, translate=False).filepath = str(one.path)
                row.operator("nca.remove_preset", text="", icon="REMOVE").filepath = str(one.path)
        material = material_of(context)
        if material is not None and nca_of(material).growing:
            row = layout.row(align=True)
            row.prop(context.window_manager, "nca_preset_name", text="", placeholder="Keep as…")
            row.operator("nca.keep_preset", text="", icon="ADD").name = context.window_manager.nca_preset_name


def register() -> None:
    """Give the window's manager the name that is being typed; no file keeps it."""
    bpy.types.WindowManager.nca_preset_name = bpy.props.StringProperty(  # type: ignore[attr-defined]
        name="Name", description="Of the preset that the growth is kept as", options={"SKIP_SAVE"}
    )


def unregister() -> None:
    """Take it away."""
    del bpy.types.WindowManager.nca_preset_name  # type: ignore[attr-defined]


def draw_header(context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
    """The button that opens them."""
    layout.popover("NCA_PT_presets", text="", icon="PRESET")


classes = (NCA_PT_presets,)
