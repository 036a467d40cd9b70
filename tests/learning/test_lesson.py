# SPDX-License-Identifier: GPL-3.0-or-later
"""A lesson that was stopped or killed goes on where it was, and what it has found is never lost."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from blender_nca.genetics.relaxed import relax  # noqa: E402
from blender_nca.learning import lesson, texture_learner  # noqa: E402
from blender_nca.learning.errors import LessonError  # noqa: E402
from blender_nca.learning.judge import Beginning, to_bytes  # noqa: E402
from blender_nca.learning.lesson import About, Lesson  # noqa: E402
from blender_nca.learning.picture import Exemplar, prepare  # noqa: E402
from blender_nca.learning.subjects import judge_of  # noqa: E402
from blender_nca.manifold import learned_file, own_unit  # noqa: E402
from blender_nca.manifold.manifold import Manifold  # noqa: E402
from blender_nca.manifold.own_unit import OwnUnit  # noqa: E402
from tests.engine.tiny import write_manifold  # noqa: E402

KNOWN = ["ACGTACGT", "AAAACCCC"]


@pytest.fixture(scope="module")
def manifold(tmp_path_factory) -> Manifold:
    """A manifold that grows."""
    tiny = Manifold.open(write_manifold(tmp_path_factory.mktemp("models") / "tiny"))
    return Manifold({**tiny.card, "pixels_per_cell": 4}, tiny.sizes, tiny.weights)


@pytest.fixture(autouse=True)
def _small(monkeypatch, manifold, exemplar, judge) -> None:
    """Small grids, and one judge of the picture for all lessons."""
    for name, value in {
        "CELLS": 24,
        "GENTLE_CELLS": 28,
        "STEPS": (12, 16),
        "POOL": 6,
    }.items():
        monkeypatch.setattr(texture_learner, name, value)
    monkeypatch.setattr(lesson, "LOOK_SECONDS", 2.0)
    monkeypatch.setattr(lesson, "judge_of", lambda *_: judge)


@pytest.fixture(scope="module")
def exemplar():
    blocks = np.kron(np.random.default_rng(0).random((3, 26, 26)), np.ones((5, 5)))
    return prepare({"base_colour": blocks})


@pytest.fixture(scope="module")
def judge(manifold, exemplar) -> texture_learner.TextureJudge:
    judge = texture_learner.TextureJudge(exemplar, manifold)
    judge.cells, judge.steps = 24, 24
    return judge


@dataclass
class Clock:
    """A second an iteration, so that nothing depends on the machine."""

    now: float = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def begin(manifold, exemplar, path, seconds: float) -> Lesson:
    about = About("Blocks", "someone", "CC0-1.0", ("wall",))
    return Lesson(manifold, "v1", exemplar, about, KNOWN, seconds, path, clock=Clock())


def after(looks: int):
    """Keeps what is told, and asks to stop after so many looks."""
    told = []
    return told, told.append, lambda: len(told) >= looks


def test_a_lesson_that_was_left_ends_as_one_that_was_not(manifold, exemplar, tmp_path):
    whole, left = (begin(manifold, exemplar, tmp_path / name, 4) for name in ("whole", "left"))
    whole.learn(lambda news: None, lambda: False)
    left.learn(lambda news: None, lambda: left.seconds >= 2)
    assert not left.done
    again = Lesson.resume(tmp_path / "left", manifold, "v1")
    again.learner._clock = Clock()
    learned = again.learn(lambda news: None, lambda: False)
    assert again.done and learned.learned["iterations"] == whole.learner.iteration == 4
    for name, mean in whole.learner.own.averaged.items():
        torch.testing.assert_close(again.learner.own.averaged[name], mean)


def test_what_is_finer_than_cells_is_learned_from_where_a_lesson_was_left(manifold, exemplar, tmp_path):
    finer = np.random.default_rng(3).integers(
        0, 255, (8, *(2 * side for side in exemplar.maps.shape[1:])), np.uint8
    )
    begin(manifold, replace(exemplar, finer=finer), tmp_path / "large", 9).keep()
    np.testing.assert_array_equal(Lesson.resume(tmp_path / "large", manifold, "v1").exemplar.finer, finer)
    begin(manifold, replace(exemplar, finer=None), tmp_path / "small", 9).keep()
    values = torch.load(tmp_path / "small", weights_only=True)
    del values["finer"]  # earlier versions had none
    torch.save(values, tmp_path / "earlier")
    for name in ("small", "earlier"):
        assert Lesson.resume(tmp_path / name, manifold, "v1").exemplar.finer is None


def test_a_lesson_of_an_earlier_version_goes_on(judge):
    """Their optimisers had all weights in one group, and nobody told the pace or learned what is finer than cells."""
    one, again = (texture_learner.TextureLearner(judge, KNOWN[0], 0.5, KNOWN[1], 10) for _ in range(2))
    one.learn()
    values = one.state_dict()
    (group, _) = values["optimiser"]["param_groups"]
    groups = [{**group, "params": list(range(len(one.kept)))}]
    earlier = {**values, "optimiser": {**values["optimiser"], "param_groups": groups}}
    for name in ("pace", "fine", "kept_fine"):
        del earlier[name]
    again.load_state_dict(earlier)
    again.own.pace = one.own.pace
    for learner in (one, again):
        learner.learn()
    for name, mean in one.own.averaged.items():
        torch.testing.assert_close(again.own.averaged[name], mean)


def test_stopping_keeps_the_nearest_and_its_file_grows_it(manifold, exemplar, tmp_path):
    told, tell, stop = after(2)
    learned = begin(manifold, exemplar, tmp_path / "walls.lesson", 100).learn(tell, stop)
    assert told[-1].picture.shape == (96, 96, 3)
    kept = learned_file.read(tmp_path / "walls.safetensors")
    assert kept.unit.key == learned.unit.key and kept.licence == "CC0-1.0"
    assert kept.learned["structure"] == round(told[-1].best.structure, 4)
    taught = manifold.with_units((kept.unit,))
    for dna in KNOWN:
        for own, other in zip(taught.transcribe(relax(dna)), manifold.transcribe(relax(dna)), strict=True):
            for name, value in vars(own).items():
                np.testing.assert_array_equal(value, getattr(other, name))


def test_what_was_learned_last_is_kept_unless_it_has_slipped(manifold, judge, monkeypatch):
    found = []
    monkeypatch.setattr(
        judge, "compare", lambda maps: texture_learner.TextureLikeness(found[-1], 0.01, 0.001)
    )
    one, again = (texture_learner.TextureLearner(judge, KNOWN[0], 0.5, KNOWN[1], 10) for _ in range(2))
    for structure, kept in ((0.5, 0.5), (0.6, 0.6), (0.3, 0.3), (3.0, 0.3), (0.35, 0.35)):
        found.append(structure)
        one.look()
        assert one.best.structure == kept
    again.load_state_dict(one.state_dict())
    found.append(3.0)
    again.look()
    assert again.best.structure == 0.35


def test_what_was_learned_before_is_a_beginning_for_its_like(manifold, tmp_path, monkeypatch):
    """A picture of another brick begins as the brick of yesterday, which grows by its unit alone."""
    random, dna = np.random.default_rng(4), "GTGTGTGT"
    sizes = own_unit.shapes(manifold.sizes).items()
    unit = OwnUnit(dna, 0.5, {name: 0.1 * random.standard_normal(shape, np.float32) for name, shape in sizes})
    monkeypatch.setattr(texture_learner, "LOOK_STEPS", 24)
    monkeypatch.setattr(lesson, "judge_of", judge_of)
    blank = Exemplar(random.integers(0, 255, (8, 96, 96), np.uint8), True, 1.0)
    grown = texture_learner.TextureJudge(blank, manifold, units=(unit,)).grow_dna(dna, 24, 24)
    like = Exemplar(to_bytes(grown[0]).transpose(2, 0, 1), True, 1.0)

    told, tell, _ = after(1)
    begun = Lesson(manifold, "v1", like, About("Like"), [*KNOWN, dna], 9, tmp_path / "x", units=(unit,))
    assert begun.learn(tell, lambda: bool(told)).learned["began_as"] == dna
    again = Lesson.resume(tmp_path / "x", manifold, "v1")
    assert (
        again.learner.own.pace == begun.learner.own.pace == texture_learner.OF_KIN
    )  # nor is it unlearned at once
    first = texture_learner.TextureLearner(begun._judge, KNOWN[0], 0.5, dna, 9)
    rule, painter = manifold.with_units((unit,)).transcribe(relax(dna))
    for name, value in first.kept.items():
        np.testing.assert_array_equal(value, {**vars(rule), **vars(painter)}[name])


def test_a_species_of_the_manifold_is_taught_further_and_keeps_its_dna(manifold, exemplar, tmp_path):
    _, tell, stop = after(1)
    taught = begin(manifold, exemplar, tmp_path / "walls.lesson", 9)
    taught.begin(Beginning(KNOWN[1], "gentle"), KNOWN[1])
    learned = taught.learn(tell, stop)
    assert learned.species.dna == learned.unit.dna == KNOWN[1] and learned.unit.further
    again = Lesson.resume(tmp_path / "walls.lesson", manifold, "v1")
    assert again.learner.unit.further and again.learner.dna == KNOWN[1]
    assert again.learner.own.pace == texture_learner.GENTLE and again.learner.pool.states.shape[1] == 28
    told, tell, _ = after(2)
    again.learn(tell, lambda: bool(told))  # gently as it was begun

    # what was learned from a picture is not the manifold's own, and taught further is not either
    units = [replace(learned.unit, further=further) for further in (True, False)]
    assert [
        texture_learner.TextureJudge(exemplar, manifold, units=(unit,)).is_further(KNOWN[1], KNOWN[1])
        for unit in units
    ] == [True, False]


def test_a_picture_is_learned(manifold, exemplar, tmp_path):
    """Untrained cells come nearer to its colours within some iterations."""
    told, tell, _ = after(0)
    begin(manifold, exemplar, tmp_path / "one", 10).learn(tell, lambda: False)
    assert told[-1].best.judged < 0.95 * told[0].likeness.judged


def test_a_file_that_is_no_lesson_says_so(manifold, exemplar, tmp_path):
    path = tmp_path / "x.lesson"
    path.write_bytes(b"PK\x03\x04 what is this")
    with pytest.raises(LessonError, match="damaged"):
        Lesson.resume(path, manifold, "v1")
    begin(manifold, exemplar, path, 9).keep()
    with pytest.raises(LessonError, match="another training"):
        Lesson.resume(path, manifold, "v2")
    torch.save({**torch.load(path, weights_only=True), "version": 2}, path)
    with pytest.raises(LessonError, match="newer"):
        Lesson.resume(path, manifold, "v1")
