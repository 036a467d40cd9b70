# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: what the first screen shows of bakes, and the part below it that says which frames go where."""

from __future__ import annotations

import bpy

from ..host.colour_space import why_no_bake
from ..host.text import write
from ..material.places import OfGrowth, in_both
from ..material.properties import nca_of
from .bake import running
from .destination import default_folder, is_beside_the_file
from .missing import missing
from .properties import baking_of


def draw_button(context: bpy.types.Context, row: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """Bake, or how far it is, or Free Bake."""
    bake = running(material)
    if bake is not None:
        row.progress(factor=bake.progress, text=f"{len(bake.finished)} of {bake.total}")
        row.operator("nca.stop_bake", text="", icon="X")
    elif nca_of(material).baked:
        row.operator("nca.free_bake", icon="UNLOCKED")
    else:
        row.operator("nca.bake", icon="RENDER_ANIMATION")


def draw_state(context: bpy.types.Context, column: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """What is baked, and that it is being baked."""
    nca = nca_of(material)
    if nca.baked:
        lost = missing(material)
        if lost is not None:
            write(column, context, lost.sentence, "ERROR")
        else:
            frames = f"frames {nca.baked_first} to {nca.baked_last}"
            if nca.baked_loop:
                frames = f"a loop of {nca.baked_last - nca.baked_first + 1} frames"
            frames = f"Baked: {frames}, from image files."
            write(column, context, frames, "CHECKMARK")
            write(column, context, "Free the bake to change the growth.", "BLANK1")
    if running(material) is not None:
        write(column, context, "Baking: press ESC to stop, finished frames are kept.", "INFO")


def draw_remedy(context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """What brings missing files back."""
    lost = missing(material)
    if lost is not None and running(material) is None:
        row = layout.row(align=True)
        if lost.folder is not None:
            row.operator("nca.find_bake", icon="VIEWZOOM")
        row.operator("nca.bake", text="Bake Again", icon="RENDER_ANIMATION")


def problems_of(material: bpy.types.Material) -> list[str]:
    """Why baked images are not, or would not be, what they should."""
    return [why_no_bake()]


class Bake(OfGrowth):
    bl_label = "Bake"

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        nca = baking_of(material)
        if nca.loop is not None:
            layout.prop(nca, "bake_loop")
        if nca.loop is None or not nca.bake_loop:
            column = layout.column(align=True)
            column.prop(nca, "bake_start", text="Frame Start")
            column.prop(nca, "bake_end")
            layout.prop(nca, "bake_follows")
        layout.prop(nca, "bake_folder")
        if not nca.bake_folder and bpy.data.filepath:
            write(layout, context, f"Into {default_folder(material)}", "BLANK1")
        elif not bpy.data.filepath and (not nca.bake_folder or is_beside_the_file(nca.bake_folder)):
            write(layout, context, "This file is not saved yet: Bake asks for a folder.", "INFO")
        if nca.over == "MESH":
            layout.prop(nca, "bake_uv", icon="GROUP_UVS")
        layout.prop(nca, "normal_strength")
        if nca.quality == "DRAFT":
            write(layout, context, "In draft quality. Full is the same on every machine.", "INFO")
            layout.prop(nca, "quality")


classes = in_both(Bake, "bake")
