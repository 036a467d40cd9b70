# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: a material that came from an asset library begins to grow with the scene that it came into.

Its group and images become its own as those of every growth that is appended (`material.duplicates`). Where a library's
settings link or pack what is dropped, it is made local in the window: nothing grows on what another file holds.
"""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from ..host.rendering import is_of_render, is_rendering
from ..host.window import is_main_thread
from ..material.operators import make_local
from ..material.properties import nca_of
from .mark import MARK

_seen = -1
"""How many materials there were when they were last looked at."""


@persistent
def on_change(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph | None = None) -> None:
    """See materials come. One that is still an asset lies in its library's own file, which stays as it is."""
    global _seen
    if is_rendering() or is_of_render(depsgraph) or not is_main_thread():
        return
    if len(bpy.data.materials) == _seen:
        return
    _seen = len(bpy.data.materials)
    for material in bpy.data.materials:
        if material.get(MARK) and material.library is None and material.asset_data is None:
            del material[MARK]
            nca_of(material).start_frame = scene.frame_start
    if bpy.app.background or not any(map(_is_linked, bpy.data.materials)):
        return  # a script that links means it
    if not bpy.app.timers.is_registered(localise):  # later: none is made while Blender evaluates what changed
        bpy.app.timers.register(localise, first_interval=0.0)


def localise() -> None:
    """Make materials local that an asset library's settings have linked, where objects of this file show them."""
    global _seen
    for material in [one for one in bpy.data.materials if _is_linked(one)]:
        local = make_local(material)
        if local is None:
            continue
        if local.asset_data is not None:
            local.asset_clear()
        _seen = -1  # it begins with the next change


def _is_linked(material: bpy.types.Material) -> bool:
    return bool(material.get(MARK)) and material.library is not None and not material.is_library_indirect


@persistent
def on_load(*_: object) -> None:
    """Another file is open."""
    global _seen
    _seen = -1


HANDLERS = {"depsgraph_update_post": on_change, "frame_change_pre": on_change, "load_post": on_load}
