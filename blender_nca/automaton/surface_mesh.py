# SPDX-License-Identifier: GPL-3.0-or-later
"""Triangles with UV coordinates: which go on into which, the islands they form, and the seams where islands end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .surface_error import SurfaceError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

WELD = 1e-6
"""Vertices that lie together are one, whatever a file says: this share of the mesh's size is together."""
SAME_PLACE = 1e-3
"""Cells between the UV corners of two triangles that go on into each other."""
FARTHEST = 1e4
"""Of UV coordinates: beyond this their digits do not tell cells apart."""
SMALLEST = 1e-9
"""Area in cells below which a triangle has no cells and no direction."""


class Mesh:
    """Triangles laid out on a grid of cells.

    Half-edge `3 t + k` goes from corner k of triangle t to the next one. Places are in cells, as `surface.Surface`
    says.

    Parameters
    ----------
    positions : array-like, shape (vertices, 3)
    triangles : array-like of int, shape (triangles, 3)
        Vertices of each.
    uvs : array-like, shape (triangles, 3, 2)
        Of each corner, v upwards.
    height, width : int
        Cells of the grid that the UV square is.

    Attributes
    ----------
    corners : ndarray, shape (triangles, 3, 2)
        Places of the corners.
    area : ndarray, shape (triangles,)
        Twice that on the grid: above zero where the corners go round to the right in the picture.
    good : ndarray, bool, shape (triangles,)
        Which have an area.
    island, shell : ndarray of int, shape (triangles,)
        Parts that are connected on the grid, and in space.
    normals : ndarray, shape (triangles, 3)
        Of unit length, alike in all triangles of an island; zero where a triangle has none.
    seam : ndarray of int, shape (seams,)
        Half-edges where islands end.
    across : ndarray of int, shape (seams,)
        The half-edge on the other side of each; -1 where there is none.

    Raises
    ------
    SurfaceError
        There is nothing to grow on, or the arrays do not fit each other.
    """

    def __init__(self, positions: ArrayLike, triangles: ArrayLike, uvs: ArrayLike, height: int, width: int):
        positions = np.asarray(positions, np.float64).reshape(-1, 3)
        triangles = np.asarray(triangles, np.int64).reshape(-1, 3)
        uvs = np.asarray(uvs, np.float64)
        if not len(triangles):
            raise SurfaceError("The mesh has no faces: choose another one.")
        if uvs.shape != (len(triangles), 3, 2):
            raise SurfaceError("The mesh has no UV coordinates for all of its faces: unwrap it.")
        if triangles.min() < 0 or triangles.max() >= len(positions):
            raise SurfaceError("The mesh has faces without vertices: clean it up (Mesh > Clean Up).")
        if not (np.isfinite(positions).all() and np.isfinite(uvs).all()):
            raise SurfaceError("The mesh has positions or UV coordinates that are no numbers: clean it up.")
        if np.abs(uvs).max() > FARTHEST:
            raise SurfaceError(
                "The mesh has UV coordinates far outside the square: pack its islands into it."
            )
        self.height, self.width = height, width
        self.corners = np.stack([uvs[..., 0] * width, (1 - uvs[..., 1]) * height], -1)
        self.positions, self.triangles = positions, triangles
        self.area = cross(self.corners[:, 1] - self.corners[:, 0], self.corners[:, 2] - self.corners[:, 0])
        self.good = np.abs(self.area) > SMALLEST
        self._join(weld(positions)[triangles])
        self._orient()

    def start(self, edge: np.ndarray) -> np.ndarray:
        """Places where half-edges start: shape (edges, 2)."""
        return self.corners.reshape(-1, 2)[edge]

    def end(self, edge: np.ndarray) -> np.ndarray:
        """Places where half-edges end: shape (edges, 2)."""
        return self.corners.reshape(-1, 2)[following(edge)]

    def _join(self, vertices: np.ndarray) -> None:
        """Find islands, shells and seams; `vertices` are the welded ones of the triangles' corners."""
        count, edges = len(vertices), np.arange(vertices.size)
        first = vertices.reshape(-1)
        last = first[following(edges)]
        key = np.minimum(first, last) * (first.max() + 1) + np.maximum(first, last)
        usable = self.good[edges // 3] & (first != last)
        edges = edges[usable]
        edges = edges[np.argsort(key[usable], kind="stable")]
        begins = np.flatnonzero(np.r_[True, np.diff(key[edges]) != 0]) if len(edges) else edges
        # where three triangles meet at an edge the surface has no single other side
        pairs = begins[np.diff(np.r_[begins, len(edges)]) == 2]
        one, other = edges[pairs], edges[pairs + 1]
        mate = np.full(vertices.size, -1)
        mate[one], mate[other] = other, one
        against = first[one] == first[other]  # these two triangles wind against each other
        start, end = self.start(other), self.end(other)
        start, end = np.where(against[:, None], start, end), np.where(against[:, None], end, start)
        goes_on = np.abs(self.start(one) - start).max(1, initial=0) < SAME_PLACE
        goes_on &= np.abs(self.end(one) - end).max(1, initial=0) < SAME_PLACE
        # a fold lays the neighbour onto the same side: it does not go on there
        sides = np.sign(self.area[one // 3]) * np.sign(self.area[other // 3])
        goes_on &= np.where(against, -sides, sides) > 0
        one_on, other_on = one[goes_on], other[goes_on]
        self.island = connected(count, one_on // 3, other_on // 3)
        self.shell = connected(count, one // 3, other // 3)
        inner = np.zeros(vertices.size, bool)
        inner[one_on] = inner[other_on] = True
        self.seam = np.flatnonzero(~inner & self.good.repeat(3))
        self.across = mate[self.seam]
        self._turned = np.zeros(vertices.size, bool)  # half-edges whose mate runs the same way
        self._turned[one] = self._turned[other] = against

    def runs_along(self, edge: np.ndarray) -> np.ndarray:
        """Whether the half-edge on the other side of each runs the same way, of triangles that wind against each other:
        bool, shape (edges,)."""
        return self._turned[edge]

    def _orient(self) -> None:
        sides = self.positions[self.triangles[:, 1:]] - self.positions[self.triangles[:, :1]]
        normals = np.cross(sides[:, 0], sides[:, 1])
        length = np.linalg.norm(normals, axis=1, keepdims=True)
        normals = np.divide(normals, length, out=np.zeros_like(normals), where=length > 0)
        # an island's triangles lie alike on the grid; those that wind otherwise would look at it from behind
        first = np.full(self.island.max() + 1, -1)
        good = np.flatnonzero(self.good)
        first[self.island[good[::-1]]] = good[::-1]
        sign = np.sign(self.area)
        self.mirrored = sign[first] > 0  # seen from above a picture's own corners go round to the left
        self.normals = normals * np.where(sign * sign[first][self.island] < 0, -1, 1)[:, None]


def following(edge: np.ndarray) -> np.ndarray:
    """The half-edge after each in its triangle: shape (edges,)."""
    return edge - edge % 3 + (edge + 1) % 3


def weld(positions: np.ndarray) -> np.ndarray:
    """Give vertices (count, 3) that lie together one number: shape (count,)."""
    low = positions.min(0)
    size = (positions.max(0) - low).max() or 1.0
    places = np.rint((positions - low) / (size * WELD)).astype(np.int64)
    bits = int(1 / WELD).bit_length()
    _, numbers = np.unique(places @ np.array([1, 1 << bits, 1 << 2 * bits]), return_inverse=True)
    return numbers.reshape(-1)


def connected(count: int, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Number the connected parts of a graph, in the order of their first nodes.

    Roots are hooked to smaller ones, all at once, and ways to them are halved until they are short (Shiloach and
    Vishkin 1982).

    Parameters
    ----------
    count : int
        Nodes.
    one, other : ndarray of int, shape (edges,)
        Nodes that belong together.

    Returns
    -------
    ndarray of int, shape (count,)
    """
    label = np.arange(count)
    while len(one):
        a, b = label[one], label[other]
        apart = a != b
        one, other, a, b = one[apart], other[apart], a[apart], b[apart]
        label[np.maximum(a, b)] = np.minimum(a, b)
        while (label != label[label]).any():
            label = label[label]
    _, numbers = np.unique(label, return_inverse=True)
    return numbers.reshape(-1)


def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cross products of plane vectors (..., 2): shape (...)."""
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def expand(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Repeat items (count,) so many times each: of each repetition, shape (sum,), the number of its item, and how many
    of it came before."""
    item = np.repeat(np.arange(len(counts)), counts)
    return item, np.arange(len(item)) - (np.cumsum(counts) - counts)[item]


def weigh(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """How much of each corner is in points on triangles: the barycentric coordinates of what is nearest in its plane.

    Parameters
    ----------
    points : ndarray, shape (points, 2) or (points, 3)
    corners : ndarray, shape (points, 3, 2) or (points, 3, 3)
        Of the triangle that each point is on.

    Returns
    -------
    ndarray, float64, shape (points, 3)
        From 0 to 1, one together; all of the first corner where a triangle has no area.
    """
    along, down, away = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0], points - corners[:, 0]

    def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return (a * b).sum(1)

    area = dot(along, along) * dot(down, down) - dot(along, down) ** 2
    area = np.where(area > 0, area, np.inf)
    two = (dot(down, down) * dot(away, along) - dot(along, down) * dot(away, down)) / area
    three = (dot(along, along) * dot(away, down) - dot(along, down) * dot(away, along)) / area
    weights = np.stack([1 - two - three, two, three], 1).clip(0, 1)
    return weights / weights.sum(1, keepdims=True)


def fill(mesh: Mesh) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lay the triangles onto the grid: a cell lies in one where its centre does.

    Returns
    -------
    ndarray of int, shape (height, width)
        The triangle of each cell, -1 for none; where several lie, one of the first island.
    ndarray, ndarray of int
        Cells and triangles of all that lie there, also of those that came later.
    """
    order = np.flatnonzero(mesh.good)
    cells, item = cover(mesh.corners[order], mesh.height, mesh.width)
    triangles = order[item]
    owner = np.full(mesh.height * mesh.width, -1)
    last_first = np.argsort(mesh.island[triangles], kind="stable")[::-1]
    owner[cells[last_first]] = triangles[last_first]
    return owner.reshape(mesh.height, mesh.width), cells, triangles


def cover(corners: np.ndarray, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the cells whose centres lie in triangles.

    Parameters
    ----------
    corners : ndarray, shape (triangles, 3, 2)
        Places on the grid; what lies outside it has no cells.
    height, width : int

    Returns
    -------
    ndarray, ndarray of int, shape (covered,)
        Cells, and the triangle of each: a cell as often as triangles lie there.
    """
    margin = 1e-6
    y = corners[..., 1]
    top = np.ceil(y.min(1) - 0.5 - margin).astype(np.int64).clip(0, height)
    bottom = np.floor(y.max(1) - 0.5 + margin).astype(np.int64).clip(-1, height - 1)
    item, row = expand((bottom - top + 1).clip(0))
    row += top[item]
    left, right = np.full(len(item), np.inf), np.full(len(item), -np.inf)
    for k in range(3):
        a, b = corners[item, k], corners[item, (k + 1) % 3]
        down = b[:, 1] - a[:, 1]
        share = np.divide(row + 0.5 - a[:, 1], down, out=np.full(len(item), -1.0), where=down != 0)
        x = a[:, 0] + share * (b[:, 0] - a[:, 0])
        hit = (share >= -1e-9) & (share <= 1 + 1e-9)
        left[hit], right[hit] = np.minimum(left, x)[hit], np.maximum(right, x)[hit]
    met = right >= left
    item, row, left, right = item[met], row[met], left[met], right[met]
    first = np.ceil(left - 0.5 - margin).astype(np.int64).clip(0, width)
    last = np.floor(right - 0.5 + margin).astype(np.int64).clip(-1, width - 1)
    span, column = expand((last - first + 1).clip(0))
    cells = row[span] * width + first[span] + column
    return cells, item[span]
