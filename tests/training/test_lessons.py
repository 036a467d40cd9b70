# SPDX-License-Identifier: GPL-3.0-or-later
"""The DNA that is guessed from an artist's picture must grow what is in it, and lessons must not spoil what grows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from blender_nca.genetics import nearest_dna, read_library  # noqa: E402
from blender_nca.genetics.dna import letter_numbers  # noqa: E402
from blender_nca.manifold import encoder  # noqa: E402
from blender_nca.manifold.architecture import Architecture  # noqa: E402
from blender_nca.manifold.manifold import Manifold  # noqa: E402
from blender_nca.training import lessons  # noqa: E402
from blender_nca.training.config import TrainingConfig  # noqa: E402
from blender_nca.training.evaluation.field import Field  # noqa: E402
from blender_nca.training.trainer import Trainer  # noqa: E402

MODELS = Path(__file__).parents[2] / "models"
TINY = TrainingConfig(
    "tiny",
    ("zebra", "moss"),
    architecture=Architecture(8, 8, 12, 6, 8, 8, 4),
    sisters=2,
    exemplar_pixels=64,
    cells=18,
    pool=4,
)


def test_of_the_dna_that_is_tried_the_one_whose_growth_is_nearest_is_taught(monkeypatch):
    monkeypatch.setattr(lessons, "AGES", (120,))
    monkeypatch.setattr(lessons, "CELLS", (48, 48))
    manifold = Manifold.open(MODELS / "materials")
    known = {one.name: one.dna for one in read_library([MODELS]).of("materials")}
    dnas = [known["Giraffe"], known["Verdigris"]]
    giraffe, verdigris = Field(manifold, dnas, (48, 48), random_seed=3).grow(120).paint(4)
    # each picture is read for what it is, however the samples are called
    letters = lessons.choose_letters(manifold, [[giraffe, verdigris], [verdigris, giraffe]]).numpy()
    off = [[(row != letter_numbers(dna)).sum() for dna in dnas] for row in letters.reshape(4, -1)]
    assert [int(np.argmin(row)) for row in off] == [0, 1, 1, 0]
    assert max(map(min, off)) <= 3 < min(map(max, off))


def test_the_encoder_learns_the_letters_that_it_is_told(monkeypatch):
    monkeypatch.setattr(lessons, "ITERATIONS", 150)
    monkeypatch.setattr(lessons, "BATCH", 8)
    random = np.random.default_rng(0)
    initial = Architecture(dna_length=8).initial_weights(0)
    weights = {name: torch.from_numpy(value) for name, value in initial.items()}
    kept = {name: value.clone() for name, value in weights.items()}
    tones = torch.from_numpy(random.uniform(0, 1, (4, 1, 3, 1, 1))).float()
    shades = torch.tensor([-0.15, 0.15])[None, :, None, None, None]
    pictures = (tones + shades).expand(4, 2, 3, encoder.PIXELS, encoder.PIXELS)
    letters = torch.from_numpy(random.integers(0, 4, (4, 2, 8)))
    taught = lessons.learn_letters(weights, pictures, letters)
    with torch.inference_mode():
        read = encoder.encode(weights | taught, pictures.flatten(0, 1)).argmax(-1)
    assert (read == letters.flatten(0, 1)).float().mean() > 0.95
    assert all(torch.equal(weights[name], kept[name]) for name in kept)


def test_lessons_change_nothing_but_the_encoder(monkeypatch, tmp_path):
    for name, small in {
        "SAMPLES": 1,
        "MUTANTS": 1,
        "CELLS": (18, 18),
        "AGES": (4, 6),
        "ITERATIONS": 4,
    }.items():
        monkeypatch.setattr(lessons, name, small)
    trainer = Trainer(TINY, cache=tmp_path / "exemplars.npz")
    before = {name: value.clone() for name, value in trainer.averaged.items()}
    lessons.teach(trainer)
    changed = {name for name, value in trainer.averaged.items() if not torch.equal(value, before[name])}
    assert changed and all(name.startswith("encode") for name in changed)
    assert all(torch.equal(trainer.weights[name], trainer.averaged[name]) for name in changed)
    with torch.inference_mode():
        letters = encoder.encode(trainer.averaged, trainer.subject.thumbnails)
    assert len(nearest_dna(letters[0].numpy())) == TINY.architecture.dna_length
    again = Trainer(TINY, cache=tmp_path / "exemplars.npz")
    lessons.teach(again)
    assert all(torch.equal(again.averaged[name], value) for name, value in trainer.averaged.items())
