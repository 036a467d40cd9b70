# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours look in the viewport as they do in the baked picture."""

from __future__ import annotations

import numpy as np
import pytest

from blender_nca.maps.colour import linear_to_srgb, srgb_to_linear


@pytest.mark.parametrize(
    ("encoded", "linear"), [(0, 0), (1, 1), (0.5, 0.21404114), (0.04045, 0.0031308), (0.735357, 0.5)]
)
def test_known_colours(encoded, linear):
    assert srgb_to_linear(np.float64(encoded)) == pytest.approx(linear, abs=1e-6)
    assert linear_to_srgb(np.float64(linear)) == pytest.approx(encoded, abs=1e-5)


def test_every_16_bit_step_survives_the_way_there_and_back():
    steps = np.arange(65536)
    there = srgb_to_linear((steps / 65535).astype(np.float32))
    assert there.dtype == np.float32
    assert (np.diff(there) > 0).all()
    assert (np.rint(linear_to_srgb(there) * 65535) == steps).all()


def test_overshoot_stays_finite_and_in_order():
    values = np.array([-0.5, -0.01, 0, 1, 1.5])
    with np.errstate(all="raise"):
        assert (np.diff(srgb_to_linear(values)) > 0).all()
        assert (np.diff(linear_to_srgb(values)) > 0).all()
