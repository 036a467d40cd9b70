# SPDX-License-Identifier: GPL-3.0-or-later
"""DNA: a string over A, C, G and T, and its relaxed form, an (L, 4) array whose rows sum to 1.

`parse_dna` reads what a person wrote; all other functions take the DNA that it returns.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

LETTERS = "ACGT"


class DNAError(ValueError):
    """DNA that cannot be used. The message is written for the artist."""


def parse_dna(text: str, length: int | None = None) -> str:
    """Read DNA as a person types or pastes it: in groups, over several lines, in lower case.

    Parameters
    ----------
    text
        Letters A, C, G and T of either case. White space between them is ignored.
    length
        Letters that the manifold's DNA has. None accepts any length from one letter on.

    Returns
    -------
    str
        The DNA in capitals, without white space.

    Raises
    ------
    DNAError
        Another letter (the message gives its position, counted from 1 without the white space, and for a
        look-alike from another alphabet its Unicode name), no letters at all, or another length.
    """
    dna = "".join(text.split())
    # Checked before upper(): some letters of other alphabets become two letters when they are raised.
    _check_letters(dna, LETTERS + LETTERS.lower())
    if not dna:
        count = "" if length is None else f"{length} "
        raise DNAError(f"The DNA is empty: give {count}letters, each A, C, G or T")
    if length is not None and len(dna) != length:
        change = f"add {length - len(dna)}" if len(dna) < length else f"remove {len(dna) - length}"
        raise DNAError(f"The DNA has {len(dna)} letters and this model's DNA has {length}: {change}")
    return dna.upper()


def format_dna(dna: str, group: int = 8) -> str:
    """Write DNA in groups of `group` letters with a space between them, easy to read and to compare.

    Raises
    ------
    ValueError
        A group of less than one letter.
    """
    if group < 1:
        raise ValueError(f"DNA is written in groups of 1 letter or more, not {group}")
    return " ".join(dna[start : start + group] for start in range(0, len(dna), group))


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


def hamming_distance(a: str, b: str) -> int:
    """Count the places at which two DNAs of one length have different letters.

    Raises
    ------
    DNAError
        Different lengths, or letters other than A, C, G and T.
    """
    return int(different_letters(a, b).sum())


def different_letters(a: str, b: str) -> np.ndarray:
    """Mark the places at which two DNAs differ: bool (L,).

    Raises
    ------
    DNAError
        Different lengths, or letters other than A, C, G and T.
    """
    if len(a) != len(b):
        raise DNAError(
            f"The DNAs have {len(a)} and {len(b)} letters: only DNA of one model can be compared or crossed"
        )
    return letter_numbers(a) != letter_numbers(b)


def format_differences(dna: str, parent: str, group: int = 8) -> str:
    """Write only the letters of a DNA that are not its parent's, in groups; a dot stands for each of the others.

    Parameters
    ----------
    dna, parent : str
    group : int
        Letters.

    Raises
    ------
    DNAError
        Different lengths, or letters other than A, C, G and T.
    """
    marked = zip(dna, different_letters(dna, parent), strict=True)
    return format_dna("".join(letter if differs else "·" for letter, differs in marked), group)


def letter_numbers(dna: str) -> np.ndarray:
    """Give each letter's place in `LETTERS`: int (L,).

    Raises
    ------
    DNAError
        Letters other than A, C, G and T, or none.
    """
    _check_letters(dna, LETTERS)
    if not dna:
        raise DNAError("The DNA is empty: give letters, each A, C, G or T")
    return np.array([LETTERS.index(letter) for letter in dna])


def write_letters(numbers: np.ndarray) -> str:
    """Write DNA from each letter's place in `LETTERS`, int (L,): the inverse of `letter_numbers`."""
    return "".join(LETTERS[number] for number in numbers)


def _check_letters(dna: str, accepted: str) -> None:
    for position, letter in enumerate(dna, start=1):
        if letter not in accepted:
            raise DNAError(
                f"DNA letter {position} is {_describe_letter(letter)}: only A, C, G and T are used"
            )


def _describe_letter(letter: str) -> str:
    """Name a letter so that a look-alike or an invisible one can be told from what it looks like."""
    if letter.isascii():
        return repr(letter)
    name = unicodedata.name(letter, "a character without a name").lower()
    return f"{letter!r} ({name}, U+{ord(letter):04X})"
