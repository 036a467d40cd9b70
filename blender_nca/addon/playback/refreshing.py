# SPDX-License-Identifier: GPL-3.0-or-later
"""Refreshing: materials are shown again after something changed."""

from __future__ import annotations

import bpy

from ..host.rendering import is_rendering
from ..host.window import is_main_thread
from ..material import duplicates
from ..material.status import is_live, live_materials
from .frames import show
from .picture import forget

RENDER_PAUSE = 0.5
"""Seconds between two looks whether a render is over."""


def refresh(material: bpy.types.Material) -> None:
    """Show a material again after a change of its growth."""
    if is_rendering() and is_main_thread():
        show_soon()
    elif not bpy.app.background and not is_rendering() and is_live(material):
        # A duplicate just made would still paint its original's images.
        duplicates.separate()
        show([material], bpy.context.scene.frame_current, 0.0)


def refresh_all() -> float | None:
    """Show everything again: after undo, an opened file, another engine.

    Returns
    -------
    float or None
        For Blender's timer: seconds until it is to try again, where a render is using the images.
    """
    if not is_main_thread():
        return None
    if is_rendering():
        return RENDER_PAUSE
    duplicates.separate()
    show(live_materials(), bpy.context.scene.frame_current, None if bpy.app.background else 0.0)
    return None


def show_soon() -> None:
    """Show everything from a timer: for moments in which data-blocks must not be made.

    Without a window no timer runs, and the next frame or render shows what is there.
    """
    if bpy.app.background:
        duplicates.separate()
    elif not bpy.app.timers.is_registered(refresh_all):
        bpy.app.timers.register(refresh_all, first_interval=0.0)


def start_anew() -> None:
    """Forget what is shown, and show everything again: data-blocks or models may be others."""
    forget()
    refresh_all()
