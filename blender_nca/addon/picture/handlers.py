# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: what becomes of pictures when Blender exchanges its data-blocks. Lessons are of no file, and go on."""

from __future__ import annotations

from bpy.app.handlers import persistent

from ..host.late import late

_late = late(__package__)
_endings = tuple(map(_late, ("study.stop_all", "shown.forget_all", "lessons.forget")))
_forget_wanted = _late("shown.forget_all_wanted")


@persistent
def on_load(*_: object) -> None:
    """Another file is open."""
    for end in _endings:
        end.if_imported()


@persistent
def on_undo(*_: object) -> None:
    """Undo and redo bring other pictures, and other pieces of them."""
    _forget_wanted.if_imported()


HANDLERS = {"load_post": on_load, "undo_post": on_undo, "redo_post": on_undo}
