# SPDX-License-Identifier: GPL-3.0-or-later
"""How near species are to their exemplars as they are grown, as they have aged, and as their wounds have healed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, MutableMapping, Sequence
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
Measures = dict[str, list]
"""Of one growth of each species: an age -> R of each to all exemplars, and S; and `lines`."""


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
    kept: MutableMapping[str, Measures] | None = None,
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
    kept : mapping, optional
        Receives what was measured of each growth, as plain values, and gives it back when the same is asked again: the
        growths of a whole manifold take hours.
    """
    growths, kept = QUICK_GROWTHS if quick else GROWTHS, {} if kept is None else kept
    grown_by = [manifold.card.get("sha256"), *(unit.key for unit in manifold.units)]
    of_all = f"{grown_by} {list(dnas)} {growths} {device}"
    measured = []
    for growth in range(growths):
        name = hashlib.sha256(f"{of_all} {growth}".encode()).hexdigest()
        if name not in kept:
            say(f"growing {len(dnas)} species, {growth + 1} of {growths}")
            kept[name] = _measure_growth(manifold, scores, dnas, FIRST_SEED + growth, growths, device, say)
        measured.append(kept[name])

    own = range(len(dnas)), scores.numbers

    def average(age: str) -> tuple[np.ndarray, np.ndarray]:
        """R to all exemplars, and S, of an age: means over the growths."""
        both = [one[age] for one in measured]
        return np.mean([r for r, _ in both], 0), np.mean([s for _, s in both], 0)

    colours, structures = average("grown")

    def compare(age: str) -> np.ndarray:
        """R or S of an age over that of what was grown, whichever is the worse: shape (measured,)."""
        colours_then, structures_then = average(age)
        return np.maximum(colours_then[own] / colours[own], structures_then / structures)

    found_of = {
        "colour": colours[own],
        "structure": structures,
        "lines": np.mean([one["lines"][0] for one in measured], 0),
        "persistence": compare("late"),
        "persistence_last": compare("last"),
        "persistence_restless": compare("restless"),
        "healing": compare("healed"),
        "resown": compare("resown"),
    }
    each = [{key: float(values[k]) for key, values in found_of.items()} for k in range(len(dnas))]
    nearest = [{int(np.argmin(one["grown"][0][k])) for one in measured} for k in range(len(dnas))]
    return Ages(each, colours, nearest)


def _measure_growth(
    manifold: Manifold,
    scores: MaterialScores,
    dnas: Sequence[str],
    random_seed: int,
    further: int,
    device: str,
    say: Say,
) -> Measures:
    """Grow each species once: R and S at each age, as plain values."""
    pixels, found = manifold.card["pixels_per_cell"], {}

    def measure(age: str, grids: ParallelGrowths) -> None:
        colours, structures = scores.measure(grids.paint(pixels))
        found[age] = [colours.tolist(), structures.tolist()]

    def plant(seed: int, settles_after: int | None = USUAL_SETTLING) -> ParallelGrowths:
        return ParallelGrowths(manifold, dnas, CELLS, seed, device, settles_after)

    grids = plant(random_seed).grow(STEPS)
    measure("grown", grids)
    found["lines"] = [scores.measure_lines(grids.paint(pixels))]
    say(f"wounding them, and {HEALING_STEPS} steps more")
    measure("healed", deepcopy(grids).wound(WOUND).grow(HEALING_STEPS))
    say(f"growing them on to {LATE_STEPS} steps, and to {LAST_STEPS}")
    measure("late", grids.grow(LATE_STEPS - STEPS))
    measure("last", grids.grow(LAST_STEPS - LATE_STEPS))
    say(f"growing them for {LATE_STEPS} steps without settling")
    measure("restless", plant(random_seed, None).grow(LATE_STEPS))
    say("growing them from another seed")
    measure("resown", plant(random_seed + further).grow(STEPS))
    return found
