# SPDX-License-Identifier: GPL-3.0-or-later
"""A preset brings a growth to another material as it was, and a bad one spoils nothing."""

from __future__ import annotations

import json
from pathlib import Path

import bpy
import numpy as np
import pytest


@pytest.fixture
def folder(monkeypatch, tmp_path, growing):
    """The artist's own presets, in a folder of the test's."""
    files = growing.module("addon.presets.files")
    monkeypatch.setattr(files.bpy.utils, "user_resource", lambda *_, **__: str(tmp_path))
    paths = bpy.utils.preset_paths
    monkeypatch.setattr(files.bpy.utils, "preset_paths", lambda name: [*paths(name), str(tmp_path)])
    return tmp_path


def test_a_kept_growth_grows_the_same_on_another_material(growing, folder):
    first = growing.material(
        seeds="POINTS",
        blend=0.3,
        steps_per_frame=3.0,
        course="SWING",
        bake_folder="//elsewhere",
        start_frame=7,
    )
    first.nca.points.add().at = (0.25, 0.75)
    first.nca.glow, first.nca.relief = 2.5, 0.04
    assert bpy.ops.nca.keep_preset(name="Old Bark") == {"FINISHED"}
    (path,) = folder.glob("*.json")
    second = growing.material("Stone", blend=0.9)
    second.nca.bake_folder = "//here"
    assert bpy.ops.nca.apply_preset(filepath=str(path)) == {"FINISHED"}
    nca = second.nca
    assert [tuple(point.at) for point in nca.points] == [tuple(point.at) for point in first.nca.points]
    assert (nca.course, nca.glow, nca.relief) == ("SWING", pytest.approx(2.5), pytest.approx(0.04))
    assert nca.bake_folder == "//here" and nca.start_frame == 1, "where it is in a file is the file's"
    np.testing.assert_array_equal(growing.grown(second, 5), growing.grown(first, 11))
    assert bpy.ops.nca.remove_preset(filepath=str(path)) == {"FINISHED"} and not path.exists()


def test_a_preset_makes_a_material_that_does_not_grow_grow(growing, folder):
    growing.material(blend=0.25)
    bpy.ops.nca.keep_preset(name="Some")
    bpy.ops.mesh.primitive_plane_add()
    assert bpy.ops.nca.apply_preset(filepath=str(folder / "Some.json")) == {"FINISHED"}
    assert bpy.context.object.active_material.nca.blend == 0.25


@pytest.mark.parametrize(
    "content", ["", "[1]", "{", '{"format": "neural-growth-preset", "version": 9, "growth": {}}']
)
def test_what_is_no_preset_is_told_and_changes_nothing(growing, folder, content):
    material = growing.material(blend=0.9)
    (folder / "bad.json").write_text(content)
    with pytest.raises(RuntimeError, match=r"preset|cannot be read"):
        bpy.ops.nca.apply_preset(filepath=str(folder / "bad.json"))
    assert material.nca.blend == pytest.approx(0.9)
    bpy.ops.mesh.primitive_plane_add()
    with pytest.raises(RuntimeError, match=r"preset|cannot be read"):
        bpy.ops.nca.apply_preset(filepath=str(folder / "bad.json"))
    assert bpy.context.object.active_material is None, "nothing begins to grow"
    bpy.context.view_layer.objects.active = bpy.data.objects["Plane"]
    with pytest.raises(RuntimeError, match="name of letters"):
        bpy.ops.nca.keep_preset(name=" ... ")
    bundled = next(iter(growing.module("addon.presets.files").BUNDLED.rglob("*.json")))
    with pytest.raises(RuntimeError, match="your own"):
        bpy.ops.nca.remove_preset(filepath=str(bundled))


def test_what_a_later_version_kept_is_taken_as_far_as_it_is_known(growing, folder):
    material = growing.material()
    preset = {
        "format": "neural-growth-preset",
        "version": 1,
        "growth": {
            "blend": 0.75,
            "seeds": "ORBITS",
            "tides": 3,
            "points": [{"at": [0.1, "x"]}, {"at": [0.1, 0.2]}],
        },
    }
    (folder / "later.json").write_text(json.dumps(preset))
    assert bpy.ops.nca.apply_preset(filepath=str(folder / "later.json")) == {"FINISHED"}
    assert material.nca.blend == 0.75 and material.nca.seeds == "CENTRE"
    assert material.nca.points[-1].at[1] == pytest.approx(0.2)


def test_every_bundled_preset_is_whole(growing):
    files = growing.module("addon.presets.files")
    bundled = [one for one in files.listed() if not one.is_own]
    assert len(bundled) == 12 and all(one.picture.is_file() for one in bundled)
    apply = growing.module("addon.presets.preset").apply
    library = growing.module("addon.library").species()
    material = growing.material()
    for one in bundled:
        assert apply(material.nca, files.read(Path(one.path))) == [], one.name
        for parent in (material.nca.a, material.nca.b):
            assert library.find(parent.manifold, parent.species).dna == parent.dna
