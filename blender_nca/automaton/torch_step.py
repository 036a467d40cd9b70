# SPDX-License-Identifier: GPL-3.0-or-later
"""The automaton in torch, on any device, batched and differentiable: what `reference` says, faster.

States are (batch, height, width, channels) here, so that a cell's channels lie together for the matrix
products.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F

from .chance import fires
from .reference import ALIVE_ABOVE, FIRE_RATE
from .update_rule import LIFE, UpdateRule


def surround(state: torch.Tensor, boundary: str, cells: int = 1) -> torch.Tensor:
    """Surround grids (batch, height, width, channels) with the neighbours of their border cells, `cells` on
    each side."""
    for axis in (1, 2):
        length = state.shape[axis]
        if boundary == "wrap":
            before, after = state.narrow(axis, length - cells, cells), state.narrow(axis, 0, cells)
        else:
            before = state.narrow(axis, 0, 1).repeat_interleave(cells, axis)
            after = state.narrow(axis, length - 1, 1).repeat_interleave(cells, axis)
        state = torch.cat([before, state, after], axis)
    return state


def perceive(state: torch.Tensor, boundary: str) -> torch.Tensor:
    """The kernels of `perception.KERNELS`, taken apart into rows and columns.

    Returns
    -------
    Tensor, shape (batch, height, width, 4 channels)
    """
    around = surround(state, boundary)
    left, centre, right = around[:, :, :-2], around[:, :, 1:-1], around[:, :, 2:]
    smooth, difference = left + 2 * centre + right, right - left
    above, here, below = (difference[:, i : i + state.shape[1]] for i in range(3))
    sobel_x = (above + 2 * here + below) / 8
    above, here, below = (smooth[:, i : i + state.shape[1]] for i in range(3))
    sobel_y = (below - above) / 8
    laplacian = (above + 2 * here + below) / 16 - state
    return torch.cat([state, sobel_x, sobel_y, laplacian], 3)


def living(state: torch.Tensor, boundary: str) -> torch.Tensor:
    """Living mask: bool, shape (batch, height, width, 1)."""
    life = surround(state[..., LIFE : LIFE + 1].detach(), boundary)
    return F.max_pool2d(life.movedim(3, 1), 3, 1).movedim(1, 3) > ALIVE_ABOVE


def step(
    state: torch.Tensor,
    rules: Sequence[UpdateRule],
    shares: Sequence[torch.Tensor | None],
    fire: torch.Tensor,
    boundary: str = "wrap",
) -> torch.Tensor:
    """One step of the automaton, given which cells fire.

    Parameters
    ----------
    state : Tensor, shape (batch, height, width, channels)
    rules : sequence of UpdateRule
        Weights of shape (batch, ...), or without the batch.
    shares : sequence of (Tensor of shape (height, width), or None)
    fire : bool Tensor, shape (batch or 1, height, width)
    boundary : {'wrap', 'edge'}
    """
    batch, height, width, channels = state.shape
    alive = living(state, boundary)
    percepts = perceive(state, boundary).reshape(batch, height * width, -1)
    change = 0
    for rule, share in zip(rules, shares, strict=True):
        if share is None:
            change = change + rule.change(percepts)
        else:
            ruled = share.reshape(-1).nonzero()[:, 0]
            part = share.reshape(-1, 1)[ruled] * rule.change(percepts[:, ruled])
            change = change + torch.zeros_like(state).reshape(batch, -1, channels).index_add(1, ruled, part)
    state = state + change.reshape(state.shape) * fire[..., None]
    return state * (alive & living(state, boundary))


def grow(
    state: torch.Tensor,
    rules: Sequence[UpdateRule],
    shares: Sequence[torch.Tensor | None],
    random_seed: int,
    first: int,
    steps: int,
    cells: torch.Tensor,
    boundary: str = "wrap",
    fire_rate: float = FIRE_RATE,
) -> torch.Tensor:
    """Run `steps` steps; `first` is the number of steps before, `cells` the numbers of the cells (see
    `chance`)."""
    for index in range(first, first + steps):
        state = step(state, rules, shares, fires(random_seed, index, cells, fire_rate), boundary)
    return state
