# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: what becomes of growths when Blender exchanges its data-blocks."""

from __future__ import annotations

import sys

import bpy
from bpy.app.handlers import persistent

from . import events
from .growth import forget_growths
from .mask import forget_masks
from .migration import migrate
from .properties import nca_of
from .track import forget_tracks
from .training import is_settled, what_changed


@persistent
def on_undo(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph | None = None) -> None:
    """Undo and redo bring other values, also of masks."""
    forget_masks()
    events.replaced()


@persistent
def on_load(*_: object) -> None:
    """A file was opened; an older one is brought up to date."""
    forget_masks()
    forget_tracks()
    forget_growths()
    migrate()
    if bpy.app.background:
        _tell_of_models()
    events.replaced()


def _tell_of_models() -> None:
    """Say in the log of a render without a window which growths stay as they are though their models have changed."""
    for material in bpy.data.materials:
        nca = nca_of(material)
        said = what_changed(material) if nca.growing and not is_settled(nca) else ""
        if said:
            print(f"Neural Growth: {material.name}: {said}", file=sys.stderr)


def on_enabled() -> None:
    """The open file may hold growths."""
    migrate()
    events.replaced()


HANDLERS = {"undo_post": on_undo, "redo_post": on_undo, "load_post": on_load}


def register() -> None:
    """Look at the open file soon: it may not be read while add-ons are being enabled."""
    bpy.app.timers.register(on_enabled, first_interval=0.0)
