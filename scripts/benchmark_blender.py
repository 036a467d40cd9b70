# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark measures in Blender: enabling the add-on, live frames, those on a mesh. Prints one JSON object."""

from __future__ import annotations

import compileall
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
    # an installed Blender writes this as it first enables the add-on; as a module it never does
    compileall.compile_dir(checkout.REPOSITORY / checkout.EXTENSION, quiet=2)
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
        "surface.live_fps": measure_on_surface(frames),
        "start.enable_ms": 1e3 * enabled,
        "start.first_picture_s": first,
    }


def measure_on_surface(frames: int) -> float:
    """Frames a second of a growth that lives on a mesh which is unwrapped in islands."""
    import bpy

    bpy.ops.mesh.primitive_monkey_add()
    suzanne = bpy.context.object
    bpy.ops.object.mode_set(mode="EDIT")
    for _ in range(2):
        bpy.ops.mesh.subdivide()
    bpy.ops.object.mode_set(mode="OBJECT")
    material = bpy.data.materials.new("On a mesh")
    suzanne.data.materials.append(material)
    bpy.ops.nca.new()
    nca, scene = material.nca, bpy.context.scene
    nca.width = nca.height = 192
    nca.pixels_per_cell = 4
    nca.steps_per_frame = 2.0
    nca.over = "MESH"
    scene.frame_set(nca.start_frame + 1)
    if not nca.surface:
        raise SystemExit("benchmark: no surface was made.")
    began = time.perf_counter()
    for frame in range(2, frames + 2):
        scene.frame_set(nca.start_frame + frame)
    return frames / (time.perf_counter() - began)


if __name__ == "__main__":
    found = main(Path(sys.argv[1]), int(sys.argv[2]))
    print(json.dumps(found), flush=True)
    os._exit(0)  # Blender as a module may hang when Python ends
