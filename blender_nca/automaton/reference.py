# SPDX-License-Identifier: GPL-3.0-or-later
"""The automaton in plain numpy: the reference that every other path is tested against, and the one that
serves where there is no torch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .chance import FIRE_RATE, cell_numbers, fires, fires_below
from .perception import Boundary, perceive, surround
from .surface import Surface
from .update_rule import LIFE, UpdateRule

ALIVE_ABOVE = 0.1
"""A cell lives where it or a neighbour has more life than this (Mordvintsev et al. 2020)."""


def living(state: np.ndarray, boundary: Boundary) -> np.ndarray:
    """Living mask: bool, shape (height, width).

    Parameters
    ----------
    state : ndarray, float32, shape (channels, height, width)
    boundary : {'wrap', 'edge'} or Surface
        On a surface only its own cells live.
    """
    height, width = state.shape[1:]
    around = surround(state[LIFE], boundary)
    most = np.max([around[y : y + height, x : x + width] for y in range(3) for x in range(3)], axis=0)
    alive: np.ndarray = most > ALIVE_ABOVE
    return alive & boundary.on if isinstance(boundary, Surface) else alive


def step(
    state: np.ndarray,
    rules: Sequence[UpdateRule],
    shares: Sequence[np.ndarray | None],
    random_seed: int,
    index: int,
    boundary: Boundary = "wrap",
    fire_rate: float = FIRE_RATE,
    habitat: np.ndarray | None = None,
) -> np.ndarray:
    """One step of the automaton.

    Parameters
    ----------
    state : ndarray, float32, shape (channels, height, width)
    rules : sequence of UpdateRule
        One a genotype.
    shares : sequence of (ndarray of shape (height, width), or None)
        How much each rule counts in each cell; None for one rule that counts everywhere.
    random_seed, index : int
        Decide which cells fire; `index` is the number of steps before this one.
    boundary : {'wrap', 'edge'} or Surface
    fire_rate : float
    habitat : ndarray, uint32, shape (height, width), optional
        In place of a rate: below which of its numbers each cell fires; where that is 0 nothing lives. See
        `environment.Environment.habitat`.

    Returns
    -------
    ndarray of the shape of `state`
    """
    channels, height, width = state.shape
    alive = living(state, boundary)
    if habitat is not None:
        alive &= habitat > 0
    percepts = perceive(state, boundary).reshape(-1, height * width).T
    change = np.zeros((height * width, channels), np.float32)
    for rule, share in zip(rules, shares, strict=True):
        if share is None:
            change += rule.change(percepts)
        else:
            ruled = np.flatnonzero(share > 0)
            change[ruled] += share.reshape(-1, 1)[ruled] * rule.change(percepts[ruled])
    cells = cell_numbers(height, width)
    if habitat is None:
        fire = fires(random_seed, index, cells, fire_rate)
    else:
        fire = fires_below(random_seed, index, cells, habitat)
    # one that does not live is erased: it keeps none alive by what it would become
    state = state + change.T.reshape(state.shape) * (fire & alive)
    return state * (alive & living(state, boundary))
