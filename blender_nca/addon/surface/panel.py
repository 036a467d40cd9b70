# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: what a growth lives on, and whether that is the mesh as it is now."""

from __future__ import annotations

import bpy

from ..host.text import write
from ..material.places import OfGrowth, in_both
from ..material.properties import nca_of
from . import making


class Surface(OfGrowth):
    bl_label = "Surface"
    bl_order = 0  # all else lies on what is chosen here

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        nca = nca_of(material)
        layout.row().prop(nca, "over", expand=True)
        if nca.over != "MESH":
            return
        layout.prop(nca, "direction")
        if nca.surface_note:
            write(layout, context, nca.surface_note)
        if nca.surface and making.is_outdated(material, context):
            write(layout, context, "The mesh was changed since.", "ERROR")
        layout.operator("nca.update_surface", icon="FILE_REFRESH")


classes = in_both(Surface, "surface")
