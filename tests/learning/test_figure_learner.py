# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures that are taught one by one come to look like their pictures, and nothing else of the model changes."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from blender_nca.automaton.growth import Genotype, Growth  # noqa: E402
from blender_nca.automaton.rollout import Rollout  # noqa: E402
from blender_nca.genetics.library import read_library  # noqa: E402
from blender_nca.genetics.species import Species  # noqa: E402
from blender_nca.genetics.version import version_of  # noqa: E402
from blender_nca.learning import lesson  # noqa: E402
from blender_nca.learning.figure_learner import FigureJudge, FigureLearner  # noqa: E402
from blender_nca.learning.lesson import About, Lesson  # noqa: E402
from blender_nca.learning.picture import Exemplar  # noqa: E402
from blender_nca.manifold import learned_file, model_file  # noqa: E402
from blender_nca.manifold.backend import open_automaton  # noqa: E402
from blender_nca.manifold.learned_file import LearnedSpecies  # noqa: E402
from blender_nca.manifold.manifold import Manifold  # noqa: E402
from blender_nca.manifold.own_unit import OwnUnit  # noqa: E402
from blender_nca.training import publication  # noqa: E402
from blender_nca.training.evaluation.parallel_growths import ParallelGrowths  # noqa: E402
from blender_nca.training.exemplars.emoji import is_held_out, read_atlas  # noqa: E402
from tests.training.untrained import SIZES, draw_weights  # noqa: E402

MODELS = Path(__file__).parents[2] / "models"
CELLS, PIXELS = 12, 2
CARD = {
    "name": "marks",
    "licence": "GPL-3.0-or-later",
    "kind": "figures",
    "pixels_per_cell": PIXELS,
    "cells": CELLS,
    "boundary": "edge",
}
RED, BLUE = "GTATCGGC", "TACCGCAA"
OTHER = "AAATAGTA"


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    """A model that was never trained."""
    folder = tmp_path_factory.mktemp("models") / "marks"
    model_file.write(folder, CARD, SIZES, draw_weights(), np.float16)
    return folder


def square_of(colour: tuple[float, float, float]) -> Exemplar:
    """A square of one colour."""
    return Exemplar(np.tile(np.uint8([*colour, 1])[:, None, None] * 255, (1, 12, 12)), False, 1.0)


def clock():
    """A second an iteration, so that nothing depends on the machine."""
    return itertools.count().__next__


def learner_of(base: Path, dna: str, colour: tuple[float, float, float], iterations: int) -> FigureLearner:
    """That has learned a square of one colour."""
    judge = FigureJudge(square_of(colour), Manifold.open(base))
    learner = FigureLearner(judge, dna, 0.5, dna, iterations, clock=clock())
    while not learner.done:
        learner.learn()
    learner.look()
    return learner


def maps_of(folder: Path, dna: str, keys: tuple[str, ...] = ()) -> np.ndarray:
    units = tuple(unit for unit in learned_file.read_units(folder) if unit.key in keys)
    growth = Growth("marks", (Genotype((dna,)),), CELLS, CELLS, PIXELS, boundary="edge", steps=(100.0,))
    return Rollout(open_automaton(Manifold.open(folder).with_units(units))).maps(growth, 1)


def test_a_figure_that_nobody_taught_comes_to_look_like_its_picture():
    """On the bundled manifold, from what its encoder reads; in a thirtieth of the usual time."""
    manifold = Manifold.open(MODELS / "emoji")
    characters, _, pictures = read_atlas(Path(__file__).parents[1] / "training" / "few_emoji.png")
    unseen = pictures[next(i for i, character in enumerate(characters) if is_held_out(character))]
    judge = FigureJudge(Exemplar((unseen * 255 + 0.5).astype(np.uint8), False, 1.0), manifold)
    dna = judge.choose_dna([])
    assert dna == judge.choose_start([], lambda: False).dna and judge.choose_dna([dna]) != dna
    learner = FigureLearner(judge, dna, 0.5, dna, 40, clock=clock())
    before, _ = learner.look()
    while not learner.done:
        learner.learn()
    after, picture = learner.look()
    assert after.judged < 0.7 * before.judged and after.structure < before.structure
    taught = FigureJudge(judge.exemplar, manifold.with_units((learner.unit,)))
    grown = taught.compare(taught.grow_dna(dna))
    assert abs(grown.judged - after.judged) < 0.1 * after.judged, (
        "what is kept in 8 bits grows as what was learned"
    )
    known = FigureJudge(judge.exemplar, manifold, units=(learner.unit,))
    assert known.compare(known.grow_dna(dna)) == grown, "read, it is what was learned"
    cousin = ("C" if dna[0] == "A" else "A") + dna[1:]
    assert known.units_of(cousin) == () and known.known is manifold
    assert picture.shape == (72, 72, 4) and picture[0, 0, 3] == 0, "nothing is around it"


def test_a_lesson_of_a_figure_that_was_left_ends_as_one_that_was_not(base, tmp_path, monkeypatch):
    monkeypatch.setattr(lesson, "LOOK_SECONDS", 2.0)
    version, manifold = "v1", Manifold.open(base)

    def begin(name: str) -> Lesson:
        return Lesson(
            manifold, version, square_of((1, 0, 0)), About("Red"), [BLUE], 8, tmp_path / name, clock=clock()
        )

    whole, left = begin("whole"), begin("left")
    learned = whole.learn(lambda news: None, lambda: False)
    left.learn(lambda news: None, lambda: left.seconds >= 3)
    assert not left.done
    again = Lesson.resume(tmp_path / "left", manifold, version)
    again.learner._clock = clock()
    resumed = again.learn(lambda news: None, lambda: False)
    assert resumed.unit.key == learned.unit.key and resumed.learned == learned.learned
    assert learned.picture.shape == (12, 12, 3) and (learned.picture == [255, 0, 0]).all()


def test_a_model_is_not_written_over_the_one_that_its_figures_were_learned_on(base):
    with pytest.raises(ValueError, match="another folder"):
        publication.publish_figures(base, base.parent / "." / base.name, [])
    assert (base / model_file.WEIGHTS).exists()


def test_a_lesson_is_the_same_each_time(base):
    first, second = (learner_of(base, RED, (1, 0, 0), 7).unit for _ in range(2))
    assert first.key == second.key


def test_a_figure_that_goes_on_from_what_it_learned_heals_better(base):
    short = learner_of(base, RED, (1, 0, 0), 60)
    judge, unit = short.judge, short.unit

    def heal(unit: OwnUnit) -> float:
        grids = ParallelGrowths(judge.manifold.with_units((unit,)), [RED], (CELLS, CELLS)).grow(60)
        (maps,) = grids.wound(0.3).grow(60).paint(PIXELS)
        return judge.compare(torch.from_numpy(maps)[None]).judged

    learner = FigureLearner(judge, RED, 0.5, RED, 240, clock=clock())
    learner.go_on(unit)
    assert learner.progress == 0.5 and learner.unit.key == unit.key, "nothing is lost before it has learned"
    while not learner.done:
        learner.learn()
    learner.look()
    assert heal(learner.unit) < 0.5 * heal(unit)


@pytest.mark.parametrize("many", [2, 3], ids=["in a list", "in files"])
def test_a_model_of_taught_figures_grows_what_each_learned_and_all_else_as_before(
    base, tmp_path, monkeypatch, many
):
    monkeypatch.setattr(publication, "MANY", many)
    version = version_of(base / model_file.WEIGHTS, Manifold.open(base).card)
    picture = np.zeros((8, 8, 3), np.uint8)
    taught = [
        LearnedSpecies(Species(name, dna, "marks"), learner_of(base, dna, colour, 30).unit, version, picture)
        for name, dna, colour in (("Red", RED, (1, 0, 0)), ("Blue", BLUE, (0, 0, 1)))
    ]
    folder = tmp_path / "models" / "marks"
    publication.publish_figures(base, folder, taught)
    blue, red = read_library([tmp_path / "models"]).of("marks")
    assert red.picture and blue.picture and (folder / "species.json").exists() == (many == 2)
    height, roughness, metallic, emission = maps_of(folder, red.dna, red.learned)[4:]
    assert np.ptp(height) == np.ptp(roughness) == metallic.max() == emission.max() == 0, "no picture said so"
    for one, made in ((red, taught[0]), (blue, taught[1])):
        changed = np.abs(maps_of(folder, one.dna, one.learned) - maps_of(base, one.dna))[:4]
        assert changed.max() > 0.05, one.name
        kept = learned_file.read(learned_file.place(folder / "learned", one.learned[0]))
        np.testing.assert_array_equal(kept.unit.added["weight_0"], made.unit.added["weight_0"])
        assert kept.unit.loudness(np.eye(4)[["ACGT".index(letter) for letter in OTHER]]) == 0
    beside = maps_of(folder, OTHER, red.learned + blue.learned)[:4]
    np.testing.assert_array_equal(beside, maps_of(base, OTHER)[:4])
    shipped = learned_file.place(folder / "learned", red.learned[0]).stat().st_size
    assert shipped < sum(array.size for array in taught[0].unit.added.values()) + 3000, "8 bits each"
