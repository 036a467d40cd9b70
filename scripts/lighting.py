# SPDX-License-Identifier: GPL-3.0-or-later
"""Render materials under three lights by Cycles, as one sheet; or compare what bakes write with what Cycles sees.

python3 scripts/lighting.py                          docs/lighting.webp
python3 scripts/lighting.py Amethyst Rust --out DIR  a sheet of these
python3 scripts/lighting.py --check                  normals and ambient occlusion beside those of a displaced plane
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
from pathlib import Path

import virtual_environment
from virtual_environment import REPOSITORY

SPECIES = (
    *("Ice Cracks", "Amethyst", "Rose Quartz", "Honeycomb", "Pomegranate", "Summer Leaf"),
    *("Cushion Moss", "Koi", "Stained Glass", "Kintsugi", "Rust", "Oak Bark"),
)
"""What is rendered where none is named: into half of them light goes deep, into the last none."""
CHECKED = ("Cracked Mud", "Oak Bark", "Honeycomb")
PIXELS, SAMPLES = 132, 16
CELLS, PIXELS_PER_CELL, STEPS = 80, 8, 300
RELIEF = 0.035
COLUMNS = 4
"""Species beside each other in the sheet."""


def grow(thing, material, pixels_per_cell: int = PIXELS_PER_CELL, cells: int = CELLS):
    """Press New Growth, and let it move the surface."""
    import bpy

    bpy.context.view_layer.objects.active = thing
    bpy.ops.nca.new(material=material.name)
    growth = material.nca
    growth.width = growth.height = cells
    growth.pixels_per_cell = pixels_per_cell
    growth.seeds, growth.seed_count, growth.random_seed = "SCATTERED", 12, 5
    growth.steps_per_frame = STEPS
    growth.ground = "INSTEAD"
    growth.displaces = True
    return growth


def show(growth, name: str) -> None:
    """Let a species be there, full grown."""
    import bpy
    import checkout

    library = importlib.import_module(f"{checkout.PACKAGE}.blender_nca.addon.library").species()
    one = library.find("materials", name)
    if one is None:
        there = ", ".join(each.name for each in library.of("materials"))
        raise RuntimeError(f"There is no species {name}. There are: {there}.")
    growth.a.choose(one)
    growth.b.choose(one)
    scene = bpy.context.scene
    scene.frame_set(growth.start_frame)
    scene.frame_set(growth.start_frame + 1)


def render_sheet(names: list[str], out: Path, pixels: int, samples: int) -> Path:
    """Render each species under each light, and lay them out; the file that was written."""
    import bpy
    import lighting_scene
    from PIL import Image
    from sheet import join, lay_grid, save

    lighting_scene.set_stage(pixels, samples)
    material = bpy.data.materials.new("Material")
    growth = grow(lighting_scene.add_cushion(material), material)
    growth.relief = RELIEF
    tiles = []
    with tempfile.TemporaryDirectory(prefix="neural-growth-") as folder:
        for name in names:
            bpy.context.scene.render.use_persistent_data = (
                False  # Cycles forgets the pictures of the one before
            )
            show(growth, name)
            bpy.context.scene.render.use_persistent_data = True
            pictures = []
            for light in lighting_scene.LIGHTS:
                lighting_scene.light(light)
                path = Path(folder, "lit.png")
                bpy.context.scene.render.filepath = str(path)
                bpy.ops.render.render(write_still=True)
                pictures.append(Image.open(path).convert("RGB"))
            tiles.append((name, join(pictures)))
            print(f"  {name}", flush=True)
    return save(lay_grid(tiles, COLUMNS), out / "lighting.webp")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="SPECIES", help="by default those of the sheet in docs")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "docs", help="folder of the picture (docs/)")
    parser.add_argument("--check", action="store_true", help="compare normals and ambient occlusion instead")
    parser.add_argument("--pixels", type=int, default=PIXELS, help=f"a side of a picture ({PIXELS})")
    parser.add_argument("--samples", type=int, default=SAMPLES, help=f"of Cycles, a pixel ({SAMPLES})")
    given = parser.parse_args(arguments)
    virtual_environment.enter()
    with tempfile.TemporaryDirectory(prefix="neural-growth-", ignore_cleanup_errors=True) as resources:
        os.environ["BLENDER_USER_RESOURCES"] = resources  # nobody's own preferences are read or changed
        os.environ.setdefault("NCA_WORKER_PYTHON", sys.executable)
        import bpy
        import checkout

        bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
        checkout.offer(Path(resources))
        checkout.enable()
        try:
            if given.check:
                import lighting_check

                lighting_check.compare(given.names or list(CHECKED))
            else:
                print(
                    render_sheet(
                        given.names or list(SPECIES), given.out.resolve(), given.pixels, given.samples
                    )
                )
        except RuntimeError as error:
            print(f"lighting: {error}", file=sys.stderr)
            return 1
        finally:
            checkout.disable()
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)  # Blender as a module may hang when Python ends
