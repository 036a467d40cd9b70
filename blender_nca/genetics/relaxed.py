# SPDX-License-Identifier: GPL-3.0-or-later
"""Relaxed DNA: an (L, 4) array whose rows sum to 1, in which blends live; and letters as numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .dna import LETTERS, DNAError, check_dna


def relax(dna: str) -> np.ndarray:
    """Give the relaxed form of one DNA: each letter as a row that is 1 at the letter and 0 elsewhere.

    Returns
    -------
    ndarray
        float32 (L, 4), columns in the order of `LETTERS`.

    Raises
    ------
    DNAError
        Letters other than A, C, G and T, or none.
    """
    return np.eye(len(LETTERS), dtype=np.float32)[letter_numbers(dna)]


def nearest_dna(relaxed: np.ndarray) -> str:
    """Read the DNA nearest to a relaxed form: the heaviest letter of each row.

    Of equals the first in `LETTERS` is read.

    Parameters
    ----------
    relaxed
        (L, 4), any real type.

    Raises
    ------
    DNAError
        Another shape, or values that are not finite.
    """
    relaxed = np.asarray(relaxed)
    if relaxed.ndim != 2 or relaxed.shape[0] == 0 or relaxed.shape[1] != len(LETTERS):
        raise DNAError(f"Relaxed DNA has the shape (letters, {len(LETTERS)}), not {relaxed.shape}")
    if not np.isfinite(relaxed).all():
        raise DNAError("Relaxed DNA has values that are not finite numbers: there is no nearest letter")
    return write_letters(relaxed.argmax(axis=1))


def blend(dnas: Sequence[str], weights: Sequence[float]) -> np.ndarray:
    """Blend DNA in relaxed form: the weighted mean of the relaxed DNAs.

    Parameters
    ----------
    dnas
        One DNA or more, all of one length.
    weights
        One weight a DNA, of any scale, none below 0, at least one above. Only their proportions matter.

    Returns
    -------
    ndarray
        float32 (L, 4), rows summing to 1. All the weight on one DNA gives exactly that DNA's relaxed form.

    Raises
    ------
    DNAError
        No DNA, another number of weights, DNAs of several lengths, or a weight that is negative or not
        finite, or no weight above 0. Messages count DNAs and weights from 1.
    """
    if not dnas:
        raise DNAError("A blend needs at least one DNA")
    if len(weights) != len(dnas):
        raise DNAError(f"A blend of {len(dnas)} DNAs needs {len(dnas)} weights, not {len(weights)}")
    for number, dna in enumerate(dnas, start=1):
        if len(dna) != len(dnas[0]):
            raise DNAError(
                f"DNA 1 has {len(dnas[0])} letters and DNA {number} has {len(dna)}: "
                "only DNA of one model can be blended"
            )
    shares = np.asarray(weights, dtype=np.float64)
    for number, share in enumerate(shares, start=1):
        if not np.isfinite(share) or share < 0:
            raise DNAError(f"Blend weight {number} is {share:g}: weights are numbers from 0 up")
    if shares.max() == 0:
        raise DNAError("All blend weights are 0: raise at least one of them")
    # The largest becomes 1 first, so that the sum neither overflows nor vanishes.
    shares = shares / shares.max()
    shares = shares / shares.sum()
    relaxed = np.stack([relax(dna) for dna in dnas])
    return np.einsum("d,dlc->lc", shares, relaxed, dtype=np.float64).astype(np.float32)


def random_dna(length: int, rng: np.random.Generator) -> str:
    """Draw DNA in which each letter is equally likely.

    Raises
    ------
    DNAError
        A length below 1.
    """
    if length < 1:
        raise DNAError(f"DNA has 1 letter or more, not {length}")
    return write_letters(rng.integers(0, len(LETTERS), size=length))


def letter_numbers(dna: str) -> np.ndarray:
    """Give each letter's place in `LETTERS`: int (L,).

    Raises
    ------
    DNAError
        Letters other than A, C, G and T, or none.
    """
    check_dna(dna)
    return np.array([LETTERS.index(letter) for letter in dna])


def write_letters(numbers: np.ndarray) -> str:
    """Write DNA from each letter's place in `LETTERS`, int (L,): the inverse of `letter_numbers`."""
    return "".join(LETTERS[number] for number in numbers)
