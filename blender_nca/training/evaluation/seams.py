# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a tile shows where it wraps: where the fronts of one seed met."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from ...learning.patches import border_differences
from ...manifold.manifold import Manifold
from .parallel_growths import ParallelGrowths

CELLS, STEPS = (64, 64), 300
GROWTHS, QUICK_GROWTHS = 48, 4
"""That a seam is measured on."""


def measure_seams(
    manifold: Manifold, dnas: Sequence[str], growths: int, device: str = "cpu"
) -> tuple[list[float], list[float]]:
    """Seams of genotypes, and what chance alone makes of such a figure.

    One line of one picture is a small sample of a texture, so many growths of each genotype are taken together.

    Parameters
    ----------
    manifold : Manifold
    dnas : sequence of str
    growths : int
        Of each, from other random seeds.
    device : str

    Returns
    -------
    list of float
        Difference across the wrap over that between inner cells, for each genotype.
    list of float
        The same of other lines of the same pictures, drawn at random: a wrap that shows no more cannot be seen.
    """
    random = np.random.default_rng(31)
    pixels = manifold.card["pixels_per_cell"]
    sums = torch.zeros(2, len(dnas), 2)  # here or elsewhere, genotype, across or inside
    for growth in range(growths):
        grids = ParallelGrowths(manifold, dnas, CELLS, growth, device).grow(STEPS)
        # a line elsewhere, not beside the wrap
        away = [int(random.integers(cells // 8, cells - cells // 8)) * pixels for cells in CELLS]
        for i, maps in enumerate(grids.paint(pixels)):
            picture = torch.from_numpy(maps)[None]
            for place, shown in enumerate((picture, picture.roll(away, (2, 3)))):
                sums[place, i] += torch.cat(border_differences(shown, pixels))
    here, elsewhere = (sums[..., 0] / sums[..., 1]).tolist()
    return here, elsewhere
