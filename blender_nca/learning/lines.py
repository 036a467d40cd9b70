# SPDX-License-Identifier: GPL-3.0-or-later
"""How far lines run: it tells a crack from a row of dots, which patches hardly do.

To small patches a broken line is nearly a whole one, and the few that show its ends are lost among the noise of all
others. Here each place is asked how much of a line, light or dark, runs through it in each of eight directions, along
a stretch several times as long as the line is wide. The responses are those of the steerable second derivative of a
Gaussian (Freeman & Adelson, "The Design and Use of Steerable Filters", 1991); that magnitudes pooled over places stand
for what has no fixed phase is known from Portilla & Simoncelli ("A Parametric Texture Model", 2000). They are pooled as
roots, so that a faint line that goes on counts for more than dots of the same ink; distributions are compared.
Contrast is that of the surroundings (divisive normalisation: Heeger, "Normalization of Cell Responses in Cat Striate
Cortex", 1992), so that the grey joint of two white tiles counts like the border of a dark one. The picture as it is
is compared too, or a shadow would do for a line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F

from .sliced_wasserstein import in_order, resample, stride_for

DIRECTIONS, OCTAVES, QUANTILES = 8, 2, 512
"""Octaves are counted from the second on, because lines of the first are finer than a cell."""
WIDTH, REACH = 1.2, 6
"""Deviation of the Gaussian, and how far a line is followed to either side, in pixels of an octave."""
BORDER = REACH + 4
"""Pixels of an octave beside a border that shape what is seen on its other side."""
FAINT = 1e-3
"""Response that counts as none."""
FLAT = 0.2
"""Deviation of surroundings, of unit luminance, below which they count as one tone."""


class Lines:
    """Distances to a set of exemplars, with the methods that `SlicedWasserstein` has too.

    Parameters
    ----------
    exemplars : Tensor, shape (exemplars, 1, pixels, pixels)
        Luminance of unit deviation.
    tiles : bool
        See `SlicedWasserstein`.
    """

    def __init__(self, exemplars: torch.Tensor, tiles: bool = True):
        self._stretches = _draw_stretches().to(exemplars.device)
        self._matrices: dict[int, list[torch.Tensor]] = {}
        self._targets = self._quantiles(exemplars, tiles)

    def between(
        self,
        maps: torch.Tensor,
        first: torch.Tensor,
        second: torch.Tensor,
        share: torch.Tensor,
        bank: int,
        shift: tuple[int, int] = (0, 0),
    ) -> torch.Tensor:
        """Distance of maps to blends of exemplars; see `SlicedWasserstein.between`. `bank` changes nothing here."""
        distance = maps.new_zeros(len(maps))
        for level, targets in zip(self._pyramid(torch.roll(maps, shift, (2, 3))), self._targets, strict=True):
            ours = in_order(self.respond(level, stride_for(level)).flatten(2))
            wanted = torch.lerp(targets[first], targets[second], share[:, None, None])
            distance = distance + (ours - resample(wanted, ours.shape[2])).square().mean((1, 2))
        return distance

    @torch.no_grad()
    def of_others(self, others: torch.Tensor) -> torch.Tensor:
        """Distance of pictures, each to the exemplar of its number: Tensor, shape (exemplars,)."""
        levels = zip(self._quantiles(others), self._targets, strict=True)
        of_levels = ((one - other).square().mean((1, 2)) for one, other in levels)
        return sum(of_levels, others.new_zeros(len(others)))

    def respond(self, level: torch.Tensor, stride: int = 1) -> torch.Tensor:
        """How much of a line runs through each place.

        Parameters
        ----------
        level : Tensor, shape (batch, 1, height, width)
        stride : int
            From one place to the next.

        Returns
        -------
        Tensor, shape (batch, 2 DIRECTIONS, rows, columns)
            Light lines in each direction, then dark ones.
        """
        smooth_y, slope_y, bend_y = self._derivatives(level.shape[2])
        smooth_x, slope_x, bend_x = self._derivatives(level.shape[3])
        yy = bend_y @ level @ smooth_x.T
        xx = smooth_y @ level @ bend_x.T
        xy = slope_y @ level @ slope_x.T
        angles = [math.pi * k / DIRECTIONS for k in range(DIRECTIONS)]
        across = [-(math.cos(a) ** 2 * xx + math.sin(2 * a) * xy + math.sin(a) ** 2 * yy) for a in angles]
        light = WIDTH**2 * torch.cat(across, 1)
        magnitudes = (F.relu(torch.cat([light, -light], 1)) + FAINT).sqrt()
        around = F.pad(magnitudes, [REACH] * 4, "circular")
        return F.conv2d(around, self._stretches, stride=stride, groups=2 * DIRECTIONS)

    def _derivatives(self, pixels: int) -> list[torch.Tensor]:
        """A Gaussian and its first two derivatives along an axis that wraps around, as matrices."""
        if pixels not in self._matrices:
            self._matrices[pixels] = [
                _circulant(taps, pixels).to(self._stretches) for taps in _differentiate_gaussian()
            ]
        return self._matrices[pixels]

    def _pyramid(self, maps: torch.Tensor) -> Iterator[torch.Tensor]:
        """Each octave as it is, and normalised."""
        level = maps
        for _ in range(OCTAVES):
            level = F.avg_pool2d(level, 2)
            yield level
            yield self._normalise(level)

    def _normalise(self, level: torch.Tensor) -> torch.Tensor:
        """Luminance less that of its surroundings, in units of their deviation."""
        (smooth_y, *_), (smooth_x, *_) = (self._derivatives(pixels) for pixels in level.shape[2:])
        contrast = level - smooth_y @ level @ smooth_x.T
        return contrast / (smooth_y @ contrast.square() @ smooth_x.T + FLAT**2).sqrt()

    @torch.no_grad()
    def _quantiles(self, pictures: torch.Tensor, tiles: bool = True) -> list[torch.Tensor]:
        inner = slice(None) if tiles else slice(BORDER, -BORDER)
        return [
            torch.cat(
                [
                    resample(in_order(self.respond(one[None])[..., inner, inner].flatten(2)), QUANTILES)
                    for one in level
                ]
            )
            for level in self._pyramid(pictures)
        ]


def _draw_stretches() -> torch.Tensor:
    """Filters that average along a stretch in each direction, for light lines and again for dark ones: Tensor, shape
    (2 DIRECTIONS, 1, side, side)."""
    y, x = np.mgrid[-REACH : REACH + 1, -REACH : REACH + 1]
    angles = (np.pi * np.arange(DIRECTIONS) / DIRECTIONS)[:, None, None]
    across, along = x * np.cos(angles) + y * np.sin(angles), y * np.cos(angles) - x * np.sin(angles)
    stretches = np.exp(-(across**2) / 2 - (along / (REACH / 1.5)) ** 4)
    stretches /= stretches.sum((1, 2), keepdims=True)
    return torch.from_numpy(np.concatenate([stretches, stretches])[:, None].astype(np.float32))


def _differentiate_gaussian() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Taps of a Gaussian and of its first two derivatives."""
    x = np.arange(-4, 5)
    gaussian = np.exp(-(x**2) / 2 / WIDTH**2)
    gaussian /= gaussian.sum()
    bend = (x**2 / WIDTH**4 - 1 / WIDTH**2) * gaussian
    return gaussian, -x / WIDTH**2 * gaussian, bend - bend.mean()


def _circulant(taps: np.ndarray, pixels: int) -> torch.Tensor:
    """Matrix that convolves with taps along an axis that wraps around: Tensor, shape (pixels, pixels)."""
    matrix, rows = np.zeros((pixels, pixels), np.float32), np.arange(pixels)
    for tap, offset in zip(taps, range(-(len(taps) // 2), len(taps) // 2 + 1), strict=True):
        np.add.at(matrix, (rows, (rows + offset) % pixels), tap)
    return torch.from_numpy(matrix)
