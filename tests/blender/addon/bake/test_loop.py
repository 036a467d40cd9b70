# SPDX-License-Identifier: GPL-3.0-or-later
"""A baked loop is exactly its frames on disk, shown again and again as the live one is."""

from __future__ import annotations

import bpy
import numpy as np
import pytest

from blender_nca.maps.sequence import frame_path

from ..stage import closest, expected_live, render, stage


@pytest.fixture
def looping(growing, tmp_path):
    """A growth that is full in frame 5 and loops over three frames from there on."""
    material = growing.material(
        course="LOOP", full_frames=4, loop_frames=3, loop_fade=2, bake_folder=str(tmp_path / "baked")
    )
    return growing, material, tmp_path / "baked"


def test_a_baked_loop_is_its_frames_once_and_shows_them_again_and_again(looping, tmp_path):
    growing, material, folder = looping
    stage(material, "colour")
    live = {frame: expected_live(growing, material, frame, "colour") for frame in (5, 6, 7)}
    assert bpy.ops.nca.bake() == {"FINISHED"}
    files = sorted(folder.glob("*_linear_base_colour_*.png"))
    assert files == [frame_path(folder, "Wood", "linear_base_colour", frame) for frame in (5, 6, 7)]
    closest(material)
    for frame, shown in {7: 7, 8: 5, 3: 6}.items():
        np.testing.assert_allclose(render(tmp_path, frame), live[shown], atol=2e-3, err_msg=str(frame))
    missing, kept = growing.module("addon.bake.missing"), growing.module("addon.bake.kept")
    assert missing.missing(material, is_new=True) is None
    np.testing.assert_array_equal(
        kept.read_maps(material, 9)["colour"], kept.read_maps(material, 3)["colour"]
    )
    files[1].unlink()
    assert missing.missing(material, is_new=True).count == 1


def test_a_live_loop_comes_back_to_its_first_frame(looping):
    growing, material, _ = looping
    scene, shown = bpy.context.scene, {}
    for frame in (5, 6, 7, 8, 10, 4):
        scene.frame_set(frame)
        assert growing.shows(material, frame)
        shown[frame] = growing.pixels(material)
    for one, other in ((5, 8), (7, 10)):
        np.testing.assert_array_equal(shown[one], shown[other])
    assert not np.array_equal(shown[5], shown[7])


def test_frames_of_a_loop_that_is_changed_are_baked_anew(looping):
    growing, material, _ = looping
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert bpy.ops.nca.free_bake() == {"FINISHED"}
    material.nca.loop_fade = 3
    bake = growing.module("addon.bake.bake").Bake(material)
    try:
        assert bake.finished == {5}, "the others fade otherwise"
    finally:
        bake.close()
    material.nca.bake_loop, material.nca.bake_end = False, 12
    bake = growing.module("addon.bake.bake").Bake(material)
    assert (bake.plan.first, bake.plan.last, bake.plan.is_loop) == (1, 12, False)
    bake.close()
