# SPDX-License-Identifier: GPL-3.0-or-later
"""Bake: the growth on disk, whole, continued after a stop, and shown by the material."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import bpy
import numpy as np
import pytest
from PIL import Image

from blender_nca.maps.colour import srgb_to_linear
from blender_nca.maps.sequence import SEQUENCE_MAPS, frame_path
from tests.pictures import read_png

from ..materials import FED, check_that_it_glows, describe, forget_emission


@pytest.fixture
def baking(growing, tmp_path):
    """A material that is to be baked from frame 1 to 6 into a folder."""
    material = growing.material(bake_start=1, bake_end=6, bake_folder=str(tmp_path / "baked"))
    return growing, material, tmp_path / "baked"


def read(folder: Path, map: str, frame: int, stem: str = "Wood") -> np.ndarray:
    return np.asarray(Image.open(frame_path(folder, stem, map, frame)))


def times(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.png")}


def test_bake_is_the_live_growth(baking):
    growing, material, folder = baking
    live = {}
    for frame in range(1, 7):
        bpy.context.scene.frame_set(frame)
        live[frame] = growing.pixels(material)
    assert bpy.ops.nca.bake() == {"FINISHED"}
    for frame, (colour, data) in live.items():
        written = read(folder, "base_colour", frame)[::-1] / 255
        np.testing.assert_allclose(srgb_to_linear(written[..., :3]), colour[..., :3], atol=5e-3)
        np.testing.assert_allclose(written[..., 3], colour[..., 3], atol=2e-3)
        np.testing.assert_allclose(read(folder, "roughness", frame)[::-1] / 255, data[..., 0], atol=2.1e-3)
        np.testing.assert_allclose(read(folder, "metallic", frame)[::-1] / 255, data[..., 1], atol=2.1e-3)
        np.testing.assert_allclose(read(folder, "height", frame)[::-1] / 65535, data[..., 2], atol=1e-5)
        emitted = srgb_to_linear(read(folder, "emission", frame)[::-1] / 255)
        np.testing.assert_allclose(emitted, colour[..., :3] * data[..., 3:], atol=5e-3)
        linear = read_png(frame_path(folder, "Wood", "linear_base_colour", frame))[::-1]
        np.testing.assert_allclose(linear, colour, atol=1e-5)
        strength = read(folder, "glow", frame)[::-1] / 65535
        np.testing.assert_allclose(strength, data[..., 3], atol=1e-5)
        assert read(folder, "normal", frame).shape == (16, 32, 3)


def test_a_baked_material_reads_its_files(baking):
    _, material, folder = baking
    assert bpy.ops.nca.bake() == {"FINISHED"}
    nca = material.nca
    assert nca.baked and nca.image_colour is None and nca.image_data is None
    nodes = [node for node in nca.tree.nodes if node.type == "TEX_IMAGE"]
    assert len(nodes) == 5
    for node in nodes:
        assert node.image.source == "SEQUENCE" and node.image.alpha_mode == "CHANNEL_PACKED"
        user = node.image_user
        assert (user.frame_start, user.frame_offset, user.frame_duration) == (2, 1, 5)
        assert user.use_auto_refresh and not user.use_cyclic
        is_colour = node.name == "Baked Linear Base Colour"
        assert node.image.colorspace_settings.name == ("Linear Rec.709" if is_colour else "Non-Color")
        assert Path(bpy.path.abspath(node.image.filepath)).parent == folder


def test_a_stopped_bake_continues(baking, monkeypatch):
    growing, material, folder = baking
    bake = growing.module("addon.bake.bake")
    running = bake.start(material)
    while len(running.finished) < 3:
        running.step(1.0)
    running.cancel()
    running.close()
    growing.grown(material, 2)  # the worker has come to the end of what it was writing
    before = times(folder)
    assert not material.nca.baked and len(before) >= 3 * len(SEQUENCE_MAPS)
    assert not list(folder.glob("*.part"))
    assert bpy.ops.nca.bake() == {"FINISHED"}
    after = times(folder)
    assert len(after) == 6 * len(SEQUENCE_MAPS)
    kept = {name: when for name, when in before.items() if any(f"_{f:04d}" in name for f in (1, 2, 3))}
    assert {name: after[name] for name in kept} == kept, "finished frames must not be grown again"


def test_a_longer_bake_keeps_the_first_frames(baking):
    _, material, folder = baking
    bpy.ops.nca.bake()
    bpy.ops.nca.free_bake()
    before = times(folder)
    material.nca.bake_end = 8
    assert bpy.ops.nca.bake() == {"FINISHED"}
    after = times(folder)
    assert {name: after[name] for name in before} == before and len(after) == 8 * len(SEQUENCE_MAPS)


def test_frames_of_another_growth_are_baked_anew(baking):
    _, material, folder = baking
    bpy.ops.nca.bake()
    bpy.ops.nca.free_bake()
    old = read(folder, "base_colour", 6)
    material.nca.random_seed, material.nca.blend = 11, 1.0
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert not np.array_equal(read(folder, "base_colour", 6), old)


def test_frames_of_an_unknown_origin_are_baked_anew(baking):
    _, _, folder = baking
    folder.mkdir()
    for name in SEQUENCE_MAPS:
        frame_path(folder, "Wood", name, 2).write_bytes(b"not a picture")
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert read(folder, "base_colour", 2).shape == (16, 32, 4)


def test_free_bake_is_live_again(baking):
    growing, material, folder = baking
    bpy.ops.nca.bake()
    sequences = [image.name for image in bpy.data.images if image.source == "SEQUENCE"]
    assert len(sequences) == 5
    assert bpy.ops.nca.free_bake() == {"FINISHED"}
    bpy.context.scene.frame_set(5)
    assert growing.shows(material, 5)
    assert not any(image.source == "SEQUENCE" for image in bpy.data.images)
    assert len(times(folder)) == 6 * len(SEQUENCE_MAPS), "the files stay"


def test_a_worker_killed_in_mid_bake_costs_nothing(baking):
    growing, material, folder = baking
    engine = growing.module("addon.engine").current()
    running = growing.module("addon.bake.bake").start(material)
    while not running.finished:
        running.step(5.0)
    assert not running.done, "it is killed in mid-bake"
    killed = engine.worker_pid
    os.kill(killed, 9)
    left = folder / f"{next(folder.glob('*_0001.png')).name.replace('_0001', '_0002')}.{killed}.part"
    left.write_bytes(b"half of it")  # as by a worker that was killed while it wrote
    while not running.done:
        running.step(5.0)
    running.close()
    for frame in range(1, 7):
        for name in SEQUENCE_MAPS:
            assert read(folder, name, frame).size
    assert not list(folder.glob("*.part"))


def test_a_read_only_folder_is_told(baking):
    growing, material, folder = baking
    folder.parent.joinpath("baked").write_text("a file where the folder should be")
    with pytest.raises(RuntimeError, match="choose another folder"):
        bpy.ops.nca.bake()
    assert not material.nca.baked
    bpy.context.scene.frame_set(3)
    assert growing.shows(material, 3), "the growth is still live"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights do not bind this user")
def test_a_folder_without_rights_is_told(baking):
    _, material, folder = baking
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(RuntimeError, match="choose another folder"):
            bpy.ops.nca.bake()
    finally:
        folder.chmod(stat.S_IRWXU)
    assert not material.nca.baked


def test_a_full_disk_keeps_what_is_finished(baking, monkeypatch):
    """The engine's word of a full disk reaches the artist; what is finished stays, and a later bake continues."""
    growing, _, folder = baking
    client = growing.module("engine.client")
    write = client.Engine.write_files
    refused = growing.module("engine.job").EngineError("The disk is full: free some space.", "files")

    def full_after_three(self, growth, frame, *arguments, **named):
        job = write(self, growth, frame, *arguments, **named)
        if frame < 3:
            return job
        job.cancel()
        failed = client.Job({})
        failed.end(error=refused)
        return failed

    monkeypatch.setattr(client.Engine, "write_files", full_after_three)
    with pytest.raises(RuntimeError, match=r"disk is full.*3 of 6 frames"):
        bpy.ops.nca.bake()
    monkeypatch.undo()
    before = times(folder)
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert all(times(folder)[name] == time for name, time in before.items() if int(name[-8:-4]) <= 3)


def test_a_record_that_cannot_be_written_does_not_end_the_bake(baking, monkeypatch):
    """Else the material would count as being baked until Blender is started again."""
    growing, material, folder = baking
    bake, kept = growing.module("addon.bake.bake"), growing.module("baking.texture_set")
    write, refused = kept.write_record, []

    def full_in_mid_bake(where, stem, record):
        if record["frames"]:
            refused.append(record)
            raise OSError(28, "No space left on device")
        return write(where, stem, record)

    monkeypatch.setattr(kept, "write_record", full_in_mid_bake)
    monkeypatch.setattr(kept, "RECORD_PAUSE", -1.0)
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert refused and material.nca.baked and bake.running(material) is None
    assert read(folder, "base_colour", 6).size


def test_images_that_are_gone_when_the_bake_ends_are_told(baking, monkeypatch):
    growing, material, folder = baking
    bake = growing.module("addon.bake.bake")
    close = bake.Bake.close

    def close_and_lose(running):
        close(running)
        frame_path(folder, "Wood", "linear_base_colour", 1).unlink(missing_ok=True)

    monkeypatch.setattr(bake.Bake, "close", close_and_lose)
    with pytest.raises(RuntimeError, match=r"cannot be opened: bake again\. \(Cannot read"):
        bpy.ops.nca.bake()
    assert not material.nca.baked and bake.running(material) is None
    bpy.context.scene.frame_set(3)
    assert growing.shows(material, 3), "the growth is still live"
    monkeypatch.undo()
    assert bpy.ops.nca.bake() == {"FINISHED"} and material.nca.baked


def test_an_unsaved_file_asks_for_a_folder(growing):
    growing.material(bake_folder="")
    with pytest.raises(RuntimeError, match=r"Save the \.blend file first"):
        bpy.ops.nca.bake()


def test_a_saved_file_bakes_beside_itself(growing, tmp_path):
    material = growing.material("Oak: old/wet", bake_folder="", bake_start=0, bake_end=2)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "forest.blend"))
    assert bpy.ops.nca.bake() == {"FINISHED"}
    baked = tmp_path / "textures" / "forest" / "Oak_ old_wet"
    assert (baked / "Oak_ old_wet_base_colour_0002.png").is_file()
    paths = [node.image.filepath for node in material.nca.tree.nodes if node.type == "TEX_IMAGE"]
    assert all(path.startswith("//textures") for path in paths)


def test_another_file_beside_it_does_not_replace_its_images(growing, tmp_path):
    material = growing.material(bake_folder="", bake_start=1, bake_end=2)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "one.blend"))
    assert bpy.ops.nca.bake() == {"FINISHED"}
    before = times(tmp_path / "textures" / "one" / material.name)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "two.blend"))
    bpy.ops.nca.free_bake()
    material.nca.random_seed = 9
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert before and times(tmp_path / "textures" / "one" / material.name) == before


def test_materials_of_one_file_name_do_not_replace_each_others_images(growing, tmp_path):
    baked = dict(bake_start=1, bake_end=2, bake_folder=str(tmp_path / "baked"))
    first = growing.material("Oak: wet", **baked)
    assert bpy.ops.nca.bake() == {"FINISHED"}
    before = times(tmp_path / "baked")
    second = growing.material("Oak? wet", random_seed=3, **baked)
    with pytest.raises(RuntimeError, match="Oak: wet is baked to files of the same names"):
        bpy.ops.nca.bake(material=second.name)
    assert times(tmp_path / "baked") == before and first.nca.baked and not second.nca.baked
    second.name = "Oak, dry"
    assert bpy.ops.nca.bake(material=second.name) == {"FINISHED"}


def test_a_baked_material_whose_group_was_deleted_is_live_again(baking):
    growing, material, _ = baking
    bpy.ops.nca.bake()
    bpy.data.node_groups.remove(material.nca.tree)
    bpy.context.scene.frame_set(5)
    assert not material.nca.baked and growing.shows(material, 5)
    assert bpy.ops.nca.bake() == {"FINISHED"} and material.nca.baked


def test_an_end_before_the_start_is_told(baking):
    _, material, _ = baking
    material.nca.bake_end = 0
    with pytest.raises(RuntimeError, match="before it starts"):
        bpy.ops.nca.bake()


def test_a_copy_of_a_baked_material_is_freed_alone(baking):
    growing, material, _ = baking
    bpy.ops.nca.bake()
    copy = material.copy()
    bpy.context.scene.frame_set(2)
    assert copy.nca.tree != material.nca.tree
    assert bpy.ops.nca.free_bake(material=copy.name) == {"FINISHED"}
    bpy.context.scene.frame_set(4)
    assert growing.shows(copy, 4)
    assert all(n.image.source == "SEQUENCE" for n in material.nca.tree.nodes if n.type == "TEX_IMAGE")


def test_a_copy_made_just_now_stays_baked_where_its_original_is_freed(baking):
    growing, material, _ = baking
    bpy.ops.nca.bake()
    copy = material.copy()
    growing.module("addon.bake.shown").free(material)
    assert copy.nca.baked and not material.nca.baked
    assert all(n.image.source == "SEQUENCE" for n in copy.nca.tree.nodes if n.type == "TEX_IMAGE")
    assert all(n.image.source != "SEQUENCE" for n in material.nca.tree.nodes if n.type == "TEX_IMAGE")


def test_a_growth_baked_in_a_file_from_before_emission_is_brought_up_to_date(growing, rich, tmp_path):
    before = describe(rich.node_tree)
    bpy.ops.nca.new()
    rich.nca.bake_folder, rich.nca.bake_start, rich.nca.bake_end = str(tmp_path), 1, 2
    rich.nca.width = rich.nca.height = 8
    assert bpy.ops.nca.bake() == {"FINISHED"}
    forget_emission(rich)
    check_that_it_glows(growing, rich, before, is_baked=True)


def test_a_removed_bake_leaves_no_data(growing, rich, tmp_path):
    before = describe(rich.node_tree)
    bpy.ops.nca.new()
    nca = rich.nca
    library = growing.module("addon.library").species()
    nca.b.choose(library.find("tiny", "Ash"))
    nca.a.choose(library.find("tiny", "Ash"))
    nca.width = nca.height = 8
    nca.bake_folder, nca.bake_start, nca.bake_end = str(tmp_path), 1, 2
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert bpy.ops.nca.remove() == {"FINISHED"}
    assert describe(rich.node_tree) == before
    assert not any(image.source == "SEQUENCE" for image in bpy.data.images)


def test_what_was_deleted_in_the_group_is_made_anew(growing, tmp_path):
    material = growing.material(bake_start=1, bake_end=2, bake_folder=str(tmp_path))
    material.nca.tree.nodes.clear()
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert bpy.ops.nca.free_bake() == {"FINISHED"}
    tree = material.nca.tree
    output = next(node for node in tree.nodes if node.type == "GROUP_OUTPUT")
    assert all(output.inputs[name].is_linked for name in FED)
    assert {node.image for node in tree.nodes if node.type == "TEX_IMAGE"} == {
        material.nca.image_colour,
        material.nca.image_data,
    }


def test_operators_without_a_growth_say_so(growing):
    bpy.ops.mesh.primitive_plane_add()
    for name in ("bake", "free_bake"):
        with pytest.raises(RuntimeError, match="poll"):
            getattr(bpy.ops.nca, name)()
    growing.material("Other")
    bpy.ops.mesh.primitive_plane_add()
    for name in ("bake", "free_bake"):
        with pytest.raises(RuntimeError, match="no active material"):
            getattr(bpy.ops.nca, name)()
    with pytest.raises(RuntimeError, match="no material named"):
        bpy.ops.nca.bake(material="Nobody")


def test_a_species_of_a_missing_model_is_not_baked(growing, models, tmp_path):
    material = growing.material()
    folders = growing.neural_growth.preferences.model_folders
    try:
        folders[0].path = str(tmp_path / "nothing here")
        with pytest.raises(RuntimeError, match="tiny"):
            bpy.ops.nca.bake(material=material.name)
    finally:
        folders[0].path = str(models)


def test_a_bake_follows_the_range_of_the_scene_until_one_is_set(growing, tmp_path):
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 5, 44
    nca = growing.material(bake_folder=str(tmp_path)).nca
    assert (nca.bake_start, nca.bake_end) == (5, 44)
    scene.frame_start, scene.frame_end = 3, 4
    assert (nca.bake_start, nca.bake_end) == (3, 4) and nca.bake_follows
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert (nca.baked_first, nca.baked_last) == (3, 4)
    nca.bake_end = 30
    scene.frame_start, scene.frame_end = 2, 50
    assert (nca.bake_start, nca.bake_end) == (2, 30) and not nca.bake_follows
    copy = nca.id_data.copy()
    assert (copy.nca.bake_start, copy.nca.bake_end) == (2, 30)
    nca.bake_follows = True
    assert (nca.bake_start, nca.bake_end) == (2, 50)
    nca.bake_follows = False
    scene.frame_end = 60
    assert (nca.bake_start, nca.bake_end) == (2, 50)


def test_a_range_that_was_set_is_saved_and_one_that_follows_goes_on_following(growing, tmp_path):
    set_, follows = growing.material("Set", bake_start=-4, bake_end=9), growing.material("Follows")
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "a.blend"))
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "a.blend"))
    bpy.context.scene.frame_end = 77
    set_, follows = bpy.data.materials["Set"].nca, bpy.data.materials["Follows"].nca
    assert (set_.bake_start, set_.bake_end) == (-4, 9)
    assert (follows.bake_start, follows.bake_end) == (1, 77)


def test_a_growth_that_begins_below_frame_0_is_baked_from_its_start(growing, tmp_path):
    """Blender lets no scene begin below 0."""
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 0, 2
    nca = growing.material(start_frame=-3, bake_folder=str(tmp_path)).nca
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert (nca.baked_first, nca.baked_last) == (-3, 2)
    assert len(list(tmp_path.glob("Wood_base_colour_0*.png"))) == 6
    bpy.ops.nca.free_bake()
    before = times(tmp_path)
    assert bpy.ops.nca.bake() == {"FINISHED"}
    assert times(tmp_path) == before, "what is there is not baked again"
    scene.frame_start = 1
    assert nca.bake_start == 1, "what grows before the scene begins is not shown"


def test_a_bake_with_strips_is_the_same_whichever_frame_is_shown(growing, tmp_path):
    material = growing.material(bake_start=1, bake_end=9)
    for frame, blend in ((1, 0.0), (9, 1.0)):
        material.nca.blend = blend
        material.keyframe_insert("nca.blend", frame=frame)
    pictures = {}
    for name in ("keys", "strips"):
        if name == "strips":
            animation = material.animation_data
            strip = animation.nla_tracks.new().strips.new("Keys", 1, animation.action)
            if bpy.app.version >= (4, 4, 0):
                strip.action_slot = animation.action_slot
            animation.action = None
        for shown in (1, 9):
            bpy.context.scene.frame_set(shown)
            material.nca.bake_folder = str(tmp_path / name / str(shown))
            assert bpy.ops.nca.bake() == {"FINISHED"}
            pictures[name, shown] = read(tmp_path / name / str(shown), "base_colour", 6).tobytes()
            bpy.ops.nca.free_bake()
    assert len(set(pictures.values())) == 1


def test_a_driver_that_cannot_be_read_ahead_is_not_baked(growing, tmp_path):
    """Each frame would be grown with what it reads in the one that is shown."""
    material = growing.material(bake_start=1, bake_end=3, bake_folder=str(tmp_path / "baked"))
    driver = material.driver_add("nca.blend").driver
    driver.expression = "bpy.context.scene.frame_current / 50"
    with pytest.raises(RuntimeError, match=r"driver of Blend.*bpy.*set keyframes on Blend"):
        bpy.ops.nca.bake()
    assert not (tmp_path / "baked").exists()
    driver.expression = "frame / 50"
    assert bpy.ops.nca.bake() == {"FINISHED"}
