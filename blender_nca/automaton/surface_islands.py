# SPDX-License-Identifier: GPL-3.0-or-later
"""Islands: which faces of a mesh are unwrapped together, so that a UV map has few seams and little stretch.

What Blender's Smart UV Project lays apart is joined again where the whole can still be laid flat. That is so while it
remains a disc, and while little of the surface's curvature is inside of it: by the theorem of Gauss and Bonnet the
angles missing around its inner vertices are what no unwrapping can keep.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from .surface_mesh import connected, expand

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

FLAT_ENOUGH = 1.5
"""Radians of curvature, whichever way it goes, up to which islands are joined. Less than the corner of a cube has."""
LEAST_SHARE = 0.1
"""Of the shorter border of two islands that the other one has to share: islands on a thread waste the UV square."""


def join(
    positions: ArrayLike,
    starts: ArrayLike,
    corners: ArrayLike,
    is_seam: ArrayLike,
    flat_enough: float = FLAT_ENOUGH,
) -> np.ndarray:
    """Join islands that can be laid flat together.

    Parameters
    ----------
    positions : array-like, shape (vertices, 3)
    starts : array-like of int, shape (faces,)
        Where the corners of each face begin in `corners`, ascending from 0.
    corners : array-like of int, shape (corners,)
        Vertices of the faces, one after the other.
    is_seam : array-like of bool, shape (corners,)
        Whether an island ends at the edge from each corner to the next one of its face.
    flat_enough : float
        Radians of curvature that an island may have inside.

    Returns
    -------
    ndarray of bool, shape (corners,)
        `is_seam` without the seams that are not needed.
    """
    positions, corners = np.asarray(positions, np.float64), np.asarray(corners, np.int64)
    seam = np.array(is_seam, bool)
    face, _ = expand(np.diff(np.r_[np.asarray(starts, np.int64), len(corners)]))
    if not len(face):
        return seam
    edges = _Edges(corners, face)
    whole = ~seam[edges.one]
    island = connected(int(face[-1]) + 1, face[edges.one[whole]], face[edges.other[whole]])
    islands = _Islands(positions, edges, island)
    islands.join_all(flat_enough)
    island = connected(int(island.max()) + 1, *islands.joined())[island]
    gone = island[face[edges.one]] == island[face[edges.other]]
    seam[edges.one[gone]] = seam[edges.other[gone]] = False
    return seam


class _Edges:
    """The edges of faces.

    Attributes
    ----------
    corners, face : ndarray of int, shape (corners,)
        The vertex and the face of each corner.
    after, before : ndarray of int, shape (corners,)
        The next corner of the face, and the one before.
    number : ndarray of int, shape (corners,)
        Of the edge from each corner to the next one.
    is_single : ndarray of bool, shape (corners,)
        Whether that edge does not have two faces.
    one, other : ndarray of int, shape (pairs,)
        Corners from which the two faces of an edge run along it.
    """

    def __init__(self, corners: np.ndarray, face: np.ndarray):
        self.corners, self.face = corners, face
        is_first = np.r_[True, np.diff(face) != 0]
        first = np.flatnonzero(is_first)[np.cumsum(is_first) - 1]
        self.after = np.where(np.r_[is_first[1:], True], first, np.arange(1, len(face) + 1))
        self.before = np.empty_like(self.after)
        self.before[self.after] = np.arange(len(face))
        ends = np.sort(np.stack([corners, corners[self.after]]), 0)
        _, number, uses = np.unique(
            ends[0] * (corners.max() + 1) + ends[1], return_inverse=True, return_counts=True
        )
        self.number = number.reshape(-1)
        self.is_single = uses[self.number] != 2
        order = np.argsort(self.number, kind="stable")
        begins = (np.cumsum(uses) - uses)[uses == 2]
        self.one, self.other = order[begins], order[begins + 1]


class _Islands:
    """Islands as they are joined.

    Of each: `edges`, to each neighbour the numbers of the edges that they share; `vertices`, those where it is not
    alone; the length of its `border`; the `curvature` inside; and Euler's characteristic `euler`.
    """

    def __init__(self, positions: np.ndarray, edges: _Edges, island: np.ndarray):
        count = int(island.max()) + 1
        of_corner = island[edges.face]
        along = positions[edges.corners[edges.after]] - positions[edges.corners]
        back = positions[edges.corners[edges.before]] - positions[edges.corners]
        length = np.linalg.norm(along, axis=1)
        self.length = length[edges.one]
        self.edges: list[dict[int, list[int]]] = [defaultdict(list) for _ in range(count)]
        a, b = of_corner[edges.one], of_corner[edges.other]
        for number in np.flatnonzero(a != b):
            self.edges[a[number]][int(b[number])].append(int(number))
            self.edges[b[number]][int(a[number])].append(int(number))
        outer = np.ones(len(of_corner), bool)
        outer[edges.one[a == b]] = outer[edges.other[a == b]] = False
        self.border: list[float] = np.bincount(of_corner[outer], length[outer], count).tolist()
        angle = np.arctan2(np.linalg.norm(np.cross(along, back), axis=1), (along * back).sum(1))
        self.missing = np.abs(2 * np.pi - np.bincount(edges.corners, angle, len(positions)))
        for ends in (edges.corners, edges.corners[edges.after]):
            self.missing[ends[edges.is_single]] = 0.0  # there the surface ends: nothing has to close
        vertex, owner = np.unique(np.stack([edges.corners, of_corner], 1), axis=0).T
        edge_owner = np.unique(np.stack([edges.number, of_corner], 1), axis=0)[:, 1]
        self.euler: list[int] = (
            np.bincount(owner, minlength=count)
            - np.bincount(edge_owner, minlength=count)
            + np.bincount(island, minlength=count)
        ).tolist()
        self.around = np.bincount(vertex, minlength=len(positions))
        alone = self.around[vertex] == 1
        self.curvature: list[float] = np.bincount(owner[alone], self.missing[vertex[alone]], count).tolist()
        self.vertices: list[set[int]] = [set() for _ in range(count)]
        for one, its in zip(vertex[~alone].tolist(), owner[~alone].tolist(), strict=True):
            self.vertices[its].add(one)
        self._joined: list[tuple[int, int]] = []

    def join_all(self, flat_enough: float) -> None:
        """Join neighbours, first those that share most of a border."""
        queue = [(-self._share(a, b), a, b) for a, around in enumerate(self.edges) for b in around if a < b]
        heapq.heapify(queue)
        gone: set[int] = set()
        while queue:
            share, a, b = heapq.heappop(queue)
            if a in gone or b in gone or share != -self._share(a, b) or not self._fit(a, b, flat_enough):
                continue
            if len(self.vertices[a]) < len(self.vertices[b]):
                a, b = b, a
            self._take_in(a, b)
            gone.add(b)
            for other in self.edges[a]:
                heapq.heappush(queue, (-self._share(a, other), min(a, other), max(a, other)))

    def joined(self) -> tuple[np.ndarray, np.ndarray]:
        """The pairs that were joined, as two arrays."""
        pairs = np.array(self._joined, np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def _share(self, a: int, b: int) -> float:
        shared = float(self.length[self.edges[a][b]].sum())
        return shared / max(min(self.border[a], self.border[b]), 1e-30)

    def _joint_euler(self, a: int, b: int) -> int:
        """Euler's characteristic of both together: 1 of a disc, one less for each hole."""
        return self.euler[a] + self.euler[b] - len(self._shared(a, b)) + len(self.edges[a][b])

    def _shared(self, a: int, b: int) -> set[int]:
        return self.vertices[a] & self.vertices[b]

    def _closing(self, a: int, b: int) -> list[int]:
        """Vertices that nobody else has part in."""
        return [vertex for vertex in self._shared(a, b) if self.around[vertex] == 2]

    def _fit(self, a: int, b: int, flat_enough: float) -> bool:
        if self._share(a, b) < LEAST_SHARE:
            return False
        # an island that only became one around a hole, or a closed one, cannot be laid flat without another cut
        if not min(self.euler[a], self.euler[b]) <= self._joint_euler(a, b) <= 1:
            return False
        inside = self.curvature[a] + self.curvature[b]
        return inside + sum(self.missing[vertex] for vertex in self._closing(a, b)) <= flat_enough

    def _take_in(self, a: int, b: int) -> None:
        """Let island b be a part of island a."""
        closing = self._closing(a, b)
        self.euler[a] = self._joint_euler(a, b)
        self.curvature[a] += self.curvature[b] + sum(self.missing[vertex] for vertex in closing)
        self.border[a] += self.border[b] - 2 * float(self.length[self.edges[a][b]].sum())
        for vertex in self._shared(a, b):
            self.around[vertex] -= 1
        self.vertices[a] |= self.vertices[b]
        self.vertices[a] -= set(closing)
        for other, shared in self.edges[b].items():
            del self.edges[other][b]
            if other != a:
                self.edges[a][other] += shared
                self.edges[other][a] += shared
        self.vertices[b], self.edges[b] = set(), defaultdict(list)
        self._joined.append((a, b))
