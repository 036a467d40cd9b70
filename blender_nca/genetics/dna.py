# SPDX-License-Identifier: GPL-3.0-or-later
"""DNA: a string over A, C, G and T. Its relaxed form, in which blends live, is that of `relaxed.py`.

`parse_dna` reads what a person wrote; all other functions take the DNA that it returns. Without numpy, so that reading
a species loads none.
"""

from __future__ import annotations

import unicodedata

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


def hamming_distance(a: str, b: str) -> int:
    """Count the places at which two DNAs of one length have different letters.

    Raises
    ------
    DNAError
        Different lengths, or letters other than A, C, G and T.
    """
    return sum(different_letters(a, b))


def different_letters(a: str, b: str) -> list[bool]:
    """Mark the places at which two DNAs differ.

    Raises
    ------
    DNAError
        Different lengths, or letters other than A, C, G and T.
    """
    if len(a) != len(b):
        raise DNAError(
            f"The DNAs have {len(a)} and {len(b)} letters: only DNA of one model can be compared or crossed"
        )
    check_dna(a)
    check_dna(b)
    return [one != other for one, other in zip(a, b, strict=True)]


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


def check_dna(dna: str) -> None:
    """Make sure that a text is DNA.

    Raises
    ------
    DNAError
        Letters other than A, C, G and T, or none.
    """
    _check_letters(dna, LETTERS)
    if not dna:
        raise DNAError("The DNA is empty: give letters, each A, C, G or T")


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
