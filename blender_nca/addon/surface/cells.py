# SPDX-License-Identifier: GPL-3.0-or-later
"""Cells: which cells of a growth's grid lie on which triangles, and where on them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from ...automaton.growth_error import GrowthError
from ...automaton.surface_mesh import SMALLEST, Mesh, cover, cross, expand, fill, weigh
from ..material.properties import NCA_PG_growth
from .places import picture_matrix

MOST = 8_000_000
"""Places of cells on an object: a picture that repeats more often than that is refused."""
MOST_TILES = 16
"""How often a face may lie in a picture that repeats, where each cell counts once; one that lies there more often is
left out."""
_HELD = 16

_layouts: dict[tuple[object, ...], Layout] = {}
"""What it was made of -> the layout of all places. While a mesh only moves or bends it stays the same."""


@dataclass(frozen=True)
class Layout:
    """Which cells lie on which triangles.

    Attributes
    ----------
    number : ndarray of int, shape (places,)
        Of each cell, row by row from the top.
    triangle : ndarray of int, shape (places,)
    weights : ndarray, shape (places, 3)
        Of the triangle's corners at the cell's centre, one together.
    """

    number: np.ndarray
    triangle: np.ndarray
    weights: np.ndarray

    def mix(self, values: np.ndarray) -> np.ndarray:
        """Values of the triangles' corners (triangles, 3, ...) at each place: shape (places, ...)."""
        taken = values[self.triangle]
        return np.einsum("pk,pk...->p...", self.weights, taken)


def lay_all(nca: NCA_PG_growth, uvs: np.ndarray) -> Layout:
    """Lay triangles onto a growth's grid, each cell as often as it is seen.

    Parameters
    ----------
    nca : NCA_PG_growth
    uvs : ndarray, float32, shape (triangles, 3, 2)
        Of their corners. Those without an area, or with UVs that are no numbers, have no cells.

    Raises
    ------
    GrowthError
        The picture repeats too often.
    """
    matrix = picture_matrix(nca)
    key = nca.height, nca.width, _repeats(nca), matrix.tobytes(), hashlib.sha256(uvs.tobytes()).digest()
    if key not in _layouts:
        _layouts[key] = _find_all(nca, uvs, matrix)
        while len(_layouts) > _HELD:
            del _layouts[next(iter(_layouts))]
    return _layouts[key]


def lay_once(
    nca: NCA_PG_growth, positions: np.ndarray, triangles: np.ndarray, uvs: np.ndarray
) -> tuple[Layout, np.ndarray]:
    """Lay triangles onto a growth's grid, each cell once: where several lie, on one of the first island.

    Where a picture repeats, each of its tiles has islands of its own, so that one of them counts as a whole.

    Parameters
    ----------
    nca : NCA_PG_growth
    positions : ndarray, shape (vertices, 3)
    triangles : ndarray of int, shape (triangles, 3)
    uvs : ndarray, shape (triangles, 3, 2)

    Returns
    -------
    Layout
    ndarray of int, shape (places,)
        The island of each cell.

    Raises
    ------
    SurfaceError
        There are no triangles, or they have values that are no numbers.
    """
    uvs = _mapped(uvs, picture_matrix(nca))
    copied = np.arange(len(uvs))
    if _repeats(nca):
        low, counts = _tiles_of(uvs)
        counts[counts.prod(1) > MOST_TILES] = 0
        uvs, copied = _repeat(uvs, low, counts)
    mesh = Mesh(positions, triangles[copied], uvs, nca.height, nca.width)
    owner = fill(mesh)[0].reshape(-1)
    cells = np.flatnonzero(owner >= 0)
    found = owner[cells]
    layout = Layout(cells, copied[found], weigh(_centres(cells, nca.width), mesh.corners[found]))
    return layout, mesh.island[found]


def forget_layouts() -> None:
    """Another file is open."""
    _layouts.clear()


def _find_all(nca: NCA_PG_growth, uvs: np.ndarray, matrix: np.ndarray) -> Layout:
    height, width = nca.height, nca.width
    uvs = _mapped(uvs, matrix)
    sides = (uvs[:, 1:] - uvs[:, :1]) * (width, height)
    area = np.abs(cross(sides[:, 0], sides[:, 1]))
    good = np.flatnonzero(np.isfinite(area) & (area > SMALLEST))
    uvs = uvs[good]
    if _repeats(nca):
        low, counts = _tiles_of(uvs)
        if counts.prod(1).sum() > MOST or area[good].sum() / 2 > MOST:
            raise GrowthError("The picture repeats too often: lower its Scale in Coordinates.")
        uvs, copied = _repeat(uvs, low, counts)
        good = good[copied]
    corners = np.stack([uvs[..., 0] * width, (1 - uvs[..., 1]) * height], -1)
    cells, item = cover(corners, height, width)
    return Layout(cells, good[item], weigh(_centres(cells, width), corners[item]))


def _repeats(nca: NCA_PG_growth) -> bool:
    return nca.over == "PICTURE" and nca.wrap


def _mapped(uvs: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """UV coordinates where a Mapping node takes them: float64."""
    return uvs.astype(np.float64) @ matrix[:2, :2].T + matrix[:2, 3]


def _tiles_of(uvs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first tile of the plane that each triangle lies in, and how many along u and v: shapes (triangles, 2)."""
    low = np.floor(uvs.min(1) + 1e-6)
    return low, (np.ceil(uvs.max(1) - 1e-6) - low).clip(1)


def _repeat(uvs: np.ndarray, low: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lay triangles into the picture as often as it repeats under them: their UVs, and the number of each."""
    copied, step = expand(counts.prod(1).astype(np.int64))
    across = counts[copied, 0].astype(np.int64)
    tile = low[copied] + np.stack([step % across, step // across], 1)
    return uvs[copied] - tile[:, None], copied


def _centres(cells: np.ndarray, width: int) -> np.ndarray:
    return np.stack([cells % width + 0.5, cells // width + 0.5], -1)
