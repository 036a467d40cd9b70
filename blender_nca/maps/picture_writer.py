# SPDX-License-Identifier: GPL-3.0-or-later
"""Picture writer: who writes each kind of picture file.

PNG is written by `png.py`, everywhere, and in a little over half of the time that OpenImageIO takes for it at the same
compression. All others are written by OpenImageIO, which Blender's Python has; where it has none, as in packages of
some Linux systems, OpenEXR is written by `exr.py`.

A picture is written a few rows at a time: `encode` what any thread may do of some of them, `add` it in their order, and
`close`.
"""

from __future__ import annotations

import importlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from . import png
from .exr import encode_exr
from .picture_format import FORMATS
from .png import quantise

_ROOM = 1_000_000
"""Bytes beside those of the pixels that a file may need while it is encoded."""
NO_DATE = "1970:01:01 00:00:00"
"""In files of formats that want a date."""
_TYPES = {"8": "uint8", "16": "uint16", "half": "half", "float": "float"}
_BYTES = {"8": 1, "16": 2, "half": 2, "float": 4}
_PIECE = 2**20
"""Bytes of rows that are encoded at once."""
_LETTERS = {1: ("Y",), 3: ("R", "G", "B"), 4: ("R", "G", "B", "A")}


class FormatError(ValueError):
    """Pictures of a format cannot be written here; the message is for the artist."""


class PngWriter:
    """Writes a PNG picture.

    Parameters
    ----------
    file : BinaryIO
        Into which it goes.
    width, height, channels : int
    depth : str
    colour : str
        'sRGB', 'linear' or 'data', which the file says where its format can.
    """

    def __init__(self, file: BinaryIO, width: int, height: int, channels: int, depth: str, colour: str):
        self._file, self._bits, self._pieces = file, int(depth), list[png.Piece]()
        self.rows_of_piece = png.rows_of_piece(width, channels, self._bits)
        file.write(png.begin(width, height, channels, self._bits, colour == "sRGB"))

    def encode(self, planes: Sequence[np.ndarray]) -> png.Piece:
        """Encode some rows, in any thread: floats (rows, W) in [0, 1] of each channel, alpha straight, or steps.

        Raises
        ------
        ValueError
            A value that is not finite.
        """
        return png.encode_rows(planes, self._bits)

    def add(self, piece: png.Piece) -> None:
        """Write what follows what was added before."""
        self._file.write(piece.content)
        self._pieces.append(piece._replace(content=b""))

    def close(self) -> None:
        """Write the picture's end."""
        self._file.write(png.end(self._pieces))

    def discard(self) -> None:
        """Let go of a picture that is not finished."""


class ImageIoWriter:
    """Writes a picture by OpenImageIO. The first parameters as of `PngWriter`.

    Where the disk is full the library says nothing of most formats, and ends the process with JPEG. So it writes into
    the temporary folder where there is room, and the file goes to its place as bytes, of which each that cannot be
    written is told.

    Parameters
    ----------
    format : str
        One of `FORMATS`.
    layers : mapping of str to int
        Layers of the file, '' for the colours that programs without layers show, and how many channels each has.

    Raises
    ------
    FormatError
        Nothing here writes it.
    """

    def __init__(
        self,
        file: BinaryIO,
        width: int,
        height: int,
        layers: Mapping[str, int],
        format: str,
        depth: str,
        colour: str,
    ):
        kind, library, names = FORMATS[format], open_image_io(), _names_of(layers)
        self._repeats = 3 if names == ["Y"] and not kind.has_grey else 1
        if self._repeats > 1:
            names = list(_LETTERS[3])
        spec = library.ImageSpec(width, height, len(names), _TYPES[depth])
        spec.channelnames = names
        # else colours are divided by their alpha, in formats that hold straight ones
        spec.attribute("oiio:UnassociatedAlpha", 1)
        # else it is the moment of writing, and a frame that is baked again is another file
        spec.attribute("DateTime", NO_DATE)
        if colour != "data":
            spec.attribute("oiio:ColorSpace", "sRGB" if colour == "sRGB" else "lin_rec709")
        for option, value in kind.options.items():
            spec.attribute(option, value)
        self._file, self._kind, self._depth, self._next = file, kind, depth, 0
        self.rows_of_piece = max(1, _PIECE // (width * len(names) * _BYTES[depth]))
        self._check_room(width * height * len(names) * _BYTES[depth])
        self._output = library.ImageOutput.create(kind.writer)
        if self._output is None:
            raise FormatError(f"The OpenImageIO that is here writes no {kind.label} files: choose PNG.")
        self._aside = tempfile.TemporaryDirectory(prefix="growth-", ignore_cleanup_errors=True)
        self._path = Path(self._aside.name, f"picture{kind.suffix}")
        if not self._output.open(str(self._path), spec):
            raise self._failure()

    def encode(self, planes: Sequence[np.ndarray]) -> np.ndarray:
        """As `PngWriter.encode`; of several layers their channels one after the other.

        Returns
        -------
        ndarray, shape (rows, W, channels)
        """
        values = np.stack(list(planes) * self._repeats, 2)
        if self._depth in ("8", "16"):
            return quantise(values, int(self._depth))
        check_finite(values)
        return values.astype(np.float16 if self._depth == "half" else np.float32)

    def add(self, rows: np.ndarray) -> None:
        """Write what follows what was added before, of shape (rows, W, channels)."""
        first, self._next = self._next, self._next + len(rows)
        if not self._output.write_scanlines(first, self._next, 0, rows):
            raise self._failure()

    def close(self) -> None:
        """Write the file where it is wanted."""
        # what is still to be written is written as it is closed
        if not self._output.close():
            raise self._failure()
        with self._path.open("rb") as encoded:
            shutil.copyfileobj(encoded, self._file, _PIECE)
        self._aside.cleanup()

    def discard(self) -> None:
        """Let go of a picture that is not finished."""
        self._output.close()
        self._aside.cleanup()

    def _failure(self) -> FormatError:
        return FormatError(f"The {self._kind.label} file could not be encoded: {self._output.geterror()}")

    @staticmethod
    def _check_room(size: int) -> None:
        folder = tempfile.gettempdir()
        if shutil.disk_usage(folder).free < size + _ROOM:
            raise FormatError(f"The temporary folder {folder} is full: free some space.")


class ExrWriter:
    """Writes an OpenEXR picture where OpenImageIO is not there, whole. Parameters as of `ImageIoWriter`."""

    def __init__(
        self, file: BinaryIO, width: int, height: int, layers: Mapping[str, int], depth: str, colour: str
    ):
        self._file, self._names, self._colour = file, _names_of(layers), colour
        self._type = np.float16 if depth == "half" else np.float32
        self._rows: list[np.ndarray] = []
        self.rows_of_piece = max(1, _PIECE // (width * len(self._names) * _BYTES[depth]))

    def encode(self, planes: Sequence[np.ndarray]) -> np.ndarray:
        """As `ImageIoWriter.encode`.

        Returns
        -------
        ndarray, shape (rows, W, channels)
        """
        values = np.stack(planes, 2)
        check_finite(values)
        return values.astype(self._type)

    def add(self, rows: np.ndarray) -> None:
        """Keep what follows what was added before, of shape (rows, W, channels)."""
        self._rows.append(rows)

    def close(self) -> None:
        """Write the file."""
        self._file.write(encode_exr(np.concatenate(self._rows), self._names, self._colour))

    def discard(self) -> None:
        """Let go of a picture that is not finished."""
        self._rows.clear()


PictureWriter = PngWriter | ImageIoWriter | ExrWriter


def _names_of(layers: Mapping[str, int]) -> list[str]:
    """Of the channels of some layers, by how many each has."""
    return [
        f"{layer}.{letter}" if layer else letter
        for layer, count in layers.items()
        for letter in _LETTERS[count]
    ]


def has_image_io() -> bool:
    """Whether OpenImageIO is there."""
    try:
        open_image_io()
    except FormatError:
        return False
    return True


def open_image_io() -> Any:
    """OpenImageIO, which is opened when it is needed: that takes a fifth of a second.

    Raises
    ------
    FormatError
        It is not there.
    """
    try:
        return importlib.import_module("OpenImageIO")
    except ImportError as error:
        raise FormatError(
            "The engine's Python has no OpenImageIO, which writes all formats but PNG and OpenEXR: choose one of "
            "these, or in the preferences a Python for the engine that has it (pip install openimageio)."
        ) from error


def check_finite(values: np.ndarray) -> None:
    """Refuse a picture, of any shape, with values that are not finite numbers.

    Raises
    ------
    ValueError
        There are some.
    """
    if not np.isfinite(values).all():
        raise ValueError("The picture has values that are not finite numbers")
