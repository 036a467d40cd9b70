# SPDX-License-Identifier: GPL-3.0-or-later
"""Structure apart from colour: how far the luminance of a material, made Gaussian, is from that of its exemplar.

A species of little contrast, or with most of its picture in one tone, has little to say in a distance of colours
however rich its structure is. Each exemplar's luminance is therefore bent by a curve of its own until its values are
normally distributed, and what is grown is bent by the same curve. Distances are given as shares of what second-order
statistics alone would leave, or a sister, whichever is the more: the structure score of the evaluation, made
differentiable.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from .evaluation.patches import LUMINANCE, STRUCTURE_PATCH, scramble_phases
from .sliced_wasserstein import SlicedWasserstein

LEVELS, STEEPEST = 256, 3.0
"""Entries of a curve, and the deviations that it ends at."""
SOFTNESS = 0.015
"""Deviation of what is added to luminance before its curve is taken, in the units of colour: where an exemplar has one
tone over much of its area, its curve would rise without end."""


class Structure:
    """Structure scores against a set of exemplars.

    Parameters
    ----------
    exemplars : Tensor, shape (exemplars, 3 or more, pixels, pixels)
    sisters : int
        Exemplars a species, one after the other.
    """

    def __init__(self, exemplars: torch.Tensor, sisters: int):
        self._luminance = torch.from_numpy(LUMINANCE).to(exemplars.device)
        everyone = torch.arange(len(exemplars), device=exemplars.device)
        self.curves = torch.stack([_curve(luminance) for luminance in self._grey(exemplars)])
        bent = self._bend(exemplars, self.curves)
        self._distance = SlicedWasserstein(bent, patch=STRUCTURE_PATCH)
        surrogates = torch.stack([torch.from_numpy(scramble_phases(one.cpu().numpy())) for one in bent])
        nothing = torch.zeros(len(bent), device=exemplars.device)
        self.units = torch.stack(
            [
                self._distance.between(other, everyone, everyone, nothing, 0)
                for other in (surrogates.to(bent), bent.unflatten(0, (-1, sisters)).roll(1, 1).flatten(0, 1))
            ]
        ).amax(0)

    def score(self, maps, first, second, share, bank: int, shift=(0, 0)) -> torch.Tensor:
        """Structure scores of maps against blends of exemplars; arguments as of `SlicedWasserstein.between`.

        Returns
        -------
        Tensor, shape (batch,)
        """
        curve = torch.lerp(self.curves[first], self.curves[second], share[:, None])
        unit = torch.lerp(self.units[first], self.units[second], share)
        return self._distance.between(self._bend(maps, curve), first, second, share, bank, shift) / unit

    def _grey(self, maps):
        return torch.einsum("c,bchw->bhw", self._luminance, maps[:, :3])

    def _bend(self, maps, curves):
        """Luminance of maps through curves: Tensor, shape (batch, 1, height, width)."""
        position = self._grey(maps).flatten(1).clip(0, 1) * (LEVELS - 1)
        below = position.detach().long().clip(max=LEVELS - 2)
        low, high = curves.gather(1, below), curves.gather(1, below + 1)
        return torch.lerp(low, high, position - below).view(len(maps), 1, *maps.shape[2:])


def _curve(luminance: torch.Tensor) -> torch.Tensor:
    """What makes luminances normally distributed, for each of `LEVELS` values from black to white."""
    counts = torch.histc(luminance.clip(0, 1), LEVELS, 0, 1)
    away = torch.arange(LEVELS, device=counts.device) / (LEVELS - 1)
    spread = torch.exp(-0.5 * ((away[:, None] - away) / SOFTNESS).square())
    density = F.normalize(spread, p=1, dim=0) @ (counts / counts.sum())
    below = density.cumsum(0) - density / 2
    return torch.special.ndtri(below.double().clip(1e-9, 1 - 1e-9)).clip(-STEEPEST, STEEPEST).float()
