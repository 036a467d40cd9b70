# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: meshes change, and what seeds are read from."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from ..host.rendering import is_of_render
from ..host.window import is_main_thread
from . import making, seeding


@persistent
def on_change(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph) -> None:
    """Look again whether surfaces are those of their meshes, and where seeds lie."""
    if not is_main_thread() or is_of_render(depsgraph):
        return
    if depsgraph.id_type_updated("MESH"):
        making.look_again()
        seeding.forget()
    elif any(depsgraph.id_type_updated(kind) for kind in ("OBJECT", "CURVE", "COLLECTION")):
        seeding.forget(
            {update.id.name for update in depsgraph.updates if isinstance(update.id, bpy.types.Object)}
        )


HANDLERS = {"depsgraph_update_post": on_change}
