# SPDX-License-Identifier: GPL-3.0-or-later
"""Keyframes: the animation curves of a material, in whichever way this Blender keeps them."""

from __future__ import annotations

from collections.abc import Iterator

import bpy


def fcurves_of(owner: bpy.types.Material) -> Iterator[bpy.types.FCurve]:
    """List the curves of a material's active action.

    Up to 4.3 an action holds its curves itself; from 4.4 on they may lie in a layer's strip, in the channel bag of the
    slot that the material uses; from 5.0 on they are only there.
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
            bag = strip.channelbag(slot) if isinstance(strip, bpy.types.ActionKeyframeStrip) else None
            if bag is not None:
                yield from bag.fcurves


def remove_fcurve(owner: bpy.types.Material, curve: bpy.types.FCurve) -> None:
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
