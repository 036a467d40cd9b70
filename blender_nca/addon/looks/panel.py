# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: the closed part of the first screen that changes colours and surface of a growth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from ..host.text import CONTEXT, write
from ..material.places import OfGrowth, in_both
from ..material.status import occupied, why_not_editable
from ..material.target import material_of
from .properties import COLOUR, LABELS, looks_of, name_of

if TYPE_CHECKING:
    from .properties import Looks


def _may_change(material: bpy.types.Material) -> bool:
    """Whether the look is not in files already, or on its way into them."""
    nca = looks_of(material)
    is_in_files = nca.baked and nca.looks_in_files
    return not why_not_editable(material) and not is_in_files and not any(occupied(material))


class LooksPanel(OfGrowth):
    bl_label = "Looks"
    bl_order = 20
    may_change = staticmethod(_may_change)

    def draw_header(self, context: bpy.types.Context) -> None:
        material = material_of(context)
        if material is not None:
            self.layout.enabled = self.may_change(material)
            self.layout.prop(looks_of(material), "looks", text="")

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        nca = looks_of(material)
        changed = layout.column()
        changed.active = nca.looks
        changed.use_property_decorate = True  # the dots that set keyframes
        column = changed.column(align=True)
        for name in COLOUR:
            column.prop(nca, name, slider=True)
        for map, label in LABELS.items():
            header, body = changed.panel(f"nca_look_{map}", default_closed=True)
            header.label(text=label)
            if body is not None:
                _draw_level(body, nca, map)
        row = layout.row()
        row.prop(nca, "bakes_looks")
        row.operator("nca.reset_looks", text="", icon="LOOP_BACK", emboss=False)
        if nca.baked and nca.looks_in_files:
            write(layout, context, "It is in the baked files: free the bake to change it.", "INFO")
        elif nca.baked and nca.looks:
            write(
                layout,
                context,
                "The baked files are without it; other programs show them as they grew.",
                "INFO",
            )


def _draw_level(layout: bpy.types.UILayout, nca: Looks, map: str) -> None:
    from . import nodes

    column = layout.column(align=True)
    column.prop(nca, name_of(map, "multiply"), text="Multiply", text_ctxt=CONTEXT, slider=True)
    column.prop(nca, name_of(map, "offset"), text="Offset", slider=True)
    row = layout.row()
    row.use_property_decorate = False
    row.prop(nca, name_of(map, "curved"), text="Curve")
    node = nodes.curve_node(nca.tree, map)
    if getattr(nca, name_of(map, "curved")) and node is not None:
        layout.template_curve_mapping(node, "mapping")


classes = in_both(LooksPanel, "looks")
