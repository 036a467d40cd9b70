# SPDX-License-Identifier: GPL-3.0-or-later
"""A render farm gets every frame of a bake, and whoever sends less is told before."""

from __future__ import annotations

import json
from pathlib import Path

import bpy
import pytest


def test_a_farm_is_given_every_frame(growing, capsys, tmp_path):
    farm = growing.module("addon.bake.farm")
    material = growing.material("Oak", bake_folder="", bake_start=1, bake_end=6)
    assert any("not saved" in problem for problem in farm.check().problems)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "forest.blend"))
    assert "grows live" in farm.check().problems[0]
    assert bpy.ops.nca.bake() == {"FINISHED"}
    ready = farm.check()
    shown = [node.image for node in material.nca.tree.nodes if node.type == "TEX_IMAGE"]
    assert not ready.problems and len(ready.files) == 6 * len(shown) and all(map(Path.is_file, ready.files))
    assert ready.size == sum(path.stat().st_size for path in ready.files)
    # Blender itself tells one file of a sequence
    assert len(bpy.utils.blend_paths(absolute=True)) == len(shown)
    shown[0].filepath = bpy.path.abspath(shown[0].filepath)
    assert "a path of this machine" in farm.check().problems[0]
    assert bpy.ops.nca.ready_for_farm(has_images=True) == {"FINISHED"}
    assert shown[0].filepath.startswith("//textures") and not farm.check().problems
    assert len(bpy.data.texts[farm.LIST].as_string().split()) == len(ready.files)
    bpy.ops.wm.save_mainfile()
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "forest.blend"))
    told = {Path(path).resolve() for path in bpy.utils.blend_paths(absolute=True)}
    assert told == {path.resolve() for path in ready.files}
    images = len(bpy.data.images)
    assert bpy.ops.nca.ready_for_farm(has_images=True) == {"FINISHED"} and len(bpy.data.images) == images
    assert bpy.ops.nca.ready_for_farm() == {"FINISHED"}
    assert len(bpy.utils.blend_paths(absolute=True)) == len(shown)
    ready.files[3].unlink()
    capsys.readouterr()
    assert farm.run([]) == 3
    summary = json.loads(capsys.readouterr().out)
    assert "1 of 6 baked frames is not in" in summary["problems"][0] and len(summary["files"]) == len(
        ready.files
    )


def test_blender_asset_tracer_packs_every_frame(growing, tmp_path):
    """What Flamenco sends to its workers, and what SheepIt's and others' submitters are made of."""
    pack = pytest.importorskip("blender_asset_tracer.pack")
    pytest.importorskip("zstandard")
    growing.material("Oak", bake_folder="", bake_start=1, bake_end=3)
    file = tmp_path / "project" / "forest.blend"
    file.parent.mkdir()
    bpy.ops.wm.save_as_mainfile(filepath=str(file))
    assert bpy.ops.nca.bake() == {"FINISHED"}
    bpy.ops.wm.save_mainfile()
    files = growing.module("addon.bake.farm").check().files
    with pack.Packer(file, file.parent, tmp_path / "packed") as packer:
        packer.strategise()
        packer.execute()
    packed = {path.relative_to(tmp_path / "packed") for path in (tmp_path / "packed").rglob("*.png")}
    assert packed == {path.relative_to(file.parent) for path in files} and len(packed) == 3 * 5
