# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures: pictures with an outline, which grids are held against pixel by pixel."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from ..automaton.update_rule import LIFE
from ..manifold import encoder
from .judgement import Judgement

OCTAVE, OCTAVE_PIXELS = 1.0, 4
"""Weight of the squared difference of 4 x 4 means, where that of the pixels has one: the means tell where parts are."""
LIFE_WEIGHT = 0.2
PAPER = 0.5
"""Grey that the encoder sees figures on."""


def judge_figures(state: torch.Tensor, maps: torch.Tensor, targets: torch.Tensor) -> Judgement:
    """Judge grown grids by their pixels.

    Parameters
    ----------
    state : Tensor, shape (batch, cells, cells, channels)
    maps : Tensor, shape (batch, maps, pixels, pixels)
        What they are painted as.
    targets : Tensor, shape (batch, 4, so many pixels or more)
        What they shall look like, premultiplied.
    """
    wanted = F.adaptive_avg_pool2d(targets, maps.shape[2])  # a nursery paints fewer pixels
    difference = premultiply(maps) - wanted
    pixels = difference.square().mean((1, 2, 3))
    means = F.avg_pool2d(difference, OCTAVE_PIXELS).square().mean((1, 2, 3))
    # a cell lives where its figure has ink, and nowhere else
    ink = F.adaptive_max_pool2d(wanted[:, 3:4], state.shape[1]).movedim(1, 3)
    life = (state[..., LIFE : LIFE + 1] - ink).square().mean()
    loss = (pixels + OCTAVE * means).mean() + LIFE_WEIGHT * life
    return Judgement(loss, pixels.detach(), torch.ones(len(maps), dtype=torch.bool, device=maps.device))


def premultiply(maps: torch.Tensor) -> torch.Tensor:
    """Colour times alpha, and alpha, of maps (batch, 4 or more, ...): Tensor, shape (batch, 4, ...)."""
    return torch.cat([maps[:, :3] * maps[:, 3:4], maps[:, 3:4]], 1)


def frame(pictures: torch.Tensor, pixels: int) -> torch.Tensor:
    """Premultiplied pictures (figures, 4, height, width) in the middle of nothing, `pixels` a side."""
    return surround(premultiply(pictures), pixels)


def surround(pictures: torch.Tensor, pixels: int) -> torch.Tensor:
    """Premultiplied pictures in the middle of nothing, `pixels` a side."""
    return F.pad(pictures, [(pixels - pictures.shape[2]) // 2] * 4)


def show(pictures: torch.Tensor) -> torch.Tensor:
    """Pictures (figures, 4, height, width) over grey, as the encoder sees them."""
    return look(premultiply(pictures))


def look(pictures: torch.Tensor) -> torch.Tensor:
    """Premultiplied pictures (figures, 4, height, width) over grey, as the encoder sees them."""
    return encoder.resize(pictures[:, :3] + PAPER * (1 - pictures[:, 3:4]))
