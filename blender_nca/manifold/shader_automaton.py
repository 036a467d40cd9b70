# SPDX-License-Identifier: GPL-3.0-or-later
"""The cells of a manifold by compute shaders, on any card that Blender draws on."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np

from ..automaton.arrival import NEVER
from ..automaton.chance import mix
from ..automaton.growth import Growth
from ..automaton.seeding import disturb, events_at, seed_cells
from ..automaton.settling import AS_EVER
from ..automaton.update_rule import LIFE, UpdateRule
from ..kernels import glsl
from ..maps.order import Order
from .architecture import FINE, GRAIN, MAP_CHANNELS
from .canvas import SIDE, Canvas, show
from .card import MOST_SENT, Arrivals, Card, Cells, Habitat, Sent, Ties
from .grain import CELLS
from .manifold import Manifold
from .numpy_automaton import NumpyAutomaton, growths_canvas, share_on
from .order_painting import paint_order
from .shader_laying import lay_canvas, lay_grain, lay_ties
from .shader_packing import grain, in_lines, pack_painter, pack_rule, taps

_LOW_32 = 2**32 - 1
MOST_SETTLING = 2**16 - 1
"""Steps, that are multiplied with halves of 32 bits."""
MOST_BLOCK = 2**16
"""Bytes of a block, on any card."""
BAND_BYTES = 2**21
"""Of a picture that is painted and fetched in one piece."""


class UnsuitedError(Exception):
    """A growth that a card has no room for; other growths it has."""


class ShaderAutomaton(NumpyAutomaton):
    """As `NumpyAutomaton`, the state `Cells` on a card.

    Parameters
    ----------
    manifold : Manifold
    card : Card
    """

    def __init__(self, manifold: Manifold, card: Card):
        super().__init__(manifold)
        self.card = card
        self._ties = lru_cache(4)(partial(lay_ties, card))
        self._planted = lru_cache(1)(seed_cells)
        self._taps = lru_cache(8)(lambda pixels: card.send(taps(pixels)))
        self._grain = lru_cache(2)(lambda pixels: card.send(grain(pixels)))
        self._grain_told = Sent(partial(lay_grain, card))
        self._rule = Sent(lambda rule: card.block(pack_rule(rule)))
        self._painter = Sent(lambda painter: card.block(pack_painter(painter)))
        self._habitat, self._habitat_inside = (
            Sent(partial(self._send_habitat, edge=edge)) for edge in (0, 1)
        )
        self._canvas = Sent(partial(lay_canvas, card))
        self._woken = Sent(lambda woken: card.send(woken.astype(np.float32)[..., None]))
        self._known: dict[tuple[Canvas, int], tuple[np.ndarray, Any]] = {}
        self._share, self._share_inside = (Sent(partial(self._send_padded, edge=edge)) for edge in (0, 1))

    def prepare(self, growth: Growth, frame: int) -> None:
        """Make what takes long without the card, so that it is there when it is needed. Any thread may do that.

        Parameters
        ----------
        growth : Growth
        frame : int

        Raises
        ------
        UnsuitedError
        """
        surface, quads = growth.surface, self.manifold.sizes.channels // 4
        cells = growth.height * growth.width + (len(surface.tie_source) if surface else 0)
        if growth.settling is not None and growth.settling > MOST_SETTLING:
            raise UnsuitedError("cells that settle so late that a card cannot count so far")
        if max((growth.width + 2) * quads, growth.height + 2) > self.card.widest or cells > glsl.MOST_CELLS:
            raise UnsuitedError("more cells than a picture of this card has room for")
        rules, painters, _ = self._genotypes(growth, growth.weights_at(frame), None)
        packed = max(
            *(pack_rule(rule).nbytes for rule in rules), *(pack_painter(each).nbytes for each in painters)
        )
        if packed > MOST_BLOCK:
            raise UnsuitedError("a species with more weights than all threads of a card can read at once")
        self._planted(growth)
        growth.habitat(frame)
        growths_canvas(growth)

    def seed(self, growth: Growth) -> Cells:
        edge, channels = int(growth.surface is not None), self.manifold.sizes.channels
        high, wide = growth.height + 2 * edge, growth.width + 2 * edge
        seeds = np.pad(self._planted(growth).astype(np.float32), edge)[..., None]
        cells = self.card.empty(high, wide * channels // 4, "RGBA32F")
        given = {"seeds": self.card.send(seeds), "cells": cells, "wide": wide}
        self.card.run(glsl.PLANT, (wide, high), given, _sizes(channels))
        return Cells(cells, growth.height, growth.width, channels, edge)

    def lay(self, state: np.ndarray, growth: Growth) -> Cells:
        """Send a state (height, width, channels) to the card."""
        return self._lay(state, int(growth.surface is not None))

    def _lay(self, state: np.ndarray, edge: int) -> Cells:
        height, width, channels = state.shape
        state = np.pad(state, ((edge, edge), (edge, edge), (0, 0)))
        fours = np.ascontiguousarray(state, np.float32).reshape(height + 2 * edge, -1, 4)
        return Cells(self.card.send(fours), height, width, channels, edge)

    def read(self, state: Cells) -> np.ndarray:
        """A state from the card: float32, shape (height, width, channels)."""
        edge = state.edge
        numbers = self.card.fetch(state.picture).reshape(state.height + 2 * edge, -1, state.channels)
        return np.ascontiguousarray(numbers[edge : edge + state.height, edge : edge + state.width])

    def disturb(self, state: Cells, growth: Growth, frame: int) -> Cells:
        events = events_at(growth, frame)
        return state if events is None else self.lay(disturb(self.read(state), *events), growth)

    def grow(
        self,
        state: Cells,
        growth: Growth,
        weights: tuple,
        first: int,
        steps: int,
        habitat: np.ndarray | Habitat | None = None,
        descent: np.ndarray | None = None,
    ) -> Cells:
        rules, _, shares = self._genotypes(growth, weights, descent)
        ties = self._ties(growth.surface) if growth.surface else None
        for index in range(first, first + steps):
            state = self._step(state, growth, rules, shares, index, habitat, ties)
        return state

    def _step(
        self,
        before: Cells,
        growth: Growth,
        rules: Sequence[UpdateRule],
        shares: Sequence[Any],
        index: int,
        habitat: np.ndarray | Habitat | None,
        ties: Ties | None,
    ) -> Cells:
        high, wide = before.height + 2 * before.edge, before.width + 2 * before.edge
        after = self.card.empty(high, wide * before.channels // 4, "RGBA32F")
        life = self.card.empty(high, wide, "RG32F")
        numbers = {"high": high, "wide": wide, "wrap": int(growth.neighbourhood == "wrap")}
        key = mix(mix(growth.random_seed & _LOW_32) ^ (index & _LOW_32))
        chance = {"key": _signed(key), "threshold": _signed(AS_EVER)}
        met = self._met(habitat, before.edge)
        there = {"turned": int(ties is not None), "has_habitat": int(habitat is not None)}
        self._tie(ties, before, before.picture, glsl.TIE_STATE, before.channels // 4)
        for number, (rule, share) in enumerate(zip(rules, shares, strict=True)):
            given = {"before": before.picture, "after": after, "life": life, "rule": self._rule(rule)}
            given |= {"shares": self._shared(share, before), "turns": ties and ties.turns, "habitat": met}
            given |= {**numbers, **chance, **there, "begins": int(number == 0)}
            given["shared_out"] = int(share is not None)
            sizes = {"CHANNELS": before.channels, "HIDDEN": rule.into_hidden.shape[-1], "PAINTING": 4}
            self.card.run(glsl.CHANGE, (wide, high), given, sizes)
        self._tie(ties, before, life, glsl.TIE_LIFE, 1)
        self.card.run(
            glsl.MASK, (wide, high), {"life": life, "after": after, **numbers}, _sizes(before.channels)
        )
        return Cells(after, before.height, before.width, before.channels, before.edge)

    def _tie(self, ties: Ties | None, like: Cells, cells: Any, shader: glsl.Shader, size: int) -> None:
        """Write what ties take into the surroundings of cells, in place: what stood there means nothing."""
        if ties is not None and ties.count:
            lines = -(-ties.count // glsl.LINE)
            given = {"cells": cells, "places": ties.places, "sources": ties.sources}
            given |= {"ties": ties.count, "size": size, "of_life": int(shader is glsl.TIE_LIFE)}
            size_of_all = glsl.LINE * size, lines
            self.card.run(shader, size_of_all, given, _sizes(like.channels), bands=False)

    def living(self, state: Cells, growth: Growth) -> float:
        return self._share_of(self._count(state, growth), growth)

    def _count(self, state: Cells, growth: Growth) -> Any:
        """Let the living cells be counted, some side by side at a time."""
        high, wide = state.height + 2 * state.edge, state.width + 2 * state.edge
        ties = self._ties(growth.surface) if growth.surface else None
        self._tie(ties, state, state.picture, glsl.TIE_STATE, state.channels // 4)
        spans = -(-wide // glsl.SPAN)
        counts = self.card.empty(high, spans, "R32F")
        given = {"state": state.picture, "turns": ties and ties.turns, "counts": counts, "high": high}
        given |= {"wide": wide, "wrap": int(growth.neighbourhood == "wrap"), "turned": int(ties is not None)}
        self.card.run(glsl.COUNT, (spans, high), given, _sizes(state.channels))
        return counts

    def _share_of(self, counts: Any, growth: Growth) -> float:
        living = float(self.card.fetch(counts).sum(dtype=np.float64)) / (growth.height * growth.width)
        return min(1.0, living / share_on(growth))

    def peopled(self, state: Cells) -> np.ndarray:
        return self.read(state)[..., LIFE] != 0

    def date(self, arrival: Arrivals | None, state: Cells, step: int) -> Arrivals:
        dated = self.card.empty(state.height, state.width, "R32F")
        given = {"state": state.picture, "arrival": arrival and arrival.picture, "dated": dated}
        given |= {"wide": state.width, "edge": state.edge, "begins": int(arrival is None), "now": step}
        self.card.run(glsl.DATE, (state.width, state.height), given, _sizes(state.channels))
        return Arrivals(dated, state.height, state.width, state.edge)

    def quiet(
        self,
        habitat: np.ndarray | None,
        arrival: Arrivals,
        woken: int | np.ndarray,
        step: int,
        settling: int,
    ) -> Habitat:
        edge = arrival.edge
        high, wide = arrival.height + 2 * edge, arrival.width + 2 * edge
        given = {"habitat": self._met(habitat, edge), "arrival": arrival.picture, "wide": arrival.width}
        given |= {"woken": None if isinstance(woken, int) else self._woken(woken)}
        given |= {"woken_at": woken if isinstance(woken, int) else 0, "edge": edge, "now": step}
        given |= {"has_woken": int(not isinstance(woken, int)), "has_habitat": int(habitat is not None)}
        quieted = self.card.empty(high, wide, "RGBA32F")
        given |= {"quieted": quieted, "as_ever": _signed(AS_EVER), "settling": settling}
        self.card.run(
            glsl.QUIET, (arrival.width, arrival.height), given, _sizes(self.manifold.sizes.channels)
        )
        return Habitat(quieted)

    def give_out(self, state: Cells | Arrivals) -> np.ndarray:
        if isinstance(state, Arrivals):
            numbers = self.dates(state)
        else:
            numbers = self.read(state)
        return numbers[None] if state.edge else numbers  # another axis for those with surroundings

    def take_in(self, numbers: np.ndarray) -> Cells | Arrivals:
        is_cells = numbers.dtype.kind == "f"
        edge = int(numbers.ndim > 2 + is_cells)
        grid = numbers[0] if edge else numbers
        if is_cells:
            return self._lay(grid, edge)
        height, width = grid.shape
        dates = np.where(grid == NEVER, np.float32(glsl.NEVER), grid.astype(np.float32))
        return Arrivals(self.card.send(dates[..., None]), height, width, edge)

    def dates(self, arrival: Arrivals) -> np.ndarray:
        """Arrivals as `arrival.date` says them: int32, shape (height, width)."""
        numbers = self.card.fetch(arrival.picture)[..., 0].astype(np.int64)
        return np.minimum(numbers, NEVER).astype(np.int32)

    def paint_order(
        self, arrival: Arrivals, growth: Growth, order: Order, step: int, rows: range | None = None
    ) -> np.ndarray:
        return paint_order(self.dates(arrival), growth, order, step, growths_canvas(growth), rows=rows)

    def nbytes(self, state: Cells | Arrivals) -> int:
        return state.nbytes

    def paint(
        self,
        state: Cells,
        growth: Growth,
        weights: tuple,
        descent: np.ndarray | None = None,
        rows: range | None = None,
    ) -> np.ndarray:
        """All is painted, whatever the rows: large pictures are the worker's."""
        maps = self._paint_all(state, growth, weights, descent)
        if rows is None:
            return maps
        pixels = growth.pixels_per_cell
        return maps.take(range(rows.start * pixels, rows.stop * pixels), 1, mode="wrap")

    def _paint_all(
        self, state: Cells, growth: Growth, weights: tuple, descent: np.ndarray | None
    ) -> np.ndarray:
        high, across = (cells * growth.pixels_per_cell for cells in (growth.height, growth.width))
        maps = np.empty((len(MAP_CHANNELS), high, across), np.float32)
        halves = maps[:4], maps[4:]
        for rows, painted in self._paint(state, growth, weights, descent, False):
            for half, picture in zip(halves, painted, strict=True):
                half[:, rows.start : rows.stop] = np.moveaxis(self.card.fetch(picture), 2, 0)
        if canvas := growths_canvas(growth):
            maps *= canvas.mask
            told = self._paint_beside(canvas, state, growth, weights, descent, False)
            for half, picture in zip(halves, told, strict=True):
                half.reshape(4, -1)[:, canvas.pixels] = self._fetch_told(canvas, picture).T
            flat = maps.reshape(len(maps), -1)
            flat[:, canvas.copied] = flat[:, canvas.copied_from]
        return maps

    def paint_live(
        self, state: Cells, growth: Growth, weights: tuple, descent: np.ndarray | None = None
    ) -> np.ndarray:
        pieces = self.paint_in_pieces(state, growth, weights, descent)
        while True:
            try:
                next(pieces)
            except StopIteration as end:
                images: np.ndarray = end.value[0]
                return images

    def paint_in_pieces(
        self, state: Cells, growth: Growth, weights: tuple, descent: np.ndarray | None = None
    ) -> Generator[None, None, tuple[np.ndarray, float]]:
        """Paint the live images piece by piece: what `paint_live` and `living` give; arguments as of `grow`.

        Yields
        ------
        None
            Whenever the card has something to do, and once a piece has been fetched.
        """
        high, across = (cells * growth.pixels_per_cell for cells in (growth.height, growth.width))
        images, canvas = np.empty((2, high, across, 4), np.float32), growths_canvas(growth)
        counts = self._count(state, growth)
        yield
        for rows, painted in self._paint(state, growth, weights, descent, True):
            yield
            band = slice(high - rows.stop, high - rows.start)
            for image, picture in zip(images, painted, strict=True):
                image[band] = self.card.fetch(picture)
                if canvas:
                    image[band] *= canvas.mask[rows.start : rows.stop][::-1, :, None]
                yield
        if canvas:
            told = self._paint_beside(canvas, state, growth, weights, descent, True)
            yield
            show(canvas, images, np.stack([self._fetch_told(canvas, picture) for picture in told]))
        return images, self._share_of(counts, growth)

    def _paint(
        self, state: Cells, growth: Growth, weights: tuple, descent: np.ndarray | None, live: bool
    ) -> Iterator[tuple[range, tuple[Any, Any]]]:
        """Let the rows of a picture be painted in bands; each with its two pictures, to be fetched."""
        _, painters, shares = self._genotypes(growth, weights, descent)
        pixels, fine, sizes = growth.pixels_per_cell, self._is_fine(growth), self._sizes_of_painting(growth)
        high, across = growth.height * pixels, growth.width * pixels
        most = max(1, BAND_BYTES // (16 * across))
        for top in range(0, high, most):
            rows = min(most, high - top)
            colour, rest = (self.card.empty(rows, across, "RGBA32F") for _ in range(2))
            counted = self.card.empty(rows, across, "R32F") if len(painters) > 1 else None
            for number, (painter, share) in enumerate(zip(painters, shares, strict=True)):
                given = {"state": state.picture, "shares": self._shared(share, state)}
                given |= {
                    "colour": colour,
                    "rest": rest,
                    "counted": counted,
                    "painter": self._painter(painter),
                }
                given |= {
                    "taps": self._taps(pixels),
                    "first": top,
                    "rows": rows,
                    "high": growth.height,
                    "wide": growth.width,
                }
                given |= {"wrap": int(growth.boundary == "wrap"), "pixels": pixels, "edge": state.edge}
                given |= {"begins": int(number == 0), "ends": int(number == len(painters) - 1)}
                given |= {"shared_out": int(share is not None), "live": int(live)}
                given |= {"reach": SIDE, "units": painter.weight_0.shape[-1]}
                if fine:
                    given |= {"grain": self._grain(pixels), "grained": CELLS * pixels}
                self.card.run(glsl.PAINT_FINE if fine else glsl.PAINT, (across, rows), given, sizes)
            yield range(top, top + rows), (colour, rest)

    def _paint_beside(
        self,
        canvas: Canvas,
        state: Cells,
        growth: Growth,
        weights: tuple,
        descent: np.ndarray | None,
        live: bool,
    ) -> tuple[Any, Any]:
        """Let the pixels beside the borders of a surface's islands be painted: two pictures, to be fetched."""
        _, painters, shares = self._genotypes(growth, weights, descent)
        laid, fine, sizes = self._canvas(canvas), self._is_fine(growth), self._sizes_of_painting(growth)
        tied = self.card.empty(laid.tie_lines, glsl.LINE * state.channels // 4, "RGBA32F")
        self.card.run(
            glsl.GATHER,
            (tied.width, laid.tie_lines),
            {"state": state.picture, "sources": laid.sources, "tied": tied},
            _sizes(state.channels),
        )
        colour, rest = (self.card.empty(laid.lines, glsl.LINE, "RGBA32F") for _ in range(2))
        counted = self.card.empty(laid.lines, glsl.LINE, "R32F") if len(painters) > 1 else None
        for number, (painter, share) in enumerate(zip(painters, shares, strict=True)):
            given = {"state": state.picture, "tied": tied, "shares": self._share_known(canvas, share)}
            given |= {"pixels_told": laid.pixels, "offsets": laid.offsets, "patches": laid.patches}
            given |= {"colour": colour, "rest": rest, "counted": counted, "painter": self._painter(painter)}
            given |= {
                "count": len(canvas.pixels),
                "cells": growth.height * growth.width,
                "wide": growth.width,
            }
            given |= {
                "edge": state.edge,
                "begins": int(number == 0),
                "ends": int(number == len(painters) - 1),
            }
            given |= {"shared_out": int(share is not None), "live": int(live)}
            given |= {"sides": 2, "reach": SIDE, "units": painter.weight_0.shape[-1]}
            if fine:
                given |= {"grain": self._grain_told(canvas), "grained": GRAIN // 4}
            self.card.run(glsl.TOLD_FINE if fine else glsl.TOLD, (glsl.LINE, laid.lines), given, sizes)
        return colour, rest

    def _sizes_of_painting(self, growth: Growth) -> dict[str, int]:
        sizes = self.manifold.sizes
        painting = {"CHANNELS": sizes.channels, "HIDDEN": 1, "PAINTING": sizes.painting}
        if self._is_fine(growth):
            painting |= {"PAINTING": sizes.painting + FINE, "GRAIN": GRAIN}
        return painting

    def _fetch_told(self, canvas: Canvas, picture: Any) -> np.ndarray:
        return self.card.fetch(picture).reshape(-1, 4)[: len(canvas.pixels)]

    # what is sent ---------------------------------------------------------------------------------

    def _shared(self, share: np.ndarray | None, cells: Cells) -> Any:
        return (self._share_inside if cells.edge else self._share)(share)

    def _met(self, habitat: np.ndarray | Habitat | None, edge: int) -> Any:
        if isinstance(habitat, Habitat):
            return habitat.picture
        return (self._habitat_inside if edge else self._habitat)(habitat)

    def _send_padded(self, numbers: np.ndarray, edge: int) -> Any:
        return self.card.send(np.pad(np.asarray(numbers, np.float32), edge)[..., None])

    def _send_habitat(self, habitat: np.ndarray, edge: int) -> Any:
        """A habitat in halves of 16 bits: a number of a picture holds no more than 24."""
        inside = np.pad(habitat, edge)
        halves = np.zeros((*inside.shape, 4), np.float32)
        halves[..., 0], halves[..., 1] = inside >> 16, inside & 0xFFFF
        return self.card.send(halves)

    def _share_known(self, canvas: Canvas, share: np.ndarray | None) -> Any:
        """How much a genotype counts in the cells of a canvas, and in its ties after them."""
        if share is None:
            return None
        key = canvas, id(share)
        if key not in self._known or self._known[key][0] is not share:
            flat, surface = np.asarray(share, np.float32).reshape(-1), canvas.surface
            tied = (flat[surface.tie_source] * surface.tie_weight).sum(1)
            while len(self._known) >= MOST_SENT:
                self._known.pop(next(iter(self._known)))
            self._known[key] = (
                share,
                self.card.send(in_lines(np.concatenate([flat, tied])[:, None], glsl.LINE)),
            )
        return self._known[key][1]


def _sizes(channels: int) -> dict[str, int]:
    return {"CHANNELS": channels, "HIDDEN": 1, "PAINTING": 4}


def _signed(bits: int) -> int:
    """A number of 32 bits as Blender hands it over."""
    return bits - 2**32 if bits >= 2**31 else bits
