# SPDX-License-Identifier: GPL-3.0-or-later
"""A figure that praises everything would let a bad model through."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from blender_nca.genetics import Species
from blender_nca.training.evaluation import measure, patch_distance, patch_signature, rank_gaussian
from blender_nca.training.exemplars import draw_exemplar

FAMILIES = ("giraffe", "zebra", "moss")
SPECIES = [Species(family.capitalize(), "ACGT", "none") for family in FAMILIES]


def wide(family: str, seed: int) -> np.ndarray:
    return draw_exemplar(family, seed, 256)


def test_a_sister_of_the_exemplar_is_judged_good_and_noise_bad():
    sisters = measure(None, SPECIES, [wide(family, 5) for family in FAMILIES])
    assert all(quality.nearest_own and quality.structure < 1 and quality.colour < 0.05 for quality in sisters)
    random = np.random.default_rng(0)
    scrambled = [
        random.permutation(wide(f, 5).reshape(7, -1), axis=1).reshape(7, 256, 256).astype(np.float32)
        for f in FAMILIES
    ]
    noise = measure(None, SPECIES, scrambled)
    for good, bad in zip(sisters, noise, strict=True):
        assert bad.structure > 5 * good.structure and bad.colour > 3 * good.colour


def test_another_species_growth_is_not_taken_for_this_one():
    shuffled = measure(None, SPECIES, [wide(family, 5) for family in (*FAMILIES[1:], FAMILIES[0])])
    assert not any(quality.nearest_own for quality in shuffled) and all(q.shuffled < 1 for q in shuffled)


def test_structure_does_not_see_colours_and_contrast():
    picture = wide("zebra", 0)
    other = picture.copy()
    other[:3] = 0.2 + 0.4 * picture[:3]
    one, two = (patch_signature(rank_gaussian(each), 11) for each in (picture, other))
    assert (
        patch_distance(one, two)
        < 1e-4
        < patch_distance(one, patch_signature(rank_gaussian(wide("moss", 0)), 11))
    )


def test_a_seam_is_seen():
    picture = wide("giraffe", 5)
    cut = picture[:, :, :201]
    whole, torn = (measure(None, SPECIES[:1], [each])[0].seam for each in (picture, cut))
    assert whole < 1.2 < torn
