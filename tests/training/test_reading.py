# SPDX-License-Identifier: GPL-3.0-or-later
"""An encoder that learns to read takes a picture for its family, and nothing that grows changes by it."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from blender_nca.genetics.relaxed import random_dna  # noqa: E402
from blender_nca.manifold.architecture import Architecture  # noqa: E402
from blender_nca.training import reading  # noqa: E402
from blender_nca.training.exemplars import VARIETIES, draw_exemplar, nearest_variety, random_parameters  # noqa: E402

NAMES = [name for family in ("cloth", "honeycomb") for name in VARIETIES[family]]


@pytest.fixture(scope="module")
def further() -> reading.Pages:
    return reading.draw_pages(NAMES, range(4))


def test_what_was_read_says_which_family_was_shown(further, monkeypatch):
    for name, value in {"BATCH": 16, "RATE": 4e-3, "RISE": 5}.items():
        monkeypatch.setattr(reading, name, value)
    random = np.random.default_rng(0)
    dnas = [random_dna(16, random) for _ in NAMES]
    known = reading.draw_species(NAMES, [0])
    weights = Architecture(16, 8, 8, 8, 8, 8, 8).initial_weights()
    reader = reading.Reader(weights, dnas, known, further, 60)

    def share() -> float:
        return reading.share_of_family(reading.read_pages(reader.weights, further), further, dnas, NAMES)

    assert share() < 0.8
    errors = [reader.learn() for _ in range(reader.iterations)]
    assert np.mean(errors[-5:]) < 0.7 * np.mean(errors[:5])
    assert share() > 0.9
    assert {*reader.weights} == {name for name in weights if name.startswith("encode")}


def test_pages_show_what_they_say(further):
    """The species is the variety that the make was drawn from: with no straying the two are one picture."""
    assert len(further.pictures) == len(further.species) == 8
    for family, number in zip(("cloth", "honeycomb") * 4, further.species, strict=True):
        assert NAMES[number] in VARIETIES[family]
    for seed in range(3):
        name = nearest_variety("cloth", seed)
        plain = random_parameters("cloth", seed, spread=0.0)
        own = draw_exemplar("cloth", seed, 64, **VARIETIES["cloth"][name])
        np.testing.assert_allclose(draw_exemplar("cloth", seed, 64, **plain), own, atol=2 / 255)
