# SPDX-License-Identifier: GPL-3.0-or-later
"""Descent: which genotype's seed each cell descends from, and what happens where two of them meet.

It is kept beside the state of the cells, a step at a time, as `arrival` is: so it too is a pure function of
(growth, frame). All backends share this code, which needs no more of them than where cells live.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .chance import FIRE_RATE, cell_numbers, fires_below, mix
from .growth import Growth
from .perception import Boundary, surround
from .seeding import NOBODY, events_at, seed_layers
from .surface import Surface

GAP = 254
"""Label of a cell where two genotypes met that leave a gap: nothing lives there."""
PACE = 0.1
"""How often, of all steps, a cell is taken over by a neighbour that is stronger by one."""
_WAYS = ((0, 1), (1, 0), (1, 2), (2, 1), (0, 0), (0, 2), (2, 0), (2, 2))
"""Down and along from the corner of a cell's surroundings to its neighbours: those across its sides come first."""
_NEARNESS = np.array([2, 2, 2, 2, 1, 1, 1, 1])[:, None]
"""How much each of these counts."""


def begin(growth: Growth) -> np.ndarray:
    """Descents at frame 0: uint8, shape (height, width), the number of a genotype, or `NOBODY`."""
    return seed_layers(growth, growth.seeds)


def descend(
    before: np.ndarray, peopled: np.ndarray, growth: Growth, strengths: tuple[float, ...], step: int
) -> np.ndarray:
    """Descents after one step more.

    A cell that was born descends from most of its neighbours; one that died, from nobody. Where neighbours are of
    different genotypes, the growth's `meeting` says what happens: with 'nearest' nothing does, with 'stronger' a cell
    goes over to its strongest neighbour, sooner where that is much stronger, and with 'none' cells on both sides die
    and leave a gap for ever.

    Parameters
    ----------
    before : ndarray, uint8, shape (height, width)
        Descents before the step.
    peopled : ndarray, bool, shape (height, width)
        Which cells the automaton, or a wound, has not erased.
    growth : Growth
    strengths : tuple of float
        Of the genotypes, in this step.
    step : int
        Steps from frame 0 on.

    Returns
    -------
    ndarray, uint8, shape (height, width)
        Where nothing has changed it is `before` itself.
    """
    after = np.where(peopled | (before == GAP), before, np.uint8(NOBODY))
    near = surroundings(growth.neighbourhood, *before.shape)
    born = np.flatnonzero(peopled & (after == NOBODY))
    if len(born):
        around = _with_nobody(after)[neighbours(born, near)]
        votes = [(_NEARNESS * (around == number)).sum(0) for number in range(len(growth.genotypes))]
        after.reshape(-1)[born] = np.argmax(votes, 0)
    if growth.meeting == "none":
        _leave_gap(after, born, near)
    elif growth.meeting == "stronger":
        _take_over(after, peopled, near, growth, strengths, step)
    return before if np.array_equal(before, after) else after


def disturb(before: np.ndarray, growth: Growth, frame: int) -> np.ndarray:
    """Descents after the wounds of a frame, and with what is planted in it.

    Parameters
    ----------
    before : ndarray, uint8, shape (height, width)
        Descents after its steps.
    growth : Growth
    frame : int
    """
    events = events_at(growth, frame)
    if events is None or growth.environment is None:
        return before
    after = np.where(events.wounded, np.uint8(NOBODY), before)
    for seeds in growth.environment.planted(frame):
        planted = seed_layers(growth, seeds)
        after = np.where((after == NOBODY) & (planted != NOBODY), planted, after)
    return after


def close_gaps(habitat: np.ndarray | None, descent: np.ndarray | None) -> np.ndarray | None:
    """A habitat, as `Growth.habitat` says it, of shape (height, width), in which nothing lives in the gaps."""
    gaps = None if descent is None else descent == GAP
    if gaps is None or not gaps.any():
        return habitat
    below = np.uint32(FIRE_RATE * 2**32) if habitat is None else habitat
    return np.where(gaps, np.uint32(0), below)


@lru_cache(4)
def surroundings(boundary: Boundary, height: int, width: int) -> np.ndarray:
    """Numbers of the cells of a grid and of those around it.

    Parameters
    ----------
    boundary : {'wrap', 'edge'} or Surface
    height, width : int

    Returns
    -------
    ndarray, int32, shape (height + 2, width + 2)
        height * width is nobody. Beyond a seam it is the cell that counts most there.
    """
    cells = cell_numbers(height, width).astype(np.int32)
    if not isinstance(boundary, Surface):
        return surround(cells, boundary)
    around = np.pad(np.where(boundary.on, cells, np.int32(cells.size)), 1, constant_values=cells.size)
    heaviest = boundary.weights.argmax(1)
    around.reshape(-1)[boundary.places] = boundary.sources[np.arange(len(heaviest)), heaviest]
    return around


def neighbours(cells: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Numbers of the neighbours of some cells.

    Parameters
    ----------
    cells : ndarray of int, shape (cells,)
    near : ndarray, int32, shape (height + 2, width + 2)
        As `surroundings` gives it.

    Returns
    -------
    ndarray, int32, shape (8, cells)
    """
    across = near.shape[1]
    y, x = np.divmod(cells, across - 2)
    corner = y * across + x
    return near.reshape(-1)[np.stack([corner + down * across + along for down, along in _WAYS])]


def _leave_gap(labels: np.ndarray, born: np.ndarray, near: np.ndarray) -> None:
    """Let the cells die that were born beside those of another genotype, and these with them."""
    beside = neighbours(born, near)
    around = _with_nobody(labels)[beside]
    foreign = (around < GAP) & (around != labels.reshape(-1)[born])
    labels.reshape(-1)[born[foreign.any(0)]] = GAP
    labels.reshape(-1)[beside[foreign]] = GAP


def _take_over(
    labels: np.ndarray,
    peopled: np.ndarray,
    near: np.ndarray,
    growth: Growth,
    strengths: tuple[float, ...],
    step: int,
) -> None:
    order = sorted(set(strengths))
    if len(order) < 2:
        return
    rank = np.zeros(NOBODY + 1, np.uint8)  # nobody's is the lowest
    rank[: len(strengths)] = [1 + order.index(strength) for strength in strengths]
    ranks = rank[labels]
    around, (height, width) = _with_nobody(ranks, 0)[near], labels.shape
    most = np.max([around[down : down + height, along : along + width] for down, along in _WAYS], 0)
    cells = np.flatnonzero((most > ranks) & peopled)
    beside = neighbours(cells, near)
    strongest = beside[_with_nobody(ranks, 0)[beside].argmax(0), np.arange(len(cells))]
    own = labels.reshape(-1)[cells]
    others = labels.reshape(-1)[strongest]
    strength = np.array([*strengths, *[0.0] * (NOBODY + 1 - len(strengths))])
    threshold = np.rint(PACE * (strength[others] - strength[own]) * 2**32).astype(np.int64)
    # other cells than those that fire in this step
    taken = fires_below(mix(growth.random_seed & 0xFFFFFFFF), step, cells, threshold)
    labels.reshape(-1)[cells[taken]] = others[taken]


def _with_nobody(values: np.ndarray, of_nobody: int = NOBODY) -> np.ndarray:
    """Values of all cells, and of the one that is none."""
    return np.append(values.reshape(-1), np.uint8(of_nobody))
