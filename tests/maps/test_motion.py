# SPDX-License-Identifier: GPL-3.0-or-later
"""Engines that blend a flipbook's tiles by its motion are nearer to the growth than those that fade them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from blender_nca.maps.bake_preset import bundled, with_motion
from blender_nca.maps.flipbook import Flipbook, add_motion, assemble, write_tile
from blender_nca.maps.made_maps import MadeMaps
from blender_nca.maps.motion import REACH

SIDE = 64
RANDOM = np.random.default_rng(2)
PATTERN = np.kron(RANDOM.random((3, 16, 16)), np.ones((4, 4))).astype(np.float32)


def grow(radius: float) -> np.ndarray:
    """A patch of a pattern, with a bright front, that has grown so far."""
    y, x = np.mgrid[:SIDE, :SIDE]
    inside = radius - np.hypot(x - 30, y - 26) - 2 * np.sin(np.arctan2(y - 26, x - 30) * 5)
    painted = np.zeros((8, SIDE, SIDE), np.float32)
    front = np.clip(1 - np.abs(inside - 3) / 3, 0, 1)
    painted[:3] = PATTERN * 0.5 * (1 - front) + front * np.array([1, 0.8, 0.2])[:, None, None]
    painted[3] = (inside / 2 + 0.5).clip(0, 1)
    return painted


def sample(picture: np.ndarray, right: np.ndarray, down: np.ndarray) -> np.ndarray:
    """A picture (H, W, channels) at pixels beside each, linearly, as a GPU does that repeats it."""
    y, x = np.mgrid[:SIDE, :SIDE]
    y, x = y + down, x + right
    row, column = np.floor(y).astype(int), np.floor(x).astype(int)
    below, beside = (y - row)[..., None], (x - column)[..., None]

    def at(rows, columns):
        return picture[rows % SIDE, columns % SIDE]

    upper = at(row, column) * (1 - beside) + at(row, column + 1) * beside
    lower = at(row + 1, column) * (1 - beside) + at(row + 1, column + 1) * beside
    return upper * (1 - below) + lower * below


@pytest.mark.parametrize(("name", "down"), [("Godot 4", 1), ("Unity URP", -1)])
def test_what_grows_between_tiles_is_nearer_than_by_fading(tmp_path, name, down):
    book = Flipbook(2, 2, 2 * SIDE)
    preset = with_motion(bundled()[name])
    assert with_motion(preset) is preset
    radii, tiles = [10.0, 16.0, 22.0, 22.0], []
    for number, radius in enumerate(radii):
        tiles.append(tmp_path / f"{number}.npz")
        write_tile(tiles[-1], MadeMaps(grow(radius), "wrap", 1.0), preset.textures, 0)
    sheet = assemble(book, tiles, len(preset.textures) - 1)
    sheet = add_motion(sheet, book, tiles, preset.textures[-1], is_looped=False)
    said = json.loads(book.sidecar([1, 4, 7, 10], 24, False, preset.textures))["motion"]
    assert said == {"texture": "motion", "reach": REACH, "green": "down" if down > 0 else "up"}
    motions = []
    for number in range(4):
        row, column = book.corner(number)
        tile = sheet[row : row + SIDE, column : column + SIDE].astype(np.float32) / 255
        moved = (2 * tile[..., :2] - 1) * REACH * SIDE
        motions.append((moved[..., 0], down * moved[..., 1]))
    assert np.abs(motions[2]).max() < 0.1 and np.abs(motions[3]).max() < 0.1, "what rests is not moved"
    (right, below), y, x = motions[0], *np.mgrid[:SIDE, :SIDE]
    beside = (np.abs(np.hypot(x - 30, y - 26) - 10) < 3) & (x > 34) & (np.abs(y - 26) < 3)
    assert right[beside].mean() > 1 and np.abs(below[beside]).mean() < 1.5, "the front moves outwards"
    shown = [np.moveaxis(np.concatenate([p[:3] * p[3:4], p[3:4]]), 0, -1) for p in map(grow, (10, 16, 13))]
    before, after, truth = shown
    faded = (before + after) / 2
    a = sample(before, -motions[0][0] / 2, -motions[0][1] / 2)
    b = sample(after, motions[1][0] / 2, motions[1][1] / 2)
    wrong = [np.abs(one - truth).mean() for one in ((a + b) / 2, faded)]
    assert wrong[0] < 0.8 * wrong[1], wrong
