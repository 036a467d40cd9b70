# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark measures in Blender: enabling the add-on, and live frames. Prints one JSON object."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from statistics import median

FPS = 24


def main(resources: Path, frames: int) -> dict[str, float]:
    import bpy
    import checkout

    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    checkout.offer(resources)
    began = time.perf_counter()
    checkout.enable()
    enabled = time.perf_counter() - began

    bpy.ops.mesh.primitive_plane_add()
    material = bpy.data.materials.new("Live")
    bpy.context.object.data.materials.append(material)
    began = time.perf_counter()
    bpy.ops.nca.new()
    nca = material.nca
    nca.width = nca.height = 128
    nca.pixels_per_cell = 4
    nca.steps_per_frame = 2.0
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 1, 2000
    scene.frame_set(nca.start_frame + 1)  # the worker starts, the model is read
    first = time.perf_counter() - began

    began = time.perf_counter()
    for frame in range(2, frames + 2):
        scene.frame_set(nca.start_frame + frame)
    whole = time.perf_counter() - began

    # at the pace of playback: what the main thread is kept by, for the engine is ahead by then
    spent = []
    for frame in range(frames + 2, 2 * frames + 2):
        began = time.perf_counter()
        scene.frame_set(nca.start_frame + frame)
        spent.append(time.perf_counter() - began)
        time.sleep(max(0.0, 1 / FPS - spent[-1]))
    return {
        "live.fps": frames / whole,
        "live.handler_ms": 1e3 * median(spent),
        "start.enable_ms": 1e3 * enabled,
        "start.first_picture_s": first,
    }


if __name__ == "__main__":
    found = main(Path(sys.argv[1]), int(sys.argv[2]))
    print(json.dumps(found), flush=True)
    os._exit(0)  # Blender as a module may hang when Python ends
