# SPDX-License-Identifier: GPL-3.0-or-later
"""Speed: how fast a growth grows over some frames, as keyframes on its steps a frame, or on its age.

A course of speed is said in shares: of the frames, and of the mean speed. So as much grows in that time as before.
"""

from __future__ import annotations

from typing import NamedTuple

import bpy

from ...automaton.growth_limits import MOST_STEPS_PER_FRAME
from ..host.evaluation import time_of
from ..host.keyframes import fcurves_of, remove_curves
from ..material.clock import AGE
from ..material.properties import nca_of
from ..material.track import curve_of, is_evaluated, read_tracks

STEPS = "nca.steps_per_frame"
FEWEST = 2
"""Frames that a speed changes over."""


class SpeedError(ValueError):
    """A speed that cannot be set; the message is for the artist."""


class Stretch(NamedTuple):
    """A part of the frames in which the speed is even, or changes evenly.

    Attributes
    ----------
    until : float
        Share of the frames at which it ends.
    begin, end : float
        Share of the mean speed that it begins and ends with.
    """

    until: float
    begin: float
    end: float


PRESETS = {
    "STEADY": (Stretch(1.0, 1.0, 1.0),),
    "EASE_IN": (Stretch(1.0, 0.0, 2.0),),
    "EASE_OUT": (Stretch(1.0, 2.0, 0.0),),
    "EASE_IN_OUT": (Stretch(0.5, 0.0, 2.0), Stretch(1.0, 2.0, 0.0)),
    "SLOW_START": (Stretch(0.5, 0.1, 0.1), Stretch(0.6, 0.1, 2.1), Stretch(1.0, 2.1, 2.1)),
}
BURST = (Stretch(0.4, 2.35, 2.35), Stretch(1.0, 0.1, 0.1))
"""One of the bursts: it darts ahead, and hardly moves."""


def stretches_of(preset: str, bursts: int = 4) -> tuple[Stretch, ...]:
    """The stretches of a preset, of a mean speed of 1.

    Parameters
    ----------
    preset : str
        Of `PRESETS`, or 'BURSTS'.
    bursts : int
        How many of them.
    """
    if preset != "BURSTS":
        return PRESETS[preset]
    return tuple(
        one._replace(until=(number + one.until) / bursts) for number in range(bursts) for one in BURST
    )


def span_of(material: bpy.types.Material, scene: bpy.types.Scene) -> int:
    """Over how many frames from its start on a growth grows: until it is full, else until the scene ends."""
    nca = nca_of(material)
    if nca.clock == "AGE" or nca.course != "ON":
        return max(FEWEST, nca.full_frames)
    return max(FEWEST, scene.frame_end - nca.start_frame)


def set_speed(
    material: bpy.types.Material, scene: bpy.types.Scene, stretches: tuple[Stretch, ...], frames: int
) -> None:
    """Replace the keyframes on a growth's speed: on its age, where that decides how far it is.

    Parameters
    ----------
    material : Material
    scene : Scene
    stretches : tuple of Stretch
    frames : int
        Of the scene, from the growth's start on: `FEWEST` or more.

    Raises
    ------
    SpeedError
        Something else than keyframes decides on it, or nothing grows that could be faster or slower.
    """
    nca = nca_of(material)
    path = AGE if nca.clock == "AGE" else STEPS
    name = "Age" if path == AGE else "Speed"
    if is_evaluated(material, (path,)):
        raise SpeedError(f"{name} has a driver, or strips in the NLA: remove them, and choose again.")
    mean = 1.0 if path == AGE else _mean_steps(material, frames)
    highest = mean * max(max(each.begin, each.end) for each in stretches)
    if path == STEPS and not 0 < highest <= MOST_STEPS_PER_FRAME:
        raise SpeedError(
            "Nothing grows in these frames: set Speed above 0 first."
            if mean <= 0
            else f"That takes {highest:.0f} steps a frame, and {MOST_STEPS_PER_FRAME:.0f} are the most: "
            "set fewer, or choose more frames."
        )
    remove_curves(material, path)
    if curve_of(material, path) is not None:
        raise SpeedError(
            f"The keyframes of {name} belong to another data-block as well: make the action a single user first."
        )
    if path == AGE:
        _key_age(material, scene, stretches, frames)
    elif len(stretches) == 1 and stretches[0].begin == stretches[0].end:
        nca.steps_per_frame = mean
        return
    else:
        _key_steps(material, scene, stretches, frames, mean)
    curve = curve_of(material, path)
    assert curve is not None  # made just now
    value = curve.evaluate(time_of(scene, scene.frame_current))
    setattr(nca, path.removeprefix("nca."), value)  # Blender evaluates it with the next frame


def _mean_steps(material: bpy.types.Material, frames: int) -> float:
    track = read_tracks(material, frames)[STEPS]
    values = [track[min(frame, len(track) - 1)] for frame in range(1, frames + 1)]
    return sum(values) / frames


def _key_steps(
    material: bpy.types.Material,
    scene: bpy.types.Scene,
    stretches: tuple[Stretch, ...],
    frames: int,
    mean: float,
) -> None:
    speeds = [*(each.begin for each in stretches), stretches[-1].end]
    curve = _new_curve(material, STEPS)
    for x, speed in zip(_times(material, scene, stretches, frames), speeds, strict=True):
        curve.keyframe_points.insert(x, speed)
    for point, each in zip(curve.keyframe_points, (*stretches, stretches[-1]), strict=True):
        point.interpolation = "CONSTANT" if each.begin == each.end else "LINEAR"
    curve.update()
    start = nca_of(material).start_frame
    grown = sum(curve.evaluate(time_of(scene, start + frame)) for frame in range(1, frames + 1))
    for point in curve.keyframe_points:  # frames are counted, not measured: so it is exactly as much
        point.co.y *= mean * frames / grown
    if nca_of(material).loop is not None:  # what rests in the end would show a loop that stands still
        after = curve.keyframe_points.insert(time_of(scene, start + frames + 1), mean)
        after.interpolation = "CONSTANT"
    curve.update()


def _key_age(
    material: bpy.types.Material, scene: bpy.types.Scene, stretches: tuple[Stretch, ...], frames: int
) -> None:
    """The age is what has grown until then: of a speed that changes evenly a parabola, which such handles make."""
    ages, begin = [0.0], 0.0
    for each in stretches:
        ages.append(ages[-1] + (each.until - begin) * (each.begin + each.end) / 2)
        begin = each.until
    curve, times = _new_curve(material, AGE), _times(material, scene, stretches, frames)
    for x, age in zip(times, ages, strict=True):
        curve.keyframe_points.insert(x, age)
    points = list(curve.keyframe_points)
    for point in points:
        point.interpolation = "BEZIER"
        point.handle_left_type = point.handle_right_type = "FREE"
    begin = 0.0
    for number, each in enumerate(stretches):
        left, right = points[number : number + 2]
        width, share = (times[number + 1] - times[number]) / 3, (each.until - begin) / 3
        left.handle_right = times[number] + width, ages[number] + each.begin * share
        right.handle_left = times[number + 1] - width, ages[number + 1] - each.end * share
        begin = each.until
    curve.update()


def _times(
    material: bpy.types.Material, scene: bpy.types.Scene, stretches: tuple[Stretch, ...], frames: int
) -> list[float]:
    """Where the keyframes stand: at the begin of each stretch, and at the end of all; at whole frames if there are
    enough."""
    shares = [0.0, *(each.until for each in stretches)]
    whole = frames >= 8 * len(stretches)
    lengths = (round(share * frames) if whole else share * frames for share in shares)
    scale = time_of(scene, 1)
    return [(nca_of(material).start_frame + length) * scale for length in lengths]


def _new_curve(material: bpy.types.Material, path: str) -> bpy.types.FCurve:
    """A curve without keyframes."""
    material.keyframe_insert(path)
    curve = next(each for each in fcurves_of(material) if each.data_path == path)
    curve.keyframe_points.clear()
    return curve
