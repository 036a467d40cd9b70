# SPDX-License-Identifier: GPL-3.0-or-later
"""Islands: seams that nothing needs go, and what is left can be laid flat."""

from __future__ import annotations

import numpy as np
import pytest

from blender_nca.automaton.surface_islands import join

CUBE = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float)
SIDES = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]


def faces(sides):
    """Where each face's corners begin, and all corners."""
    sizes = [len(side) for side in sides]
    return np.cumsum([0, *sizes[:-1]]), np.concatenate(sides)


def seams_around(corners, starts, seam):
    """The ends of the seams: pairs of vertices, each once."""
    ends = np.r_[starts[1:], len(corners)]
    after = np.concatenate([np.roll(np.arange(a, b), -1) for a, b in zip(starts, ends, strict=True)])
    return {tuple(sorted(pair)) for pair in zip(corners[seam], corners[after][seam], strict=True)}


def test_a_cube_is_unfolded_without_a_corner_inside():
    starts, corners = faces(SIDES)
    seam = join(CUBE, starts, corners, np.ones(24, bool))
    edges = seams_around(corners, starts, seam)
    assert len(edges) <= 8  # of twelve; a cross would leave seven
    assert {vertex for edge in edges for vertex in edge} == set(range(8))


@pytest.mark.parametrize("flat_enough", [1.5, 100.0])
def test_a_closed_surface_stays_cut_so_that_it_can_be_laid_flat(flat_enough):
    starts, corners = faces(SIDES)
    seam = join(CUBE, starts, corners, np.ones(24, bool), flat_enough)
    assert len(seams_around(corners, starts, seam)) >= 3


def test_a_sheet_has_no_seam_inside_whether_it_is_flat_or_rolled():
    rows, columns = 6, 9
    number = np.arange((rows + 1) * (columns + 1)).reshape(rows + 1, columns + 1)
    quads = [
        [number[y, x], number[y, x + 1], number[y + 1, x + 1], number[y + 1, x]]
        for y in range(rows)
        for x in range(columns)
    ]
    y, x = np.divmod(np.arange(number.size), columns + 1)
    starts, corners = faces(quads)
    around = x / columns * 5
    for positions in (np.stack([x, y, 0 * x], 1), np.stack([np.cos(around), y, np.sin(around)], 1)):
        seam = join(positions, starts, corners, np.ones(len(corners), bool))
        edges = seams_around(corners, starts, seam)
        on_border = [{x[a], x[b]} in ({0}, {columns}) or {y[a], y[b]} in ({0}, {rows}) for a, b in edges]
        assert all(on_border)


def test_a_mesh_without_faces_has_no_seams():
    assert not len(join(CUBE, [], [], []))
