# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether single pixels have the colours of a picture.

Patches of all maps together hardly see a tint in what should be grey: it is little beside the contrast of a structure,
and the first thing that an eye sees. Here colours are compared along the principal axes of the picture's own, each in
units of its deviation there; so a tint that the picture has nowhere counts like black for white. Distributions are
compared, as those of patches are.
"""

from __future__ import annotations

import torch

from .sliced_wasserstein import in_order, resample

FAINT = 0.015
"""Deviation below which tints are one to the eye."""
GOAL = 0.06
"""Distance that counts as one."""
PIXELS, QUANTILES = 2048, 512
"""Pixels of a grid that are compared, and of the picture's distribution."""


class Tones:
    """Distances to one picture.

    Parameters
    ----------
    picture : Tensor, shape (3, height, width)
        In [0, 1].
    """

    def __init__(self, picture: torch.Tensor):
        colours = picture.flatten(1)
        self._mean = colours.mean(1, keepdim=True)
        # in double precision, and on the processor: see `soap`
        covariance = torch.cov(colours.cpu().double())
        power, axes = torch.linalg.eigh(covariance)
        self._axes = (axes / (power.clip(min=0).sqrt() + FAINT)).T.to(colours)
        self._wanted = resample(in_order(self._turn(colours[None])), QUANTILES)

    def distances(self, maps: torch.Tensor) -> torch.Tensor:
        """Squared distances of maps (batch, 3 or more, height, width), in units of `GOAL`: Tensor, shape (batch,)."""
        colours = maps[:, :3].flatten(2)
        colours = colours[..., :: max(1, colours.shape[2] // PIXELS)]
        found = in_order(self._turn(colours))
        return (found - resample(self._wanted, found.shape[2])).square().mean((1, 2)) / GOAL

    def _turn(self, colours: torch.Tensor) -> torch.Tensor:
        return self._axes @ (colours - self._mean)


def judge_tones(distances: torch.Tensor) -> torch.Tensor:
    """How far tones are off: of a grid in quite other colours, its structure is to be heard as well."""
    return distances.log1p()
