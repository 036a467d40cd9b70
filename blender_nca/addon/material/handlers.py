# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: what becomes of growths when Blender exchanges its data-blocks."""

from __future__ import annotations

import logging

import bpy
from bpy.app.handlers import persistent

from ..host.late import late
from . import drivers, duplicates, events, learned, training
from .clock import forget_ages
from .former import drop_former
from .growth import forget_growths
from .mask import forget_masks
from .pasted import forget_users
from .properties import nca_of
from .status import is_anything_growing, is_own

_log = logging.getLogger(__name__)
_late = late(__package__)
_forget_tracks = _late("track.forget_tracks")
_ensure_live = _late("live_images.ensure_live")

_is_seen = True


@persistent
def on_undo(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph | None = None) -> None:
    """Undo and redo bring other values, also of masks."""
    forget_masks()
    forget_users()
    _tell_replaced()


@persistent
def on_load(*_: object) -> None:
    """A file was opened; an older one is brought up to date."""
    forget_masks()
    _forget_tracks.if_imported()
    forget_ages()
    forget_growths()
    forget_users()
    on_enabled()


def on_enabled() -> None:
    """The open file may hold growths."""
    global _is_seen
    _is_seen = True
    for material in bpy.data.materials:
        if material.library is None:
            drop_former(material)  # also where the growth was removed
        if nca_of(material).growing and is_own(material):
            training.note(nca_of(material))
    duplicates.separate()
    if bpy.app.background:
        _tell_of_models()
    _tell_replaced()


def _tell_replaced() -> None:
    """Tell it, unless nothing has ever grown in this Blender, and nothing does in its file: nobody has to forget it."""
    if _ensure_live.is_imported or is_anything_growing():
        events.replaced()


def _tell_of_models() -> None:
    """Say in the log of a render without a window which growths stay as they are though their models have changed."""
    for material in bpy.data.materials:
        nca = nca_of(material)
        said = training.what_changed(material) if nca.growing and not training.is_settled(nca) else ""
        if said:
            _log.warning("%s: %s", material.name, said)


@persistent
def on_save(*_: object) -> None:
    """The file is about to be saved: with the learned species that grow in it, and for a Blender without the add-on."""
    learned.pack_all()
    drivers.note_values()


@persistent
def on_first_use(*_: object) -> None:
    """Without a window no timer runs: a file that was open before the add-on was enabled is looked at here."""
    if bpy.app.background and not _is_seen:
        on_enabled()


HANDLERS = {
    "undo_post": on_undo,
    "redo_post": on_undo,
    "load_post": on_load,
    "save_pre": on_save,
    "frame_change_pre": on_first_use,
    "render_init": on_first_use,
    "object_bake_pre": on_first_use,
}


def register() -> None:
    """Look at the open file soon: it may not be read while add-ons are being enabled."""
    global _is_seen
    _is_seen = False
    bpy.app.timers.register(on_enabled, first_interval=0.0)
