# SPDX-License-Identifier: GPL-3.0-or-later
"""What someone who trains an encoder on whole families would lose."""

from __future__ import annotations

import numpy as np
import pytest

from blender_nca.training.exemplars import FAMILIES, VARIETIES, draw_exemplar, random_parameters
from blender_nca.training.exemplars.makes import blend_makes, fill_make


def make(family: str, name: str) -> dict:
    return fill_make(FAMILIES[family], VARIETIES[family][name])


@pytest.mark.parametrize("family", list(FAMILIES))
def test_a_make_from_anywhere_in_a_family_draws_a_material(family):
    made = random_parameters(family, 1)
    assert made == random_parameters(family, 1) != random_parameters(family, 2)
    maps = draw_exemplar(family, size=64, **made)
    assert maps.shape == (8, 64, 64) and np.isfinite(maps).all() and maps[:3].std() > 0.02


def test_a_make_that_does_not_stray_is_a_variety():
    varieties = [make("lava", name) for name in VARIETIES["lava"]]
    assert all(random_parameters("lava", seed, 0.0) in varieties for seed in range(4))


def test_makes_stray_from_a_variety_but_not_out_of_what_can_be_drawn():
    made = [random_parameters("masonry", seed) for seed in range(40)]
    assert len({each["brick"] for each in made}) == 40
    features = [each["feature"] for each in made]
    assert 33 < min(features) < 40 and 58 < max(features) < 67
    assert all(0 <= each["moss"] <= 1 and len(each["finish"]) == 2 for each in made)


def test_near_makes_are_near_materials_and_the_way_between_varieties_is_even():
    one, other = make("zebra", "Zebra"), make("zebra", "Angelfish")
    assert blend_makes(one, other, 0.0) == one and blend_makes(one, other, 1.0) == other

    def look(share: float) -> np.ndarray:
        maps = draw_exemplar("zebra", size=96, **blend_makes(one, other, share))
        return np.concatenate([maps.mean((1, 2)), maps.std((1, 2))])

    looks = [look(share) for share in (0.0, 0.25, 0.5, 0.55, 1.0)]
    near = np.linalg.norm(looks[2] - looks[3])
    assert 0 < 3 * near < np.linalg.norm(looks[0] - looks[4])
    away = [np.linalg.norm(each - looks[0]) for each in looks[:3]]
    assert away == sorted(away)


def test_ramps_of_different_lengths_and_what_is_counted_blend_too():
    one = {"ramp": ("#000000", "#ffffff"), "over": 1, "none": (), "slant": (1, 1), "size": 10.0}
    other = {"ramp": ("#ff0000",) * 3, "over": 2, "none": ("#00ff00",), "slant": (2, 1), "size": 20.0}
    middle = blend_makes(one, other, 0.4)
    assert middle == {
        "ramp": ("#660000", "#b24c4c", "#ff9999"),
        "over": 1,
        "none": (),
        "slant": (1, 1),
        "size": 14.0,
    }
    assert blend_makes(one, other, 0.6)["over"] == 2
