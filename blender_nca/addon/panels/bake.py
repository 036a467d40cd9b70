# SPDX-License-Identifier: GPL-3.0-or-later
"""Bake: which frames go where."""

from __future__ import annotations

import bpy

from .. import bake
from .place import InMaterial, InSidebar, OfGrowth, write


class Bake(OfGrowth):
    bl_label = "Bake"

    def draw_growth(self, context, layout, material):
        nca = material.nca
        column = layout.column(align=True)
        column.prop(nca, "bake_start", text="Frame Start")
        column.prop(nca, "bake_end")
        layout.prop(nca, "bake_folder")
        if not nca.bake_folder and bpy.data.filepath:
            write(layout, context, f"Into {bake.default_folder(material)}", "BLANK1")
        elif not bpy.data.filepath and (not nca.bake_folder or nca.bake_folder.startswith("//")):
            write(layout, context, "Save the .blend file first, or choose a folder.", "INFO")
        layout.prop(nca, "normal_strength")
        if nca.quality == "DRAFT":
            write(layout, context, "In draft quality. Full is the same on every machine.", "INFO")
            layout.prop(nca, "quality")


class NCA_PT_bake_material(InMaterial, Bake, bpy.types.Panel):
    bl_parent_id = "NCA_PT_growth_material"


class NCA_PT_bake_sidebar(InSidebar, Bake, bpy.types.Panel):
    bl_parent_id = "NCA_PT_growth_sidebar"


classes = (NCA_PT_bake_material, NCA_PT_bake_sidebar)
