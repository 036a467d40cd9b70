# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds: where the growth begins, and which individual it is."""

from __future__ import annotations

import bpy

from .place import InMaterial, InSidebar, OfGrowth


class Seeds(OfGrowth):
    bl_label = "Seeds"

    def draw_growth(self, context, layout, material):
        nca = material.nca
        layout.prop(nca, "seeds", text="Begin at")
        if nca.seeds == "SCATTERED":
            layout.prop(nca, "seed_count")
        elif nca.seeds == "POINTS":
            column = layout.column(align=True)
            column.use_property_split = False
            for index, point in enumerate(nca.points):
                row = column.row(align=True)
                row.prop(point, "at", index=0, text="X")
                row.prop(point, "at", index=1, text="Y")
                row.operator("nca.remove_point", text="", icon="X").index = index
            column.operator("nca.add_point", icon="ADD")
        elif nca.seeds == "MASK":
            layout.template_ID(nca, "mask", open="image.open")
        row = layout.row(align=True)
        row.prop(nca, "random_seed")
        row.operator("nca.randomise_seed", text="", icon="FILE_REFRESH")


class NCA_PT_seeds_material(InMaterial, Seeds, bpy.types.Panel):
    bl_parent_id = "NCA_PT_growth_material"


class NCA_PT_seeds_sidebar(InSidebar, Seeds, bpy.types.Panel):
    bl_parent_id = "NCA_PT_growth_sidebar"


classes = (NCA_PT_seeds_material, NCA_PT_seeds_sidebar)
