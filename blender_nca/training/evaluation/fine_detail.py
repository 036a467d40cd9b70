# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of what is finer than cells a manifold paints, where there are more pixels a cell than it grew by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

import numpy as np
import torch

from ...genetics.species import Species
from ...learning.fine_textures import FINER, sharpen
from ...learning.patches import COLOUR_PATCH, patch_distance, patch_signature
from ...manifold.grain import COARSE
from ...manifold.manifold import Manifold
from ..exemplars import draw_variety, find_variety
from .parallel_growths import ParallelGrowths

CELLS, STEPS = (48, 80), 300
QUICK_SPECIES = 6


def measure_fine_detail(
    manifold: Manifold,
    species: Sequence[Species],
    quick: bool = False,
    say: Callable[[str], None] = lambda text: None,
) -> tuple[dict, dict]:
    """Measure the finest octave of pictures, for which four pixels a cell have no room, by exemplars drawn as fine.

    Parameters
    ----------
    manifold, species, quick, say
        As for `measure_materials`.

    Returns
    -------
    dict
        Figures: `share_median` and `share_worst`, distance of the finest octave over that of the first painter's
        pictures of the same size; `changed_worst`, the mean change of colour of a picture that is halved twice.
    dict
        Species name -> what was measured of it.
    """
    chosen = species[:: max(1, len(species) // QUICK_SPECIES)] if quick else species
    grids = ParallelGrowths(manifold, [one.dna for one in chosen], CELLS).grow(STEPS)
    fine, plain = (grids.paint(FINER * COARSE, fine=is_fine) for is_fine in (True, False))
    each = {}
    for number, (one, ours, theirs) in enumerate(zip(chosen, fine, plain, strict=True)):
        say(f"looking at the finest structure of {one.name}, {number + 1} of {len(chosen)}")
        exemplar = find_finest(draw_variety(find_variety(one.name)[0], one.name, finer=FINER))
        distances = [patch_distance(find_finest(maps), exemplar) for maps in (ours, theirs)]
        each[one.name] = {
            "distance": distances[0],
            "share": distances[0] / distances[1],
            "changed": float(np.abs(_halve(_halve(ours[:3] - theirs[:3]))).mean()),
        }
    shares = [one["share"] for one in each.values()]
    figures = {
        "species": len(each),
        "share_median": median(shares),
        "share_worst": max(shares),
        "changed_worst": max(one["changed"] for one in each.values()),
    }
    return figures, each


def find_finest(maps: np.ndarray) -> torch.Tensor:
    """Patches of the finest octave of a material's colours: what is left out where they are halved. See
    `patches.patch_signature`."""
    (finest,) = sharpen(torch.from_numpy(maps[None, :3].astype(np.float32)))
    return patch_signature(finest.numpy(), COLOUR_PATCH, octaves=1)


def _halve(maps: np.ndarray) -> np.ndarray:
    count, height, width = maps.shape
    return maps.reshape(count, height // 2, 2, width // 2, 2).mean((2, 4))
