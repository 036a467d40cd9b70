# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the patches of a painted material are from those of its exemplar.

The sliced Wasserstein distance (Rabin et al. 2011; for textures Heitz et al., "A Sliced Wasserstein Loss for
Neural Texture Synthesis", CVPR 2021) projects patches onto random directions and compares the sorted
projections. Patches are taken jointly over all maps, so that colour, height, roughness and metallic stay
together, at several octaves.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F

from . import native_slices

_PLACES, _PLACES_OF_EXEMPLARS = 64, 128
"""Patches a side of what is painted, and of exemplars. Exemplars have more, because they are sorted only once and few
patches would make them differ from themselves."""


class SlicedWasserstein:
    """Distances to a set of exemplars.

    The directions are drawn once, in banks; each exemplar's projections on them are sorted once. An iteration
    uses one bank, and only the painted side is projected and sorted.

    Parameters
    ----------
    exemplars : Tensor, shape (exemplars, maps, pixels, pixels)
    patch : int
        Side of a patch in pixels.
    directions : int
        Of each bank, at each octave.
    octave_weights : tuple of float
        How much each octave counts; octave o halves the resolution o times.
    banks : int
    quantiles : int
        The sorted projections of an exemplar are kept at this many quantiles.
    tiles : bool
        Whether exemplars go on beyond their borders as they begin on the other side; of others only patches that lie
        within them count.
    """

    def __init__(
        self,
        exemplars: torch.Tensor,
        patch: int = 9,
        directions: int = 32,
        octave_weights: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0),
        banks: int = 8,
        quantiles: int = 512,
        tiles: bool = True,
    ):
        self.directions, self.quantiles = directions, quantiles
        self.octave_weights, octaves = octave_weights, len(octave_weights)
        generator = torch.Generator().manual_seed(20210 + patch)
        maps = exemplars.shape[1]

        def draw(*shape: int) -> torch.Tensor:
            filters = torch.randn(shape, generator=generator)
            return (filters / filters.flatten(1).norm(dim=1)[:, None, None, None]).to(exemplars.device)

        self.banks = [[draw(directions, maps, patch, patch) for _ in range(octaves)] for _ in range(banks)]
        with torch.no_grad():
            self.targets = [self._quantiles(exemplars, bank, tiles) for bank in self.banks]

    def between(
        self,
        maps: torch.Tensor,
        first: torch.Tensor,
        second: torch.Tensor,
        share: torch.Tensor,
        bank: int,
        shift: tuple[int, int] = (0, 0),
    ) -> torch.Tensor:
        """Distance of maps to blends of exemplars.

        The target of a blend is the sliced Wasserstein barycentre: the sorted projections of the two,
        interpolated.

        Parameters
        ----------
        maps : Tensor, shape (batch, maps, height, width)
        first, second : int64 Tensor, shape (batch,)
            Numbers of the exemplars.
        share : Tensor, shape (batch,)
            Share of the second.
        bank : int
            Which directions to use, modulo their number.
        shift : (int, int)
            Pixels to shift the maps by, so that strided patches fall elsewhere each time.

        Returns
        -------
        Tensor, shape (batch,)

        Raises
        ------
        ValueError
            The maps are so small that a patch of an octave would go round them more than once.
        """
        number = bank % len(self.banks)
        maps = torch.roll(maps, shift, (2, 3))
        distance = maps.new_zeros(len(maps))
        for o, level in enumerate(self._pyramid(maps)):
            filters, targets, stride = self.banks[number][o], self.targets[number][o], stride_for(level)
            if min(level.shape[2:]) < filters.shape[2] // 2:
                raise ValueError(
                    f"Pictures of {maps.shape[3]} x {maps.shape[2]} pixels are too small for patches of "
                    f"{filters.shape[2]} in {len(self.octave_weights)} octaves: grow more cells, or paint more "
                    "pixels a cell."
                )
            if native_slices.suit(level, self.directions):
                of_octave = native_slices.compare(level, filters, stride, targets, first, second, share)
            else:
                ours = in_order(_project(level, filters, stride))
                wanted = torch.lerp(targets[first], targets[second], share[:, None, None])
                of_octave = (ours - resample(wanted, ours.shape[2])).square().mean((1, 2))
            distance = distance + self.octave_weights[o] * of_octave
        return distance

    @torch.no_grad()
    def of_others(self, others: torch.Tensor) -> torch.Tensor:
        """Distance of pictures, as many and as large as the exemplars, each to the exemplar of its number.

        Returns
        -------
        Tensor, shape (exemplars,)
        """
        levels = zip(self._quantiles(others, self.banks[0]), self.targets[0], strict=True)
        of_octaves = (
            weight * (one - other).square().mean((1, 2))
            for weight, (one, other) in zip(self.octave_weights, levels, strict=True)
        )
        return sum(of_octaves, others.new_zeros(len(others)))

    def exemplar_distances(self) -> torch.Tensor:
        """Distance between every two exemplars: Tensor, shape (exemplars, exemplars)."""
        count = len(self.targets[0][0])
        distance = self.targets[0][0].new_zeros(count, count)
        for o in range(len(self.octave_weights)):
            flat = self.targets[0][o].flatten(1)
            distance = distance + self.octave_weights[o] * torch.cdist(flat, flat).square() / flat.shape[1]
        return distance

    def _pyramid(self, maps: torch.Tensor) -> Iterator[torch.Tensor]:
        """Maps at the resolution of each octave, from full resolution on."""
        level = maps
        for octave in range(len(self.octave_weights)):
            if octave:
                level = F.avg_pool2d(level, 2)
            yield level

    def _quantiles(
        self, pictures: torch.Tensor, bank: list[torch.Tensor], tiles: bool = True
    ) -> list[torch.Tensor]:
        """Sorted projections at evenly spaced quantiles, for each octave: Tensor (pictures, directions, quantiles)."""
        return [
            torch.cat([self._sorted(level[i : i + 1], bank[o], tiles) for i in range(len(level))])
            for o, level in enumerate(self._pyramid(pictures))
        ]

    def _sorted(self, level: torch.Tensor, filters: torch.Tensor, tiles: bool) -> torch.Tensor:
        projections = _project(level, filters, stride_for(level, _PLACES_OF_EXEMPLARS), tiles)
        if projections.device.type == "cpu":  # numpy's sort is many times as fast there
            ranked = torch.from_numpy(np.sort(projections.numpy(), -1))
        else:
            ranked = projections.sort(-1).values
        return resample(ranked, self.quantiles)


def stride_for(level: torch.Tensor, places: int = _PLACES) -> int:
    """Pixels from one patch to the next, so that there are about `places` patches a side."""
    return max(1, round(level.shape[2] / places))


def resample(ranked: torch.Tensor, count: int) -> torch.Tensor:
    """Sorted values (batch, directions, any number) at `count` evenly spaced quantiles."""
    return F.interpolate(ranked, count, mode="linear", align_corners=True)


def _project(level: torch.Tensor, filters: torch.Tensor, stride: int, tiles: bool = True) -> torch.Tensor:
    """Projections of the patches: Tensor, shape (batch, filters, patches). Filters have no gradient."""
    if tiles:
        level = F.pad(level, [filters.shape[2] // 2] * 4, "circular")
    if level.device.type != "cpu":
        return F.conv2d(level, filters, stride=stride).flatten(2)
    if level.shape[1] == 1:  # on a processor the gradient of a convolution of one channel is slow
        return filters.flatten(1) @ F.unfold(level, filters.shape[2], stride=stride)
    level, filters = (each.contiguous(memory_format=torch.channels_last) for each in (level, filters))
    return F.conv2d(level, filters, stride=stride).flatten(2)


def in_order(values: torch.Tensor) -> torch.Tensor:
    """Sort along the last axis, with its gradient."""
    if values.device.type == "cpu":  # numpy's sort is several times as fast there
        order = torch.from_numpy(np.argsort(values.detach().numpy(), -1))
    else:
        order = values.detach().argsort(-1)
    return values.gather(-1, order)
