# SPDX-License-Identifier: GPL-3.0-or-later
"""A small surface with all that a surface can have, by which backends are compared before they are trusted."""

from __future__ import annotations

import numpy as np

from .surface import Surface
from .surface_building import build


def build_corner(height: int, width: int, gap: float = 0.04) -> Surface:
    """Two squares that meet at a right angle, each an island, the second one turned over and on its side.

    Parameters
    ----------
    height, width : int
        Cells of the grid.
    gap : float
        Share of the UV square between the islands, and around them.
    """
    positions = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [1, 0, 1], [1, 1, 1]], float)
    triangles = np.array([[0, 1, 2], [0, 2, 3], [1, 4, 5], [1, 5, 2]])
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    islands = [square, square[:, ::-1]]
    uvs = []
    for number, island in enumerate(islands):
        low = np.array([gap + number * (0.5 + gap / 2), gap])
        placed = low + island * np.array([0.5 - 1.5 * gap, 1 - 2 * gap])
        uvs += [placed[[0, 1, 2]], placed[[0, 2, 3]]]
    return build(positions, triangles, np.array(uvs), height, width, up=(0.2, 1.0, 0.5))
