# SPDX-License-Identifier: GPL-3.0-or-later
"""Arithmetic: DNA reckoned from several DNAs, in relaxed form, and read back as the nearest letters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .dna import DNAError
from .relaxed import blend, letter_numbers, relax, write_letters

_EQUAL = 1e-6
"""Relaxed values that differ by less are the same: what float32 leaves of equal shares."""


def average(dnas: Sequence[str]) -> str:
    """Give the DNA in the middle of several: at each place the letter that most of them have.

    Where several letters are as frequent, the DNA that has had its letter least often so far decides, of equals
    the first: so the average of two has half of the letters in which they differ from each.

    Parameters
    ----------
    dnas
        One DNA or more, all of one length. One that is named twice counts twice.

    Raises
    ------
    DNAError
        No DNA, DNAs of several lengths, or letters other than A, C, G and T.
    """
    shares = blend(dnas, [1.0] * len(dnas))
    letters = np.stack([letter_numbers(dna) for dna in dnas])
    served = np.zeros(len(dnas), dtype=int)
    chosen = np.empty(letters.shape[1], dtype=int)
    for place, row in enumerate(shares):
        is_frequent = row[letters[:, place]] >= row.max() - _EQUAL
        decides = min(np.flatnonzero(is_frequent), key=lambda one: int(served[one]))
        chosen[place] = letters[decides, place]
        served += letters[:, place] == chosen[place]
    return write_letters(chosen)


def analogy(a: str, b: str, c: str) -> str:
    """Give the DNA nearest to A - B + C: what makes A another than B, put upon C.

    Where A and B agree, it has C's letter, and where they differ, A's.

    Parameters
    ----------
    a, b, c
        DNAs of one length.

    Raises
    ------
    DNAError
        Different lengths, or letters other than A, C, G and T.
    """
    if not len(a) == len(b) == len(c):
        raise DNAError(
            f"The DNAs have {len(a)}, {len(b)} and {len(c)} letters: only DNA of one model can be added"
        )
    sums = relax(a) - relax(b) + relax(c)
    letters = letter_numbers(a)
    # A's letter is first among equals; the nearest letter is another one only where that is nearer.
    others = sums.argmax(axis=1)
    places = np.arange(len(letters))
    return write_letters(np.where(sums[places, letters] >= sums[places, others], letters, others))
