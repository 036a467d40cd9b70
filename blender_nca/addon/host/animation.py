# SPDX-License-Identifier: GPL-3.0-or-later
"""Animation: keyframes and drivers that follow a value to another place in the same data-block."""

from __future__ import annotations

from collections.abc import Iterator

import bpy

from .keyframes import strips_in

Animated = bpy.types.Material | bpy.types.NodeTree
"""A data-block whose values may be animated."""
Holder = bpy.types.AnimData | bpy.types.NlaStrip
"""What an action is used by: the data-block itself, or a strip of its NLA."""


def move_animation(owner: Animated, before: str, after: str) -> None:
    """Let what animates one value animate another one: keyframes, also those in NLA strips, and drivers.

    Parameters
    ----------
    owner : Material or NodeTree
        The data-block of both values.
    before, after : str
        Data paths, such as ``nodes["Principled BSDF"].inputs[0].default_value``.
    """
    animation = owner.animation_data
    if animation is None or before == after:
        return
    for curve in animation.drivers:
        if curve.data_path == before:
            curve.data_path = after
    for holder in _holders(animation):
        if not any(curve.data_path == before for curve in _curves(holder)):
            continue
        _own_action(holder, owner)
        for curve in _curves(holder):
            if curve.data_path == before:
                curve.data_path = after


def own_actions(owner: Animated) -> None:
    """Give a data-block keyframes of its own: copies of the actions that others have, too, or that are linked.

    Not while a strip is being tweaked, when Blender lets no action be exchanged.
    """
    animation = owner.animation_data
    if animation is not None and not animation.use_tweak_mode:
        for holder in _holders(animation):
            _own_action(holder, owner)


def is_animated(owner: Animated, path: str) -> bool:
    """Whether keyframes or a driver give a value of a data-block."""
    animation = owner.animation_data
    if animation is None:
        return False
    curves = [*animation.drivers, *(curve for holder in _holders(animation) for curve in _curves(holder))]
    return any(curve.data_path == path for curve in curves)


def _holders(animation: bpy.types.AnimData) -> Iterator[Holder]:
    if animation.action is not None:
        yield animation
    for track in animation.nla_tracks:
        yield from (strip for strip in strips_in(track.strips) if strip.action is not None)


def _curves(holder: Holder) -> list[bpy.types.FCurve]:
    """The curves that a holder takes from its action: up to 4.3 all of them, later those of its slot."""
    action = holder.action
    if not getattr(action, "is_action_layered", False):
        return list(getattr(action, "fcurves", ()))
    slot = holder.action_slot
    if slot is None:
        return []
    found: list[bpy.types.FCurve] = []
    for layer in action.layers:
        for strip in layer.strips:
            bag = strip.channelbag(slot) if isinstance(strip, bpy.types.ActionKeyframeStrip) else None
            found += bag.fcurves if bag is not None else ()
    return found


def _own_action(holder: Holder, owner: Animated) -> None:
    """Give a holder a copy of its action where other data-blocks are animated by the same curves, or it is linked."""
    action, slot = holder.action, getattr(holder, "action_slot", None)
    shared = any(user != owner for user in slot.users()) if slot is not None else action.users > 1
    if not shared and action.library is None:
        return
    identifier = slot.identifier if slot is not None else ""
    holder.action = action.copy()
    if identifier:
        holder.action_slot = next(one for one in holder.action.slots if one.identifier == identifier)
