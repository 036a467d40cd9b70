# SPDX-License-Identifier: GPL-3.0-or-later
"""DNA: the letters of both species, to read, change and copy."""

from __future__ import annotations

import bpy

from .place import InMaterial, InSidebar, OfGrowth, write


class DNA(OfGrowth):
    bl_label = "DNA"

    def draw_growth(self, context, layout, material):
        layout.use_property_split = False
        for name, parent in (("A", material.nca.a), ("B", material.nca.b)):
            row = layout.row(align=True)
            row.alert = bool(parent.draft_problem)
            split = row.split(factor=0.06, align=True)
            split.label(text=name)
            split.prop(parent, "text", text="")
            row.operator("nca.copy_dna", text="", icon="COPYDOWN").parent = name
            row.operator("nca.restore_dna", text="", icon="LOOP_BACK").parent = name
            if parent.draft_problem:
                write(
                    layout, context, f"{parent.draft_problem}. The growth keeps its DNA of before.", "ERROR"
                )


class NCA_PT_dna_material(InMaterial, DNA, bpy.types.Panel):
    bl_parent_id = "NCA_PT_growth_material"


class NCA_PT_dna_sidebar(InSidebar, DNA, bpy.types.Panel):
    bl_parent_id = "NCA_PT_growth_sidebar"


classes = (NCA_PT_dna_material, NCA_PT_dna_sidebar)
