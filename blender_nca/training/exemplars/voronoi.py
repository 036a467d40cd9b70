# SPDX-License-Identifier: GPL-3.0-or-later
"""Points and cells on a torus: scattered or staggered points, and the Voronoi cells around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Cells:
    """Voronoi cells of a picture.

    Attributes
    ----------
    nearest : ndarray of int (size, size)
        Number of the point that owns the pixel.
    distance : ndarray (size, size)
        Pixels to that point.
    border : ndarray (size, size)
        Pixels to the nearest border of the cell; corners are rounded if asked for.
    offset_y, offset_x : ndarray (size, size)
        From the cell's point to the pixel.
    """

    nearest: np.ndarray
    distance: np.ndarray
    border: np.ndarray
    offset_y: np.ndarray
    offset_x: np.ndarray

    def draw_each(self, low: float, high: float, rng: np.random.Generator) -> np.ndarray:
        """Draw one number for each cell, evenly from `low` to `high`: (size, size), the same all over a cell."""
        return rng.uniform(low, high, self.nearest.max() + 1)[self.nearest]


def window_around(y: float, x: float, reach: float, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows (N, 1) and columns (1, M) within `reach` pixels of a place on the torus, as an index of a field."""
    return wrapped_around(y, reach, size)[:, None], wrapped_around(x, reach, size)[None, :]


def wrapped_around(centre: float, reach: float, size: int) -> np.ndarray:
    """Numbers of the rows (or columns) within `reach` of a centre, wrapped, none of them twice."""
    span = int(np.ceil(reach))
    if 2 * span + 1 >= size:
        return np.arange(size)
    return (int(np.floor(centre)) + np.arange(-span, span + 1)) % size


def nearest_copy(difference: np.ndarray, size: int) -> np.ndarray:
    """The shortest way around the torus, in pixels, for a difference of two places."""
    return (difference + size / 2) % size - size / 2


def scattered_points(size: int, spacing: float, rng: np.random.Generator, rounds: int = 3) -> np.ndarray:
    """Scatter points evenly but without order.

    Parameters
    ----------
    size : int
        Side of the torus in pixels.
    spacing : float
        Mean distance in pixels: one point for each spacing x spacing.
    rng : numpy.random.Generator
    rounds : int
        How often the points move to the centres of their cells: 0 is pure chance, 10 nearly honeycomb.

    Returns
    -------
    ndarray (N, 2)
        y, x of each point in pixels.
    """
    count = max(2, round((size / spacing) ** 2))
    points = rng.random((count, 2)) * size
    coarse = max(32, size // 4)
    scale = size / coarse
    for _ in range(rounds):
        cells = voronoi(coarse, points / scale, spacing / scale * 2, borders=False)
        owned = np.maximum(np.bincount(cells.nearest.ravel(), minlength=count), 1)
        for axis, offset in enumerate((cells.offset_y, cells.offset_x)):
            points[:, axis] += np.bincount(cells.nearest.ravel(), offset.ravel(), count) / owned * scale
        points %= size
    return points


def staggered_points(size: int, spacing: float, aspect: float = 0.75**0.5) -> tuple[np.ndarray, int, int]:
    """Place points in rows, every other row shifted by half a step; spacings are rounded so that they tile.

    Parameters
    ----------
    size : int
        Side of the torus in pixels.
    spacing : float
        Wished distance within a row, in pixels.
    aspect : float
        Wished distance of the rows over the distance within a row; the default gives regular hexagons.

    Returns
    -------
    points : ndarray (rows * columns, 2)
        y, x in pixels, row by row.
    rows, columns : int
        Rows are even in number.
    """
    wished = size / spacing
    choices = []
    for columns in range(max(1, int(wished * 0.8)), int(wished * 1.2) + 2):
        rows = max(2, 2 * round(columns / aspect / 2))
        # Faults are logarithms of ratios; a wrong shape weighs more than a wrong size.
        fault = 1.5 * abs(np.log(columns / rows / aspect)) + abs(np.log(columns / wished))
        choices.append((fault, rows, columns))
    _, rows, columns = min(choices)
    row, column = np.divmod(np.arange(rows * columns), columns)
    y = (row + 0.5) * size / rows
    x = (column + 0.25 + 0.5 * (row % 2)) * size / columns
    return np.stack([y, x], axis=1) % size, rows, columns


def shift_by_owner(
    owner: np.ndarray,
    shift: tuple[np.ndarray, np.ndarray],
    share: float,
    spacing: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Move what each owner looks up by a way of its own, on top of a shift that all have in common.

    Cells cut with the new shift end at the borders of the owners, as each owner looks up another part of the same
    tiling.

    Parameters
    ----------
    owner : ndarray of int (size, size)
        Number of the cell or field that owns each pixel.
    shift : two ndarrays (size, size)
        Pixels along y and x, the same for all owners.
    share : float
        How far each is moved at most along y and x, as a share of `spacing`.
    spacing : float
        In pixels.
    rng : numpy.random.Generator

    Returns
    -------
    shift_y, shift_x : ndarray (size, size)
        For `voronoi`.
    """
    moved = rng.uniform(-share, share, (2, owner.max() + 1)) * spacing
    return moved[0][owner] + shift[0], moved[1][owner] + shift[1]


def voronoi(
    size: int,
    points: np.ndarray,
    reach: float,
    rounding: float = 0.0,
    shift: tuple[np.ndarray, np.ndarray] | None = None,
    borders: bool = True,
) -> Cells:
    """Cut a torus into the cells of its points.

    Parameters
    ----------
    size : int
        Side in pixels.
    points : ndarray (N, 2)
        y, x in pixels.
    reach : float
        No point matters farther away than this, in pixels: about twice the spacing.
    rounding : float
        Radius in pixels that softens the corners of `border`; 0 keeps them sharp.
    shift : two ndarrays (size, size), optional
        Pixels by which each place is moved along y and x before it is looked up: makes wavy borders.
    borders : bool
        Whether the distance to the border is wanted; else it is zero.

    Returns
    -------
    Cells
    """
    shift_y, shift_x = shift if shift is not None else (np.zeros((size, size)),) * 2
    place_y = np.arange(size)[:, None] + 0.5 + shift_y
    place_x = np.arange(size)[None, :] + 0.5 + shift_x
    reach = reach + max(np.abs(shift_y).max(), np.abs(shift_x).max())
    windows = [window_around(y, x, reach, size) for y, x in points]

    closest = np.full((size, size), np.inf)
    nearest = np.zeros((size, size), int)
    for number, ((y, x), window) in enumerate(zip(points, windows, strict=True)):
        squared = nearest_copy(place_y[window] - y, size) ** 2 + nearest_copy(place_x[window] - x, size) ** 2
        closer = squared < closest[window]
        closest[window] = np.where(closer, squared, closest[window])
        nearest[window] = np.where(closer, number, nearest[window])
    offset_y = nearest_copy(place_y - points[nearest, 0], size)
    offset_x = nearest_copy(place_x - points[nearest, 1], size)

    border = np.zeros((size, size))
    if borders:
        border += 0.0 if rounding else np.inf
        for number, ((y, x), window) in enumerate(zip(points, windows, strict=True)):
            owner = nearest[window]
            way_y = nearest_copy(y - points[owner, 0], size)
            way_x = nearest_copy(x - points[owner, 1], size)
            length = np.hypot(way_y, way_x)
            length[owner == number] = 1.0
            to_middle = length / 2 - (way_y * offset_y[window] + way_x * offset_x[window]) / length
            to_middle[owner == number] = np.inf
            if rounding:
                border[window] += np.exp(-to_middle / rounding)
            else:
                border[window] = np.minimum(border[window], to_middle)
        if rounding:
            border = -rounding * np.log(np.maximum(border, 1e-30))
    return Cells(nearest, np.sqrt(closest), border, offset_y, offset_x)
