# SPDX-License-Identifier: GPL-3.0-or-later
"""Breeding: children that are new, of both parents, and come back from their seed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blender_nca.genetics.dna import LETTERS, DNAError, hamming_distance
from blender_nca.genetics.variation import cross_one_point, cross_two_points, mutate

dnas = st.text(LETTERS, min_size=1, max_size=48)
seeds = st.integers(0, 2**32)
rates = st.floats(0, 1)


def parents(fewest_letters):
    def pair(length):
        dna = st.text(LETTERS, min_size=length, max_size=length)
        return st.tuples(dna, dna)

    return st.integers(fewest_letters, 24).flatmap(pair)


@given(dnas, seeds)
def test_rate_0_keeps_the_species_and_rate_1_keeps_no_letter(dna, seed):
    assert mutate(dna, 0, np.random.default_rng(seed)) == dna
    assert hamming_distance(mutate(dna, 1, np.random.default_rng(seed)), dna) == len(dna)


@given(dnas, rates, rates, seeds)
def test_a_mutation_slider_keeps_what_it_has_changed(dna, rate, other_rate, seed):
    little = mutate(dna, min(rate, other_rate), np.random.default_rng(seed))
    much = mutate(dna, max(rate, other_rate), np.random.default_rng(seed))
    assert all(m == a for d, a, m in zip(dna, little, much, strict=True) if a != d)


def test_the_rate_is_the_share_of_changed_letters_and_all_others_are_likely():
    mutated = mutate("A" * 4000, 0.3, np.random.default_rng(3))
    assert 1100 < hamming_distance(mutated, "A" * 4000) < 1300
    assert all(330 < mutated.count(letter) < 470 for letter in "CGT")


@pytest.mark.parametrize("rate", [-0.1, 1.5, math.nan])
def test_a_rate_that_is_no_probability_is_refused(rate):
    with pytest.raises(ValueError, match="from 0 to 1"):
        mutate("ACGT", rate, np.random.default_rng(0))


@given(parents(2), seeds)
def test_one_point_child_starts_as_one_parent_and_ends_as_the_other(pair, seed):
    a, b = pair
    child = cross_one_point(a, b, np.random.default_rng(seed))
    assert child in [a[:cut] + b[cut:] for cut in range(1, len(a))]
    assert child == cross_one_point(a, b, np.random.default_rng(seed))


@given(parents(3), seeds)
def test_two_point_child_is_one_parent_around_a_stretch_of_the_other(pair, seed):
    a, b = pair
    child = cross_two_points(a, b, np.random.default_rng(seed))
    assert child in _two_point_children(a, b)
    assert child == cross_two_points(a, b, np.random.default_rng(seed))


@given(parents(3), seeds)
def test_breeding_gives_something_new_wherever_that_can_be(pair, seed):
    a, b = pair
    if hamming_distance(a, b) >= 2:
        assert cross_one_point(a, b, np.random.default_rng(seed)) not in (a, b)
    if _two_point_children(a, b) - {a, b}:
        assert cross_two_points(a, b, np.random.default_rng(seed)) not in (a, b)


def test_every_cut_is_found():
    rng = np.random.default_rng(5)
    ones = {cross_one_point("AAAAA", "CCCCC", rng) for _ in range(200)}
    twos = {cross_two_points("AAAAA", "CCCCC", rng) for _ in range(400)}
    assert ones == {"ACCCC", "AACCC", "AAACC", "AAAAC"}
    assert twos == _two_point_children("AAAAA", "CCCCC")


@pytest.mark.parametrize("cross", [cross_one_point, cross_two_points])
def test_parents_of_two_models_or_of_one_letter_are_refused(cross):
    rng = np.random.default_rng(0)
    with pytest.raises(DNAError, match="4 and 3 letters"):
        cross("ACGT", "ACG", rng)
    with pytest.raises(DNAError, match="letters or more"):
        cross("A", "C", rng)


def test_two_points_need_three_letters():
    with pytest.raises(DNAError, match="3 letters or more, not 2"):
        cross_two_points("AC", "GT", np.random.default_rng(0))


def _two_point_children(a, b):
    length = len(a)
    return {
        a[:start] + b[start:stop] + a[stop:]
        for start in range(1, length - 1)
        for stop in range(start + 1, length)
    }
