# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: meshes change, objects along which growths point, and what seeds are read from."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from ..host.late import late
from ..host.rendering import is_of_render
from ..host.window import is_main_thread
from . import arrows

_late = late(__package__)
_look_again = _late("outdated.look_again")
_forget_seeds = _late("seeding.forget")
_forget_layouts = _late("cells.forget_layouts")


@persistent
def on_change(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph) -> None:
    """Look again whether surfaces are those of their meshes, and where seeds lie."""
    if not is_main_thread() or is_of_render(depsgraph):
        return
    if depsgraph.id_type_updated("MESH"):
        _look_again.if_imported()
        arrows.forget()
        _forget_seeds.if_imported()
    elif any(depsgraph.id_type_updated(kind) for kind in ("OBJECT", "CURVE", "COLLECTION")):
        changed = [one for one in depsgraph.updates if one.is_updated_transform or one.is_updated_geometry]
        moved = [one.id.original for one in changed if one.id is not None]
        _look_again.if_imported({one for one in moved if isinstance(one, bpy.types.Object)})
        _forget_seeds.if_imported(
            {one.id.name for one in depsgraph.updates if isinstance(one.id, bpy.types.Object)}
        )


@persistent
def on_load(*_: object) -> None:
    """Another file is open."""
    _forget_layouts.if_imported()


HANDLERS = {"depsgraph_update_post": on_change, "load_post": on_load}
