# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the bundled presets of growths: each is set as an artist would set it, in Blender, and rendered.

python3 scripts/presets.py            # all, into the extension
python3 scripts/presets.py "Deep Moss" --out out/presets
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import virtual_environment
from virtual_environment import REPOSITORY

BUNDLED = REPOSITORY / "blender_nca" / "addon" / "presets" / "bundled"
PIXELS, SAMPLES = 160, 24
FRAMES = 120
"""Of the growth, until its picture is taken."""


class Recipe(NamedTuple):
    """How an artist makes a growth.

    Attributes
    ----------
    species : (str, str)
    values : dict
        Of the growth's properties.
    habitats : tuple of str
        As `addon.habitat.presets` names them.
    on : {'boulder', 'machine'}
        What its picture shows it on.
    frame : int
        Of which its picture is taken.
    """

    species: tuple[str, str]
    values: dict[str, object] = {}
    habitats: tuple[str, ...] = ()
    on: str = "boulder"
    frame: int = FRAMES


STREWN = {"seeds": "SCATTERED", "over": "MESH"}
FAST = {"steps_per_frame": 4.0}
RECIPES = {
    "Deep Moss": Recipe(
        ("Cushion Moss", "Sphagnum"), {**STREWN, "seed_count": 24, "blend": 0.15}, ("ABOVE",)
    ),
    "Map Lichen": Recipe(("Map Lichen", "Sunburst Lichen"), {**STREWN, "seed_count": 14, "course": "HOLD"}),
    "Rust in Crevices": Recipe(
        ("Rust", "Red Clay"), {**STREWN, **FAST, "seed_count": 30}, ("CREVICES",), "machine", 16
    ),
    "Flaking Edges": Recipe(
        ("Flaking Paint", "Rust"), {**STREWN, **FAST, "seed_count": 60}, ("EDGES",), "machine", 16
    ),
    "Verdigris Runs": Recipe(
        ("Verdigris", "Malachite"), {**STREWN, **FAST, "seed_count": 48}, ("RUNS",), "machine"
    ),
    "Barnacles": Recipe(("Barnacles", "Star Coral"), {**STREWN, **FAST, "seed_count": 12}),
    "Cooling Lava": Recipe(
        ("Lava", "Cooling Lava"), {**STREWN, "seed_count": 5, "blend": 0.35, "glow": 3.0, "course": "HOLD"}
    ),
    "Dragon Hide": Recipe(("Dragon Scales", "Koi"), {**STREWN, "seed_count": 3, "blend": 0.2}),
    "Frozen Over": Recipe(("Ice Cracks", "Rose Quartz"), {**STREWN, "seed_count": 8, "course": "HOLD"}),
    "Kintsugi": Recipe(("Kintsugi", "Cracked Glaze"), {**STREWN, "seed_count": 4}),
    "Neon Circuit": Recipe(
        ("Neon Circuit", "Reactor Hive"),
        {**STREWN, "seed_count": 4, "glow": 4.0, "course": "SWING"},
        on="machine",
    ),
    "Old Reef": Recipe(("Coral", "Brain Coral"), {**STREWN, "seed_count": 10, "blend": 0.5}),
}


def make(name: str, folder: Path) -> None:
    """Write a preset and its picture."""
    import bpy
    import demo_scene

    recipe = RECIPES[name]
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    thing = THINGS[recipe.on]()
    material = demo_scene.make_stone("Stone")
    thing.data.materials.append(material)
    demo_scene.set_stage(bpy.context.scene, PIXELS, SAMPLES)
    bpy.context.view_layer.objects.active = thing
    bpy.ops.nca.new(material=material.name)
    growth, library = material.nca, _module("library").species()
    for species, parent in zip(recipe.species, (growth.a, growth.b), strict=True):
        parent.choose(library.find("materials", species))
    for key, value in recipe.values.items():
        setattr(growth, key, value)
    for habitat in recipe.habitats:
        bpy.ops.nca.habitat(material=material.name, preset=habitat, plants=False)
    preset = _module("presets.preset").describe(growth)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name.replace(' ', '_')}.json"
    path.write_text(json.dumps(preset, indent=1) + "\n", "utf-8")
    scene = bpy.context.scene
    scene.frame_set(growth.start_frame + recipe.frame)
    scene.render.image_settings.file_format = "PNG"
    scene.render.filepath = str(path.with_suffix(".png"))
    bpy.ops.render.render(write_still=True)


def make_boulder():
    """A boulder with hollows and ledges."""
    import bpy

    bpy.ops.mesh.primitive_ico_sphere_add(subdivisions=6, radius=1.25, location=(0, 0, 1.1))
    boulder = bpy.context.object
    for name, kind, size, strength in (("Lumps", "CLOUDS", 0.9, 0.7), ("Hollows", "VORONOI", 0.55, 0.35)):
        texture = bpy.data.textures.new(name, kind)
        texture.noise_scale = size
        displace = boulder.modifiers.new(name, "DISPLACE")
        displace.texture, displace.strength = texture, strength
        bpy.ops.object.modifier_apply(modifier=name)
    return _unwrap(boulder)


def make_machine():
    """A block with edges, steps and a pipe."""
    import bpy

    bpy.ops.mesh.primitive_cube_add(size=1.7, location=(0, 0, 0.85))
    block = bpy.context.object
    bpy.ops.mesh.primitive_cube_add(size=1.1, location=(0.1, 0.1, 1.9))
    step = bpy.context.object
    bpy.ops.mesh.primitive_cylinder_add(
        radius=0.32, depth=2.6, location=(0, -0.5, 1.0), rotation=(0, math.pi / 2, 0)
    )
    pipe = bpy.context.object
    for other in (step, pipe):
        union = block.modifiers.new(other.name, "BOOLEAN")
        union.operation, union.object = "UNION", other
        bpy.context.view_layer.objects.active = block
        bpy.ops.object.modifier_apply(modifier=other.name)
        bpy.data.objects.remove(other)
    bevel = block.modifiers.new("Edges", "BEVEL")
    bevel.width, bevel.segments, bevel.harden_normals = 0.06, 3, True
    bpy.ops.object.modifier_apply(modifier=bevel.name)
    block.rotation_euler.z = math.radians(-28)
    return _unwrap(block)


THINGS = {"boulder": make_boulder, "machine": make_machine}
"""What presets are shown on."""


def _unwrap(thing):
    import bpy

    bpy.ops.object.select_all(action="DESELECT")
    thing.select_set(True)
    bpy.context.view_layer.objects.active = thing
    bpy.ops.object.shade_smooth()
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.mesh.select_all(action="SELECT")
    bpy.ops.uv.smart_project(angle_limit=math.radians(66), island_margin=0.012)
    bpy.ops.object.mode_set(mode="OBJECT")
    return thing


def _module(name: str):
    import checkout

    return importlib.import_module(f"{checkout.PACKAGE}.blender_nca.addon.{name}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="presets to make; all if none is named")
    parser.add_argument("--out", type=Path, default=BUNDLED, help="folder for them")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in RECIPES]
    if unknown:
        parser.error(f"no preset {', '.join(unknown)}; there are: {', '.join(RECIPES)}")
    virtual_environment.enter()
    with tempfile.TemporaryDirectory(prefix="neural-growth-", ignore_cleanup_errors=True) as resources:
        os.environ["BLENDER_USER_RESOURCES"] = resources  # nobody's own preferences are read or changed
        os.environ.setdefault("NCA_WORKER_PYTHON", sys.executable)
        import bpy
        import checkout

        bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
        checkout.offer(Path(resources))
        checkout.enable()
        for name in given.names or RECIPES:
            make(name, given.out.resolve())
            print(f"made {name}", flush=True)
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)  # Blender as a module may hang when Python ends
