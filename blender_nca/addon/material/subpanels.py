# SPDX-License-Identifier: GPL-3.0-or-later
"""Subpanels: the closed parts of the first screen that say what grows, where, how finely and how fast."""

from __future__ import annotations

import bpy

from ..host.hook import Hook
from ..host.text import CONTEXT, fill, write
from . import coordinates
from .node_group import group_nodes
from .order import has_full_growth, is_asked, ordered
from .places import OfGrowth, in_both
from .point import NCA_PG_point
from .properties import NCA_PG_growth, nca_of
from .sockets import GLOW, RELIEF, input_of
from .status import is_open, why_not_editable
from .wiring import COVER, ROLE

seed_lines = Hook()
"""Called with (context, layout, material), to draw more of where a growth begins."""
time_lines = Hook()
"""Called with (context, layout, material), to draw more of how it grows in time."""
MOVING = {
    "SEQUENCE": "Of an image sequence, the file that it was opened by is the mask.",
    "MOVIE": "Of a movie, the first frame is the mask.",
}
"""Source of a mask -> which of its pictures is read."""
MAPPED = (
    ("Location", ((0, "Offset X"), (1, "Y"))),
    ("Rotation", ((2, "Rotation"),)),
    ("Scale", ((0, "Scale X"), (1, "Y"))),
)
"""Input of the Mapping node -> which of its parts mean something on a surface, and how they are called."""


class Grid(OfGrowth):
    bl_label = "Grid and Detail"
    bl_order = 41
    # a bake leaves free what the nodes themselves keep
    may_change = staticmethod(lambda material: not why_not_editable(material))

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        nca = nca_of(material)
        grown = layout.column()
        grown.enabled = is_open(material)
        column = grown.column(align=True)
        column.prop(nca, "width", text="Cells Across")
        column.prop(nca, "height", text="Down", text_ctxt=CONTEXT)
        for name in ("pixels_per_cell", "fine", "quality", "wrap"):
            if name != "wrap" or nca.over == "PICTURE":
                grown.prop(nca, name)
        groups = group_nodes(material, nca.tree)
        column = layout.column()
        column.prop(nca, "ground")
        column.prop(nca, "displaces")
        if len(groups) > 1:
            column.prop(nca, "relief")
            column.prop(nca, "glow")
        for group in groups if len(groups) == 1 else ():
            names = (RELIEF, GLOW) if group.get(ROLE) == COVER else (RELIEF, GLOW, "Ground Alpha")
            for name in names:
                socket = input_of(group, name)
                if socket is not None and not socket.is_linked:
                    column.prop(socket, "default_value", text=name)


class Order(OfGrowth):
    bl_label = "Growth Order"
    bl_order = 60

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        nca = ordered(material)
        row = layout.row()
        row.enabled = nca.order or not is_asked(material)
        row.prop(nca, "order", text="Paint and Bake It")
        column = layout.column()
        column.active = is_asked(material)
        column.prop(nca, "front")
        if not has_full_growth(nca):
            column.prop(nca, "order_end")
            column.prop(nca, "order_follows")


class Coordinates(OfGrowth):
    bl_label = "Coordinates"
    bl_order = 61
    # they only say where the pictures lie, live or baked
    may_change = staticmethod(lambda material: not why_not_editable(material))

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        from .picture_nodes import pictures_of

        nca = nca_of(material)
        layout.prop(nca, "uv_map", icon="GROUP_UVS")
        mapping = coordinates.mapping_of(nca.tree)
        if mapping is not None:
            layout.use_property_decorate = True  # the dots that set keyframes, on values of the node itself
            for name, rows in MAPPED:
                socket = mapping.inputs[name]
                column = layout.column(align=True)
                column.active = not socket.is_linked
                for index, text in rows:
                    column.prop(socket, "default_value", index=index, text=text)
        if coordinates.have_others(nca.tree, pictures_of(nca.tree)):
            others = (
                "In the growth's node group, pictures are linked to coordinates of your own: they are used."
            )
            write(layout, context, others, "INFO")


class NCA_UL_points(bpy.types.UIList):
    """Seeds with their numbers, as the 3D view draws them."""

    def draw_item(  # type: ignore[override]  # Blender gives more than is asked for here
        self,
        context: bpy.types.Context,
        layout: bpy.types.UILayout,
        data: NCA_PG_growth,
        item: NCA_PG_point,
        icon: int,
        active_data: NCA_PG_growth,
        active_property: str,
        index: int,
    ) -> None:
        layout.use_property_split = False
        number, row = _split_numbers(layout)
        number.label(text=str(index + 1), icon="ERROR" if item.lost else "NONE")
        row.prop(item, "at", index=0, text="")
        row.prop(item, "at", index=1, text="")
        row.prop(item, "start", text="")
        layout.operator("nca.remove_point", text="", icon="X", emboss=False).index = index


def _split_numbers(
    layout: bpy.types.UILayout,
) -> tuple[bpy.types.UILayout, bpy.types.UILayout]:
    """Room for the number of a seed, and for what is said of it."""
    split = layout.split(factor=0.12, align=True)
    return split.row(), split.row(align=True)


class Seeds(OfGrowth):
    bl_label = "Seeds"
    bl_order = 10

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        nca = nca_of(material)
        layout.prop(nca, "seeds", text="Begin at")
        if nca.seeds == "SCATTERED":
            layout.prop(nca, "seed_count")
        elif nca.seeds == "POINTS":
            column = layout.column(align=True)
            head = column.row()
            number, row = _split_numbers(head)
            number.label()
            for name in ("X", "Y", "Start"):
                row.label(text=name)
            head.label(icon="BLANK1")
            column.template_list(
                "NCA_UL_points", "", nca, "points", nca, "active_point", rows=min(max(2, len(nca.points)), 8)
            )
            column.operator("nca.add_point", icon="ADD")
        elif nca.seeds == "MASK":
            layout.template_ID(nca, "mask", open="image.open")
            moves = nca.mask is not None and MOVING.get(nca.mask.source)
            if moves:
                write(layout, context, moves, "INFO")
        seed_lines(context, layout, material)
        row = layout.row(align=True)
        row.prop(nca, "random_seed")
        row.operator("nca.randomise_seed", text="", icon="FILE_REFRESH")


class Time(OfGrowth):
    bl_label = "Time"
    bl_order = 11

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        nca = nca_of(material)
        layout.row().prop(nca, "clock", expand=True)
        if nca.clock == "TIMELINE":
            layout.prop(nca, "start_frame")
            layout.prop(nca, "course")
        if nca.clock == "AGE" or nca.course != "ON":
            layout.prop(nca, "full_frames")
        if nca.clock == "AGE":
            layout.prop(nca, "age_loops")
        if nca.loop is not None:
            column = layout.column(align=True)
            column.prop(nca, "loop_frames")
            column.prop(nca, "loop_fade")
        column = layout.column()
        column.use_property_decorate = True  # the dot that sets a keyframe
        column.prop(nca, "steps_per_frame")
        column = layout.column(heading="Settle")
        column.active = nca.loop is None
        row = column.row(align=True)
        row.prop(nca, "settles", text="")
        number = row.row(align=True)
        number.active = nca.settles
        number.prop(nca, "settle_after", text="Steps")
        time_lines(context, layout, material)
        # Blender's own switch: without it, a render that paints live images may meet a drawing viewport.
        row = layout.row()
        row.use_property_split = False  # beside a name it would be an empty button with a padlock
        row.prop(context.scene.render, "use_lock_interface", text="Lock while Rendering")
        if context.scene.render.use_lock_interface:
            write(layout, context, "Locked, ESC ends a render only after the frame that is growing.", "INFO")


class DNA(OfGrowth):
    bl_label = "DNA"
    bl_order = 62

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        layout.use_property_split = False
        nca = nca_of(material)
        for name, parent in (("A", nca.a), ("B", nca.b)):
            row = layout.row(align=True)
            row.alert = bool(parent.draft_problem)
            split = row.split(factor=0.06, align=True)
            split.label(text=name)
            split.prop(parent, "text", text="")
            row.operator("nca.copy_dna", text="", icon="COPYDOWN").parent = name
            row.operator("nca.restore_dna", text="", icon="LOOP_BACK").parent = name
            if parent.draft_problem:
                write(
                    layout,
                    context,
                    fill("{problem}. The growth keeps its DNA of before.", problem=parent.draft_problem),
                    "ERROR",
                )


# the order is that of the screen
classes = (
    NCA_UL_points,
    *in_both(Grid, "grid"),
    *in_both(Coordinates, "coordinates"),
    *in_both(Seeds, "seeds"),
    *in_both(Time, "time"),
    *in_both(Order, "order"),
    *in_both(DNA, "dna"),
)
