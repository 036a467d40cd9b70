# SPDX-License-Identifier: GPL-3.0-or-later
"""The automaton on a graphics card, two kernels a step: what `torch_step` says, without its passes over memory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import torch
import torch.nn.functional as F

from . import card, torch_step
from .chance import cell_numbers, mix
from .reference import FIRE_RATE
from .update_rule import UpdateRule

TILE, THREADS = 32, 128
"""Cells along a block's side, and its threads; as in `kernels/step.cu`."""
TOLERANCE = 1e-4
"""How far some steps may lie from those of `torch_step` for the kernels to be trusted."""


class FusedStep:
    """Kernels for cells of one size.

    Parameters
    ----------
    module : card.Module
        Of 'step.cu', compiled for these sizes.
    """

    def __init__(self, module: card.Module):
        self._module = module

    def grow(
        self,
        state: torch.Tensor,
        rules: Sequence[UpdateRule],
        shares: Sequence[torch.Tensor | None],
        random_seed: int,
        first: int,
        steps: int,
        boundary: str = "wrap",
        fire_rate: float = FIRE_RATE,
    ) -> torch.Tensor:
        """Run steps of the automaton on one grid, without waiting for them; arguments as of `torch_step.grow`.

        Parameters
        ----------
        state : float32 Tensor, shape (1, height, width, channels)
        rules, shares, random_seed, first, steps, boundary, fire_rate
            As there.

        Returns
        -------
        Tensor of the shape of `state`
            Another one: what was given stays as it is.
        """
        _, height, width, _ = state.shape
        if not steps:
            return state.clone()
        weights, counts = pack(tuple(rules)), card.stack_shares(shares, state)
        life = state.new_empty(height, width)
        alive = torch.empty(height, width, dtype=torch.uint8, device=state.device)
        size = height, width, int(boundary == "wrap")
        grid = -(-width // TILE), -(-height // TILE)
        threshold = min(round(fire_rate * 2**32), 2**32 - 1)
        before, grown = state.contiguous(), torch.empty_like(state, memory_format=torch.contiguous_format)
        for index in range(first, first + steps):
            key = mix(mix(random_seed & 0xFFFFFFFF) ^ (index & 0xFFFFFFFF))
            arrays = before, grown, life, alive, weights, counts
            numbers = len(rules), int(counts is not None), *size, key, threshold
            self._module.launch("nca_change", grid, THREADS, [*arrays, *numbers])
            self._module.launch("nca_mask", grid, THREADS, [grown, life, alive, *size])
            before, grown = grown, torch.empty_like(grown) if index == first else before
        return before


@lru_cache(32)
def pack(rules: tuple[UpdateRule, ...]) -> torch.Tensor:
    """Weights of rules as the kernels read them: a row a hidden unit, with its weights, its bias and three zeros, and
    its share in the change. Rules are told apart by their tensors, which nobody writes to.

    Returns
    -------
    Tensor, shape (rules, hidden, 5 channels + 4)
    """
    rows = [
        torch.cat([rule.into_hidden.mT, F.pad(rule.hidden_bias.mT, (0, 3)), rule.out_of_hidden], -1)
        for rule in rules
    ]
    return torch.stack([row.reshape(row.shape[-2:]) for row in rows]).float().contiguous()


@lru_cache(8)
def open_for(device: torch.device, channels: int, hidden: int) -> FusedStep | None:
    """The kernels for a device, or None where they cannot serve: `torch_step` does, then.

    They are compared with `torch_step` before they are trusted.

    Parameters
    ----------
    device : torch.device
    channels, hidden : int
        Of the cell state, and of the update rule's hidden layer.
    """
    if not card.suits(device, channels, weights=4 * hidden * (5 * channels + 4), shared=2 * TILE**2 + 16):
        return None
    try:
        fused = FusedStep(card.open_module("step.cu", device, CHANNELS=channels, HIDDEN=hidden))
        return fused if grows_as_torch_does(fused, device, channels, hidden) else None
    except card.REFUSALS:
        return None


def grows_as_torch_does(fused: FusedStep, device: torch.device, channels: int, hidden: int) -> bool:
    """Whether kernels give what `torch_step` gives, to within TOLERANCE: one rule on a torus, and two with borders;
    arguments as of `open_for`."""
    generator = torch.Generator().manual_seed(0)

    def draw(scale: float, *shape: int) -> torch.Tensor:
        return (scale * torch.randn(shape, generator=generator)).to(device)

    def draw_rule() -> UpdateRule:
        return UpdateRule(
            draw(0.1, 1, 4 * channels, hidden), draw(0.1, 1, 1, hidden), draw(0.05, 1, hidden, channels)
        )

    height, width = TILE + 8, TILE + 5
    cells = torch.from_numpy(cell_numbers(height, width)).to(device)
    left = (torch.arange(width, device=device) < width // 2).float().expand(height, width)
    for rules, shares, boundary in (
        ([draw_rule()], [None], "wrap"),
        ([draw_rule(), draw_rule()], [0.7 * left, 1 - left], "edge"),
    ):
        state = draw(0.3, 1, height, width, channels) * (draw(1.0, 1, height, width, 1) > 0.5)
        theirs = torch_step.grow(state, rules, shares, 5, 3, 3, cells, boundary)
        ours = fused.grow(state, rules, shares, 5, 3, 3, boundary)
        if not torch.allclose(ours, theirs, atol=TOLERANCE):
            return False
    return True
