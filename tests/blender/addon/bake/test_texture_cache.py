# SPDX-License-Identifier: GPL-3.0-or-later
"""Texture cache: with Cycles' files of textures on, growths render as they are, also baked anew in the same second."""

from __future__ import annotations

import bpy
import numpy as np
import pytest

from blender_nca.maps.channels import SHOWN_MAPS

from ..stage import closest, expected_live, render, stage
from .test_render import expected_baked

pytestmark = pytest.mark.skipif(bpy.app.version < (5, 2, 0), reason="no texture cache before Blender 5.2")
FRAMES = 4


@pytest.fixture(params=["blender_tx", "", "elsewhere"])
def folder(request, growing, tmp_path):
    """Where Cycles puts its files, with the cache switched on."""
    paths, render_settings = bpy.context.preferences.filepaths, bpy.context.scene.render
    before = paths.texture_cache_directory
    paths.texture_cache_directory = (
        str(tmp_path / "elsewhere") if request.param == "elsewhere" else request.param
    )
    render_settings.use_texture_cache = render_settings.use_auto_generate_texture_cache = True
    yield tmp_path / ("elsewhere" if request.param == "elsewhere" else "baked/blender_tx")
    paths.texture_cache_directory = before


@pytest.mark.parametrize("persistent", [False, True])
@pytest.mark.parametrize("seen", ["colour", "data"])
def test_frames_render_as_they_are_and_nothing_stale_stays(growing, folder, tmp_path, seen, persistent):
    material = growing.material(
        bake_start=1, bake_end=FRAMES, bake_folder=str(tmp_path / "baked"), seeds="SCATTERED"
    )
    stage(material, seen)
    bpy.context.scene.render.use_persistent_data = persistent
    closest(material)
    for frame in (2, 4):
        picture = render(tmp_path, frame)
        np.testing.assert_allclose(picture, expected_live(growing, material, frame, seen), atol=2e-3)
    for random_seed in (0, 7, 8):
        material.nca.random_seed = random_seed
        assert bpy.ops.nca.bake() == {"FINISHED"}
        assert not list(folder.glob("*.tx")), "files of the bake before"
        closest(material)
        for frame in (1, FRAMES):
            np.testing.assert_allclose(
                render(tmp_path, frame), expected_baked(tmp_path / "baked", frame, seen), atol=2e-3
            )
        assert 0 < len(list(folder.glob("*.tx"))) <= 2 * len(SHOWN_MAPS)
        assert bpy.ops.nca.free_bake() == {"FINISHED"}


def test_files_of_other_pictures_stay(growing, folder, tmp_path):
    growing.material(bake_start=1, bake_end=1, bake_folder=str(tmp_path / "baked"))
    folder.mkdir(parents=True, exist_ok=True)
    digits = "0-1D2007B16C3570A5AD091C144AC52580"
    others = [f"Wood_height_0002.png.{digits}.tx", f"Oak_height_0001.png.{digits}.tx", "Wood_height_0001.tx"]
    for name in (*others, f"Wood_height_0001.png.{digits}.tx"):
        (folder / name).write_bytes(b"of a picture")
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert sorted(path.name for path in folder.glob("*.tx")) == sorted(others)
