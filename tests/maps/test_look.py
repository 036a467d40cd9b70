# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written of a growth has the colours and values that its look says, and all else as it grew."""

from __future__ import annotations

import colorsys
import json
import math

import numpy as np
import pytest

from blender_nca.maps.channels import MAPS
from blender_nca.maps.colour import linear_to_srgb, srgb_to_linear
from blender_nca.maps.look import MIDDLE_GREY, Level, Look

COLOURS = np.random.default_rng(3).random((40, 3)).astype(np.float32)


@pytest.fixture
def maps() -> np.ndarray:
    return np.random.default_rng(4).random((8, 5, 7)).astype(np.float32)


def test_a_neutral_look_leaves_every_bit_as_it_was(maps):
    look = Look(levels={"height": Level()})
    assert look.is_neutral
    np.testing.assert_array_equal(look.change(maps), maps)
    only_values = Look(levels={"roughness": Level(multiply=0.5)})
    changed = only_values.change(maps)
    assert not only_values.is_neutral
    np.testing.assert_allclose(changed[MAPS["roughness"]], maps[MAPS["roughness"]] * 0.5)
    kept = [place for place in range(8) if place != MAPS["roughness"].start]
    np.testing.assert_array_equal(changed[kept], maps[kept])


@pytest.mark.parametrize(
    ("hue", "saturation", "value"), [(0.7, 1, 1), (-2.5, 0.3, 1), (7, 2, 0.5), (0, 0, 2), (1e-3, 1, 1)]
)
def test_hue_saturation_and_value_are_those_of_the_hexcone(hue, saturation, value):
    wanted = []
    for colour in COLOURS:
        h, s, v = colorsys.rgb_to_hsv(*colour)
        wanted.append(
            colorsys.hsv_to_rgb((h + hue / math.tau) % 1, min(max(s * saturation, 0), 1), v * value)
        )
    found = Look(hue=hue, saturation=saturation, value=value).recolour(COLOURS)
    np.testing.assert_allclose(found, np.clip(wanted, 0, 1), atol=5e-6)


def test_grey_and_black_stay_without_a_hue():
    greys = np.array([[0, 0, 0], [0.3, 0.3, 0.3], [1, 1, 1]], np.float32)
    np.testing.assert_allclose(Look(hue=2, saturation=2).recolour(greys), greys, atol=1e-6)


def test_contrast_turns_about_middle_grey():
    values = np.array([[MIDDLE_GREY] * 3, [0.05] * 3, [0.5] * 3, [0] * 3], np.float32)
    more, less = (Look(contrast=contrast).recolour(values)[:, 0] for contrast in (1.5, 0.7))
    assert more[0] == pytest.approx(MIDDLE_GREY) == less[0]
    assert more[1] < 0.05 < less[1] and less[2] < 0.5 < more[2] and more[3] == less[3] == 0


def test_levels_bend_then_multiply_then_add_within_the_range(maps):
    level = Level(multiply=2, offset=-0.25, curve=(0.0, 0.8, 1.0))
    values = np.array([0, 0.25, 0.5, 0.75, 1], np.float32)
    np.testing.assert_allclose(level.change(values), [0, 0.55, 1, 1, 1], atol=1e-6)
    maps[:3] = linear_to_srgb(np.full((3, 5, 7), 0.5, np.float32))
    changed = Look(value=0.5, levels={"emission": Level(0.0, 1.0)}).change(maps)
    np.testing.assert_allclose(srgb_to_linear(changed[:3]), 0.25, atol=1e-6)
    assert (changed[MAPS["emission"]] == 1).all()
    np.testing.assert_array_equal(changed[3:7], maps[3:7])


def test_a_look_is_that_of_the_colours_in_which_the_scene_is_computed():
    """Value and contrast alike in other primaries; grey is grey in all of them."""
    to_scene = ((0.6, 0.1, 0.05), (0.35, 0.8, 0.15), (0.05, 0.1, 0.8))
    look = Look(saturation=0.0, to_scene=to_scene)
    found = look.recolour(COLOURS) @ np.array(to_scene)
    np.testing.assert_allclose(found, found[:, :1] * [1, 1, 1], atol=1e-5)


def test_a_look_goes_through_json_whole_and_a_bad_one_is_told():
    look = Look(1.0, 0.5, 1.5, 2.0, {"height": Level(0.5, 0.1, (0.0, 1.0)), "metallic": Level()})
    read = Look.read(json.loads(json.dumps(look.describe())))
    assert read.levels == {"height": look.levels["height"]}
    np.testing.assert_array_equal(read.recolour(COLOURS), look.recolour(COLOURS))
    with pytest.raises(ValueError, match="alpha"):
        Look(levels={"alpha": Level()})
    with pytest.raises(ValueError, match="finite"):
        Look(hue=math.nan)
