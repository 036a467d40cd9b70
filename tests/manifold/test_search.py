# SPDX-License-Identifier: GPL-3.0-or-later
"""A search for DNA sees what grows of it, of learned species too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from blender_nca.genetics.relaxed import relax  # noqa: E402
from blender_nca.manifold import own_unit, search  # noqa: E402
from blender_nca.manifold.manifold import Manifold  # noqa: E402
from blender_nca.manifold.own_unit import OwnUnit  # noqa: E402
from blender_nca.manifold.transcription import transcribe  # noqa: E402
from tests.engine.tiny import write_manifold  # noqa: E402

DNA, COUSIN, STRANGER = "ACGTACGT", "ACGTACTT", "TTTTCCAA"


def test_units_speak_in_a_search_as_they_do_in_a_growth(tmp_path):
    manifold = Manifold.open(write_manifold(tmp_path / "tiny"))
    random = np.random.default_rng(0)
    added = {
        name: random.normal(0, 1, shape).astype(np.float32)
        for name, shape in own_unit.shapes(manifold.sizes).items()
    }
    unit = OwnUnit(DNA, 0.5, added)
    letters = torch.from_numpy(np.stack([relax(dna) for dna in (DNA, COUSIN, STRANGER)])).requires_grad_()
    weights = {name: torch.from_numpy(value) for name, value in manifold.weights.items()}
    rule, painter = search._Unit(unit, "cpu").join(letters, *transcribe(weights, manifold.sizes, letters))
    for i, dna in enumerate((DNA, COUSIN, STRANGER)):
        own_rule, own_painter = manifold.with_units((unit,)).transcribe(relax(dna))
        for name in own_unit.OF_RULE:
            np.testing.assert_allclose(getattr(rule, name)[i].detach(), getattr(own_rule, name), atol=1e-5)
        for name in own_unit.OF_PAINTER:
            seen = getattr(painter, name)[i].detach()
            np.testing.assert_allclose(seen, getattr(own_painter, name), atol=1e-5)
    rule.into_hidden.sum().backward()
    assert letters.grad is not None and letters.grad[1].any(), "its letters are drawn to those of the unit"


def test_a_search_from_a_learned_species_begins_with_what_that_grows(tmp_path):
    tiny = Manifold.open(write_manifold(tmp_path / "tiny"))
    manifold = replace(tiny, card={**tiny.card, "boundary": "wrap", "cells": 24, "pixels_per_cell": 4})
    added = {
        name: np.full(shape, 0.05, np.float32) for name, shape in own_unit.shapes(manifold.sizes).items()
    }
    seen = []

    def distance(maps: torch.Tensor) -> torch.Tensor:
        seen.append(maps.detach().numpy())
        return maps.mean((1, 2, 3))

    start = torch.from_numpy(relax(DNA))[None]
    for known in (manifold, manifold.with_units((OwnUnit(DNA, 0.5, added),))):
        assert search.search_dna(known, start, distance, iterations=0) == [DNA]
    assert np.abs(seen[0] - seen[1]).max() > 0.01
