# SPDX-License-Identifier: GPL-3.0-or-later
"""What the length of a growth costs in Blender: late frames against early ones, a long bake against a short one.

Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from statistics import median

EARLY, BLOCK, SHORT = 50, 24, 250
"""The early frame; how many are shown in a row; frames of the short bake."""


def main(resources: Path, late: int, rounds: int) -> dict[str, float]:
    import bpy
    import checkout

    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    checkout.offer(resources)
    checkout.enable()
    bpy.ops.mesh.primitive_plane_add()
    material = bpy.data.materials.new("Long")
    bpy.context.object.data.materials.append(material)
    bpy.ops.nca.new()
    nca, scene = material.nca, bpy.context.scene
    nca.width = nca.height = 32
    nca.pixels_per_cell, nca.seeds = 4, "SCATTERED"
    scene.frame_start, scene.frame_end = 1, late + rounds * BLOCK
    # as fast at both ends, and of another speed in each frame between
    for frame, steps in ((1, 1.0), (late // 2, 2.0), (late, 1.0)):
        nca.steps_per_frame = steps
        material.keyframe_insert("nca.steps_per_frame", frame=frame)

    def play(first: int) -> list[float]:
        scene.frame_set(first)  # to there from wherever it was
        spent = []
        for frame in range(first + 1, first + BLOCK):
            began = time.perf_counter()
            scene.frame_set(frame)
            spent.append(time.perf_counter() - began)
        return spent

    play(late)
    frames: dict[int, list[float]] = {EARLY: [], late: []}
    for number in range(rounds):
        for first, spent in frames.items():
            spent += play(first + number * BLOCK)

    nca.width = nca.height = 16
    nca.pixels_per_cell, nca.steps_per_frame = 1, 1.0
    material.animation_data_clear()

    def bake(last: int, folder: str) -> float:
        for frame, blend in ((1, 0.0), (last, 1.0)):
            nca.blend = blend
            material.keyframe_insert("nca.blend", frame=frame)
        nca.bake_start, nca.bake_end, nca.bake_folder = 1, last, str(resources / folder)
        began = time.perf_counter()
        bpy.ops.nca.bake()
        spent = time.perf_counter() - began
        bpy.ops.nca.free_bake()
        material.animation_data_clear()
        return spent / last

    # short ones on both sides of the long one: the machine may be busier by then
    short = [bake(SHORT, f"before {number}") for number in range(rounds)]
    long = bake(late, "long")
    short += [bake(SHORT, f"after {number}") for number in range(rounds)]
    return {
        "live.late_frame_ratio": median(frames[late]) / median(frames[EARLY]),
        "bake.length_ratio": long / median(short),
        "context": {
            "early frame, ms": round(1e3 * median(frames[EARLY]), 3),
            "late frame, ms": round(1e3 * median(frames[late]), 3),
            "frame of the short bake, ms": round(1e3 * median(short), 3),
            "frame of the long bake, ms": round(1e3 * long, 3),
        },
    }


if __name__ == "__main__":
    found = main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps(found), flush=True)
    os._exit(0)  # Blender as a module may hang when Python ends
