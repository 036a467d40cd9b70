# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: live growths follow the scene's frame, the artist's changes, and renders."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from ..host.colour_space import working_space
from ..host.window import is_main_thread, is_playblasting
from ..material import duplicates, track
from ..material.mask import forget_masks, masks_in_use
from ..material.properties import nca_of
from ..material.status import live_materials
from . import rendering
from .escape import look_out
from .frames import PATIENCE, show
from .picture import pictures
from .refreshing import show_soon
from .rendering import is_rendering
from .settling import settle_all

_materials_seen = -1
_space_seen = ""


@persistent
def on_frame(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph | None = None) -> None:
    waits = bpy.app.background or is_rendering() or not is_main_thread() or is_playblasting()
    if is_main_thread() and not is_rendering():
        duplicates.separate()
        if scene == bpy.context.scene:
            for material in live_materials():
                track.confirm(material, scene)
    show(live_materials(), scene.frame_current, None if waits else PATIENCE)


@persistent
def on_play(*_: object) -> None:
    """Playback begins: no frame was dropped yet."""
    for picture in pictures().values():
        picture.dropped = 0


@persistent
def on_change(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph) -> None:
    """See materials come and go, the file's working space change, and mask images being painted."""
    global _materials_seen, _space_seen
    if is_rendering() or not is_main_thread():
        return
    if len(bpy.data.materials) != _materials_seen or working_space() != _space_seen:
        _materials_seen, _space_seen = len(bpy.data.materials), working_space()
        if any(nca_of(material).growing for material in bpy.data.materials):
            show_soon()
            look_out()
    if not bpy.app.background and any(track.is_evaluated(material) for material in live_materials()):
        # strips and what drivers read may have been changed; a render cannot evaluate them on its thread
        for material in live_materials():
            track.confirm(material, scene)
        show_soon()
    masks = masks_in_use()
    if masks and depsgraph.id_type_updated("IMAGE"):
        for update in depsgraph.updates:
            if isinstance(update.id, bpy.types.Image) and update.id.original.session_uid in masks:
                forget_masks(update.id.original.session_uid)
                show_soon()


@persistent
def on_render_init(*_: object) -> None:
    if is_main_thread() and not is_rendering():
        duplicates.separate()  # on the render's thread no image can be made in place of one that was taken away
    rendering.begin()


@persistent
def on_render_pre(scene: bpy.types.Scene, *_: object) -> None:
    if is_main_thread():
        duplicates.separate()
    show(live_materials(), scene.frame_current, None)


@persistent
def on_render_end(*_: object) -> None:
    rendering.end()
    if not bpy.app.background and is_main_thread():
        show_soon()


@persistent
def on_save(*_: object) -> None:
    if is_main_thread():
        settle_all()


HANDLERS = {
    "save_pre": on_save,
    "frame_change_post": on_frame,
    "animation_playback_pre": on_play,
    "depsgraph_update_post": on_change,
    "render_init": on_render_init,
    "render_pre": on_render_pre,
    "render_complete": on_render_end,
    "render_cancel": on_render_end,
}
