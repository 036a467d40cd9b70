# SPDX-License-Identifier: GPL-3.0-or-later
"""DNA as artists type, paste, blend and read it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blender_nca.genetics.dna import LETTERS, DNAError, format_dna, hamming_distance, parse_dna
from blender_nca.genetics.relaxed import blend, nearest_dna, random_dna, relax

dnas = st.text(LETTERS, min_size=1, max_size=64)
same_length = st.integers(1, 32).flatmap(
    lambda length: st.lists(st.text(LETTERS, min_size=length, max_size=length), min_size=1, max_size=5)
)


@given(dnas, st.integers(1, 20))
def test_dna_copied_from_the_panel_pastes_back_unchanged(dna, group):
    assert parse_dna(format_dna(dna, group), len(dna)) == dna


@given(dnas)
def test_lower_case_tabs_lines_and_hard_spaces_are_accepted(dna):
    assert parse_dna("\t" + "\u00a0\n".join(dna.lower()) + "\r\n", len(dna)) == dna


@given(st.text(max_size=40))
def test_any_text_is_either_dna_or_refused_with_a_message(text):
    try:
        dna = parse_dna(text)
    except DNAError as error:
        assert str(error)
    else:
        assert set(dna) <= set(LETTERS) and dna


@pytest.mark.parametrize(
    ("text", "length", "message"),
    [
        ("ACG TNA", 6, "DNA letter 5 is 'N': only A, C, G and T are used"),
        ("ACGU", 4, "DNA letter 4 is 'U': only A, C, G and T are used"),
        ("A-C", 3, "DNA letter 2 is '-': only A, C, G and T are used"),
        ("ACG", 8, "The DNA has 3 letters and this model's DNA has 8: add 5"),
        ("ACGTACGTA", 8, "The DNA has 9 letters and this model's DNA has 8: remove 1"),
        (" \n", 8, "The DNA is empty: give 8 letters, each A, C, G or T"),
    ],
)
def test_wrong_dna_is_refused_with_the_place_and_the_cure(text, length, message):
    with pytest.raises(DNAError) as error:
        parse_dna(text, length)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("letter", "name"),
    [
        ("\u0421", "cyrillic capital letter es, U+0421"),
        ("\u0391", "greek capital letter alpha, U+0391"),
        ("\uff27", "fullwidth latin capital letter g, U+FF27"),
        ("\u200b", "zero width space, U+200B"),
        ("\ud800", "a character without a name, U+D800"),
        ("\u00df", "latin small letter sharp s, U+00DF"),
    ],
)
def test_letters_that_only_look_right_are_named(letter, name):
    with pytest.raises(DNAError) as error:
        parse_dna("AC" + letter + "T", 4)
    message = str(error.value)
    assert "letter 3" in message
    assert name in message
    assert letter.isprintable() or letter not in message


def test_groups_of_no_letters_are_refused():
    with pytest.raises(ValueError, match="1 letter or more"):
        format_dna("ACGT", 0)


@given(dnas)
def test_relaxed_dna_reads_back(dna):
    relaxed = relax(dna)
    assert relaxed.dtype == np.float32
    assert relaxed.shape == (len(dna), 4)
    assert (relaxed.sum(axis=1) == 1).all()
    assert nearest_dna(relaxed) == dna


def test_letters_have_their_columns():
    assert (relax("ACGT") == np.eye(4)).all()


def test_an_even_row_reads_as_the_first_letter():
    assert nearest_dna(np.full((3, 4), 0.25)) == "AAA"


@pytest.mark.parametrize(
    "relaxed", [np.zeros((3, 3)), np.zeros(4), np.zeros((0, 4)), np.full((2, 4), np.nan)]
)
def test_relaxed_dna_of_another_shape_or_without_numbers_is_refused(relaxed):
    with pytest.raises(DNAError, match="Relaxed DNA"):
        nearest_dna(relaxed)


@given(same_length, st.data())
def test_a_blend_is_the_weighted_mean_whatever_the_scale_of_the_weights(dnas, data):
    weights = data.draw(st.lists(st.floats(0, 1e308), min_size=len(dnas), max_size=len(dnas)).filter(any))
    relaxed = blend(dnas, weights)
    assert relaxed.dtype == np.float32
    assert np.allclose(relaxed.sum(axis=1), 1, atol=1e-6)
    total = math.fsum(weight / max(weights) for weight in weights)
    expected = sum(
        weight / max(weights) / total * relax(dna) for weight, dna in zip(weights, dnas, strict=True)
    )
    assert np.allclose(relaxed, expected, atol=1e-6)


@given(same_length, st.data(), st.floats(1e-300, 1e300))
def test_a_blend_at_its_end_is_exactly_that_species(dnas, data, weight):
    chosen = data.draw(st.integers(0, len(dnas) - 1))
    weights = [weight if place == chosen else 0.0 for place in range(len(dnas))]
    assert (blend(dnas, weights) == relax(dnas[chosen])).all()


@pytest.mark.parametrize(
    ("dnas", "weights", "message"),
    [
        ([], [], "at least one DNA"),
        (["AC", "GT"], [1], "needs 2 weights, not 1"),
        (["AC", "GTT"], [1, 1], "DNA 1 has 2 letters and DNA 2 has 3"),
        (["AC", "GT"], [1, -0.5], "Blend weight 2 is -0.5"),
        (["AC", "GT"], [math.nan, 1], "Blend weight 1 is nan"),
        (["AC", "GT"], [1, math.inf], "Blend weight 2 is inf"),
        (["AC", "GT"], [0, 0], "All blend weights are 0"),
        (["AC", "GX"], [1, 0], "DNA letter 2 is 'X'"),
        (["", ""], [1, 1], "empty"),
    ],
)
def test_a_blend_that_cannot_be_says_why(dnas, weights, message):
    with pytest.raises(DNAError, match=message):
        blend(dnas, weights)


@given(st.integers(1, 200), st.integers(0, 2**32))
def test_random_dna_has_the_models_length_and_comes_back_from_its_seed(length, seed):
    dna = random_dna(length, np.random.default_rng(seed))
    assert parse_dna(dna, length) == dna
    assert random_dna(length, np.random.default_rng(seed)) == dna


def test_random_dna_uses_all_letters_alike():
    dna = random_dna(4000, np.random.default_rng(1))
    assert all(900 < dna.count(letter) < 1100 for letter in LETTERS)


def test_random_dna_of_no_letters_is_refused():
    with pytest.raises(DNAError, match="1 letter or more"):
        random_dna(0, np.random.default_rng(1))


@given(same_length)
def test_distance_counts_the_letters_that_differ(dnas):
    a, b = dnas[0], dnas[-1]
    distance = hamming_distance(a, b)
    assert distance == sum(x != y for x, y in zip(a, b, strict=True))
    assert type(distance) is int


def test_distance_between_models_is_refused():
    with pytest.raises(DNAError, match="4 and 3 letters"):
        hamming_distance("ACGT", "ACG")
