# SPDX-License-Identifier: GPL-3.0-or-later
"""What grown materials are measured against: the exemplars of their species, and what a distance of one means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import torch

from ...learning.lines import Lines
from ...learning.patches import (
    colour_signature,
    patch_distance,
    rank_gaussian,
    scramble_phases,
    structure_scale,
    structure_signature,
)
from ..exemplars import draw_variety, find_variety

UNSEEN = 77
"""Number of the sister sample that training never drew."""


class MaterialScores:
    """Exemplars of species, and how far maps are from them.

    Parameters
    ----------
    names : sequence of str
        Of species, as in `VARIETIES`.
    measured : sequence of int
        Numbers of those whose growths will be measured. What follows counts these from nought.

    Attributes
    ----------
    families : list of str
        One for each name.
    numbers : list of int
        Of those that are measured.
    sisters : list of ndarray
        One that training never drew for each that is measured.

    Raises
    ------
    ValueError
        Where a name has no exemplar.
    """

    def __init__(self, names: Sequence[str], measured: Sequence[int]):
        self.families = [find_variety(name)[0] for name in names]
        exemplars = [draw_variety(*make) for make in zip(self.families, names, strict=True)]
        self.numbers = list(measured)
        self.sisters = [draw_variety(self.families[i], names[i], UNSEEN) for i in self.numbers]
        self.colours = [colour_signature(maps) for maps in exemplars]
        between = [[patch_distance(one, other) for other in self.colours] for one in self.colours]
        self._scale = float(np.median(np.array(between)[~np.eye(len(names), dtype=bool)]))
        self._own = [exemplars[i] for i in self.numbers]
        self._structures = [
            [structure_signature(maps) for maps in pair] for pair in zip(self._own, self.sisters, strict=True)
        ]
        self._units = [structure_scale(*pair) for pair in zip(self._own, self.sisters, strict=True)]

    def measure(self, pictures: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Measure the maps of the species that are measured, one picture each.

        Returns
        -------
        colour : ndarray, shape (measured, names)
            Colour distances R to the exemplars of all species: of the median between those.
        structure : ndarray, shape (measured,)
            Structure scores S against the own exemplar.
        """
        colour, structure = [], []
        for k, maps in enumerate(pictures):
            found = colour_signature(maps)
            colour.append([patch_distance(found, other) / self._scale for other in self.colours])
            structure.append(self._score(k, maps, 0))
        return np.array(colour), np.array(structure)

    def measure_own(self, k: int, maps: np.ndarray) -> tuple[float, float]:
        """R and S of the maps of one measured species against its own exemplar."""
        own = self.colours[self.numbers[k]]
        return patch_distance(colour_signature(maps), own) / self._scale, self.score_own(k, maps)

    def score_own(self, k: int, maps: np.ndarray) -> float:
        """S alone of the maps of one measured species against its own exemplar."""
        return self._score(k, maps, 0)

    def measure_sisters(self, pictures: Iterable[np.ndarray]) -> list[float]:
        """Structure scores S against the unseen sisters."""
        return [self._score(k, maps, 1) for k, maps in enumerate(pictures)]

    def _score(self, k: int, maps: np.ndarray, sister: int) -> float:
        return patch_distance(structure_signature(maps), self._structures[k][sister]) / self._units[k]

    def measure_lines(self, pictures: Iterable[np.ndarray]) -> list[float]:
        """How far lines run, see `score_lines`."""
        triples = zip(pictures, self._own, self.sisters, strict=True)
        return [score_lines(*three) for three in triples]


def score_lines(grown: np.ndarray, exemplar: np.ndarray, sister: np.ndarray) -> float:
    """How far lines run, where patches hardly tell a crack from a row of dots.

    In units of what second-order statistics alone would leave, or a sister, whichever is the more. The goals know
    nothing of it.
    """
    wanted = rank_gaussian(exemplar)
    lines = Lines(torch.from_numpy(wanted)[None])
    found, *units = (
        float(lines.of_others(torch.from_numpy(one)[None]))
        for one in (rank_gaussian(grown), scramble_phases(wanted), rank_gaussian(sister))
    )
    return found / max(units)
