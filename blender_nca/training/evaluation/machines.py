# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a species grows the same picture on every machine.

Two ways of adding the same numbers differ in their last digits. A pattern at rest keeps that as small as it is; one
that never comes to rest amplifies it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...manifold.manifold import Manifold
from .parallel_growths import ParallelGrowths

CELLS, STEPS = (48, 48), 300
SEEN = 0.02
"""Difference of a map from which on a pixel counts as another one: five of 255 tones."""


def compare_machines(manifold: Manifold, dnas: Sequence[str]) -> list[float]:
    """Share of the pixels that differ between growth by the kernels and by torch, for each genotype.

    Nothing differs where there are no kernels.
    """
    pixels = manifold.card["pixels_per_cell"]
    one, other = (
        ParallelGrowths(manifold, dnas, CELLS).grow(STEPS, kernels).paint(pixels) for kernels in (True, False)
    )
    return [float((np.abs(a - b).max(0) > SEEN).mean()) for a, b in zip(one, other, strict=True)]
