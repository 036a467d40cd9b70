# SPDX-License-Identifier: GPL-3.0-or-later
"""Ties: from which cells on the other side of a seam a cell outside an island takes its state."""

from __future__ import annotations

import numpy as np

from .surface import REACH, TAPS
from .surface_mesh import Mesh, cross, expand

PADDING = REACH + 1
"""Cells around the grid in which ties may lie."""
PIECE = 4.0
"""Cells of a seam that are looked along at once."""
MOST_CROSSINGS = 5
LEAST = 1e-6
"""A weight below is none: what lands on the centre of a cell is that cell."""
NONE = -1


class Seams:
    """Edges where islands end, turned so that their island lies on one side of all: where cross(edge, place) > 0.

    Parameters
    ----------
    mesh : Mesh

    Attributes
    ----------
    a, b : ndarray, shape (seams, 2)
        Ends of the edge.
    far_a, far_b : ndarray, shape (seams, 2)
        Where these lie in the island on the other side; the edge itself where there is none: the surface is reflected.
    island, far : ndarray of int, shape (seams,)
    side : ndarray of int, shape (seams,)
        1 or -1, the sign of the cross product on the far side; 0 for none.
    """

    def __init__(self, mesh: Mesh):
        edge, mate = mesh.seam, mesh.across
        back = mesh.area[edge // 3] < 0
        start, end = mesh.start(edge), mesh.end(edge)
        self.a, self.b = np.where(back[:, None], end, start), np.where(back[:, None], start, end)
        # mates run the other way, unless triangles wind against each other
        far_start, far_end = mesh.start(mate), mesh.end(mate)
        swapped = (back == mesh.runs_along(edge))[:, None]
        far_a, far_b = np.where(swapped, far_end, far_start), np.where(swapped, far_start, far_end)
        there = (mate >= 0) & (np.abs(far_b - far_a).max(1, initial=0) > LEAST)
        there &= np.abs(self.b - self.a).max(1, initial=0) > LEAST
        self.far_a = np.where(there[:, None], far_a, self.a)
        self.far_b = np.where(there[:, None], far_b, self.b)
        self.island = mesh.island[edge // 3]
        self.far = np.where(there, mesh.island[mate // 3], self.island)
        # a half-edge has its triangle on the side that the sign of the triangle's area says
        runs = np.where(swapped[:, 0], -1, 1)
        self.side = np.where(there, runs * np.sign(mesh.area[mate // 3]), 0).astype(np.int64)


def measure(place: np.ndarray, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where places lie beside edges.

    Parameters
    ----------
    place, a, b : ndarray, shape (places, 2)
        Ends of the edges are a and b.

    Returns
    -------
    along : ndarray, shape (places,)
        0 at a, 1 at b.
    inside : ndarray, shape (places,)
        In lengths of the edge.
    distance : ndarray, shape (places,)
        From the edge, in cells.
    """
    edge = b - a
    square = np.maximum((edge * edge).sum(-1), 1e-18)
    along = ((place - a) * edge).sum(-1) / square
    inside = cross(edge, place - a) / square
    foot = a + along.clip(0, 1)[..., None] * edge
    return along, inside, np.linalg.norm(place - foot, axis=-1)


def walk(a: np.ndarray, b: np.ndarray, height: int, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cut edges into pieces, as far as they come near the grid: islands may reach far out of the square.

    Parameters
    ----------
    a, b : ndarray, shape (edges, 2)
        Ends.
    height, width : int
        Of the grid.

    Returns
    -------
    ndarray of int, shape (pieces,)
        The edge that each is of.
    ndarray, ndarray, shape (pieces, 2)
        Where it begins and ends, not more than `PIECE` cells apart.
    """
    way, first, last = b - a, np.zeros(len(a)), np.ones(len(a))
    for axis, size in ((0, width), (1, height)):
        with np.errstate(divide="ignore", invalid="ignore"):
            near, far = (
                (side - a[:, axis]) / way[:, axis] for side in (-PADDING - REACH, size + PADDING + REACH)
            )
        still = way[:, axis] == 0
        beside = (a[:, axis] < -PADDING - REACH) | (a[:, axis] > size + PADDING + REACH)
        enters = np.where(still, np.where(beside, 2.0, 0.0), np.fmin(near, far))
        leaves = np.where(still, 1.0, np.fmax(near, far))
        first, last = np.maximum(first, enters), np.minimum(last, leaves)
    length = np.linalg.norm(way, axis=1) * (last - first)
    pieces = np.where(last >= first, np.maximum(np.ceil(length / PIECE), 1), 0).astype(np.int64)
    edge, number = expand(pieces)
    step = (last - first)[edge] / pieces[edge]
    share = first[edge] + step * number
    return edge, a[edge] + share[:, None] * way[edge], a[edge] + (share + step)[:, None] * way[edge]


def carry(
    place: np.ndarray, a: np.ndarray, b: np.ndarray, far_a: np.ndarray, far_b: np.ndarray, side: np.ndarray
) -> np.ndarray:
    """Carry places over seams, by the similarity that lays one edge onto the other. What lies outside an island comes
    to lie inside the next one, and the other way round.

    Parameters
    ----------
    place, a, b, far_a, far_b : ndarray, shape (places, 2)
    side : ndarray, shape (places,)
        As `Seams` has them.

    Returns
    -------
    ndarray, shape (places, 2)
    """
    along, inside, _ = measure(place, a, b)
    edge = far_b - far_a
    inwards = np.stack([-edge[..., 1], edge[..., 0]], -1) * np.where(side == 0, 1, side)[..., None]
    return far_a + along[..., None] * edge - inside[..., None] * inwards


class Cells:
    """The cells that islands have: their own, those that they share, and the ties beside them.

    Parameters
    ----------
    island : ndarray of int, shape (height, width)
        Of each cell, -1 for none.
    shared : ndarray of int, shape (any, 2)
        Island and number of the cells that several islands lie on, but one owns.
    """

    def __init__(self, island: np.ndarray, shared: np.ndarray):
        self.height, self.width = island.shape
        self.across = self.width + 2 * PADDING
        self.size = (self.height + 2 * PADDING) * self.across
        padded = np.full((self.height + 2 * PADDING, self.across), -1)
        padded[PADDING:-PADDING, PADDING:-PADDING] = island
        self._island = padded.reshape(-1)
        y, x = np.divmod(shared[:, 1], self.width)
        self._shared = np.unique(shared[:, 0] * self.size + self.number(y, x))

    def number(self, y: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Numbers of cells (any,) in the padded grid, from their rows and columns: shape (any,)."""
        return (y + PADDING) * self.across + x + PADDING

    def place(self, number: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows and columns of numbered cells: each of shape (any,)."""
        y, x = np.divmod(number, self.across)
        return y - PADDING, x - PADDING

    def has(self, y: np.ndarray, x: np.ndarray, island: np.ndarray) -> np.ndarray:
        """Whether islands have cells.

        Parameters
        ----------
        y, x, island : ndarray of int, shape (any,)

        Returns
        -------
        ndarray, bool, shape (any,)
        """
        inside = (y >= 0) & (y < self.height) & (x >= 0) & (x < self.width)
        number = np.where(inside, self.number(y, x), 0)
        own = self._island[number] == island
        if len(self._shared):
            own |= contains(self._shared, island * self.size + number)
        return inside & own

    def weigh(self, place: np.ndarray, island: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Interpolate between the four cells around places, as far as their islands have them.

        Parameters
        ----------
        place : ndarray, shape (places, 2)
        island : ndarray of int, shape (places,)

        Returns
        -------
        ndarray of int, shape (places, TAPS)
            Numbers of cells in the grid.
        ndarray, shape (places, TAPS)
            Weights; they sum to less than one where cells are missing.
        """
        corner = np.floor(place - 0.5).astype(np.int64)
        share = place - 0.5 - corner
        source, weight = np.zeros((len(place), TAPS), np.int64), np.zeros((len(place), TAPS))
        for tap, (dy, dx) in enumerate(((0, 0), (0, 1), (1, 0), (1, 1))):
            y, x = corner[:, 1] + dy, corner[:, 0] + dx
            there = self.has(y, x, island)
            part = np.abs(1 - dy - share[:, 1]) * np.abs(1 - dx - share[:, 0])
            weight[:, tap] = np.where(there & (part > LEAST), part, 0)
            source[:, tap] = np.where(weight[:, tap] > 0, y * self.width + x, 0)
        return source, weight

    def nearest(self, place: np.ndarray, island: np.ndarray, reach: int) -> np.ndarray:
        """Find the cell nearest to each place that its island has.

        Parameters
        ----------
        place : ndarray, shape (places, 2)
        island : ndarray of int, shape (places,)
        reach : int
            Cells to look at, on each side.

        Returns
        -------
        ndarray of int, shape (places,)
            Numbers of cells, -1 for none.
        """
        y, x = np.floor(place[:, 1]).astype(np.int64), np.floor(place[:, 0]).astype(np.int64)
        best, found = np.full(len(place), np.inf), np.full(len(place), NONE)
        for dy in range(-reach, reach + 1):
            for dx in range(-reach, reach + 1):
                away = (x + dx + 0.5 - place[:, 0]) ** 2 + (y + dy + 0.5 - place[:, 1]) ** 2
                nearer = self.has(y + dy, x + dx, island) & (away < best)
                best[nearer], found[nearer] = away[nearer], ((y + dy) * self.width + x + dx)[nearer]
        return found


class Ties:
    """Ties of all islands, in the order of their islands and cells.

    Parameters
    ----------
    seams : Seams
    cells : Cells

    Attributes
    ----------
    island, number : ndarray of int, shape (ties,)
        The island, and the cell in the padded grid.
    distance : ndarray, shape (ties,)
        From the island, in cells.
    source, weight : ndarray, shape (ties, TAPS)
    """

    def __init__(self, seams: Seams, cells: Cells):
        self.cells = cells
        edge = self._look(seams)
        y, x = cells.place(self.number)
        self._own = np.stack([x + 0.5, y + 0.5], -1)
        self._cross(seams, edge)

    def find(self, y: np.ndarray, x: np.ndarray, island: np.ndarray) -> np.ndarray:
        """Find the ties that stand in cells for islands.

        Parameters
        ----------
        y, x, island : ndarray of int, shape (any,)

        Returns
        -------
        ndarray of int, shape (any,)
            Numbers of ties, -1 for none.
        """
        key = island * self.cells.size + self.cells.number(y, x)
        at = np.searchsorted(self._key, key).clip(0, max(len(self._key) - 1, 0))
        return np.where(self._key[at] == key, at, NONE) if len(self._key) else np.full(len(key), NONE)

    def _look(self, seams: Seams) -> np.ndarray:
        """Find the cells within reach of seams; returns the nearest seam of each."""
        cells, reach = self.cells, REACH
        edge, start, end = walk(seams.a, seams.b, cells.height, cells.width)
        low = np.ceil(np.minimum(start, end) - reach - 0.5).astype(np.int64)
        high = np.floor(np.maximum(start, end) + reach - 0.5).astype(np.int64)
        low = np.maximum(low, -PADDING)
        high = np.minimum(high, np.array([cells.width, cells.height]) + PADDING - 1)
        span = (high - low + 1).clip(0)
        piece, number = expand(span[:, 0] * span[:, 1])
        y = low[piece, 1] + number // span[piece, 0]
        x = low[piece, 0] + number % span[piece, 0]
        edge = edge[piece]
        out = ~cells.has(y, x, seams.island[edge])
        y, x, edge = y[out], x[out], edge[out]
        _, inside, distance = measure(np.stack([x + 0.5, y + 0.5], -1), seams.a[edge], seams.b[edge])
        close = distance < reach
        y, x, edge, inside, distance = y[close], x[close], edge[close], inside[close], distance[close]
        key = seams.island[edge] * cells.size + cells.number(y, x)
        # at a corner two edges are as near: the one that sees the cell more from outside
        length = np.linalg.norm(seams.b[edge] - seams.a[edge], axis=1)
        order = np.lexsort((inside * length, np.round(distance, 4), key))
        key = key[order]
        chosen = order[np.r_[True, np.diff(key) != 0]] if len(order) else order
        self._key = np.unique(key)
        self.island, self.number = np.divmod(self._key, cells.size)
        self.distance = distance[chosen]
        return edge[chosen]

    def _cross(self, seams: Seams, edge: np.ndarray) -> None:
        """Follow the surface from each tie, over as many seams as it takes, to the on-cells around."""
        cells, own_edge = self.cells, edge
        place, island = self._own.copy(), self.island.copy()
        open_ = np.arange(len(place))
        for _ in range(MOST_CROSSINGS):
            if not len(open_):
                break
            each = (seams.a, seams.b, seams.far_a, seams.far_b, seams.side)
            place[open_] = carry(place[open_], *(values[edge] for values in each))
            island[open_] = seams.far[edge]
            _, weight = cells.weigh(place[open_], island[open_])
            open_ = open_[weight.sum(1) < 1e-3]
            # it came out beside that island: from there on along that cell's own tie
            y, x = np.floor(place[open_, 1]).astype(np.int64), np.floor(place[open_, 0]).astype(np.int64)
            y = y.clip(-PADDING, cells.height + PADDING - 1)
            x = x.clip(-PADDING, cells.width + PADDING - 1)
            tie = self.find(y, x, island[open_])
            open_, edge = open_[tie >= 0], own_edge[tie[tie >= 0]]
        self.source, self.weight = cells.weigh(place, island)
        self._take_nearest(place, island)
        self.weight /= np.maximum(self.weight.sum(1, keepdims=True), 1e-30)

    def _take_nearest(self, place: np.ndarray, island: np.ndarray) -> None:
        """Ties that came nowhere take the nearest cell: of where they came to, else of their own island."""
        for around, of in ((place, island), (self._own, self.island)):
            lost = np.flatnonzero(self.weight.sum(1) < 1e-3)
            if not len(lost):
                return
            found = self.cells.nearest(around[lost], of[lost], 2 * REACH)
            lost, found = lost[found >= 0], found[found >= 0]
            self.source[lost], self.weight[lost] = 0, 0
            self.source[lost, 0], self.weight[lost, 0] = found, 1


def contains(ascending: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Which keys (any,) are among ascending ones: bool, shape (any,)."""
    at = np.searchsorted(ascending, keys).clip(0, len(ascending) - 1)
    return ascending[at] == keys
