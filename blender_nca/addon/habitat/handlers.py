# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: images and meshes change, also by undo, and files are opened and saved."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from ..host.late import late
from ..host.rendering import is_of_render, is_rendering
from ..host.window import is_main_thread
from ..material.properties import nca_of
from ..material.status import is_anything_growing
from .properties import all_conditions

_late = late(__package__)
_look_again = _late("recording.look_again")
_follow_undo = _late("following.follow_undo")
_forgets = tuple(map(_late, ("recording.forget", "kept.forget", "following.forget", "seeding.forget")))


@persistent
def on_change(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph) -> None:
    """See what conditions are about change."""
    if not is_main_thread() or is_of_render(depsgraph) or is_rendering():
        return
    if not is_anything_growing():
        _look_again.if_imported()
        return
    from . import following, recording

    for update in depsgraph.updates:
        changed = update.id
        # a picture that grows on does not make its object another one
        if update.is_updated_geometry or update.is_updated_transform:
            recording.look_again()
        if isinstance(changed, bpy.types.Image):
            following.follow_image(changed.original.session_uid)
        elif isinstance(changed, bpy.types.Object) and update.is_updated_geometry:
            owner = changed.original
            assert isinstance(owner, bpy.types.Object)
            following.follow_mesh(owner)


@persistent
def on_undo(*_: object) -> None:
    """Undo and redo bring other pixels and meshes."""
    _look_again.if_imported()
    _follow_undo.if_imported()


@persistent
def on_load(*_: object) -> None:
    """A file was opened."""
    for forget in _forgets:
        forget.if_imported()


@persistent
def on_save(*_: object) -> None:
    """What was painted on images that have no file of their own is saved with the .blend file."""
    if not is_main_thread():
        return
    for material in bpy.data.materials:
        for condition in all_conditions(material) if nca_of(material).growing else ():
            image = condition.image
            if image is not None and image.library is None and image.is_dirty and not image.filepath:
                image.pack()


HANDLERS = {
    "depsgraph_update_post": on_change,
    "undo_post": on_undo,
    "redo_post": on_undo,
    "load_post": on_load,
    "save_pre": on_save,
}
