# SPDX-License-Identifier: GPL-3.0-or-later
"""Any picture that has a structure can be learned from, as it came from a camera; of others a sentence says why not."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from blender_nca.learning.errors import PictureError  # noqa: E402
from blender_nca.learning.fine_textures import FINER  # noqa: E402
from blender_nca.learning.own_dna import MOST_SHARED, choose_dna, silence  # noqa: E402
from blender_nca.learning.picture import SIDE, flatten_light, prepare, structure_period  # noqa: E402
from blender_nca.maps.channels import MAPS  # noqa: E402
from blender_nca.maps.normal import normal_from_height  # noqa: E402


def stripes(period: float, height: int = 160, width: int = 200) -> np.ndarray:
    y, x = np.mgrid[:height, :width]
    grey = 0.5 + 0.3 * np.sin(2 * np.pi * (x + 0.5 * y) / period)
    return np.stack([grey, 0.8 * grey, 0.5 * grey]).astype(np.float32)


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (np.full((3, 64, 64), 0.4), "one color only"),
        (stripes(4, 8, 8), "8 x 8 pixels"),
        (stripes(9, 30, 2000), "narrow strip"),
        (np.concatenate([stripes(9), np.zeros((1, 160, 200))]), "transparent"),
        (np.zeros((2, 2)), "is no picture"),
    ],
)
def test_a_picture_without_anything_to_learn_says_so(picture, words):
    with pytest.raises(PictureError, match=words):
        prepare({"base_colour": picture})


def test_a_structure_too_large_or_too_fine_is_brought_to_what_cells_can_grow():
    assert structure_period(stripes(24)) == pytest.approx(24 / 1.25**0.5, rel=0.1)
    periods = [
        structure_period(prepare({"base_colour": stripes(p, 480, 600)}).maps[:3] / 255.0) for p in (6, 60)
    ]
    assert 8 < periods[0] < 24 and 8 < periods[1] < 24
    one, finer = (prepare({"base_colour": stripes(20)}, scale) for scale in (1.0, 0.8))
    assert finer.scale == pytest.approx(0.8 * one.scale) and finer.maps.shape[1] < one.maps.shape[1]
    for size in ((24, 40), (900, 3000)):
        maps = prepare({"base_colour": stripes(12, *size)}).maps
        assert SIDE[0] <= min(maps.shape[1:]) <= max(maps.shape[1:]) <= SIDE[1] + 8


def test_what_is_finer_than_cells_is_learned_from_a_picture_that_has_it():
    large = np.random.default_rng(0).random((3, 480, 600), np.float32) * 0.2 + 0.8 * stripes(60, 480, 600)
    exemplar = prepare({"base_colour": large})
    height, width = exemplar.maps.shape[1:]
    assert exemplar.scale < 0.5 and exemplar.finer.shape == (8, FINER * height, FINER * width)
    halved = exemplar.finer.reshape(8, height, FINER, width, FINER).mean((2, 4))
    assert np.abs(halved[:3] - exemplar.maps[:3]).mean() < 2, "it is the same piece"
    assert prepare({"base_colour": stripes(12)}).finer is None, "it is enlarged, and blurred"


def test_uneven_light_is_flattened_and_the_structure_stays():
    y, x = np.mgrid[-1:1:160j, -1:1:200j]
    even = stripes(12)
    flat = flatten_light(even * (0.7 + 0.3 * x - 0.2 * y * y).astype(np.float32))
    sides = flat[:, :, :40].mean() / flat[:, :, -40:].mean()
    assert sides == pytest.approx(1, abs=0.05)
    assert np.corrcoef(flat.ravel(), even.ravel())[0, 1] > 0.97


def test_a_picture_that_tiles_is_known_to():
    y, x = np.mgrid[:160, :160]
    grey = 0.5 + 0.3 * np.sin(2 * np.pi * 8 * x / 160) * np.sin(2 * np.pi * 8 * y / 160)
    assert prepare({"base_colour": np.stack([grey] * 3)}).tiles
    assert not prepare({"base_colour": np.stack([grey] * 3)[:, :150, :147]}).tiles


def test_of_a_set_of_maps_all_are_used_and_the_rest_is_neutral():
    y, x = np.mgrid[:160, :200]
    height = 0.5 + 0.4 * np.sin(2 * np.pi * x / 25) * np.sin(2 * np.pi * y / 20)
    given = {"base_colour": stripes(12), "roughness": np.linspace(0, 1, 50)[None].repeat(40, 0)}
    maps = prepare({**given, "normal": normal_from_height(height, 4.0)}).maps / 255.0
    plain = prepare(given).maps / 255.0
    assert maps.shape == plain.shape
    roughness = maps[MAPS["roughness"]][0]
    assert roughness[:, :20].mean() < 0.1 and roughness[:, -20:].mean() > 0.9
    assert not maps[MAPS["metallic"]].any() and not maps[MAPS["emission"]].any()
    assert maps[MAPS["alpha"]].min() == 1
    wanted = prepare({**given, "height": height}).maps[MAPS["height"]] / 255.0
    found = maps[MAPS["height"]]
    assert np.corrcoef(found.ravel(), wanted.ravel())[0, 1] > 0.95
    grey = plain[:3].mean(0)
    assert np.corrcoef(plain[MAPS["height"]].ravel(), grey.ravel())[0, 1] > 0.95


def test_a_new_dna_keeps_apart_from_every_known_species():
    random = np.random.default_rng(0)
    known = ["".join(random.choice(list("ACGT"), 32)) for _ in range(64)]
    logits = 4 * np.array([[letter == own for letter in "ACGT"] for own in known[5]])
    dna = choose_dna(logits + random.standard_normal((32, 4)), known)
    shared = [sum(a == b for a, b in zip(dna, other, strict=True)) for other in known]
    assert max(shared) <= MOST_SHARED * 32 and shared[5] == max(shared)
    assert silence(dna, known) >= max(shared) / 32
