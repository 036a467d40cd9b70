# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture becomes a species: read, refined and learned, taken, and none of it lost."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import bpy
import numpy as np
import pytest

from blender_nca.maps.png import write_png
from tests.engine.tiny import needs_torch

MODEL = "materials"
BLOCKS = np.kron(np.random.default_rng(0).random((16, 17, 3)), np.ones((8, 8, 1)))
pytestmark = [
    needs_torch,
    pytest.mark.skipif(
        bpy.app.version[:2] != (5, 0), reason="once is enough: what learns is a process of its own"
    ),
]


@pytest.fixture
def textured(growing, neural_growth, tmp_path, monkeypatch):
    """A growth of the bundled textures, of which two are known to what learns, and a picture for it."""
    library, lessons = growing.module("addon.library").species(), growing.module("addon.picture.lessons")
    known = [library.find(MODEL, name) for name in ("Lava", "Giraffe")]
    of = {MODEL: [*known, SimpleNamespace(dna="ACGT")], "emoji": []}  # one is of an earlier training
    catalogue = SimpleNamespace(
        species=lambda: SimpleNamespace(of=of.get), dna_length={MODEL: 32, "emoji": 128}.get
    )
    monkeypatch.setattr(lessons, "catalogue", catalogue)
    write_png(tmp_path / "blue_wall.png", BLOCKS)
    material = growing.material()
    for parent, one in zip((material.nca.a, material.nca.b), known, strict=True):
        parent.choose(one)
    assert bpy.ops.nca.open_picture(filepath=str(tmp_path / "blue_wall.png")) == {"FINISHED"}
    yield material
    for name in ("lessons", "learned", "models"):
        shutil.rmtree(neural_growth.user_folder / name, ignore_errors=True)
    lessons.forget()


@pytest.fixture
def logo(tmp_path):
    """A ring on nothing."""
    y, x = np.mgrid[-1:1:64j, -1:1:64j]
    ring = (np.abs(np.hypot(y, x) - 0.6) < 0.25)[..., None]
    write_png(tmp_path / "logo.png", np.concatenate([ring * [0.1, 0.3, 0.8], ring], 2))
    return tmp_path / "logo.png"


def test_a_picture_is_read_refined_and_learned_and_nothing_is_lost(textured, growing, logo, monkeypatch):
    nca, lessons = textured.nca, growing.module("addon.picture.lessons")
    before = nca.a.dna
    assert bpy.ops.nca.read_picture() == {"FINISHED"}
    (read,) = nca.readings
    assert read.how == "READ" and len(read.dna) == len(before) and read.structure > 0
    monkeypatch.setattr(growing.module("addon.picture.study"), "ITERATIONS", 1)
    assert bpy.ops.nca.refine_picture() == {"FINISHED"}
    assert [one.how for one in nca.readings] == ["READ", "REFINED"] and nca.readings[0].dna == read.dna
    bpy.ops.ed.undo_push(message="refined")
    assert bpy.ops.nca.take_reading(how="REFINED") == {"FINISHED"}
    assert nca.a.dna == nca.readings[1].dna and nca.a.species == "Blue Wall Refined"
    bpy.ops.ed.undo_push(message="taken")
    bpy.ops.ed.undo()
    nca = bpy.data.materials["Wood"].nca
    assert nca.a.dna == before and len(nca.readings) == 2

    given = growing.module("addon.picture.given").given_of(nca)
    note = lessons.begin("Blue Wall", MODEL, given, 60.0, 1.0, True, True, licence="CC0-1.0")
    nca.lesson = note.identifier
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
    assert ended.is_over and ended.seconds >= rested.seconds and ended.structure > 0
    with pytest.raises(RuntimeError, match="Blue Wall has been learned"):
        bpy.ops.nca.resume_lesson()
    assert bpy.ops.nca.take_lesson() == {"FINISHED"}
    assert bpy.ops.nca.remove_lesson() == {"FINISHED"} and not lessons.all_notes()
    assert nca.a.species == "Blue Wall" and len(nca.a.learned) == 64
    assert nca.a.dna in lessons._known(MODEL), "the next one keeps apart from it"
    learned = nca.a.dna, nca.a.learned
    assert bpy.ops.nca.read_picture() == {"FINISHED"}
    assert bpy.ops.nca.take_reading(how="READ") == {"FINISHED"}
    assert (nca.a.species, nca.a.dna, nca.a.learned) == ("Blue Wall", *learned), (
        "read, it is what was learned of it"
    )
    bpy.context.scene.frame_set(6)
    assert growing.shows(bpy.data.materials["Wood"], 6), "what was taken stays when its lesson is removed"

    assert bpy.ops.nca.open_picture(filepath=str(logo)) == {"FINISHED"}
    assert nca.picture_kind == "FIGURE", "it is transparent around what is drawn"
    assert bpy.ops.nca.refine_picture() == {"FINISHED"}
    assert {one.manifold for one in nca.readings} == {"emoji"} and 0 < nca.readings[1].colour < 1
    nca.picture_figure_minutes = 0.02
    nca.width, nca.height, nca.pixels_per_cell, nca.wrap = 128, 128, 4, True  # as nobody has set it
    assert bpy.ops.nca.learn_picture() == {"FINISHED"}
    assert bpy.ops.nca.take_lesson() == {"FINISHED"}
    assert (nca.a.species, nca.a.manifold, nca.b.manifold) == ("Logo", "emoji", "emoji")
    assert (nca.width, nca.height, nca.wrap) == (24, 24, False), "it fills its picture"
    bpy.context.scene.frame_set(7)
    assert growing.shows(bpy.data.materials["Wood"], 7)
    assert bpy.ops.nca.open_picture(filepath=str(logo.with_name("blue_wall.png"))) == {"FINISHED"}
    assert nca.picture_kind == "TEXTURE" and bpy.ops.nca.read_picture() == {"FINISHED"}
    assert nca.readings[0].manifold == MODEL, "a texture is read by a model that grows some"

    nca.picture = bpy.data.images.new("dot", 8, 8)
    for ask in (bpy.ops.nca.read_picture, bpy.ops.nca.learn_picture):
        with pytest.raises(RuntimeError, match="The picture has 8 x 8 pixels: choose one of 24"):
            ask()
    assert len(nca.readings) == 2 and nca.a.species == "Logo"
