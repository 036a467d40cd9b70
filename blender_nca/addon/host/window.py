# SPDX-License-Identifier: GPL-3.0-or-later
"""Window: what Blender's windows are doing, and drawing them again."""

from __future__ import annotations

import threading

import bpy

SHOWING = frozenset({"VIEW_3D", "PROPERTIES", "PREFERENCES", "IMAGE_EDITOR", "NODE_EDITOR"})
"""Kinds of areas in which a growth, or something about it, is seen."""


def redraw(kinds: frozenset[str] = SHOWING) -> None:
    """Draw the areas of some kinds again, in all windows."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type in kinds:
                area.tag_redraw()


def redraw_panels() -> None:
    """Draw the panels again in which a growth is set, in all windows, and no view: that one may take long."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            for region in area.regions:
                if (area.type, region.type) in {("VIEW_3D", "UI"), ("PROPERTIES", "WINDOW")}:
                    region.tag_redraw()


def tell_in_status_bar(text: str | None) -> None:
    """Show a text at the bottom of all windows; None shows Blender's own again."""
    for workspace in bpy.data.workspaces:
        workspace.status_text_set(text)


def is_playing() -> bool:
    """Whether the scene plays in a window."""
    return any(window.screen.is_animation_playing for window in bpy.context.window_manager.windows)


def is_playblasting() -> bool:
    """Whether the viewport is being rendered to files: such a render is a modal operator, not a job."""
    return any(
        operator.bl_idname == "RENDER_OT_opengl"
        for window in bpy.context.window_manager.windows
        for operator in getattr(window, "modal_operators", ())
    )


def is_main_thread() -> bool:
    """Whether this is Blender's main thread, on which alone data-blocks may be made. Renders have one of their own."""
    return threading.current_thread() is threading.main_thread()
