# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of a species shows what it is made of."""

from __future__ import annotations

import numpy as np

from blender_nca.maps.colour import linear_to_srgb, srgb_to_linear
from blender_nca.maps.shading import shade


def material(emission: float, alpha: float = 1.0, colour: float = 0.4) -> np.ndarray:
    """Flat, rough, orange."""
    maps = np.zeros((8, 4, 4), np.float32)
    maps[0], maps[1], maps[3], maps[5], maps[7] = colour, colour / 2, alpha, 1, emission
    return maps


def test_what_glows_adds_the_light_of_its_base_colour():
    glow = srgb_to_linear(shade(material(0.5))) - srgb_to_linear(shade(material(0)))
    np.testing.assert_allclose(glow, 0.5 * srgb_to_linear(material(0)[:3]), atol=1e-5)


def test_a_glow_has_no_shadows():
    """On a slope that the lamp does not reach as well as on one that it does."""
    maps = material(1.0)
    maps[4] = np.array([[0.0, 1.0, 1.0, 0.0]] * 4)
    dark = maps.copy()
    dark[7] = 0
    glow = srgb_to_linear(shade(maps)) - srgb_to_linear(shade(dark))
    np.testing.assert_allclose(glow, srgb_to_linear(maps[:3]), atol=1e-4)


def test_nothing_glows_where_nothing_grows():
    assert (shade(material(1.0, alpha=0)) == 0).all()


def test_a_glow_brighter_than_the_picture_is_clipped():
    picture = shade(material(1.0, colour=1.0))
    assert picture.max() <= 1 and np.isfinite(linear_to_srgb(picture)).all()
