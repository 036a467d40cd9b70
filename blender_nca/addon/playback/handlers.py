# SPDX-License-Identifier: GPL-3.0-or-later
"""Handlers: live growths follow the scene's frame, the artist's changes, and renders."""

from __future__ import annotations

import logging

import bpy
from bpy.app.handlers import persistent

from ..host.late import late
from ..host.rendering import is_of_render, is_rendering
from ..host.versions import STALE_PIXELS, shows_stale_pixels
from ..host.window import is_main_thread, is_playblasting
from ..material import clock, duplicates, events
from ..material.mask import forget_masks, masks_in_use
from ..material.order import is_asked
from ..material.properties import nca_of
from ..material.status import is_own, live_materials
from . import stopped
from .escape import look_out

_log = logging.getLogger(__name__)
_late = late(__package__)
_pictures = _late("picture.pictures")
_show_soon = _late("refreshing.show_soon")
_settle_all = _late("settling.settle_all")

_materials_seen: tuple[int, int, int, int] | None = None
"""How many materials there were, how many of them grow and are this file's own, how many users their groups had, and
how many are asked for their order."""
_space_seen = ""
_of_strips: set[int] = set()
"""Session uids of materials that were seen in another scene than the window's."""


@persistent
def on_frame(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph | None = None) -> None:
    for_render = is_rendering() or is_of_render(depsgraph) or not is_main_thread() or is_playblasting()
    if is_main_thread() and not is_rendering() and not is_of_render(depsgraph):
        duplicates.separate()
        if scene == bpy.context.scene:
            for material in live_materials():
                _confirm(material, scene)
    if for_render and scene.frame_subframe:
        return  # motion blur looks between the frames
    following = _following(scene, depsgraph)
    if following:
        from .frames import PATIENCE, show

        waits = for_render or bpy.app.background
        show(following, scene.frame_current, None if waits else PATIENCE)


@persistent
def on_play(*_: object) -> None:
    """Playback begins: no frame was dropped yet."""
    if _pictures.is_imported:
        for picture in _pictures().values():
            picture.dropped = 0


@persistent
def on_change(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph) -> None:
    """See materials come, go and change hands, the file's working space change, and mask images being painted."""
    global _materials_seen
    if is_of_render(depsgraph):  # Blender's own bake of an object, which in a script nothing else announces
        _show_for_render(_following(scene, depsgraph), scene)
    if is_rendering() or is_of_render(depsgraph) or not is_main_thread():
        return
    growing = [material for material in bpy.data.materials if nca_of(material).growing]
    if not growing:
        _materials_seen = None
    else:
        _look_at(growing, scene)
    masks = masks_in_use()
    if masks and depsgraph.id_type_updated("IMAGE"):
        for update in depsgraph.updates:
            if isinstance(update.id, bpy.types.Image) and update.id.original.session_uid in masks:
                forget_masks(update.id.original.session_uid)
                _show_soon()


def _look_at(growing: list[bpy.types.Material], scene: bpy.types.Scene) -> None:
    """See these come, go and change hands, and what they are computed in or animated by."""
    from ..host.colour_space import working_space
    from .refreshing import show_soon

    global _materials_seen, _space_seen
    trees = [nca_of(material).tree for material in growing]
    users = sum(tree.users for tree in trees if tree is not None)
    orders = sum(map(is_asked, growing))
    materials = len(bpy.data.materials), sum(map(is_own, growing)), users, orders
    if materials != _materials_seen or working_space() != _space_seen:
        _materials_seen, _space_seen = materials, working_space()
        show_soon()
        look_out()
    if not bpy.app.background and any(_is_evaluated(material) for material in live_materials()):
        # strips and what drivers read may have been changed; a render cannot evaluate them on its thread
        for material in live_materials():
            _confirm(material, scene)
        show_soon()


@persistent
def on_render_init(scene: bpy.types.Scene, *_: object) -> None:
    if is_main_thread() and not is_rendering():
        duplicates.separate()  # on the render's thread no image can be made in place of one that was taken away
        for material in live_materials():
            events.needed(material)
    stopped.forget()
    if bpy.app.background and shows_stale_pixels(scene.render) and live_materials():
        _log.warning(STALE_PIXELS)


@persistent
def on_render_pre(scene: bpy.types.Scene, *_: object) -> None:
    if is_main_thread():
        duplicates.separate()
    _show_for_render(live_materials(), scene)


@persistent
def on_render_end(*_: object) -> None:
    if not bpy.app.background and is_main_thread() and live_materials():
        _show_soon()


@persistent
def on_bake(*_: object) -> None:
    """Blender's own bake of an object begins in the window."""
    if is_main_thread():
        duplicates.separate()
    scene = bpy.context.scene
    assert scene is not None  # every file has one
    _show_for_render(live_materials(), scene)


@persistent
def on_save(*_: object) -> None:
    if is_main_thread():
        if not is_rendering():
            duplicates.separate()  # whoever links a material from this file gets what is its own
        if live_materials():
            _settle_all()


def _show_for_render(shown: list[bpy.types.Material], scene: bpy.types.Scene) -> None:
    """Show them as they are in the scene's frame, however long that takes."""
    if shown:
        from .frames import show

        show(shown, scene.frame_current, None)


def _is_evaluated(material: bpy.types.Material) -> bool:
    from ..material import track

    return track.is_evaluated(material, (*track.ranges_of(material), clock.AGE))


def _confirm(material: bpy.types.Material, scene: bpy.types.Scene) -> None:
    """Compare what was evaluated of a material's animation with what Blender shows now."""
    from ..material import track

    track.confirm(material, scene)
    clock.confirm(material, scene)


def _following(scene: bpy.types.Scene, depsgraph: bpy.types.Depsgraph | None) -> list[bpy.types.Material]:
    """The live materials that follow a scene: one that the sequencer shows as a strip has frames of its own."""
    live = live_materials()
    is_strip = scene != bpy.context.scene
    if depsgraph is None or not (is_strip or _of_strips):
        return live
    seen = {each.original for each in depsgraph.ids if isinstance(each, bpy.types.Material)}
    if not is_strip:
        return [one for one in live if one in seen or one.session_uid not in _of_strips]
    _of_strips.update(one.session_uid for one in live if one in seen)
    return [one for one in live if one in seen]


HANDLERS = {
    "save_pre": on_save,
    "frame_change_post": on_frame,
    "animation_playback_pre": on_play,
    "depsgraph_update_post": on_change,
    "render_init": on_render_init,
    "render_pre": on_render_pre,
    "object_bake_pre": on_bake,
    "render_complete": on_render_end,
    "render_cancel": on_render_end,
}
