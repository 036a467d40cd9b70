# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: the layers as a list, and what the chosen one is."""

from __future__ import annotations

import bpy

from ..habitat.panel import draw_border, draw_kind, draw_motion
from ..host.text import fill, write
from ..library import catalogue, choices
from ..material import panel as first_screen
from ..material.places import OfGrowth, in_both
from ..material.properties import nca_of
from .properties import EVERYWHERE, MOST, NCA_PG_layer, chosen, layered


class NCA_MT_add_layer(bpy.types.Menu):
    bl_label = "Add Layer"

    def draw(self, context: bpy.types.Context) -> None:
        assert self.layout is not None
        self.layout.operator_enum("nca.add_layer", "source")


class NCA_UL_layers(bpy.types.UIList):
    def draw_item(  # type: ignore[override]  # the stubs say that each of these may be None
        self,
        context: bpy.types.Context,
        layout: bpy.types.UILayout,
        data: object,
        item: NCA_PG_layer,
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
        named.label(text="", icon_value=_icon_of(item))
        named.prop(item, "name", text="", emboss=False)
        if item.on and item.place != EVERYWHERE and item.region.problem:
            row.label(text="", icon="ERROR")
        weight = row.row()
        weight.active = item.on
        weight.scale_x = 0.8
        weight.prop(item, "weight", text="", slider=True)


class Layers(OfGrowth):
    bl_label = "Layers"
    bl_order = 21

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        nca = layered(material)
        row = layout.row()
        row.template_list("NCA_UL_layers", "", nca, "layers", nca, "layer_index", rows=3)
        side = row.column(align=True)
        new = side.row()
        new.enabled = len(nca.layers) < MOST
        new.menu("NCA_MT_add_layer", text="", icon="ADD")
        side.operator("nca.remove_layer", text="", icon="REMOVE")
        if len(nca.layers) > 1:
            side.separator()
            side.operator("nca.move_layer", text="", icon="TRIA_UP").step = -1
            side.operator("nca.move_layer", text="", icon="TRIA_DOWN").step = 1
        layer = chosen(material)
        if layer is None:
            write(
                layout, context, "More species in one growth: each in its region, or from seeds of its own."
            )
            return
        _draw_layer(context, layout, material, layer)
        if any(one.on and one.place == EVERYWHERE for one in nca.layers):
            column = layout.column()
            column.use_property_decorate = True
            column.prop(nca, "base_weight", slider=True)
            column.prop(nca, "meeting")
            if nca.meeting != "MIX":
                _draw_seeds(context, layout, material)


def _draw_layer(
    context: bpy.types.Context,
    layout: bpy.types.UILayout,
    material: bpy.types.Material,
    layer: NCA_PG_layer,
) -> None:
    from ..habitat import recording

    layout.template_icon_view(layer.parent, "picture", show_labels=True, scale=4.0, scale_popup=5.0)
    name = layout.row()
    name.alignment = "CENTER"
    if not first_screen.names(context, name, layer.parent):
        name.label(text=layer.parent.label or fill("No species"), translate=False)
    column = layout.column()
    column.use_property_decorate = True  # the dot that sets a keyframe
    column.prop(layer, "weight", slider=True)
    row = layout.row(align=True)
    row.prop(layer, "place")
    row.operator("nca.paint_layer", text="", icon="BRUSH_DATA")
    if layer.place != EVERYWHERE:
        if layer.region.problem:
            write(layout, context, layer.region.problem, "ERROR")
        draw_kind(layout, layer.region)
        draw_motion(layout, layer.region)
        draw_border(layout.column(), layer.region)
    layout.prop(layer, "border", slider=True)
    if layer.place != EVERYWHERE and recording.is_outdated(material, context):
        write(layout, context, recording.why_outdated(layer.region), "ERROR")
        layout.operator("nca.update_habitat", icon="FILE_REFRESH")


def _draw_seeds(context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """Say whose seeds there are."""
    nca = nca_of(material)
    if nca.seeds == "SCATTERED":
        write(layout, context, "The scattered seeds are of all layers in turn.", "INFO")
    elif not any(point.layer for point in nca.points) or nca.seeds != "POINTS":
        write(
            layout,
            context,
            "No layer has a seed yet: Shift-click with the tool Plant Seeds, or choose Scattered in Seeds.",
            "INFO",
        )


def draw_seed(context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """Draw of which layer the chosen seed is."""
    nca = layered(material)
    if not nca.layers or nca.seeds != "POINTS" or nca.meeting == "MIX":
        return
    if nca.active_point < len(nca.points):
        layout.prop(nca.points[nca.active_point], "layer", text="Seed's Layer")


def problems_of(material: bpy.types.Material) -> list[str]:
    """Regions of layers that could not be recorded."""
    return [
        f"{layer.name}: {layer.region.problem}"
        for layer in layered(material).layers
        if layer.on and layer.place != EVERYWHERE and layer.region.problem
    ]


def _icon_of(layer: NCA_PG_layer) -> int:
    parent = layer.parent
    one = catalogue.species().find(parent.manifold, parent.species)
    if one is not None:
        return next(iter(choices.icons(one)), 0)
    return next((icon for icon in choices.unlisted(parent) if icon), 0)


classes = (NCA_MT_add_layer, NCA_UL_layers, *in_both(Layers, "layers"))
