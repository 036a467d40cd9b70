# SPDX-License-Identifier: GPL-3.0-or-later
"""A frame is a pure function of (growth, frame)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blender_nca.automaton.growth import Genotype, Growth, GrowthError, Mask, Seeds
from blender_nca.automaton.regions import region_shares
from blender_nca.automaton.rollout import Interrupted, Rollout
from blender_nca.automaton.seeding import seed_cells
from blender_nca.genetics import read_library
from blender_nca.manifold.backend import open_automaton
from blender_nca.manifold.manifold import Manifold

MODELS = Path(__file__).parents[2] / "models"
MANIFOLD = Manifold.open(MODELS / "materials")
DNAS = [species.dna for species in read_library([MODELS]).by_dna_alone("materials")]
GROWTH = Growth(
    "materials", (Genotype(DNAS[:2], ((1, 0), (0.8, 0.2), (0.5, 0.5))),), 24, 16, pixels_per_cell=2
)


def rollout(**options) -> Rollout:
    return Rollout(open_automaton(MANIFOLD, "numpy"), **options)


@settings(max_examples=15)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(0, 3))
def test_a_frame_asked_alone_is_the_frame_reached_in_any_order(frames, landmarks):
    played = rollout(memory=(1 + landmarks) * 24 * 16 * 16 * 4)
    for frame in frames:
        assert (played.state(GROWTH, frame) == rollout().state(GROWTH, frame)).all()


def test_a_keyframe_changed_late_keeps_what_grew_before():
    before = replace(GROWTH, genotypes=(Genotype(DNAS[:2], tuple((1, 0) for _ in range(9))),))
    after = replace(GROWTH, genotypes=(Genotype(DNAS[:2], (*((1, 0) for _ in range(6)), (0, 1))),))
    keys_before, keys_after = ([key for key, _, _ in g.plan(8)] for g in (before, after))
    assert keys_before[:6] == keys_after[:6] and keys_before[6] != keys_after[6]


def test_every_change_of_a_growth_regrows_it():
    changes = [
        dict(width=32),
        dict(random_seed=1),
        dict(boundary="edge"),
        dict(seeds=Seeds("scattered", 2)),
        dict(manifold="other"),
        dict(steps=(3.0,)),
        dict(quality="draft"),
        dict(genotypes=(Genotype(DNAS[1:3], GROWTH.genotypes[0].weights),)),
        dict(genotypes=(Genotype(DNAS[:2], GROWTH.genotypes[0].weights, Mask.pack(np.eye(8))),)),
    ]
    keys = [replace(GROWTH, **change).plan(4)[-1][0] for change in changes]
    assert len({*keys, GROWTH.plan(4)[-1][0]}) == len(changes) + 1
    assert replace(GROWTH, pixels_per_cell=8).plan(4) == GROWTH.plan(4), "finer painting is no other growth"


@given(st.lists(st.floats(0, 5), min_size=1, max_size=30), st.integers(0, 60))
def test_fractions_of_steps_add_up(track, frame):
    growth = replace(GROWTH, steps=tuple(track))
    assert sum(steps for _, steps, _ in growth.plan(frame)) == growth.steps_until(frame)


def test_a_tenth_of_a_step_a_frame_is_one_step_in_ten_frames():
    assert [replace(GROWTH, steps=(0.1,)).steps_until(f) for f in (9, 10, 20)] == [0, 1, 2]


def test_a_growth_survives_being_written_as_json():
    import json

    growth = replace(GROWTH, seeds=Seeds("mask", mask=Mask.pack(np.eye(9))))
    assert Growth.from_json(json.loads(json.dumps(growth.to_json()))) == growth


def test_a_stopped_rollout_goes_on_from_where_it_was():
    played, left = rollout(), iter([False] * 5 + [True])
    with pytest.raises(Interrupted):
        played.state(GROWTH, 40, lambda: next(left))
    assert (played.state(GROWTH, 40) == rollout().state(GROWTH, 40)).all()


def test_memory_stays_within_its_budget():
    size = 24 * 16 * 16 * 4
    played = rollout(memory=10 * size)
    played.state(GROWTH, 100)
    assert played._bytes <= 10 * size


@pytest.mark.parametrize(
    "change",
    [
        dict(width=0),
        dict(height=100_000),
        dict(width=4096, height=4096, pixels_per_cell=8),
        dict(pixels_per_cell=0),
        dict(steps=()),
        dict(steps=(float("nan"),)),
        dict(steps=(-1.0,)),
        dict(boundary="mirror"),
        dict(quality="coarse"),
        dict(genotypes=()),
    ],
)
def test_a_growth_that_cannot_be_grown_is_refused_with_a_reason(change):
    with pytest.raises(GrowthError, match=r"[a-z]{3}"):
        replace(GROWTH, **change)


def test_bad_genotypes_seeds_and_masks_are_refused_with_a_reason():
    for make in (
        lambda: Genotype(()),
        lambda: Genotype(("ACGT",), ((0.0,),)),
        lambda: Genotype(("ACGT",), ((1.0, 1.0),)),
        lambda: Seeds("points"),
        lambda: Seeds("mask"),
        lambda: Seeds("scattered", 0),
        lambda: Mask.pack(np.zeros((0, 4))),
        lambda: Mask(4, 4, "not base64"),
        lambda: Growth.from_json({"manifold": "materials"}),
        lambda: Growth.from_json({**GROWTH.to_json(), "colour": "red"}),
        lambda: Growth.from_json({**GROWTH.to_json(), "steps": ["many"]}),
        lambda: Growth.from_json({**GROWTH.to_json(), "width": 24.5}),
        lambda: GROWTH.plan(-1),
        lambda: seed_cells(replace(GROWTH, seeds=Seeds("mask", mask=Mask.pack(np.zeros((4, 4)))))),
    ):
        with pytest.raises(GrowthError):
            make()


def test_more_scattered_seeds_keep_those_that_were_there():
    few = seed_cells(replace(GROWTH, seeds=Seeds("scattered", 3)))
    many = seed_cells(replace(GROWTH, seeds=Seeds("scattered", 9)))
    assert few.sum() == 3 and many.sum() == 9 and (many | few == many).all()


@given(st.lists(st.integers(0, 255), min_size=12, max_size=12), st.booleans())
def test_shares_of_regions_sum_to_one_in_every_cell(values, with_rest):
    region = Mask.pack(np.array(values).reshape(3, 4) / 255)
    genotypes = [
        Genotype((DNAS[0],), region=region),
        Genotype((DNAS[1],), region=None if with_rest else region),
    ]
    shares = region_shares(replace(GROWTH, genotypes=tuple(genotypes)))
    np.testing.assert_allclose(sum(shares), 1, atol=1e-6)


def test_a_mask_survives_packing():
    picture = np.linspace(0, 1, 256).reshape(16, 16)
    np.testing.assert_allclose(Mask.pack(picture).unpack(16, 16), picture, atol=1 / 500)
    assert abs(Mask.pack(picture).unpack(5, 7).mean() - picture.mean()) < 0.01
