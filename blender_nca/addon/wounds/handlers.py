# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: what wounds growths may be changed, and another file may be open."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from ..host.rendering import is_of_render
from ..host.window import is_main_thread, is_playing
from .bodies import forget_trees
from .kept import forget_environments
from .recording import look_again


@persistent
def on_change(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph) -> None:
    if is_main_thread() and not is_of_render(depsgraph) and not is_playing():
        look_again()


@persistent
def on_load(*_: object) -> None:
    forget_environments()
    forget_trees()
    look_again()


HANDLERS = {"depsgraph_update_post": on_change, "load_post": on_load}
