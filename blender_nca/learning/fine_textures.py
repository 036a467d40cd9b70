# SPDX-License-Identifier: GPL-3.0-or-later
"""What is finer than cells: how far that of painted maps is from that of exemplars which are drawn finer.

Patches of the finest structure are compared beside what it lies on: hairs on a hide, pores in a crust. And seen from
further away, pictures are to be those that cells and the first painter make.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F

from ..automaton.update_rule import LIFE
from ..manifold.architecture import GRAIN
from ..manifold.renderer import OPAQUE_FROM, SUPPORT, Painter, join
from .patches import LUMINANCE
from .sliced_wasserstein import SlicedWasserstein

FINER = 2
"""Pixels of these exemplars in one of those that cells learn from."""
KEPT, FAR = 40.0, 4
"""How much it counts that pictures stay as they were, seen from so far that so many pixels a side are one."""
NEAR = 0.02
"""Distance below which a species is near enough."""
OCTAVES = 1.0, 0.5
"""What both octaves count in which patches are compared."""
SOFT = tuple(math.comb(16, i) for i in range(17))
"""Weights of what finest structure lies on, along one side: a bell of deviation 2 pixels."""
GROUND = 0.3
"""How much what the finest structure lies on counts in a patch beside that."""
OUTLINE = 3.0
"""How many times as strong as what is usual a difference is where more of it hardly counts: outlines are few, and would
drown hairs."""
GROUPS: tuple[tuple[list[int], int], ...] = (
    ([0], 7),
    ([0, 7], 7),
    ([0, 3], 7),
    ([3, 10], 7),
    ([0, 1, 2, 7, 8, 9], 1),
    ([4, 5, 6, 7], 7),
    ([14, 15, 16], 7),
)
"""Channels of what is compared whose patches are projected together, and the side of these patches: of the finest
structure brightness, how red, how blue, height, roughness, metallic and emission, then the same of what it lies on, and
red, green and blue as strong as they are. A direction through all of them sees how strong they are together, and hardly
which of them is: they would be learned in whichever is the easiest. Single pixels say which colours go with light and
dark, and where."""
COLOURS = slice(6, 7)
"""The group of colours as strong as they are."""
DIRECTIONS, BANKS = 16, 16
"""Of each group, see `SlicedWasserstein`."""
FAINTEST, FAINTEST_GROUND = (0.001, 0.001, 0.001, 0.002, 0.01, 0.01, 0.01), 0.05
"""Deviations that are added, of the finest structure of each channel and of what it lies on: many have next to none."""


class FineTextures:
    """Finer exemplars, and distances of finely painted maps from them.

    Parameters
    ----------
    exemplars : uint8 Tensor, shape (exemplars, maps, height, width)
    tiles : bool
        Whether they go on beyond their borders as they begin on the other side.
    """

    def __init__(self, exemplars: torch.Tensor, tiles: bool = True):
        self._measure(exemplars)
        seen = torch.cat(
            [self._see(each[None].float() / 255, [i], tiles) for i, each in enumerate(exemplars)]
        )
        self._patches = [
            SlicedWasserstein(
                seen[:, group], patch, DIRECTIONS, octave_weights=OCTAVES, banks=BANKS, tiles=tiles
            )
            for group, patch in GROUPS
        ]

    def distances(
        self, maps: torch.Tensor, which: Sequence[int], bank: int = 0, shift: tuple[int, int] = (0, 0)
    ) -> torch.Tensor:
        """Distances of painted maps that wrap, of shape (batch, maps, pixels, pixels), from the exemplars of these
        numbers: Tensor, shape (batch,). `bank` and `shift` as of `SlicedWasserstein.between`."""
        return torch.stack(self._compare(maps, which, slice(None), bank, shift)).mean(0)

    def colour_distances(self, maps: torch.Tensor, which: Sequence[int]) -> torch.Tensor:
        """The same of the finest colours alone, as strong as they are: what people see of it."""
        (distances,) = self._compare(maps, which, COLOURS)
        return distances

    def _compare(
        self,
        maps: torch.Tensor,
        which: Sequence[int],
        groups: slice,
        bank: int = 0,
        shift: tuple[int, int] = (0, 0),
    ) -> list[torch.Tensor]:
        """The distances of each of some groups."""
        numbers, share = torch.tensor(which, device=maps.device), maps.new_zeros(len(which))
        seen = self._see(maps, which)
        return [
            patches.between(seen[:, group], numbers, numbers, share, bank, shift)
            for (group, _), patches in zip(GROUPS[groups], self._patches[groups], strict=True)
        ]

    def _measure(self, exemplars: torch.Tensor) -> None:
        """Deviations and means of the exemplars' maps, by which all are compared on one scale."""
        fine, ground, mean, colour = [], [], [], []
        for each in exemplars:
            maps = _split(each[None].float() / 255)
            soft = _soften(maps)
            usual = (maps - soft).abs().flatten(2).median(2).values[..., None, None]
            fine.append(usual + maps.new_tensor(FAINTEST)[None, :, None, None])
            ground.append((soft.var((2, 3), keepdim=True) + FAINTEST_GROUND**2).sqrt())
            mean.append(soft.mean((2, 3), keepdim=True))
            strength = sharpen(each[None, :3].float() / 255).square().mean((1, 2, 3), keepdim=True).sqrt()
            colour.append(strength + FAINTEST[0])
        self._fine_scale, self._ground_scale, self._mean, self._colour_scale = (
            torch.cat(each) for each in (fine, ground, mean, colour)
        )

    def _see(self, maps: torch.Tensor, which: Sequence[int], wraps: bool = True) -> torch.Tensor:
        """What is compared of maps: their finest structure, and what it lies on; of those that do not wrap without a
        border, whose surroundings are not known."""
        chosen = _split(maps)
        soft = _soften(chosen)
        ground = (soft - self._mean[which]) / self._ground_scale[which]
        finest = OUTLINE * ((chosen - soft) / (OUTLINE * self._fine_scale[which])).tanh()
        strong = sharpen(maps[:, :3]) / self._colour_scale[which]
        seen = torch.cat([finest, GROUND * ground, strong], 1)
        border = 0 if wraps else len(SOFT) // 2
        return seen[..., border : seen.shape[2] - border, border : seen.shape[3] - border]


def paint_finely(
    first: torch.Tensor, added: Painter, states: torch.Tensor, lines: torch.Tensor, grain: torch.Tensor
) -> torch.Tensor:
    """Add what is finer than cells to painted grids that wrap.

    Parameters
    ----------
    first : Tensor, shape (grids, maps, pixels, pixels)
        As a painter without grain paints them.
    added : Painter
        Of units that read grain, with an axis of a batch.
    states : Tensor, shape (grids, cells, cells, channels)
    lines : Tensor, shape (pixels, cells + 2 SUPPORT)
        `renderer.interpolation` of a side.
    grain : Tensor, shape (pixels or more, pixels or more, GRAIN)

    Returns
    -------
    Tensor, shape of `first`
    """
    everywhere = grain[: len(lines), : len(lines)].reshape(1, -1, GRAIN).expand(len(states), -1, -1)
    around = F.pad(states.movedim(3, 1), [SUPPORT] * 4, "circular")
    seen = join((lines @ around @ lines.T).flatten(2).swapaxes(1, 2), everywhere)
    opacity = (seen[..., LIFE] / OPAQUE_FROM).clip(0, 1)
    maps = added.read(seen).swapaxes(1, 2)
    maps = torch.cat([maps[:, :LIFE], (maps[:, LIFE] * opacity)[:, None], maps[:, LIFE + 1 :]], 1)
    return first + maps.reshape(first.shape)


def judge_finely(distances: torch.Tensor) -> torch.Tensor:
    """What is to be made small of distances: those that are near already hardly count. Of the same shape."""
    return (distances + NEAR).sqrt()


def change_from_afar(maps: torch.Tensor, first: torch.Tensor) -> torch.Tensor:
    """By how much, squared, maps are changed where they are seen from further away: Tensor, shape ()."""
    return F.avg_pool2d(maps - first, FAR).square().mean()


def show(maps: torch.Tensor) -> torch.Tensor:
    """Maps clipped to [0, 1], of the same shape: what lies beyond has its gradient all the same, that it come back."""
    return maps + (maps.detach().clip(0, 1) - maps.detach())


def sharpen(maps: torch.Tensor) -> torch.Tensor:
    """The finest octave of maps (batch, maps, height, width), of the same shape: what is left out where they are
    halved."""
    return maps - F.avg_pool2d(maps, 2).repeat_interleave(2, 2).repeat_interleave(2, 3)


def _split(maps: torch.Tensor) -> torch.Tensor:
    """All maps but alpha, which an exemplar has everywhere: brightness, how red and how blue it is beside that, and the
    others. Fine structure is mostly of brightness, and colors that flicker are to count as what they are."""
    brightness = torch.einsum("c,bchw->bhw", torch.from_numpy(LUMINANCE).to(maps), maps[:, :3])[:, None]
    return torch.cat([brightness, maps[:, 0:1] - brightness, maps[:, 2:3] - brightness, maps[:, 4:]], 1)


def _soften(maps: torch.Tensor) -> torch.Tensor:
    """Maps without what is finer than half a cell or so, around the wrap."""
    line = maps.new_tensor(SOFT) / sum(SOFT)
    maps, count, taps = F.pad(maps, [len(SOFT) // 2] * 4, "circular"), maps.shape[1], len(SOFT)
    down = F.conv2d(maps, line.reshape(1, 1, taps, 1).expand(count, 1, taps, 1), groups=count)
    return F.conv2d(down, line.reshape(1, 1, 1, taps).expand(count, 1, 1, taps), groups=count)
