# SPDX-License-Identifier: GPL-3.0-or-later
"""A pattern that is laid stays as it is, heals, and goes on where what it grows by is changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from blender_nca.automaton.environment import Environment, MaskTrack
from blender_nca.automaton.growth import Genotype, Growth, Mask, Seeds
from blender_nca.automaton.growth_error import GrowthError
from blender_nca.automaton.settling import around
from blender_nca.automaton.update_rule import LIFE
from tests.automaton.test_frames import DNAS, rollout

SETTLING = 10
SOWN = Seeds("scattered", 4)
RESTLESS = Growth("materials", (Genotype(DNAS[:1]),), 24, 16, seeds=SOWN, steps=(4.0,))
SETTLED = replace(RESTLESS, settling=SETTLING)
MIDDLE = Mask.pack(np.pad(np.ones((4, 4)), 10))


def test_a_pattern_that_has_settled_stays_as_it_is_and_one_that_has_not_goes_on():
    played = rollout()
    assert played.living(SETTLED, 14) == 1
    assert (played.state(SETTLED, 20) == played.state(SETTLED, 24)).all()
    assert (played.state(RESTLESS, 20) != played.state(RESTLESS, 24)).any()
    assert (played.state(SETTLED, 2) == played.state(RESTLESS, 2)).all(), "young cells are as ever"


def test_a_wound_of_a_settled_pattern_heals_with_what_is_around_it_and_the_rest_stays():
    wounded = replace(SETTLED, height=40, environment=Environment(wounds=MaskTrack((45,), (MIDDLE,))))
    played = rollout()
    before, hurt, healed = (played.state(wounded, frame) for frame in (44, 45, 70))
    inside = MIDDLE.unpack(40, 24) > 0.5
    near = around(inside, "wrap")
    assert not hurt[:, inside].any() and healed[LIFE, inside].min() > 0.1
    assert (healed != before).any(0)[near & ~inside].mean() > 0.9
    assert (healed[:, ~near] == before[:, ~near]).all() and (~near).any()
    assert (healed == played.state(wounded, 80)).all(), "the scar settles, too"


def test_a_settled_pattern_follows_its_blend():
    keyed = Genotype(DNAS[:2], (*[(1.0, 0.0)] * 25, (0.0, 1.0)))
    played = rollout()
    blended = replace(SETTLED, genotypes=(keyed,))
    assert (played.state(blended, 24) == played.state(SETTLED, 24)).all()
    assert (played.state(blended, 30) != played.state(blended, 24)).any(0).mean() > 0.9
    assert (played.state(blended, 45) == played.state(blended, 50)).all()


def test_settled_cells_wake_where_a_stronger_species_takes_them_over():
    two = (Genotype(DNAS[:1]), Genotype(DNAS[1:2], strength=(*[0.2] * 30, 0.9)))
    sown = Seeds("points", points=((0.25, 0.5), (0.75, 0.5)), layers=(0, 1))
    meeting = replace(SETTLED, genotypes=two, seeds=sown, meeting="stronger", steps=(8.0,))
    played = rollout()
    assert (played.state(meeting, 29) != played.state(meeting, 60)).any(0).mean() > 0.5


@pytest.mark.parametrize("memory", [1, 4 * 24 * 16 * 17 * 4])
def test_a_settling_frame_is_the_same_however_it_is_reached(memory):
    keyed = Genotype(DNAS[:2], (*[(1.0, 0.0)] * 9, (0.5, 0.5)))
    growth = replace(
        SETTLED,
        genotypes=(keyed,),
        steps=(*[3.0] * 8, 0.0, 0.0, 3.0),
        environment=Environment(wounds=MaskTrack((12,), (MIDDLE,))),
    )
    played = rollout(memory=memory)
    for frame in (9, 14, 3, 11, 20):
        assert (played.state(growth, frame) == rollout().state(growth, frame)).all()


def test_a_growth_that_does_not_settle_is_described_as_it_always_was():
    assert "settling" not in RESTLESS.to_json()
    assert Growth.from_json(SETTLED.to_json()) == SETTLED
    assert SETTLED.moment(3).key != RESTLESS.moment(3).key
    with pytest.raises(GrowthError, match="settle after 0 steps"):
        replace(SETTLED, settling=0)
