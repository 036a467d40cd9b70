# SPDX-License-Identifier: GPL-3.0-or-later
"""Render: every rendered frame has that frame's maps, in any order, with and without Persistent Data and the add-on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import bpy
import numpy as np
import pytest
from PIL import Image

from blender_nca.maps.colour import srgb_to_linear
from blender_nca.maps.sequence import frame_path

GLOW, GROUND_LIGHT = 3.0, (0.5, 0.25, 1.0)

SHUFFLED = (4, 1, 6, 2, 6, 3, 5, 1)
WIDTH, HEIGHT = 32, 16

SCRIPT = """
import os, sys
import bpy

bpy.ops.wm.open_mainfile(filepath=sys.argv[1])
assert not any("blender_nca" in name for name in bpy.context.preferences.addons.keys())
assert not hasattr(bpy.types.Material, "nca")
scene = bpy.context.scene
for frame in map(int, sys.argv[3:]):
    scene.frame_set(frame)
    scene.render.filepath = os.path.join(sys.argv[2], f"{frame}.exr")
    bpy.ops.render.render(write_still=True)
print("rendered", flush=True)
os._exit(0)
"""


def stage(material: bpy.types.Material, seen: str) -> None:
    """Show one texel of the growth in each pixel, as light: base colour, or roughness, metallic and alpha, or glow.

    The ground has no alpha, but under a glow, which is seen to fade into the ground's own.
    """
    plane = bpy.context.object
    plane.scale = (WIDTH / HEIGHT, 1, 1)
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.data.type, camera.data.ortho_scale, camera.location.z = "ORTHO", 2 * WIDTH / HEIGHT, 2
    scene = bpy.context.scene
    scene.collection.objects.link(camera)
    scene.camera = camera
    scene.render.engine = "CYCLES"
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.use_adaptive_sampling = 1, False, False
    scene.cycles.pixel_filter_type, scene.cycles.filter_width = "BLACKMAN_HARRIS", 0.01
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = (
        WIDTH,
        HEIGHT,
        100,
    )
    scene.render.image_settings.file_format, scene.render.image_settings.color_depth = "OPEN_EXR", "32"
    scene.view_settings.view_transform = "Raw"
    nodes, links = material.node_tree.nodes, material.node_tree.links
    group = nodes["Neural Growth"]
    light = nodes.new("ShaderNodeEmission")
    links.new(light.outputs[0], nodes["Material Output"].inputs["Surface"])
    group.inputs["Ground Alpha"].default_value = 1.0 if seen == "glow" else 0.0
    if seen == "colour":
        links.new(group.outputs["Base Color"], light.inputs["Color"])
    elif seen == "glow":
        group.inputs["Glow"].default_value = GLOW
        group.inputs["Ground Emission Strength"].default_value = 2.0
        group.inputs["Ground Emission Colour"].default_value = (*(c / 2 for c in GROUND_LIGHT), 1.0)
        links.new(group.outputs["Emission Color"], light.inputs["Color"])
        links.new(group.outputs["Emission Strength"], light.inputs["Strength"])
    else:
        combine = nodes.new("ShaderNodeCombineXYZ")
        for name, axis in (("Roughness", "X"), ("Metallic", "Y"), ("Alpha", "Z")):
            links.new(group.outputs[name], combine.inputs[axis])
        links.new(combine.outputs[0], light.inputs["Color"])


def closest(material: bpy.types.Material) -> None:
    for node in material.nca.tree.nodes:
        if node.type == "TEX_IMAGE":
            node.interpolation = "Closest"


def render(folder: Path, frame: int) -> np.ndarray:
    scene = bpy.context.scene
    scene.frame_set(frame)
    scene.render.filepath = str(folder / f"{frame}.exr")
    bpy.ops.render.render(write_still=True)
    return read(folder / f"{frame}.exr")


def read(path: Path) -> np.ndarray:
    """The rendered pixels, row 0 at the bottom."""
    image = bpy.data.images.load(str(path))
    pixels = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    return pixels.reshape(HEIGHT, WIDTH, -1)[..., :3]


def over_ground(colour, roughness, metallic, alpha, emission, seen: str) -> np.ndarray:
    """What the group gives over the ground of `stage`; `emission` is a colour.

    Over a ground of alpha 0 it is the growth alone, and the ground where no growth is.
    """
    if seen == "glow":
        return alpha[..., None] * emission * GLOW + (1 - alpha[..., None]) * GROUND_LIGHT
    grows = (alpha > 0)[..., None]
    if seen == "colour":
        return np.where(grows, colour, 0.8)
    return np.where(
        grows,
        np.stack([roughness, metallic, alpha], -1),
        np.stack([0 * alpha + 0.5, 0 * alpha, 0 * alpha], -1),
    )


def expected_live(growing, material, frame: int, seen: str) -> np.ndarray:
    colour, data = growing.grown(material, frame)
    emission = colour[..., :3] * data[..., 3:]
    return over_ground(colour[..., :3], data[..., 0], data[..., 1], colour[..., 3], emission, seen)


def expected_baked(folder: Path, frame: int, seen: str) -> np.ndarray:
    def picture(name):
        return np.asarray(Image.open(frame_path(folder, "Wood", name, frame)))[::-1] / 255

    written = picture("base_colour")
    colour, emission = srgb_to_linear(written[..., :3]), srgb_to_linear(picture("emission"))
    return over_ground(colour, picture("roughness"), picture("metallic"), written[..., 3], emission, seen)


@pytest.mark.parametrize("seen", ["colour", "data", "glow"])
@pytest.mark.parametrize("persistent", [False, True])
def test_baked_frames_render_as_they_are(growing, tmp_path, persistent, seen):
    material = growing.material(
        bake_start=1, bake_end=6, bake_folder=str(tmp_path / "baked"), seeds="SCATTERED"
    )
    stage(material, seen)
    bpy.ops.nca.bake()
    closest(material)
    bpy.context.scene.render.use_persistent_data = persistent
    for frame in SHUFFLED:
        picture = render(tmp_path, frame)
        np.testing.assert_allclose(
            picture, expected_baked(tmp_path / "baked", frame, seen), atol=2e-3, err_msg=str(frame)
        )
    for outside, shown in ((0, 1), (-3, 1), (9, 6)):
        np.testing.assert_allclose(
            render(tmp_path, outside),
            expected_baked(tmp_path / "baked", shown, seen),
            atol=2e-3,
            err_msg=str(outside),
        )


@pytest.mark.parametrize("first", [0, 3])
def test_a_bake_of_one_frame_is_that_frame_always(growing, tmp_path, first):
    material = growing.material(
        bake_start=first, bake_end=first, bake_folder=str(tmp_path / "baked"), seeds="SCATTERED"
    )
    stage(material, "colour")
    bpy.ops.nca.bake()
    closest(material)
    for frame in (first, first - 1, first + 1, first + 20):
        expected = expected_baked(tmp_path / "baked", first, "colour")
        np.testing.assert_allclose(render(tmp_path, frame), expected, atol=2e-3, err_msg=str(frame))


def test_a_bake_from_frame_0_renders_as_it_is(growing, tmp_path):
    material = growing.material(
        bake_start=0, bake_end=3, start_frame=0, bake_folder=str(tmp_path / "baked"), seeds="SCATTERED"
    )
    stage(material, "colour")
    bpy.ops.nca.bake()
    closest(material)
    for frame, shown in ((2, 2), (0, 0), (-1, 0), (3, 3), (4, 3)):
        expected = expected_baked(tmp_path / "baked", shown, "colour")
        np.testing.assert_allclose(render(tmp_path, frame), expected, atol=2e-3, err_msg=str(frame))


@pytest.mark.parametrize("seen", ["colour", "data", "glow"])
@pytest.mark.parametrize("persistent", [False, True])
def test_live_frames_render_as_they_are(growing, tmp_path, persistent, seen):
    if persistent and bpy.app.version < (5, 2, 0):
        pytest.skip("Cycles before 5.2 keeps old pixels with Persistent Data: the panel says so")
    material = growing.material(seeds="SCATTERED")
    stage(material, seen)
    closest(material)
    bpy.context.scene.render.use_persistent_data = persistent
    for frame in SHUFFLED:
        picture = render(tmp_path, frame)
        np.testing.assert_allclose(
            picture, expected_live(growing, material, frame, seen), atol=2e-3, err_msg=str(frame)
        )


@pytest.mark.parametrize("is_baked", [False, True])
def test_a_growth_glows_in_the_dark(growing, tmp_path, is_baked):
    material = growing.material(
        bake_start=1, bake_end=4, bake_folder=str(tmp_path / "baked"), seeds="SCATTERED"
    )
    stage(material, "glow")
    nodes, links = material.node_tree.nodes, material.node_tree.links
    links.new(nodes["Principled BSDF"].outputs[0], nodes["Material Output"].inputs["Surface"])
    bpy.context.scene.world = None
    bpy.context.scene.cycles.max_bounces = 0
    if is_baked:
        bpy.ops.nca.bake()
    closest(material)
    expected = (
        expected_baked(tmp_path / "baked", 4, "glow")
        if is_baked
        else expected_live(growing, material, 4, "glow")
    )
    assert expected.max() > 0.5
    np.testing.assert_allclose(render(tmp_path, 4), expected, atol=5e-3)


def test_a_growth_that_does_not_glow_is_no_lamp(growing, tmp_path):
    """Cycles would spend samples on it: the same samples show the same noise as without any emission."""
    material = growing.material(seeds="SCATTERED")
    stage(material, "colour")
    nodes, links = material.node_tree.nodes, material.node_tree.links
    links.new(nodes["Principled BSDF"].outputs[0], nodes["Material Output"].inputs["Surface"])
    bpy.ops.object.light_add(type="AREA", location=(1, 0, 1))
    tree = material.nca.tree
    black = tree.nodes.new("ShaderNodeTexImage")
    black.image = bpy.data.images.new("Black", 4, 4)
    tree.links.new(black.outputs["Color"], tree.nodes["Emission"].inputs[0])
    pictures = []
    for glow in (0.0, 1.0):
        nodes["Neural Growth"].inputs["Glow"].default_value = glow
        pictures.append(render(tmp_path, 4))
    assert pictures[0].max() > 0.01
    np.testing.assert_array_equal(*pictures)


@pytest.mark.parametrize("is_baked", [False, True])
def test_an_animation_renders_each_frame(growing, tmp_path, is_baked):
    material = growing.material(
        bake_start=1, bake_end=4, bake_folder=str(tmp_path / "baked"), seeds="SCATTERED"
    )
    stage(material, "colour")
    if is_baked:
        bpy.ops.nca.bake()
    closest(material)
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 1, 4
    scene.render.filepath = str(tmp_path / "frame_")
    bpy.ops.render.render(animation=True)
    for frame in range(1, 5):
        expected = (
            expected_baked(tmp_path / "baked", frame, "colour")
            if is_baked
            else expected_live(growing, material, frame, "colour")
        )
        np.testing.assert_allclose(
            read(tmp_path / f"frame_{frame:04d}.exr"), expected, atol=2e-3, err_msg=str(frame)
        )


def test_a_change_in_a_script_is_in_the_next_render(growing, tmp_path):
    material = growing.material(seeds="SCATTERED")
    stage(material, "colour")
    closest(material)
    render(tmp_path, 4)
    material.nca.random_seed = 8
    bpy.context.scene.render.filepath = str(tmp_path / "again.exr")
    bpy.ops.render.render(write_still=True)
    np.testing.assert_allclose(
        read(tmp_path / "again.exr"), expected_live(growing, material, 4, "colour"), atol=2e-3
    )


def test_a_baked_file_renders_without_the_add_on(growing, tmp_path):
    material = growing.material(bake_start=1, bake_end=6, bake_folder="//baked/", seeds="SCATTERED")
    stage(material, "colour")
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "baked.blend"))
    bpy.ops.nca.bake()
    closest(material)
    bpy.ops.wm.save_mainfile()
    # a folder elsewhere with all that belongs to it, as on a render farm
    farm = tmp_path / "farm"
    farm.mkdir()
    (tmp_path / "baked.blend").rename(farm / "baked.blend")
    (tmp_path / "baked").rename(farm / "baked")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(farm / "baked.blend"), str(tmp_path), *map(str, SHUFFLED[:5])],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        env={**__import__("os").environ, "BLENDER_USER_RESOURCES": str(tmp_path)},
    )
    assert done.returncode == 0 and "rendered" in done.stdout, done.stdout + done.stderr
    for frame in SHUFFLED[:5]:
        np.testing.assert_allclose(
            read(tmp_path / f"{frame}.exr"), expected_baked(farm / "baked", frame, "colour"), atol=2e-3
        )
