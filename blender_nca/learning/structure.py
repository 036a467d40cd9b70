# SPDX-License-Identifier: GPL-3.0-or-later
"""Structure apart from colour: how far the luminance of a material, made Gaussian, is from that of its exemplar.

A species of little contrast, or with most of its picture in one tone, has little to say in a distance of colours
however rich its structure is. The luminance of each picture is therefore bent by a curve of its own until its values
are normally distributed: colour and contrast drop out. Distances are given as shares of what second-order statistics
alone would leave, or a sister, whichever is the more: the structure score of the evaluation, made differentiable.
Beside patches stands how far lines run, which small patches hardly tell; each has a share of its own.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from .lines import Lines
from .patches import LUMINANCE, STRUCTURE_PATCH, scramble_phases
from .sliced_wasserstein import SlicedWasserstein

LEVELS, STEEPEST = 256, 3.0
"""Entries of a curve, and the deviations that it ends at."""
SOFTNESS = 0.007
"""Deviation of what is added to luminance before its curve is taken, in the units of colour: where an exemplar has one
tone over much of its area, its curve would rise without end."""


class Structure:
    """Structure scores against a set of exemplars.

    Parameters
    ----------
    exemplars : Tensor, shape (exemplars, 3 or more, pixels, pixels)
    sisters : int
        Exemplars a species, one after the other.
    tiles : bool
        See `SlicedWasserstein`.
    """

    def __init__(self, exemplars: torch.Tensor, sisters: int, tiles: bool = True):
        self._luminance = torch.from_numpy(LUMINANCE).to(exemplars.device)
        bent = self._bend(exemplars)
        surrogates = torch.stack([torch.from_numpy(scramble_phases(one.cpu().numpy())) for one in bent])
        others = surrogates.to(bent), bent.unflatten(0, (-1, sisters)).roll(1, 1).flatten(0, 1)
        self._distances: tuple[SlicedWasserstein | Lines, ...] = (
            SlicedWasserstein(bent, STRUCTURE_PATCH, tiles=tiles),
            Lines(bent, tiles),
        )
        self.units = [
            torch.stack([distance.of_others(other) for other in others]).amax(0)
            for distance in self._distances
        ]

    def score(
        self,
        maps: torch.Tensor,
        first: torch.Tensor,
        second: torch.Tensor,
        share: torch.Tensor,
        bank: int,
        shift: tuple[int, int] = (0, 0),
    ) -> torch.Tensor:
        """Structure scores of maps against blends of exemplars; arguments as of `SlicedWasserstein.between`.

        Returns
        -------
        Tensor, shape (batch,)
        """
        return self.shares(maps, first, second, share, bank, shift).mean(0)

    def shares(
        self,
        maps: torch.Tensor,
        first: torch.Tensor,
        second: torch.Tensor,
        share: torch.Tensor,
        bank: int,
        shift: tuple[int, int] = (0, 0),
    ) -> torch.Tensor:
        """The two shares that the score is the mean of, that of patches and that of lines: Tensor, shape (2, batch)."""
        bent = self._bend(maps)
        scores = [
            distance.between(bent, first, second, share, bank, shift)
            / torch.lerp(unit[first], unit[second], share)
            for distance, unit in zip(self._distances, self.units, strict=True)
        ]
        return torch.stack(scores)

    def _bend(self, maps: torch.Tensor) -> torch.Tensor:
        """Luminance of maps, normally distributed: Tensor, shape (batch, 1, height, width)."""
        grey = torch.einsum("c,bchw->bhw", self._luminance, maps[:, :3])
        position = grey.flatten(1).clip(0, 1) * (LEVELS - 1)
        below = position.detach().long().clip(max=LEVELS - 2)
        share = position - below
        curves = _curves(below, share)
        bent = torch.lerp(curves.gather(1, below), curves.gather(1, below + 1), share)
        return bent.view(len(maps), 1, *maps.shape[2:])


def _curves(below: torch.Tensor, share: torch.Tensor) -> torch.Tensor:
    """What makes luminances normally distributed, for each of `LEVELS` values from black to white.

    Parameters
    ----------
    below : int64 Tensor, shape (batch, pixels)
        Level below each.
    share : Tensor, shape (batch, pixels)
        How far it is on the way to the next.

    Returns
    -------
    Tensor, shape (batch, LEVELS)
        Differentiable, so that making all brighter, which no score sees, is not asked for.
    """
    counts = torch.zeros(len(below), LEVELS, device=below.device)
    counts = counts.scatter_add(1, below, 1 - share).scatter_add(1, below + 1, share)
    levels = torch.arange(LEVELS, device=below.device) / (LEVELS - 1)
    spread = torch.exp(-0.5 * ((levels[:, None] - levels) / SOFTNESS).square())
    density = counts @ F.normalize(spread, p=1, dim=1) / below.shape[1]
    cumulative = density.cumsum(1) - density / 2
    return torch.special.ndtri(cumulative.double().clip(1e-9, 1 - 1e-9)).clip(-STEEPEST, STEEPEST).float()
