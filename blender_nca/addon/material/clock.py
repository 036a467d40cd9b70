# SPDX-License-Identifier: GPL-3.0-or-later
"""Clock: which frame of its growth a material shows at a frame of the scene.

By the timeline it is the number of frames since the start, but where the growth is to hold or to turn when it is full.
By Age it is as far as that slider says: what the timeline would show so far on the way to the full growth, and beyond
that in its loop. So keyframes of Blend and speed mean the same in all of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import bpy

from ...automaton.growth_error import GrowthError
from ..host.window import is_main_thread
from .properties import nca_of

AGE = "nca.age"


@dataclass
class _Ages:
    """Ages of successive frames of the scene as Blender evaluated them, and what they were evaluated from."""

    state: tuple[object, ...]
    first: int
    values: list[float]

    def at(self, frame: int) -> float | None:
        """The age at a frame of the scene; None where it was not evaluated."""
        number = frame - self.first
        return self.values[number] if 0 <= number < len(self.values) else None


_evaluated: dict[int, _Ages] = {}
"""By the material's session uid."""


def frame_of(material: bpy.types.Material, scene_frame: int) -> int:
    """The growth's frame at a frame of the scene: 0, the seeded grid, before its start or at age 0.

    Raises
    ------
    GrowthError
        The age cannot be known at other frames than the one that is shown; the message says what to do.
    """
    nca = nca_of(material)
    if nca.clock == "TIMELINE":
        frame = max(0, scene_frame - nca.start_frame)
        return _turn(frame, nca.course, nca.full_frames) if nca.loop is None else nca.loop.fold(frame)
    age = max(_age_at(material, scene_frame), 0.0)
    if nca.loop is not None and age > 1.0:
        return nca.loop.fold(nca.full_frames + math.floor((age - 1.0) * nca.loop_frames + 0.5))
    return math.floor(min(age, 1.0) * nca.full_frames + 0.5)


def _turn(frame: int, course: str, full: int) -> int:
    """Which frame is shown `frame` frames after the start, where the growth is full after `full` frames."""
    if course == "HOLD":
        return min(frame, full)
    if course == "BACK":
        return max(full - frame, 0)
    if course == "SWING":
        return full - abs(frame % (2 * full) - full)
    return frame


def is_animated(material: bpy.types.Material) -> bool:
    """Whether a growth changes as the scene's frames pass."""
    from .track import curve_of, is_evaluated

    if nca_of(material).clock == "TIMELINE" or is_evaluated(material, (AGE,)):
        return True
    return curve_of(material, AGE) is not None


def confirm(material: bpy.types.Material, scene: bpy.types.Scene) -> None:
    """Evaluate ages anew where Blender shows another one in the scene's current frame. For the main thread."""
    from .track import is_seen

    ages = _evaluated.get(material.session_uid)
    age = None if ages is None else ages.at(scene.frame_current)
    shown = nca_of(material).age
    if age is not None and not math.isclose(age, shown, rel_tol=1e-5, abs_tol=1e-6) and is_seen(material):
        del _evaluated[material.session_uid]


def forget_ages() -> None:
    """Another file is open."""
    _evaluated.clear()


def _age_at(material: bpy.types.Material, scene_frame: int) -> float:
    from ..host.evaluation import evaluate, time_of
    from .track import UNSEEN, animation_of, curve_of, is_evaluated

    scene: bpy.types.Scene | None = bpy.context.scene
    assert scene is not None  # every file has one
    if not is_evaluated(material, (AGE,)):
        curve = curve_of(material, AGE)
        return nca_of(material).age if curve is None else curve.evaluate(time_of(scene, scene_frame))
    paths, state = animation_of(material, (AGE,), scene)
    if not paths:
        return nca_of(material).age
    ages = _evaluated.get(material.session_uid)
    age = None if ages is None or ages.state != state else ages.at(scene_frame)
    if age is None:
        if not is_main_thread():
            raise GrowthError(UNSEEN)
        frames = range(min(scene_frame, scene.frame_start), max(scene_frame, scene.frame_end) + 1)
        values = [row[0] for row in evaluate(material, paths, frames, scene)]
        ages = _evaluated[material.session_uid] = _Ages(state, frames.start, values)
        age = values[scene_frame - frames.start]
    return age
