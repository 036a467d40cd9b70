# SPDX-License-Identifier: GPL-3.0-or-later
"""Bumps are lit from the right side, at the right strength, without a rim or a seam."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blender_nca.maps.made_maps import MadeMaps
from blender_nca.maps.normal import normal_from_height


def vectors(*args, **kwargs):
    return normal_from_height(*args, **kwargs).astype(np.float64) * 2 - 1


def ramp(columns=8, rows=6):
    """Rises by 0.1 a pixel to the right."""
    return np.tile(np.arange(columns, dtype=np.float32) * 0.1, (rows, 1))


@pytest.mark.parametrize("boundary", ["wrap", "edge"])
def test_a_flat_height_is_the_colour_that_every_program_knows_as_flat(boundary):
    normal = normal_from_height(np.full((5, 7), 0.3), 10, boundary)
    assert normal.dtype == np.float32
    assert normal.shape == (3, 5, 7)
    assert (normal == np.array([0.5, 0.5, 1], np.float32)[:, None, None]).all()


def test_strength_is_the_height_in_pixels():
    """0.1 a pixel, 10 pixels high: a slope of 45 degrees, up to the edge."""
    x, y, z = vectors(ramp(), 10, "edge")
    assert np.allclose(x, -math.sqrt(0.5), atol=1e-5)
    assert np.allclose(y, 0, atol=1e-6)
    assert np.allclose(z, math.sqrt(0.5), atol=1e-5)


def test_a_slope_that_rises_towards_the_top_faces_down():
    height = ramp().T[::-1]
    assert (normal_from_height(height, 10, "edge", "opengl")[1] < 0.2).all()


def test_directx_is_opengl_with_green_upside_down():
    height = np.random.default_rng(2).random((9, 11))
    opengl = vectors(height, 3)
    directx = vectors(height, 3, convention="directx")
    assert np.allclose(directx, opengl * np.array([1, -1, 1])[:, None, None], atol=1e-6)


def test_a_tiling_height_gives_a_tiling_normal():
    height = np.random.default_rng(3).random((6, 8))
    moved = normal_from_height(np.roll(height, (2, 3), (0, 1)), 4, "wrap")
    assert (moved == np.roll(normal_from_height(height, 4, "wrap"), (2, 3), (1, 2))).all()


def test_edge_sees_nothing_of_the_other_side():
    height = np.zeros((8, 8))
    height[:, -1] = 1
    assert (vectors(height, 4, "edge")[0, :, 0] == 0).all()
    assert (vectors(height, 4, "wrap")[0, :, 0] > 0).all()


def test_negative_strength_turns_hills_into_pits():
    height = np.random.default_rng(4).random((5, 5))
    flipped = np.array([-1, -1, 1])[:, None, None]
    assert np.allclose(vectors(height, -2), vectors(height, 2) * flipped, atol=1e-6)


@pytest.mark.parametrize(("pixels_per_cell", "degrees"), [(4, 0.7), (8, 0.2)])
@pytest.mark.parametrize("convention", ["opengl", "directx"])
@pytest.mark.parametrize("bits", [8, 16])
def test_the_normal_map_of_a_bake_is_the_slope_of_its_height(pixels_per_cell, degrees, convention, bits):
    """Of waves that tile, four cells long, up to 48 degrees steep: what an engine lights is what is there."""
    cells = 16
    side, strength = cells * pixels_per_cell, 2.0 * pixels_per_cell
    y, x = (np.indices((side, side)) + 0.5) / side * 2 * np.pi
    waves = cells // 4
    height = 0.5 + 0.25 * (np.sin(waves * x) + np.sin(waves * y + 1))
    per_pixel = strength * waves * 2 * np.pi / side * 0.25
    right, down = per_pixel * np.cos(waves * x), per_pixel * np.cos(waves * y + 1)
    wanted = np.stack([-right, -down if convention == "directx" else down, np.ones_like(x)])
    wanted /= np.linalg.norm(wanted, axis=0)
    written = MadeMaps(_maps(height), "wrap", strength)[f"normal_{convention}"]
    most = 2**bits - 1
    read = np.rint(written.astype(np.float64) * most) / most * 2 - 1
    read /= np.linalg.norm(read, axis=0)
    angles = np.degrees(np.arccos((read * wanted).sum(0).clip(-1, 1)))
    by_steps = 0.3 if bits == 8 else 0.0  # a step of 8 bits is 0.45 degrees
    assert angles.mean() < degrees + by_steps / 5
    assert angles.max() < 1.1 * degrees + by_steps


def _maps(height):
    maps = np.ones((8, *height.shape), np.float32)
    maps[4] = height
    return maps


@settings(max_examples=40)
@given(
    st.integers(1, 6),
    st.integers(1, 6),
    st.floats(-1000, 1000),
    st.sampled_from(["wrap", "edge"]),
    st.integers(0, 2**32),
)
def test_normals_have_unit_length_and_face_out(rows, columns, strength, boundary, seed):
    height = np.random.default_rng(seed).random((rows, columns))
    normal = vectors(height, strength, boundary)
    assert np.allclose(np.linalg.norm(normal, axis=0), 1, atol=1e-5)
    assert (normal[2] > 0).all()
    quantised = np.rint((normal * 0.5 + 0.5) * 255) / 255 * 2 - 1
    assert np.allclose(np.linalg.norm(quantised, axis=0), 1, atol=math.sqrt(3) / 255)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.zeros((1, 4, 4)), 1), "shape"),
        ((np.zeros((0, 4)), 1), "at least one pixel"),
        ((np.zeros((4, 4)), math.nan), "strength is nan"),
        ((np.zeros((4, 4)), 1, "clamp"), "'clamp': it is one of wrap, edge"),
        ((np.zeros((4, 4)), 1, "wrap", "dx"), "'dx': it is one of opengl, directx"),
    ],
)
def test_what_is_no_height_map_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        normal_from_height(*arguments)
