# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input: it is told in words, what was there stays, and a mended input grows."""

from __future__ import annotations

import shutil

import bpy
import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def shown(growing):
    """What the panel says of a material after a frame change."""

    def problem(material, frame: int = 4) -> str:
        bpy.context.scene.frame_set(frame)
        return growing.module("addon.playback.picture").picture_of(material).problem

    return problem


def test_wrong_dna_is_told_and_the_last_good_one_grows_on(growing, shown):
    material = growing.material()
    nca = material.nca
    for text, word in (
        ("ACGT", "remove|add"),
        ("ACGTXCGT", "letter 5"),
        ("", "empty"),
        ("ACGTACGTA", "remove 1"),
    ):
        nca.a.text = text
        import re

        assert re.search(word, nca.a.draft_problem), nca.a.draft_problem
        assert nca.a.dna == "ACGTACGT"
        assert not shown(material) and growing.shows(material, 4)
    nca.a.text = " acgt acga "
    assert (nca.a.dna, nca.a.draft_problem, nca.a.text) == ("ACGTACGA", "", "ACGTACGA")
    assert nca.a.label == "Ash (edited)"
    bpy.ops.nca.restore_dna(parent="A")
    assert nca.a.dna == "ACGTACGT" and nca.a.label == "Ash"


def test_a_species_of_a_missing_model_names_it(growing, shown, models, tmp_path):
    material = growing.material()
    assert not shown(material, 3)
    folders = growing.neural_growth.preferences.model_folders
    try:
        folders[0].path = str(tmp_path / "nothing here")
        problem = shown(material)
        assert "“tiny”" in problem and "Ash" in problem and "preferences" in problem
        assert not growing.pixels(material).any(), (
            "without a window somebody would take the picture of before"
        )
        assert material.nca.a.dna == "ACGTACGT"
        assert material.nca.a.picture == "tiny/Ash", "the list still shows it, as missing"
    finally:
        folders[0].path = str(models)
    assert not shown(material) and growing.shows(material, 4)


def test_a_model_that_cannot_be_used_names_its_file(growing, shown, models, tmp_path):
    own = tmp_path / "own" / "tiny"
    shutil.copytree(models / "tiny", own)
    weights, card = (own / name for name in ("manifold.safetensors", "card.json"))
    whole, plain = weights.read_bytes(), card.read_bytes()
    material = growing.material()
    folders, library = growing.neural_growth.preferences.model_folders, growing.module("addon.library")
    try:
        folders.add().path = str(tmp_path / "own")
        for file, damaged in (
            (weights, whole[:500]),
            (card, b'{"format": "something else"}'),
            (card, plain.replace(b'"version": 1', b'"version": 99')),
        ):
            weights.write_bytes(whole), card.write_bytes(plain)
            file.write_bytes(damaged)
            library.forget()
            problem = shown(material)
            assert "tiny" in problem and str(file) in problem, damaged[:40]
    finally:
        folders.remove(1)
        library.forget()
    assert not shown(material) and growing.shows(material, 4)


def test_a_mask_without_pixels_is_told(growing, shown, tmp_path):
    material = growing.material(seeds="MASK")
    assert "choose one" in shown(material)
    lost = bpy.data.images.new("Lost", 4, 4)
    lost.source, lost.filepath = "FILE", str(tmp_path / "gone.png")
    material.nca.mask = lost
    assert "“Lost” has no pixels" in shown(material)
    whole = bpy.data.images.new("Whole", 4, 4)
    whole.pixels.foreach_set(np.ones(64, np.float32))
    material.nca.mask = whole
    assert not shown(material) and growing.shows(material, 4)


def test_a_mask_is_upright(growing):
    """What is bright at the upper left of the image grows at the upper left of the picture."""
    material = growing.material(seeds="MASK", steps_per_frame=0.0)
    mask = bpy.data.images.new("Mask", 16, 8)
    pixels = np.zeros((8, 16, 4), np.float32)
    pixels[..., 3] = 1
    pixels[6:, :3, :3] = 1
    mask.pixels.foreach_set(pixels.ravel())
    material.nca.mask = mask
    seeds = growing.module("addon.material.growth").growth_of(material, 0).seeds
    expected = np.zeros((8, 16))
    expected[:2, :3] = 1
    np.testing.assert_array_equal(seeds.mask.unpack(8, 16), expected)


def test_a_painted_mask_is_read_again(growing, shown):
    material = growing.material(seeds="MASK")
    mask = bpy.data.images.new("Mask", 16, 8)
    mask.pixels.foreach_set(np.ones(16 * 8 * 4, np.float32))
    material.nca.mask = mask
    assert not shown(material)
    before = growing.pixels(material)
    pixels = np.zeros((8, 16, 4), np.float32)
    pixels[4, 4] = 1
    mask.pixels.foreach_set(pixels.ravel())
    mask.update_tag()
    bpy.context.view_layer.update()
    assert not shown(material)
    assert not np.array_equal(growing.pixels(material), before)


def test_an_image_sequence_is_a_mask_by_the_file_that_it_was_opened_by(growing, shown, tmp_path):
    material = growing.material(seeds="MASK")
    for frame, columns in ((1, slice(0, 4)), (2, slice(4, 8)), (3, slice(8, 16))):
        white = np.zeros((8, 16, 3), np.uint8)
        white[:, columns] = 255
        Image.fromarray(white).save(tmp_path / f"mask_{frame:04d}.png")
    sequence = bpy.data.images.load(str(tmp_path / "mask_0002.png"))
    sequence.source = "SEQUENCE"
    material.nca.mask = sequence
    before = set(bpy.data.images)
    assert not shown(material) and growing.shows(material, 4)
    expected = np.zeros((8, 16))
    expected[:, 4:8] = 1
    seeds = growing.module("addon.material.growth").growth_of(material, 0).seeds
    np.testing.assert_array_equal(seeds.mask.unpack(8, 16), expected)
    assert set(bpy.data.images) == before
    sequence.filepath = str(tmp_path / "gone_0001.png")
    growing.module("addon.material.mask").forget_masks()
    assert "has no pixels" in shown(material)


def test_a_movie_is_a_mask_by_its_first_frame(growing, shown, tmp_path):
    material = growing.material(seeds="MASK")
    scene = bpy.context.scene
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 64, 32, 100
    scene.frame_start, scene.frame_end = 1, 3
    if bpy.app.version >= (5, 0, 0):
        scene.render.image_settings.media_type = "VIDEO"
    scene.render.image_settings.file_format = "FFMPEG"
    scene.render.ffmpeg.format, scene.render.ffmpeg.codec = "MPEG4", "H264"
    scene.render.filepath = str(tmp_path / "mask.mp4")
    editor = scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    for frame, rows in ((1, slice(0, 16)), (2, slice(16, 32)), (3, slice(16, 32))):
        white = np.zeros((32, 64, 3), np.uint8)
        white[rows] = 255
        Image.fromarray(white).save(tmp_path / f"{frame}.png")
        strip = strips.new_image(str(frame), str(tmp_path / f"{frame}.png"), frame, frame)
        strip.frame_final_duration = 1
    bpy.ops.render.render(animation=True)
    material.nca.mask = bpy.data.images.load(str(tmp_path / "mask.mp4"))
    assert material.nca.mask.source == "MOVIE"
    assert not shown(material) and growing.shows(material, 4)
    seeds = growing.module("addon.material.growth").growth_of(material, 0).seeds
    expected = np.zeros((8, 16))
    expected[:4] = 1
    np.testing.assert_array_equal(seeds.mask.unpack(8, 16) > 0.5, expected)


def test_too_large_a_picture_says_what_to_lower(growing, shown):
    material = growing.material()
    material.nca.width = 100_000
    assert material.nca.width == 4096
    material.nca.pixels_per_cell = 32
    assert "at most 16384 a side" in shown(material)
    material.nca.width = 0
    assert material.nca.width == 8
    material.nca.pixels_per_cell = 2
    assert not shown(material)


def test_without_torch_numpy_grows_the_same(growing, shown, monkeypatch):
    material = growing.material()
    assert not shown(material, 6)
    with_torch = growing.pixels(material)
    engine = growing.module("addon.engine")
    engine.stop()
    monkeypatch.delenv("NCA_WORKER_PYTHON", raising=False)
    monkeypatch.setattr(growing.module("addon.settings.preferences"), "device", lambda: "numpy")
    growing.module("addon.playback.picture").forget()
    assert not shown(material, 6)
    np.testing.assert_allclose(growing.pixels(material), with_torch, atol=2e-3)
    assert "numpy" in engine.device_line()
    engine.stop()


def test_a_killed_worker_is_not_noticed(growing, shown):
    import os

    material = growing.material()
    assert not shown(material, 3)
    os.kill(growing.module("addon.engine").current().worker_pid, 9)
    assert not shown(material, 7)
    assert growing.shows(material, 7)


def test_operators_without_a_growth_say_so(growing):
    bpy.ops.mesh.primitive_plane_add()
    for name in ("remove", "swap", "randomise_seed"):
        with pytest.raises(RuntimeError, match="poll"):
            getattr(bpy.ops.nca, name)()
    growing.material("Other")
    bpy.ops.mesh.primitive_plane_add()
    for name in ("remove", "swap", "randomise_seed"):
        with pytest.raises(RuntimeError, match="no active material"):
            getattr(bpy.ops.nca, name)()
    assert bpy.ops.nca.swap(material="Other") == {"FINISHED"}
    with pytest.raises(RuntimeError, match="no material named"):
        bpy.ops.nca.swap(material="Nobody")


def test_the_self_test_reports(growing):
    assert bpy.ops.nca.self_test() == {"FINISHED"}
    report = growing.module("addon.engine").self_test_report
    assert report["versions"]["python"] and report["steps_per_second"] > 0
