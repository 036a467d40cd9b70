# SPDX-License-Identifier: GPL-3.0-or-later
"""What the manual's pictures of the panel show: for each a growth, and the panel beside it. For panel_shots.py."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import bpy
import checkout
from mathutils import Vector

NOSE, BROW, CHEEK, EYE = (0.1, 0, -0.3), (0.35, 0, 0.75), (-0.35, 0, 0.24), (0.36, 0, 0.24)
"""Places on the head as one sees it from the front, x and z in metres."""
PATIENCE = 120
"""How often a picture is looked for, each half a second."""
Steps = Iterator[float]
"""Seconds to wait for, until the next thing is done."""


class Subject(NamedTuple):
    """What is shown: the panel's name, what sets it up, and where."""

    panel: str
    set_up: Callable[[Any], Steps]
    wide: bool = False
    seen: bool = True
    """Whether the 3D view is shown beside it."""
    below: tuple[str, ...] = ()
    """Panels within this one that are open, too."""


def part(name: str) -> Any:
    """A module of the add-on."""
    return importlib.import_module(f"{checkout.PACKAGE}.blender_nca.addon.{name}")


def grow(nca: Any, a: str, b: str = "Lava", **values: object) -> None:
    """Choose species and set properties."""
    library = part("library").species()
    for parent, name in ((nca.a, a), (nca.b, b)):
        parent.choose(library.find("materials", name))
    for key, value in values.items():
        setattr(nca, key, value)


def plant(place: tuple[float, float, float], **values: object) -> None:
    """Let the growth begin where one would click on the head."""
    found = part("surface.places").place_along(
        bpy.context, Vector((place[0], -5, place[2])), Vector((0, 1, 0))
    )
    bpy.ops.nca.plant_seed(material="Skin", at=found.at, **values)


def show(frame: int, wait: float = 1.0) -> Steps:
    """Go to a frame, wait until it is grown, and as long again as something else needs to be drawn."""
    bpy.context.scene.frame_set(frame)
    yield from settle()
    yield wait


def settle() -> Steps:
    """Wait until the growth is there, and the surface that it lives on."""
    pictures = part("playback.picture")
    material = bpy.data.materials["Skin"]
    for _ in range(PATIENCE):
        yield 0.5
        picture = pictures.picture_of(material)
        if picture.shown and not picture.problem and not pictures.is_waiting():
            return
    print(f"not waited for any longer: {picture.problem}", flush=True)


def start(nca: Any) -> Steps:
    grow(nca, "Giraffe", "Lava", over="MESH", width=160, height=160)
    yield from settle()
    for place in (NOSE, BROW, CHEEK, EYE):
        plant(place)
    yield from show(24)


def blend(nca: Any) -> Steps:
    grow(nca, "Tiger", "Koi", blend=0.5, seeds="SCATTERED", width=160, height=160)
    yield from show(120)


def species(nca: Any) -> Steps:
    grow(nca, "Cushion Moss")
    yield from show(80)


def presets(nca: Any) -> Steps:
    grow(nca, "Cushion Moss")
    yield from show(10)


def seeds(nca: Any) -> Steps:
    bpy.ops.wm.tool_set_by_id(name="nca.plant", space_type="VIEW_3D")  # it shows the seeds
    grow(nca, "Map Lichen", over="MESH", width=192, height=192)
    yield from settle()
    for number, place in enumerate((NOSE, BROW, CHEEK, EYE, (-0.7, 0, 0.2))):
        plant(place)
        nca.points[number].start = 8 * number
    yield from show(26)


def surface(nca: Any) -> Steps:
    grow(nca, "Zebra", over="MESH", direction="Z", shows_directions=True, width=192, height=192)
    yield from settle()
    nca.seeds, nca.seed_count = "SCATTERED", 30
    yield from show(90, 12)


def habitat(nca: Any) -> Steps:
    grow(nca, "Cushion Moss", over="MESH", width=192, height=192)
    yield from settle()
    bpy.ops.nca.habitat(material="Skin", preset="ABOVE")
    nca.conditions[0].ragged = 0.5
    yield from show(70, 12)


def wounds(nca: Any) -> Steps:
    grow(nca, "Giraffe", over="MESH", width=160, height=160, seeds="SCATTERED", seed_count=30)
    yield from show(70, 9)
    bpy.ops.nca.wound_here(material="Skin", at=(0.1, -0.65, 0.75), radius=0.34)
    yield from show(75, 6)
    bpy.ops.nca.wound_here(material="Skin", at=(0.2, -0.75, -0.25), radius=0.26)
    yield from show(75, 6)


def time(nca: Any) -> Steps:
    grow(nca, "Brain Coral", course="LOOP", full_frames=60, loop_frames=48, loop_fade=24, seeds="SCATTERED")
    nca.strip_count = 8
    bpy.context.scene.frame_end = 108
    yield from show(34, 20)


def looks(nca: Any) -> Steps:
    grow(nca, "Lava", over="MESH", width=160, height=160, seeds="SCATTERED", seed_count=30, glow=2.0)
    yield from show(80, 8)
    nca.looks, nca.look_hue, nca.look_saturation = True, math.radians(105), 1.1
    yield 6


def translucency(nca: Any) -> Steps:
    grow(nca, "Ice Cracks", over="MESH", width=160, height=160, seeds="SCATTERED", seed_count=30)
    yield from show(80, 8)


def layers(nca: Any) -> Steps:
    grow(nca, "Giraffe", over="MESH", width=192, height=192)
    yield from settle()
    for name in ("Lava", "Cushion Moss"):
        bpy.ops.nca.add_layer(material="Skin", species=name)
    nca.seeds, nca.seed_count = "SCATTERED", 40
    lower, upper = nca.layers
    lower.place, lower.region.bottom, lower.region.top = "HEIGHT", -2.0, -0.25
    upper.place, upper.region.ragged = "FACING", 0.6
    nca.layer_index = 1
    yield from show(90, 16)


def breed(nca: Any) -> Steps:
    grow(nca, "Koi", "Amethyst")
    nca.breed_from = "CROSSING"
    yield from show(80, 3)
    bpy.ops.nca.breed(material="Skin")
    yield 25
    bpy.ops.nca.take_offspring(material="Skin", index=4)
    bpy.ops.nca.breed(material="Skin")
    yield 25


def picture(nca: Any) -> Steps:
    grow(nca, "Cushion Moss", "Rippled Sand")
    yield from show(60, 2)
    known = part("library").species().find("materials", "Red Brick")
    nca.picture = bpy.data.images.load(str(known.picture))
    nca.picture_flatten = False  # it was not photographed
    bpy.ops.nca.read_picture("INVOKE_DEFAULT", material="Skin")
    for _ in range(PATIENCE):
        yield 0.5
        if nca.readings:
            break
    bpy.ops.nca.take_reading(material="Skin")
    yield from show(100, 6)


def grid(nca: Any) -> Steps:
    grow(nca, "Hex Tiles", seeds="SCATTERED", relief=0.05)
    yield from show(80)


def coordinates(nca: Any) -> Steps:
    grow(nca, "Koi", seeds="SCATTERED")
    yield from show(80)


def order(nca: Any) -> Steps:
    grow(nca, "Brain Coral", order=True)
    yield from show(30)


def dna(nca: Any) -> Steps:
    grow(nca, "Amethyst", "Lapis")
    yield from show(60)


def bake(nca: Any) -> Steps:
    grow(nca, "Rust", seeds="SCATTERED")
    yield from show(60, 4)
    bpy.ops.nca.choose_bake_preset(material="Skin", preset="Unreal Engine")
    yield 2


def textures(nca: Any) -> Steps:
    yield from bake(nca)
    nca.bake_texture_index = 2
    yield 2


def flipbook(nca: Any) -> Steps:
    grow(nca, "Lava", "Koi")
    bpy.ops.nca.choose_bake_preset(material="Skin", preset="Godot 4")
    nca.bake_layout = "FLIPBOOK"
    yield from show(30, 3)


def geometry(nca: Any) -> Steps:
    grow(nca, "Amethyst", over="MESH", width=96, height=96)
    yield from settle()
    for place in (BROW, CHEEK):
        plant(place)
    bpy.ops.nca.add_geometry(material="Skin", kind="CRYSTALS")
    inputs, modifier = part("host.modifier_inputs"), bpy.context.object.modifiers[-1]
    inputs.set_input(modifier, inputs.input_named(modifier.node_group, "Density"), 30.0)
    yield from show(40, 2)


SUBJECTS = {
    "start": Subject("growth", start),
    "blend": Subject("growth", blend),
    "species": Subject("species_a", species, wide=True, seen=False),
    "presets": Subject("presets", presets, seen=False),
    "seeds": Subject("seeds", seeds),
    "surface": Subject("surface", surface),
    "habitat": Subject("habitat", habitat),
    "wounds": Subject("wounds", wounds),
    "time": Subject("time", time, below=("strip",)),
    "looks": Subject("looks", looks),
    "translucency": Subject("translucency", translucency),
    "layers": Subject("layers", layers),
    "breed": Subject("breed", breed),
    "picture": Subject("picture", picture),
    "grid": Subject("grid", grid),
    "coordinates": Subject("coordinates", coordinates, seen=False),
    "order": Subject("order", order, seen=False),
    "dna": Subject("dna", dna, seen=False),
    "bake": Subject("bake", bake, seen=False),
    "textures": Subject("bake_textures", textures, seen=False),
    "flipbook": Subject("bake", flipbook, seen=False),
    "farm": Subject("bake_farm", bake, seen=False),
    "geometry": Subject("geometry", geometry),
}
"""Name of a picture -> what is in it."""
FLAT = ("blend", "time", "grid", "picture", "breed")
"""Subjects that grow on a card, seen from above."""
