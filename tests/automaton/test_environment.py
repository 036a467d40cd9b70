# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing grows where an artist lets nothing grow; wounds and late seeds come in their frames, in any order."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blender_nca.automaton.chance import FIRE_RATE
from blender_nca.automaton.environment import Environment, MaskTrack, Planting, join
from blender_nca.automaton.growth import Genotype, Growth, GrowthError, Mask, Seeds
from blender_nca.automaton.rollout import Rollout
from blender_nca.genetics import read_library
from blender_nca.manifold.backend import open_automaton
from blender_nca.manifold.manifold import Manifold
from tests.automaton.test_backends import BACKENDS, MODELS, automaton, to_numpy

MANIFOLD = Manifold.open(MODELS / "materials")
DNAS = [species.dna for species in read_library([MODELS]).by_dna_alone("materials")[:2]]
LEFT, RIGHT, NONE = (Mask.pack(np.repeat([row], 4, 0)) for row in ([1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]))
MIDDLE = Mask.pack(np.pad(np.ones((4, 4)), 6))


def growth(environment=None, **changes) -> Growth:
    given = dict(seeds=Seeds("scattered", 8), steps=(4.0,), environment=environment, random_seed=2)
    given |= dict(genotypes=(Genotype((DNAS[0],)),), width=32, height=32)
    return Growth("materials", **{**given, **changes})


def alive(rollout, growth, frame) -> np.ndarray:
    state = rollout.state(growth, frame)
    return (state if state.shape[0] == 16 and state.ndim == 3 else to_numpy(state))[3] > 0.1


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_backend_meets_the_same_environment(backend):
    slope = Mask.pack(np.linspace(0.2, 1, 32)[:, None].repeat(32, 1))
    environment = Environment(
        MaskTrack((0, 8), (LEFT, Mask.pack(np.ones((4, 4))))),
        MaskTrack.still(slope),
        MaskTrack((5, 12), (MIDDLE, RIGHT)),
        False,
        (Planting(6, Seeds("points", points=((0.1, 0.1),))),),
    )
    left = Mask.pack(np.linspace(1, 0, 32)[None].repeat(32, 0))
    two = (Genotype((DNAS[0],)), Genotype((DNAS[1],), region=left))
    for each in (growth(environment), growth(environment, genotypes=two, boundary="edge")):
        plain, fast = Rollout(open_automaton(MANIFOLD, "numpy")), Rollout(automaton(MANIFOLD, backend))
        for frame in (7, 14):
            state = plain.state(each, frame)
            np.testing.assert_allclose(state, to_numpy(fast.state(each, frame)), atol=1e-4)
        assert state[3].any()


def test_nothing_grows_where_it_may_not():
    rollout = Rollout(open_automaton(MANIFOLD))
    held = growth(Environment(habitable=MaskTrack((0, 40), (LEFT, Mask.pack(np.ones((4, 4)))))))
    lives = alive(rollout, held, 39)
    assert lives[:, :16].mean() > 0.9 and not lives[:, 16:].any()
    assert alive(rollout, held, 60)[:, 20:28].any(), "a mask that opens lets it go on"
    taken = growth(Environment(habitable=MaskTrack((0, 30), (Mask.pack(np.ones((4, 4))), LEFT))))
    assert alive(rollout, taken, 29)[:, 16:].mean() > 0.9 and not alive(rollout, taken, 31)[:, 16:].any()


def test_slow_cells_grow_later_and_black_ones_stand_still():
    rollout = Rollout(open_automaton(MANIFOLD))
    shares = []
    for speed in (1, 0.3, 0):
        slowed = growth(Environment(speed=MaskTrack.still(Mask.pack(np.full((4, 4), speed)))))
        shares.append(alive(rollout, slowed, 2).mean())
    assert shares[0] > 1.5 * shares[1] > 2 * shares[2] > 0
    habitat = Environment(speed=MaskTrack.still(Mask.pack(np.array([[0, 1.0]])))).habitat(0, 1, 2)
    assert habitat.tolist() == [[1, FIRE_RATE * 2**32]]


@pytest.mark.parametrize("heals", [True, False])
def test_a_wound_heals_or_stays(heals):
    rollout = Rollout(open_automaton(MANIFOLD))
    wounded = growth(Environment(wounds=MaskTrack((40,), (MIDDLE,)), heals=heals))
    hole = MIDDLE.unpack(32, 32) > 0.5
    assert alive(rollout, wounded, 39)[hole].all()
    assert wounded.moment(39).key == growth().moment(39).key != wounded.moment(40).key
    assert not alive(rollout, wounded, 40)[hole].any(), "it is seen in its frame"
    assert (
        alive(rollout, wounded, 80)[hole].mean() > 0.9
        if heals
        else not alive(rollout, wounded, 80)[hole].any()
    )


def test_a_late_seed_begins_in_its_frame_and_spoils_nothing_that_lives():
    rollout = Rollout(open_automaton(MANIFOLD))
    late = Planting(5, Seeds("points", points=((0.5, 0.5),)))
    alone = growth(Environment(plantings=(late,)), seeds=Seeds("none"))
    assert not alive(rollout, alone, 4).any() and alive(rollout, alone, 9)[16, 16]
    grown = growth(Environment(plantings=(late._replace(frame=60),)))
    assert (rollout.state(grown, 62) == rollout.state(growth(), 62)).all()
    with pytest.raises(GrowthError, match="frame 1"):
        Environment(plantings=(late._replace(frame=0),))


MASKS = st.sampled_from([None, LEFT, RIGHT, MIDDLE])
TRACKS = st.dictionaries(st.integers(0, 6), st.sampled_from([LEFT, RIGHT, MIDDLE]), min_size=1, max_size=3)
SOME = st.one_of(st.none(), TRACKS.map(lambda masks: MaskTrack(*zip(*sorted(masks.items()), strict=True))))
LATE = st.lists(
    st.integers(1, 6).map(lambda frame: (frame, Seeds("points", points=((0.3, 0.6),)))), max_size=2
)
ENVIRONMENTS = st.builds(Environment, SOME, SOME, SOME, st.booleans(), LATE.map(tuple))


@settings(max_examples=15, deadline=None)
@given(ENVIRONMENTS, st.lists(st.integers(0, 9), min_size=1, max_size=5), st.sampled_from([0.0, 0.4, 2.0]))
def test_jumping_about_shows_what_playing_does(environment, frames, steps):
    each = growth(environment, steps=(steps,), width=16, height=16)
    jumped = Rollout(open_automaton(MANIFOLD), memory=3 * 16 * 16 * 16 * 4)
    for frame in frames:
        assert (jumped.state(each, frame) == Rollout(open_automaton(MANIFOLD)).state(each, frame)).all()


@settings(deadline=None)
@given(ENVIRONMENTS, ENVIRONMENTS, st.integers(0, 9), st.sampled_from([(0.5, 2.0), (1.0, 2.0), (2.0, 2.0)]))
def test_growths_share_a_key_only_where_they_met_the_same(one, other, frame, steps):
    first, second = (
        Growth("m", (Genotype(("ACGT",)),), 8, 8, steps=(speed,), environment=each)
        for each, speed in zip((one, other), steps, strict=True)
    )

    def history(growth: Growth) -> list:
        met: list = []
        for f in range(frame + 1):
            met += [growth.environment.said_of_steps(f)] * growth.moment(f).steps
            met += [said] if (said := growth.environment.said_of_events(f)) else []
        return met

    assert (first.moment(frame).key == second.moment(frame).key) == (history(first) == history(second))
    if steps[0] == steps[1]:
        assert (first.chain(frame)[-1] == second.chain(frame)[-1]) == (history(first) == history(second))
    assert first.plan(frame)[-1] == first.moment(frame)


@given(ENVIRONMENTS)
def test_an_environment_survives_being_written_as_json(environment):
    each = Growth("m", (Genotype(("ACGT",)),), 8, 8, environment=environment)
    again = Growth.from_json(json.loads(json.dumps(each.to_json())))
    assert again == each and again.key == each.key != replace(each, environment=None).key


def test_what_several_parts_of_the_panel_ask_for_comes_together():
    one = Environment(MaskTrack.still(LEFT), wounds=MaskTrack((3,), (LEFT,)))
    other = Environment(
        MaskTrack((0, 5), (RIGHT, LEFT)), wounds=MaskTrack((3, 4), (RIGHT, MIDDLE)), heals=False
    )
    both = join([one, None, other], 4, 4)
    assert not (both.habitat(0, 4, 4) > 0).any() and not both.heals
    assert both.habitable.at(5).unpack(4, 4)[0].tolist() == [1, 1, 0, 0]
    assert both.wound(3).unpack(4, 4).all() and both.wound(4) == MIDDLE and both.wound(5) is None
    assert join([None, one], 4, 4) is one and join([None], 4, 4) is None
    with pytest.raises(GrowthError, match="order"):
        MaskTrack((3, 3), (LEFT, NONE))
