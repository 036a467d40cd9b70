# SPDX-License-Identifier: GPL-3.0-or-later
"""Bake requests: what a client asks of the worker that goes into files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..automaton.growth import Growth
from ..automaton.growth_error import GrowthError
from ..maps.flipbook import Flipbook
from ..maps.look import Look
from ..maps.order import Order
from ..maps.sequence import frame_files
from ..maps.texture import Texture
from .job import EngineError, Job, plain, refused
from .protocol import ProtocolError
from .supervisor import Supervisor


class BakeRequests:
    """Those of a client that bake. It has `_supervisor`, of the worker that plays."""

    _supervisor: Supervisor

    def write(
        self,
        growth: Growth | dict,
        frame: int,
        folder: Path,
        stem: str,
        file_frame: int,
        which: Sequence[str] | None = None,
        normal_strength: float = 1.0,
        order: Order | None = None,
        slot: str = "",
        corners: Path | None = None,
        look: Look | None = None,
    ) -> Job:
        """Grow a frame and write the maps that the material in Blender shows, those of `maps.sequence.frame_files`.

        Parameters
        ----------
        growth, frame
            As for `request`.
        folder, stem, file_frame
            Where, and the name's first part and number. The folder is made if it is not there.
        which
            Names of the maps; `maps.sequence.SEQUENCE_MAPS` without it.
        normal_strength, order, slot, corners, look
            As for `write_files`.

        Returns
        -------
        Job
            As of `write_files`.
        """
        try:
            files = frame_files(Path(folder).absolute(), stem, int(file_frame), which)
        except ValueError as error:
            return refused(EngineError(str(error), "files"))
        return self.write_files(growth, frame, files, normal_strength, order, slot, corners, look)

    def write_files(
        self,
        growth: Growth | dict,
        frame: int,
        files: Mapping[Path, Sequence[Texture]],
        normal_strength: float = 1.0,
        order: Order | None = None,
        slot: str = "",
        corners: Path | Mapping[Path, Path] | None = None,
        look: Look | None = None,
        states: Path | None = None,
        keeps_state: bool = False,
        watched: Sequence[int] = (),
        size: tuple[int, int] | None = None,
    ) -> Job:
        """Grow a frame and write textures of it with `maps.texture_files.write_files`.

        Parameters
        ----------
        growth, frame
            As for `request`.
        files
            Path -> the texture in it, or its layers. Of several texture sets, too: each map is made once.
        normal_strength
            How many pixels high a height of 1 stands, for normals, occlusion and cavities.
        order
            For the maps that tell when places came alive.
        slot
            As for `request`.
        corners
            A file of `maps.corners.write_corners`, where the maps are wanted by another UV map of the mesh; or path of
            each texture -> its file of them, where they are wanted by several UDIM tiles of it.
        look
            How the maps are changed before they are written.
        states
            A folder of states that were kept: growing goes on from the nearest.
        keeps_state
            Whether this frame's is kept there, too.
        watched
            Frames whose painted alpha says when places appear, the last one `frame`; by default that is told of the
            arrival of cells.
        size
            Height and width in pixels, where they are not those of the cells by `pixels_per_cell`.

        Returns
        -------
        Job
            Its result is the list of paths. A full or read-only folder is an `EngineError` of kind "files"; nothing
            half-written is left.
        """
        task: dict[str, object] = {"do": "write", "files": _told(files), "watched": list(watched)}
        task["size"] = None if size is None else list(size)
        if isinstance(corners, Mapping):
            task["tiles"] = [[str(Path(path).absolute()), str(file)] for path, file in corners.items()]
            corners = None
        if states is not None:
            task |= {"states": str(Path(states).absolute()), "keeps_state": keeps_state}
        return self._bake(task, growth, frame, normal_strength, order, slot, corners, look, _paths)

    def write_tile(
        self,
        growth: Growth | dict,
        frame: int,
        path: Path,
        flipbook: Flipbook,
        textures: Sequence[Texture],
        normal_strength: float = 1.0,
        order: Order | None = None,
        slot: str = "",
        corners: Path | None = None,
        look: Look | None = None,
    ) -> Job:
        """Grow a frame and keep its textures as a tile of a flipbook.

        Parameters
        ----------
        path
            Of the file that keeps it until `assemble`.
        flipbook, textures
            Of which it is a tile, and what it is to hold.
        growth, frame, normal_strength, order, slot, corners, look
            As for `write_files`.

        Returns
        -------
        Job
            Its result is the path.
        """
        task = {
            "do": "tile",
            "path": str(Path(path).absolute()),
            "flipbook": asdict(flipbook),
            "textures": [texture.to_json() for texture in textures],
        }
        return self._bake(
            task, growth, frame, normal_strength, order, slot, corners, look, lambda value, _: Path(value)
        )

    def assemble(
        self,
        flipbook: Flipbook,
        tiles: Sequence[Path],
        files: Mapping[Path, Sequence[Texture]],
        slot: str = "",
        is_looped: bool = False,
    ) -> Job:
        """Put the tiles of a flipbook together.

        Parameters
        ----------
        flipbook
        tiles
            Paths of what `write_tile` kept, the first at the top left.
        files
            As for `write_files`, with the tiles' textures in their order.
        slot
            As for `request`.
        is_looped
            Whether the first tile follows on the last.

        Returns
        -------
        Job
            As of `write_files`.
        """
        task = {
            "do": "assemble",
            "is_looped": is_looped,
            "flipbook": asdict(flipbook),
            "tiles": [str(Path(path).absolute()) for path in tiles],
            "files": _told(files),
        }
        return self._supervisor.submit(Job(task, slot, read=_paths))

    def keep_state(self, growth: Growth | dict, frame: int, states: Path, slot: str = "") -> Job:
        """Grow a frame, and keep its state for `write_files`; nothing is painted.

        Parameters
        ----------
        growth, frame, slot
            As for `request`.
        states
            As for `write_files`.

        Returns
        -------
        Job
            Its result is the frame. Errors as of `write_files`.
        """
        try:
            growth = plain(growth)
        except GrowthError as error:
            return refused(EngineError(str(error), "growth"))
        task = {"do": "keep", "frame": int(frame), "states": str(Path(states).absolute())}
        return self._supervisor.submit(Job(task, slot, growth))

    def _bake(
        self,
        task: dict,
        growth: Growth | dict,
        frame: int,
        normal_strength: float,
        order: Order | None,
        slot: str,
        corners: Path | None,
        look: Look | None,
        read: Callable[[Any, Any], Any],
    ) -> Job:
        try:
            growth = plain(growth)
        except GrowthError as error:
            return refused(EngineError(str(error), "growth"))
        task = {
            **task,
            "frame": int(frame),
            "normal_strength": float(normal_strength),
            "order": order and asdict(order),
            "corners": None if corners is None else str(corners),
            "look": look and look.describe(),
        }
        return self._supervisor.submit(Job(task, slot, growth, read=read))


def _told(files: Mapping[Path, Sequence[Texture]]) -> list[list]:
    return [
        [str(Path(path).absolute()), [texture.to_json() for texture in textures]]
        for path, textures in files.items()
    ]


def _paths(value: list[str], _: object) -> list[Path]:
    if not isinstance(value, list):  # an object without anything in it would be files that are there
        raise ProtocolError("no list of paths")
    return [Path(path) for path in value]
