# SPDX-License-Identifier: GPL-3.0-or-later
"""Many genotypes of one manifold, each on a grid of its own, growing side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
import torch.nn.functional as F

from ...automaton import native_step, settling, torch_step
from ...automaton.arrival import date_natively
from ...automaton.chance import cell_numbers
from ...automaton.update_rule import LIFE, UpdateRule
from ...genetics.relaxed import relax
from ...learning.pool import draw_wounds
from ...manifold.architecture import GRAIN
from ...manifold.grain import grain_at
from ...manifold.manifold import Manifold
from ...manifold.own_unit import OF_PAINTER, OF_RULE, OwnUnit
from ...manifold.renderer import SUPPORT, Painter, interpolation, paint_tile
from ...manifold.transcription import transcribe

TOGETHER = 4
"""Grids that are grown at once: more do not fit a processor's cache."""


class ParallelGrowths:
    """Grids that grow from one cell in their middle.

    Parameters
    ----------
    manifold : Manifold
    genotypes : sequence of (str, or ndarray of shape (dna_length, 4))
        DNA, as letters or relaxed.
    cells : (int, int)
        Height and width of each grid.
    random_seed : int
    device : str
    settles_after : int, optional
        As `Growth.settling`: restless, if None.
    """

    def __init__(
        self,
        manifold: Manifold,
        genotypes: Sequence[str | np.ndarray],
        cells: tuple[int, int],
        random_seed: int = 11,
        device: str = "cpu",
        settles_after: int | None = None,
    ):
        self.settles_after = settles_after
        self.boundary = manifold.card.get("boundary", "wrap")
        self.device, self.random_seed, self.steps = torch.device(device), random_seed, 0
        relaxed = np.stack([relax(dna) if isinstance(dna, str) else dna for dna in genotypes])
        self._manifold, self._relaxed = manifold, relaxed.astype(np.float32)
        weights = {name: torch.from_numpy(value).to(device) for name, value in manifold.weights.items()}
        with torch.inference_mode():
            self.rule, self.painter = transcribe(
                weights, manifold.sizes, torch.from_numpy(relaxed.astype(np.float32)).to(device)
            )
        for unit in manifold.units:
            self._join(unit, relaxed)
        height, width = cells
        self.state = torch.zeros(len(relaxed), height, width, manifold.sizes.channels, device=self.device)
        self.state[:, height // 2, width // 2, LIFE:] = 1
        self._cells = torch.from_numpy(cell_numbers(height, width)).to(self.device)
        self.arrival: list[torch.Tensor] = []
        self._woken = torch.zeros(height, width, dtype=torch.int32, device=self.device)
        self._date()

    @torch.inference_mode()
    def _join(self, unit: OwnUnit, relaxed: np.ndarray) -> None:
        """Add a learned species' unit to what was read from DNA of shape (genotypes, dna_length, 4)."""
        for i, one in enumerate(relaxed):
            loudness = unit.loudness(one)
            if not loudness:  # of hundreds of units nearly all are
                continue
            for part, names in ((self.rule, OF_RULE), (self.painter, OF_PAINTER)):
                for name in names:
                    getattr(part, name)[i] += loudness * torch.from_numpy(unit.added[name]).to(self.device)

    def __len__(self) -> int:
        return len(self.state)

    @torch.inference_mode()
    def grow(self, steps: int, kernels: bool = True) -> ParallelGrowths:
        """Run steps on all grids: by the kernels in C where they suit, or else by torch."""
        native = self.device.type == "cpu" and native_step.suits(*self.rule.out_of_hidden.shape[:0:-1])
        if self.settles_after is not None:
            for i in range(len(self)):
                self._settle(i, steps, self.settles_after, kernels and native)
            self.steps += steps
            return self
        if kernels and native:
            for i in range(len(self)):
                rule = UpdateRule(*(getattr(self.rule, name)[i].numpy() for name in vars(self.rule)))
                grown = native_step.grow(
                    self.state[i].numpy(), [rule], [None], self.random_seed, self.steps, steps, self.boundary
                )
                self.state[i] = torch.from_numpy(grown)
            self.steps += steps
            return self
        for i in range(0, len(self), TOGETHER):
            some = slice(i, i + TOGETHER)
            rule = UpdateRule(*(getattr(self.rule, name)[some] for name in vars(self.rule)))
            self.state[some] = torch_step.grow(
                self.state[some],
                [rule],
                [None],
                self.random_seed,
                self.steps,
                steps,
                self._cells,
                self.boundary,
            )
        self.steps += steps
        return self

    def _settle(self, i: int, steps: int, after: int, native: bool) -> None:
        """Run steps on one grid whose cells settle: one at a time, as a rollout does."""
        rule = UpdateRule(*(getattr(self.rule, name)[i : i + 1] for name in vars(self.rule)))
        state, arrival = self.state[i : i + 1], self.arrival[i]
        if native:
            rule = UpdateRule(*(getattr(rule, name)[0].numpy() for name in vars(rule)))
            cells, dates = state[0].numpy(), arrival.numpy()
            for step in range(self.steps, self.steps + steps):
                below = settling.quiet_natively(None, dates, self._woken.numpy(), step, after)
                cells = native_step.grow(
                    cells, [rule], [None], self.random_seed, step, 1, self.boundary, habitat=below
                )
                dates = date_natively(dates, cells, step + 1)
            self.state[i], self.arrival[i] = torch.from_numpy(cells), torch.from_numpy(dates)
            return
        for step in range(self.steps, self.steps + steps):
            below = settling.quiet(settling.AS_EVER, arrival.long(), self._woken.long(), step, after)
            given = [rule], [None], self.random_seed, step, 1, self._cells, self.boundary
            state = torch_step.grow(state, *given, habitat=below)
            arrival = torch_step.date(arrival, state, step + 1)
        self.state[i], self.arrival[i] = state[0], arrival

    def _date(self) -> None:
        """When the cells of each grid came alive, as they are now: for grids that settle."""
        if self.settles_after is not None:
            before: list[torch.Tensor | None] = list(self.arrival) or [None] * len(self)
            states = self.state.split(1)
            self.arrival = [
                torch_step.date(a, one, self.steps) for a, one in zip(before, states, strict=True)
            ]

    def wound(self, share: float) -> ParallelGrowths:
        """Erase discs of the same places in all grids, until so much of their area is gone."""
        height, width = self._cells.shape
        random = np.random.default_rng(self.random_seed)
        whole = draw_wounds((height, width), share, min(height, width) / 8, random)
        self.state *= torch.from_numpy(whole).to(self.state)[..., None]
        self._date()
        if self.settles_after is not None:
            woken = torch.from_numpy(settling.around(~whole, self.boundary)).to(self.device)
            self._woken = torch.where(woken, self.steps, self._woken).int()
        return self

    @torch.inference_mode()
    def paint(self, pixels_per_cell: int, fine: bool = False) -> Iterator[np.ndarray]:
        """Maps of each grid in turn: float32, shape (maps, height, width) in pixels, in [0, 1]; `fine` as of
        `Growth`."""
        height, width = self._cells.shape
        rows, columns = (
            torch.from_numpy(interpolation(cells, pixels_per_cell)).to(self.device)
            for cells in (height, width)
        )
        mode = "circular" if self.boundary == "wrap" else "replicate"
        grain = None
        if fine:
            lines = (np.arange(cells * pixels_per_cell) for cells in (height, width))
            down, across = np.ix_(*lines)
            drawn = grain_at(down, across, pixels_per_cell).reshape(-1, GRAIN)
            grain = torch.from_numpy(drawn).to(self.device)
        for i, state in enumerate(self.state):
            painter = self._painter_of(i, fine)
            around = F.pad(state.movedim(2, 0)[None], [SUPPORT] * 4, mode)[0]
            yield paint_tile(painter, around, rows, columns, grain).clip(0, 1).cpu().numpy()

    def _painter_of(self, genotype: int, fine: bool) -> Painter:
        if fine:
            _, finer = self._manifold.transcribe(self._relaxed[genotype], True)
            return Painter(**{n: torch.from_numpy(value).to(self.device) for n, value in vars(finer).items()})
        of_all = ("weight_2", "bias_2")
        return Painter(**{n: v if n in of_all else v[genotype] for n, v in vars(self.painter).items()})
