# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: the picture, the three ways from it to a species, and what each has found, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from .. import engine
from ..breeding import family, pictures
from ..host.text import fill, write
from ..library import catalogue, learned
from ..material.learned import keys_of, why_missing
from ..material.places import OfGrowth, in_both
from ..material.properties import NCA_PG_parent, nca_of
from ..material.updates import material_of
from ..settings import installation
from . import shown, study
from .properties import FIGURE, MAPS, pictured
from .study import READ, REFINED, TITLES, Study

if TYPE_CHECKING:
    from . import lessons
    from .properties import Pictured

LARGE, SMALL = 6.0, 4.5
"""Sizes of pictures."""
WIDE = 105.0
"""Pixels, at scale 1, of a column in which a distance stands in one line."""
NO_TORCH = "A picture is read, refined and learned with PyTorch, which is not here."


class FromPicture(OfGrowth):
    bl_label = "From a Picture"
    bl_order = 23

    def draw_growth(
        self, context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material
    ) -> None:
        nca = pictured(material)
        running = study.running(material)
        _draw_source(layout, nca)
        if nca.picture is not None:
            _draw_pictures(context, layout, nca, running)
            _draw_more(layout, nca)
            if engine.lacks_torch():
                _draw_torch(context, layout)
            _draw_ways(layout, nca, running)
        else:
            write(
                layout,
                context,
                "Find or learn a species that looks like a picture, a logo or another material.",
            )
        _draw_lesson(context, layout, nca)
        _draw_found(context, layout, nca)
        _draw_others(context, layout, nca)
        _draw_files(layout, nca)


def _draw_source(layout: bpy.types.UILayout, nca: Pictured) -> None:
    layout.template_ID(nca, "picture")
    row = layout.row(align=True)
    row.operator("nca.open_picture", text="Open", icon="FILE_FOLDER")
    row.operator("nca.paste_picture", text="Paste", icon="PASTEDOWN")
    row.operator("nca.bake_picture", text="", icon="MATERIAL")
    if nca.picture is not None:
        row = layout.row()
        row.use_property_split = False
        row.prop(nca, "picture_kind", expand=True)


def _draw_pictures(
    context: bpy.types.Context, layout: bpy.types.UILayout, nca: Pictured, running: Study | None
) -> None:
    """The wanted picture, and beside it what grows."""
    from . import lessons

    uid = material_of(nca).session_uid
    if nca.picture is not None:
        shown.ask_wanted(uid, nca.picture, nca.picture_crop)
    if shown.problem_of(uid):
        write(layout, context, shown.problem_of(uid), "ERROR")
        return
    row = layout.row()
    _draw_picture(row, shown.icon_of(shown.wanted(uid)), "Wanted", LARGE)
    if running is not None and shown.icon_of(study.grown(running.uid)):
        _draw_picture(row, shown.icon_of(study.grown(running.uid)), "Nearest so far", LARGE)
    elif lessons.goes_on(nca.lesson) and lessons.icon_of(nca.lesson):
        _draw_picture(row, lessons.icon_of(nca.lesson), "Learned so far", LARGE)


def _draw_picture(row: bpy.types.UILayout, icon: int, text: str, scale: float) -> bpy.types.UILayout:
    column = row.column(align=True)
    column.template_icon(icon_value=icon, scale=scale)
    name = column.row()
    name.alignment = "CENTER"
    name.label(text=text)
    return column


def _draw_more(layout: bpy.types.UILayout, nca: Pictured) -> None:
    """Which piece of it counts, how large it grows, and what belongs to it."""
    is_figure = nca.picture_kind == FIGURE
    head, body = layout.panel("nca_picture_piece", default_closed=True)
    head.label(text="Crop and Background" if is_figure else "Crop and Scale")
    if body is not None:
        column = body.column(align=True)
        for index, text in enumerate(("Left", "Bottom", "Right", "Top")):
            column.prop(nca, "picture_crop", index=index, text=text, slider=True)
        row = body.row(align=True)
        row.operator("nca.crop_picture", icon="IMAGE")
        row.operator("nca.uncrop_picture", text="", icon="LOOP_BACK")
        if is_figure:
            body.prop(nca, "picture_cut_out")
        else:
            body.prop(nca, "picture_scale")
            body.prop(nca, "picture_flatten")
    if not is_figure:
        _draw_maps(layout, nca)
    head, body = layout.panel("nca_picture_about", default_closed=True)
    head.label(text="Name and Time")
    if body is not None:
        body.prop(nca, "picture_name")
        body.prop(nca, "picture_author")
        body.prop(nca, "picture_licence")
        body.prop(nca, "picture_figure_minutes" if is_figure else "picture_minutes")


def _draw_maps(layout: bpy.types.UILayout, nca: Pictured) -> None:
    head, body = layout.panel("nca_picture_maps", default_closed=True)
    count = sum(getattr(nca, one.prop) is not None for one in MAPS)
    head.label(
        text=fill("Maps of the Same Surface ({count})", count=count) if count else "Maps of the Same Surface"
    )
    if body is not None:
        for one in MAPS:
            body.prop(nca, one.prop)
            if one.name == "normal" and nca.picture_normal is not None:  # type: ignore[attr-defined]
                body.prop(nca, "picture_flips_green")


def _draw_torch(context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
    write(layout, context, NO_TORCH, "INFO")
    if installation.busy():
        private = installation.current()
        row = layout.row()
        row.label(text=f"PyTorch: {private.stage if private else ''}…", icon="SORTTIME")
        row.operator("nca.cancel_torch", icon="X")
    else:
        layout.operator("nca.install_torch", icon="IMPORT")
        if installation.why_not():
            write(layout, context, installation.why_not(), "INFO")


def _draw_ways(layout: bpy.types.UILayout, nca: Pictured, running: Study | None) -> None:
    from . import lessons

    if running is not None:
        row = layout.row(align=True)
        if running.how == REFINED:
            row.progress(factor=running.job.progress, text=running.line)
            row.operator("nca.stop_refining", text="", icon="X")
        else:
            row.label(text=running.line, icon="SORTTIME")
        return
    row = layout.row(align=True)
    row.scale_y = 1.4
    row.enabled = not engine.lacks_torch()
    row.operator("nca.read_picture", icon="EYEDROPPER")
    row.operator("nca.refine_picture", icon="VIEWZOOM")
    learn = row.row(align=True)
    learn.enabled = lessons.current() is None
    learn.operator("nca.learn_picture", icon="RNDCURVE")


def _draw_lesson(context: bpy.types.Context, layout: bpy.types.UILayout, nca: Pictured) -> None:
    """The lesson of this material, whether it goes on or rests."""
    from . import lessons

    note = lessons.find(nca.lesson)
    if note is not None and not note.is_over:
        _draw_note(context, layout, note, True)
    elif note is not None and note.problem:
        write(layout, context, note.problem, "ERROR")


def _draw_others(context: bpy.types.Context, layout: bpy.types.UILayout, nca: Pictured) -> None:
    """Lessons of other materials and files: they are this machine's, and may go on here."""
    from . import lessons

    others = [one for one in lessons.all_notes() if one.identifier != nca.lesson]
    if not others:
        return
    head, body = layout.panel("nca_picture_lessons", default_closed=True)
    head.label(text=fill("Other Lessons ({count})", count=len(others)))
    if body is not None:
        for one in others:
            _draw_note(context, body.box(), one, False)


def _draw_note(
    context: bpy.types.Context, layout: bpy.types.UILayout, note: lessons.Note, is_own: bool
) -> None:
    from . import lessons

    here = lessons.goes_on(note.identifier)
    row = layout.row(align=True)
    text = lessons.line_of(note)
    if here and lessons.ending():
        text = "{name}: pausing…" if lessons.ending() == "PAUSE" else "{name}: stopping…"
        text = fill(text, name=note.name)
    elif here and note.structure < 0:
        share = f"{lessons.progress():.0%}"
        text = fill("{name}: looking for the nearest… {share}", name=note.name, share=share)
    if note.is_over:
        row.label(text=text)
    else:
        row.progress(factor=min(1.0, note.seconds / max(1.0, 60 * note.minutes)), text=text)
    if here:
        row.operator("nca.pause_lesson", text="", icon="PAUSE").lesson = note.identifier
        row.operator("nca.stop_lesson", text="", icon="X").lesson = note.identifier
    elif not note.is_over:
        resume = row.row(align=True)
        resume.enabled = lessons.current() is None
        resume.operator("nca.resume_lesson", text="", icon="PLAY").lesson = note.identifier
        row.operator("nca.stop_lesson", text="", icon="X").lesson = note.identifier
    if note.problem:
        write(layout, context, note.problem, "ERROR")
    if not is_own:
        row = layout.row(align=True)
        if lessons.species_file(note.identifier) is not None:
            row.operator("nca.take_lesson").lesson = note.identifier
        if not here:
            row.operator("nca.remove_lesson", icon="TRASH").lesson = note.identifier


def _draw_found(context: bpy.types.Context, layout: bpy.types.UILayout, nca: Pictured) -> None:
    """What was read, refined and learned, side by side."""
    from . import lessons

    note = lessons.find(nca.lesson)
    has_learned = note is not None and note.structure >= 0
    if not nca.readings and not has_learned:
        return
    if nca.blend > 0:
        said = fill(
            "What is taken becomes species A, of which {share} is seen: Blend 0 shows it alone.",
            share=f"{1 - nca.blend:.0%}",
        )
        write(layout, context, said, "INFO")
    found = [one for how in (READ, REFINED) for one in nca.readings if one.how == how]
    room = context.region.width / context.preferences.system.ui_scale
    is_wide = room / (len(found) + has_learned) >= WIDE
    row = layout.row()
    known = [catalogue.species().find(one.manifold, one.species) is not None for one in found]
    for one, is_known in zip(found, known, strict=True):
        keys = learned.keys_in(one.learned)
        icon = pictures.icon_of(pictures.Key(one.manifold, nca.model_version, one.dna, keys))
        cell = _draw_picture(row, icon, TITLES[one.how], SMALL)
        if any(known):  # what they are called, in line
            name = cell.row()
            name.alignment = "CENTER"
            name.label(text=one.species if is_known else "", translate=False)
        _draw_distances(cell, one.manifold, one.structure, one.colour, is_wide)
        is_taken = (one.manifold, one.dna, keys) == (
            nca.a.manifold,
            nca.a.dna,
            learned.keys_in(nca.a.learned),
        )
        cell.operator("nca.take_reading", depress=is_taken).how = one.how
    if note is not None and has_learned:
        cell = _draw_picture(row, lessons.icon_of(note.identifier), TITLES["LEARNED"], SMALL)
        _draw_distances(cell, note.manifold, note.structure, note.colour, is_wide)
        take = cell.row()
        take.enabled = lessons.species_file(note.identifier) is not None
        take.operator("nca.take_lesson").lesson = note.identifier


def _draw_distances(
    layout: bpy.types.UILayout, manifold: str, structure: float, colour: float, is_wide: bool
) -> None:
    distances = (study.structure_name(manifold), f"{structure:.2f}"), (fill("Color"), f"{colour:.3f}")
    for text, value in distances:
        for line in (f"{text} {value}",) if is_wide else (text, value):
            row = layout.row()
            row.scale_y = 0.7
            row.alignment = "CENTER"
            row.label(text=line)


def _draw_files(layout: bpy.types.UILayout, nca: Pictured) -> None:
    """The learned species that it grows by, as files."""
    if keys_of(nca):
        layout.prop(nca, "packs_units")
        for parent, name in ((nca.a, "A"), (nca.b, "B")):
            if parent.learned and (name == "A" or parent.learned != nca.a.learned):
                row = layout.row(align=True)
                row.operator(
                    "nca.export_learned", text=fill("Export {name}…", name=parent.species), icon="EXPORT"
                ).parent = name
    layout.operator("nca.import_learned", text="Import Learned Species…", icon="IMPORT")


def draw_remedy(context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """On the first screen: what to do where a learned species is not on this machine."""
    nca = nca_of(material)
    if not nca.baked and why_missing(nca):
        layout.operator("nca.import_learned", icon="IMPORT")


def icon_of(parent: NCA_PG_parent) -> int | None:
    """The picture of a species that is in no library but came of a picture; None of another."""
    nca = pictured(material_of(parent))
    if not learned.keys_in(parent.learned) and parent.dna not in {one.dna for one in nca.readings}:
        return None
    key = family.key_of(nca, parent)  # type: ignore[arg-type]
    return pictures.icon_of(key) or _learned_from(key)


def _learned_from(key: pictures.Key) -> int:
    """Until a learned species has grown, the picture that it was learned from; 0 for another one."""
    header = learned.header_of(key.learned[0]) if len(key.learned) == 1 else None
    if header is None or header.species.dna != key.dna:
        return 0
    if not shown.icon_of(key.dna):
        shown.show(key.dna, header.picture)
    return shown.icon_of(key.dna)


# the order is that of the screen
classes = in_both(FromPicture, "picture")
