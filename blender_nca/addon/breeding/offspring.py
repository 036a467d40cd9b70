# SPDX-License-Identifier: GPL-3.0-or-later
"""Offspring: DNA drawn from one species or two, each unlike its parents and its sisters. Without Blender."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...genetics.dna import DNAError

if TYPE_CHECKING:
    import numpy as np


COUNT = 9
"""Of a sheet."""
MOST_TRIED = 1000
"""Draws for a sheet: of parents that are nearly the same there are hardly nine different children."""


def mutants(dna: str, rate: float, locked: str, rng: np.random.Generator) -> list[str]:
    """Draw mutations of a DNA.

    Parameters
    ----------
    dna : str
    rate : float
        Share of the letters that are exchanged.
    locked : str
        Places that stay, as `genetics.variation.parse_places` reads them.
    rng : numpy.random.Generator

    Raises
    ------
    DNAError
        Nothing can change; the message says what to do.
    """

    from ...genetics.variation import keep_letters, mutate, parse_places

    places = parse_places(locked, len(dna))
    if places.all():
        raise DNAError("All letters are locked: free some, so that something can change")
    if rate <= 0:
        raise DNAError("At a mutation rate of 0 nothing changes: raise it")
    return _different(lambda number: keep_letters(mutate(dna, rate, rng), dna, places), (dna,))


def crossings(a: str, b: str, locked: str, rng: np.random.Generator) -> list[str]:
    """Draw crossings of two DNAs with one cut or two; at locked places they have A's letters.

    Raises
    ------
    DNAError
        The parents do not differ where letters may change, or are of two models.
    """

    from ...genetics.variation import cross_one_point, cross_two_points, keep_letters, parse_places

    places = parse_places(locked, len(a))

    def draw(number: int) -> str:
        cross = (cross_two_points, cross_one_point)[number % 2]
        parents = (a, b) if number % 4 < 2 else (b, a)
        return keep_letters(cross(*parents, rng), a, places)

    return _different(draw, (a, b))


def _different(draw: Callable[[int], str], parents: tuple[str, ...]) -> list[str]:
    found: dict[str, None] = {}
    for number in range(MOST_TRIED):
        child = draw(number)
        if child not in parents:
            found[child] = None
        if len(found) == COUNT:
            break
    if not found:
        raise DNAError(
            "The parents differ in too few letters: free locked letters, choose another B, or breed from A alone"
            if len(parents) > 1
            else "Nothing changed: raise the mutation rate, or free locked letters"
        )
    return list(found)
