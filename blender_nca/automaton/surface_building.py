# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a surface of a mesh: fills its islands with cells, ties them over the seams, and points all of them one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .growth_limits import LARGEST_GRID, SMALLEST_GRID
from .surface import NO_CELL, Surface
from .surface_directions import point
from .surface_error import SurfaceError
from .surface_guide import Line
from .surface_mesh import Mesh, fill
from .surface_ties import Cells, Seams, Ties

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def build(
    positions: ArrayLike,
    triangles: ArrayLike,
    uvs: ArrayLike,
    height: int,
    width: int,
    up: ArrayLike | Line | None = None,
    turn: float = 0.0,
) -> Surface:
    """Make the surface of a mesh.

    Parameters
    ----------
    positions : array-like, shape (vertices, 3)
        Vertices that lie together count as one.
    triangles : array-like of int, shape (triangles, 3)
        Vertices of each.
    uvs : array-like, shape (triangles, 3, 2)
        Of each corner; what lies outside the square from 0 to 1 has no cells.
    height, width : int
        Cells of the grid.
    up : array-like, shape (3,), (triangles, 3) or (triangles, 3, 3), or Line, optional
        Where patterns shall point up, in space: for all, for each triangle or for each of its corners; or a line that
        they follow. Where it is zero the neighbours decide. Unless given they point along the UV of each island, and
        turn at seams.
    turn : float
        Radians by which they are turned from there, to the left as one looks at the mesh from outside.

    Returns
    -------
    Surface

    Raises
    ------
    SurfaceError
        Nothing can grow there; the message says what to change.
    """
    if not (SMALLEST_GRID <= height <= LARGEST_GRID and SMALLEST_GRID <= width <= LARGEST_GRID):
        raise SurfaceError(
            f"A grid of {width} x {height} cells: choose {SMALLEST_GRID} to {LARGEST_GRID} cells a side."
        )
    return tie(Laid(Mesh(positions, triangles, uvs, height, width)), up, turn)


class Laid:
    """A mesh laid onto its grid, and what of it finds no place there.

    Parameters
    ----------
    mesh : Mesh

    Attributes
    ----------
    owner, covered, covering
        As `fill` gives them.
    """

    def __init__(self, mesh: Mesh):
        self.mesh = mesh
        self.owner, self.covered, self.covering = fill(mesh)
        sides = mesh.positions[mesh.triangles[:, 1:]] - mesh.positions[mesh.triangles[:, :1]]
        size = np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1)
        self._size = size / (size.sum() or 1.0)
        within = (mesh.corners >= -_NEARLY) & (mesh.corners <= np.array([mesh.width, mesh.height]) + _NEARLY)
        self._within = within.all((1, 2))

    @property
    def outside(self) -> float:
        """Share of the surface that lies outside the UV square, where no cells are."""
        middle = self.mesh.corners.mean(1)
        inside = ((middle >= 0) & (middle <= [self.mesh.width, self.mesh.height])).all(1)
        return float(self._size[~inside].sum())

    @property
    def overlapping(self) -> float:
        """Share of the cells' area on which something else lies already."""
        own = self.owner[self.owner >= 0]
        area = np.abs(self.mesh.area[self._within]).sum() / 2
        cells = np.count_nonzero(self._within[own])
        return float(max(0.0, 1 - cells / area)) if area else 0.0

    @property
    def without_cells(self) -> float:
        """Share of the surface, of what lies in the UV square, whose islands have no cell."""
        mesh = self.mesh
        has = np.zeros(mesh.island.max() + 1, bool)
        has[mesh.island[self.owner[self.owner >= 0]]] = True
        return float(self._size[self._within & ~(has[mesh.island] & mesh.good)].sum())


_NEARLY = 1e-3
"""Cells by which a corner may lie outside the square."""


def tie(laid: Laid, up: ArrayLike | Line | None = None, turn: float = 0.0) -> Surface:
    """Make the surface of a mesh that is laid onto its grid.

    Parameters
    ----------
    laid : Laid
    up, turn
        As of `build`.

    Raises
    ------
    SurfaceError
        No cell lies on it.
    """
    mesh, owner, covered, covering = laid.mesh, laid.owner, laid.covered, laid.covering
    if not (owner >= 0).any():
        raise SurfaceError(NO_CELL)
    island = np.where(owner >= 0, mesh.island[owner], -1)
    foreign = island.reshape(-1)[covered] != mesh.island[covering]
    shared = np.stack([mesh.island[covering[foreign]], covered[foreign]], 1)
    cells, seams = Cells(island, shared), Seams(mesh)
    ties = Ties(seams, cells)
    near = _choose_near(ties, island)
    angle = point(mesh, owner, _neighbours(ties, near, island), up, turn)
    kept, near = _drop_empty(ties, near)
    y, x = cells.place(ties.number[kept])
    # taps that do not count read a cell that does
    source = ties.source[kept]
    main = np.take_along_axis(source, ties.weight[kept].argmax(1)[:, None], 1)
    first = np.full(mesh.island.max() + 1, -1)
    first[mesh.island[::-1]] = np.arange(len(mesh.island))[::-1]
    return Surface(
        island=island,
        shell=mesh.shell[first],
        mirrored=mesh.mirrored,
        angle=angle,
        tie_cell=np.stack([y, x], 1),
        tie_island=ties.island[kept],
        tie_source=np.where(ties.weight[kept] > 0, source, main),
        tie_weight=ties.weight[kept],
        near=near,
        seam=np.stack([seams.a, seams.b], 1),
        seam_island=seams.island,
        beyond=np.stack([seams.far_a, seams.far_b], 1),
        beyond_island=seams.far,
        beyond_side=seams.side,
    )


def _choose_near(ties: Ties, island: np.ndarray) -> np.ndarray:
    """Numbers of the ties beside an on-cell of their island, sorted by their cells, one a cell: the nearest one's."""
    y, x = ties.cells.place(ties.number)
    around = np.pad(island, 2, constant_values=-1)
    height, width = island.shape
    beside = np.zeros(len(y), bool)
    inside = (y >= -1) & (y <= height) & (x >= -1) & (x <= width)
    rows, columns = y.clip(-1, height) + 2, x.clip(-1, width) + 2
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            beside |= around[rows + dy, columns + dx] == ties.island
    wanted = np.flatnonzero(inside & beside & (around[rows, columns] < 0) & (ties.weight.sum(1) > 0))
    order = wanted[np.lexsort((ties.distance[wanted].round(4), ties.number[wanted]))]
    return order[np.r_[True, np.diff(ties.number[order]) != 0]] if len(order) else order


def _neighbours(ties: Ties, near: np.ndarray, island: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of cells that are neighbours over a seam: beside a near tie, and where that comes from."""
    y, x = ties.cells.place(ties.number[near])
    around = np.pad(island, 2, constant_values=-1)
    main = np.take_along_axis(ties.source[near], ties.weight[near].argmax(1)[:, None], 1)[:, 0]
    one, other = [], []
    for dy, dx in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        beside = around[y + dy + 2, x + dx + 2] == ties.island[near]
        one.append(((y + dy) * island.shape[1] + x + dx)[beside])
        other.append(main[beside])
    return np.concatenate(one), np.concatenate(other)


def _drop_empty(ties: Ties, near: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the ties that take something, and `near` among these."""
    kept = ties.weight.sum(1) > 0
    return np.flatnonzero(kept), (np.cumsum(kept) - 1)[near]
