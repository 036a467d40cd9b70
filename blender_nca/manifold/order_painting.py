# SPDX-License-Identifier: GPL-3.0-or-later
"""Arrivals of cells -> growth order and front at pixel resolution.

A pixel's arrival is the mean of those of the living cells around it, weighed by a cubic B-spline: smooth, never outside
of theirs, and known a little beyond the border, where only dead cells are nearer. (The cubic that states are
interpolated with overshoots, which would show as rings.)
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..automaton import perception
from ..automaton.arrival import NEVER
from ..automaton.growth import Growth
from ..kernels import threads
from ..kernels.library import library
from ..maps.order import Order
from .canvas import PATCH, Canvas
from .renderer import SUPPORT

ROWS_A_THREAD = 16
"""Of cells: fewer are painted by one thread."""
_TOGETHER = 8192
"""Pixels beside the borders of islands that are painted at once."""


PaintGrid = Callable[[np.ndarray, int, Order, int], np.ndarray]


def paint_grid(around: np.ndarray, pixels_per_cell: int, order: Order, step: int) -> np.ndarray:
    """Paint a grid; `paint_order` without a canvas.

    Parameters
    ----------
    around : ndarray, float32, shape (2, height + 2 SUPPORT, width + 2 SUPPORT)
        Arrivals, 0 where no cell lives, and which cells live.
    pixels_per_cell : int
    order : Order
    step : int

    Returns
    -------
    ndarray, float32, shape (2, height * pixels_per_cell, width * pixels_per_cell)
    """
    sums = _enlarge(_enlarge(around, pixels_per_cell, 1), pixels_per_cell, 2)
    return _paint(sums, order, step)


def paint_grid_natively(around: np.ndarray, pixels_per_cell: int, order: Order, step: int) -> np.ndarray:
    """As `paint_grid`, by the kernels.

    Parameters
    ----------
    around : ndarray, float32, shape (2, height + 2 SUPPORT, width + 2 SUPPORT)
    pixels_per_cell : int
    order : Order
    step : int

    Returns
    -------
    ndarray, float32, shape (2, height * pixels_per_cell, width * pixels_per_cell)
    """
    height, width = (size - 2 * SUPPORT for size in around.shape[1:])
    maps = np.empty((2, height * pixels_per_cell, width * pixels_per_cell), np.float32)
    taps = spread_smoothly(pixels_per_cell)
    sizes = height, width, pixels_per_cell, taps.ctypes.data, order.end, order.front, step
    bands = max(1, min(threads.count(), height // ROWS_A_THREAD))
    edges = [band * height // bands for band in range(bands + 1)]

    def paint_band(band: int) -> None:
        arrays = around.ctypes.data, maps.ctypes.data
        library().nca_paint_order(*sizes, edges[band], edges[band + 1], *arrays)

    threads.share_out(paint_band, bands)
    return maps


def paint_order(
    arrival: np.ndarray,
    growth: Growth,
    order: Order,
    step: int,
    canvas: Canvas | None,
    paint: PaintGrid = paint_grid,
    rows: range | None = None,
) -> np.ndarray:
    """Paint growth order and front.

    Parameters
    ----------
    arrival : ndarray, int32, shape (height, width)
        As `automaton.arrival.date` gives it, after `step` steps.
    growth : Growth
    order : Order
    step : int
    canvas : Canvas or None
        Of a growth on a surface.
    paint : callable
        `paint_grid`, or what does the same.
    rows : range, optional
        Rows of cells, as of `Automaton.paint`.

    Returns
    -------
    ndarray, float32, shape (2, rows * pixels_per_cell, width * pixels_per_cell)
        `maps.order.ORDER_MAPS`, row 0 at the top.
    """
    alive = (arrival != NEVER).astype(np.float32)
    cells = np.stack([arrival * alive, alive]).astype(np.float32)
    around = np.ascontiguousarray(perception.surround(cells, growth.boundary, SUPPORT))

    def paint_some(some: range) -> np.ndarray:
        whole = some == range(growth.height)
        seen = around if whole else np.ascontiguousarray(around[:, rows_around(some, growth)])
        return paint(seen, growth.pixels_per_cell, order, step)

    def put_told(part: Canvas, maps: np.ndarray) -> None:
        empty = ~part.mask.reshape(-1)
        maps[0, empty], maps[1, empty] = 1, 0
        maps[:, part.pixels] = _paint(_sum_told(part, cells.reshape(2, -1)), order, step)

    if canvas is not None:
        return canvas.paint_rows(rows, paint_some, put_told)
    return paint_some(range(growth.height) if rows is None else rows)


def rows_around(rows: range, growth: Growth) -> np.ndarray:
    """Where some rows of cells and the `SUPPORT` rows around them lie in a grid with so many rows more on each side.

    Parameters
    ----------
    rows : range
    growth : Growth

    Returns
    -------
    ndarray, int64, shape (rows + 2 SUPPORT,)
    """
    seen = np.arange(rows.start - SUPPORT, rows.stop + SUPPORT)
    if growth.boundary == "wrap":
        return seen % growth.height + SUPPORT
    return seen.clip(-SUPPORT, growth.height - 1 + SUPPORT) + SUPPORT


def weigh_smoothly(away: np.ndarray) -> np.ndarray:
    """How much a cell counts in a pixel: the cubic B-spline; parameters as of `renderer.weigh`."""
    distance = np.abs(away)
    near = 2 / 3 - distance**2 + distance**3 / 2
    return np.where(distance < 1, near, (2 - distance).clip(0) ** 3 / 6)


def spread_smoothly(pixels_per_cell: int) -> np.ndarray:
    """How much the cells around count in the pixels of one: float32, shape (pixels_per_cell, 2 SUPPORT + 1)."""
    place = (np.arange(pixels_per_cell) + 0.5) / pixels_per_cell - 0.5
    return weigh_smoothly(place[:, None] - np.arange(-SUPPORT, SUPPORT + 1)).astype(np.float32)


def _paint(sums: np.ndarray, order: Order, step: int) -> np.ndarray:
    """Paint pixels (2, ...): their arrivals summed over living cells, and the share of these."""
    total, share = sums
    return order.paint(total / np.maximum(share, np.float32(1e-6)), share, step)


def _enlarge(cells: np.ndarray, pixels_per_cell: int, axis: int) -> np.ndarray:
    """Interpolate along an axis that has `SUPPORT` cells more on each side."""
    last = np.moveaxis(cells, axis, -1)
    count = last.shape[-1] - 2 * SUPPORT
    out = np.zeros((*last.shape[:-1], count, pixels_per_cell), np.float32)
    # pixels that lie alike in their cells are summed together
    for pixel, taps in enumerate(spread_smoothly(pixels_per_cell)):
        for shift in np.flatnonzero(taps):
            out[..., pixel] += taps[shift] * last[..., shift : shift + count]
    return np.moveaxis(out.reshape(*last.shape[:-1], -1), -1, axis)


def _sum_told(canvas: Canvas, cells: np.ndarray) -> np.ndarray:
    """The same sums for the pixels beside the borders of islands: (2, told), of cells (2, height width)."""
    surface = canvas.surface
    tied = (cells[:, surface.tie_source] * surface.tie_weight).sum(2)
    known = np.concatenate([cells, tied], 1)
    sums = np.empty((2, len(canvas.pixels)), np.float32)
    steps = np.arange(-SUPPORT, SUPPORT + 1)
    for first in range(0, len(canvas.pixels), _TOGETHER):
        some = slice(first, first + _TOGETHER)
        mixed, result = canvas.mixed[some], np.zeros((2, len(canvas.pixels[some])), np.float32)
        for side, counts in ((0, 1 - mixed), (1, mixed)):
            down, along = (weigh_smoothly(canvas.offset[some, side, axis, None] - steps) for axis in (0, 1))
            weight = (down[:, :, None] * along[:, None]).reshape(-1, PATCH) * counts[:, None]
            numbers = canvas.patches[canvas.patch[some, side]]
            result += (known[:, numbers] * weight.astype(np.float32)).sum(2)
        sums[:, some] = result
    return sums
