# SPDX-License-Identifier: GPL-3.0-or-later
"""How near species are to their exemplars as they are grown, as they have aged, and as their wounds have healed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from ...automaton.growth import USUAL_SETTLING
from ...manifold.manifold import Manifold
from .material_scores import MaterialScores
from .parallel_growths import ParallelGrowths

CELLS = (96, 160)
STEPS, LATE_STEPS, LAST_STEPS, HEALING_STEPS = 300, 2000, 10_000, 150
WOUND = 0.3
GROWTHS, QUICK_GROWTHS = 3, 1
"""Growths of each species, whose distances are averaged: that of one alone is up to half as much again by chance."""
FIRST_SEED = 11
"""Random seed of the first of these growths. As many others, from further seeds, show how much persistence and healing
still depend on chance."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Ages:
    """What was measured of species.

    Attributes
    ----------
    each : list of dict
        Of each measured one R and S as grown (`colour`, `structure`), how far lines run (`lines`), and R or S over
        those, whichever is the worse: late (`persistence`), last (`persistence_last`), late without settling
        (`persistence_restless`), healed (`healing`), and grown from other seeds (`resown`), which is chance.
    colours : ndarray, shape (measured, names)
        R as grown to the exemplars of all species.
    nearest : list of set of int
        Whose exemplars the growths of each measured one were nearest to.
    """

    each: list[dict[str, float]]
    colours: np.ndarray
    nearest: list[set[int]]


def measure_ages(
    manifold: Manifold,
    scores: MaterialScores,
    dnas: Sequence[str],
    quick: bool = False,
    device: str = "cpu",
    say: Say = lambda text: None,
) -> Ages:
    """Grow species, wound them and let them age.

    Parameters
    ----------
    manifold : Manifold
    scores : MaterialScores
        Of those that are measured.
    dnas : sequence of str
        Theirs.
    quick : bool
        One growth of each only.
    device : str
        Where grids grow; they are measured on the processor.
    say : callable
        Told of the progress.
    """
    pixels, growths = manifold.card["pixels_per_cell"], QUICK_GROWTHS if quick else GROWTHS
    grown, healed, late, last, restless, resown, lines = [], [], [], [], [], [], []
    for growth in range(growths):
        say(f"growing {len(dnas)} species for {STEPS} steps, {growth + 1} of {growths}")
        random_seed = FIRST_SEED + growth
        grids = ParallelGrowths(manifold, dnas, CELLS, random_seed, device, USUAL_SETTLING).grow(STEPS)
        grown.append(scores.measure(grids.paint(pixels)))
        lines.append(scores.measure_lines(grids.paint(pixels)))
        say(f"wounding them, and {HEALING_STEPS} steps more")
        wounded = deepcopy(grids).wound(WOUND).grow(HEALING_STEPS)
        healed.append(scores.measure(wounded.paint(pixels)))
        say(f"growing them on to {LATE_STEPS} steps, and to {LAST_STEPS}")
        late.append(scores.measure(grids.grow(LATE_STEPS - STEPS).paint(pixels)))
        last.append(scores.measure(grids.grow(LAST_STEPS - LATE_STEPS).paint(pixels)))
        say(f"growing them for {LATE_STEPS} steps without settling")
        grids = ParallelGrowths(manifold, dnas, CELLS, random_seed, device).grow(LATE_STEPS)
        restless.append(scores.measure(grids.paint(pixels)))
        say("growing them from another seed")
        other = ParallelGrowths(manifold, dnas, CELLS, random_seed + growths, device, USUAL_SETTLING)
        resown.append(scores.measure(other.grow(STEPS).paint(pixels)))

    own = range(len(dnas)), scores.numbers
    colours, structures = (np.mean(one, 0) for one in zip(*grown, strict=True))

    def compare(later: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        """R or S of later over that of what was grown, whichever is the worse: shape (measured,)."""
        colours_later, structures_later = (np.mean(one, 0) for one in zip(*later, strict=True))
        return np.maximum(colours_later[own] / colours[own], structures_later / structures)

    found = {
        "colour": colours[own],
        "structure": structures,
        "lines": np.mean(lines, 0),
        "persistence": compare(late),
        "persistence_last": compare(last),
        "persistence_restless": compare(restless),
        "healing": compare(healed),
        "resown": compare(resown),
    }
    each = [{key: float(values[k]) for key, values in found.items()} for k in range(len(dnas))]
    nearest = [{int(np.argmin(one[k])) for one, _ in grown} for k in range(len(dnas))]
    return Ages(each, colours, nearest)
