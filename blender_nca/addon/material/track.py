# SPDX-License-Identifier: GPL-3.0-or-later
"""Track: an animated value, frame by frame."""

from __future__ import annotations

import bpy
import numpy as np

from ..host.keyframes import fcurves_of


def read_track(
    material: bpy.types.Material, path: str, start: int, frame: int, lowest: float, highest: float
) -> tuple[float, ...]:
    """Read an animated value as a track: one value a frame, from scene frame `start` on, the last one held.

    The track ends where the value stays as it is, so that it is the same one whichever frame is asked for.
    """
    curve = next((c for c in fcurves_of(material) if c.data_path == path and not c.mute), None)
    if curve is None or not len(curve.keyframe_points):
        owner, name = path.rsplit(".", 1)
        return (float(getattr(material.path_resolve(owner), name)),)
    length = frame
    if curve.extrapolation == "CONSTANT" and not curve.modifiers:
        last = max(point.co.x for point in curve.keyframe_points)
        length = max(0, int(np.ceil(last)) - start)
    return tuple(min(max(curve.evaluate(start + f), lowest), highest) for f in range(length + 1))
