# SPDX-License-Identifier: GPL-3.0-or-later
"""Track: an animated value, frame by frame, from a growth's start on.

A curve in the active action is read here. All else that can animate a value (the NLA, drivers, layers) is Blender's to
evaluate, once, and kept until it changes.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import bpy
import numpy as np

from ...automaton.growth_error import GrowthError
from ...automaton.growth_limits import MOST_STEPS_PER_FRAME
from ..host import nla
from ..host.driver import driver_of, driver_state, why_unknown
from ..host.evaluation import evaluate, time_of
from ..host.keyframes import curve_state, fcurves_of, is_muted
from ..host.window import is_main_thread
from . import layering
from .properties import nca_of

Track = tuple[float, ...]

RANGES = {"nca.blend": (0.0, 1.0), "nca.steps_per_frame": (0.0, MOST_STEPS_PER_FRAME)}
"""Path of a value that is animated -> the lowest and the highest that it may be."""
MOST_DOUBTS = 2
"""Once something may have been changed by hand."""
UNSEEN = (
    "The animation of this growth was changed since it was shown: change the frame once, and render again."
)
BLOCK = 256
"""Frames that are read at once where an animation goes on without end."""


@dataclass
class _Read:
    """Tracks that were read, and what they were read from. `rows` has a value for each animated path, a row a frame."""

    state: tuple[object, ...]
    paths: list[str]
    rows: list[tuple[float, ...]] = field(default_factory=list)
    tracks: dict[str, Track] = field(default_factory=dict)


@dataclass
class _Doubt:
    """How often in a row Blender showed something else in a new frame, and which frame that was."""

    frame: int
    frames: int = 0


_evaluated: dict[int, _Read] = {}
"""By the material's session uid: what Blender evaluated."""
_doubts: dict[int, _Doubt] = {}
_plain: dict[tuple[int, str], tuple[tuple[object, ...], Track]] = {}
"""By session uid and path: what was read of a curve."""


def read_tracks(material: bpy.types.Material, frame: int) -> dict[str, Track]:
    """Read the animated values as tracks, by their paths: one value a frame of the growth, the last one held.

    A track ends where the value stays as it is, so that it is the same one whichever frame is asked for; one without
    end ends at `frame`, or later.

    Raises
    ------
    GrowthError
        A value cannot be known at other frames than the one that is shown; the message says what to do.
    """
    if is_evaluated(material):
        return _read_evaluated(material, frame)
    return {path: _read_plain(material, path, frame) for path in ranges_of(material)}


def ranges_of(material: bpy.types.Material) -> dict[str, tuple[float, float]]:
    """Path of each value of a material that is read as a track -> the lowest and the highest that it may be."""
    found = dict(RANGES)
    for more in layering.ranges(material):
        found |= more
    return found


def is_evaluated(material: bpy.types.Material, paths: Iterable[str] | None = None) -> bool:
    """Whether more than keyframes in the active action decides on one of some values; on one of all tracks unless
    paths are given."""
    paths = ranges_of(material) if paths is None else paths
    animation = material.animation_data
    if animation is None:
        return False
    if nla.has_strips(material) or any(driver_of(material, path) for path in paths):
        return True
    layers = getattr(animation.action, "layers", ()) if animation.action else ()
    return len(layers) > 1 or any(len(layer.strips) > 1 for layer in layers)


def confirm(material: bpy.types.Material, scene: bpy.types.Scene) -> None:
    """Compare what was evaluated with what Blender shows in the scene's current frame; where it differs, evaluate anew.

    For the main thread, after Blender has evaluated the frame. What a driver reads may have been changed by hand. But a
    value that is another one in each new frame is computed where nobody can read it ahead, and is refused.
    """
    read = _evaluated.get(material.session_uid)
    frame = scene.frame_current - nca_of(material).start_frame
    if read is None or not is_evaluated(material) or not 0 <= frame < len(read.rows):
        return
    doubt = _doubts.setdefault(material.session_uid, _Doubt(frame))
    is_new, doubt.frame = frame != doubt.frame, frame
    if not _differing(material, read, frame) or not is_seen(material):
        doubt.frames = 0 if is_new else doubt.frames
        return
    doubt.frames += is_new
    forget_track(material)
    with contextlib.suppress(GrowthError):  # `read_tracks` says so to whoever asks
        _read_evaluated(material, frame)
        differing = _differing(material, _evaluated[material.session_uid], frame)
        if any(driver_of(material, path) for path in differing):
            doubt.frames = max(doubt.frames, MOST_DOUBTS)


def forget_tracks() -> None:
    """Another file is open."""
    _evaluated.clear()
    _doubts.clear()
    _plain.clear()


def forget_track(material: bpy.types.Material) -> None:
    """Evaluate a material anew: what its drivers read may be another."""
    _evaluated.pop(material.session_uid, None)


def curve_of(material: bpy.types.Material, path: str) -> bpy.types.FCurve | None:
    """The curve of a value in the active action, where it says anything."""
    curves = (c for c in fcurves_of(material) if c.data_path == path and not is_muted(c))
    curve = next(curves, None)
    if curve is None or not (len(curve.keyframe_points) or len(curve.sampled_points) or len(curve.modifiers)):
        return None
    return curve


def animation_of(
    material: bpy.types.Material, paths: Iterable[str], scene: bpy.types.Scene
) -> tuple[list[str], tuple[object, ...]]:
    """Which of some values are animated, and all that decides on them, to be compared with what it was before.

    Raises
    ------
    GrowthError
        A driver reads what is known only in the frame that is shown.
    """
    drivers = {path: driver for path in paths if (driver := driver_of(material, path)) is not None}
    for path, driver in drivers.items():
        reason = why_unknown(driver)
        if reason:
            raise GrowthError(_unknown(_name_of(material, path), reason))
    curves = [curve for curve in nla.curves_of(material) if curve.data_path in paths]
    animated = {curve.data_path for curve in curves} | set(drivers)
    state = (
        time_of(scene, 1),
        *nla.nla_state(material),
        *map(curve_state, curves),
        *map(driver_state, drivers.values()),
    )
    return [path for path in paths if path in animated], state


def _read_plain(material: bpy.types.Material, path: str, frame: int) -> Track:
    curve = curve_of(material, path)
    if curve is None:
        return (float(material.path_resolve(path)),)
    start, scene = nca_of(material).start_frame, _scene()
    length = _rounded(frame)
    if curve.extrapolation == "CONSTANT" and not curve.modifiers and len(curve.keyframe_points):
        last = max(_x_of(curve, 0), _x_of(curve, -1)) / time_of(scene, 1)
        length = max(0, math.ceil(last) - start)
    state = (start, length, time_of(scene, 1), *curve_state(curve))
    key = (material.session_uid, path)
    if key not in _plain or _plain[key][0] != state:
        lowest, highest = ranges_of(material)[path]
        times = (time_of(scene, start + f) for f in range(length + 1))
        _plain[key] = state, tuple(min(max(curve.evaluate(t), lowest), highest) for t in times)
    return _plain[key][1]


def _x_of(curve: bpy.types.FCurve, number: int) -> float:
    return float(curve.keyframe_points[number].co.x)


def _read_evaluated(material: bpy.types.Material, frame: int) -> dict[str, Track]:
    scene, start = _scene(), nca_of(material).start_frame
    ranges = ranges_of(material)
    paths, said = animation_of(material, ranges, scene)
    state = (start, *said)
    read = _evaluated.get(material.session_uid)
    if read is None or read.state != state:
        read = _Read(state, paths)
    if frame >= len(read.rows):
        if not is_main_thread():
            raise GrowthError(UNSEEN)
        until = max(_rounded(frame, BLOCK - 1), scene.frame_end - start)
        read.rows += evaluate(material, paths, range(start + len(read.rows), start + until + 1), scene)
        columns = np.array(read.rows).T
        read.tracks = {
            path: _cut(np.clip(column, *ranges[path])) for path, column in zip(paths, columns, strict=True)
        }
    _evaluated[material.session_uid] = read
    doubt = _doubts.get(material.session_uid)
    if doubt is not None and doubt.frames >= MOST_DOUBTS:
        driven = next((_name_of(material, path) for path in paths if driver_of(material, path)), "")
        if driven:
            raise GrowthError(
                _unknown(driven, "it is computed in each frame anew, as by a script or a simulation")
            )
    return {path: read.tracks.get(path, (float(material.path_resolve(path)),)) for path in ranges}


def _scene() -> bpy.types.Scene:
    scene: bpy.types.Scene | None = bpy.context.scene
    assert scene is not None  # every file has one
    return scene


def _rounded(frame: int, least: int = 0) -> int:
    """A frame that is this one or later, and the same for many: of an animation without end, an eighth more is read."""
    block = max(BLOCK, 2 ** (frame.bit_length() - 3))
    return max(least, frame if frame < BLOCK else (frame // block + 1) * block - 1)


def _cut(values: np.ndarray) -> Track:
    """A track that ends where the value stays as it is."""
    changes = np.flatnonzero(values[1:] != values[:-1])
    return tuple(values[: changes[-1] + 2 if len(changes) else 1].tolist())


def _differing(material: bpy.types.Material, read: _Read, frame: int) -> list[str]:
    """The paths whose values are other ones than Blender shows."""
    return [
        path
        for path, value in zip(read.paths, read.rows[frame], strict=True)
        if not math.isclose(value, material.path_resolve(path), rel_tol=1e-5, abs_tol=1e-6)
    ]


def is_seen(material: bpy.types.Material) -> bool:
    """Whether Blender evaluates the material in what is shown; where it does not, its values stand still."""
    depsgraph = bpy.context.view_layer.depsgraph
    return depsgraph is not None and any(each.original == material for each in depsgraph.ids)


def _name_of(material: bpy.types.Material, path: str) -> str:
    """What an artist knows a value as."""
    owner, _, name = path.rpartition(".")
    return material.path_resolve(owner).bl_rna.properties[name].name


def _unknown(name: str, reason: str) -> str:
    return (
        f"The driver of {name} cannot be read ahead: {reason}. Let it read the variable “frame” or "
        f"properties of objects, or remove it and set keyframes on {name}."
    )
