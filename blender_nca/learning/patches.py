# SPDX-License-Identifier: GPL-3.0-or-later
"""How far textures are from one another: the patch distance, and what structure and seams are measured by."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from statistics import NormalDist

import numpy as np
import torch
import torch.nn.functional as F

OCTAVES, PROJECTIONS, QUANTILES = 4, 256, 1024
TOGETHER = 16
"""Projections that a thread sorts at once: all those of a large picture would not fit a processor's cache."""
COLOUR_PATCH, STRUCTURE_PATCH = 7, 11
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)


def patch_signature(
    picture: np.ndarray, patch: int, tiles: bool = True, octaves: int = OCTAVES
) -> torch.Tensor:
    """Sorted projections of all patches of a picture, at fixed quantiles.

    Parameters
    ----------
    picture : ndarray, float32, shape (channels, height, width)
    patch : int
        Side of a patch.
    tiles : bool
        Whether the picture goes on beyond its borders as it begins on the other side; of another, only patches that lie
        within it count.
    octaves : int
        From full resolution on.

    Returns
    -------
    Tensor, shape (octaves, PROJECTIONS, QUANTILES)
    """
    generator = torch.Generator().manual_seed(patch * 1000 + len(picture))
    level, found = torch.from_numpy(np.ascontiguousarray(picture))[None], []
    with ThreadPoolExecutor(torch.get_num_threads()) as threads:
        for _ in range(octaves):
            filters = torch.randn(PROJECTIONS, len(picture), patch, patch, generator=generator)
            filters /= filters.flatten(1).norm(dim=1)[:, None, None, None]
            around = F.pad(level, [patch // 2] * 4, "circular") if tiles else level
            ranked = threads.map(_rank, repeat(around), filters.split(TOGETHER))
            found.append(torch.cat(list(ranked)))
            level = F.avg_pool2d(level, 2)
    return torch.stack(found)


def _rank(picture: torch.Tensor, filters: torch.Tensor) -> torch.Tensor:
    """Sorted projections at fixed quantiles: Tensor, shape (filters, QUANTILES)."""
    projections = F.conv2d(picture, filters).flatten(2)
    projections.numpy().sort(-1)  # several times as fast as torch on a processor
    return F.interpolate(projections, QUANTILES, mode="linear", align_corners=True)[0]


def patch_distance(one: torch.Tensor, other: torch.Tensor) -> float:
    """Squared difference of two signatures: mean over projections and quantiles, summed over octaves."""
    return float((one - other).square().mean((1, 2)).sum())


def rank_gaussian(picture: np.ndarray) -> np.ndarray:
    """Luminance with its values replaced by Gaussian ones of the same rank: colours and contrast drop out.

    Returns
    -------
    ndarray, float32, shape (1, height, width)
    """
    grey = np.einsum("c,chw->hw", LUMINANCE, picture[:3])
    ranks = np.argsort(np.argsort(grey, axis=None, kind="stable"), kind="stable")
    table = np.linspace(0, 1, 4097)[1:-1]
    values = np.interp((ranks + 0.5) / grey.size, table, [NormalDist().inv_cdf(p) for p in table])
    return values.reshape(1, *grey.shape).astype(np.float32)


def scramble_phases(picture: np.ndarray, random_seed: int = 0) -> np.ndarray:
    """The picture (1, height, width) with its Fourier phases drawn at random: what second-order statistics give."""
    noise = np.random.default_rng(random_seed).standard_normal(picture.shape[1:])
    phases = np.exp(1j * np.angle(np.fft.fft2(noise)))
    return np.real(np.fft.ifft2(np.abs(np.fft.fft2(picture[0])) * phases))[None].astype(np.float32)


def colour_signature(maps: np.ndarray) -> torch.Tensor:
    """Patches of the base colour of maps (3 or more, height, width)."""
    return patch_signature(maps[:3], COLOUR_PATCH)


def structure_signature(maps: np.ndarray) -> torch.Tensor:
    """Patches of maps (3 or more, height, width) without their colours and contrast."""
    return patch_signature(rank_gaussian(maps), STRUCTURE_PATCH)


def structure_scale(exemplar: np.ndarray, sister: np.ndarray) -> float:
    """The distance that counts as a structure score of one.

    That of the exemplar to a picture with its second-order statistics alone, or to a sister where that is
    larger.
    """
    own = structure_signature(exemplar)
    surrogate = patch_signature(scramble_phases(rank_gaussian(exemplar)), STRUCTURE_PATCH)
    return max(patch_distance(own, surrogate), patch_distance(own, structure_signature(sister)))


def border_differences(maps: torch.Tensor, pixels_per_cell: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Differences of neighbouring pixels across the wrap, and between inner cells.

    The wrap lies between two cells, where interpolated states change fastest: it is compared with such places alone.

    Parameters
    ----------
    maps : Tensor, shape (batch, maps, height, width) in pixels
    pixels_per_cell : int

    Returns
    -------
    Tensor, Tensor, of shape (batch,)
        Each the sum of the means along both axes.
    """
    across = inside = maps.new_zeros(len(maps))
    for axis in (2, 3):
        borders = (maps - maps.roll(1, axis)).abs().mean((1, 5 - axis))[:, ::pixels_per_cell]
        across, inside = across + borders[:, 0], inside + borders[:, 1:].mean(1)
    return across, inside
