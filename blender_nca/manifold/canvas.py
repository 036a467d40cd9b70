# SPDX-License-Identifier: GPL-3.0-or-later
"""Which cells the pixels of a surface are painted of.

Cells that have only their own island around them are painted as on a grid. The pixels of others are told one by one:
each is painted of the cells of its island and of the ties beside it, mixed near a seam with what the island on the
other side shows there, so that both sides are alike where they meet.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import cached_property, lru_cache

import numpy as np

from ..automaton.surface import REACH, Surface
from ..automaton.surface_mesh import expand
from ..automaton.surface_ties import carry, measure, walk
from .grain import grain_at
from .renderer import SUPPORT, weigh

FEATHER = 1.0
"""Cells from a seam within which both sides are mixed."""
SIDE = 2 * SUPPORT + 1
PATCH = SIDE**2
"""Cells that a pixel is painted of: its own and those around."""
MOST_LOST = 0.05
"""Weight of cells that nobody knows beyond which the other side is not mixed in."""
_PADDING = REACH + SUPPORT + 3
_TOGETHER = 8192


class Canvas:
    """The pixels of a surface; see `open_canvas`.

    Parameters
    ----------
    surface : Surface
    pixels_per_cell : int
    margin : int
        Pixels that islands are painted beyond their borders.

    Attributes
    ----------
    plain : ndarray, bool, shape (height, width)
        Cells that are painted as on a grid.
    patches : ndarray, int32, shape (patches, PATCH)
        Cells around one, row by row: a number below `height width` is that of a cell, the rest are ties.
    pixels : ndarray, int64, shape (told,)
        Numbers of the pixels that are told, row by row from the top, ascending.
    patch : ndarray, int32, shape (told, 2)
        The patch that each is painted of, and that on the other side of a seam.
    offset : ndarray, float32, shape (told, 2, 2)
        Where it lies in each: cells down and right from the centre of the middle one.
    mixed : ndarray, float32, shape (told,)
        How much of the other side is in it: from 0 to one half.
    copied, copied_from : ndarray, int64, shape (margin,)
        Numbers of the pixels beyond the borders, and of those that they are copied from.
    first : int
        Number that the first pixel of a part has in the whole.
    """

    def __init__(self, surface: Surface, pixels_per_cell: int, margin: int):
        self.surface, self.scale = surface, pixels_per_cell
        self.plain = _find_plain(surface.island)
        self._key = np.sort(self._number(surface.tie_island, *surface.tie_cell.T))
        self._tie = np.argsort(self._number(surface.tie_island, *surface.tie_cell.T), kind="stable")
        self.pixels, island = self._cover()
        self._lay_patches(island)
        self._grow(margin)
        self.margin = margin
        self.first = 0

    def part(self, rows: range) -> Canvas:
        """Some rows of cells: what is told of their pixels, numbered from the first of these rows on."""
        if rows == range(self.surface.height):
            return self
        part, across = copy(self), self.surface.width * self.scale**2
        for name in ("mask", "shown", "shown_copied", "grain"):
            part.__dict__.pop(name, None)
        first, last = rows.start * across, rows.stop * across
        told = slice(*np.searchsorted(self.pixels, [first, last]))
        part.first = self.first + first
        part.pixels, part.patch = self.pixels[told] - first, self.patch[told]
        part.offset, part.mixed = self.offset[told], self.mixed[told]
        there = (np.minimum(self.copied, self.copied_from) >= first) & (
            np.maximum(self.copied, self.copied_from) < last
        )
        part.copied, part.copied_from = self.copied[there] - first, self.copied_from[there] - first
        part.plain = self.plain[rows.start : rows.stop]
        return part

    def paint_rows(
        self,
        rows: range | None,
        paint_plain: Callable[[range], np.ndarray],
        paint_told: Callable[[Canvas, np.ndarray], None],
    ) -> np.ndarray:
        """Paint rows of cells; all of them unless they are given.

        Parameters
        ----------
        rows : range or None
        paint_plain : callable
            Paints rows as those of a grid, (maps, pixels high, pixels wide).
        paint_told : callable
            Puts the told pixels of a part of the canvas into its maps (maps, pixels), where what is not plain is zero.

        Returns
        -------
        ndarray of what `paint_plain` gives, for `rows`
        """
        high = self.surface.height
        wanted = range(high) if rows is None else rows
        # what is copied beyond the borders comes from rows that far away
        beyond = -(-self.margin // self.scale)
        painted = range(max(0, wanted.start - beyond), min(high, wanted.stop + beyond))
        part, maps = self.part(painted), np.ascontiguousarray(paint_plain(painted))
        maps *= part.mask
        flat = maps.reshape(len(maps), -1)
        paint_told(part, flat)
        flat[:, part.copied] = flat[:, part.copied_from]
        first = (wanted.start - painted.start) * self.scale
        return maps[:, first : first + len(wanted) * self.scale]

    def taps(self, told: slice | np.ndarray, side: int) -> np.ndarray:
        """How much each cell of their patches counts in told pixels, on one of the two sides of seams: float32, shape
        (pixels, PATCH)."""
        return _spread(self.offset[told, side])

    @cached_property
    def mask(self) -> np.ndarray:
        """Which pixels are painted as on a grid: bool, shape (pixels high, pixels wide)."""
        return self.plain.repeat(self.scale, 0).repeat(self.scale, 1)

    @cached_property
    def grain(self) -> np.ndarray:
        """Of the told pixels, for painters that read it: float32, shape (told, grain channels)."""
        across = self.surface.width * self.scale
        return grain_at(*np.divmod(self.pixels + self.first, across), self.scale)

    @cached_property
    def shown(self) -> np.ndarray:
        """`pixels` where row 0 lies at the bottom: int64, shape (told,)."""
        return self._turn_over(self.pixels)

    @cached_property
    def shown_copied(self) -> tuple[np.ndarray, np.ndarray]:
        """`copied` and `copied_from` where row 0 lies at the bottom, each of shape (margin,)."""
        return self._turn_over(self.copied), self._turn_over(self.copied_from)

    def find_changed(self, cells: np.ndarray) -> np.ndarray:
        """Numbers of the told pixels that cells bool (height, width) have a part in: int32, shape (changed,)."""
        flat = cells.reshape(-1)
        known = np.concatenate([flat, flat[self.surface.tie_source].any(1)])
        changed = known[self.patches].any(1)[self.patch]
        return np.flatnonzero(changed[:, 0] | (changed[:, 1] & (self.mixed > 0))).astype(np.int32)

    def _turn_over(self, pixels: np.ndarray) -> np.ndarray:
        y, x = np.divmod(pixels, self.surface.width * self.scale)
        return (self.surface.height * self.scale - 1 - y) * self.surface.width * self.scale + x

    # building -------------------------------------------------------------------------------------

    def _number(self, island: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
        """One number for a cell of an island, which may lie outside the grid."""
        across, down = (cells + 2 * _PADDING for cells in (self.surface.width, self.surface.height))
        return (island.astype(np.int64) * down + y + _PADDING) * across + x + _PADDING

    def _cover(self) -> tuple[np.ndarray, np.ndarray]:
        """Find the pixels that are told, and their islands: those inside, by the winding of the island's border."""
        surface, scale = self.surface, self.scale
        start, end = (surface.seam[:, i].astype(np.float64) * scale for i in (0, 1))
        high = surface.height * scale
        y = np.sort(np.stack([start[:, 1], end[:, 1]]), 0)
        first, last = (np.ceil(each - 0.5).astype(np.int64).clip(0, high) for each in y)
        edge, row = expand(last - first)
        row += first[edge]
        start, end = start[edge], end[edge]
        share = (row + 0.5 - start[:, 1]) / (end[:, 1] - start[:, 1])
        x = start[:, 0] + share * (end[:, 0] - start[:, 0])
        group = surface.seam_island[edge].astype(np.int64) * high + row
        order = np.lexsort((x, group))
        x, group = x[order], group[order]
        winding = np.cumsum(np.where(end[order, 1] > start[order, 1], 1, -1))
        inside = np.flatnonzero((winding[:-1] != 0) & (group[:-1] == group[1:]))
        low, high_x = (
            np.ceil(each - 0.5).astype(np.int64).clip(0, surface.width * scale)
            for each in (x[inside], x[inside + 1])
        )
        island, row = np.divmod(group[inside], high)
        span, low, high_x = self._outside_plain(row // scale, low, high_x)
        item, column = expand((high_x - low).clip(0))
        pixel = row[span][item] * (surface.width * scale) + low[item] + column
        island = island[span][item]
        order = np.lexsort((island, pixel))  # where islands overlap the first one is shown
        pixel, island = pixel[order], island[order]
        kept = np.r_[True, np.diff(pixel) != 0] if len(pixel) else np.zeros(0, bool)
        return pixel[kept], island[kept]

    def _outside_plain(
        self, row: np.ndarray, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Cut spans of pixels to the cells that are not plain: which span each piece is of, its begin and its end."""
        edges = np.diff(np.pad(~self.plain, ((0, 0), (1, 1))).astype(np.int8), axis=1)
        wide = self.surface.width * self.scale + 1
        begins, ends = ((edges == sign).nonzero() for sign in (1, -1))
        begin, end = (cells[0] * wide + cells[1] * self.scale for cells in (begins, ends))
        first = np.searchsorted(end, row * wide + low, "right")
        last = np.searchsorted(begin, row * wide + high, "left")
        span, run = expand((last - first).clip(0))
        run += first[span]
        base = row[span] * wide
        return span, np.maximum(low[span], begin[run] - base), np.minimum(high[span], end[run] - base)

    def _lay_patches(self, island: np.ndarray) -> None:
        scale, across = self.scale, self.surface.width * self.scale
        y, x = np.divmod(self.pixels, across)
        place = np.stack([(x + 0.5) / scale, (y + 0.5) / scale], 1)
        other, beyond, share = self._look_over(place, island)
        count = len(place)
        places, islands = np.concatenate([place, other]), np.concatenate([island, beyond])
        row, column = np.floor(places[:, 1]).astype(np.int64), np.floor(places[:, 0]).astype(np.int64)
        row = row.clip(-REACH - 1, self.surface.height + REACH)
        column = column.clip(-REACH - 1, self.surface.width + REACH)
        numbers, at = np.unique(self._number(islands, row, column), return_inverse=True)
        at = at.reshape(-1)
        first = np.zeros(len(numbers), np.int64)
        first[at] = np.arange(len(at))
        found = self._find(islands[first], row[first], column[first])
        lost = found < 0
        self.patches = _fill_lost(found).astype(np.int32)
        self.patch = at.reshape(2, count).T.astype(np.int32)
        offset = np.stack([places[:, 1] - row - 0.5, places[:, 0] - column - 0.5], 1).clip(-0.5, 0.5)
        self.offset = offset.reshape(2, count, 2).swapaxes(0, 1).astype(np.float32)
        near = np.flatnonzero(share > 0)
        gone = near[lost[self.patch[near, 1]].any(1)]
        weight = np.abs(self.taps(gone, 1)) * lost[self.patch[gone, 1]]
        share[gone[weight.sum(1) > MOST_LOST]] = 0
        self.mixed = share.astype(np.float32)
        # what has no cell at all is not painted
        some = ~lost.all(1)[self.patch[:, 0]]
        for name in ("pixels", "patch", "offset", "mixed"):
            setattr(self, name, np.ascontiguousarray(getattr(self, name)[some]))

    def _look_over(self, place: np.ndarray, island: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where told pixels lie on the other side of the nearest seam, in which island, and how much of that is mixed
        in."""
        surface, scale = self.surface, self.scale
        seams = np.flatnonzero(surface.beyond_side)
        other, beyond, share = place.copy(), island.copy(), np.zeros(len(place))
        if not len(seams) or not len(place):
            return other, beyond, share
        start, end = (surface.seam[seams, i].astype(np.float64) for i in (0, 1))
        edge, begin, stop = walk(start, end, surface.height, surface.width)
        size = np.array([surface.width, surface.height]) * scale
        low = np.ceil((np.minimum(begin, stop) - FEATHER) * scale - 0.5).astype(np.int64).clip(0)
        high = np.minimum(
            np.floor((np.maximum(begin, stop) + FEATHER) * scale - 0.5).astype(np.int64), size - 1
        )
        span = (high - low + 1).clip(0)
        piece, number = expand(span[:, 0] * span[:, 1])
        pixel = (low[piece, 1] + number // span[piece, 0]) * size[0] + low[piece, 0] + number % span[piece, 0]
        edge = edge[piece]
        at = np.searchsorted(self.pixels, pixel).clip(0, len(place) - 1)
        same = (self.pixels[at] == pixel) & (island[at] == surface.seam_island[seams[edge]])
        at, edge = at[same], edge[same]
        distance = measure(place[at], start[edge], end[edge])[2]
        close = distance < FEATHER
        at, edge, distance = at[close], edge[close], distance[close]
        order = np.lexsort((distance, at))
        order = order[np.r_[True, np.diff(at[order]) != 0]] if len(order) else order
        at, seam, distance = at[order], seams[edge[order]], distance[order]
        a, b = surface.seam[seam].swapaxes(0, 1).astype(np.float64)
        far_a, far_b = surface.beyond[seam].swapaxes(0, 1).astype(np.float64)
        other[at] = carry(place[at], a, b, far_a, far_b, surface.beyond_side[seam])
        beyond[at] = surface.beyond_island[seam]
        share[at] = 0.5 * (1 - distance / FEATHER)
        return other, beyond, share

    def _find(self, island: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
        """What islands have around cells: int64, shape (cells, PATCH), -1 for nothing."""
        surface, steps = self.surface, np.arange(-SUPPORT, SUPPORT + 1)
        rows = np.repeat(y[:, None] + steps, SIDE, 1)
        columns = np.tile(x[:, None] + steps, SIDE)
        inside = (rows >= 0) & (rows < surface.height) & (columns >= 0) & (columns < surface.width)
        cell = np.where(inside, rows * surface.width + columns, 0)
        own = inside & (surface.island.reshape(-1)[cell] == island[:, None])
        key = self._number(island[:, None], rows, columns)
        if not len(self._key):
            return np.where(own, cell, -1)
        at = np.searchsorted(self._key, key).clip(0, len(self._key) - 1)
        tied = np.where(self._key[at] == key, surface.island.size + self._tie[at], -1)
        # where islands overlap the cell is another one's, and so it is this one's
        shared = inside & (tied < 0) & (surface.island.reshape(-1)[cell] >= 0)
        return np.where(own | shared, cell, tied)

    def _grow(self, margin: int) -> None:
        """Find what is copied beyond the borders of islands: the nearest painted pixel, a step at a time."""
        high, across = (cells * self.scale for cells in self.plain.shape)
        painted = (
            self.plain.repeat(self.scale, 0).repeat(self.scale, 1).reshape(-1)
        )  # not `mask`: it is written to
        painted[self.pixels] = True
        front, source = self.pixels, self.pixels
        to, of = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for _ in range(margin):
            reached, reached_from = [], []
            y, x = np.divmod(front, across)
            for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1), (1, -1), (-1, 1)):
                there = (y + dy >= 0) & (y + dy < high) & (x + dx >= 0) & (x + dx < across)
                pixel = front[there] + dy * across + dx
                free = ~painted[pixel]
                pixel, first = np.unique(pixel[free], return_index=True)
                painted[pixel] = True
                reached.append(pixel)
                reached_from.append(source[there][free][first])
            front, source = np.concatenate(reached), np.concatenate(reached_from)
            to.append(front)
            of.append(source)
        self.copied, self.copied_from = np.concatenate(to), np.concatenate(of)


@lru_cache(4)
def open_canvas(surface: Surface, pixels_per_cell: int, margin: int) -> Canvas:
    """The canvas of a surface, made once; its parameters are those of `Canvas`.

    Parameters
    ----------
    surface : Surface
    pixels_per_cell, margin : int

    Returns
    -------
    Canvas
    """
    return Canvas(surface, pixels_per_cell, margin)


def show(canvas: Canvas, images: np.ndarray, told: np.ndarray | None = None) -> None:
    """Put told pixels into live images, in place, and copy them beyond the borders.

    Parameters
    ----------
    canvas : Canvas
    images : ndarray, float32, shape (2, pixels high, pixels wide, 4)
        Row 0 at the bottom.
    told : ndarray, float32, shape (2, told, 4), optional
        None where they are there.
    """
    if told is not None:
        images.reshape(2, -1, 4)[:, canvas.shown] = told
    to, of = canvas.shown_copied
    for pixels in images.view(np.complex128).reshape(2, -1):  # numpy moves one number faster than four
        pixels[to] = pixels[of]


def _find_plain(island: np.ndarray) -> np.ndarray:
    height, width = island.shape
    around = np.pad(island, SUPPORT, constant_values=-1)
    plain = island >= 0
    for y in range(SIDE):
        for x in range(SIDE):
            plain &= around[y : y + height, x : x + width] == island
    return plain


def _spread(offset: np.ndarray) -> np.ndarray:
    """Weights of the cells around for places (places, 2), down and right from the middle of a cell."""
    down, along = (weigh(offset[:, axis, None] - np.arange(-SUPPORT, SUPPORT + 1)) for axis in (0, 1))
    return (down[:, :, None] * along[:, None]).reshape(-1, PATCH).astype(np.float32)


def _fill_lost(found: np.ndarray) -> np.ndarray:
    """Patches (patches, PATCH) in which the nearest cell stands for each that nobody knows; 0 where there is none."""
    y, x = np.divmod(np.arange(PATCH), SIDE)
    away = (y[:, None] - y) ** 2 + (x[:, None] - x) ** 2
    filled = found.copy()
    lacking = np.flatnonzero((found < 0).any(1))
    for i in range(0, len(lacking), _TOGETHER):
        some = lacking[i : i + _TOGETHER]
        nearest = np.where(found[some, None] < 0, PATCH**2, away).argmin(2)
        filled[some] = np.take_along_axis(found[some], nearest, 1)
    return filled.clip(0)
