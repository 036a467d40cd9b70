# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan says the same as one that is counted through from frame 0, and costs no more at a late frame."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from blender_nca.automaton.growth import Genotype, Growth

BLENDS = st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=12)
STEPS = st.lists(st.sampled_from([0.0, 0.4, 1.0, 2.0]), min_size=1, max_size=12)


def growth(blends, steps, **changes) -> Growth:
    genotype = Genotype(("ACGT", "TTTT"), tuple((1 - b, b) for b in blends))
    return Growth("some", (genotype,), 16, 16, steps=tuple(steps), **changes)


def history(growth: Growth, frame: int) -> tuple:
    """The weights of every step until a frame: what a state is grown by."""
    steps, total, grown = [growth.steps[min(f, len(growth.steps) - 1)] for f in range(frame + 1)], 0, []
    for f, so_far in enumerate(itertools.accumulate(steps[1:]), 1):
        now = math.floor(round(so_far, 6))
        grown += [growth.genotypes[0].weights_at(f)] * (now - total)
        total = now
    return tuple(grown)


@given(BLENDS, STEPS, BLENDS, STEPS, st.integers(0, 20), st.integers(0, 20))
def test_two_growths_share_a_key_exactly_when_they_share_the_state(blends, steps, others, pace, frame, later):
    one, other = growth(blends, steps), growth(others, pace)
    same = history(one, frame) == history(other, later)
    assert (one.moment(frame).key == other.moment(later).key) == same


@given(BLENDS, STEPS, st.permutations(range(21)))
def test_a_plan_is_the_same_in_whichever_order_it_is_asked(blends, steps, order):
    one = growth(blends, steps)
    asked = {frame: one.moment(frame) for frame in order}
    again = growth(blends, steps)
    assert [asked[frame] for frame in range(21)] == again.plan(20)
    assert again.moment(0).steps == 0
    assert again.steps_until(20) == len(history(one, 20))


def test_a_late_frame_reads_no_more_of_a_growth_than_an_early_one():
    """Beyond the last change of its tracks a growth is not counted through."""
    read = []

    class Weights(tuple):
        def __getitem__(self, frame):
            read.append(frame)
            return super().__getitem__(frame)

    one = growth([0.0, 1.0], [1.0, 2.0])
    object.__setattr__(one.genotypes[0], "weights", Weights(one.genotypes[0].weights))
    assert one.moment(1_000_000).steps == 2 and one.steps_until(1_000_000) == 2_000_000
    assert len(read) < 10


def test_the_same_description_has_the_same_key():
    one = growth([0.0, 1.0], [1.0])
    assert one.key == growth([0.0, 1.0], [1.0]).key != replace(one, random_seed=1).key
