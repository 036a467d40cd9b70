# SPDX-License-Identifier: GPL-3.0-or-later
"""Strip: a growth at moments one after another, each with its picture."""

from __future__ import annotations

from typing import NamedTuple

import bpy

from ...automaton.growth import Growth
from ..material.clock import frame_of, is_animated
from ..material.grown_icons import GrownIcons
from ..material.growth import growth_of
from ..material.properties import nca_of

icons = GrownIcons("strip")


class Moment(NamedTuple):
    """A moment of a growth.

    Attributes
    ----------
    frame : int
        Of the scene.
    age : float or None
        The age in its place, where nothing but the slider decides on it.
    grown : int
        Frame of the growth that is shown then.
    """

    frame: int
    age: float | None
    grown: int

    @property
    def label(self) -> str:
        return str(self.frame) if self.age is None else f"{self.age:.2f}"


def moments_of(material: bpy.types.Material, scene: bpy.types.Scene, count: int) -> list[Moment]:
    """The moments that a strip of some pictures shows: evenly over the scene's frames, or over all ages.

    Raises
    ------
    GrowthError
        As `frame_of`.
    """
    shares = [number / (count - 1) for number in range(count)]
    if not is_animated(material):
        full = nca_of(material).full_frames
        # only those that differ: an age of few frames has few pictures
        grown = dict.fromkeys(round(share * full) for share in shares)
        return [Moment(scene.frame_current, frame / full, frame) for frame in grown]
    first, last = scene.frame_start, scene.frame_end
    if scene.use_preview_range:
        first, last = scene.frame_preview_start, scene.frame_preview_end
    frames = dict.fromkeys(round(first + share * (last - first)) for share in shares)
    return [Moment(frame, None, frame_of(material, frame)) for frame in frames]


def is_now(moments: list[Moment], number: int, material: bpy.types.Material, scene: bpy.types.Scene) -> bool:
    """Whether a moment is the last of them that has come."""

    def has_come(moment: Moment) -> bool:
        if moment.age is not None:
            return moment.age <= nca_of(material).age + 1e-6
        return moment.frame <= scene.frame_current

    return has_come(moments[number]) and not any(map(has_come, moments[number + 1 :]))


def describe(material: bpy.types.Material, moments: list[Moment]) -> Growth:
    """One description that reaches to all the moments; raises as `growth_of`."""
    return growth_of(material, max(moment.grown for moment in moments))


def icon_of(material: bpy.types.Material, number: int, growth: Growth, frame: int) -> int:
    """The icon for a place of the strip; the one that was there before, or 0, until it has grown."""
    return icons.icon_of(growth, frame, (material.session_uid, number))
