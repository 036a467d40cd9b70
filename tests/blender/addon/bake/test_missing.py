# SPDX-License-Identifier: GPL-3.0-or-later
"""Missing: baked files that are gone are told instead of a tick, and found or baked again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import bpy
import pytest

from blender_nca.maps.sequence import SEQUENCE_MAPS, frame_path
from scripts import checkout

from ..layout import Layout
from ..materials import describe


@pytest.fixture
def baked(growing, tmp_path):
    """A material that is baked over three frames, and what the panel says of it."""
    folder = tmp_path / "baked"
    material = growing.material(bake_start=1, bake_end=3, bake_folder=str(folder))
    assert bpy.ops.nca.bake() == {"FINISHED"}
    panel, missing = (growing.module(f"addon.bake.{name}") for name in ("panel", "missing"))

    def drawn() -> tuple[str, list[str], list[str]]:
        missing.forget()
        layout = Layout()
        panel.draw_state(bpy.context, layout, material)
        panel.draw_remedy(bpy.context, layout, material)
        icons = [icon for icon, _ in layout.labels]
        return " ".join(text for _, text in layout.labels), icons, layout.operators

    return drawn, material, folder


def test_whole_bakes_have_their_tick(baked):
    drawn, _, _ = baked
    text, icons, operators = drawn()
    assert text.startswith("Baked: frames 1 to 3") and icons[0] == "CHECKMARK"
    assert operators == ["wm.path_open"], "the folder opens"


def test_one_lost_picture_is_told(baked):
    drawn, _, folder = baked
    frame_path(folder, "Wood", "roughness", 2).unlink()
    text, icons, operators = drawn()
    assert "1 of 3 baked frames is not in" in text
    assert "CHECKMARK" not in icons and icons[0] == "ERROR"
    assert operators == ["nca.find_bake", "nca.bake"]


def test_a_lost_map_that_is_not_shown_is_no_loss(baked):
    drawn, _, folder = baked
    frame_path(folder, "Wood", "normal", 2).unlink()
    assert drawn()[1][0] == "CHECKMARK"


def test_a_bake_of_one_frame_is_missed_too(growing, baked):
    drawn, material, folder = baked
    bpy.ops.nca.free_bake()
    material.nca.bake_end = 1
    bpy.ops.nca.bake()
    assert drawn()[1][0] == "CHECKMARK"
    frame_path(folder, "Wood", "linear_base_colour", 1).unlink()
    assert drawn()[0].startswith("All baked frames are not in")


def test_an_image_that_was_deleted_is_told(baked):
    drawn, material, _ = baked
    bpy.data.images.remove(material.nca.tree.nodes["Baked Height"].image)
    text, icons, operators = drawn()
    assert "gone from the growth's node group" in text and icons[0] == "ERROR" and operators == ["nca.bake"]
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert drawn()[1][0] == "CHECKMARK"


def test_lost_pictures_are_baked_again(baked):
    drawn, _, folder = baked
    kept = frame_path(folder, "Wood", "height", 1).stat().st_mtime_ns
    frame_path(folder, "Wood", "roughness", 2).unlink()
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert drawn()[1][0] == "CHECKMARK"
    assert frame_path(folder, "Wood", "height", 1).stat().st_mtime_ns == kept


def test_files_that_were_moved_are_found(baked, tmp_path):
    drawn, material, folder = baked
    before = describe(material.nca.tree)
    (tmp_path / "archive" / "deep").mkdir(parents=True)
    folder.rename(tmp_path / "archive" / "deep" / "maps")
    assert drawn()[0].startswith("All baked frames are not in")
    with pytest.raises(RuntimeError, match="choose another folder, or bake again"):
        bpy.ops.nca.find_bake(directory=str(tmp_path / "nowhere"))
    assert bpy.ops.nca.find_bake(directory=str(tmp_path / "archive")) == {"FINISHED"}
    place = tmp_path / "archive" / "deep" / "maps"
    assert drawn()[1][0] == "CHECKMARK" and describe(material.nca.tree) == before
    for node in material.nca.tree.nodes:
        if node.type == "TEX_IMAGE":
            assert Path(bpy.path.abspath(node.image.filepath)).parent == place
            assert node.image.source == "SEQUENCE" and node.image_user.frame_duration == 2
    times = {path.name: path.stat().st_mtime_ns for path in place.glob("*.png")}
    assert bpy.ops.nca.bake() == {"FINISHED"}, "the next bake finds its frames finished there"
    assert {path.name: path.stat().st_mtime_ns for path in place.glob("*.png")} == times
    assert len(times) == 3 * len(SEQUENCE_MAPS)


def test_a_renamed_materials_files_are_found_by_the_names_that_they_have(baked, tmp_path):
    drawn, material, folder = baked
    material.name = "Oak"
    folder.rename(tmp_path / "moved")
    assert bpy.ops.nca.find_bake(directory=str(tmp_path), material="Oak") == {"FINISHED"}
    assert drawn()[1][0] == "CHECKMARK"


SCRIPT = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import bpy
from scripts import checkout
checkout.offer(Path(os.environ["BLENDER_USER_RESOURCES"]))
checkout.enable()
bpy.ops.wm.open_mainfile(filepath=sys.argv[2])
sys.stderr.flush()
os._exit(0)
"""


def test_a_render_farm_says_what_it_does_not_find(baked, tmp_path):
    _, _, folder = baked
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "file.blend"))
    folder.rename(tmp_path / "moved")
    resources = tmp_path / "resources"
    resources.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(checkout.REPOSITORY), str(tmp_path / "file.blend")],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "BLENDER_USER_RESOURCES": str(resources)},
    )
    assert "Neural Growth: Wood: All baked frames are not in" in done.stderr, done.stdout + done.stderr
