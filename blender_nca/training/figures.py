# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures as what a manifold learns: pictures with an outline, judged pixel by pixel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from ..automaton.update_rule import LIFE
from ..manifold import encoder
from .config import ConfigError, TrainingConfig
from .exemplars.emoji import is_held_out, read_atlas
from .judgement import Judgement
from .pool import sow_centre

OCTAVE, OCTAVE_PIXELS = 1.0, 4
"""Weight of the squared difference of 4 x 4 means, where that of the pixels has one: the means tell where parts are."""
LIFE_WEIGHT = 0.2
PAPER = 0.5
"""Grey that the encoder sees figures on."""


class Figures:
    """The figures of an atlas that are not held out. Attributes and methods are those of `Materials`, except `cut`."""

    kind = "figures"
    boundary = "edge"
    sisters = 1

    def __init__(self, config: TrainingConfig, device: torch.device):
        try:
            characters, names, drawn = read_atlas(Path(config.atlas))
        except (OSError, ValueError) as error:
            raise ConfigError(f"{config.atlas}: {error}") from error
        trained = [i for i, character in enumerate(characters) if not is_held_out(character)]
        self.names = [names[i][:1].upper() + names[i][1:] for i in trained]
        self.tags = [("emoji", f"U+{ord(characters[i]):04X}") for i in trained]
        self._cells = config.cells
        pictures = torch.from_numpy(drawn[trained]).to(device)
        self.thumbnails = show(pictures)
        self.targets = frame(pictures, config.cells * config.pixels_per_cell)
        small = F.avg_pool2d(self.targets, OCTAVE_PIXELS).flatten(1)
        distance = torch.cdist(small, small)
        near = 0.25 + 0.35 * (1 - distance / distance.max().clip(min=1e-9)).square()  # a quarter is chance
        self.likeness = torch.where(torch.eye(len(small), device=device) > 0, 1.0, near)

    def sow(self, cells: int, channels: int, random: np.random.Generator) -> torch.Tensor:
        """A fresh grid: Tensor, shape (cells, cells, channels)."""
        return sow_centre(cells, channels)

    def judge(
        self,
        state: torch.Tensor,
        maps: torch.Tensor,
        fine: torch.Tensor,
        first: torch.Tensor,
        second: torch.Tensor,
        share: torch.Tensor,
        single: torch.Tensor,
        random: np.random.Generator,
    ) -> Judgement:
        """Judge a batch of grown grids; see `Materials.judge`."""
        wanted = self.targets[first]
        difference = premultiply(maps) - wanted
        pixels = difference.square().mean((1, 2, 3))
        means = F.avg_pool2d(difference, OCTAVE_PIXELS).square().mean((1, 2, 3))
        # a cell lives where its figure has ink, and nowhere else
        ink = F.adaptive_max_pool2d(wanted[:, 3:4], self._cells).movedim(1, 3)
        life = (state[..., LIFE : LIFE + 1] - ink).square().mean()
        loss = (pixels + OCTAVE * means).mean() + LIFE_WEIGHT * life
        return Judgement(loss, pixels.detach(), torch.ones_like(first, dtype=torch.bool))


def premultiply(maps: torch.Tensor) -> torch.Tensor:
    """Colour times alpha, and alpha, of maps (batch, 4 or more, ...): Tensor, shape (batch, 4, ...)."""
    return torch.cat([maps[:, :3] * maps[:, 3:4], maps[:, 3:4]], 1)


def frame(pictures: torch.Tensor, pixels: int) -> torch.Tensor:
    """Premultiplied pictures (figures, 4, height, width) in the middle of nothing, `pixels` a side."""
    around = (pixels - pictures.shape[2]) // 2
    return F.pad(premultiply(pictures), [around] * 4)


def show(pictures: torch.Tensor) -> torch.Tensor:
    """Pictures (figures, 4, height, width) over grey, as the encoder sees them."""
    return encoder.resize(pictures[:, :3] * pictures[:, 3:4] + PAPER * (1 - pictures[:, 3:4]))
