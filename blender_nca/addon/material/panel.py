# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: the first screen, with both species and their blend. Higher capabilities add what they have to it."""

from __future__ import annotations

import bpy

from ..host.hook import Hook
from ..host.stubs import PanelMixin
from ..host.text import fill, write
from ..host.versions import STALE_PIXELS, shows_stale_pixels
from ..library import catalogue
from ..library.panel import draw_no_species
from .learned import why_missing
from .migration import why_newer
from .node_group import group_nodes
from .places import InMaterial, InSidebar
from .properties import NCA_PG_growth, nca_of
from .status import is_open, is_own, occupied, why_not_editable
from .suitability import why_flat, why_no_growth
from .target import material_of
from .training import is_settled, what_changed, why_not_grown

headers = Hook()
"""Called with (context, layout), to draw into the header, whether there is a growth or none yet."""
names = Hook()
"""Called with (context, row, parent), to draw the name of a species as a button; without anyone it is a label."""
buttons = Hook()
"""Called with (context, row, material), to draw in the row of the large buttons."""
states = Hook()
"""Called with (context, column, material), to write what the growth is at."""
offers = Hook()
"""Called with (context, layout, material), to draw a button below that."""
problems = Hook()
"""Asked with a material for a list of what is wrong; an empty text is nothing."""
remedies = Hook()
"""Called with (context, layout, material), to draw the button that mends one of the problems."""


class Growth(PanelMixin):
    bl_label = "Neural Growth"

    def draw_header_preset(self, context: bpy.types.Context) -> None:
        headers(context, self.layout)
        material = material_of(context)
        if material is not None and nca_of(material).growing and not why_not_editable(material):
            self.layout.operator("nca.remove", text="", icon="TRASH", emboss=False)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        material = material_of(context)
        if material is None or not nca_of(material).growing:
            _draw_start(context, layout)
        else:
            _draw_growth(context, layout, material)


def _draw_start(context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
    """The one button there is without a growth, and why it may be dead."""
    problem = why_no_growth(context)
    row = layout.row()
    row.scale_y = 1.5
    row.enabled = not problem
    row.operator("nca.new", icon="ADD")
    if problem:
        write(layout, context, problem, "INFO")
    elif not catalogue.species().species:
        draw_no_species(context, layout)


def _draw_growth(
    context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
) -> None:
    nca = nca_of(material)
    column = layout.column()
    column.enabled = is_open(material)
    if catalogue.species().species or nca.a.species:
        _draw_species(context, column, nca)
    row = column.row(align=True)
    row.prop(nca, "blend", slider=True)
    row.prop_decorator(nca, "blend")  # the dot that sets a keyframe
    if nca.clock == "AGE":
        row = column.row(align=True)
        row.prop(nca, "age", slider=True)
        row.prop_decorator(nca, "age")
        if nca.age > 1 and nca.loop is None:
            write(layout, context, "Fully grown at 1. Loop Beyond 1, in Time, goes on from there.", "INFO")
    problem = why_not_editable(material)
    if problem:
        write(layout, context, problem, "LIBRARY_DATA_DIRECT")
        if not is_own(material):
            layout.operator("nca.make_local", icon="FILE_BLEND")
        return
    row = layout.row(align=True)
    row.scale_y = 1.4
    buttons(context, row, material)
    _draw_state(context, layout, material)


def _draw_species(context: bpy.types.Context, layout: bpy.types.UILayout, nca: NCA_PG_growth) -> None:
    if len(catalogue.models()) > 1 or nca.a.manifold not in catalogue.models():
        layout.prop(nca, "model", text="")
    split = layout.row(align=False)
    for parent in (nca.a, nca.b):
        column = split.column(align=True)
        column.template_icon_view(parent, "picture", show_labels=True, scale=5.0, scale_popup=5.0)
        name = column.row()
        if not names(context, name, parent):
            name.alignment = "CENTER"
            name.label(text=parent.label or fill("No species"), translate=False)
        if parent == nca.a:
            middle = split.column()
            middle.separator(factor=6.0)
            middle.operator("nca.swap", text="", icon="ARROW_LEFTRIGHT", emboss=False)


def _draw_state(context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material) -> None:
    nca = nca_of(material)
    states(context, layout.column(align=True), material)
    offers(context, layout, material)
    for problem in _problems(context, material):
        write(layout, context, problem, "ERROR")
    _draw_training(context, layout, material)
    remedies(context, layout, material)
    if not group_nodes(material, nca.tree):
        write(layout, context, "The growth's node group is not among this material's nodes.", "ERROR")
        layout.operator("nca.wire", icon="NODETREE")
    if not nca.baked and shows_stale_pixels(context.scene.render):
        write(
            layout,
            context,
            STALE_PIXELS,
            "ERROR",
        )
        layout.prop(context.scene.render, "use_persistent_data")


def _draw_training(
    context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
) -> None:
    """Where the model has changed since: what stays, and the choice, until it is made."""
    nca = nca_of(material)
    said, settled = what_changed(material), is_settled(nca)
    if not said and not why_not_grown(nca):
        return
    row = layout
    if said and settled:
        row = layout.row()
        text = "Baked by an earlier model" if nca.baked else "Grows by an earlier model"
        row.label(text=text, icon="TIME")
    elif said:
        write(layout, context, said, "INFO")
        text = "Keep Baked Pictures" if nca.baked else "Use the Earlier Model"
        layout.operator("nca.keep_model", text=text, icon="CHECKMARK")
    row = row.row()
    row.enabled = not any(occupied(material))
    row.operator("nca.take_model", text="" if said and settled else "Take the New Model", icon="FILE_REFRESH")


def _problems(context: bpy.types.Context, material: bpy.types.Material) -> list[str]:
    """What is wrong, each once."""
    nca = nca_of(material)
    found = [problem for some in problems(material) for problem in some]
    found.append(why_newer(material))
    found.append("" if nca.baked else why_not_grown(nca) or why_missing(nca))
    found += [
        f"Species {name}: {p.draft_problem}" for name, p in (("A", nca.a), ("B", nca.b)) if p.draft_problem
    ]
    found.append(why_flat(context))
    return [problem for problem in dict.fromkeys(found) if problem]


class NCA_PT_growth_material(InMaterial, Growth, bpy.types.Panel):
    pass


class NCA_PT_growth_sidebar(InSidebar, Growth, bpy.types.Panel):
    pass


classes = (NCA_PT_growth_material, NCA_PT_growth_sidebar)
