# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: what becomes of pictures when Blender exchanges its data-blocks. Lessons are of no file, and go on."""

from __future__ import annotations

from bpy.app.handlers import persistent

from . import lessons, shown, study


@persistent
def on_load(*_: object) -> None:
    """Another file is open."""
    study.stop_all()
    shown.forget_all()
    lessons.forget()


@persistent
def on_undo(*_: object) -> None:
    """Undo and redo bring other pictures, and other pieces of them."""
    shown.forget_all_wanted()


HANDLERS = {"load_post": on_load, "undo_post": on_undo, "redo_post": on_undo}
