# SPDX-License-Identifier: GPL-3.0-or-later
"""A manifold that goes on in a wider one must not forget what it had learned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from blender_nca.manifold.architecture import Architecture
from blender_nca.manifold.transcription import transcribe
from blender_nca.training.species_units import LOUDNESS, widen

NARROW = Architecture(
    dna_length=32, channels=8, hidden=8, embedding=12, transcription=10, painting=8, encoding=4
)
WIDE = replace(NARROW, embedding=3 * 32, transcription=10 + 6)


@pytest.fixture(scope="module")
def letters() -> np.ndarray:
    return np.eye(4)[np.random.default_rng(1).integers(0, 4, (6, NARROW.dna_length))]


@pytest.fixture(scope="module")
def weights() -> dict:
    return NARROW.initial_weights(2)


def test_every_dna_grows_what_it_grew(weights, letters):
    relaxed = np.random.default_rng(3).dirichlet([0.3] * 4, (20, NARROW.dna_length)).astype(np.float32)
    relaxed[:6] = letters
    wide = widen(weights, WIDE, letters)
    assert {name: value.shape for name, value in wide.items()} == WIDE.shapes()
    for old, new in zip(transcribe(weights, NARROW, relaxed), transcribe(wide, WIDE, relaxed), strict=True):
        for name, value in vars(old).items():
            np.testing.assert_allclose(getattr(new, name), value, atol=2e-6, err_msg=name)


def test_what_one_species_learns_does_not_move_the_others(weights, letters):
    wide = widen(weights, WIDE, letters)
    wide["transcribe.1.weight"][NARROW.transcription + 2] = 1
    before, _ = transcribe(weights, NARROW, letters)
    after, _ = transcribe(wide, WIDE, letters)
    moved = np.abs(after.hidden_bias - before.hidden_bias).max((1, 2))
    assert moved[2] == pytest.approx(LOUDNESS, rel=1e-4)
    assert np.delete(moved, 2).max() < 0.4 * LOUDNESS


def test_a_manifold_that_does_not_fit_is_refused(weights, letters):
    with pytest.raises(ValueError, match="narrower"):
        widen(weights, replace(WIDE, transcription=4), letters)
    with pytest.raises(ValueError, match="paint"):
        widen(weights, replace(WIDE, painting=16), letters)


def test_each_species_has_a_unit_of_its_own_when_training_begins(tmp_path):
    torch = pytest.importorskip("torch")
    from blender_nca.training.config import TrainingConfig
    from blender_nca.training.trainer import Trainer

    sizes = Architecture(8, 8, 12, 24, 8 + 4, 8, 4)
    config = TrainingConfig(
        "own", ("zebra",), architecture=sizes, cells=18, exemplar_pixels=64, warm_up=3, own_units=4
    )
    trainer = Trainer(config, cache=tmp_path / "exemplars.npz")
    for _ in range(config.warm_up):
        trainer.warm_up()
    weights = {name: weight.detach().numpy() for name, weight in trainer.averaged.items()}
    logits = trainer._encode(torch.arange(0, 12, 3), np.random.default_rng(0))
    dna = torch.nn.functional.one_hot(logits.argmax(-1), 4).numpy().reshape(4, -1)
    transcripts = (dna - 0.25) @ weights["embed.weight"] @ weights["transcribe.0.weight"]
    said = (transcripts + weights["transcribe.0.bias"])[:, 8:].diagonal()
    assert (said > 0.5 * LOUDNESS).all()  # seen in other tones, a letter may be read differently
    assert not weights["transcribe.1.weight"][8:].any()


def test_a_training_that_cannot_begin_with_a_manifold_says_what_differs(tmp_path, weights):
    pytest.importorskip("torch")
    from blender_nca.training.config import ConfigError, TrainingConfig
    from blender_nca.training.trainer import Trainer

    config = TrainingConfig(
        "other", ("zebra",), architecture=replace(NARROW, painting=16), exemplar_pixels=64
    )
    trainer = Trainer(config, cache=tmp_path / "exemplars.npz")
    with pytest.raises(ConfigError, match=r"widened.*paint"):
        trainer.begin_with(weights)
