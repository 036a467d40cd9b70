# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's scene: a head of stone, lit, that something grows over, from four clicks and over every seam."""

from __future__ import annotations

import importlib
import math
from pathlib import Path

import bpy
from checkout import PACKAGE

SIZE = 2.4
"""Of the head."""
CLICKS = ((-0.35, -0.82, 0.23), (0.35, -0.82, 0.23), (0.2, -0.5, -0.2), (0.1, -0.2, 0.7))
"""What is clicked on, in half sizes of the head: both eyes, a cheek, the crown."""
WOUND, RADIUS = (-0.12, -0.75, 0.75), 0.6
"""What is struck, in half sizes of the head: the brow; and how far around it cells die."""
PIXELS_PER_CELL = 4
STEPS_PER_FRAME = 4.0
SAMPLES = 8


def build(species: tuple[str, str], frames: int, pixels: int, cells: int) -> bpy.types.Material:
    """Build the scene in the empty file that is open, with the growth on its head.

    The first species grows until half of the animation, is wounded, and changes into the second while it heals. The
    head is unwrapped into a square of so many cells a side.
    """
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 1, frames
    head = _head()
    material = make_stone("Head")
    head.data.materials.append(material)
    set_stage(scene, pixels, SAMPLES)
    scene.render.use_persistent_data = True
    _grow(head, material, species, frames, cells)
    return material


def set_stage(scene: bpy.types.Scene, pixels: int, samples: int) -> None:
    """A floor, three lights, and a camera that looks at what stands in the middle; for Cycles."""
    _floor()
    _lights(scene)
    _camera(scene)
    scene.render.engine = "CYCLES"
    scene.cycles.samples = samples
    scene.cycles.use_denoising = True
    scene.cycles.denoising_quality = scene.cycles.denoising_prefilter = "FAST"
    scene.cycles.max_bounces = 4
    scene.render.resolution_x = scene.render.resolution_y = pixels
    scene.view_settings.view_transform = "Standard"


def _head() -> bpy.types.Object:
    """Blender's monkey, unwrapped in one go: into many islands, as it comes."""
    bpy.ops.mesh.primitive_monkey_add(size=SIZE, location=(-0.05, 0, 1.1))
    head = bpy.context.object
    smooth = head.modifiers.new("Subdivision", "SUBSURF")
    smooth.levels = 2
    bpy.ops.object.modifier_apply(modifier=smooth.name)
    bpy.ops.object.shade_smooth()
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.mesh.select_all(action="SELECT")
    bpy.ops.uv.smart_project(angle_limit=math.radians(66), island_margin=0.015)
    bpy.ops.object.mode_set(mode="OBJECT")
    head.rotation_euler = (math.radians(-12), 0, math.radians(-18))
    return head


def make_stone(name: str) -> bpy.types.Material:
    """A plain grey stone: what lies under the growth."""
    material = bpy.data.materials.new(name)
    if bpy.app.version < (5, 0):
        material.use_nodes = True
    principled = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    noise = material.node_tree.nodes.new("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value, noise.inputs["Detail"].default_value = 9, 8
    ramp = material.node_tree.nodes.new("ShaderNodeValToRGB")
    ramp.color_ramp.elements[0].color = (0.10, 0.10, 0.11, 1)
    ramp.color_ramp.elements[1].color = (0.42, 0.41, 0.39, 1)
    material.node_tree.links.new(noise.outputs[0], ramp.inputs[0])
    material.node_tree.links.new(ramp.outputs["Color"], principled.inputs["Base Color"])
    principled.inputs["Roughness"].default_value = 0.75
    return material


def _floor() -> None:
    bpy.ops.mesh.primitive_plane_add(size=40)
    floor = bpy.data.materials.new("Floor")
    if bpy.app.version < (5, 0):
        floor.use_nodes = True
    principled = next(node for node in floor.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    principled.inputs["Base Color"].default_value = (0.10, 0.10, 0.105, 1)
    principled.inputs["Roughness"].default_value = 0.55
    bpy.context.object.data.materials.append(floor)


def _lights(scene: bpy.types.Scene) -> None:
    for name, location, size, watts, colour in (
        ("Key", (-3.2, -3.6, 5.0), 2.5, 620, (1.0, 0.95, 0.88)),
        ("Rim", (3.6, 2.6, 3.2), 2.0, 420, (0.75, 0.86, 1.0)),
        ("Fill", (3.5, -4.5, 1.6), 4.0, 130, (0.9, 0.95, 1.0)),
    ):
        light = bpy.data.lights.new(name, "AREA")
        light.size, light.energy, light.color = size, watts, colour
        lamp = bpy.data.objects.new(name, light)
        lamp.location = location
        _look_at(lamp, (0, 0, 1.2))
        scene.collection.objects.link(lamp)
    scene.world = bpy.data.worlds.new("World")
    if bpy.app.version < (5, 0):
        scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.05, 0.055, 0.065, 1)


def _camera(scene: bpy.types.Scene) -> None:
    camera = bpy.data.cameras.new("Camera")
    camera.lens = 66
    scene.camera = bpy.data.objects.new("Camera", camera)
    scene.camera.location = (0, -5.6, 4.4)
    _look_at(scene.camera, (0, 0, 1.1))
    scene.collection.objects.link(scene.camera)


def _look_at(thing: bpy.types.Object, point: tuple[float, float, float]) -> None:
    from mathutils import Vector

    thing.rotation_euler = (Vector(point) - thing.location).to_track_quat("-Z", "Y").to_euler()


def _grow(head, material, species: tuple[str, str], frames: int, cells: int) -> None:
    """Press New Growth, choose, and click on the head, as an artist does."""
    bpy.context.view_layer.objects.active = head
    bpy.ops.nca.new(material=material.name)
    nca = material.nca
    library = importlib.import_module(f"{PACKAGE}.blender_nca.addon.library").species()
    for name, parent in zip(species, (nca.a, nca.b), strict=True):
        parent.choose(library.find("materials", name))
    nca.width = nca.height = cells
    nca.pixels_per_cell = PIXELS_PER_CELL
    nca.start_frame = 1
    nca.steps_per_frame = STEPS_PER_FRAME
    nca.over = "MESH"
    for click in CLICKS:
        _plant(bpy.context.scene.camera, head, click)
    for frame, blend in ((1, 0.0), (round(frames * 0.55), 0.0), (round(frames * 0.9), 1.0)):
        nca.blend = blend
        material.keyframe_insert("nca.blend", frame=frame)
    _wound(bpy.context.scene.camera, head, material, round(frames * 0.58))


def _plant(camera: bpy.types.Object, head: bpy.types.Object, click: tuple[float, float, float]) -> None:
    """Plant a seed where the camera sees a point of the head."""
    from mathutils import Vector

    places = importlib.import_module(f"{PACKAGE}.blender_nca.addon.surface.places")
    bpy.context.view_layer.update()
    eye = camera.matrix_world.translation
    seen = places.place_along(bpy.context, eye, head.matrix_world @ (Vector(click) * SIZE / 2) - eye)
    if isinstance(seen, str):
        raise RuntimeError(seen)
    bpy.ops.nca.plant_seed(material=seen.material.name, at=seen.at)


def _wound(
    camera: bpy.types.Object, head: bpy.types.Object, material: bpy.types.Material, frame: int
) -> None:
    """Wound the growth where the camera sees a point of the head, in a frame."""
    from mathutils import Vector

    scene = bpy.context.scene
    eye = camera.matrix_world.translation
    towards = head.matrix_world @ (Vector(WOUND) * SIZE / 2) - eye
    is_hit, place, *_ = scene.ray_cast(bpy.context.evaluated_depsgraph_get(), eye, towards)
    assert is_hit
    scene.frame_set(frame)
    bpy.ops.nca.wound_here(material=material.name, at=place, radius=RADIUS)
    scene.frame_set(scene.frame_start)


def bake(material: bpy.types.Material) -> None:
    """Bake all frames to image sequences; the material reads them from then on."""
    if bpy.ops.nca.bake(material=material.name) != {"FINISHED"}:
        raise RuntimeError("The bake did not finish: see the messages above.")


def render(folder: Path, progress: bool = False) -> list[Path]:
    """Render every frame to a PNG."""
    scene = bpy.context.scene
    scene.render.image_settings.file_format = "PNG"
    paths = []
    for frame in range(scene.frame_start, scene.frame_end + 1):
        scene.frame_set(frame)
        path = folder / f"{frame:04d}.png"
        scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        paths.append(path)
        if progress:
            print(f"  frame {frame} of {scene.frame_end}", end="\r", flush=True)
    return paths


def baked_folder(out: Path, material: bpy.types.Material) -> Path:
    """Where the material is baked, as the add-on chooses it beside the file."""
    return out / "textures" / "demo" / material.name


def last_maps(out: Path, material: bpy.types.Material) -> dict[str, Path]:
    """The baked maps of the last frame, by name."""
    from blender_nca.maps.sequence import SEQUENCE_MAPS, frame_path

    last = bpy.context.scene.frame_end
    return {
        name: frame_path(baked_folder(out, material), material.name, name, last) for name in SEQUENCE_MAPS
    }


def engine_report() -> dict:
    """What the engine says of itself, its speed measured."""
    return importlib.import_module(f"{PACKAGE}.blender_nca.addon.engine").current().self_test()


def growth_report(frames: int, cells: int) -> dict:
    """Grid, steps and frames."""
    return {
        "grid": {"cells": [cells, cells], "pixels": [PIXELS_PER_CELL * cells] * 2},
        "steps": int(STEPS_PER_FRAME * (frames - 1)),
        "frames": frames,
    }
