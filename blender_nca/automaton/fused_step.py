# SPDX-License-Identifier: GPL-3.0-or-later
"""The automaton on a graphics card, two kernels a step: what `torch_step` says, without its passes over memory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import torch
import torch.nn.functional as F

from . import card, rows, torch_step
from .chance import FIRE_RATE, cell_numbers, mix
from .perception import Boundary
from .surface import Surface
from .surface_example import build_corner
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
        boundary: Boundary = "wrap",
        fire_rate: float = FIRE_RATE,
        habitat: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Run steps of the automaton on one grid, without waiting for them; arguments as of `torch_step.grow`.

        Parameters
        ----------
        state : float32 Tensor, shape (1, height, width, channels)
        rules, shares, random_seed, first, steps, boundary, fire_rate, habitat
            As there.

        Returns
        -------
        Tensor of the shape of `state`
            Another one: what was given stays as it is.
        """
        if not steps:
            return state.clone()
        before, weights, counts = state.contiguous(), pack(tuple(rules)), card.stack_shares(shares, state)
        surface = lay_out(boundary, state.device) if isinstance(boundary, Surface) else None
        if surface:
            before = F.pad(before, (0, 0, 1, 1, 1, 1))
            counts = None if counts is None else F.pad(counts, (1, 1, 1, 1))
        _, height, width, channels = before.shape
        life = before.new_empty(height, width)
        alive = torch.empty(height, width, dtype=torch.uint8, device=state.device)
        size = height, width, int(boundary == "wrap")
        grid = -(-width // TILE), -(-height // TILE)
        threshold = min(round(fire_rate * 2**32), 2**32 - 1)
        turns = surface.turns if surface else None
        below = None if habitat is None else lay_out_habitat(habitat, surface is not None)
        grown = torch.empty_like(before, memory_format=torch.contiguous_format)
        for index in range(first, first + steps):
            key = mix(mix(random_seed & 0xFFFFFFFF) ^ (index & 0xFFFFFFFF))
            if surface:
                self._tie(surface, before, channels)
            arrays = before, grown, life, alive, weights, counts, turns, below
            there = (int(each is not None) for each in (counts, turns, below))
            numbers = len(rules), *there, *size, key, threshold
            self._module.launch("nca_change", grid, THREADS, [*arrays, *numbers])
            if surface:
                self._tie(surface, life, 1)
            self._module.launch("nca_mask", grid, THREADS, [grown, life, alive, *size])
            ours = surface or index > first  # whether `before` may be written to
            before, grown = grown, before if ours else torch.empty_like(grown)
        return before[:, 1:-1, 1:-1].contiguous() if surface else before

    def _tie(self, surface: SurfaceOnCard, cells: torch.Tensor, size: int) -> None:
        blocks = -(-len(surface.places) * size // THREADS)
        if blocks:
            arrays = cells, surface.places, surface.sources, surface.weights
            self._module.launch("nca_tie", (blocks, 1), THREADS, [*arrays, len(surface.places), size])


class SurfaceOnCard(NamedTuple):
    """A surface as the kernels read it, of cells of grids with one cell of surroundings.

    Attributes
    ----------
    places : int32 Tensor, shape (ties,)
    sources : int32 Tensor, shape (ties, TAPS)
    weights : float32 Tensor, shape (ties, TAPS)
    turns : float32 Tensor, shape (height + 2, width + 2, 4)
        Cosine, sine, -1 where the island is mirrored or else 1, and 1 where the cell is on or else 0.
    """

    places: torch.Tensor
    sources: torch.Tensor
    weights: torch.Tensor
    turns: torch.Tensor


@lru_cache(4)
def lay_out(surface: Surface, device: torch.device) -> SurfaceOnCard:
    """Send a surface to a card."""
    there = rows.lay_out(surface, device)
    (cosine, sine), (other_sine, other_cosine) = there.turns
    side = (cosine * other_cosine - sine * other_sine).sign()
    turns = torch.cat([cosine, sine, side, there.on.float()], 1)
    size = surface.height + 2, surface.width + 2, 4
    return SurfaceOnCard(
        there.places.int(), there.sources.int().contiguous(), there.weights, turns.reshape(size).contiguous()
    )


@lru_cache(8)
def lay_out_habitat(habitat: torch.Tensor, surrounded: bool) -> torch.Tensor:
    """A habitat, int64 of shape (height, width), as the kernels read it: 32 bits each, with one cell of surroundings
    where grids have that. Told apart by their tensors, which nobody writes to."""
    if surrounded:
        habitat = F.pad(habitat, (1, 1, 1, 1))
    return habitat.bitwise_and(0xFFFFFFFF).sub((habitat >> 31 & 1) << 32).int().contiguous()


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
    """Whether kernels give what `torch_step` gives, to within TOLERANCE: one rule on a torus, and two with borders and
    on a surface, in habitats of their own; arguments as of `open_for`."""
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
    surface = build_corner(height, width)
    two: tuple[list, list] = [draw_rule(), draw_rule()], [0.7 * left, 1 - left]
    # nothing lives in a column, and further on cells fire ever more often
    habitat = (torch.arange(width, device=device) - 3).clamp(0).mul(2**26).expand(height, width)
    trials: list[tuple[list, list, Boundary, torch.Tensor | None]] = [
        ([draw_rule()], [None], "wrap", None),
        (*two, "edge", habitat),
        (two[0][:1], [None], surface, None),
        (*two, surface, habitat),
    ]
    for rules, shares, boundary, lives in trials:
        state = draw(0.3, 1, height, width, channels) * (draw(1.0, 1, height, width, 1) > 0.5)
        if boundary is surface:
            state *= torch.from_numpy(surface.on).to(device)[..., None]
        theirs = torch_step.grow(state, rules, shares, 5, 3, 3, cells, boundary, habitat=lives)
        ours = fused.grow(state, rules, shares, 5, 3, 3, boundary, habitat=lives)
        if not torch.allclose(ours, theirs, atol=TOLERANCE):
            return False
    return True
