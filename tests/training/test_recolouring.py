# SPDX-License-Identifier: GPL-3.0-or-later
"""A species that differs from its kin in colors has each where it belongs: red paint, and rust where rust was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from blender_nca.genetics.library import read_library  # noqa: E402
from blender_nca.learning.picture import Exemplar  # noqa: E402
from blender_nca.learning.texture_learner import TextureJudge, TextureLearner  # noqa: E402
from blender_nca.manifold.learned_file import read_units  # noqa: E402
from blender_nca.manifold.manifold import Manifold  # noqa: E402
from blender_nca.training import recolouring  # noqa: E402
from blender_nca.training.exemplars import draw_variety  # noqa: E402

MODEL = Path(__file__).parents[2] / "models" / "materials"
KIN, NAME = "Yellow Machine Paint", "Red Machine Paint"
HEIGHT = 3  # of the maps that an exemplar has beside alpha


def test_exemplars_drawn_alike_differ_in_their_colours_alone():
    begun, wanted = recolouring.draw_alike(KIN, NAME)
    np.testing.assert_array_equal(begun[HEIGHT:], wanted[HEIGHT:])
    assert np.abs(begun[:HEIGHT] - wanted[:HEIGHT]).mean() > 0.1
    with pytest.raises(ValueError, match="two of one family"):
        recolouring.draw_alike(KIN, "Red Brick")


def test_each_pixel_becomes_what_its_like_is_in_the_other():
    begun, wanted = recolouring.draw_alike(KIN, NAME)
    found = recolouring.translate(torch.from_numpy(begun)[None], begun, wanted)[0].numpy()
    assert np.abs(found - wanted).mean() < 0.1 * np.abs(begun - wanted).mean()


def test_a_lesson_begins_in_the_colours_of_its_own(monkeypatch):
    monkeypatch.setattr(recolouring, "ITERATIONS", 60)
    (dna,) = (one.dna for one in read_library([MODEL.parent]).of("materials") if one.name == KIN)
    maps = draw_variety("paint", NAME)
    judge = TextureJudge(
        Exemplar((maps * 255 + 0.5).astype(np.uint8), True, 1.0),
        Manifold.open(MODEL),
        units=read_units(MODEL),
    )
    learner = TextureLearner(judge, "ACGT" * 8, 0.5, dna, 60, course="kin")
    before, pace = learner.kept, learner.own.pace
    assert recolouring.recolour(learner, KIN, NAME) < 0.25
    for name, rule in judge.transcribe(dna).items():
        if name in before and name not in recolouring.OF_PAINTER:
            torch.testing.assert_close(learner.kept[name], rule)
    assert learner.own.pace == pace
