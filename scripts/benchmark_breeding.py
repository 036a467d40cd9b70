# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sheet of nine offspring takes, as the add-on asks the engine for it.

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

TIMEOUT = 600.0
"""Seconds for a picture."""


def main(resources: Path, rounds: int) -> dict[str, float]:
    import bpy
    import checkout

    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    checkout.offer(resources)
    checkout.enable()
    bpy.ops.mesh.primitive_plane_add()
    bpy.context.object.data.materials.append(bpy.data.materials.new("Bred"))
    bpy.ops.nca.new()
    nca = bpy.context.object.active_material.nca
    pictures = importlib.import_module(f"{checkout.PACKAGE}.blender_nca.addon.breeding.pictures")

    def grow() -> float:
        bpy.ops.nca.breed()
        began = time.perf_counter()
        for one in nca.offspring:
            pictures.request(pictures.Key(one.manifold, "", one.dna), pictures.SLOT).result(TIMEOUT)
        return time.perf_counter() - began

    grow()  # the engine starts
    spent = [grow() for _ in range(rounds)]
    checkout.disable()
    return {"breed.sheet_s": median(spent)}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))), flush=True)
    os._exit(0)  # Blender as a module may hang as it ends
