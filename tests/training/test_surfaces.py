# SPDX-License-Identifier: GPL-3.0-or-later
"""A figure of seams must see a seam, and one of directions a pattern that points elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from blender_nca.automaton.surface_building import build
from blender_nca.training.evaluation import surfaces
from blender_nca.training.evaluation.meshes import draw_meshes, draw_torus, unwrap

CELLS = surfaces.CELLS


@pytest.fixture(scope="module")
def meshes() -> dict:
    return draw_meshes(CELLS)


def test_the_meshes_have_seams_of_all_kinds(meshes):
    for name, mesh in meshes.items():
        surface = build(*mesh, CELLS, CELLS)
        assert surface.mirrored.any() and not surface.mirrored.all() and (surface.shell == 0).all()
        assert surface.beyond_side.all(), "closed"
        assert mesh.uvs.min() >= 0 and mesh.uvs.max() <= 1
        assert len(surface.shell) >= (6 if name == "cube" else 14)
        # islands do not lie on each other, nor closer than ties of two want one cell
        around = np.pad(surface.island, 2, constant_values=-1)
        for y in range(5):
            for x in range(5):
                near = around[y : y + CELLS, x : x + CELLS]
                assert ((near == surface.island) | (near < 0) | (surface.island < 0)).all(), name


def test_a_seam_is_seen_where_one_is():
    mesh = unwrap(*draw_torus(24, 12), CELLS)
    surface = build(*mesh, CELLS, CELLS)
    pixels = CELLS * surfaces.PIXELS
    # what each pixel shows of space: smooth over seams, or different on each island
    place = np.zeros((3, pixels, pixels))
    corners, uvs = mesh.positions[mesh.triangles], mesh.uvs * pixels
    for corner, uv in zip(corners, uvs, strict=True):
        low, high = np.floor(uv.min(0) - 9).astype(int).clip(0), np.ceil(uv.max(0) + 9).astype(int)
        at = np.stack(np.meshgrid(np.arange(low[0], high[0]) + 0.5, np.arange(low[1], high[1]) + 0.5), -1)
        share = (at - uv[0]) @ np.linalg.inv(np.stack([uv[1] - uv[0], uv[2] - uv[0]]))
        near = (share.min(-1) > -0.05) & (share.sum(-1) < 1.05)
        seen = corner[0] + share @ (corner[1:] - corner[0])
        rows, columns = (pixels - 1 - np.floor(at[near][:, 1])).astype(int), at[near][:, 0].astype(int)
        inside = (rows >= 0) & (columns < pixels)
        place[:, rows[inside], columns[inside]] = seen[near][inside].T
    smooth = np.sin(9 * place)
    across, inside = surfaces.compare_sides(smooth, surface)
    assert across / inside < 1.2
    cut = smooth + 0.2 * np.where(surface.island % 2, 1, -1).repeat(4, 0).repeat(4, 1)
    across, inside = surfaces.compare_sides(cut, surface)
    assert across / inside > 2


def test_stripes_are_measured_where_they_run(meshes):
    x, y = np.meshgrid(np.arange(CELLS * 4), np.arange(CELLS * 4))
    for angle in (0.0, 100.0):
        wave = np.sin((np.cos(np.radians(angle)) * x + np.sin(np.radians(angle)) * y) / 5)
        picture = np.repeat(0.5 + 0.3 * wave[None], 8, 0)
        for turned, error in ((0, 0), (10, 10), (70, 70)):
            found = surfaces.compare_directions(picture, None, 2 * np.radians(angle + turned))
            assert found == pytest.approx(error, abs=1.5)
    surface = build(*meshes["cube"], CELLS, CELLS, surfaces.UP)
    # stripes along UV point everywhere on a cube whose islands are turned
    assert surfaces.compare_directions(picture, surface, 0.0) > 20
