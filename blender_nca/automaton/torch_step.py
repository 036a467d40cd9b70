# SPDX-License-Identifier: GPL-3.0-or-later
"""The automaton in torch, on any device and batched: what `reference` says, faster.

States are (batch, height, width, channels) here, so that a cell's channels lie together for the matrix
products. Growth with its gradient is `through_time`.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from .arrival import NEVER
from .chance import FIRE_RATE, fires, fires_below
from .firing import pick
from .perception import Boundary
from .reference import ALIVE_ABOVE
from .rows import Rows
from .update_rule import LIFE, UpdateRule


def surround(state: torch.Tensor, boundary: str, cells: int = 1) -> torch.Tensor:
    """Surround grids with the neighbours of their border cells; see `perception.surround`.

    Parameters
    ----------
    state : Tensor, shape (batch, height, width, channels)
    boundary : {'wrap', 'edge'}
    cells : int
        How many on each side.

    Returns
    -------
    Tensor, shape (batch, height + 2 cells, width + 2 cells, channels)
    """
    for axis in (1, 2):
        length = state.shape[axis]
        if boundary == "wrap":
            before, after = state.narrow(axis, length - cells, cells), state.narrow(axis, 0, cells)
        else:
            before = state.narrow(axis, 0, 1).repeat_interleave(cells, axis)
            after = state.narrow(axis, length - 1, 1).repeat_interleave(cells, axis)
        state = torch.cat([before, state, after], axis)
    return state


def perceive(state: torch.Tensor, boundary: Boundary) -> torch.Tensor:
    """What the cells of grids perceive: shape (batch, height, width, 4 channels)."""
    layout = Rows(state.shape, boundary, state.device)
    rows = layout.enclose(state)
    layout.close(rows)
    around = rows.new_zeros(layout.batch, layout.count, 4 * layout.channels)
    layout.inner(around).copy_(layout.perceive(rows))
    return layout.open(around)


def living(state: torch.Tensor, boundary: Boundary) -> torch.Tensor:
    """Living mask: bool, shape (batch, height, width, 1)."""
    layout = Rows(state.shape, boundary, state.device)
    rows = layout.enclose(state.detach())
    layout.close(rows)
    return layout.open(layout.living(rows))


def date(before: torch.Tensor | None, state: torch.Tensor, step: int) -> torch.Tensor:
    """Arrivals after one step more; see `arrival.date`.

    Parameters
    ----------
    before : Tensor, int32, shape (height, width), optional
    state : Tensor, shape (1, height, width, channels)
    step : int

    Returns
    -------
    Tensor, int32, shape (height, width)
    """
    life = state[0, ..., LIFE]
    if before is None:
        before = torch.full(life.shape, NEVER, dtype=torch.int32, device=state.device)
    since = torch.where(life > ALIVE_ABOVE, before.clamp_max(step), before)
    return since.masked_fill_(life == 0, NEVER)


def grow(
    state: torch.Tensor,
    rules: Sequence[UpdateRule],
    shares: Sequence[torch.Tensor | None],
    random_seed: int,
    first: int,
    steps: int,
    cells: torch.Tensor,
    boundary: Boundary = "wrap",
    fire_rate: float = FIRE_RATE,
    habitat: torch.Tensor | None = None,
) -> torch.Tensor:
    """Run steps of the automaton.

    Parameters
    ----------
    state : Tensor, shape (batch, height, width, channels)
    rules : sequence of UpdateRule
        Weights of shape (batch, ...), or (1, ...) for all.
    shares : sequence of (Tensor of shape (height, width), or None)
        How much each rule counts in each cell; None for one rule that counts everywhere.
    random_seed, first, steps : int
        `first` is the number of steps before.
    cells : int64 Tensor, shape (height, width)
        Numbers of the cells (see `chance`); all grids of a batch fire alike.
    boundary : {'wrap', 'edge'} or Surface
    fire_rate : float
    habitat : int64 Tensor, shape (height, width), optional
        As of `reference.step`.

    Returns
    -------
    Tensor of the shape of `state`
    """
    layout = Rows(state.shape, boundary, state.device)
    rows = layout.enclose(state)
    layout.close(rows)
    ruled = [None if share is None else share > 0 for share in shares]
    lives = None if habitat is None else layout.enclose((habitat > 0)[None, ..., None])
    for index in range(first, first + steps):
        if habitat is None:
            fire = fires(random_seed, index, cells, fire_rate)
        else:
            fire = fires_below(random_seed, index, cells, habitat)
        alive = layout.living(rows)
        if lives is not None:
            alive &= lives
        percepts = layout.perceive(rows)
        grown = rows.clone()
        for rule, share, where in zip(rules, shares, ruled, strict=True):
            firing = pick(layout, fire if where is None else fire & where)
            change = rule.change(firing.take(percepts))
            if share is not None:
                counts = layout.inner(layout.enclose(share[None, ..., None].expand(layout.batch, -1, -1, -1)))
                change = firing.take(counts) * change
            firing.add(layout.inner(grown), change)
        grown *= alive
        layout.close(grown)
        grown *= layout.living(grown)
        layout.close(grown)
        rows = grown
    return layout.open(rows)
