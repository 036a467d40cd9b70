# SPDX-License-Identifier: GPL-3.0-or-later
"""Baker: the files of a bake, of what a grower grows."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from ..automaton.growth import Growth
from ..automaton.kept_states import KeptStates
from ..automaton.rollout import Rollout
from ..manifold.resampling import Resampling
from ..maps.appearance import Appearance
from ..maps.channels import CHANNELS
from ..maps.corners import read_corners
from ..maps.fitting import Fitting
from ..maps.flipbook import Flipbook, add_motion, assemble, moves, write_tile
from ..maps.look import Look
from ..maps.made_maps import MadeMaps, reach_of
from ..maps.order import Order
from ..maps.png import quantise
from ..maps.resizing import resize, resize_maps
from ..maps.texture import Texture
from ..maps.texture_files import MadeRows, Sheets, write_files
from . import memory
from .grower import Grower, read_order
from .growths_told import read_growth
from .worker_errors import FilesError, told_of_files

BAND_PIXELS = 2**23
"""That are painted at once: their maps take up to 1 GB."""
ROWS_OF_CORNERS = 4
"""So many times fewer where it is also looked up where each pixel comes from."""
LAID_OUT_PIXELS = 2**24
"""Of which it is kept where they come from, of all UDIM tiles together: up to 0.8 GB."""

_Steps = tuple[np.ndarray, np.ndarray | None]
"""Painted maps and orders, (maps, H, W) of uint16."""


class Baker:
    """The tasks of a bake: `write`, `keep`, `tile`, `assemble`.

    Parameters
    ----------
    grower : Grower
    """

    band_pixels = BAND_PIXELS

    def __init__(self, grower: Grower):
        self._grower = grower
        self._resamplings: OrderedDict[tuple, Resampling] = OrderedDict()

    def write(self, request: dict, should_stop: Callable[[], bool]) -> list[str]:
        """Grow a frame and write its textures; returns the paths."""
        files, growth = _files(request), read_growth(request["growth"])
        size, written = _fitting(request, growth).size, list[str]()
        for corners, some in _by_corners(request, files).items():
            names = {name for textures in some.values() for texture in textures for name in texture.maps}
            bands = self._bands({**request, "corners": corners}, should_stop, names)
            first = next(bands)  # what goes wrong as it grows is none of the files' business
            if not written:
                self._keep(request)
            with told_of_files(next(iter(some)).parent):
                written += map(str, write_files(itertools.chain([first], bands), *size, some))
        return written

    def _bands(
        self, request: dict, should_stop: Callable[[], bool], names: Collection[str]
    ) -> Iterator[MadeRows]:
        """Paint a frame a band of rows at a time, each with what lies around it as far as some of `TEXTURE_MAPS` need.

        Where a band begins depends on the picture's size alone, unless memory is short: a frame is the same each time
        that it is baked.
        """
        growth, strength = read_growth(request["growth"]), float(request["normal_strength"])
        pixels, boundary, fitting = growth.pixels_per_cell, _boundary(growth), _fitting(request, growth)
        height, side = fitting.size[0], max(fitting.size)
        around = -(-reach_of(names, strength, side) // pixels)
        row = growth.width * pixels**2
        cells = max(self.band_pixels // row, 2 * around, 1)
        most = self._grower.pixels_that_fit(growth) // row
        if min(cells + 2 * around, growth.height) > most:
            cells = max(most - 2 * around, 1)
        around, rows = around * pixels, max(1, cells * height // growth.height)
        if rows + around >= height or request.get("watched"):
            painted, dates = self._fit(request, should_stop, range(height))
            yield MadeRows(MadeMaps(painted, boundary, strength, dates))
            return
        source = None
        if request.get("corners"):
            source = self._paint_all(request, should_stop, cells)
            rows = max(1, rows // ROWS_OF_CORNERS)
        bands = [range(first, min(first + rows, height)) for first in range(0, height, rows)]
        end = None
        if "reveal" in names:
            end = max(_end(*self._fit(request, should_stop, band, source)) for band in bands)
        for band in bands:
            seen = range(band.start - around, band.stop + around)
            if boundary == "edge":
                seen = range(max(0, seen.start), min(height, seen.stop))
            painted, dates = self._fit(request, should_stop, seen, source)
            first = band.start - seen.start
            wanted = range(first, first + len(band))
            yield MadeRows(MadeMaps(painted, boundary, strength, dates, wanted, side, end))

    def _fit(
        self,
        request: dict,
        should_stop: Callable[[], bool],
        wanted: range,
        source: _Steps | None = None,
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """As `_paint`, of some rows of pixels of the size that is asked for, or of what was painted already."""
        growth = read_growth(request["growth"])
        fitting, pixels = _fitting(request, growth), growth.pixels_per_cell
        if source is not None:
            seen = fitting.rows(wanted)
            first, (painted, dates) = seen.start, self._lay_out_rows(request, growth, source, seen)
        elif wanted == range(fitting.size[0]):
            first, (painted, dates) = 0, self._paint(request, should_stop)
        else:
            seen = fitting.rows(wanted)
            cells = range(seen.start // pixels, -(-seen.stop // pixels))
            first, (painted, dates) = cells.start * pixels, self._paint(request, should_stop, cells)
        painted = fitting.fit_maps(painted, first, wanted)
        return painted, None if dates is None else fitting.fit(dates, first, wanted)

    def _paint_all(self, request: dict, should_stop: Callable[[], bool], cells: int) -> _Steps:
        """Paint all of a picture, so many rows of cells at once, as steps of 16 bits: half of the memory."""
        growth = read_growth(request["growth"])
        pixels, by_itself = growth.pixels_per_cell, {**request, "corners": None, "look": None}
        maps, order = None, None
        for first in range(0, growth.height, cells):
            rows = range(first, min(first + cells, growth.height))
            painted, dates = self._paint(by_itself, should_stop, rows)
            if maps is None:
                size = growth.height * pixels, growth.width * pixels
                maps = np.empty((len(painted), *size), np.uint16)
                order = None if dates is None else np.empty((len(dates), *size), np.uint16)
            some = slice(rows.start * pixels, rows.stop * pixels)
            maps[:, some] = _steps(painted)
            if order is not None and dates is not None:
                order[:, some] = _steps(dates)
        assert maps is not None, "a growth has cells"
        return maps, order

    def _lay_out_rows(
        self, request: dict, growth: Growth, source: _Steps, rows: range
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Some rows of what was painted, by the other UV map that a bake asks for."""
        corners, (height, width) = _read_corners(Path(request["corners"])), source[0].shape[1:]
        resampling = Resampling(*corners, height, width, growth.margin, rows)
        painted = resampling(source[0])
        if request.get("look"):
            painted = Look.read(request["look"]).change(painted)
        return painted, None if source[1] is None else resampling(source[1])

    def keep(self, request: dict, should_stop: Callable[[], bool]) -> int:
        """Grow a frame and keep its state; returns the frame."""
        growth, frame = read_growth(request["growth"]), int(request["frame"])
        self._grower.rollout(growth).recall(growth, frame, self._states(request["states"], growth))
        self._grower.grow(growth, frame, should_stop, Rollout.state)
        self._keep({**request, "keeps_state": True})
        return frame

    def tile(self, request: dict, should_stop: Callable[[], bool]) -> str:
        """Grow a frame and keep its textures as a tile of a flipbook; returns the path."""
        painted, dates = self._paint(request, should_stop)
        boundary = _boundary(read_growth(request["growth"]))
        path, book = Path(request["path"]), Flipbook(**request["flipbook"])
        with told_of_files(path.parent):
            height, width = book.picture
            # relief keeps its slopes
            strength = float(request["normal_strength"]) * width / painted.shape[2]
            dates = None if dates is None else resize(dates, height, width)
            made = MadeMaps(resize_maps(painted, height, width), boundary, strength, dates)
            write_tile(path, made, [Texture.from_json(one) for one in request["textures"]], book.padding)
        return str(path)

    def assemble(self, request: dict, should_stop: Callable[[], bool]) -> list[str]:
        """Put tiles together and write the textures; returns the paths."""
        files, book = _files(request), Flipbook(**request["flipbook"])
        tiles = [Path(path) for path in request["tiles"]]
        numbers = {texture: number for number, texture in enumerate(itertools.chain(*files.values()))}

        def sheet_of(texture: Texture) -> np.ndarray:
            sheet = assemble(book, tiles, numbers[texture])
            return add_motion(sheet, book, tiles, texture, request["is_looped"]) if moves(texture) else sheet

        with told_of_files(next(iter(files)).parent):
            if any(map(moves, numbers)):  # found between all tiles, so the sheets are made whole
                sheets = iter([Sheets({texture: sheet_of(texture) for texture in numbers})])
            else:
                sheets = _sheet_rows(book, tiles, numbers)
            return [str(path) for path in write_files(sheets, *book.sheet, files)]

    def _paint(
        self, request: dict, should_stop: Callable[[], bool], rows: range | None = None
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Maps of a frame, or of some of its rows of cells; order and front where they are asked for."""
        growth, frame, order = read_growth(request["growth"]), int(request["frame"]), read_order(request)
        if request.get("states"):
            self._grower.rollout(growth).recall(growth, frame, self._states(request["states"], growth))
        seen = growth.height if rows is None else len(rows)
        room = memory.BAKED_PIXEL * seen * growth.width * growth.pixels_per_cell**2
        if request.get("corners"):
            room *= 2  # they lie there as they grow, too
        dates = None
        if order is not None:  # first: what is watched grows by the way to the frame
            watched = [int(one) for one in request.get("watched", ())]
            dating = _watching(watched, order) if watched else _ordering(order, rows)
            dates, _ = self._grower.grow(growth, max([frame, *watched]), should_stop, dating, room)
        painted, _ = self._grower.grow(growth, frame, should_stop, partial(Rollout.maps, rows=rows), room)
        if request.get("corners"):
            corners = Path(request["corners"])
            painted = self._lay_out(corners, growth, painted)
            dates = None if dates is None else self._lay_out(corners, growth, dates)
        if request.get("look"):
            painted = Look.read(request["look"]).change(painted)
        return painted, dates

    def _keep(self, request: dict) -> None:
        """Keep the state of the frame that was grown last, where that is asked for."""
        if request.get("keeps_state"):
            growth, frame = read_growth(request["growth"]), int(request["frame"])
            with told_of_files(Path(request["states"])):
                self._grower.rollout(growth).keep(growth, frame, self._states(request["states"], growth))

    def _states(self, folder: str, growth: Growth) -> KeptStates:
        """States on disk, of one training and one backend: another one grows others, by some digit."""
        return KeptStates(Path(folder), self._grower.told_apart(growth))

    def _lay_out(self, corners: Path, growth: Growth, maps: np.ndarray) -> np.ndarray:
        """Maps by the other UV map that a bake asks for."""
        key = corners, *maps.shape[1:], growth.margin
        if key not in self._resamplings:
            most = max(1, LAID_OUT_PIXELS // (maps.shape[1] * maps.shape[2]))
            while len(self._resamplings) >= most:
                self._resamplings.popitem(last=False)
            laid_out = _read_corners(corners)
            self._resamplings[key] = Resampling(*laid_out, maps.shape[1], maps.shape[2], growth.margin)
        self._resamplings.move_to_end(key)
        return self._resamplings[key](maps)


def _steps(fields: np.ndarray) -> np.ndarray:
    """Steps of 16 bits of values (fields, H, W) in [0, 1]."""
    return np.moveaxis(quantise(np.moveaxis(fields, 0, 2), 16), 2, 0)


def _read_corners(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """As `read_corners`; raises `FilesError`."""
    try:
        return read_corners(path)
    except OSError as error:
        raise FilesError(
            "The UV maps of this bake are gone from the temporary folder: bake again."
        ) from error


def _files(request: dict) -> dict[Path, list[Texture]]:
    return {Path(path): list(map(Texture.from_json, textures)) for path, textures in request["files"]}


def _by_corners(
    request: dict, files: dict[Path, list[Texture]]
) -> dict[str | None, dict[Path, list[Texture]]]:
    """The files that are laid out by the same corners: those of a UDIM tile, or all."""
    tiles = {Path(path): corners for path, corners in request.get("tiles") or ()}
    found: dict[str | None, dict[Path, list[Texture]]] = {}
    for path, textures in files.items():
        found.setdefault(tiles.get(path, request.get("corners")), {})[path] = textures
    return found


def _sheet_rows(book: Flipbook, tiles: Sequence[Path], numbers: dict[Texture, int]) -> Iterator[Sheets]:
    """The sheets of a flipbook, a row of tiles at a time."""
    row = replace(book, rows=1)
    pictures: dict[Texture, np.ndarray] = {}
    for first in range(0, book.rows * book.columns, book.columns):
        some = tiles[first : first + book.columns]
        pictures = {
            texture: assemble(row, some, number) if some else np.zeros_like(pictures[texture])
            for texture, number in numbers.items()
        }
        yield Sheets(pictures)


def _fitting(request: dict, growth: Growth) -> Fitting:
    """From what is painted to the size that is asked for."""
    painted = growth.height * growth.pixels_per_cell, growth.width * growth.pixels_per_cell
    height, width = request.get("size") or painted
    return Fitting(painted, (int(height), int(width)), _boundary(growth))


def _boundary(growth: Growth) -> str:
    """How its pictures end: a surface's islands do so inside, and their margins have no slope."""
    return "edge" if growth.surface else growth.boundary


def _end(painted: np.ndarray, dates: np.ndarray | None) -> float:
    """Order of what arrives last in some rows."""
    return MadeMaps(painted, "edge", 1.0, dates).end


def _ordering(order: Order, rows: range | None = None) -> Callable:
    """Paints growth order and front of a frame, or of some of its rows of cells."""
    return lambda rollout, growth, frame, should_stop: rollout.order(growth, frame, order, should_stop, rows)


def _watching(frames: Sequence[int], order: Order) -> Callable:
    """Paints when places appear in these frames, the front in the last one, and how long places take to appear."""

    def paint(rollout: Rollout, growth: Growth, last: int, should_stop: Callable[[], bool]) -> np.ndarray:
        appearance = Appearance(len(frames))
        for frame, again in itertools.groupby(frames):  # a growth may hold
            alpha = rollout.maps(growth, frame, should_stop)[CHANNELS.index("alpha")].copy()
            for _ in again:
                appearance.watch(alpha)
        came, rise = appearance.dates(_boundary(growth), growth.pixels_per_cell)
        front = rollout.order(growth, frames[-1], order, should_stop)[1]
        return np.stack([came, front, rise])

    return paint
