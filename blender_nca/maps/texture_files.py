# SPDX-License-Identifier: GPL-3.0-or-later
"""Texture files: what the files of a texture set are called, and how those of one frame are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np

from ..kernels import threads
from .made_maps import MadeMaps
from .name_pattern import FRAME, MATERIAL, TEXTURE
from .picture_format import FORMATS
from .picture_writer import ExrWriter, ImageIoWriter, PictureWriter, PngWriter, has_image_io, open_image_io
from .texture import Texture, TextureError
from .whole_file import open_together

LONGEST_NAME = 255 - len(b".4194304.part")
"""Bytes that the name of a file may have: no file system takes longer ones, while they are written."""
_PIECES_A_THREAD = 4
"""That are encoded before they are written."""
_REFUSED = '<>:"/\\|?*'

Files = dict[Path, list[Texture]]
"""Path -> its texture, or the layers of it."""


def check_names(names: str, textures: Sequence[Texture]) -> str:
    """Give a pattern of names back where it tells the files of a texture set apart.

    Parameters
    ----------
    names
        With {material}, {texture} and {frame} in it. A still has no frame: {frame} goes, and what joins it to the rest.
    textures
        Of the set.

    Raises
    ------
    TextureError
        With what to do.
    """
    rest = names
    for known in (MATERIAL, TEXTURE, FRAME):
        rest = rest.replace(known, "")
    odd = sorted({letter for letter in rest if letter in _REFUSED + "{}" or not letter.isprintable()})
    if odd:
        raise TextureError(
            f"Files cannot be named {names!r}: take out {' '.join(odd)}, and write {MATERIAL}, {TEXTURE} and {FRAME}."
        )
    if FRAME not in names:
        raise TextureError(f"Files named {names!r} replace each other frame by frame: add {FRAME}.")
    seen: dict[str, Texture] = {}
    for texture in textures:
        name = (texture.name if TEXTURE in names else "") + FORMATS[texture.format].suffix
        other = seen.setdefault(name.casefold(), texture)
        if other is texture:
            continue
        if TEXTURE in names:
            raise TextureError(f"Two textures are named {texture.name!r}: give one another name.")
        if not FORMATS[texture.format].has_layers:
            raise TextureError(
                f"Files named {names!r} hold all textures in one: add {TEXTURE}, or choose OpenEXR for all, "
                "whose files have layers."
            )
        if other.depth != texture.depth:
            raise TextureError(f"The layers {other.name} and {texture.name} differ in depth: choose one.")
    return names


def file_name(
    names: str, material: str, texture: Texture, frame: int | str | None, tile: int | None = None
) -> str:
    """Name a file, such as `moss_normal_0001.png`; of a still without a number, of a flipbook with its grid for one.

    Parameters
    ----------
    names : str
        The pattern, as `name_pattern` has them.
    material : str
    texture : Texture
    frame : int, str or None
        Its number, a flipbook's grid, or None for a still.
    tile : int, optional
        Number of a UDIM tile, which comes last: `moss_normal_0001.1001.png`.

    Raises
    ------
    ValueError
        It would be too long, or the frame is below 0: Blender would read the picture of frame 0 instead.
    """
    if frame is None:
        names = re.sub(r"[ _.\-]*\{frame\}", "", names).lstrip(" _-.") or MATERIAL
    elif isinstance(frame, int) and frame < 0:
        raise ValueError(
            f"An image sequence has no frame {frame}: Blender reads numbers from 0 up. "
            "Number the files from 1 on and give the image a frame offset"
        )
    name = names.replace(TEXTURE, texture.name)
    if frame is not None:
        name = name.replace(FRAME, f"{frame:04d}" if isinstance(frame, int) else frame)
    # last: a material may be named {frame}
    name = name.replace(MATERIAL, material) + ("" if tile is None else f".{tile}")
    name += FORMATS[texture.format].suffix
    if len(name.encode("utf-8", "replace")) > LONGEST_NAME:
        raise ValueError(f"The file {name!r} has too long a name: shorten that of the material")
    return name


def files_of(
    textures: Iterable[Texture],
    folder: Path | str,
    names: str,
    material: str,
    frame: int | str | None,
    tile: int | None = None,
) -> Files:
    """Say which files a frame, or a tile of it, has of a texture set, and what is in each.

    Errors as from `file_name`.
    """
    files: Files = {}
    for texture in textures:
        files.setdefault(Path(folder) / file_name(names, material, texture, frame, tile), []).append(texture)
    return files


def missing_files(files: Files) -> Files:
    """Those that are not there, or empty."""
    return {path: textures for path, textures in files.items() if not has_content(path)}


def has_content(path: Path) -> bool:
    """Whether a file is there and not empty."""
    try:
        return path.stat().st_size > 0
    except (FileNotFoundError, NotADirectoryError):
        return False


class Rows(Protocol):
    """Some rows of the pictures of one frame."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""

    def prepare(self, textures: Sequence[Texture]) -> None:
        """Make what some textures have in common, with all cores."""

    def planes(self, texture: Texture, first: int, last: int) -> list[np.ndarray]:
        """Give some of these rows; in any thread.

        Parameters
        ----------
        texture : Texture
        first, last : int
            The first one, and the one behind the last.

        Returns
        -------
        list of ndarray, shape (last - first, W)
            A channel each.
        """


class MadeRows(Rows):
    """Rows of made maps."""

    def __init__(self, maps: MadeMaps):
        self._maps = maps

    @property
    def size(self) -> tuple[int, int]:
        return self._maps.size

    def prepare(self, textures: Sequence[Texture]) -> None:
        self._maps.make_relief(dict.fromkeys(name for texture in textures for name in texture.maps))

    def planes(self, texture: Texture, first: int, last: int) -> list[np.ndarray]:
        return texture.planes(self._maps.part(first, last))


class Sheets(Rows):
    """Pictures that are there: of each texture one (H, W, channels), all of one size."""

    def __init__(self, pictures: Mapping[Texture, np.ndarray]):
        self._pictures = pictures

    @property
    def size(self) -> tuple[int, int]:
        height, width = next(iter(self._pictures.values())).shape[:2]
        return height, width

    def prepare(self, textures: Sequence[Texture]) -> None:
        pass

    def planes(self, texture: Texture, first: int, last: int) -> list[np.ndarray]:
        return list(np.moveaxis(self._pictures[texture][first:last], 2, 0))


def write_files(
    bands: Iterable[Rows], height: int, width: int, files: Mapping[Path, Sequence[Texture]]
) -> list[Path]:
    """Write the files of one frame: all of them, or none. Their folders are made if they are not there.

    Parameters
    ----------
    bands
        All rows of its pictures, from the top.
    height, width
        Of the pictures, in pixels.
    files
        As from `files_of`.

    Raises
    ------
    ValueError
        A value that is not finite, a format that cannot be written here or not as large, or an order that was not asked
        for. Nothing is written.
    OSError
        No space, or no right to write there. No half frame is left: neither a part of a file nor some of this
        frame's.
    """
    textures = [texture for layers in files.values() for texture in layers]
    _check_formats(height, width, textures)
    for folder in {path.parent for path in files}:
        folder.mkdir(parents=True, exist_ok=True)
    writers: list[tuple[PictureWriter, Sequence[Texture]]] = []
    with open_together(files) as opened:
        try:
            for path, layers in files.items():
                writers.append((_open_writer(opened[path], height, width, layers), layers))
            for band in bands:
                band.prepare(textures)
                _add_band(band, writers)
            for writer, _ in writers:
                writer.close()
        except BaseException:
            for writer, _ in writers:
                writer.discard()
            raise
    return list(files)


def _add_band(band: Rows, writers: Sequence[tuple[PictureWriter, Sequence[Texture]]]) -> None:
    """Encode and write a band, in pieces; of those that are encoded and not yet written there are only a few."""
    rows = band.size[0]
    pieces = [
        (writer, layers, range(first, min(first + writer.rows_of_piece, rows)))
        for writer, layers in writers
        for first in range(0, rows, writer.rows_of_piece)
    ]
    together = _PIECES_A_THREAD * threads.count()
    for start in range(0, len(pieces), together):
        some = pieces[start : start + together]
        encoded: list[Any] = [None] * len(some)

        def encode_one(number: int, some: Any = some, encoded: list[Any] = encoded) -> None:
            writer, layers, rows = some[number]
            planes = [plane for one in layers for plane in band.planes(one, rows.start, rows.stop)]
            encoded[number] = writer.encode(planes)

        # compressing and numpy let other threads run meanwhile
        threads.for_each(encode_one, len(some))
        for (writer, _, _), content in zip(some, encoded, strict=True):
            writer.add(content)


def _open_writer(file: BinaryIO, height: int, width: int, layers: Sequence[Texture]) -> PictureWriter:
    first = layers[0]
    if first.format == "PNG":
        return PngWriter(file, width, height, len(first.channels), first.depth, first.colour)
    names = [texture.name for texture in layers]
    # the first colours are those that programs without layers show
    if len(layers) == 1 or len(first.channels) > 1:
        names[0] = ""
    counts = {name: len(texture.channels) for name, texture in zip(names, layers, strict=True)}
    colour = first.colour if len(layers) == 1 else "linear"
    if first.format == "OPEN_EXR" and not has_image_io():
        return ExrWriter(file, width, height, counts, first.depth, colour)
    return ImageIoWriter(file, width, height, counts, first.format, first.depth, colour)


def _check_formats(height: int, width: int, textures: Iterable[Texture]) -> None:
    for texture in textures:
        if texture.format not in ("PNG", "OPEN_EXR"):
            open_image_io()
        kind = FORMATS[texture.format]
        if max(height, width) > kind.largest:
            raise TextureError(
                f"{kind.label} holds pictures of up to {kind.largest} pixels, and these have {width} x {height}: "
                f"choose another format for {texture.name}, or fewer pixels a cell."
            )
