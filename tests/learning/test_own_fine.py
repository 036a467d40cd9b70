# SPDX-License-Identifier: GPL-3.0-or-later
"""A species that was learned from a large picture shows hairs and pores of it that are finer than cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from blender_nca.genetics.library import read_library  # noqa: E402
from blender_nca.genetics.relaxed import relax  # noqa: E402
from blender_nca.learning import own_fine, texture_learner  # noqa: E402
from blender_nca.learning.own_fine import LEAST, OwnFine  # noqa: E402
from blender_nca.learning.picture import Exemplar  # noqa: E402
from blender_nca.learning.texture_learner import TextureJudge, TextureLearner  # noqa: E402
from blender_nca.manifold import own_unit  # noqa: E402
from blender_nca.manifold.manifold import Manifold  # noqa: E402
from blender_nca.manifold.renderer import Painter  # noqa: E402
from blender_nca.training.evaluation.parallel_growths import ParallelGrowths  # noqa: E402
from blender_nca.training.exemplars import draw_variety, find_variety  # noqa: E402

MODELS = Path(__file__).parents[2] / "models"
MANIFOLD = Manifold.open(MODELS / "materials")
DNAS = {one.name: one.dna for one in read_library([MODELS]).by_dna_alone("materials")}
CELLS = 24


@pytest.fixture(scope="module")
def exemplar() -> Exemplar:
    maps, finer = (
        (draw_variety(find_variety("Zebra")[0], "Zebra", finer=f) * 255 + 0.5).astype(np.uint8)
        for f in (1, 2)
    )
    return Exemplar(maps, True, 0.5, finer)


@pytest.fixture(scope="module")
def grown() -> tuple[torch.Tensor, Painter]:
    """A grid of zebra, and what paints it."""
    growths = ParallelGrowths(MANIFOLD, [DNAS["Zebra"]], (CELLS, CELLS)).grow(120)
    return growths.state.clone(), Painter(**{n: v.clone() for n, v in vars(growths.painter).items()})


def begin(exemplar, start: str = "Rust") -> OwnFine:
    """What begins as another species is painted."""
    return OwnFine(exemplar.finer, True, MANIFOLD.transcribe_fine(relax(DNAS[start])), CELLS)


def learn(fine: OwnFine, grown, iterations: range) -> None:
    for iteration in iterations:
        fine.learn(*grown, iteration / 100, np.random.default_rng(iteration))


def test_it_begins_as_another_species_is_painted_and_comes_to_its_own_hairs(exemplar, grown):
    fine = begin(exemplar)
    relaxed = relax(DNAS["Rust"])
    unit = own_unit.OwnUnit(DNAS["Rust"], 0.5, {}, fine={n: v.numpy() for n, v in fine.averaged.items()})
    assert {n: v.shape for n, v in unit.fine.items()} == own_unit.fine_shapes(MANIFOLD.sizes)
    for name, wanted in vars(MANIFOLD.transcribe_fine(relaxed)).items():
        np.testing.assert_allclose(getattr(unit.fine_painter, name), wanted, atol=1e-5)
    without, begun = fine.judge(*grown)
    assert fine.copy() is None, "it is not zebra's yet"
    learn(fine, grown, range(LEAST))
    again, now = fine.judge(*grown)
    assert again == without and now < 0.8 * begun and now < 0.5 * without
    assert set(fine.copy()) == set(own_unit.OF_FINE)


def test_units_that_show_nothing_begin_to(exemplar, grown):
    rust = MANIFOLD.transcribe_fine(relax(DNAS["Rust"]))
    silent = replace(rust, weight_2=0 * rust.weight_2, bias_2=0 * rust.bias_2)
    fine = OwnFine(exemplar.finer, True, silent, CELLS)
    without, begun = fine.judge(*grown)
    assert begun == pytest.approx(without)
    learn(fine, grown, range(8))
    assert fine.judge(*grown)[1] < 0.98 * without


def test_what_was_learned_of_it_goes_on_where_it_was_stopped(exemplar, grown):
    whole, first, second = (begin(exemplar) for _ in range(3))
    learn(whole, grown, range(4))
    learn(first, grown, range(2))
    second.load_state_dict(first.state_dict())
    learn(second, grown, range(2, 4))
    for name, mean in second.averaged.items():
        torch.testing.assert_close(mean, whole.averaged[name], rtol=0, atol=0)


def test_a_lesson_learns_it_beside_all_else_and_gives_it_to_the_species(exemplar, monkeypatch):
    for name, value in {"CELLS": CELLS, "STEPS": (12, 16), "POOL": 6, "EVERY": 1}.items():
        monkeypatch.setattr(texture_learner, name, value)
    monkeypatch.setattr(own_fine, "LEAST", 2)
    judges = [TextureJudge(each, MANIFOLD) for each in (exemplar, replace(exemplar, finer=None))]
    new = "".join("ACGT"[(i * 7 + i // 5) % 4] for i in range(MANIFOLD.dna_length))
    one, plain = (
        TextureLearner(judge, new, 0.5, DNAS["Zebra"], 100, clock=iter(range(99)).__next__)
        for judge in judges
    )
    for learner in (one, plain):
        learner.judge.cells, learner.judge.steps = CELLS, 60
        while not learner.pool.age.min() > 60 and learner.iteration < 10:
            learner.learn()
        learner.look()
    assert one.own_fine.iteration >= 2 and plain.unit.fine is None
    for name, added in plain.unit.added.items():
        np.testing.assert_array_equal(one.unit.added[name], added, "what grows is the same with it")
    again = TextureLearner(judges[0], new, 0.5, DNAS["Zebra"], 100)
    again.load_state_dict(one.state_dict())
    assert again.unit.key == one.unit.key != plain.unit.key
    taught = MANIFOLD.with_units((one.unit,))
    shown = taught.transcribe(relax(new), True)[1]
    assert np.abs(shown.weight_2[-own_unit.FINE :]).max() > 0, "and is shown where it grows"
    # of a polished stone nothing is nearer than something
    monkeypatch.setattr(OwnFine, "judge", lambda *_: (0.1, 0.2))
    again.look()
    assert again.unit.fine is None
    # what the manifold itself paints finely stays, where a species of its own is taught gently
    gentle = TextureLearner(judges[0], DNAS["Zebra"], 0.5, DNAS["Zebra"], 100, course="gentle")
    assert gentle.own_fine is None
