# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: the wounds of a growth by frame, and what wounds it as the scene moves."""

from __future__ import annotations

import bpy

from ..host.stubs import Icon
from ..host.text import fill, write
from ..material.places import OfGrowth, in_both
from .properties import KINDS, NCA_PG_wound, NCA_PG_wound_source, shift_of, wounded

ICONS: dict[str, Icon] = {kind[0]: kind[3] for kind in KINDS}  # type: ignore[misc]  # they are its icons
"""Kind of a source -> its icon."""


class NCA_UL_wounds(bpy.types.UIList):
    """The wounds made by hand: frame, share of the cells."""

    def draw_item(  # type: ignore[override]  # as Blender calls it
        self,
        context: bpy.types.Context,
        layout: bpy.types.UILayout,
        data: object,
        item: NCA_PG_wound,
        icon: int,
        active_data: object,
        active_name: str,
    ) -> None:
        split = layout.split(factor=0.55)
        split.prop(item, "at", text="", emboss=False, icon="TIME")
        row = split.row()
        row.alignment = "RIGHT"
        row.label(text=f"{100 * item.share:.1f} %")


class NCA_UL_wound_sources(bpy.types.UIList):
    """What moves and wounds, and whether it is used."""

    def draw_item(  # type: ignore[override]  # as Blender calls it
        self,
        context: bpy.types.Context,
        layout: bpy.types.UILayout,
        data: object,
        item: NCA_PG_wound_source,
        icon: int,
        active_data: object,
        active_name: str,
    ) -> None:
        from .provenance import name_of

        row = layout.row()
        row.label(
            text=name_of(item) or item.known_as or fill("Choose One"), translate=False, icon=ICONS[item.kind]
        )
        if not item.record:
            row.label(text="", icon="RADIOBUT_OFF")
        row.prop(item, "used", text="", emboss=False, icon="HIDE_OFF" if item.used else "HIDE_ON")


class Wounds(OfGrowth):
    bl_label = "Wounds"
    bl_order = 31

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        nca = wounded(material)
        layout.prop(nca, "wounds_heal")
        if len(nca.wounds):
            row = layout.row()
            row.template_list("NCA_UL_wounds", "", nca, "wounds", nca, "wound_index", rows=3)
            buttons = row.column(align=True)
            buttons.operator("nca.remove_wound", text="", icon="REMOVE")
            buttons.operator("nca.remove_wounds", text="", icon="TRASH")
            if not shift_of(nca):
                write(layout, context, "Frames are those of the growth.", "BLANK1")
        else:
            write(
                layout,
                context,
                "Drag over the growth with the tool Wound Growth, also while it plays.",
                "INFO",
            )
        layout.operator("nca.wound_here", icon="PIVOT_CURSOR")
        self._draw_sources(context, layout, material)

    def _draw_sources(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        from . import kept
        from .recording import state_of

        nca = wounded(material)
        layout.separator()
        layout.label(text="Wounded by")
        row = layout.row()
        row.template_list("NCA_UL_wound_sources", "", nca, "wound_sources", nca, "wound_source_index", rows=2)
        buttons = row.column(align=True)
        buttons.operator_menu_enum("nca.add_wound_source", "kind", text="", icon="ADD")
        buttons.operator("nca.remove_wound_source", text="", icon="REMOVE")
        buttons.operator("nca.add_wound_object", text="", icon="SPHERE")
        if not len(nca.wound_sources):
            return
        if 0 <= nca.wound_source_index < len(nca.wound_sources):
            source = nca.wound_sources[nca.wound_source_index]
            column = layout.column()
            if source.kind == "IMAGE":
                column.template_ID(source, "image", open="image.open")
            else:
                column.prop(source, source.kind.lower())
            if source.kind in {"OBJECT", "COLLECTION"}:
                column.prop(source, "distance")
            column.prop(source, "effect")
            state = state_of(source, material, context)
            if source.record:
                write(layout, context, f"Recorded: {source.record_note}.", "CHECKMARK")
            if state:
                write(layout, context, state, "ERROR" if source.record else "INFO")
        layout.operator("nca.record_wounds", icon="REC")
        size = kept.size_of(material)
        if size:
            write(layout, context, f"All wounds take {_told(size)} in this file.", "BLANK1")


def problems_of(material: bpy.types.Material) -> list[str]:
    """That what was recorded is not what moves now."""
    from .recording import state_of

    context = bpy.context
    return [
        state_of(source, material, context)
        for source in wounded(material).wound_sources
        if source.record and source.used
    ]


def _told(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"


classes = (NCA_UL_wounds, NCA_UL_wound_sources, *in_both(Wounds, "wounds"))
