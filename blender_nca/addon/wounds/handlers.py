# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: what wounds growths may be changed, and another file may be open."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from ..host.late import late
from ..host.rendering import is_of_render
from ..host.window import is_main_thread, is_playing

_late = late(__package__)
_look_again = _late("recording.look_again")
_forget_environments = _late("kept.forget_environments")
_forget_trees = _late("bodies.forget_trees")


@persistent
def on_change(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph) -> None:
    if is_main_thread() and not is_of_render(depsgraph) and not is_playing():
        _look_again.if_imported()


@persistent
def on_load(*_: object) -> None:
    for forget in (_forget_environments, _forget_trees, _look_again):
        forget.if_imported()


HANDLERS = {"depsgraph_update_post": on_change, "load_post": on_load}
