# SPDX-License-Identifier: GPL-3.0-or-later
"""Materials as what a manifold learns: varieties of exemplars, judged by their patches."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from ..automaton import torch_step
from ..automaton.update_rule import LIFE
from ..manifold import encoder
from ..manifold.renderer import SUPPORT
from .config import ConfigError, TrainingConfig
from .evaluation.patches import border_differences
from .exemplars import FAMILIES, VARIETIES, draw_exemplar, sister_parameters
from .judgement import Judgement
from .pool import sow_anywhere
from .sliced_wasserstein import SlicedWasserstein
from .structure import Structure

MAPS = (0, 1, 2, 4, 5, 6, 7)
"""All maps but alpha, which an exemplar has everywhere."""
OCTAVES = (1.0, 1.0, 2.0, 3.0)
"""Weights of the octaves of colour: the low ones are learned last."""
COLOUR_GOAL, STRUCTURE_GOAL = 0.007, 0.6
"""Distances of colour and of structure that count as one each."""
TEXTURE = 0.005
"""Weight of the texture of a covered grid in the loss."""
NEAR = 0.02
"""Distance, in units of its goal, below which a grid is near enough."""
SEAM = 3.0
"""How much a seam that is twice as rough as the rest counts beside the distances of texture."""
FULL = 0.97
"""Share of living cells from which on a grid counts as covered and its texture is judged."""
TONE, EDGE, FRONT = 0.3, 0.5, 0.5
"""How much counts beside the texture: the colours of what still grows, the alpha of its edge, the life of its
front."""


class Materials:
    """The materials of a configuration.

    Attributes
    ----------
    names, tags : list of str, of tuple of str
        Of the species.
    learned : int
        How many the pool grows: the species, and for figures variations of them.
    boundary : str
    sisters : int
        Exemplars a species; that of species i and sister j has the number i sisters + j.
    thumbnails : Tensor, shape (exemplars, 3, encoder.PIXELS, encoder.PIXELS)
        What the encoder sees of them.
    """

    kind = "materials"
    boundary = "wrap"

    def __init__(self, config: TrainingConfig, device: torch.device, cache: Path | None):
        unknown = [family for family in config.families if family not in FAMILIES]
        if unknown:
            raise ConfigError(f"No exemplars of {', '.join(unknown)}. There are: {', '.join(FAMILIES)}.")
        self.names = [name for family in config.families for name in VARIETIES[family]]
        self.tags = [(family,) for family in config.families for _ in VARIETIES[family]]
        self.learned = len(self.names)
        self.sisters = config.sisters
        self._bytes = torch.from_numpy(draw_exemplars(config, cache)).to(device)
        self.thumbnails = encoder.resize(self._exemplars()[:, :3])

    def _exemplars(self) -> torch.Tensor:
        return self._bytes.float() / 255

    # what follows takes a minute of sorting, and only training needs it

    @cached_property
    def _colours(self) -> SlicedWasserstein:
        return SlicedWasserstein(self._exemplars()[:, MAPS], octave_weights=OCTAVES)

    @cached_property
    def _structure(self) -> Structure:
        return Structure(self._exemplars(), self.sisters)

    @cached_property
    def _means(self) -> torch.Tensor:
        return self._exemplars().mean((2, 3))

    @cached_property
    def _scale(self) -> torch.Tensor:
        distances = self._colours.exemplar_distances()
        return distances[~torch.eye(len(distances), dtype=torch.bool)].median()

    @cached_property
    def likeness(self) -> torch.Tensor:
        """Share of the letters that two exemplars shall have in common: Tensor, shape (exemplars, exemplars)."""
        variety = torch.arange(len(self._bytes), device=self._bytes.device) // self.sisters
        distance = self._colours.exemplar_distances().sqrt()
        near = 0.25 + 0.35 * (1 - distance / distance.max().clip(min=1e-9)).square()  # a quarter is chance
        return torch.where(variety[:, None] == variety, 1.0, near)

    def sow(self, cells: int, channels: int, random: np.random.Generator) -> torch.Tensor:
        """A fresh grid: Tensor, shape (cells, cells, channels)."""
        return sow_anywhere(cells, channels, random)

    def cut(self, exemplars: torch.Tensor, pixels: int, random: np.random.Generator) -> torch.Tensor:
        """Pieces from anywhere in exemplars, so many pixels a side: Tensor, shape (exemplars, maps, pixels, pixels)."""
        size = self._bytes.shape[2]
        places = random.integers(0, size, (len(exemplars), 2, 1)) + np.arange(pixels)
        rows, columns = torch.from_numpy(places % size).to(self._bytes.device).unbind(1)
        pieces = self._bytes[exemplars[:, None, None], :, rows[:, :, None], columns[:, None]]
        return pieces.movedim(3, 1).float() / 255

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
        """Judge a batch of grown grids.

        Parameters
        ----------
        state : Tensor, shape (batch, cells, cells, channels)
        maps : Tensor, shape (batch, maps, pixels, pixels)
        fine : Tensor, shape (pixels, cells + 2 SUPPORT)
            Interpolation from cells to pixels.
        first, second : int64 Tensor, shape (batch,)
            Numbers of the exemplars that each blends.
        share : Tensor, shape (batch,)
            Share of the second.
        single : bool Tensor, shape (batch,)
            Which of them began as one seed in the middle: their fronts met at the border.
        random : numpy.random.Generator
        """
        alive = torch_step.living(state, self.boundary).float()
        full = alive.mean((1, 2, 3)) > FULL
        shift: tuple[int, int] = tuple(random.integers(0, 8, 2))
        texture = torch.zeros(len(state), device=state.device)
        bank = int(random.integers(0, 2**31))
        if full.any():
            of = first[full], second[full], share[full], bank, shift
            colour = self._colours.between(maps[full][:, MAPS], *of) / self._scale
            structure = self._structure.score(maps[full], *of)
            # roots: a species far from its exemplar does not silence those that are near theirs
            judged = (colour / COLOUR_GOAL + NEAR).sqrt() + (structure / STRUCTURE_GOAL + NEAR).sqrt()
            texture = texture.index_put((full.nonzero()[:, 0],), judged)
        seams = torch.where(full & single, (seam(maps, len(maps[0, 0]) // len(state[0])) - 1).square(), 0.0)
        # a grid that still grows is too small for statistics: its colours are pulled to the exemplar's mean
        ink = fine @ F.pad(alive[..., 0], [SUPPORT] * 4, "circular") @ fine.T
        ink = ((ink - 0.3) / 0.4).clip(0, 1)
        ink = (ink * ink * (3 - 2 * ink))[:, None]
        mean = torch.lerp(self._means[first], self._means[second], share[:, None])[:, :, None, None]
        tone = ((maps - mean).square() * ink).mean((1, 2, 3))
        edge = (maps[:, 3:4] - ink).square().mean()
        # life is pulled to one on the living and their neighbours: this makes the front run
        ring = F.max_pool2d(F.pad(alive.movedim(3, 1), [1] * 4, "circular"), 3, 1).movedim(1, 3)
        life = ((state[..., LIFE : LIFE + 1].clip(max=1) - 1).square() * ring).mean()
        judged = torch.where(full, TEXTURE * (texture + SEAM * seams), TONE * tone).mean()
        return Judgement(judged + EDGE * edge + FRONT * life, texture.detach(), full)


def seam(maps: torch.Tensor, pixels_per_cell: int) -> torch.Tensor:
    """Seam of maps (batch, maps, pixels, pixels), as the evaluation measures it: Tensor, shape (batch,).

    Where fronts met there is often a line: on a tile that grew from its middle, it runs along the border.
    """
    across, inside = border_differences(maps, pixels_per_cell)
    return across / (inside.detach() + 1e-3)  # roughness itself is not to be learned from this


def draw_exemplars(config: TrainingConfig, cache: Path | None = None) -> np.ndarray:
    """All exemplars of a run, variety by variety.

    Parameters
    ----------
    cache : Path, optional
        An .npz that holds those of an earlier run, or will; used where they are the same.

    Returns
    -------
    ndarray, uint8, shape (varieties * sisters, 8, exemplar_pixels, exemplar_pixels)
    """
    makes = [(family, *item) for family in config.families for item in VARIETIES[family].items()]
    drawn = json.dumps([makes, config.sisters, config.exemplar_pixels, config.random_seed])
    if cache and Path(cache).exists():
        with np.load(cache) as held:
            if "drawn" in held and str(held["drawn"]) == drawn:
                return held["exemplars"]
    pictures = []
    for family, name, make in makes:
        for sister in range(config.sisters):
            random = np.random.default_rng([config.random_seed, sister, *name.encode()])
            varied = sister_parameters(family, random, **make) if sister else make
            maps = draw_exemplar(family, sister, config.exemplar_pixels, **varied)
            pictures.append((maps * 255 + 0.5).astype(np.uint8))
    exemplars = np.stack(pictures)
    if cache:
        np.savez_compressed(cache, exemplars=exemplars, drawn=drawn)
    return exemplars
