# SPDX-License-Identifier: GPL-3.0-or-later
"""The cells of a manifold by the kernels, on all cores of a processor, with numpy alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from ..automaton import native_step, perception
from ..automaton.arrival import date_natively
from ..automaton.growth import Growth
from ..automaton.native_choice import choose_products
from ..automaton.seeding import disturb, events_at
from ..automaton.settling import quiet_natively
from ..automaton.update_rule import LIFE
from ..kernels import threads
from ..kernels.library import CURVE_LEVELS, library
from ..maps.colour import srgb_to_linear
from ..maps.order import Order
from .architecture import MAP_CHANNELS
from .canvas import Canvas, show
from .grain import draw_grain
from .live_picture import LivePicture
from .manifold import Manifold
from .numpy_automaton import NumpyAutomaton, growths_canvas
from .order_painting import paint_grid_natively, paint_order, rows_around
from .renderer import SUPPORT, Painter, interpolation

ROWS_A_THREAD = 4
"""Of cells: fewer are painted by one thread."""
TOLD_A_THREAD = 1024
"""Pixels beside the borders of islands: fewer are painted by one thread."""
MOST_CHANGED = 0.8
"""Share of changed cells from which on all of a live picture are painted."""
_CURVE = srgb_to_linear(np.linspace(0, 1, CURVE_LEVELS)).astype(np.float32)


class NativeAutomaton(NumpyAutomaton):
    """As `NumpyAutomaton`, the state an array (height, width, channels): a cell's channels lie together.

    States and live pictures that it gave are its own: they are not to be written to.
    """

    def __init__(self, manifold: Manifold):
        super().__init__(manifold)
        self._products = choose_products()
        self._before: LivePicture | None = None

    def seed(self, growth: Growth) -> np.ndarray:
        return np.ascontiguousarray(np.moveaxis(super().seed(growth), 0, 2))

    def disturb(self, state: np.ndarray, growth: Growth, frame: int) -> np.ndarray:
        events = events_at(growth, frame)
        return state if events is None else disturb(state, *events)

    def grow(
        self,
        state: np.ndarray,
        growth: Growth,
        weights: tuple,
        first: int,
        steps: int,
        habitat: np.ndarray | None = None,
        descent: np.ndarray | None = None,
    ) -> np.ndarray:
        rules, _, shares = self._genotypes(growth, weights, descent)
        return native_step.grow(
            state,
            rules,
            shares,
            growth.random_seed,
            first,
            steps,
            growth.neighbourhood,
            draft=self._products.draft if growth.quality == "draft" else 0,
            habitat=habitat,
        )

    def living(self, state: np.ndarray, growth: Growth) -> float:
        return super().living(np.moveaxis(state, 2, 0), growth)

    def peopled(self, state: np.ndarray) -> np.ndarray:
        return state[..., LIFE] != 0

    def date(self, arrival: np.ndarray | None, state: np.ndarray, step: int) -> np.ndarray:
        return date_natively(arrival, state, step)

    def quiet(
        self,
        habitat: np.ndarray | None,
        arrival: np.ndarray,
        woken: int | np.ndarray,
        step: int,
        settling: int,
    ) -> np.ndarray:
        return quiet_natively(habitat, arrival, woken, step, settling)

    def paint_order(
        self, arrival: np.ndarray, growth: Growth, order: Order, step: int, rows: range | None = None
    ) -> np.ndarray:
        return paint_order(arrival, growth, order, step, growths_canvas(growth), paint_grid_natively, rows)

    def _paint_grid(
        self,
        state: np.ndarray,
        growth: Growth,
        weights: tuple,
        descent: np.ndarray | None,
        wanted: range,
    ) -> np.ndarray:
        _, painters, shares = self._genotypes(growth, weights, descent)
        canvas, pixels, boundary = growths_canvas(growth), growth.pixels_per_cell, growth.boundary
        plain = canvas.plain.astype(np.uint8) if canvas else None
        rows = None
        is_part = wanted != range(growth.height)
        if is_part:
            # these rows as a grid of their own, of which those around are not painted
            rows = rows_around(wanted, growth) - SUPPORT
            rows = rows % growth.height if boundary == "wrap" else rows.clip(0, growth.height - 1)
            state, shares = state[rows], [share if share is None else share[rows] for share in shares]
            plain = np.ones(state.shape[:2], np.uint8) if plain is None else plain[rows]
            plain[:SUPPORT] = plain[-SUPPORT:] = 0
        if shares[0] is None:  # it rules everywhere
            maps = paint(painters[0], state, pixels, boundary, plain, rows)
        else:
            maps = _paint_several(painters, shares, state, pixels, boundary, plain, rows)
        if is_part:
            maps = maps[:, SUPPORT * pixels : -SUPPORT * pixels]
        return np.clip(maps, 0, 1, out=maps)

    def _put_told(
        self,
        canvas: Canvas,
        maps: np.ndarray,
        state: np.ndarray,
        growth: Growth,
        weights: tuple,
        descent: np.ndarray | None,
    ) -> None:
        _, painters, shares = self._genotypes(growth, weights, descent)
        for painter, share in zip(painters, shares, strict=True):
            _paint_told(canvas, painter, state, maps, share)
        np.clip(maps, 0, 1, out=maps)

    def paint_live(
        self, state: np.ndarray, growth: Growth, weights: tuple, descent: np.ndarray | None = None
    ) -> np.ndarray:
        """Only the pixels of cells that changed since the picture before are painted anew."""
        (_, painters, shares), pixels = self._genotypes(growth, weights, descent), growth.pixels_per_cell
        if shares[0] is not None:  # several, or one that rules in a region
            return super().paint_live(state, growth, weights, descent)
        changed, before, told, canvas = None, self._before, None, growths_canvas(growth)
        if before and before.differs_in_state_alone(painters, shares, growth):
            cells = (before.state != state).any(2)
            changed = _spread(cells, growth.boundary)
            if changed.mean() > MOST_CHANGED:
                changed = None
            elif canvas:
                told = canvas.find_changed(cells)
        if before is None or changed is None:
            new = np.zeros if canvas else np.empty
            images = new((2, growth.height * pixels, growth.width * pixels, 4), np.float32)
        else:
            images = before.images.copy()
        wanted = changed
        if canvas:
            wanted = canvas.plain.astype(np.uint8) if changed is None else changed & canvas.plain
        kernel = library().nca_paint_live
        _share_out(kernel, painters[0], state, pixels, growth.boundary, _CURVE, wanted, images, where=wanted)
        if canvas:
            _paint_told(canvas, painters[0], state, images, told=told, curve=_CURVE)
            show(canvas, images)
        self._before = LivePicture(painters, shares, state, growth, images).kept()
        return images


def paint(
    painter: Painter,
    state: np.ndarray,
    pixels_per_cell: int,
    boundary: str,
    wanted: np.ndarray | None = None,
    rows: np.ndarray | None = None,
) -> np.ndarray:
    """Paint a grid, before it is clipped to [0, 1].

    Parameters
    ----------
    painter : Painter
    state : ndarray, float32, shape (height, width, channels)
    pixels_per_cell : int
    boundary : {'wrap', 'edge'}
    wanted : ndarray, uint8, shape (height, width), optional
        Cells that are painted; the pixels of the others are zero.
    rows : ndarray of int, shape (height,), optional
        Which rows of a larger grid these are.

    Returns
    -------
    ndarray, float32, shape (maps, height * pixels_per_cell, width * pixels_per_cell)
    """
    height, width = (cells * pixels_per_cell for cells in state.shape[:2])
    maps = (np.empty if wanted is None else np.zeros)((len(MAP_CHANNELS), height, width), np.float32)
    given = painter, state, pixels_per_cell, boundary, maps, wanted
    _share_out(library().nca_paint, *given, where=wanted, rows=rows)
    return maps


def _share_out(
    kernel: Callable[..., None],
    painter: Painter,
    state: np.ndarray,
    pixels_per_cell: int,
    boundary: str,
    *arrays: np.ndarray | None,
    where: np.ndarray | None = None,
    rows: np.ndarray | None = None,
) -> None:
    """Call a painting kernel for bands of rows, all at once; with as many cells in each of those `where` says, and
    `rows` as of `paint`."""
    height, width, channels = state.shape
    state = np.ascontiguousarray(state, np.float32)
    taps = np.ascontiguousarray(interpolation(1, pixels_per_cell))
    weights = [np.ascontiguousarray(weight, np.float32) for weight in vars(painter).values()]
    grain = _grain_of(painter, channels, pixels_per_cell, np.arange(height) if rows is None else rows)
    bands = max(1, min(threads.count(), height // ROWS_A_THREAD))
    sizes = (
        height,
        width,
        channels,
        boundary == "wrap",
        pixels_per_cell,
        taps.ctypes.data,
        weights[0].shape[-1],
    )
    edges = [band * height // bands for band in range(bands + 1)]
    if where is not None:
        until = np.cumsum(where.sum(1))
        edges[1:-1] = np.searchsorted(until, until[-1] * np.arange(1, bands) / bands).tolist()

    def paint_band(band: int) -> None:
        given = (*weights, *grain, edges[band], edges[band + 1], state, *arrays)
        kernel(*sizes, *(each.ctypes.data if isinstance(each, np.ndarray) else each for each in given))

    threads.share_out(paint_band, bands)


def _grain_of(
    painter: Painter, channels: int, pixels_per_cell: int, rows: np.ndarray
) -> tuple[int, int, np.ndarray | None, np.ndarray | None]:
    """The grain that a painter reads, as the kernels take it: its channels, its side, itself, and its rows of cells."""
    grains = painter.weight_0.shape[0] - channels
    if not grains:
        return 0, 0, None, None
    fine = draw_grain(pixels_per_cell)
    return grains, len(fine), fine, np.ascontiguousarray(rows, np.int32)


def _paint_told(
    canvas: Canvas,
    painter: Painter,
    state: np.ndarray,
    out: np.ndarray,
    share: np.ndarray | None = None,
    told: np.ndarray | None = None,
    curve: np.ndarray | None = None,
) -> None:
    """Add to maps (maps, pixels) what a painter paints in the told pixels, or those numbered `told` of them; with a
    curve put it into live images."""
    surface, channels = canvas.surface, state.shape[2]
    state = np.ascontiguousarray(state, np.float32)
    tied = np.empty((len(surface.tie_source), channels), np.float32)
    arrays = surface.tie_source, surface.tie_weight, state, tied
    library().nca_gather(len(tied), channels, *(each.ctypes.data for each in arrays))
    if share is not None:
        flat = share.reshape(-1)
        share = np.concatenate([flat, (flat[surface.tie_source] * surface.tie_weight).sum(1)]).astype(
            np.float32
        )
    weights = [np.ascontiguousarray(weight, np.float32) for weight in vars(painter).values()]
    count = len(canvas.pixels if told is None else told)
    grains = weights[0].shape[0] - channels
    grain = canvas.grain if grains else None
    bands = max(1, min(threads.count(), count // TOLD_A_THREAD))
    pixels = canvas.pixels if curve is None else canvas.shown
    of_canvas = canvas.patches, canvas.patch, canvas.offset, canvas.mixed, pixels
    plane = surface.island.size * canvas.scale**2 if curve is not None else out.shape[1]

    def paint_band(band: int) -> None:
        edges = band * count // bands, (band + 1) * count // bands
        given = (*weights, grains, grain, *edges, told, state, tied, share, *of_canvas, curve, plane, out)
        library().nca_paint_told(
            surface.island.size,
            channels,
            weights[0].shape[-1],
            *(each.ctypes.data if isinstance(each, np.ndarray) else each for each in given),
        )

    threads.share_out(paint_band, bands)


def _paint_several(
    painters: list,
    shares: list,
    state: np.ndarray,
    pixels: int,
    boundary: str,
    plain: np.ndarray | None,
    numbers: np.ndarray | None = None,
) -> np.ndarray:
    """Paint what each genotype has a share in, added up, of all cells or the `plain` ones; `numbers` as `rows`
    of `paint`."""
    maps = np.zeros((len(MAP_CHANNELS), state.shape[0] * pixels, state.shape[1] * pixels), np.float32)
    for painter, share in zip(painters, shares, strict=True):
        covered = _spread(share > 0, boundary)
        wanted = covered if plain is None else covered & plain
        rows, columns = (np.flatnonzero(wanted.any(axis)) for axis in (1, 0))
        if len(rows):
            here = (
                ...,
                slice(rows[0] * pixels, (rows[-1] + 1) * pixels),
                slice(columns[0] * pixels, (columns[-1] + 1) * pixels),
            )
            painted = paint(painter, state, pixels, boundary, wanted, numbers)[here]
            painted *= _enlarge(share, pixels, boundary)[here]
            maps[here] += painted
    return maps


def _enlarge(share: np.ndarray, pixels: int, boundary: str) -> np.ndarray:
    """How much a genotype counts in each pixel."""
    rows, columns = (_interpolation(cells, pixels) for cells in share.shape)
    return rows @ perception.surround(share, boundary, SUPPORT) @ columns.T


_interpolation = lru_cache(8)(interpolation)


def _spread(cells: np.ndarray, boundary: str) -> np.ndarray:
    """The cells, and those that are painted with a share of them: uint8, shape (height, width)."""
    height, width = cells.shape
    around = perception.surround(cells, boundary, SUPPORT)
    down = np.any([around[i : i + height] for i in range(2 * SUPPORT + 1)], axis=0)
    return np.any([down[:, i : i + width] for i in range(2 * SUPPORT + 1)], axis=0).astype(np.uint8)
