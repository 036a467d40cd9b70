# SPDX-License-Identifier: GPL-3.0-or-later
"""Baker: the files of a bake, of what a grower grows."""

from __future__ import annotations

import itertools
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
from ..maps.flipbook import Flipbook, add_motion, assemble, moves, write_tile
from ..maps.look import Look
from ..maps.made_maps import MadeMaps, reach_of
from ..maps.order import Order
from ..maps.resizing import resize, resize_maps
from ..maps.texture import Texture
from ..maps.texture_files import MadeRows, Sheets, write_files
from . import memory
from .grower import Grower, read_order
from .growths_told import read_growth
from .worker_errors import FilesError, told_of_files

BAND_PIXELS = 2**23
"""That are painted at once: their maps take up to 1 GB."""


class Baker:
    """The tasks of a bake: `write`, `keep`, `tile`, `assemble`.

    Parameters
    ----------
    grower : Grower
    """

    band_pixels = BAND_PIXELS

    def __init__(self, grower: Grower):
        self._grower = grower
        self._resampling: tuple[tuple, Resampling] | None = None

    def write(self, request: dict, should_stop: Callable[[], bool]) -> list[str]:
        """Grow a frame and write its textures; returns the paths."""
        files, growth = _files(request), read_growth(request["growth"])
        names = {name for textures in files.values() for texture in textures for name in texture.maps}
        bands = self._bands(request, should_stop, names)
        first = next(bands)  # what goes wrong as it grows is none of the files' business
        self._keep(request)
        height, width = (cells * growth.pixels_per_cell for cells in (growth.height, growth.width))
        with told_of_files(next(iter(files)).parent):
            return [str(path) for path in write_files(itertools.chain([first], bands), height, width, files)]

    def _bands(
        self, request: dict, should_stop: Callable[[], bool], names: Collection[str]
    ) -> Iterator[MadeRows]:
        """Paint a frame a band of rows at a time, each with what lies around it as far as some of `TEXTURE_MAPS` need.

        Where a band begins depends on the picture's size alone: a frame is the same each time that it is baked.
        """
        growth, strength = read_growth(request["growth"]), float(request["normal_strength"])
        pixels, height, boundary = growth.pixels_per_cell, growth.height, _boundary(growth)
        side = max(height, growth.width) * pixels
        around = -(-reach_of(names, strength, side) // pixels)
        row = growth.width * pixels**2
        rows = max(self.band_pixels // row, 2 * around, 1)
        fitting = self._grower.pixels_that_fit(growth) // row
        if min(rows + 2 * around, height) > fitting:
            rows = max(fitting - 2 * around, 1)
        if rows + around >= height or request.get("corners") or request.get("watched"):
            painted, dates = self._paint(request, should_stop)
            yield MadeRows(MadeMaps(painted, boundary, strength, dates))
            return
        bands = [range(first, min(first + rows, height)) for first in range(0, height, rows)]
        end = None
        if "reveal" in names:
            end = max(_end(*self._paint(request, should_stop, band)) for band in bands)
        for band in bands:
            seen = range(band.start - around, band.stop + around)
            if boundary == "edge":
                seen = range(max(0, seen.start), min(height, seen.stop))
            painted, dates = self._paint(request, should_stop, seen)
            first = (band.start - seen.start) * pixels
            wanted = range(first, first + len(band) * pixels)
            yield MadeRows(MadeMaps(painted, boundary, strength, dates, wanted, side, end))

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
        if self._resampling is None or self._resampling[0] != key:
            try:
                self._resampling = (
                    key,
                    Resampling(*read_corners(corners), maps.shape[1], maps.shape[2], growth.margin),
                )
            except OSError as error:
                raise FilesError(
                    "The UV maps of this bake are gone from the temporary folder: bake again."
                ) from error
        return self._resampling[1](maps)


def _files(request: dict) -> dict[Path, list[Texture]]:
    return {Path(path): list(map(Texture.from_json, textures)) for path, textures in request["files"]}


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
