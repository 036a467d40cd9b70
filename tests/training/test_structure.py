# SPDX-License-Identifier: GPL-3.0-or-later
"""What training takes for a finished structure must be one to the eyes of the evaluation, or hours go astray."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import torch.nn.functional as F  # noqa: E402

from blender_nca.learning import patches  # noqa: E402
from blender_nca.learning.patches import (  # noqa: E402
    patch_distance,
    structure_scale,
    structure_signature,
)
from blender_nca.learning.structure import Structure  # noqa: E402
from blender_nca.training.exemplars import draw_variety  # noqa: E402

SPECIES = (("giraffe", "Giraffe"), ("lava", "Cooling Lava"), ("mud", "River Silt"), ("zebra", "Zebra"))


@pytest.fixture(scope="module")
def exemplars() -> np.ndarray:
    return np.stack([draw_variety(*one, sister) for one in SPECIES for sister in (0, 1)])


@pytest.fixture(scope="module")
def structure(exemplars) -> Structure:
    return Structure(torch.from_numpy(exemplars), sisters=2)


def shares(structure, maps: torch.Tensor) -> torch.Tensor:
    first = torch.arange(len(SPECIES)) * 2
    scores = [structure.shares(maps, first, first, torch.zeros(len(maps)), bank) for bank in range(8)]
    return torch.stack(scores).mean(0)


def score(structure, maps: torch.Tensor) -> torch.Tensor:
    return shares(structure, maps).mean(0)


def blur(sharp: torch.Tensor) -> torch.Tensor:
    return F.interpolate(F.avg_pool2d(sharp, 4), scale_factor=4, mode="bilinear")


def test_a_blurred_material_is_as_far_off_in_training_as_it_is_measured(structure, exemplars, monkeypatch):
    monkeypatch.setattr(patches, "PROJECTIONS", patches.PROJECTIONS // 4)
    blurred = blur(torch.from_numpy(exemplars[::2]))
    trained, _ = shares(structure, blurred)
    for i, (_, name) in enumerate(SPECIES):
        wanted, unit = structure_signature(exemplars[2 * i]), structure_scale(*exemplars[2 * i : 2 * i + 2])
        measured = patch_distance(structure_signature(blurred[i].numpy()), wanted) / unit
        assert 0.6 < float(trained[i]) / measured < 1.6, (name, float(trained[i]), measured)


def test_the_exemplar_itself_is_far_nearer_than_its_blurred_picture(structure, exemplars):
    sharp = torch.from_numpy(exemplars[::2])
    own = score(structure, sharp)  # not nothing: some thousand of its patches stand for all
    assert (own < 1).all() and (own < 0.4 * score(structure, blur(sharp))).all()


def test_brightness_and_contrast_are_neither_seen_nor_pulled_at(structure, exemplars):
    maps = torch.from_numpy(exemplars[::2])
    other = F.avg_pool2d(maps, 3, 1, 1).requires_grad_()
    score(structure, other).sum().backward()
    along = other.grad.sum((1, 2, 3)).abs()
    assert (along < 0.05 * other.grad.abs().sum((1, 2, 3))).all(), "making all brighter is not asked for"
    dimmed = score(structure, 0.15 + 0.7 * other.detach())
    torch.testing.assert_close(dimmed, score(structure, other.detach()), rtol=0.15, atol=0.08)


def test_a_material_without_black_or_white_is_judged_too():
    random = np.random.default_rng(0)
    grey = torch.from_numpy(0.5 + 0.02 * random.standard_normal((2, 1, 64, 64))).float().repeat(1, 3, 1, 1)
    structure = Structure(grey, 2)
    zero, none = torch.zeros(1, dtype=torch.long), torch.zeros(1)
    black = torch.zeros_like(grey[:1]).requires_grad_()
    own, of_black = (structure.score(maps, zero, zero, none, 0) for maps in (grey[:1], black))
    of_black.sum().backward()
    assert own < 1 and of_black > 10 * own and torch.isfinite(black.grad).all()
