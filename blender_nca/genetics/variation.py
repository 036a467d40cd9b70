# SPDX-License-Identifier: GPL-3.0-or-later
"""Variation: new DNA out of old, by mutation of one or crossing of two, and letters that are to stay."""

from __future__ import annotations

import re

import numpy as np

from .dna import LETTERS, DNAError, different_letters
from .relaxed import letter_numbers, write_letters


def mutate(dna: str, rate: float, rng: np.random.Generator) -> str:
    """Exchange each letter, with probability `rate`, for one of the three other letters.

    A rate of 0 changes nothing, a rate of 1 every letter. From the same state of `rng` a higher rate keeps
    the changes of a lower one and adds to them, so that a rate slider moves steadily away from the parent.

    Parameters
    ----------
    dna
        Letters in capitals.
    rate
        Probability, in [0, 1].
    rng
        Source of the chances; it is advanced.

    Raises
    ------
    ValueError
        A rate outside 0 to 1.
    DNAError
        Letters other than A, C, G and T, or none.
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"The mutation rate is {rate}: it is a probability, from 0 to 1")
    numbers = letter_numbers(dna)
    # Both are drawn for every letter, whatever the rate: that is what makes the slider steady.
    chance = rng.random(len(numbers))
    steps = rng.integers(1, len(LETTERS), size=len(numbers))
    return write_letters(np.where(chance < rate, (numbers + steps) % len(LETTERS), numbers))


def cross_one_point(a: str, b: str, rng: np.random.Generator) -> str:
    """Cross two DNAs: the start of `a` up to a random cut, the end of `b` from there on.

    The child has at least one letter of each. Where the parents differ in two letters or more, the cut is
    drawn among those that give a child unlike both parents.

    Parameters
    ----------
    a, b
        DNAs of one length, at least 2 letters.
    rng
        Source of the cut; it is advanced.

    Raises
    ------
    DNAError
        Different lengths, fewer than 2 letters, or letters other than A, C, G and T.
    """
    before = _differences_before(a, b, fewest_letters=2)
    cuts = np.arange(1, len(a))
    cut = int(rng.choice(_where_both_count(cuts, before[cuts], before[-1])))
    return a[:cut] + b[cut:]


def cross_two_points(a: str, b: str, rng: np.random.Generator) -> str:
    """Cross two DNAs: a random stretch of `b` within `a`, which keeps its first and its last letter.

    The child has at least two letters of `a` and one of `b`. Where some stretch gives a child unlike both
    parents, the stretch is drawn among those.

    Parameters
    ----------
    a, b
        DNAs of one length, at least 3 letters.
    rng
        Source of the cuts; it is advanced.

    Raises
    ------
    DNAError
        Different lengths, fewer than 3 letters, or letters other than A, C, G and T.
    """
    before = _differences_before(a, b, fewest_letters=3)
    # All pairs of places with 0 < start < stop < L.
    cuts = np.stack(np.triu_indices(len(a) - 1, k=1), axis=1) + 1
    inside = before[cuts[:, 1]] - before[cuts[:, 0]]
    start, stop = (int(cut) for cut in rng.choice(_where_both_count(cuts, inside, before[-1])))
    return a[:start] + b[start:stop] + a[stop:]


def parse_places(text: str, length: int) -> np.ndarray:
    """Read places of letters as a person writes them: "1-8, 20".

    Parameters
    ----------
    text
        Numbers and ranges, counted from 1, with commas or white space between them. Nothing means no place.
    length
        Letters of the DNA.

    Returns
    -------
    ndarray
        bool (length,), true at the places.

    Raises
    ------
    DNAError
        Something else than numbers and ranges, or places that the DNA does not have.
    """
    places = np.zeros(length, dtype=bool)
    for part in re.sub(r"\s*[-–]\s*", "-", text).replace(",", " ").split():
        numbers = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", part)
        if numbers is None:
            raise DNAError(f"{part!r} names no letters: write places and ranges of them, such as 1-8, 20")
        first = int(numbers[1])
        last = int(numbers[2] or first)
        if not 1 <= first <= last <= length:
            raise DNAError(f"{part} is not among the DNA's letters: they are numbered from 1 to {length}")
        places[first - 1 : last] = True
    return places


def keep_letters(child: str, parent: str, places: np.ndarray) -> str:
    """Give a child its parent's letters at some places.

    Parameters
    ----------
    child, parent
        DNAs of one length L.
    places
        bool (L,).

    Raises
    ------
    DNAError
        Letters other than A, C, G and T, or none.
    """
    return write_letters(np.where(places, letter_numbers(parent), letter_numbers(child)))


def _differences_before(a: str, b: str, fewest_letters: int) -> np.ndarray:
    """Count the letters in which the parents differ before each place: int (L + 1,)."""
    different = different_letters(a, b)
    if len(different) < fewest_letters:
        raise DNAError(f"Crossing needs DNA of {fewest_letters} letters or more, not {len(different)}")
    return np.concatenate([[0], np.cumsum(different)])


def _where_both_count(cuts: np.ndarray, from_one: np.ndarray, differences: int) -> np.ndarray:
    """Keep the cuts that take differing letters from both parents; all cuts where none does."""
    telling = (from_one > 0) & (from_one < differences)
    return cuts[telling] if telling.any() else cuts
