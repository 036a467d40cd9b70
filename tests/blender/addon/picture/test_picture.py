# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture becomes a species: read, refined, learned, taken; and a learned species goes where its growth goes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import bpy
import numpy as np
import pytest

from blender_nca.manifold.model_file import CARD
from blender_nca.maps.png import write_png
from tests.engine.tiny import needs_torch

from ..conftest import DNA, MODEL

RANDOM = np.random.default_rng(0)
BLOCKS = np.kron(RANDOM.random((16, 17, 3)), np.ones((8, 8, 1)))


@pytest.fixture
def textures(models, neural_growth):
    """The tiny model as one that grows textures: only those learn."""
    path = models / MODEL / CARD
    before = path.read_text()
    card = {**json.loads(before), "pixels_per_cell": 4, "cells": 24, "boundary": "wrap"}
    path.write_text(json.dumps(card))
    yield
    path.write_text(before)
    for name in ("lessons", "learned"):
        shutil.rmtree(neural_growth.user_folder / name, ignore_errors=True)
    neural_growth.module("addon.picture.lessons").forget()


@pytest.fixture
def picture(tmp_path) -> Path:
    write_png(tmp_path / "blue_wall.png", BLOCKS)
    return tmp_path / "blue_wall.png"


@pytest.fixture
def learned(textures, growing, picture):
    """A growth whose picture was read and learned, as it is when Blender was closed meanwhile."""
    material = growing.material()
    lessons, given = growing.module("addon.picture.lessons"), growing.module("addon.picture.given")
    assert bpy.ops.nca.open_picture(filepath=str(picture)) == {"FINISHED"}
    assert bpy.ops.nca.read_picture() == {"FINISHED"}
    note = lessons.begin("Blue Wall", MODEL, given.given_of(material.nca), 60.0, 1.0, True)
    material.nca.lesson = note.identifier
    with pytest.raises(RuntimeError, match="Blue Wall is being learned: pause or stop it first"):
        bpy.ops.nca.learn_picture()
    while lessons.current() is not None and lessons.current().seconds <= 0:
        lessons.wait(0.2)
    bpy.ops.nca.pause_lesson()
    while lessons.current() is not None:
        lessons.wait(0.2)
    lessons.forget()  # as in a Blender that was just opened
    rested = lessons.find(note.identifier)
    assert rested.seconds > 0 and not rested.is_over and not rested.problem and not rested.process
    lessons.resume(note.identifier)
    bpy.ops.nca.stop_lesson()
    while lessons.current() is not None:
        lessons.wait(0.2)
    ended = lessons.find(note.identifier)
    assert ended.is_over and ended.seconds >= rested.seconds and ended.structure <= rested.structure
    with pytest.raises(RuntimeError, match="Blue Wall has been learned"):
        bpy.ops.nca.resume_lesson()
    return material


@needs_torch
def test_a_picture_becomes_a_species_that_opens_everywhere(
    learned, growing, neural_growth, tmp_path, monkeypatch
):
    material, lessons = learned, growing.module("addon.picture.lessons")
    nca = material.nca
    (read,) = nca.readings
    assert (
        read.how == "READ" and len(read.dna) == 8 and read.structure > 0 and read.species == "Blue Wall Read"
    )
    monkeypatch.setattr(growing.module("addon.picture.study"), "ITERATIONS", 2)
    assert bpy.ops.nca.refine_picture() == {"FINISHED"}
    assert [one.how for one in nca.readings] == ["READ", "REFINED"] and nca.readings[0].dna == read.dna
    bpy.ops.ed.undo_push(message="refined")
    assert bpy.ops.nca.take_reading(how="REFINED") == {"FINISHED"}
    assert nca.a.dna == nca.readings[1].dna and nca.a.species == "Blue Wall Refined"
    bpy.ops.ed.undo_push(message="taken")
    bpy.ops.ed.undo()
    material = bpy.data.materials["Wood"]
    nca = material.nca
    assert nca.a.dna == DNA["Ash"] and len(nca.readings) == 2

    assert bpy.ops.nca.take_lesson() == {"FINISHED"}
    assert bpy.ops.nca.remove_lesson() == {"FINISHED"} and not lessons.all_notes()
    (key,) = nca.a.learned.split()
    own = neural_growth.user_folder / "learned" / f"{key}.safetensors"
    assert nca.a.species == "Blue Wall" and own.is_file()
    nca.blend = 0.0
    bpy.context.scene.frame_set(6)
    before = growing.pixels(material)
    assert growing.shows(material, 6)
    growth = growing.module("addon.material.growth").growth_of(material, 5)
    assert growth.learned == (key,)

    # it goes where the growth goes: bred, exchanged, as a preset, given away
    bpy.ops.nca.breed(random_seed=1)
    assert all(one.learned == key for one in nca.offspring)
    bpy.ops.nca.swap()
    assert nca.b.learned == key and not nca.a.learned
    bpy.ops.nca.swap()
    preset = growing.module("addon.presets.preset")
    kept = preset.describe(nca)["growth"]
    assert kept["a"]["learned"] == key and "readings" not in kept and "units" not in kept
    given = tmp_path / "given.safetensors"
    assert bpy.ops.nca.export_learned(filepath=str(given)) == {"FINISHED"}
    with pytest.raises(RuntimeError, match="no learned species"):
        bpy.ops.nca.export_learned(filepath=str(given), parent="B")

    # and opens where its file is not
    path = str(tmp_path / "wall.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    shutil.rmtree(own.parent)
    bpy.ops.wm.open_mainfile(filepath=path)
    material = bpy.data.materials["Wood"]
    bpy.context.scene.frame_set(6)
    np.testing.assert_array_equal(growing.pixels(material), before)
    assert own.is_file()

    # unless the artist does not want that: then it is named, with what to do
    material.nca.packs_units = False
    bpy.ops.wm.save_as_mainfile(filepath=path)
    assert not [text for text in bpy.data.texts if text.name.startswith("Blue Wall")]
    shutil.rmtree(own.parent)
    bpy.ops.wm.open_mainfile(filepath=path)
    nca = bpy.data.materials["Wood"].nca
    why_missing = growing.module("addon.material.learned").why_missing
    assert "“Blue Wall” was learned from a picture, and its file is not on this machine" in why_missing(nca)
    for content, said in (
        (b"no species", "damaged, or no learned"),
        (given.read_bytes()[:-9], "end is missing"),
    ):
        (tmp_path / "broken.safetensors").write_bytes(content)
        with pytest.raises(RuntimeError, match=said):
            bpy.ops.nca.import_learned(filepath=str(tmp_path / "broken.safetensors"))
    assert bpy.ops.nca.import_learned(filepath=str(given)) == {"FINISHED"} and not why_missing(nca)
    bpy.context.scene.frame_set(6)
    np.testing.assert_array_equal(growing.pixels(bpy.data.materials["Wood"]), before)

    nca.picture = bpy.data.images.new("dot", 8, 8)
    for ask in (bpy.ops.nca.read_picture, bpy.ops.nca.learn_picture):
        with pytest.raises(RuntimeError, match="The picture has 8 x 8 pixels: choose one of 24"):
            ask()
    preset.apply(nca, {"a": {"dna": DNA["Cedar"], "species": "Cedar"}})
    assert not nca.a.learned, "what was never learned is not grown by what the one before it learned"
