# SPDX-License-Identifier: GPL-3.0-or-later
"""Sowing: seeds at places, each from its own frame on, as the plain data that a growth is described by."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ...automaton.growth_error import GrowthError
from ..host.hook import Hook

if TYPE_CHECKING:
    from ...automaton.environment import Environment
    from ...automaton.growth import Seeds


recorded = Hook()
"""Asked with a material whose seeds were recorded from its scene: what was sown, `Sown`, or None. It reads no scene.
Raises `GrowthError` where nothing was recorded; the message says what to do."""


class Sown(NamedTuple):
    """Seeds that a growth begins from, and those that begin later."""

    seeds: Seeds
    later: Environment | None = None


@lru_cache(32)
def sow(places: tuple[tuple[float, float, int], ...], layers: tuple[int, ...] = ()) -> Sown:
    """Sow seeds at places; the same object for the same ones.

    Parameters
    ----------
    places : tuple of (x, y, start)
        In [0, 1] from the top left, and the frame of the growth from which the seed is there.
    layers : tuple of int, optional
        Number of the genotype that each is of; all are of the first one unless given.

    Raises
    ------
    GrowthError
        There are none.
    """
    from ...automaton.growth import Seeds

    if not places:
        raise GrowthError("There is no seed: add one, or choose another place to begin in Seeds.")
    by_start: dict[int, list[int]] = {}
    for number, (_, _, start) in enumerate(places):
        by_start.setdefault(start, []).append(number)
    begun = []
    for start, numbers in sorted(by_start.items()):
        points = tuple(places[number][:2] for number in numbers)
        of = tuple(layers[number] for number in numbers) if any(layers) else ()
        begun.append((start, Seeds("points", points=points, layers=of)))
    return _together(tuple(begun))


def begin(seeds: Seeds, start: int) -> Sown:
    """Let seeds begin in a frame of the growth, all at once."""
    return _together(((start, seeds),))


@lru_cache(32)
def _together(begun: tuple[tuple[int, Seeds], ...]) -> Sown:
    from ...automaton.environment import Environment, Planting
    from ...automaton.growth import Seeds

    first = next((seeds for start, seeds in begun if start == 0), Seeds("none"))
    plantings = tuple(Planting(start, seeds) for start, seeds in begun if start > 0)
    return Sown(first, Environment(plantings=plantings) if plantings else None)
