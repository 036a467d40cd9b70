# SPDX-License-Identifier: GPL-3.0-or-later
"""Growth: the first screen, with species, blend, Grow and Bake."""

from __future__ import annotations

import bpy

from .. import active, bake, compat, engine, installation, library, materials, playback, preferences
from .place import InMaterial, InSidebar, is_open, write


class Growth:
    bl_label = "Neural Growth"

    def draw_header_preset(self, context):
        material = active.material_of(context)
        if material is not None and material.nca.growing and not active.why_not_editable(material):
            self.layout.operator("nca.remove", text="", icon="TRASH", emboss=False)

    def draw(self, context):
        layout = self.layout
        material = active.material_of(context)
        if material is None or not material.nca.growing:
            _draw_start(context, layout, material)
        else:
            _draw_growth(context, layout, material)


def _draw_start(context, layout, material):
    """The one button there is without a growth, and why it may be dead."""
    problem = active.why_no_growth(context)
    row = layout.row()
    row.scale_y = 1.5
    row.enabled = not problem
    row.operator("nca.new", icon="ADD")
    if problem:
        write(layout, context, problem, "INFO")
    elif not library.species().species:
        _draw_no_species(context, layout)


def _draw_growth(context, layout, material):
    nca = material.nca
    column = layout.column()
    column.enabled = is_open(material)
    if library.species().species or nca.a.species:
        _draw_species(column, nca)
    row = column.row(align=True)
    row.prop(nca, "blend", slider=True)
    row.prop_decorator(nca, "blend")  # the dot that sets a keyframe
    _draw_buttons(context, layout, material)
    _draw_state(context, layout, material)


def _draw_species(layout, nca):
    if len(library.models()) > 1 or nca.a.manifold not in library.models():
        layout.prop(nca, "model", text="")
    split = layout.row(align=False)
    for parent in (nca.a, nca.b):
        column = split.column(align=True)
        column.template_icon_view(parent, "picture", show_labels=True, scale=5.0, scale_popup=5.0)
        name = column.row()
        name.alignment = "CENTER"
        name.label(text=parent.label or "No species")
        if parent == nca.a:
            middle = split.column()
            middle.separator(factor=6.0)
            middle.operator("nca.swap", text="", icon="ARROW_LEFTRIGHT", emboss=False)


def _draw_buttons(context, layout, material):
    nca, running = material.nca, bake.running(material)
    row = layout.row(align=True)
    row.scale_y = 1.4
    playing = context.screen is not None and context.screen.is_animation_playing
    row.operator(
        "nca.grow", text="Stop" if playing else "Grow", icon="PAUSE" if playing else "PLAY", depress=playing
    )
    if running is not None:
        row.progress(factor=running.progress, text=f"{len(running.finished)} of {running.total}")
        row.operator("nca.stop_bake", text="", icon="X")
    elif nca.baked:
        row.operator("nca.free_bake", icon="UNLOCKED")
    else:
        row.operator("nca.bake", icon="RENDER_ANIMATION")


def _draw_state(context, layout, material):
    nca = material.nca
    editable = active.why_not_editable(material)
    if editable:
        write(layout, context, editable, "LIBRARY_DATA_DIRECT")
        return
    picture = playback.picture_of(material)
    running = bake.running(material)
    column = layout.column(align=True)
    if nca.baked:
        write(
            column,
            context,
            f"Baked: frames {nca.baked_first} to {nca.baked_last}, from image files.",
            "CHECKMARK",
        )
        write(column, context, "Free the bake to change the growth.", "BLANK1")
    else:
        if picture.shown is not None:
            growth, frame = picture.shown
            # before its start a growth is its seeds, which are frame 0
            seen = (
                min(context.scene.frame_current, nca.start_frame) if frame == 0 else nca.start_frame + frame
            )
            write(
                column,
                context,
                _keep_together(
                    f"frame {seen}: {picture.steps} steps",
                    f"{growth.width} x {growth.height} cells",
                    f"{growth.width * growth.pixels_per_cell} x {growth.height * growth.pixels_per_cell} pixels",
                ),
            )
        elif picture.job is not None:
            write(column, context, "Growing…")
        write(column, context, engine.device_line())
        if picture.dropped:
            count = f"{picture.dropped} frame{'' if picture.dropped == 1 else 's'}"
            write(column, context, f"{count} of playback came too late to be shown.", "TIME")
        if engine.lacks_torch():
            text = "Installing PyTorch…" if installation.busy() else "PyTorch, for graphics cards…"
            layout.operator("preferences.addon_show", text=text).module = preferences.PACKAGE
    if running is not None:
        write(column, context, "Baking: press ESC to stop, finished frames are kept.", "INFO")
    for problem in _problems(context, material, picture):
        write(layout, context, problem, "ERROR")
    if engine.state() == "failed":
        layout.operator("nca.restart_engine", icon="FILE_REFRESH")
    if not materials.group_nodes(material, nca.tree):
        write(layout, context, "The growth's node group is not among this material's nodes.", "ERROR")
        layout.operator("nca.wire", icon="NODETREE")
    if not nca.baked and compat.shows_stale_pixels(context.scene):
        write(
            layout,
            context,
            "With Persistent Data this Blender renders the first picture in every frame: bake, or switch it off.",
            "ERROR",
        )
        layout.prop(context.scene.render, "use_persistent_data")


def _keep_together(*parts: str) -> str:
    """Join parts by commas, the only places where a narrow panel then breaks the line."""
    return ", ".join(part.replace(" ", "\u00a0") for part in parts)


def _problems(context, material, picture):
    """What is wrong, each once."""
    nca = material.nca
    found = []
    if not nca.baked:
        found.append(picture.problem)
        found.append(engine.problem())
    found += [
        f"Species {name}: {p.draft_problem}" for name, p in (("A", nca.a), ("B", nca.b)) if p.draft_problem
    ]
    found.append(active.why_flat(context))
    return [problem for problem in dict.fromkeys(found) if problem]


def _draw_no_species(context, layout):
    write(
        layout,
        context,
        "No species are installed. Name a folder with models in the add-on's preferences, then reload.",
        "ERROR",
    )
    layout.operator("nca.reload_library", icon="FILE_REFRESH")


class NCA_PT_growth_material(InMaterial, Growth, bpy.types.Panel):
    pass


class NCA_PT_growth_sidebar(InSidebar, Growth, bpy.types.Panel):
    pass


classes = (NCA_PT_growth_material, NCA_PT_growth_sidebar)
