# SPDX-License-Identifier: GPL-3.0-or-later
"""Render: every rendered frame has that frame's baked maps, with and without Persistent Data and the add-on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import bpy
import numpy as np
import pytest

from blender_nca.maps.sequence import frame_path
from tests.pictures import read_png

from ..stage import SHUFFLED, closest, light_by_itself, over_ground, read, render, render_animation, stage

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


def expected_baked(folder: Path, frame: int, seen: str) -> np.ndarray:
    def picture(name):
        return read_png(frame_path(folder, "Wood", name, frame))[::-1]

    written = picture("linear_base_colour")
    emission = written[..., :3] * picture("glow")[..., None]
    return over_ground(
        written[..., :3], picture("roughness"), picture("metallic"), written[..., 3], emission, seen
    )


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


@pytest.mark.parametrize("persistent", [False, True])
def test_a_bake_made_anew_is_what_renders(growing, tmp_path, persistent):
    material = growing.material(
        bake_start=3, bake_end=4, bake_folder=str(tmp_path / "baked"), seeds="SCATTERED"
    )
    stage(material, "colour")
    bpy.context.scene.render.use_persistent_data = persistent
    pictures = []
    for random_seed in (0, 7):
        material.nca.random_seed = random_seed
        bpy.ops.nca.bake()
        closest(material)
        pictures.append(render(tmp_path, 4))
        np.testing.assert_allclose(pictures[-1], expected_baked(tmp_path / "baked", 4, "colour"), atol=2e-3)
        bpy.ops.nca.free_bake()
    assert not np.allclose(*pictures, atol=0.05)
    assert bpy.context.scene.render.use_persistent_data == persistent


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


def test_a_bake_from_below_frame_0_renders_as_it_is(growing, tmp_path):
    """No file of a sequence has a number below 0: they are numbered from 1."""
    material = growing.material(
        bake_start=-5, bake_end=-1, start_frame=-5, bake_folder=str(tmp_path / "baked"), seeds="SCATTERED"
    )
    stage(material, "colour")
    bpy.ops.nca.bake()
    closest(material)
    for frame, number in ((-3, 3), (-5, 1), (-1, 5), (-9, 1), (0, 5), (4, 5)):
        expected = expected_baked(tmp_path / "baked", number, "colour")
        np.testing.assert_allclose(render(tmp_path, frame), expected, atol=2e-3, err_msg=str(frame))


def test_a_baked_growth_glows_in_the_dark(growing, tmp_path):
    material = growing.material(
        bake_start=1, bake_end=4, bake_folder=str(tmp_path / "baked"), seeds="SCATTERED"
    )
    light_by_itself(material)
    bpy.ops.nca.bake()
    closest(material)
    expected = expected_baked(tmp_path / "baked", 4, "glow")
    assert expected.max() > 0.5
    np.testing.assert_allclose(render(tmp_path, 4), expected, atol=5e-3)


def test_an_animation_renders_each_baked_frame(growing, tmp_path):
    material = growing.material(
        bake_start=1, bake_end=4, bake_folder=str(tmp_path / "baked"), seeds="SCATTERED"
    )
    stage(material, "colour")
    bpy.ops.nca.bake()
    closest(material)
    for frame, picture in render_animation(tmp_path).items():
        expected = expected_baked(tmp_path / "baked", frame, "colour")
        np.testing.assert_allclose(picture, expected, atol=2e-3, err_msg=str(frame))


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
        env={**os.environ, "BLENDER_USER_RESOURCES": str(tmp_path)},
    )
    assert done.returncode == 0 and "rendered" in done.stdout, done.stdout + done.stderr
    for frame in SHUFFLED[:5]:
        np.testing.assert_allclose(
            read(tmp_path / f"{frame}.exr"), expected_baked(farm / "baked", frame, "colour"), atol=2e-3
        )
