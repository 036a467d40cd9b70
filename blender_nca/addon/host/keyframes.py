# SPDX-License-Identifier: GPL-3.0-or-later
"""Keyframes: the animation curves of a material, in whichever way this Blender keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import bpy

if TYPE_CHECKING:
    import numpy as np


_OF_POINTS = {"co": 2, "handle_left": 2, "handle_right": 2}
"""What the course of a curve depends on, and how many numbers it is."""
_OF_EASING = {"amplitude": 1, "back": 1, "period": 1}
"""What it depends on as well where it overshoots or bounces."""
_BEZIER = 2
"""The last of Blender's ways between two keyframes that neither overshoots nor bounces."""
_SIMPLE = frozenset({"BOOLEAN", "INT", "FLOAT", "STRING", "ENUM"})


def fcurves_of(owner: bpy.types.ID) -> Iterator[bpy.types.FCurve]:
    """List the curves of a data-block's active action."""
    animation = owner.animation_data  # type: ignore[attr-defined]  # of those kinds that can be animated
    if animation is not None and animation.action is not None:
        yield from curves_in(animation.action, getattr(animation, "action_slot", None))


def curves_in(action: bpy.types.Action, slot: bpy.types.ActionSlot | None) -> Iterator[bpy.types.FCurve]:
    """List the curves that an action has for a slot.

    Up to 4.3 an action holds its curves itself; from 4.4 on they may lie in a layer's strip, in the channel bag of the
    slot; from 5.0 on they are only there.
    """
    for _, curves in _holders(action, slot):
        yield from curves


def remove_curves(owner: bpy.types.ID, prefix: str) -> None:
    """Remove the animation of all paths that begin with `prefix`: keyframes, also in the NLA, and drivers.

    Curves that another data-block uses as well stay, for they are its keyframes too, as do those of a linked action.
    Where an action is for nothing else than these paths, the data-block lets go of it then.
    """
    animation = owner.animation_data  # type: ignore[attr-defined]
    if animation is None:
        return
    for driver in [driver for driver in animation.drivers if driver.data_path.startswith(prefix)]:
        animation.drivers.remove(driver)
    users = [animation, *(strip for track in animation.nla_tracks for strip in strips_in(track.strips))]
    for user in users:
        action, slot = user.action, getattr(user, "action_slot", None)
        if action is None:
            continue
        is_shared = action.library is not None or any(other != owner for other in _owners(action, slot))
        paths = [curve.data_path for curve in curves_in(action, slot)]
        if not is_shared:
            for _, curves in _holders(action, slot):
                for curve in [curve for curve in curves if curve.data_path.startswith(prefix)]:
                    curves.remove(curve)
        elif (
            user == animation
            and not animation.use_tweak_mode
            and all(path.startswith(prefix) for path in paths)
        ):
            animation.action = None


def curve_state(curve: bpy.types.FCurve) -> tuple[object, ...]:
    """All that the values of a curve depend on, to be compared with what it was before."""
    import numpy as np

    points = curve.keyframe_points
    kinds = _numbers(points, "interpolation", np.empty(len(points), np.int32))
    of_points = dict(_OF_POINTS)
    if kinds.max(initial=0) > _BEZIER:
        of_points.update(_OF_EASING)
    held = [kinds.tobytes(), _numbers(points, "easing", np.empty(len(points), np.int32)).tobytes()]
    for name, size in of_points.items():
        held.append(_numbers(points, name, np.empty(size * len(points), np.float32)).tobytes())
    return (
        curve.data_path,
        is_muted(curve),
        curve.extrapolation,
        _numbers(curve.sampled_points, "co", np.empty(2 * len(curve.sampled_points), np.float32)).tobytes(),
        *held,
        *(simple_values(modifier) for modifier in curve.modifiers),
    )


def is_muted(curve: bpy.types.FCurve) -> bool:
    """Whether a curve, or the group that it is in, does nothing."""
    return bool(curve.mute or (curve.group is not None and curve.group.mute))


def simple_values(struct: Any, without: tuple[str, ...] = ()) -> tuple[object, ...]:
    """The numbers, words and choices of one of Blender's things."""
    values: list[object] = []
    for each in struct.bl_rna.properties:
        if each.type in _SIMPLE and each.identifier not in without:
            value = getattr(struct, each.identifier)
            values.append(tuple(value) if getattr(each, "is_array", False) else value)
    return tuple(values)


def _numbers(points: Any, name: str, into: np.ndarray) -> np.ndarray:
    points.foreach_get(name, into)
    return into


def strips_in(strips: Any) -> Iterator[bpy.types.NlaStrip]:
    """List strips of the NLA, also those within meta strips."""
    for strip in strips:
        yield strip
        yield from strips_in(strip.strips)


def _holders(
    action: bpy.types.Action, slot: bpy.types.ActionSlot | None
) -> Iterator[tuple[bpy.types.bpy_struct, Any]]:
    """List what holds curves of a slot, and its collection of them."""
    if not getattr(action, "is_action_layered", False):
        if hasattr(action, "fcurves"):
            yield action, action.fcurves
        return
    if slot is None:
        return
    for layer in action.layers:
        for strip in layer.strips:
            bag = strip.channelbag(slot) if isinstance(strip, bpy.types.ActionKeyframeStrip) else None
            if bag is not None:
                yield bag, bag.fcurves


def _owners(action: bpy.types.Action, slot: bpy.types.ActionSlot | None) -> set[bpy.types.ID]:
    """The data-blocks that are animated by a slot of an action; up to 4.3, by the action."""
    if slot is not None:
        return set(slot.users())
    return set(bpy.data.user_map(subset=[action])[action])
