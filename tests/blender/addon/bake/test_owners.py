# SPDX-License-Identifier: GPL-3.0-or-later
"""Owners: baked files that somebody shows are never replaced unasked; and names and folders that work everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import bpy
import pytest

from blender_nca.maps.sequence import SEQUENCE_MAPS, frame_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.png")}


@pytest.fixture
def baked(growing, tmp_path):
    """A material that is baked over two frames into a chosen folder."""
    folder = tmp_path / "baked"
    material = growing.material(bake_start=1, bake_end=2, bake_folder=str(folder))
    assert bpy.ops.nca.bake() == {"FINISHED"}
    return growing, material, folder


def bake_refused(material: bpy.types.Material, words: str) -> None:
    with pytest.raises(RuntimeError, match=words):
        bpy.ops.nca.bake(material=material.name)


def test_a_renamed_material_keeps_the_files_that_it_shows(baked):
    growing, material, folder = baked
    before = contents(folder)
    material.name = "Oak"
    anew = growing.material("Wood", random_seed=5, bake_start=1, bake_end=2, bake_folder=str(folder))
    bake_refused(anew, "Oak shows the baked files of Wood in .*: choose another folder in Bake")
    assert contents(folder) == before and not anew.nca.baked
    anew.nca.bake_folder = str(folder / "other")
    assert bpy.ops.nca.bake(material=anew.name) == {"FINISHED"} and contents(folder) == before


def test_a_duplicate_keeps_the_files_that_it_shows(baked):
    _, material, folder = baked
    before = contents(folder)
    copy = material.copy()
    bpy.ops.nca.free_bake(material=material.name)
    assert bpy.ops.nca.bake(material=material.name) == {"FINISHED"}, "the same pictures replace nothing"
    bpy.ops.nca.free_bake(material=material.name)
    material.nca.random_seed = 5
    bake_refused(material, f"{copy.name} shows the baked files")
    assert contents(folder) == before
    material.nca.bake_end, material.nca.random_seed = 3, 0
    assert bpy.ops.nca.bake(material=material.name) == {"FINISHED"}, "a longer bake replaces nothing"
    assert contents(folder).items() >= before.items()


def test_a_duplicate_that_was_just_made_counts(baked):
    _, material, folder = baked
    before = contents(folder)
    material.copy()
    material.nca.random_seed = 5
    bake_refused(material, "Wood.001 shows the baked files")
    assert contents(folder) == before


def test_files_are_replaced_where_that_is_wanted(baked):
    _, material, folder = baked
    before = contents(folder)
    material.copy()
    material.nca.random_seed = 5
    assert bpy.ops.nca.bake(material=material.name, replace=True) == {"FINISHED"}
    after = contents(folder)
    assert after.keys() == before.keys() and after != before


def test_a_file_that_was_saved_under_another_name_leaves_the_first_ones_pictures_alone(growing, tmp_path):
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "one.blend"))
    material = growing.material(bake_start=1, bake_end=2, bake_folder="//baked")
    bpy.ops.wm.save_mainfile()
    assert bpy.ops.nca.bake() == {"FINISHED"}
    material.nca.random_seed = 3
    assert bpy.ops.nca.bake() == {"FINISHED"}, "its own files a .blend file replaces"
    before = contents(tmp_path / "baked")
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "two.blend"))
    assert bpy.ops.nca.bake() == {"FINISHED"}, "the same pictures replace nothing"
    material.nca.random_seed = 9
    bake_refused(material, "one.blend may show the baked files of Wood")
    assert contents(tmp_path / "baked") == before
    # both show them by now
    bpy.ops.wm.save_mainfile()
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "one.blend"))
    first = bpy.data.materials["Wood"]
    first.nca.random_seed = 4
    bake_refused(first, "two.blend may show")
    (tmp_path / "two.blend").unlink()
    assert bpy.ops.nca.bake(material="Wood") == {"FINISHED"}, "a file that is gone shows nothing"


def test_a_project_that_was_moved_knows_its_files(growing, tmp_path):
    (tmp_path / "here").mkdir()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "here" / "one.blend"))
    growing.material(bake_start=1, bake_end=2, bake_folder="//baked")
    bpy.ops.nca.bake()
    bpy.ops.wm.save_mainfile()
    (tmp_path / "here").rename(tmp_path / "there")
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "there" / "one.blend"))
    material = bpy.data.materials["Wood"]
    material.nca.random_seed = 4
    assert bpy.ops.nca.bake(material="Wood") == {"FINISHED"}


def test_what_uses_baked_files_by_itself_keeps_them(baked):
    _, material, folder = baked
    other = bpy.data.materials.new("Wall")
    if bpy.app.version < (5, 0, 0):
        other.use_nodes = True
    picture = other.node_tree.nodes.new("ShaderNodeTexImage")
    picture.image = bpy.data.images.load(str(frame_path(folder, "Wood", "roughness", 2)))
    before = contents(folder)
    material.nca.random_seed = 4
    bake_refused(material, "Wall shows")
    assert contents(folder) == before
    picture.image = None
    # of the material itself, outside of the growth's group
    material.node_tree.nodes.new("ShaderNodeTexImage").image = bpy.data.images["Wood_roughness_0002.png"]
    assert bpy.ops.nca.bake(material=material.name) == {"FINISHED"}


@pytest.mark.parametrize(
    ("first", "second"), [("Wood", "wood"), ("Stra\u00dfe", "STRASSE"), ("M\u00fchle", "Mu\u0308hle")]
)
def test_names_that_are_one_on_another_system_are_told_apart(growing, tmp_path, first, second):
    """In their own folders, too, which Windows and macOS would take for one."""
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "file.blend"))
    for name in (first, second):
        growing.material(name, bake_start=1, bake_end=1)
    bake_refused(
        bpy.data.materials[second], f"{first} is baked to files of names that Windows and macOS take"
    )
    bpy.data.materials[second].name = "Other"
    assert bpy.ops.nca.bake(material="Other") == {"FINISHED"}


@pytest.mark.skipif(bpy.app.version < (5, 0, 0), reason="names are short there")
def test_a_long_name_is_baked(growing, tmp_path):
    """In Blender 5 names have up to 255 bytes, as have those of files with all that comes after the material's."""
    material = growing.material(bake_start=1, bake_end=1, bake_folder=str(tmp_path / "baked"))
    destination = growing.module("addon.bake.destination")
    names = set()
    for ending in "ab":
        material.name = "\u82d4" * 82 + ending
        assert bpy.ops.nca.bake() == {"FINISHED"}
        names.add(destination.stem_of(material))
    files = {path.name for path in (tmp_path / "baked").iterdir()}
    assert all(len(f"{name}.part".encode()) <= 255 for name in files)
    assert len(names) == 2 and len(files) == 2 * (len(SEQUENCE_MAPS) + 1)


def test_a_folder_without_slashes_lies_beside_the_file(growing, tmp_path, monkeypatch):
    """Not wherever Blender was started."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    material = growing.material(bake_start=1, bake_end=1, bake_folder="baked/wood")
    with pytest.raises(RuntimeError, match=r"Save the \.blend file first"):
        bpy.ops.nca.bake()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "file.blend"))
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert contents(tmp_path / "baked" / "wood") and not list((tmp_path / "elsewhere").iterdir())
    material.nca.bake_folder = "~/growths"
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert bpy.ops.nca.bake() == {"FINISHED"} and contents(tmp_path / "home" / "growths")


@pytest.mark.skipif(os.name == "nt", reason="it is a folder there")
def test_a_folder_of_windows_is_told(growing, tmp_path):
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "file.blend"))
    material = growing.material(bake_folder="C:\\textures\\wood")
    bake_refused(material, "is a folder of Windows: choose another one")


def test_an_unsaved_file_is_baked_into_a_folder_that_is_named(growing, tmp_path):
    material = growing.material(bake_start=1, bake_end=2, bake_folder="")
    assert bpy.ops.nca.bake_into(directory=str(tmp_path / "named")) == {"FINISHED"}
    assert material.nca.baked and len(contents(tmp_path / "named")) == 2 * len(SEQUENCE_MAPS)
    assert Path(material.nca.bake_folder) == tmp_path / "named"
    with pytest.raises(RuntimeError, match="Choose a folder"):
        bpy.ops.nca.bake_into(directory="")


HOLDER = """
import sys
from blender_nca.maps.claim import Claim
claim = Claim(sys.argv[1], "Wood")
print("held", flush=True)
sys.stdin.read()
"""


def test_two_blenders_do_not_bake_into_one_folder_at_once(growing, tmp_path):
    material = growing.material(bake_start=1, bake_end=2, bake_folder=str(tmp_path / "baked"))
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "baked")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[4],
    )
    try:
        assert other.stdout.readline() == "held\n"
        bake_refused(material, "Another Blender is baking Wood into")
        assert not contents(tmp_path / "baked") and not growing.module("addon.bake.bake").is_running(material)
        other.kill()  # also where that Blender has crashed
        other.wait(30)
    finally:
        other.kill()
        other.communicate()
    end = time.monotonic() + 10
    while True:
        try:
            assert bpy.ops.nca.bake() == {"FINISHED"}
            break
        except RuntimeError:  # Windows lets go of the files of a process some moments after its end
            assert time.monotonic() < end
            time.sleep(0.1)
    assert not list((tmp_path / "baked").glob("*.lock"))
