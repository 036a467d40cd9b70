# SPDX-License-Identifier: GPL-3.0-or-later
"""NLA: whether a data-block has strips of animation, and what they say."""

from __future__ import annotations

from typing import Any

import bpy

from .keyframes import curve_state, curves_in, simple_values, strips_in

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


def nla_state(owner: bpy.types.ID, prefix: str) -> tuple[object, ...]:
    """All strips and their curves for paths that begin with `prefix`, to be compared with what they were before."""
    animation = owner.animation_data  # type: ignore[attr-defined]
    state: list[object] = [
        simple_values(animation, _NOT_SAID),
        _curves(animation.action, getattr(animation, "action_slot", None), prefix),
    ]
    for track in animation.nla_tracks:
        state.append(simple_values(track, _NOT_SAID))
        for strip in strips_in(track.strips):
            # a value that is animated is another one in each frame
            moving = ("influence",) * strip.use_animated_influence + ("strip_time",)
            state.append(simple_values(strip, (*_NOT_SAID, *moving)))
            state.append(tuple(curve_state(curve) for curve in strip.fcurves))
            state.append(tuple(simple_values(modifier) for modifier in strip.modifiers))
            state.append(_curves(strip.action, getattr(strip, "action_slot", None), prefix))
    return tuple(state)


def _curves(action: Any, slot: Any, prefix: str) -> tuple[object, ...]:
    if action is None:
        return ()
    found = [curve for curve in curves_in(action, slot) if curve.data_path.startswith(prefix)]
    return (action.session_uid, *(curve_state(curve) for curve in found))
