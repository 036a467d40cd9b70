# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: what becomes of growths when Blender exchanges its data-blocks."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from . import duplicates, events
from .growth import forget_growths
from .mask import forget_masks
from .migration import drop_former
from .pasted import forget_users
from .track import forget_tracks


@persistent
def on_undo(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph | None = None) -> None:
    """Undo and redo bring other values, also of masks."""
    forget_masks()
    forget_users()
    events.replaced()


@persistent
def on_load(*_: object) -> None:
    """A file was opened; an older one is brought up to date."""
    forget_masks()
    forget_tracks()
    forget_growths()
    forget_users()
    _bring_up_to_date()
    events.replaced()


def on_enabled() -> None:
    """The open file may hold growths."""
    _bring_up_to_date()
    events.replaced()


def _bring_up_to_date() -> None:
    for material in bpy.data.materials:
        if material.library is None:
            drop_former(material)  # also where the growth was removed
    duplicates.separate()


HANDLERS = {"undo_post": on_undo, "redo_post": on_undo, "load_post": on_load}


def register() -> None:
    """Look at the open file soon: it may not be read while add-ons are being enabled."""
    bpy.app.timers.register(on_enabled, first_interval=0.0)
