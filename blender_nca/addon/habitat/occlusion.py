# SPDX-License-Identifier: GPL-3.0-or-later
"""Occlusion: how much of what a place could see is near to it; of its crevices outwards, of its edges inwards."""

from __future__ import annotations

import mathutils
import numpy as np

from .cells import Cells

DIRECTIONS = 48
"""Over the whole sphere. They are the same for all cells, so that neighbours differ by the mesh alone."""
MOST_PLACES = 12_000
"""Rays are sent from so many cells; with more cells, from some of them, and the others take from these."""
GRAZING = 0.12
"""Rays flatter than this cosine would meet the neighbouring faces of a round surface."""
_GOLDEN = np.pi * (3 - 5**0.5)


def occlusion(cells: Cells, reach: float, is_inward: bool = False) -> np.ndarray:
    """How closed the surface is around each cell.

    Parameters
    ----------
    cells : Cells
    reach : float
        How far is near, in the world's unit. What is met counts the less the farther it is.
    is_inward : bool
        Look into the body: what is near there is the other side of an edge, or of a thin sheet.

    Returns
    -------
    ndarray, float64, shape (cells,)
        0 where nothing is near, 1 where something is all around; rays count by their cosine.
    """
    stride = max(1, int(np.ceil(np.sqrt(len(cells.number) / MOST_PLACES))))
    y, x = np.divmod(cells.number, cells.width)
    chosen = np.flatnonzero((y % stride == stride // 2) & (x % stride == stride // 2))
    if stride == 1 or not len(chosen):
        chosen = np.arange(len(cells.number))
    side = -1.0 if is_inward else 1.0
    seen = _look_around(cells, chosen, reach, side)
    return seen if len(chosen) == len(cells.number) else _spread(cells, chosen, seen, stride)


def _look_around(cells: Cells, chosen: np.ndarray, reach: float, side: float) -> np.ndarray:
    flat, shaded = side * cells.face_normals[chosen], side * cells.normals[chosen]
    start = cells.positions[chosen] + flat * (1e-4 * cells.size)
    starts = [mathutils.Vector(one) for one in start.tolist()]
    met, whole = np.zeros(len(chosen)), np.zeros(len(chosen))
    cast = cells.tree.ray_cast
    for direction in _directions():
        cosine = shaded @ direction
        open_ = np.flatnonzero((cosine > GRAZING) & (flat @ direction > GRAZING))
        towards = mathutils.Vector(direction.tolist())
        hits = [cast(starts[at], towards, reach) for at in open_.tolist()]
        # from inside, a face that is met from its front is that of another body, which stands in this one
        lengths = [
            reach if length is None or (side < 0 and normal.dot(towards) < 0) else length
            for _, normal, _, length in hits
        ]
        near = 1 - np.array(lengths) / reach
        met[open_] += cosine[open_] * near
        whole[open_] += cosine[open_]
    return np.divide(met, whole, out=np.zeros_like(met), where=whole > 0)


def _directions() -> np.ndarray:
    """Directions spread evenly over the sphere, on a spiral: shape (directions, 3)."""
    turn = np.arange(DIRECTIONS)
    z = 1 - (2 * turn + 1) / DIRECTIONS
    radius = np.sqrt(1 - z * z)
    return np.stack([radius * np.cos(_GOLDEN * turn), radius * np.sin(_GOLDEN * turn), z], 1)


def _spread(cells: Cells, chosen: np.ndarray, values: np.ndarray, stride: int) -> np.ndarray:
    """Give all cells the values of the chosen ones around them, of their island; not a number where none is."""
    shape = cells.height // stride + 3, cells.width // stride + 3
    y, x = np.divmod(cells.number, cells.width)
    lattice, of = np.zeros(shape), np.full(shape, -1)
    lattice[y[chosen] // stride + 1, x[chosen] // stride + 1] = values
    of[y[chosen] // stride + 1, x[chosen] // stride + 1] = cells.island[chosen]
    total, weight = np.zeros(len(y)), np.zeros(len(y))
    for down in (0, 1, 2):
        for along in (0, 1, 2):
            row, column = y // stride + down, x // stride + along
            away = np.hypot((row - 1) * stride + stride // 2 - y, (column - 1) * stride + stride // 2 - x)
            share = (1.5 * stride - away).clip(0) * (of[row, column] == cells.island)
            total += share * lattice[row, column]
            weight += share
    return np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0)
