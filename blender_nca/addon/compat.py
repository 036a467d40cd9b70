# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between the Blender versions that the add-on runs on, 4.2 to 5.2."""

from __future__ import annotations

from collections.abc import Iterator

import bpy

RELATIVE_PATH = {"PATH_SUPPORTS_BLEND_RELATIVE"} if bpy.app.version >= (4, 5, 0) else set()
"""The option of a folder property that it may begin with //, which no Blender before 4.5 asks for."""


def fcurves_of(owner: bpy.types.ID) -> Iterator[bpy.types.FCurve]:
    """List the curves of an ID's active action.

    Up to 4.3 an action holds its curves itself; from 4.4 on they may lie in a layer's strip, in the channel bag of the
    slot that the ID uses; from 5.0 on they are only there.
    """
    animation = owner.animation_data
    action = animation.action if animation else None
    if action is None:
        return
    if not getattr(action, "is_action_layered", False):
        yield from getattr(action, "fcurves", ())
        return
    slot = animation.action_slot
    if slot is None:
        return
    for layer in action.layers:
        for strip in layer.strips:
            bag = strip.channelbag(slot) if strip.type == "KEYFRAME" else None
            if bag is not None:
                yield from bag.fcurves


def shows_stale_pixels(scene: bpy.types.Scene) -> bool:
    """Whether a Cycles render of this scene would show old pixels of a live image.

    With Persistent Data, Cycles before 5.2 keeps the pixels that an image had in the first rendered frame.
    """
    render = scene.render
    return bpy.app.version < (5, 2, 0) and render.engine == "CYCLES" and render.use_persistent_data


def playblasts() -> bool:
    """Whether the viewport is being rendered to files: such a render is a modal operator, not a job."""
    return any(
        operator.bl_idname == "RENDER_OT_opengl"
        for window in bpy.context.window_manager.windows
        for operator in getattr(window, "modal_operators", ())
    )


def use_nodes(material: bpy.types.Material) -> None:
    """Switch a material's nodes on. From 5.0 on they always are, and the switch is going away."""
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True


def remove_fcurve(owner: bpy.types.ID, curve: bpy.types.FCurve) -> None:
    """Remove one of the curves that `fcurves_of` lists."""
    action = owner.animation_data.action
    if not getattr(action, "is_action_layered", False):
        action.fcurves.remove(curve)
        return
    for layer in action.layers:
        for strip in layer.strips:
            bag = strip.channelbag(owner.animation_data.action_slot)
            if bag is not None and curve in list(bag.fcurves):
                bag.fcurves.remove(curve)
                return
