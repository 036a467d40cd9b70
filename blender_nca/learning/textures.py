# SPDX-License-Identifier: GPL-3.0-or-later
"""Textures as what cells learn: exemplars, and how grown grids are judged by their patches."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import torch
import torch.nn.functional as F

from ..automaton import torch_step
from ..automaton.update_rule import LIFE
from ..manifold.renderer import SUPPORT
from .judgement import Judgement
from .patches import border_differences
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


class Textures:
    """Exemplars, and the distances of grown grids from them.

    Parameters
    ----------
    exemplars : uint8 Tensor, shape (exemplars, maps, height, width)
    sisters : int
        Exemplars a species, one after the other; that of species i and sister j has the number i sisters + j.
    scale : float, optional
        Distance of colours that is far; the median of those between the exemplars, where nobody says.
    tiles : bool
        Whether each exemplar goes on beyond its border as it begins on the other side.
    """

    boundary = "wrap"

    def __init__(
        self, exemplars: torch.Tensor, sisters: int = 1, scale: float | None = None, tiles: bool = True
    ):
        self._bytes, self.sisters, self._known_scale, self._tiles = exemplars, sisters, scale, tiles

    def _exemplars(self) -> torch.Tensor:
        return self._bytes.float() / 255

    # what follows takes a minute of sorting for many exemplars, and only training needs it

    @cached_property
    def _colours(self) -> SlicedWasserstein:
        return SlicedWasserstein(self._exemplars()[:, MAPS], octave_weights=OCTAVES, tiles=self._tiles)

    @cached_property
    def _structure(self) -> Structure:
        return Structure(self._exemplars(), self.sisters, self._tiles)

    @cached_property
    def _means(self) -> torch.Tensor:
        return self._exemplars().mean((2, 3))

    @cached_property
    def _scale(self) -> torch.Tensor:
        if self._known_scale is not None:
            return self._means.new_tensor(self._known_scale)
        distances = self._colours.exemplar_distances()
        return distances[~torch.eye(len(distances), dtype=torch.bool)].median()

    def sow(self, cells: int, channels: int, random: np.random.Generator) -> torch.Tensor:
        """A fresh grid: Tensor, shape (cells, cells, channels)."""
        return sow_anywhere(cells, channels, random)

    def cut(self, exemplars: torch.Tensor, pixels: int, random: np.random.Generator) -> torch.Tensor:
        """Pieces from anywhere in exemplars, so many pixels a side, or fewer where one that does not tile has no more:
        Tensor, shape (exemplars, maps, pixels, pixels)."""
        places = []
        for size in self._bytes.shape[2:]:
            side = pixels if self._tiles else min(pixels, size)
            firsts = size if self._tiles else size - side + 1
            places.append((random.integers(0, firsts, (len(exemplars), 1)) + np.arange(side)) % size)
        rows, columns = (torch.from_numpy(each).to(self._bytes.device) for each in places)
        pieces = self._bytes[exemplars[:, None, None], :, rows[:, :, None], columns[:, None]]
        return pieces.movedim(3, 1).float() / 255

    def distances(
        self,
        maps: torch.Tensor,
        first: torch.Tensor,
        second: torch.Tensor,
        share: torch.Tensor,
        bank: int = 0,
        shift: tuple[int, int] = (0, 0),
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Distance of colours, and score of structure, of maps; arguments as of `SlicedWasserstein.between`.

        Returns
        -------
        colour, structure : Tensor, shape (batch,)
        """
        of = first, second, share, bank, shift
        return self._colours.between(maps[:, MAPS], *of) / self._scale, self._structure.score(maps, *of)

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
            colour, structure = self.distances(
                maps[full], first[full], second[full], share[full], bank, shift
            )
            texture = texture.index_put((full.nonzero()[:, 0],), judge_texture(colour, structure))
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


def judge_texture(colour: torch.Tensor, structure: torch.Tensor) -> torch.Tensor:
    """How far a texture is, of both its distances: two where each is as its goal says."""
    # roots: a species far from its exemplar does not silence those that are near theirs
    return (colour / COLOUR_GOAL + NEAR).sqrt() + (structure / STRUCTURE_GOAL + NEAR).sqrt()


def seam(maps: torch.Tensor, pixels_per_cell: int) -> torch.Tensor:
    """Seam of maps (batch, maps, pixels, pixels), as the evaluation measures it: Tensor, shape (batch,).

    Where fronts met there is often a line: on a tile that grew from its middle, it runs along the border.
    """
    across, inside = border_differences(maps, pixels_per_cell)
    return across / (inside.detach() + 1e-3)  # roughness itself is not to be learned from this
