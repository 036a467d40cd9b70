# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs: ways that water takes down a surface."""

from __future__ import annotations

import mathutils
import numpy as np

from ..surface.meshes import unit
from .cells import Cells
from .noise import noise, numbers

STEP = 0.006
"""Of the mesh's size, from one point of a way to the next."""
STEEP = 0.12
"""How much of gravity runs along the surface, at least, for water to run there; under an overhang it drops off."""
MEANDER, SWING = 0.55, 0.08
"""How far a way swings to the side, of its way down; and after how far it swings back, of the mesh's size."""
DROP = 0.015
"""How long the drop at a way's end is, of the mesh's size."""


def runs(cells: Cells, count: int, length: float, width: float, random_seed: int) -> np.ndarray:
    """How near each cell is to a way down.

    Parameters
    ----------
    cells : Cells
    count : int
        Of the ways.
    length, width : float
        Of the longest one, and half of how wide it is, as shares of the mesh's size.
    random_seed : int

    Returns
    -------
    ndarray, float64, shape (cells,)
        1 in the middle of a way, one half at its border, 0 at twice that from it.
    """
    points, widths = _trace(cells, count, length, random_seed)
    tree = mathutils.kdtree.KDTree(len(points))
    for number, point in enumerate(points.tolist()):
        tree.insert(point, number)
    tree.balance()
    found = [tree.find(place) for place in cells.positions.tolist()]
    away = np.array([distance for _, _, distance in found])
    border = widths[[number for _, number, _ in found]] * width * cells.size
    return (1 - away / (2 * border)).clip(0, 1)


def _trace(cells: Cells, count: int, length: float, random_seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of all ways, (points, 3), and how wide they are there, of the widest."""
    sources = _sources(cells, count, random_seed)
    how_long, how_wide = numbers(2 * count, random_seed + 1).reshape(count, 2)[: len(sources)].T
    steps = np.maximum(2, (length * (0.3 + 0.7 * how_long) / STEP).astype(np.int64))
    points: list[np.ndarray] = []
    widths: list[np.ndarray] = []
    for way, wide in zip(_ways_down(cells, sources, steps, random_seed), how_wide.tolist(), strict=True):
        along = np.linspace(0, 1, len(way))
        # thin at its source, and a drop hangs at its end
        drop = np.exp(-(((1 - along) * len(way) * STEP / DROP) ** 2))
        points.append(way)
        widths.append((0.55 + 0.45 * along + 0.35 * drop) * (0.55 + 0.45 * wide))
    return np.concatenate(points), np.concatenate(widths)


def _sources(cells: Cells, count: int, random_seed: int) -> np.ndarray:
    """Cells where ways begin, far from each other, mostly high up: numbers among the cells."""
    order = np.argsort(numbers(len(cells.number), random_seed), kind="stable")[: 12 * count]
    places = cells.positions[order]
    height = places[:, 2]
    weight = 0.35 + (height - height.min()) / (np.ptp(height) or 1.0)
    weight = np.where(cells.normals[order, 2] < -0.3, 0.05, weight)
    away = np.full(len(order), np.inf)
    chosen: list[int] = []
    for _ in range(min(count, len(order))):
        at = int(np.argmax(np.minimum(away, cells.size) * weight))
        chosen.append(at)
        away = np.minimum(away, np.linalg.norm(places - places[at], axis=1))
    return order[chosen]


def _ways_down(cells: Cells, sources: np.ndarray, steps: np.ndarray, random_seed: int) -> list[np.ndarray]:
    """The ways from some cells: (points, 3) each. They keep to the surface, and end where water would drop off."""
    step = STEP * cells.size
    place, normal = cells.positions[sources], cells.normals[sources]
    before = (place - cells.low - cells.size / 2) * (1, 1, 0)
    ways = [[one] for one in place]
    going = np.arange(len(sources))
    for taken in range(int(steps.max())):
        going = going[steps[going] > taken]
        here, upright = place[going], normal[going]
        down = np.array([0.0, 0.0, -1.0]) + upright[:, 2:] * upright
        is_flat = np.linalg.norm(down, axis=1) < STEEP
        # over a flat top it goes on as it came
        onward = before[going] - (before[going] * upright).sum(1, keepdims=True) * upright
        down[is_flat] = onward[is_flat]
        swing = noise(here, SWING * cells.size, random_seed)[:, None] - 0.5
        towards = unit(down + 2 * MEANDER * swing * np.cross(upright, down))
        met = [cells.tree.find_nearest(mathutils.Vector(one)) for one in (here + step * towards).tolist()]
        reached = np.array([one[0] for one in met]).reshape(-1, 3)
        turned = np.array([one[1] for one in met]).reshape(-1, 3)
        turned *= np.where((turned * upright).sum(1, keepdims=True) < -0.5, -1.0, 1.0)
        flows = ~(is_flat & (upright[:, 2] < 0)) & (np.linalg.norm(reached - here, axis=1) > 0.2 * step)
        going, towards = going[flows], towards[flows]
        place[going], normal[going], before[going] = reached[flows], turned[flows], towards
        for number in going.tolist():
            ways[number].append(place[number].copy())
        if not len(going):
            break
    return [np.array(way) for way in ways]
