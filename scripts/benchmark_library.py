# SPDX-License-Identifier: GPL-3.0-or-later
"""What it takes from picking a species to its grown picture on the material, where it was grown before.

Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from statistics import median

PICKED = ("Koi", "Malachite", "Rust", "Tiger")
FRAME = 48
"""Of the growth, as far as an artist looks while choosing."""

LOOKS = 0.5
"""Seconds that an artist looks at a species at least; the engine runs ahead meanwhile."""


def main(resources: Path, rounds: int) -> dict[str, float]:
    import bpy
    import checkout

    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    checkout.offer(resources)
    checkout.enable()
    bpy.ops.mesh.primitive_plane_add()
    material = bpy.data.materials.new("Picked")
    bpy.context.object.data.materials.append(material)
    bpy.ops.nca.new()
    nca, scene = material.nca, bpy.context.scene
    nca.width = nca.height = 128
    nca.pixels_per_cell = 4
    nca.steps_per_frame = 2.0

    def pick(species: str) -> float:
        time.sleep(LOOKS)
        began = time.perf_counter()
        if bpy.ops.nca.choose_species(species=species) != {"FINISHED"}:
            raise SystemExit(f"benchmark: {species} could not be picked.")
        scene.frame_set(nca.start_frame + FRAME)  # in the window a timer shows it
        return time.perf_counter() - began

    for species in PICKED:  # the engine starts, and each grows once
        pick(species)
    spent = [pick(species) for _ in range(rounds) for species in PICKED]
    checkout.disable()
    return {"library.pick_ms": 1e3 * median(spent)}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))), flush=True)
    os._exit(0)  # Blender as a module may hang as it ends
