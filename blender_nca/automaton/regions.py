# SPDX-License-Identifier: GPL-3.0-or-later
"""How much each genotype of a growth counts in each cell."""

from __future__ import annotations

import numpy as np

from .growth import Growth


def region_shares(growth: Growth) -> list[np.ndarray | None]:
    """Shares of the genotypes, summing to one in every cell.

    Genotypes without a region divide among them what the regions leave; where nothing is left to divide and
    no region reaches, the first genotype rules.

    Returns
    -------
    list of (ndarray, float32, shape (height, width)), or [None] for one genotype that rules everywhere
    """
    if len(growth.genotypes) == 1:
        return [None]
    shape = growth.height, growth.width
    regions = [g.region.unpack(*shape) if g.region else None for g in growth.genotypes]
    painted = sum((region for region in regions if region is not None), np.zeros(shape, np.float32))
    free = sum(region is None for region in regions)
    rest = (1 - painted).clip(min=0) / max(free, 1)
    shares = [rest.copy() if region is None else region for region in regions]
    total = np.sum(shares, axis=0)
    shares[0][total <= 0] = 1
    total = np.sum(shares, axis=0)
    return [(share / total).astype(np.float32) for share in shares]
