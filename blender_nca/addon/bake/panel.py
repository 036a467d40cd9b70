# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: what the first screen shows of bakes, and the part below it that says which frames go where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from ..host.text import fill, write
from ..material.places import OfGrowth, in_both
from ..material.properties import nca_of
from ..material.status import is_open
from ..material.target import material_of
from .all_growing import growing
from .chosen_preset import problem_of
from .destination import default_folder, is_beside_the_file
from .preset_files import own_presets
from .properties import bakes_loop_alone, baking_of, has_loop
from .textures import PACKED, NCA_PG_texture, is_whole, summary_of

if TYPE_CHECKING:
    from .properties import Baking


def draw_button(context: bpy.types.Context, row: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """Bake, or how far it is, or Free Bake."""
    from .bake import running

    bake = running(material)
    if bake is not None:
        row.progress(
            factor=bake.progress, text=fill("{count} of {total}", count=len(bake.finished), total=bake.total)
        )
        row.operator("nca.stop_bake", text="", icon="X")
    elif nca_of(material).baked:
        row.operator("nca.free_bake", icon="UNLOCKED")
    else:
        row.operator("nca.bake", icon="RENDER_ANIMATION")


def draw_state(context: bpy.types.Context, column: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """What is baked, and that it is being baked."""
    from .bake import running
    from .missing import missing
    from .outlook import ended_of

    nca = nca_of(material)
    if nca.baked:
        lost = missing(material)
        if lost is not None:
            write(column, context, lost.sentence, "ERROR")
        else:
            first, last = nca.baked_first, nca.baked_last
            said = fill("Baked: frames {first} to {last}, from image files.", first=first, last=last)
            if nca.baked_loop:
                said = fill("Baked: a loop of {count} frames, from image files.", count=last - first + 1)
            write(column, context, said, "CHECKMARK")
            write(column, context, "Free the bake to change the growth.", "BLANK1")
    if running(material) is not None:
        write(column, context, "Baking: press ESC to stop, finished frames are kept.", "INFO")
        return
    ended = ended_of(material)
    if ended is not None and missing(material) is None:
        if not nca.baked:
            write(column, context, ended.sentence, "CHECKMARK")
        column.operator("wm.path_open", text="Open Folder", icon="FILE_FOLDER").filepath = str(ended.folder)


def draw_remedy(context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """What brings missing files back."""
    from .bake import running
    from .missing import missing

    lost = missing(material)
    if lost is not None and running(material) is None:
        row = layout.row(align=True)
        if lost.folder is not None:
            row.operator("nca.find_bake", icon="VIEWZOOM")
        row.operator("nca.bake", text="Bake Again", icon="RENDER_ANIMATION")


def problems_of(material: bpy.types.Material) -> list[str]:
    """Why baked images are not, or would not be, what they should."""
    from ..host.colour_space import why_no_bake

    return [why_no_bake()]


class Bake(OfGrowth):
    bl_label = "Bake"
    bl_order = 50

    # what is baked can still be handed on
    may_change = staticmethod(lambda material: True)

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        from .bake import running

        nca = baking_of(material)
        settings = layout.column()
        settings.enabled = is_open(material)
        _draw_settings(context, settings, material)
        more = layout.column()
        more.enabled = running(material) is None
        if nca.bake_layout == "SEQUENCE":
            more.operator("nca.write_video", icon="FILE_MOVIE")
        if len(growing()) > 1:
            more.operator("nca.bake_all", icon="RENDER_ANIMATION")


def _draw_settings(
    context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
) -> None:
    """What is baked, and where to."""
    from ...baking.plan import NO_FLIPBOOK
    from ...maps.bake_preset import BLENDER
    from .outlook import sentence_of

    nca = baking_of(material)
    split = layout.split(factor=0.4)
    label = split.row()
    label.alignment = "RIGHT"
    label.label(text="Preset")
    row = split.row(align=True)
    row.menu("NCA_MT_bake_presets", text=nca.bake_preset or BLENDER)
    row.operator("nca.bake_several", text="", icon="DUPLICATE")
    layout.prop(nca, "bake_layout")
    if nca.bake_layout in ("FLIPBOOK", "ORDER") and nca.bake_preset in ("", BLENDER):
        write(layout, context, NO_FLIPBOOK, "INFO")
    _draw_time(layout, nca)
    if nca.bake_layout != "FLIPBOOK":
        layout.prop(nca, "bake_side")
    layout.prop(nca, "bake_folder")
    if not nca.bake_folder and bpy.data.filepath:
        write(layout, context, fill("Into {folder}", folder=default_folder(material)), "BLANK1")
    elif not bpy.data.filepath and (not nca.bake_folder or is_beside_the_file(nca.bake_folder)):
        write(layout, context, "This file is not saved yet: Bake asks for a folder.", "INFO")
    outlook = sentence_of(material)
    if outlook:
        write(layout, context, outlook, "DISK_DRIVE")
    if nca.over == "MESH":
        layout.prop(nca, "bake_uv", icon="GROUP_UVS")
    layout.prop(nca, "normal_strength", text="Normals")
    if nca.quality == "DRAFT":
        write(layout, context, "In draft quality. Full is the same on every machine.", "INFO")
        layout.prop(nca, "quality")


def _draw_time(layout: bpy.types.UILayout, nca: Baking) -> None:
    """Which frames, and how they lie."""
    if nca.bake_layout == "STILL":
        layout.prop(nca, "bake_frame")
        return
    if has_loop(nca) and nca.bake_layout != "ORDER":
        layout.prop(nca, "bake_loop")
    if not bakes_loop_alone(nca):
        column = layout.column(align=True)
        if nca.bake_layout != "ORDER":
            column.prop(nca, "bake_start", text="Frame Start")
        column.prop(nca, "bake_end", text="End" if nca.bake_layout != "ORDER" else "Frame")
        layout.prop(nca, "bake_follows")
    if nca.bake_layout == "FLIPBOOK":
        column = layout.column(align=True)
        column.prop(nca, "bake_columns")
        column.prop(nca, "bake_rows")
        layout.prop(nca, "bake_size")
        layout.prop(nca, "bake_padding")
        if not bakes_loop_alone(nca):
            layout.prop(nca, "flipbook_loops")
        layout.prop(nca, "flipbook_motion")


class NCA_MT_bake_presets(bpy.types.Menu):
    bl_label = "Bake Presets"

    def draw(self, context: bpy.types.Context) -> None:
        from ...maps.bake_preset import bundled

        layout = self.layout
        for name in bundled():
            layout.operator("nca.choose_bake_preset", text=name).preset = name
        own = own_presets()
        if own:
            layout.separator()
        for name in own:
            layout.operator("nca.choose_bake_preset", text=name, icon="USER").preset = name
        layout.separator()
        layout.operator("nca.keep_bake_preset", icon="ADD")
        material = material_of(context)
        chosen = baking_of(material).bake_preset if material is not None else ""
        if chosen in own:
            text = fill("Remove {name}", name=chosen)
            layout.operator("nca.remove_bake_preset", text=text, icon="REMOVE").preset = chosen
        layout.operator("nca.import_bake_preset", icon="IMPORT")
        layout.operator("nca.export_bake_preset", icon="EXPORT")


class NCA_UL_textures(bpy.types.UIList):
    def draw_item(self, context, layout, data, item, icon, active_data, active_property, index):  # type: ignore[no-untyped-def,override]
        # half of the room each: a long summary would cut the name, which is the file's
        row = layout.split(factor=0.45)
        row.prop(item, "name", text="", emboss=False)
        side = row.row()
        side.alignment = "RIGHT"
        side.label(text=summary_of(item))


class Textures(OfGrowth):
    bl_label = "Textures"
    bl_order = 1  # it comes and goes, and Blender would put it below Farm

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        material = material_of(context)
        return super().poll(context) and material is not None and bool(baking_of(material).bake_textures)

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        nca = baking_of(material)
        layout.prop(nca, "bake_names")
        row = layout.row()
        row.template_list(
            "NCA_UL_textures", "", nca, "bake_textures", nca, "bake_texture_index", rows=4, maxrows=10
        )
        side = row.column(align=True)
        side.operator("nca.add_texture", text="", icon="ADD")
        side.operator("nca.remove_texture", text="", icon="REMOVE")
        if 0 <= nca.bake_texture_index < len(nca.bake_textures):
            _draw_texture(layout, nca.bake_textures[nca.bake_texture_index])
        problem = problem_of(nca)
        if problem:
            write(layout, context, problem, "ERROR")


class Farm(OfGrowth):
    bl_label = "Farm"
    bl_order = 2

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        layout.operator("nca.ready_for_farm", icon="CHECKMARK")
        layout.operator("nca.export_growth", icon="EXPORT")


def _draw_texture(layout: bpy.types.UILayout, row: NCA_PG_texture) -> None:
    """What is in a texture's channels, and how it is written."""
    layout.prop(row, "content")
    column = layout.column(align=True)
    if row.content == PACKED:
        for letter in ("r", "g", "b"):
            _draw_channel(column, row, letter)
    if row.content == PACKED or is_whole(row):
        _draw_channel(column, row, "a")
    else:
        column.prop(row, "r_inverted")
    column = layout.column(align=True)
    column.prop(row, "file_format")
    column.prop(row, "depth")
    column.prop(row, "colour")
    layout.prop(row, "slot")


def _draw_channel(column: bpy.types.UILayout, row: NCA_PG_texture, letter: str) -> None:
    line = column.row(align=True)
    line.prop(row, letter)
    line.prop(row, f"{letter}_inverted", text="", icon="ARROW_LEFTRIGHT")


classes = (
    NCA_MT_bake_presets,
    NCA_UL_textures,
    *in_both(Bake, "bake"),
    *in_both(Textures, "bake_textures", below="bake"),
    *in_both(Farm, "bake_farm", below="bake"),
)
