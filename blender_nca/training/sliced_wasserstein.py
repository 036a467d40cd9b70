# SPDX-License-Identifier: GPL-3.0-or-later
"""How far the patches of a painted material are from those of its exemplar.

The sliced Wasserstein distance (Rabin et al. 2011; for textures Heitz et al., "A Sliced Wasserstein Loss for
Neural Texture Synthesis", CVPR 2021) projects patches onto random directions and compares the sorted
projections. Patches are taken jointly over all maps, so that colour, height, roughness and metallic stay
together, at several octaves, once as pixels and once through a layer of random filters, where edges and
corners count as much as tones.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

MAPS = (0, 1, 2, 4, 5, 6, 7)
"""All maps but alpha, which an exemplar has everywhere."""
_FEATURES, _FEATURE_PIXELS, _LATER_PIXELS = 16, 5, 5


class SlicedWasserstein:
    """Distances to a set of exemplars.

    The directions are drawn once, in banks; each exemplar's projections on them are sorted once. An iteration
    uses one bank, and only the painted side is projected and sorted.

    Parameters
    ----------
    exemplars : Tensor, shape (exemplars, 8, pixels, pixels)
    octaves : int
        Octave o halves the resolution o times.
    patch : int
        Side of a patch in pixels.
    directions : int
        In each of the two spaces, of each bank.
    banks : int
    quantiles : int
        Sorted projections are compared at this many quantiles.
    octave_weights : tuple of float
        The low octaves, which are learned last, count more.
    """

    def __init__(
        self,
        exemplars: torch.Tensor,
        octaves: int = 4,
        patch: int = 9,
        directions: int = 32,
        banks: int = 8,
        quantiles: int = 512,
        octave_weights: tuple[float, ...] = (1.0, 1.0, 2.0, 3.0),
    ):
        self.octaves, self.directions, self.quantiles = octaves, directions, quantiles
        self.octave_weights = octave_weights
        generator = torch.Generator().manual_seed(20210)
        maps = len(MAPS)

        def draw(*shape):
            filters = torch.randn(shape, generator=generator)
            return (filters / filters.flatten(1).norm(dim=1)[:, None, None, None]).to(exemplars.device)

        self.banks = [
            [
                (
                    draw(directions, maps, patch, patch),
                    draw(_FEATURES, maps, _FEATURE_PIXELS, _FEATURE_PIXELS),
                    draw(directions, _FEATURES, _LATER_PIXELS, _LATER_PIXELS),
                )
                for _ in range(octaves)
            ]
            for _ in range(banks)
        ]
        with torch.no_grad():
            # both spaces count alike: the features are scaled to the spread that pixels have
            self.gains = [torch.ones((), device=exemplars.device)] * octaves
            pyramid = list(self._pyramid(exemplars))
            for o, level in enumerate(pyramid):
                values = self._project(level, self.banks[0][o], o)
                spread = values.std(-1).mean(0)
                self.gains[o] = spread[:directions].mean() / spread[directions:].mean()
            self.targets = [
                [
                    torch.cat([self._sorted(level[i : i + 1], bank[o], o) for i in range(len(level))])
                    for o, level in enumerate(pyramid)
                ]
                for bank in self.banks
            ]

    def between(self, maps, first, second, share, bank: int, shift=(0, 0)) -> torch.Tensor:
        """Distance of maps to blends of exemplars.

        The target of a blend is the sliced Wasserstein barycentre: the sorted projections of the two,
        interpolated.

        Parameters
        ----------
        maps : Tensor, shape (batch, 8, height, width)
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
        """
        number = bank % len(self.banks)
        maps = torch.roll(maps, shift, (2, 3))
        share = share[:, None, None]
        distance = 0
        for o, level in enumerate(self._pyramid(maps)):
            ours = self._sorted(level, self.banks[number][o], o)
            targets = self.targets[number][o]
            wanted = torch.lerp(targets[first], targets[second], share)
            distance = distance + self.octave_weights[o] * (ours - wanted).square().mean((1, 2))
        return distance

    def exemplar_distances(self) -> torch.Tensor:
        """Distance between every two exemplars: Tensor, shape (exemplars, exemplars)."""
        distance = 0
        for o in range(self.octaves):
            flat = self.targets[0][o].flatten(1)
            distance = distance + self.octave_weights[o] * torch.cdist(flat, flat).square() / flat.shape[1]
        return distance

    def _pyramid(self, maps):
        level = maps[:, MAPS]
        for octave in range(self.octaves):
            yield level
            if octave + 1 < self.octaves:
                level = F.avg_pool2d(level, 2)

    def _project(self, level, filters, octave):
        """Projections of the patches: Tensor, shape (batch, 2 directions, patches)."""
        pixels, features, later = filters
        stride = max(1, round(level.shape[2] / 36))
        around = pixels.shape[2] // 2
        padded = F.pad(level, [around] * 4, "circular")
        of_pixels = F.conv2d(padded, pixels, stride=stride)
        inset = around - (_FEATURE_PIXELS // 2 + _LATER_PIXELS // 2)
        if inset:
            padded = padded[:, :, inset:-inset, inset:-inset]
        of_features = F.conv2d(F.relu(F.conv2d(padded, features)), later, stride=stride)
        return torch.cat([of_pixels.flatten(2), self.gains[octave] * of_features.flatten(2)], 1)

    def _sorted(self, level, filters, octave):
        """Sorted projections at evenly spaced quantiles: Tensor, shape (batch, 2 directions, quantiles)."""
        ranked = in_order(self._project(level, filters, octave))
        return F.interpolate(ranked, self.quantiles, mode="linear", align_corners=True)


def in_order(values: torch.Tensor) -> torch.Tensor:
    """Sort along the last axis, with its gradient."""
    if values.device.type == "cpu":  # numpy's sort is several times as fast there
        order = torch.from_numpy(np.argsort(values.detach().numpy(), -1))
    else:
        order = values.detach().argsort(-1)
    return values.gather(-1, order)
