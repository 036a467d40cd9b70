# SPDX-License-Identifier: GPL-3.0-or-later
"""Training: after an update of its model a growth looks as it did, until the artist says otherwise."""

from __future__ import annotations

import shutil

import bpy
import numpy as np
import pytest

from blender_nca.maps.sequence import frame_path

from ..conftest import MODEL, write_model
from ..layout import Layout


@pytest.fixture
def library(growing, tmp_path, monkeypatch):
    """Folders of models that a test may change: one with the tiny model, and none other named."""
    folders = growing.neural_growth.preferences.model_folders
    before = folders[0].path
    shutil.copytree(before, tmp_path / "models")
    # each other folder starts the engine again: without torch that takes no time
    monkeypatch.setattr(growing.module("addon.settings.preferences"), "device", lambda: "numpy")

    def name(*paths) -> None:
        folders.clear()
        for path in paths:
            folders.add().path = str(path)
        bpy.ops.nca.reload_library()

    name(tmp_path / "models")
    yield name
    folders.clear()
    folders.add().path = before
    bpy.ops.nca.reload_library()


@pytest.fixture
def retrain(library, other_models, tmp_path):
    """Put another training into the place of the tiny model."""

    def replace() -> None:
        shutil.rmtree(tmp_path / "models" / MODEL)
        shutil.copytree(other_models / MODEL, tmp_path / "models" / MODEL)
        bpy.ops.nca.reload_library()

    return replace


@pytest.fixture
def drawn(growing):
    """What the panel says of a material's training, and which choices it has."""
    panel, description = growing.module("addon.material.panel"), growing.module("addon.material.training")

    def draw(material) -> tuple[str, list[str]]:
        layout = Layout()
        panel._draw_training(bpy.context, layout, material)
        problem = "" if material.nca.baked else description.why_not_grown(material.nca)
        return " ".join([*(text for _, text in layout.labels), problem]).strip(), layout.operators

    return draw


def shown(growing, material) -> np.ndarray:
    bpy.context.scene.frame_set(2)
    bpy.context.scene.frame_set(4)
    return growing.pixels(material)


def test_a_growth_stays_while_its_training_is_in_any_folder(growing, library, other_models, drawn, tmp_path):
    material = growing.material()
    before = shown(growing, material)
    assert drawn(material) == ("", [])
    library(tmp_path / "models", other_models)
    np.testing.assert_array_equal(shown(growing, material), before)
    text, choices = drawn(material)
    assert "still grows by the earlier one" in text and choices == ["nca.keep_model", "nca.take_model"]
    bpy.ops.nca.keep_model()
    assert drawn(material) == ("Grows by an earlier model", ["nca.take_model"])
    bpy.ops.ed.undo_push(message="Kept")
    bpy.ops.nca.take_model()
    assert drawn(material) == ("", [])
    after = shown(growing, material)
    assert not np.array_equal(after, before)
    bpy.ops.ed.undo_push(message="Taken")
    bpy.ops.ed.undo()
    material = bpy.data.materials["Wood"]
    assert drawn(material)[0] == "Grows by an earlier model"
    np.testing.assert_array_equal(shown(growing, material), before)
    other = growing.material("New")
    np.testing.assert_array_equal(shown(growing, other), after)
    assert drawn(other) == ("", []), "what is made now is of the model that is here now"


def test_a_growth_whose_training_is_gone_is_not_another_one_silently(
    growing, retrain, drawn, tmp_path, capsys
):
    material = growing.material()
    bpy.context.scene.frame_set(4)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "wood.blend"))
    before = growing.pixels(material)
    retrain()
    capsys.readouterr()
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "wood.blend"))
    bpy.context.scene.frame_set(5)
    material = bpy.data.materials["Wood"]
    text, choices = drawn(material)
    assert "the earlier one is not here" in text and choices == ["nca.take_model"]
    assert growing.module("addon.playback.picture").picture_of(material).problem == text
    assert capsys.readouterr().err.count(text) == 1, "one line in the log"
    with pytest.raises(RuntimeError, match="is not here"):
        bpy.ops.nca.bake()
    bpy.ops.nca.take_model()
    bpy.context.scene.frame_set(4)
    assert growing.shows(material, 4) and not np.array_equal(growing.pixels(material), before)


def test_baked_pictures_stay(growing, retrain, drawn, tmp_path, capsys):
    folder = tmp_path / "baked"
    material = growing.material(bake_start=1, bake_end=2, bake_folder=str(folder))
    bpy.ops.nca.bake()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "wood.blend"))
    retrain()
    capsys.readouterr()
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "wood.blend"))
    material = bpy.data.materials["Wood"]
    text, choices = drawn(material)
    assert capsys.readouterr().err.count(text) == 1, "a render's log says it"
    assert "The baked pictures stay" in text and choices == ["nca.keep_model", "nca.take_model"]
    bpy.ops.nca.keep_model()
    assert drawn(material) == ("Baked by an earlier model", ["nca.take_model"])
    bpy.ops.nca.take_model()
    assert drawn(material) == ("", []) and material.nca.baked
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    bpy.ops.nca.free_bake()
    bpy.ops.nca.bake()
    name = frame_path(folder, "Wood", "base_colour", 2).name
    assert (folder / name).read_bytes() != before[name], "it is not taken for what was baked before"


def test_models_that_an_update_replaces_are_kept(growing, library, drawn, monkeypatch, tmp_path):
    bundled = tmp_path / "extension"
    shutil.copytree(tmp_path / "models", bundled)
    for name in ("addon.library.versions", "addon.settings.preferences"):
        monkeypatch.setattr(growing.module(name), "BUNDLED_MODELS", bundled)
    library()
    material = growing.material()
    before = shown(growing, material)
    shutil.rmtree(bundled / MODEL)
    write_model(bundled / MODEL, random_seed=5)
    bpy.ops.nca.reload_library()
    np.testing.assert_array_equal(shown(growing, material), before)
    assert "still grows by the earlier one" in drawn(material)[0]


def test_a_file_of_an_older_version_is_of_the_model_that_is_here(growing):
    material = growing.material()
    present = material.nca.model_version
    assert len(present) == 64
    material.nca.model_version = ""
    growing.module("addon.material.duplicates").separate()
    assert material.nca.model_version == present


def test_a_growth_of_a_newer_version_stays_as_it_is_and_is_said_to_be_newer(growing):
    material = growing.material()
    newer = growing.module("addon.material.migration").VERSION + 1
    material.nca.version = newer
    growing.module("addon.material.duplicates").separate()
    assert material.nca.version == newer
    (problem,) = growing.module("addon.material.panel")._problems(bpy.context, material)
    assert "newer Neural Growth" in problem and "update" in problem
