# SPDX-License-Identifier: GPL-3.0-or-later
"""How good a manifold is, measured on grids that training never used and from a single cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import torch
import torch.nn.functional as F

from ..automaton.growth import Genotype, Growth
from ..automaton.rollout import Rollout
from ..genetics import Species
from ..manifold.manifold import Manifold
from .exemplars import draw_exemplar, sister_parameters

CELLS = (96, 160)
"""Height and width of the measured grids."""
STEPS = 300
OCTAVES, PROJECTIONS, QUANTILES = 4, 256, 1024
COLOUR_PATCH, STRUCTURE_PATCH = 7, 11
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True)
class Quality:
    """What was measured of one species.

    Attributes
    ----------
    colour : float
        Distance of grown and exemplar colours over the median distance between exemplars of different species.
    structure : float
        Distance of grown and exemplar structure over that of a picture with the exemplar's second-order statistics
        alone (or of a sister, where that is larger). Below one the structure itself was learned.
    nearest_own : bool
        Whether of all exemplars its own is the nearest.
    shuffled : float
        Median distance of the other species' growths to this exemplar, over that of its own.
    seam : float
        Difference across the wrap over that between inner neighbours.
    """

    colour: float
    structure: float
    nearest_own: bool
    shuffled: float
    seam: float


def patch_signature(picture: np.ndarray, patch: int) -> torch.Tensor:
    """Sorted projections of all patches of a tiling picture, at fixed quantiles.

    Parameters
    ----------
    picture : ndarray, float32, shape (channels, height, width)
    patch : int
        Side of a patch.

    Returns
    -------
    Tensor, shape (OCTAVES, PROJECTIONS, QUANTILES)
    """
    generator = torch.Generator().manual_seed(patch * 1000 + len(picture))
    level, found = torch.from_numpy(np.ascontiguousarray(picture))[None], []
    for _ in range(OCTAVES):
        filters = torch.randn(PROJECTIONS, len(picture), patch, patch, generator=generator)
        filters /= filters.flatten(1).norm(dim=1)[:, None, None, None]
        around = F.pad(level, [patch // 2] * 4, "circular")
        ranked = F.conv2d(around, filters).flatten(2).sort(-1)[0]
        found.append(F.interpolate(ranked, QUANTILES, mode="linear", align_corners=True)[0])
        level = F.avg_pool2d(level, 2)
    return torch.stack(found)


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


def grow_out(manifold: Manifold, species: Species, steps: int = STEPS, device: str = "cpu") -> np.ndarray:
    """Maps of a species on the measured grid, from one cell."""
    height, width = CELLS
    pixels = manifold.card.get("pixels_per_cell", 4)
    growth = Growth(
        manifold.name, (Genotype((species.dna,)),), width, height, pixels, random_seed=11, steps=(1.0,)
    )
    return Rollout(manifold.automaton(device), memory=0).maps(growth, steps)


def measure(
    manifold: Manifold, species: Sequence[Species], pictures: Sequence[np.ndarray] | None = None
) -> list[Quality]:
    """Measure species whose names are those of exemplar families.

    Parameters
    ----------
    pictures : sequence of ndarray, optional
        Their maps, where they are grown already; see `grow_out`.
    """
    families = [one.name.lower() for one in species]
    grown = pictures if pictures is not None else [grow_out(manifold, one) for one in species]
    exemplars = [draw_exemplar(family) for family in families]
    ours = [patch_signature(maps[:3], COLOUR_PATCH) for maps in grown]
    theirs = [patch_signature(maps[:3], COLOUR_PATCH) for maps in exemplars]
    between = np.array([[patch_distance(a, b) for b in theirs] for a in theirs])
    scale = np.median(between[~np.eye(len(between), dtype=bool)]) if len(between) > 1 else 1.0
    found = []
    for i, family in enumerate(families):
        distances = np.array([patch_distance(ours[i], each) for each in theirs])
        others = [patch_distance(each, theirs[i]) for j, each in enumerate(ours) if j != i]
        found.append(
            Quality(
                colour=float(distances[i] / scale),
                structure=_structure(grown[i], exemplars[i], family),
                nearest_own=bool(distances.argmin() == i),
                shuffled=float(np.median(others) / distances[i]) if others else float("nan"),
                seam=_seam(grown[i]),
            )
        )
    return found


def _structure(grown: np.ndarray, exemplar: np.ndarray, family: str) -> float:
    ranked = rank_gaussian(exemplar)
    sister = draw_exemplar(family, 1, **sister_parameters(family, np.random.default_rng(1)))
    own = patch_signature(ranked, STRUCTURE_PATCH)
    distance = [
        patch_distance(own, patch_signature(each, STRUCTURE_PATCH))
        for each in (rank_gaussian(grown), scramble_phases(ranked), rank_gaussian(sister))
    ]
    return distance[0] / max(distance[1:])


def _seam(maps: np.ndarray) -> float:
    """Difference across the wrap over that between inner neighbours, the worse of the two directions."""
    return max(
        float(
            np.abs(np.take(maps, 0, axis) - np.take(maps, -1, axis)).mean()
            / np.abs(np.diff(maps, axis=axis)).mean()
        )
        for axis in (1, 2)
    )
