# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: a popover in which species are looked for and chosen by their pictures, opened from their names."""

from __future__ import annotations

import bpy

from ...genetics.species import Species
from ..host.hook import Hook
from ..host.stubs import PanelMixin
from ..host.text import fill, write
from ..library import catalogue, choices, own, shelf
from ..material import layering
from ..material.properties import NCA_PG_parent, nca_of
from ..material.target import material_of
from . import browsing
from .operators import parent_of
from .properties import ALL, browsing_of

feet = Hook()
"""Called with (context, row), to draw more of what is done with species at the popover's end."""

COLUMNS, ROWS = 7, 3
"""Of pictures: with more rows what stands below them lies out of sight on many screens."""
WIDTH = 30
"""Of the popover, in Blender's units: a button is one of them high."""
NOTHING = {
    "ALL": "No species is named so.",
    "FAVOURITES": "The star below makes the species that is chosen a favorite.",
    "RECENT": "What is chosen here is found again under Recent.",
    "OWN": "What you save, paste or import is found here.",
}


class Browser(PanelMixin):
    """All species of the growth's model, for one of its two."""

    bl_space_type = "PROPERTIES"
    bl_region_type = "HEADER"
    bl_ui_units_x = WIDTH
    parent = "A"

    def draw(self, context: bpy.types.Context) -> None:
        material = material_of(context)
        if material is None or not nca_of(material).growing:
            return
        layout, browsing_now = self.layout, browsing_of(context)
        row = layout.row()
        row.prop(browsing_now, "search", text="", icon="VIEWZOOM")
        row.prop(browsing_now, "family", text="")
        layout.row().prop(browsing_now, "shelf", expand=True)
        chosen, layer = self.find(context, material)
        manifold = nca_of(material).a.manifold
        found = shown(context, manifold)
        some, number, pages = browsing.page(found, browsing_now.page, COLUMNS * ROWS)
        if not some:
            layout.label(
                text="No species has all that." if _is_narrowed(context) else NOTHING[browsing_now.shelf]
            )
        favourites = set(shelf.favourites())
        grid = layout.grid_flow(row_major=True, columns=COLUMNS, even_columns=True, even_rows=True)
        for one in some:
            _draw_cell(grid.column(align=True), one, self.parent, layer, chosen, favourites)
        for _ in range(-len(some) % COLUMNS if len(some) < COLUMNS else 0):
            grid.label()  # few are as large as many
        if pages > 1:
            row = layout.row()
            row.label(
                text=fill(
                    "{count} species, page {page} of {pages}", count=len(found), page=number, pages=pages
                )
            )
            row.prop(browsing_now, "page", text="Page")
        _draw_own(context, layout, "" if layer else self.parent, chosen)

    def find(self, context: bpy.types.Context, material: bpy.types.Material) -> tuple[NCA_PG_parent, int]:
        """For which of a growth's species it is open, and as which of its layers; 0 where it is none."""
        return parent_of(material, self.parent), 0


def shown(context: bpy.types.Context, manifold: str) -> list[Species]:
    """What is shown of a model's species, as is looked for now."""
    browsing_now = browsing_of(context)
    species: list[Species] = list(catalogue.species().of(manifold))
    if browsing_now.shelf == "OWN":
        species = [one for one in species if own.is_own(one)]
    elif browsing_now.shelf == "FAVOURITES":
        species = browsing.in_order(species, shelf.favourites())
    elif browsing_now.shelf == "RECENT":
        species = browsing.in_order(species, shelf.recent())
    family = "" if browsing_now.family == ALL else browsing_now.family
    return browsing.matching(species, browsing_now.search, family)


def draw_name(context: bpy.types.Context, row: bpy.types.UILayout, parent: NCA_PG_parent) -> bool:
    """The name under a species' picture, which opens the popover."""
    nca = nca_of(parent.id_data)  # type: ignore[arg-type]  # materials alone have such properties
    name = "a" if parent == nca.a else "b" if parent == nca.b else "layer"
    row.context_pointer_set("nca_parent", parent)  # a layer's popover asks for it
    row.popover(f"NCA_PT_species_{name}", text=parent.label or fill("No species"), translate=False)
    return True


def _is_narrowed(context: bpy.types.Context) -> bool:
    return bool(browsing_of(context).search.strip()) or browsing_of(context).family != ALL


def _draw_cell(
    cell: bpy.types.UILayout,
    one: Species,
    parent: str,
    layer: int,
    chosen: NCA_PG_parent,
    favourites: set[str],
) -> None:
    from . import portraits

    picture = next(iter(choices.icons(one)), 0)
    if one.picture is None and own.is_own(one):
        portraits.want(one)
    cell.template_icon(icon_value=picture, scale=4.0)
    is_chosen = (chosen.manifold, chosen.species) == (one.manifold, one.name)
    is_favourite = choices.identify(one.manifold, one.name) in favourites
    choose = cell.operator(
        "nca.choose_species",
        text=one.name,
        translate=False,
        depress=is_chosen,
        icon="SOLO_ON" if is_favourite else "NONE",
    )
    choose.parent, choose.layer = parent, layer
    choose.manifold, choose.species = one.manifold, one.name


def _draw_own(
    context: bpy.types.Context, layout: bpy.types.UILayout, parent: str, chosen: NCA_PG_parent
) -> None:
    """What can be done with the one that is chosen, and how others come; of a layer, nothing is saved."""
    layout.separator()
    one = catalogue.species().find(chosen.manifold, chosen.species)
    row = layout.row(align=True)
    if parent:
        row.operator("nca.save_species", text="Save…", icon="ADD").parent = parent
    row.operator("nca.import_species", text="Import…", icon="IMPORT")
    row.operator("nca.paste_species", text="Paste", icon="PASTEDOWN")
    if one is not None:
        for operator, text, icon in (
            ("nca.copy_species", "Copy", "COPYDOWN"),
            ("nca.export_species", "Export…", "EXPORT"),
            *(
                (
                    ("nca.change_species", "Edit…", "GREASEPENCIL"),
                    ("nca.delete_species", "Delete", "TRASH"),
                )
                if own.is_own(one)
                else ()
            ),
        ):
            button = row.operator(operator, text=text, icon=icon)
            button.manifold, button.species = one.manifold, one.name
        is_favourite = choices.identify(one.manifold, one.name) in shelf.favourites()
        star = row.operator("nca.mark_species", text="", icon="SOLO_ON" if is_favourite else "SOLO_OFF")
        star.manifold, star.species = one.manifold, one.name
    feet(context, row)
    elsewhere = [each for each in own.listed() if each.manifold not in catalogue.models()]
    if elsewhere and browsing_of(context).shelf == "OWN":
        names = ", ".join(f"{each.name} (“{each.manifold}”)" for each in elsewhere[:5])
        write(
            layout,
            context,
            fill("Their models are not here: {names}.", names=names),
            "INFO",
            pixels=20 * WIDTH,
        )


class NCA_PT_species_a(Browser, bpy.types.Panel):
    bl_label = "Species A"


class NCA_PT_species_b(Browser, bpy.types.Panel):
    bl_label = "Species B"
    parent = "B"


class NCA_PT_species_layer(Browser, bpy.types.Panel):
    bl_label = "Species of a Layer"

    def find(self, context: bpy.types.Context, material: bpy.types.Material) -> tuple[NCA_PG_parent, int]:
        kept = layering.parents_of(material, also_off=True)
        asked = getattr(context, "nca_parent", None)
        number = next((number for number, one in enumerate(kept) if one == asked), 0)
        return kept[number], max(0, number - 1)


classes = (NCA_PT_species_a, NCA_PT_species_b, NCA_PT_species_layer)
