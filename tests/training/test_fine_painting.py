# SPDX-License-Identifier: GPL-3.0-or-later
"""What is finer than cells is learned from exemplars, and a lesson that was stopped goes on as if it had not been."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from blender_nca.genetics.library import read_library  # noqa: E402
from blender_nca.manifold.manifold import Manifold  # noqa: E402
from blender_nca.manifold.own_unit import OwnUnit, shapes  # noqa: E402
from blender_nca.training import fine_painting  # noqa: E402
from blender_nca.training.evaluation import fine_detail as evaluation  # noqa: E402
from blender_nca.training.evaluation import measure_fine_detail  # noqa: E402

MODELS = Path(__file__).parents[2] / "models"
MANIFOLD = Manifold.open(MODELS / "materials")
SPECIES = [one for one in read_library([MODELS]).by_dna_alone("materials") if one.name in ("Zebra", "Rust")]
DNAS = [one.dna for one in SPECIES]


@pytest.fixture(scope="module")
def exemplars():
    return fine_painting.draw_exemplars([one.name for one in SPECIES])


@pytest.fixture(scope="module")
def states():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fine_painting, "AGES", (30, 90))
        patch.setattr(fine_painting, "SEEDS", (3, 4))
        yield fine_painting.grow_states(MANIFOLD, DNAS)


@pytest.fixture
def lesson(exemplars, states, monkeypatch):
    monkeypatch.setattr(fine_painting, "AGES", (30, 90))
    monkeypatch.setattr(fine_painting, "SEEDS", (3, 4))
    monkeypatch.setattr(fine_painting, "BATCH", 2)
    return lambda: fine_painting.FineLesson(MANIFOLD, DNAS, exemplars, states, 12)


def test_a_painter_learns_what_is_finer_than_cells(lesson):
    learned = lesson()
    before, begun = learned.judge()
    np.testing.assert_array_equal(begun, before, "units that learned nothing add nothing")
    for _ in range(12):
        learned.learn()
    again, now = learned.judge()
    assert (again == before).all() and (now < 0.95 * before).all()
    assert {name: weight.shape for name, weight in learned.weights.items()} == MANIFOLD.sizes.fine_shapes()


def test_a_lesson_in_painting_goes_on_where_it_was_stopped(lesson):
    whole, first, second = lesson(), lesson(), lesson()
    for _ in range(4):
        whole.learn()
    for _ in range(2):
        first.learn()
    second.load_state_dict(first.state_dict())
    for _ in range(2):
        second.learn()
    for name, weight in second.weights.items():
        np.testing.assert_array_equal(weight, whole.weights[name])


def test_a_lesson_in_painting_goes_on_from_what_is_painted_now(exemplars, states, lesson):
    further = fine_painting.FineLesson(MANIFOLD, DNAS, exemplars, states, 12, begin_as=MANIFOLD.fine)
    before, now = further.judge()
    assert (now < before).all()
    for name, weight in further.weights.items():
        np.testing.assert_array_equal(weight, MANIFOLD.fine[name])
    further.learn()
    assert any((further.weights[name] != MANIFOLD.fine[name]).any() for name in further.weights)


def test_a_species_that_came_later_is_taught_by_what_its_own_unit_paints(exemplars, states, lesson):
    random = np.random.default_rng(0)
    added = {n: 0.1 * random.standard_normal(s).astype(np.float32) for n, s in shapes(MANIFOLD.sizes).items()}
    later = MANIFOLD.with_units((OwnUnit(DNAS[0], 0.5, added),))
    plain = fine_painting.FineLesson(MANIFOLD, DNAS, exemplars, states, 12).judge()[0]
    taught = fine_painting.FineLesson(later, DNAS, exemplars, states, 12).judge()[0]
    assert taught[0] != plain[0] and taught[1] == plain[1]


def test_exemplars_of_finer_structure_show_as_much_of_the_material(exemplars):
    assert exemplars.shape == (2, 8, 512, 512) and exemplars.dtype == torch.uint8


def test_what_the_bundled_painter_shows_is_measured_against_exemplars(monkeypatch):
    monkeypatch.setattr(evaluation, "CELLS", (24, 24))
    monkeypatch.setattr(evaluation, "STEPS", 120)
    figures, each = measure_fine_detail(MANIFOLD, SPECIES)
    assert set(each) == {"Zebra", "Rust"} and figures["species"] == 2
    assert 0 < figures["share_median"] <= figures["share_worst"] < 1
    assert 0 < figures["changed_worst"] < 0.05
