# SPDX-License-Identifier: GPL-3.0-or-later
"""NLA: whether a data-block has strips of animation, and what they say."""

from __future__ import annotations

from collections.abc import Iterator

import bpy

from .keyframes import curve_state, curves_in, fcurves_of, simple_values, strips_in

_NOT_SAID = ("active", "select", "active_strip", "is_override_data", "name", "show_expanded")
"""What strips and tracks have that no value depends on."""


def has_strips(owner: bpy.types.ID) -> bool:
    """Whether the NLA has a say in what a data-block shows."""
    animation = owner.animation_data  # type: ignore[attr-defined]
    return (
        animation is not None
        and animation.use_nla
        and any(len(track.strips) for track in animation.nla_tracks)
    )


def curves_of(owner: bpy.types.ID) -> Iterator[bpy.types.FCurve]:
    """List the curves of the active action and of all strips."""
    yield from fcurves_of(owner)
    for strip in _strips(owner):
        if strip.action is not None:
            yield from curves_in(strip.action, getattr(strip, "action_slot", None))


def nla_state(owner: bpy.types.ID) -> tuple[object, ...]:
    """What strips and tracks say, without their curves, to be compared with what they said before."""
    animation = owner.animation_data  # type: ignore[attr-defined]
    if animation is None:
        return ()
    state: list[object] = [simple_values(animation, _NOT_SAID)]
    state += [simple_values(track, _NOT_SAID) for track in animation.nla_tracks]
    for strip in _strips(owner):
        # a value that is animated is another one in each frame
        moving = ("influence",) * strip.use_animated_influence + ("strip_time",)
        state.append(simple_values(strip, (*_NOT_SAID, *moving)))
        state.append(tuple(curve_state(curve) for curve in strip.fcurves))
        state.append(tuple(simple_values(modifier) for modifier in strip.modifiers))
    return tuple(state)


def _strips(owner: bpy.types.ID) -> Iterator[bpy.types.NlaStrip]:
    animation = owner.animation_data  # type: ignore[attr-defined]
    for track in animation.nla_tracks if animation is not None else ():
        yield from strips_in(track.strips)
