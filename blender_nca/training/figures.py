# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures as what a manifold learns: pictures with an outline, judged pixel by pixel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from ..learning.figure import OCTAVE_PIXELS, frame, judge_figures, premultiply, show, surround
from ..learning.judgement import Judgement
from ..learning.pool import sow_centre
from .config import ConfigError, TrainingConfig
from .exemplars.emoji import family_of, is_held_out, read_atlas
from .variations import vary


class Figures:
    """The figures of an atlas that are not held out. Attributes and methods are those of `Materials`, except `cut`.

    Attributes
    ----------
    targets : Tensor, shape (learned, 4, pixels, pixels)
        What grids shall look like, premultiplied: the figures, then their variations.
    """

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
        self.tags = [("emoji", family_of(characters[i]), f"U+{ord(characters[i]):04X}") for i in trained]
        pictures = torch.from_numpy(drawn[trained]).to(device)
        self.thumbnails = show(pictures)
        self._side = pictures.shape[2]
        self.targets = frame(pictures, config.cells * config.pixels_per_cell)
        if config.variations:
            random = np.random.default_rng([config.random_seed, 0x7A41])
            varied = [vary(premultiply(pictures), random) for _ in range(config.variations)]
            self.targets = torch.cat([self.targets, surround(torch.cat(varied), self.targets.shape[2])])
        self.learned = len(self.targets)
        small = F.avg_pool2d(self.targets[: len(trained)], OCTAVE_PIXELS).flatten(1)
        distance = torch.cdist(small, small)
        near = 0.25 + 0.35 * (1 - distance / distance.max().clip(min=1e-9)).square()  # a quarter is chance
        self.likeness = torch.where(torch.eye(len(small), device=device) > 0, 1.0, near)

    def pictures(self, some: torch.Tensor) -> torch.Tensor:
        """Targets without what is around them: Tensor, shape (some, 4, side, side), premultiplied."""
        edge = (self.targets.shape[2] - self._side) // 2
        return self.targets[some, :, edge : edge + self._side, edge : edge + self._side]

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
        return judge_figures(state, maps, self.targets[first])
