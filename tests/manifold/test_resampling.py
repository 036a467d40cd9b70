# SPDX-License-Identifier: GPL-3.0-or-later
"""Resampling: a point of the surface has the same colour, by whichever UV map it is looked up."""

from __future__ import annotations

import numpy as np
import pytest

from blender_nca.manifold.resampling import Resampling
from blender_nca.maps.corners import read_corners, write_corners

SIDE = 256


def lay_squares(low: list[tuple[float, float]], size: float, turned: bool) -> np.ndarray:
    """UV corners of two squares, each of two triangles; the second one mirrored and on its side where it is turned."""
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    corners = []
    for number, at in enumerate(low):
        island = square[:, ::-1] if turned and number else square
        placed = np.array(at) + size * island
        corners += [placed[[0, 1, 2]], placed[[0, 2, 3]]]
    return np.array(corners)


PAINTED = lay_squares([(0.05, 0.05), (0.55, 0.5)], 0.4, turned=False)
WANTED = lay_squares([(0.6, 0.55), (0.1, 0.1)], 0.3, turned=True)


def look_up(picture: np.ndarray, uv: np.ndarray) -> np.ndarray:
    """A picture's values (channels, points) between its pixels at UV coordinates (points, 2)."""
    x, y = uv[:, 0] * SIDE - 0.5, (1 - uv[:, 1]) * SIDE - 0.5
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right, down = x - left, y - top
    return (
        picture[:, top, left] * (1 - right) * (1 - down)
        + picture[:, top, left + 1] * right * (1 - down)
        + picture[:, top + 1, left] * (1 - right) * down
        + picture[:, top + 1, left + 1] * right * down
    )


def test_points_of_the_surface_keep_their_colours():
    random = np.random.default_rng(0)
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE
    picture = np.stack([x, y, 0.5 + 0.5 * np.sin(20 * x + 15 * y)]).astype(np.float32)
    laid = Resampling(PAINTED, WANTED, SIDE, SIDE, 4)(picture)
    triangle = random.integers(0, 4, 2000)
    weights = random.dirichlet((1, 1, 1), 2000)
    weights = 0.9 * weights + 0.1 / 3  # what lies on a border is looked up in both pictures half outside
    before, after = (np.einsum("pc,pcx->px", weights, each[triangle]) for each in (PAINTED, WANTED))
    np.testing.assert_allclose(look_up(laid, after), look_up(picture, before), atol=0.01)


def test_islands_go_on_beyond_their_borders_and_nothing_else_is_there():
    picture = np.ones((1, SIDE, SIDE), np.float32)
    bare, laid = (Resampling(PAINTED, WANTED, SIDE, SIDE, margin)(picture)[0] for margin in (0, 5))
    assert bare.sum() == pytest.approx(2 * (0.3 * SIDE) ** 2, rel=0.02)
    y, x = np.nonzero(bare)
    wide = np.zeros_like(bare)
    for dy in range(-5, 6):
        for dx in range(-5, 6):
            wide[y + dy, x + dx] = 1
    np.testing.assert_allclose(laid, wide, atol=1e-6)


def test_the_same_layout_is_the_same_picture(tmp_path):
    picture = np.random.default_rng(1).random((8, SIDE, SIDE)).astype(np.float32)
    write_corners(tmp_path / "corners.npz", PAINTED, PAINTED)
    laid = Resampling(*read_corners(tmp_path / "corners.npz"), SIDE, SIDE, 0)(picture)
    inside = laid.any(0)
    np.testing.assert_allclose(laid[:, inside], picture[:, inside], atol=1e-4)
    assert inside.mean() == pytest.approx(2 * 0.4**2, rel=0.02)


def test_damaged_corners_are_told(tmp_path):
    (tmp_path / "corners.npz").write_bytes(b"PK nothing")
    with pytest.raises(OSError):
        read_corners(tmp_path / "corners.npz")
