# SPDX-License-Identifier: GPL-3.0-or-later
"""Grid and detail: how many cells, how finely they are painted, and how the growth lies on the material."""

from __future__ import annotations

import bpy

from .. import materials
from .place import InMaterial, InSidebar, OfGrowth


class Grid(OfGrowth):
    bl_label = "Grid and Detail"

    def draw_growth(self, context, layout, material):
        nca = material.nca
        column = layout.column(align=True)
        column.prop(nca, "width", text="Cells Across")
        column.prop(nca, "height", text="Down")
        layout.prop(nca, "pixels_per_cell")
        layout.prop(nca, "quality")
        layout.prop(nca, "wrap")
        for group in materials.group_nodes(material, nca.tree)[:1]:
            # Values of the node itself, which a bake leaves free to change.
            column = layout.column()
            column.enabled = True
            for name in (materials.RELIEF, materials.GLOW, "Ground Alpha"):
                socket = group.inputs.get(name)
                if socket is not None and not socket.is_linked:
                    column.prop(socket, "default_value", text=name)


class NCA_PT_grid_material(InMaterial, Grid, bpy.types.Panel):
    bl_parent_id = "NCA_PT_growth_material"


class NCA_PT_grid_sidebar(InSidebar, Grid, bpy.types.Panel):
    bl_parent_id = "NCA_PT_growth_sidebar"


classes = (NCA_PT_grid_material, NCA_PT_grid_sidebar)
