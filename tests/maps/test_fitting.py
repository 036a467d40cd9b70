# SPDX-License-Identifier: GPL-3.0-or-later
"""Textures of a size that is no multiple of the cells: nothing moves, nothing is mixed wrongly."""

from __future__ import annotations

import numpy as np
import pytest

from blender_nca.maps.fitting import Fitting

RANDOM = np.random.default_rng(3)


def waves(height: int, width: int) -> np.ndarray:
    """Maps that wrap, at the middles of pixels."""
    down, along = (np.arange(height) + 0.5) / height, (np.arange(width) + 0.5) / width
    field = 0.5 + 0.2 * np.sin(2 * np.pi * down)[:, None] + 0.2 * np.cos(4 * np.pi * along)
    return np.tile(field.astype(np.float32), (8, 1, 1))


@pytest.mark.parametrize("size", [(60, 90), (50, 75), (96, 144), (17, 25)])
def test_a_pattern_stays_where_it_is_and_goes_on_over_the_border(size):
    fitting = Fitting((64, 96), size, "wrap")
    made = fitting.fit(waves(64, 96), 0, range(size[0]))
    np.testing.assert_allclose(made, waves(*size), atol=0.004 if size[0] > 20 else 0.03)


@pytest.mark.parametrize("boundary", ["wrap", "edge"])
def test_a_part_is_as_it_is_in_the_whole(boundary):
    painted = RANDOM.random((8, 64, 40), np.float32)
    fitting = Fitting((64, 40), (50, 31), boundary)
    whole = fitting.fit_maps(painted, 0, range(50))
    assert whole.shape == (8, 50, 31) and whole.min() >= 0 and whole.max() <= 1
    wanted = range(-3, 9) if boundary == "wrap" else range(9)
    seen = fitting.rows(wanted)
    part = fitting.fit_maps(painted[:, np.arange(seen.start, seen.stop) % 64], seen.start, wanted)
    np.testing.assert_array_equal(part, whole[:, np.arange(wanted.start, wanted.stop) % 50])


def test_colours_are_mixed_as_light_and_numbers_as_numbers():
    painted = np.zeros((8, 64, 64), np.float32)
    painted[:, :, ::2] = 1
    made = Fitting((64, 64), (32, 32), "wrap").fit_maps(painted, 0, range(32))
    np.testing.assert_allclose(made[0], 0.735, atol=0.002)
    np.testing.assert_allclose(made[4], 0.5, atol=1e-6)
