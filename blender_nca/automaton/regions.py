# SPDX-License-Identifier: GPL-3.0-or-later
"""How much each genotype of a growth counts in each cell."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from .descent import GAP, surroundings
from .growth import Growth
from .mask import Mask
from .perception import Boundary, surround
from .plan import Weights
from .surface import Surface

REACH = 3
"""Cells beyond those that live in which it is known what will grow there: pixels are painted of these, too."""
_UNSEEN = 1 / 255
"""Shares of a region that are smaller are not grown."""
_WIDTHS = 0.305
"""Rounds of a binomial kernel after which a border is one cell wide; twice as wide after four times as many. Its width
is that in which nine tenths fall to one tenth, 2.56 standard deviations, and each round adds half a cell's variance."""


def strengths_of(growth: Growth, weights: Weights) -> tuple[float, ...]:
    """The genotypes' strengths, of what `Growth.weights_at` gives."""
    count = len(growth.genotypes)
    return weights[count] if len(weights) > count else (1.0,) * count


def masks_of(growth: Growth, weights: Weights) -> tuple[int, ...]:
    """Which of its masks each genotype's region is, of what `Growth.weights_at` gives; () where no region moves."""
    count = len(growth.genotypes)
    return tuple(int(number) for number in weights[count + 1]) if len(weights) > count + 1 else ()


def region_shares(
    growth: Growth,
    strengths: tuple[float, ...] | None = None,
    descent: np.ndarray | None = None,
    masks: tuple[int, ...] = (),
) -> list[np.ndarray | None]:
    """Shares of the genotypes, summing to one in every cell.

    Genotypes without a region divide the grid by their strengths. Where descents count, each of these has as much of
    its own cells as it is strong, and the first of them the rest; or all of its own, where the stronger one takes over.
    Those with a region lie over them, one after another, each as opaque as it is strong. What is nobody's is the first
    one's.

    Parameters
    ----------
    growth : Growth
    strengths : tuple of float, optional
        Of the genotypes; all are 1 unless given.
    descent : ndarray, uint8, shape (height, width), optional
        Of a growth in which descents count; see `descent`.
    masks : tuple of int
        What `masks_of` says; each first mask unless given.

    Returns
    -------
    list of (ndarray, float32, shape (height, width)), or [None] for one genotype that rules everywhere
    """
    count = len(growth.genotypes)
    if count == 1:
        return [None]
    strengths = strengths or (1.0,) * count
    shares = np.zeros((count, growth.height, growth.width), np.float32)
    free = [number for number, genotype in enumerate(growth.genotypes) if genotype.region is None]
    if descent is None or len(free) < 2:
        total = sum(strengths[number] for number in free)
        for number in free:
            shares[number] = strengths[number] / total if total else number == free[0]
    else:
        shares[free] = _divide(descent, free, growth, strengths)
    for number, genotype in enumerate(growth.genotypes):
        region = genotype.region
        if region is not None and strengths[number]:
            if not isinstance(region, Mask):
                region = region.masks[masks[number] if masks else 0]
            claimed = np.float32(strengths[number]) * _soften(region, growth, genotype.border)
            shares *= 1 - claimed
            shares[number] = claimed
    if not free:
        total = shares.sum(0)
        shares[0][total <= 0] = 1
        shares /= np.where(total <= 0, 1, total)
    return list(shares)


def _divide(descent: np.ndarray, free: list[int], growth: Growth, strengths: tuple[float, ...]) -> np.ndarray:
    """Shares of the genotypes without a region, of which each rules its own cells: shape (genotypes, height, width)."""
    border = max(growth.genotypes[number].border for number in free)
    own = territories(descent, free, growth.neighbourhood, 0.0 if growth.meeting == "none" else border)
    claims = np.array([strengths[number] for number in free], np.float32)
    if growth.meeting == "stronger":  # it has decided already which cells are whose
        claims = np.sign(claims)
    own *= claims[:, None, None]
    own[0] += 1 - own.sum(0)
    return own


def territories(descent: np.ndarray, numbers: list[int], boundary: Boundary, border: float) -> np.ndarray:
    """How much of each cell is of the descendants of each genotype, and which of them will come to others.

    Parameters
    ----------
    descent : ndarray, uint8, shape (height, width)
    numbers : list of int
        Of the genotypes.
    boundary : {'wrap', 'edge'} or Surface
    border : float
        Cells over which they fade into each other.

    Returns
    -------
    ndarray, float32, shape (genotypes, height, width)
        Zero in cells that are further than `REACH` from any of them, at least; else one together.
    """
    own = np.zeros((len(numbers), *descent.shape), np.float32)
    there = [index for index, number in enumerate(numbers) if (descent == number).any()]
    if len(there) < 2:  # nobody else is there to fade into
        own[there] = 1
        return own
    cells = np.stack([descent == numbers[index] for index in there])
    half = border / 2
    away = _distances(cells, boundary, max(math.ceil(half), REACH))
    # in reach of one alone it counts fully, however little it does
    cells_away = np.arange(256) / 2
    near = 1e-4 * (1 - cells_away / (REACH + 1)).clip(min=0)
    if half:
        near += (1 - cells_away / half).clip(min=0)
    counts = near.astype(np.float32)[away]
    counts /= counts.sum(0).clip(min=1e-9)
    if not half:
        known = descent < GAP
        counts[:, known] = cells[:, known]
    own[there] = counts
    return own


def _distances(own: np.ndarray, boundary: Boundary, rounds: int) -> np.ndarray:
    """How many half cells each is away from those that are True, as far as `rounds` cells.

    Borgefors's chamfer distances (1986) of 2 and 3 half cells: bytes, which are looked up and compared fast.

    Parameters
    ----------
    own : ndarray, bool, shape (planes, height, width)
    boundary : {'wrap', 'edge'} or Surface
    rounds : int
        Up to 126.

    Returns
    -------
    ndarray, uint8, shape (planes, height, width)
    """
    height, width = own.shape[1:]
    map_of_numbers = surroundings(boundary, height, width)
    away = np.where(own, np.uint8(0), np.uint8(2 * rounds + 2)).reshape(len(own), -1)
    nobody = np.full((len(own), 1), 2 * rounds + 2, np.uint8)
    for _ in range(rounds):
        around = np.concatenate([away, nobody], 1)[:, map_of_numbers]
        across = np.minimum(around[..., :-2], around[..., 2:])
        beside = np.minimum(across[:, 1:-1], np.minimum(around[:, :-2, 1:-1], around[:, 2:, 1:-1]))
        corners = np.minimum(across[:, :-2], across[:, 2:])
        nearest = np.minimum(around[:, 1:-1, 1:-1], np.minimum(beside + np.uint8(2), corners + np.uint8(3)))
        away = nearest.reshape(away.shape)
    return away.reshape(own.shape)


def smooth(planes: np.ndarray, boundary: Boundary, rounds: int) -> np.ndarray:
    """Blur planes by a binomial kernel, round after round, also over the seams of a surface.

    Elsewhere wider and wider ones, with holes, do what many rounds would: their variances add up alike.

    Parameters
    ----------
    planes : ndarray, float32, shape (..., height, width)
    boundary : {'wrap', 'edge'} or Surface
    rounds : int
    """
    for wide in [1] * rounds if isinstance(boundary, Surface) else _spacings(rounds):
        lives = planes * boundary.on if isinstance(boundary, Surface) else planes
        around = surround(lives, boundary, wide)
        across = around[..., : -2 * wide] + around[..., 2 * wide :]
        across += 2 * around[..., wide:-wide]
        planes = across[..., : -2 * wide, :] + across[..., 2 * wide :, :]
        planes += 2 * across[..., wide:-wide, :]
        planes *= np.float32(1 / 16)
    return planes


def _spacings(rounds: int) -> list[int]:
    """Spacings of kernels whose squares add up to a number of rounds, each at most twice the one before."""
    found: list[int] = []
    while rounds:
        wide = 2 * found[-1] if found else 1
        while wide**2 > rounds:
            wide -= 1
        found.append(min(wide, 8))
        rounds -= found[-1] ** 2
    return found


def _rounds(border: float) -> int:
    return round(_WIDTHS * border**2)


@lru_cache(32)
def _fade(region: Mask, boundary: Boundary, height: int, width: int, rounds: int) -> np.ndarray:
    plane = region.unpack(height, width)
    if not rounds:
        return plane
    both = smooth(np.stack([plane, np.ones_like(plane)]), boundary, rounds)
    faded: np.ndarray = both[0] / np.where(both[1] > 0, both[1], 1)
    return np.where(faded < _UNSEEN, 0, np.where(faded > 1 - _UNSEEN, 1, faded)).astype(np.float32)


def _soften(region: Mask, growth: Growth, border: float) -> np.ndarray:
    return _fade(region, growth.neighbourhood, growth.height, growth.width, _rounds(border))
