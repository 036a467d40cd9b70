# SPDX-License-Identifier: GPL-3.0-or-later
"""Selection looks, near the DNA of a species, for DNA that grows nearer to its exemplar and keeps what it grew.

An encoder reads DNA in one pass and never sees it grow. Other letters than those it reads sometimes grow the same
material with less of a fault: a pattern that keeps better with age, a tile with a fainter seam. They are tried as
breeders do: many mutants for a short look, crosses of the best, and the whole life of a few.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

import numpy as np

from ..genetics import LETTERS
from ..manifold.manifold import Manifold
from .evaluation.ages import HEALING_STEPS, LATE_STEPS, STEPS, WOUND
from .evaluation.material_scores import MaterialScores
from .evaluation.parallel_growths import ParallelGrowths
from .evaluation.seams import measure_seams

SCREEN_CELLS, CELLS = (64, 96), (96, 128)
"""Grids of a short look and of a life, neither of them those of the evaluation."""
FIRST_SEED, LIVES = 101, 3
"""Random seed of the first growth, not one of the evaluation's; further growths, that a finalist is judged by."""
SEAMS = 24
"""Growths that its seam is measured on: half of those of the evaluation."""
BEST, CROSSED, FINALISTS = 8, 5, 5
"""Mutants that grow for a whole life after the short look; the best of them, which are crossed in pairs; and the best
of all, which grow for several lives."""
COLOUR_GOAL, STRUCTURE_GOAL, SEAM_GOAL = 0.01, 0.6, 1.05
"""Distance R and score S that count as one each, and how rough a wrap may be."""
MARGIN = 0.03
"""Share by which another DNA must fall short less than the species' own to take its place."""


class Choice(NamedTuple):
    """What selection has chosen for a species.

    Attributes
    ----------
    dna : str
        The species' own where none was better.
    shortfall, own_shortfall : float
        See `fall_short`.
    """

    dna: str
    shortfall: float
    own_shortfall: float


class Selection:
    """Chooses DNA for the species of a manifold.

    Parameters
    ----------
    manifold : Manifold
    scores : MaterialScores
        That measures them.
    """

    def __init__(self, manifold: Manifold, scores: MaterialScores):
        self.manifold, self.scores = manifold, scores

    def choose(self, number: int, dna: str) -> Choice:
        """Choose among the DNA around a species' own.

        Parameters
        ----------
        number : int
            Of the species, among those that are measured.
        dna : str
            Its own.
        """
        mutants = sorted(change_one_letter(dna), key=lambda mutant: self._screen(number, mutant))[:BEST]
        candidates = [dna, *mutants, *cross_mutants(dna, mutants[:CROSSED])]
        first = {one: self._live(number, one, FIRST_SEED) for one in candidates}
        best = sorted(candidates, key=lambda one: fall_short(first[one]))[:FINALISTS]
        short = {}
        for one in dict.fromkeys([dna, *best]):
            # of other seeds: by the first, the best of many is partly the luckiest
            lives = [self._live(number, one, FIRST_SEED + life) for life in range(1, 1 + LIVES)]
            seam = measure_seams(self.manifold, [one], SEAMS)[0][0]
            short[one] = fall_short(np.mean(lives, 0), seam)
        winner = min(short, key=short.__getitem__)
        if not short[winner] < (1 - MARGIN) * short[dna]:
            winner = dna
        return Choice(winner, short[winner], short[dna])

    def _screen(self, number: int, dna: str) -> float:
        """How far a short look falls short, by structure alone."""
        grids = ParallelGrowths(self.manifold, [dna], SCREEN_CELLS, FIRST_SEED)
        grown = self.scores.score_own(number, self._paint(grids.grow(STEPS)))
        late = self.scores.score_own(number, self._paint(grids.grow(LATE_STEPS - STEPS)))
        return fall_short(np.array([[0, grown], [0, grown], [0, late]]))

    def _live(self, number: int, dna: str, random_seed: int) -> np.ndarray:
        """R and S when it has grown, when it has healed and when it is old: shape (3, 2)."""
        grids = ParallelGrowths(self.manifold, [dna], CELLS, random_seed).grow(STEPS)
        kept = grids.state.clone()
        grown = self._measure(number, grids)
        healed = self._measure(number, grids.wound(WOUND).grow(HEALING_STEPS))
        grids.state, grids.steps = kept, STEPS
        return np.array([grown, healed, self._measure(number, grids.grow(LATE_STEPS - STEPS))])

    def _measure(self, number: int, grids: ParallelGrowths) -> tuple[float, float]:
        return self.scores.measure_own(number, self._paint(grids))

    def _paint(self, grids: ParallelGrowths) -> np.ndarray:
        (maps,) = grids.paint(self.manifold.card["pixels_per_cell"])
        return maps


def fall_short(life: np.ndarray, seam: float = 1.0) -> float:
    """How far a life falls short of what is asked of a material; infinite where it burst.

    The distance to the exemplar at its worst age, by roots as in training, and how far a seam misses its goal. How much
    worse it becomes does not count, because what is poor from the beginning hardly becomes worse.

    Parameters
    ----------
    life : ndarray, shape (3, 2)
        R and S when grown, healed and old.
    seam : float
        Of its tile.
    """
    if not np.isfinite(life).all():
        return float("inf")
    distances = np.sqrt(life / (COLOUR_GOAL, STRUCTURE_GOAL)).sum(1)
    return float(distances.max()) + max(0.0, seam / SEAM_GOAL - 1)


def change_one_letter(dna: str) -> list[str]:
    """All DNA that differs in one letter."""
    return [
        dna[:place] + letter + dna[place + 1 :]
        for place, own in enumerate(dna)
        for letter in LETTERS
        if letter != own
    ]


def cross_mutants(dna: str, mutants: Iterable[str]) -> list[str]:
    """All DNA with the changes of two mutants that changed different letters."""
    crosses = []
    for pair in combinations(mutants, 2):
        (a, b), (one, other) = (_find_change(dna, mutant) for mutant in pair), pair
        if a != b:
            crosses.append(one[:b] + other[b] + one[b + 1 :])
    return crosses


def _find_change(dna: str, mutant: str) -> int:
    return next(place for place, (a, b) in enumerate(zip(dna, mutant, strict=True)) if a != b)
