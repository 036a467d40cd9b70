# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: what the first screen shows of a live growth."""

from __future__ import annotations

import bpy

from .. import engine
from ..host.extension import PACKAGE
from ..host.text import fill, keep_together, write
from ..material.properties import nca_of
from ..settings import installation


def draw_button(context: bpy.types.Context, row: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """Grow, or Stop while the scene plays."""
    playing = context.screen is not None and context.screen.is_animation_playing
    row.operator(
        "nca.grow", text="Stop" if playing else "Grow", icon="PAUSE" if playing else "PLAY", depress=playing
    )


def draw_state(context: bpy.types.Context, column: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """The frame that is shown, and what computes it."""
    from .picture import picture_of

    nca = nca_of(material)
    if nca.baked:
        return
    picture = picture_of(material)
    if picture.shown is not None:
        growth, frame, _ = picture.shown
        if growth.loop is not None and frame >= growth.loop.start:
            seen = fill(
                "Frame {frame} of {count} of the loop",
                frame=frame - growth.loop.start + 1,
                count=growth.loop.length,
            )
        elif nca.clock == "AGE":
            seen = fill("Age {age}", age=f"{frame / nca.full_frames:.2f}")
        elif nca.course != "ON":
            seen = fill("Frame {frame} of {count}", frame=frame, count=nca.full_frames)
        else:
            # before its start a growth is its seeds, which are frame 0
            start = nca.start_frame
            now = min(context.scene.frame_current, start) if frame == 0 else start + frame
            seen = fill("Frame {frame}", frame=now)
        write(
            column,
            context,
            keep_together(
                fill("{moment}: {count} steps", moment=seen, count=picture.steps),
                fill("{width} x {height} cells", width=growth.width, height=growth.height),
                fill(
                    "{width} x {height} pixels",
                    width=growth.width * growth.pixels_per_cell,
                    height=growth.height * growth.pixels_per_cell,
                ),
            ),
        )
    elif picture.job is not None:
        write(column, context, "Growing…")
    write(column, context, engine.picture_line())
    if picture.dropped:
        text = "{count} frames of playback came too late to be shown."
        if picture.dropped == 1:
            text = "1 frame of playback came too late to be shown."
        write(column, context, fill(text, count=picture.dropped), "TIME")


def draw_offer(context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """PyTorch, where the engine does without it."""
    if not nca_of(material).baked and engine.lacks_torch():
        text = "Installing PyTorch…" if installation.busy() else "PyTorch, for graphics cards…"
        layout.operator("preferences.addon_show", text=text).module = PACKAGE


def problems_of(material: bpy.types.Material) -> list[str]:
    """Why the growth, or the engine, does not do what it should."""
    from .picture import picture_of

    return [] if nca_of(material).baked else [picture_of(material).problem, engine.problem()]


def draw_remedy(context: bpy.types.Context, layout: bpy.types.UILayout, material: bpy.types.Material) -> None:
    """What starts a failed engine again."""
    if engine.state() == "failed":
        layout.operator("nca.restart_engine", icon="FILE_REFRESH")
