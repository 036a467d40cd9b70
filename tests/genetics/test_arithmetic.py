# SPDX-License-Identifier: GPL-3.0-or-later
"""What is reckoned from several DNAs, letter by letter."""

from __future__ import annotations

import numpy as np
import pytest

from blender_nca.genetics.arithmetic import analogy, average
from blender_nca.genetics.dna import DNAError, format_differences
from blender_nca.genetics.variation import keep_letters, parse_places


def test_an_average_has_what_most_have_and_of_two_half_of_each():
    assert average(["ACGT"]) == "ACGT"
    assert average(["AAAA", "AACC", "GACT"]) == "AACA"
    assert average(["AAAAAA", "CCCCCC"]) == "ACACAC"
    assert average(["AAAA", "AAAA", "CCCC"]) == "AAAA"


def test_an_analogy_puts_what_differs_upon_the_third():
    #        differs: A's letter, same: C's
    assert analogy("AACC", "AACG", "TTTT") == "TTTC"
    assert analogy("ACGT", "ACGT", "GGGG") == "GGGG"
    assert analogy("ACGT", "TGCA", "TGCA") == "ACGT"


@pytest.mark.parametrize("reckon", [lambda: average(["AC", "A"]), lambda: average([])])
def test_what_cannot_be_averaged_is_told(reckon):
    with pytest.raises(DNAError, match=r"only DNA of one model|at least one"):
        reckon()


def test_dna_of_two_models_is_not_added():
    with pytest.raises(DNAError, match="2, 2 and 3 letters"):
        analogy("AC", "AC", "ACG")


def test_locked_letters_are_read_as_people_write_them_and_stay():
    assert np.flatnonzero(parse_places("1-3, 6 8 – 8", 8)).tolist() == [0, 1, 2, 5, 7]
    assert not parse_places("  ", 8).any()
    assert keep_letters("TTTT", "ACGA", parse_places("2-3", 4)) == "TCGT"
    for wrong, said in (("3-1", "numbered from 1 to 8"), ("0", "from 1"), ("9", "to 8"), ("x", "1-8, 20")):
        with pytest.raises(DNAError, match=said):
            parse_places(wrong, 8)


def test_only_the_letters_that_differ_are_seen():
    assert format_differences("ACGTACGTAA", "ACGAACGTAC") == "···T···· ·A"
