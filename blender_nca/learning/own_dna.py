# SPDX-License-Identifier: GPL-3.0-or-later
"""DNA for a new species: near what the encoder reads, and apart from that of all others."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..genetics.dna import LETTERS
from ..genetics.relaxed import letter_numbers, relax, write_letters
from ..manifold.own_unit import SILENT_BELOW, OwnUnit

MOST_SHARED = 0.5
"""Share of letters that a new species has in common with any other at most: its unit fades over the rest."""


def choose_dna(logits: np.ndarray, others: Iterable[str]) -> str:
    """The likeliest letters that no known species is near to.

    Parameters
    ----------
    logits : ndarray, shape (dna_length, 4)
        As the encoder reads them.
    others : iterable of str
        DNA of the known species.

    Returns
    -------
    str
        As near to the reading as a few rounds find; where very many species are known it may share more with one.
    """
    known = np.array([letter_numbers(dna) for dna in others], int).reshape(-1, len(logits))
    most, ranked = int(MOST_SHARED * len(logits)), np.argsort(-logits, 1)
    chosen = ranked[:, 0].copy()
    for _ in range(4 * len(logits)):
        shared = (known == chosen).sum(1)
        if not len(known) or shared.max() <= most:
            break
        # the letter that the reading holds dearest least, and that takes away most from those that are too near
        near = known[shared > most]
        gain = -np.inf, 0, 0
        for place in range(len(logits)):
            for letter in range(len(LETTERS)):
                left = (near[:, place] == chosen[place]).sum() - (near[:, place] == letter).sum()
                cost = logits[place, chosen[place]] - logits[place, letter]
                if left > 0:
                    gain = max(gain, (left - cost / (1 + np.ptp(logits)), place, letter))
        if gain[0] == -np.inf:
            break
        chosen[gain[1]] = gain[2]
    return write_letters(chosen)


def choose_unknown(logits: np.ndarray, others: Iterable[str]) -> str:
    """The likeliest letters that are not those of a known species: of what one could be without, the first few give
    way.

    Parameters
    ----------
    logits, others
        As of `choose_dna`.
    """
    known, ranked = set(others), np.argsort(-logits, 1)
    chosen = ranked[:, 0].copy()
    doubt = np.sort(-logits, 1)
    for place in np.argsort(doubt[:, 1] - doubt[:, 0], kind="stable"):
        if write_letters(chosen) not in known:
            break
        chosen[place] = ranked[place, 1]
    return write_letters(chosen)


def step_aside(dna: str, units: Iterable[OwnUnit], others: Iterable[str]) -> str:
    """The DNA with a few other letters, so that no unit of another species speaks for it.

    Parameters
    ----------
    dna : str
    units : iterable of OwnUnit
        That it is to be out of hearing of.
    others : iterable of str
        DNA of the known species: of all changes the one that shares the fewest letters with any of them is made.
    """
    units = list(units)
    known = [other for other in others if other != dna]
    while heard := [unit for unit in units if unit.loudness(relax(dna))]:
        tries = [
            dna[:place] + letter + dna[place + 1 :]
            for place, theirs in enumerate(heard[0].dna)
            if theirs == dna[place]
            for letter in LETTERS
            if letter != theirs
        ]
        dna = min(tries, key=lambda tried: max(_shared(tried, other) for other in [*known, heard[0].dna]))
    return dna


def _shared(one: str, other: str) -> int:
    return sum(a == b for a, b in zip(one, other, strict=True))


def silence(dna: str, others: Iterable[str]) -> float:
    """Share of letters up to which a unit is to be silent, so that no other species calls for it."""
    own = letter_numbers(dna)
    shared = [float((letter_numbers(other) == own).mean()) for other in others if other != dna]
    return min(max(SILENT_BELOW, *shared, 0.0), 1 - 1 / len(dna))
