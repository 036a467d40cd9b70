# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon a DNA is read from a picture, as the add-on asks the engine for it.

Prints one JSON object.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from pathlib import Path
from statistics import median

SIDE, BLOCKS = 1024, 64
TIMEOUT = 600.0
"""Seconds for a picture."""


def main(resources: Path, rounds: int) -> dict[str, object]:
    import bpy
    import checkout
    import numpy as np

    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    checkout.offer(resources)
    checkout.enable()
    bpy.ops.mesh.primitive_plane_add()
    bpy.context.object.data.materials.append(bpy.data.materials.new("Read"))
    bpy.ops.nca.new()
    material = bpy.context.object.active_material
    picture = bpy.data.images.new("Blocks", SIDE, SIDE)
    colours = np.random.default_rng(0).random((BLOCKS, BLOCKS, 4), np.float32)
    picture.pixels.foreach_set(np.kron(colours, np.ones((SIDE // BLOCKS,) * 2 + (1,), np.float32)).ravel())
    material.nca.picture = picture
    study = importlib.import_module(f"{checkout.PACKAGE}.blender_nca.addon.picture.study")

    def read() -> tuple[float, float]:
        began = time.perf_counter()
        job = study.Study(material, study.READ).job
        while job.news is None and not job.done():
            time.sleep(0.001)
        known = time.perf_counter() - began
        job.result(TIMEOUT)
        return known, time.perf_counter() - began

    read()  # the engine starts
    known, compared = zip(*(read() for _ in range(rounds)), strict=True)
    checkout.disable()
    context = f"its distance is known after {median(compared):.2f} s"
    return {"picture.read_s": median(known), "context": context}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))), flush=True)
    os._exit(0)  # Blender as a module may hang as it ends
