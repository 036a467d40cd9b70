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
    catalogue = SimpleNamespace(species=lambda: SimpleNamespace(of=lambda manifold: known))
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


def test_a_picture_is_read_refined_and_learned_and_nothing_is_lost(textured, growing, monkeypatch):
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
    note = lessons.begin("Blue Wall", MODEL, given, 60.0, 1.0, True, licence="CC0-1.0")
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
    bpy.context.scene.frame_set(6)
    assert growing.shows(bpy.data.materials["Wood"], 6), "what was taken stays when its lesson is removed"

    nca.picture = bpy.data.images.new("dot", 8, 8)
    for ask in (bpy.ops.nca.read_picture, bpy.ops.nca.learn_picture):
        with pytest.raises(RuntimeError, match="The picture has 8 x 8 pixels: choose one of 24"):
            ask()
    assert len(nca.readings) == 2 and nca.a.species == "Blue Wall"
