# SPDX-License-Identifier: GPL-3.0-or-later
"""The cells of a manifold, ready to grow and be painted, in plain numpy. Other backends derive from it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from ..automaton import perception, reference
from ..automaton.arrival import date
from ..automaton.automaton import Automaton
from ..automaton.growth import Growth
from ..automaton.growth_error import GrowthError
from ..automaton.regions import masks_of, region_shares, strengths_of
from ..automaton.seeding import disturb, events_at, plant
from ..automaton.settling import AS_EVER, quiet
from ..automaton.update_rule import LIFE
from ..genetics.relaxed import blend
from ..maps.order import Order
from ..maps.packing import pack_live
from .architecture import GRAIN, MAP_CHANNELS
from .canvas import Canvas, open_canvas
from .grain import COARSE, grain_at
from .manifold import Manifold
from .order_painting import paint_order, rows_around
from .renderer import SUPPORT, interpolation, join, paint_tile

_TILE_PIXELS = 128
"""Side of the tiles that a picture is painted in: their features stay in a processor's cache."""
_TOLD_PIXELS = 8192
"""Pixels beside the borders of a surface's islands that are painted at once."""
_ABSENT = object()
"""In place of the share of a genotype that counts nowhere: it is neither read, grown nor painted."""


class NumpyAutomaton(Automaton):
    """A manifold's cells in plain numpy.

    The state is that of `automaton.reference`: float32, shape (channels, height, width).
    """

    def __init__(self, manifold: Manifold):
        self.manifold = manifold
        self._read = lru_cache(32)(self._transcribe)
        self._measure = lru_cache(8)(self._measure_once)
        self._last: tuple[tuple, np.ndarray, list] | None = None

    def seed(self, growth: Growth) -> Any:
        return plant(growth, self.manifold.sizes.channels)

    def disturb(self, state: Any, growth: Growth, frame: int) -> Any:
        events = events_at(growth, frame)
        if events is None:
            return state
        return np.moveaxis(disturb(np.moveaxis(state, 0, 2), *events), 2, 0)

    def grow(
        self,
        state: Any,
        growth: Growth,
        weights: tuple,
        first: int,
        steps: int,
        habitat: np.ndarray | None = None,
        descent: np.ndarray | None = None,
    ) -> Any:
        rules, _, shares = self._genotypes(growth, weights, descent)
        for index in range(first, first + steps):
            state = reference.step(
                state, rules, shares, growth.random_seed, index, growth.neighbourhood, habitat=habitat
            )
        return state

    def living(self, state: Any, growth: Growth) -> float:
        return float(reference.living(state, growth.neighbourhood).mean()) / share_on(growth)

    def peopled(self, state: Any) -> np.ndarray:
        return self._fetch(state[LIFE] != 0)

    def date(self, arrival: Any, state: Any, step: int) -> Any:
        return date(arrival, state[LIFE], step)

    def quiet(
        self, habitat: np.ndarray | None, arrival: Any, woken: int | np.ndarray, step: int, settling: int
    ) -> Any:
        below = AS_EVER if habitat is None else habitat.astype(np.int64)
        woken = woken if isinstance(woken, int) else woken.astype(np.int64)
        return quiet(below, arrival.astype(np.int64), woken, step, settling).astype(np.uint32)

    def paint_order(
        self, arrival: Any, growth: Growth, order: Order, step: int, rows: range | None = None
    ) -> np.ndarray:
        return paint_order(self._fetch(arrival), growth, order, step, growths_canvas(growth), rows=rows)

    def nbytes(self, state: Any) -> int:
        return state.nbytes

    def give_out(self, state: Any) -> np.ndarray:
        return self._fetch(state)

    def take_in(self, numbers: np.ndarray) -> Any:
        return self._send(numbers)

    def paint(
        self,
        state: Any,
        growth: Growth,
        weights: tuple,
        descent: np.ndarray | None = None,
        rows: range | None = None,
    ) -> np.ndarray:
        if canvas := growths_canvas(growth):
            return canvas.paint_rows(
                rows,
                lambda some: self._paint_grid(state, growth, weights, descent, some),
                lambda part, maps: self._put_told(part, maps, state, growth, weights, descent),
            )
        return self._paint_grid(state, growth, weights, descent, rows or range(growth.height))

    def _paint_grid(
        self, state: Any, growth: Growth, weights: tuple, descent: np.ndarray | None, wanted: range
    ) -> np.ndarray:
        """Paint rows of cells as those of a grid; the first parameters as of `paint`."""
        pixels, total = growth.pixels_per_cell, len(wanted)
        side = max(_TILE_PIXELS // pixels, 8)
        height, width = min(side, total), min(side, growth.width)
        rows, columns = self._send(interpolation(height, pixels)), self._send(interpolation(width, pixels))
        # on a surface plain cells have their own ones around
        around = self._surround(state, growth.boundary)
        _, painters, shares = self._genotypes(growth, weights, descent)
        shares = [None if share is None else self._surround_share(share, growth.boundary) for share in shares]
        if wanted != range(growth.height):
            seen = rows_around(wanted, growth)
            around = around[:, seen]
            shares = [share if share is None else share[seen] for share in shares]
        lines = _pixels_of(np.asarray(wanted) % growth.height, pixels)
        maps = np.empty((len(MAP_CHANNELS), total * pixels, growth.width * pixels), np.float32)
        for y in _tile_starts(total, height):
            for x in _tile_starts(growth.width, width):
                here = (..., slice(y, y + height + 2 * SUPPORT), slice(x, x + width + 2 * SUPPORT))
                tile, painted = around[here], 0
                grain = None
                if self._is_fine(growth):
                    places = (
                        lines[y * pixels : (y + height) * pixels, None],
                        _pixels_of(np.arange(x, x + width), pixels),
                    )
                    grain = self._send(grain_at(*places, pixels).reshape(-1, GRAIN))
                for painter, share in zip(painters, shares, strict=True):
                    if share is None:
                        painted = paint_tile(painter, tile, rows, columns, grain)
                    elif share[here].max() > 0:
                        painted = painted + rows @ share[here] @ columns.T * paint_tile(
                            painter, tile, rows, columns, grain
                        )
                there = (
                    ...,
                    slice(y * pixels, (y + height) * pixels),
                    slice(x * pixels, (x + width) * pixels),
                )
                maps[there] = self._fetch(painted)
        return maps.clip(0, 1, out=maps)

    def paint_live(
        self, state: Any, growth: Growth, weights: tuple, descent: np.ndarray | None = None
    ) -> np.ndarray:
        return pack_live(self.paint(state, growth, weights, descent))

    def _put_told(self, canvas: Canvas, maps: np.ndarray, *given: Any) -> None:
        """Put what `_paint_told` paints into maps (maps, pixels); `given` as of it."""
        maps[:, canvas.pixels] = self._paint_told(canvas, *given)

    def _paint_told(
        self,
        canvas: Canvas,
        state: Any,
        growth: Growth,
        weights: tuple,
        descent: np.ndarray | None,
        which: np.ndarray | None = None,
    ) -> np.ndarray:
        """Paint the pixels beside the borders of a surface's islands, or those `which` of them: float32, shape
        (maps, pixels), in [0, 1]."""
        cells = self._list_cells(state)
        sources, counts = self._send(canvas.surface.tie_source), self._send(canvas.surface.tie_weight)
        known = self._join(cells, self._gather(cells, sources, counts[..., None]))
        _, painters, whole = self._genotypes(growth, weights, descent)
        shares = []
        for share in whole:
            if share is not None:
                flat = share.reshape(-1)
                share = self._join(flat, self._gather(flat, sources, counts))
            shares.append(share)
        told = np.arange(len(canvas.pixels)) if which is None else which
        maps = np.empty((len(MAP_CHANNELS), len(told)), np.float32)
        for i in range(0, len(told), _TOLD_PIXELS):
            some = told[i : i + _TOLD_PIXELS]
            # the own side of a seam and the other one, weighed together
            numbers = np.concatenate([canvas.patches[canvas.patch[some, side]] for side in (0, 1)], 1)
            mixed = canvas.mixed[some, None]
            counted = np.concatenate([(1 - mixed) * canvas.taps(some, 0), mixed * canvas.taps(some, 1)], 1)
            at, weight = self._send(numbers), self._send(counted)
            seen, painted = self._gather(known, at, weight[..., None]), 0
            if self._is_fine(growth):
                seen = join(seen, self._send(canvas.grain[some]))
            for painter, share in zip(painters, shares, strict=True):
                own = painter.paint(seen)
                painted = painted + (own if share is None else self._gather(share, at, weight)[:, None] * own)
            maps[:, i : i + len(some)] = self._fetch(painted).T
        return maps.clip(0, 1, out=maps)

    @staticmethod
    def _gather(known: Any, numbers: Any, weights: Any) -> Any:
        return (known[numbers] * weights).sum(1)

    # what a backend does in its own way -----------------------------------------------------------

    def _list_cells(self, state: Any) -> Any:
        """The cells of a state, row by row: shape (height width, channels)."""
        return state.reshape(len(state), -1).T

    def _join(self, *arrays: Any) -> Any:
        return np.concatenate(arrays)

    def _send(self, array: np.ndarray) -> Any:
        return array

    def _fetch(self, array: Any) -> np.ndarray:
        return array

    def _surround(self, state: Any, boundary: str) -> Any:
        return perception.surround(state, boundary, SUPPORT)

    def _surround_share(self, share: Any, boundary: str) -> Any:
        return self._send(perception.surround(self._fetch(share), boundary, SUPPORT))

    def _genotypes(
        self, growth: Growth, weights: tuple, descent: np.ndarray | None
    ) -> tuple[list, list, list]:
        """Rules, painters and shares of the genotypes that count anywhere; shares are the same ones while nothing
        changes."""
        said = growth, strengths_of(growth, weights), masks_of(growth, weights)
        if descent is None:
            shares = self._measure(*said)
        elif self._last is not None and self._last[0] == said and self._last[1] is descent:
            shares = self._last[2]
        else:
            shares = self._measure_once(*said, descent)
            self._last = said, descent, shares
        fine = self._is_fine(growth)
        read = [
            (*self._read(genotype.dnas, tuple(row), fine), share)
            for genotype, row, share in zip(growth.genotypes, weights, shares, strict=False)
            if share is not _ABSENT
        ]
        rules, painters, there = zip(*read, strict=True)
        return list(rules), list(painters), list(there)

    def _is_fine(self, growth: Growth) -> bool:
        """Whether its painters read grain beside the state."""
        return growth.fine and growth.pixels_per_cell > COARSE and self.manifold.fine is not None

    def _transcribe(self, dnas: tuple[str, ...], weights: tuple[float, ...], fine: bool) -> tuple:
        for dna in dnas:
            if len(dna) != self.manifold.dna_length:
                raise GrowthError(
                    f"A DNA of {len(dna)} letters, but '{self.manifold.name}' reads "
                    f"{self.manifold.dna_length}: choose a species of this model, or edit the DNA."
                )
        rule, painter = self.manifold.transcribe(blend(dnas, weights), fine)
        return self._send_all(rule), self._send_all(painter)

    def _send_all(self, arrays: Any) -> Any:
        return type(arrays)(**{name: self._send(value) for name, value in vars(arrays).items()})

    def _measure_once(
        self,
        growth: Growth,
        strengths: tuple[float, ...],
        masks: tuple[int, ...],
        descent: np.ndarray | None = None,
    ) -> list:
        shares = region_shares(growth, strengths, descent, masks)
        return [None if share is None or (share == 1).all() else self._send_share(share) for share in shares]

    def _send_share(self, share: np.ndarray) -> Any:
        return self._send(share) if share.any() else _ABSENT


def growths_canvas(growth: Growth) -> Canvas | None:
    """The canvas of a growth on a surface; None for another one."""
    if growth.surface is None:
        return None
    return open_canvas(growth.surface, growth.pixels_per_cell, growth.margin)


def share_on(growth: Growth) -> float:
    """Share of the cells of a growth's grid that there are, in (0, 1]: on a surface those that are on."""
    return 1.0 if growth.surface is None else float(growth.surface.on.mean())


def _pixels_of(cells: np.ndarray, pixels_per_cell: int) -> np.ndarray:
    """Numbers of the pixels of rows (or columns) of cells: int64, shape (cells * pixels_per_cell,)."""
    return (cells[:, None] * pixels_per_cell + np.arange(pixels_per_cell)).reshape(-1)


def _tile_starts(cells: int, side: int) -> list[int]:
    """Where tiles of one side begin that cover a row of cells; the last may overlap the one before."""
    return sorted({*range(0, cells - side + 1, side), cells - side})
