# SPDX-License-Identifier: GPL-3.0-or-later
"""Meshes with seams on which growths are measured, and how they are unwrapped."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

import numpy as np

from ...automaton.surface_mesh import connected, weld

MARGIN = 3.0
"""Cells between islands, as one unwraps for growths."""


SPLINTER, MOST_JOINS = 0.003, 12
"""Share of a mesh's area below which islands are joined to others, triangles beside these first."""


class Unwrapped(NamedTuple):
    """A mesh as `automaton.surface_building.build` takes it.

    Attributes
    ----------
    positions : ndarray, shape (vertices, 3)
    triangles : ndarray of int, shape (triangles, 3)
    uvs : ndarray, shape (triangles, 3, 2)
    """

    positions: np.ndarray
    triangles: np.ndarray
    uvs: np.ndarray


def draw_meshes(cells: int) -> dict[str, Unwrapped]:
    """Five meshes, unwrapped for a grid of so many cells a side: a cube, a torus, a sphere, a knot, and a boulder with
    dents."""
    shapes = {
        "cube": _draw_cube(24),
        "torus": draw_torus(96, 48),
        "sphere": _bend(96, 48, lambda a, b: _ball(a, b, np.ones_like(a)), True, False),
        "knot": _bend(240, 24, _knot, True, True),
        "boulder": _bend(96, 48, _boulder, True, False),
    }
    return {name: unwrap(*shape, cells) for name, shape in shapes.items()}


def draw_torus(along: int, around: int) -> tuple[np.ndarray, np.ndarray]:
    """A torus of so many quads: positions of shape (vertices, 3), triangles (2 along around, 3)."""
    return _bend(along, around, lambda a, b: _ring(a, b, 0.45), True, True)


def unwrap(positions: np.ndarray, triangles: np.ndarray, cells: int) -> Unwrapped:
    """Cut a mesh where it bends away, lay the islands flat, turn each one otherwise, mirror some, and pack them.

    Parameters
    ----------
    positions : ndarray, shape (vertices, 3)
    triangles : ndarray of int, shape (triangles, 3)
    cells : int
        Of the grid, on each side.

    Returns
    -------
    Unwrapped
    """
    corners = positions[triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(normals, axis=1)
    normals /= area[:, None]
    # the middles of a cube's sides and its corners
    ways = np.array([way for way in product((-1, 0, 1), repeat=3) if np.abs(way).sum() in (1, 3)], float)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    facing = (normals @ ways.T).round(6).argmax(1)
    welded = weld(positions)[triangles]
    edges = np.sort(np.stack([welded, np.roll(welded, -1, 1)], -1), -1).reshape(-1, 2)
    of, order = np.repeat(np.arange(len(triangles)), 3), np.lexsort(edges.T)
    same = (np.diff(edges[order], axis=0) == 0).all(1)
    one, other = of[order[:-1][same]], of[order[1:][same]]
    island = _part(facing, one, other, area)
    flat = np.empty((len(triangles), 3, 2))
    for number in range(island.max() + 1):
        its = island == number
        way = ways[facing[its][0]]
        right = np.cross(way, [0.3, 0.5, 0.8])
        right /= np.linalg.norm(right)
        placed = corners[its] @ np.stack([right, np.cross(way, right)], 1)
        angle = 2.4 * number  # the golden angle: no two alike
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        flat[its] = placed @ turn * ((-1, 1) if number % 3 == 2 else (1, 1))
    return Unwrapped(positions, triangles, _pack(flat, island, MARGIN / cells))


def _part(facing: np.ndarray, one: np.ndarray, other: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Islands of neighbours that face one way; splinters join the island beside them, and face as it does, in place."""
    for _ in range(MOST_JOINS):
        alike = facing[one] == facing[other]
        island = connected(len(facing), one[alike], other[alike])
        splinter = np.bincount(island, area) < SPLINTER * area.sum()
        joins = splinter[island[one]] & ~splinter[island[other]]
        joined = splinter[island[other]] & ~splinter[island[one]]
        if not (joins | joined).any():
            break
        facing[one[joins]] = facing[other[joins]]
        facing[other[joined]] = facing[one[joined]]
    return island


def _pack(flat: np.ndarray, island: np.ndarray, margin: float) -> np.ndarray:
    """Lay islands in rows into the unit square, as large as they fit."""
    count = island.max() + 1
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    np.minimum.at(low, island, flat.min(1))
    np.maximum.at(high, island, flat.max(1))
    order = np.argsort(low[:, 1] - high[:, 1])
    fits, too_large = 0.0, 2 / (high - low).max()
    places = np.zeros((count, 2))
    for _ in range(24):
        scale = (fits + too_large) / 2
        size = (high - low) * scale + margin
        corner, tall, tried = np.array([margin, margin]), 0.0, np.zeros((count, 2))
        for number in order:
            if corner[0] + size[number, 0] > 1:
                corner, tall = np.array([margin, corner[1] + tall]), 0.0
            tried[number] = corner
            corner[0] += size[number, 0]
            tall = max(tall, size[number, 1])
        if corner[1] + tall <= 1 and (tried + size <= 1 + 1e-9).all():
            fits, places = scale, tried
        else:
            too_large = scale
    return (flat - low[island][:, None]) * fits + places[island][:, None]


def _bend(
    along: int,
    around: int,
    place: Callable[[np.ndarray, np.ndarray], np.ndarray],
    closed_along: bool,
    closed_around: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """A grid of quads bent in space: positions of two angles, triangles."""
    columns, rows = along + (not closed_along), around + (not closed_around)
    a, b = np.meshgrid(2 * np.pi * np.arange(columns) / along, 2 * np.pi * np.arange(rows) / around)
    i, j = (each.reshape(-1, 1) for each in np.meshgrid(np.arange(along), np.arange(around)))
    quads = ((j + [0, 0, 1, 1]) % rows) * columns + (i + [0, 1, 1, 0]) % columns
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    positions = place(a.reshape(-1), b.reshape(-1))
    corners = positions[triangles]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    return positions, triangles[area > 1e-9]


def _ring(a: np.ndarray, b: np.ndarray, thick: float) -> np.ndarray:
    away = 1 + thick * np.cos(b)
    return np.stack([away * np.cos(a), away * np.sin(a), thick * np.sin(b)], 1)


def _ball(a: np.ndarray, b: np.ndarray, radius: np.ndarray) -> np.ndarray:
    down = b / 2  # from pole to pole
    ring = radius * np.sin(down)
    return np.stack([ring * np.cos(a), ring * np.sin(a), -radius * np.cos(down)], 1)


def _boulder(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    ball = _ball(a, b, np.ones_like(a))
    random = np.random.default_rng(5)
    ways = random.normal(size=(14, 3))
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    dents = np.exp(7 * (ball @ ways.T - 1)) @ random.uniform(-0.35, 0.25, 14)
    return ball * (1 + dents[:, None])


def _knot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    def line(t: np.ndarray) -> np.ndarray:
        away = 1 + 0.42 * np.cos(3 * t)
        return np.stack([away * np.cos(2 * t), away * np.sin(2 * t), 0.42 * np.sin(3 * t)], 1)

    ahead = line(a + 1e-4) - line(a - 1e-4)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    out: np.ndarray = line(a) * np.array([1.0, 1.0, 0.0])
    out -= (out * ahead).sum(1, keepdims=True) * ahead
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    side = np.cross(ahead, out)
    return line(a) + 0.19 * (np.cos(b)[:, None] * out + np.sin(b)[:, None] * side)


def _draw_cube(parts: int) -> tuple[np.ndarray, np.ndarray]:
    """A cube of many faces, so that its edges are as fine as those of the others."""
    i, j = (each.reshape(-1, 1) for each in np.meshgrid(np.arange(parts), np.arange(parts)))
    u, v = (2.0 / parts * (each + step) - 1 for each, step in ((i, [0, 1, 1, 0]), (j, [0, 0, 1, 1])))
    quads = []
    for axis, side in product(range(3), (-1, 1)):
        quad = np.empty((*u.shape, 3))
        quad[..., axis], quad[..., (axis + 1) % 3], quad[..., (axis + 2) % 3] = side, u * side, v
        quads.append(quad)
    corners = np.concatenate(quads)
    numbers = np.arange(corners.shape[0] * 4).reshape(-1, 4)
    return corners.reshape(-1, 3), np.concatenate([numbers[:, [0, 1, 2]], numbers[:, [0, 2, 3]]])
