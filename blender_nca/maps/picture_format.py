# SPDX-License-Identifier: GPL-3.0-or-later
"""Picture format: what each kind of picture file holds, and who writes it.

PNG is written by `png.py`, everywhere, and in a little over half of the time that OpenImageIO takes for it at the same
compression. All others are written by OpenImageIO, which Blender's Python has; where it has none, as in packages of
some Linux systems, OpenEXR is written by `exr.py`.
"""

from __future__ import annotations

import importlib
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from .exr import encode_exr
from .png import encode_png, quantise

_ROOM = 1_000_000
"""Bytes beside those of the pixels that a file may need while it is encoded."""


class FormatError(ValueError):
    """Pictures of a format cannot be written here; the message is for the artist."""


@dataclass(frozen=True)
class PictureFormat:
    """One kind of picture files.

    Attributes
    ----------
    label : str
        For the artist.
    suffix : str
    depths : tuple of str
        '8', '16', 'half', 'float'.
    has_alpha : bool
    has_grey : bool
        Otherwise grey is written three times.
    writer : str
        OpenImageIO's name of it; empty for PNG.
    options : dict
        What OpenImageIO is told.
    has_layers : bool
        Whether one file may hold several textures.
    """

    label: str
    suffix: str
    depths: tuple[str, ...]
    has_alpha: bool = True
    has_grey: bool = True
    writer: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    has_layers: bool = False


FORMATS = MappingProxyType(
    {
        "PNG": PictureFormat("PNG", ".png", ("8", "16")),
        "OPEN_EXR": PictureFormat(
            "OpenEXR", ".exr", ("half", "float"), writer="openexr", options={"compression": "zip"},
            has_layers=True,
        ),
        "TIFF": PictureFormat(
            "TIFF", ".tif", ("8", "16", "float"), writer="tiff", options={"compression": "zip"}
        ),
        "TARGA": PictureFormat("Targa", ".tga", ("8",), writer="targa", options={"compression": "rle"}),
        "WEBP": PictureFormat(
            "WebP, lossless", ".webp", ("8",), has_grey=False, writer="webp",
            options={"compression": "lossless:50"},
        ),
        "JPEG": PictureFormat(
            "JPEG", ".jpg", ("8",), has_alpha=False, writer="jpeg",
            options={"compression": "jpeg:95", "jpeg:subsampling": "4:4:4"},
        ),
    }
)  # fmt: skip
"""Name, as Blender has it, -> what it holds."""
NO_DATE = "1970:01:01 00:00:00"
"""In files of formats that want a date."""
_TYPES = {"8": "uint8", "16": "uint16", "half": "half", "float": "float"}
_LETTERS = {1: ("Y",), 3: ("R", "G", "B"), 4: ("R", "G", "B", "A")}


def encode(pixels: np.ndarray, format: str, depth: str, colour: str) -> bytes:
    """Encode a picture.

    Parameters
    ----------
    pixels
        Floats (H, W, 1, 3 or 4), alpha straight, row 0 at the top. In [0, 1] for whole numbers, which they are rounded
        to.
    format
        One of `FORMATS`.
    depth
        One of that format's.
    colour
        'sRGB', 'linear' or 'data', which the file says where its format can.

    Raises
    ------
    ValueError
        A value that is not finite.
    FormatError
        Nothing here writes it.
    """
    if format == "PNG":
        return encode_png(pixels, int(depth), colour == "sRGB")
    return encode_layers({"": pixels}, format, depth, colour)


def encode_layers(layers: dict[str, np.ndarray], format: str, depth: str, colour: str) -> bytes:
    """Encode several pictures of one size as layers of one file. Parameters and errors as for `encode`."""
    kind = FORMATS[format]
    names: list[str] = []
    for layer, pixels in layers.items():
        names += [f"{layer}.{letter}" if layer else letter for letter in _LETTERS[pixels.shape[2]]]
    values = np.concatenate(list(layers.values()), axis=2)
    if values.shape[2] == 1 and not kind.has_grey:
        values, names = np.repeat(values, 3, axis=2), list(_LETTERS[3])
    if depth in ("8", "16"):
        values = quantise(values, int(depth))
    else:
        check_finite(values)
        values = values.astype(np.float16 if depth == "half" else np.float32)
    try:
        library = open_image_io()
    except FormatError:
        if format != "OPEN_EXR":
            raise
        return encode_exr(values, names, colour)
    spec = library.ImageSpec(values.shape[1], values.shape[0], values.shape[2], _TYPES[depth])
    spec.channelnames = names
    # else colours are divided by their alpha, in formats that hold straight ones
    spec.attribute("oiio:UnassociatedAlpha", 1)
    # else it is the moment of writing, and a frame that is baked again is another file
    spec.attribute("DateTime", NO_DATE)
    if colour != "data":
        spec.attribute("oiio:ColorSpace", "sRGB" if colour == "sRGB" else "lin_rec709")
    for option, value in kind.options.items():
        spec.attribute(option, value)

    return _encode_aside(library, kind, spec, values)


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


def _encode_aside(library: Any, kind: PictureFormat, spec: Any, values: np.ndarray) -> bytes:
    """Encode a file in the temporary folder.

    Where the disk is full the library says nothing of most formats, and ends the process with JPEG. So it writes where
    there is room, and the file goes to its place as bytes, of which each that cannot be written is told.
    """
    folder = tempfile.gettempdir()
    if shutil.disk_usage(folder).free < values.nbytes + _ROOM:
        raise FormatError(f"The temporary folder {folder} is full: free some space.")
    with tempfile.TemporaryDirectory(prefix="growth-", ignore_cleanup_errors=True) as aside:
        path = Path(aside, f"picture{kind.suffix}")
        output = library.ImageOutput.create(kind.writer)
        if output is None:
            raise FormatError(f"The OpenImageIO that is here writes no {kind.label} files: choose PNG.")
        is_written = output.open(str(path), spec) and output.write_image(values)
        # what is still to be written is written as it is closed
        if not (output.close() and is_written):
            raise FormatError(f"The {kind.label} file could not be encoded: {output.geterror()}")
        return path.read_bytes()
