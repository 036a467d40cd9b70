# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: the sheet of offspring as pictures, what differs in the letters of A, and the ancestry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from ...genetics.dna import format_differences, format_dna
from ..host.text import fill, write
from ..material.places import OfGrowth, in_both
from . import family, pictures
from .properties import NCA_PG_bred, breeding_of

if TYPE_CHECKING:
    from .properties import Breeding

COLUMNS = 3
MOST_ROWS = 6
INDENT = 1.5


class Breed(OfGrowth):
    bl_label = "Breed"
    bl_order = 22

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        nca = breeding_of(material)
        layout.row().prop(nca, "breed_from", expand=True)
        if nca.breed_from == "MUTATION":
            layout.prop(nca, "breed_rate", slider=True)
        layout.prop(nca, "breed_locked")
        row = layout.row(align=True)
        row.operator("nca.breed", text="Breed On" if family.parent_of(nca) else "Breed", icon="DUPLICATE")
        row.operator("nca.surprise_me", icon="QUESTION")
        _draw_sheet(context, layout, nca)
        _draw_letters(layout, nca)
        if nca.ancestry:
            layout.template_list(
                "NCA_UL_ancestry",
                "",
                nca,
                "ancestry",
                nca,
                "active_ancestor",
                rows=min(max(2, len(nca.ancestry)), MOST_ROWS),
            )
        layout.operator("nca.combine_species", text="Combine Species…")


def _draw_sheet(context: bpy.types.Context, layout: bpy.types.UILayout, nca: Breeding) -> None:
    if not nca.offspring:
        return
    if nca.blend > 0:
        text = (
            f"What is taken becomes species A, of which {1 - nca.blend:.0%} is seen: Blend 0 shows it alone."
        )
        write(layout, context, text, "INFO")
    if pictures.problem():
        write(layout, context, pictures.problem(), "ERROR")
    grid = layout.grid_flow(row_major=True, columns=COLUMNS, even_columns=True, even_rows=True, align=False)
    keys = [family.key_of(nca, one) for one in nca.offspring]
    for number, (one, key) in enumerate(zip(nca.offspring, keys, strict=True)):
        cell = grid.column(align=True)
        cell.template_icon(icon_value=pictures.icon_of(key), scale=4.5)
        small = pictures.result(key)
        is_taken = (one.manifold, one.dna) == (nca.a.manifold, nca.a.dna)
        text = "…" if small is None else str(number + 1) if small.living > 0 else "Dies"
        cell.operator("nca.take_offspring", text=text, depress=is_taken).index = number


def _draw_letters(layout: bpy.types.UILayout, nca: Breeding) -> None:
    """A's letters, marked where its parent has others."""
    parent = family.parent_of(nca)
    if parent is None:
        return
    column = layout.column(align=True)
    row = column.row(align=True)
    row.label(text=fill("{name}, of {parent}", name=nca.a.species, parent=parent.species))
    row.operator("nca.take_ancestor", text="", icon="LOOP_BACK").index = -1
    # each has a cell of its own: letters are not equally wide, and only a whole label can be marked
    for before, after in zip(
        format_dna(nca.a.dna).split(), format_differences(nca.a.dna, parent.dna).split(), strict=True
    ):
        row = column.row(align=True)
        row.scale_y = 0.7
        for letter, mark in zip(before, after, strict=True):
            cell = row.row()
            cell.alert = mark == letter
            cell.label(text=letter if mark == letter else letter.lower())


class NCA_UL_ancestry(bpy.types.UIList):
    """Who came from whom: a click on the arrow goes back there."""

    def draw_item(  # type: ignore[override]  # Blender gives more than is asked for here
        self,
        context: bpy.types.Context,
        layout: bpy.types.UILayout,
        data: Breeding,
        item: NCA_PG_bred,
        icon: int,
        active_data: Breeding,
        active_property: str,
        index: int,
    ) -> None:
        row = layout.row(align=True)
        row.separator(factor=0.1 + INDENT * family.depth(data, index))
        row.label(text=item.species, translate=False, icon_value=pictures.icon_of(family.key_of(data, item)))
        is_now = (item.manifold, item.dna) == (data.a.manifold, data.a.dna)
        row.operator(
            "nca.take_ancestor", text="", icon="RADIOBUT_ON" if is_now else "LOOP_BACK", emboss=False
        ).index = index


# the order is that of the screen
classes = (NCA_UL_ancestry, *in_both(Breed, "breed"))
