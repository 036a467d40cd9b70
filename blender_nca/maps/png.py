# SPDX-License-Identifier: GPL-3.0-or-later
"""PNG: write arrays as pictures of 8 or 16 bits (ISO/IEC 15948), with numpy and zlib alone."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np

from .whole_file import write_whole

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPES = {1: 0, 3: 2, 4: 6}
_FILTER_UP = 2
_PERCEPTUAL = b"\0"
# Measured on 1024 x 1024 maps: level 1 takes a half (RGBA, 8 bit) to a sixth of level 6's time for a quarter
# more bytes.
_COMPRESSION = 1


def write_png(path: Path | str, array: np.ndarray, bits: int = 8, colour: bool = False) -> None:
    """Write an array as a PNG file, whole or not at all: beside it as `<name>.part` first, then renamed.

    Parameters
    ----------
    path
        In a folder that exists. A file there is replaced.
    array, bits, colour
        As for `encode_png`.

    Raises
    ------
    ValueError
        As from `encode_png`; nothing is written.
    OSError
        No space, no right to write there, no such folder. The part is removed and what was at `path` is still
        there.
    """
    write_whole(Path(path), encode_png(array, bits, colour))


def encode_png(array: np.ndarray, bits: int = 8, colour: bool = False) -> bytes:
    """Encode an array as PNG.

    Parameters
    ----------
    array
        (H, W) or (H, W, 1) grey, (H, W, 3) RGB, or (H, W, 4) RGB with straight alpha; row 0 at the top.
        Floats are in [0, 1]: clipped, then rounded to the nearest step (halves to the even one, so 0.5 is 128
        of 255). Integers are written as they are and must be uint8 for 8 bits, uint16 for 16 bits.
    bits
        8 or 16 a channel.
    colour
        True for sRGB-encoded colour, which is marked so for other programs. False for data such as height,
        which is written without any colour mark.

    Returns
    -------
    bytes
        The same for the same array on every machine with the same zlib; the pixels are the same on every
        machine.

    Raises
    ------
    ValueError
        Another shape, type or bit depth, or a float that is not finite (the message says where): what grew it
        has gone wrong, and a picture would hide that.
    """
    steps = quantise(_check_shape(np.asarray(array)), bits)
    height, width, channels = steps.shape
    header = struct.pack(">IIBBBBB", width, height, bits, _COLOUR_TYPES[channels], 0, 0, 0)
    # PNG's numbers have the highest byte first.
    rows = np.ascontiguousarray(steps, dtype=steps.dtype.newbyteorder(">")).view(np.uint8).reshape(height, -1)
    return b"".join(
        [
            SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"sRGB", _PERCEPTUAL) if colour else b"",
            _chunk(b"IDAT", zlib.compress(_filter_up(rows), _COMPRESSION)),
            _chunk(b"IEND", b""),
        ]
    )


def _check_shape(array: np.ndarray) -> np.ndarray:
    """Give the array as (H, W, channels)."""
    pixels = array[..., np.newaxis] if array.ndim == 2 else array
    if pixels.ndim != 3 or pixels.shape[2] not in _COLOUR_TYPES or 0 in pixels.shape:
        raise ValueError(
            "A picture has the shape (height, width) or (height, width, 3 or 4) and at least one pixel, "
            f"not {array.shape}"
        )
    return pixels


def quantise(pixels: np.ndarray, bits: int) -> np.ndarray:
    """Give floats in [0, 1], of any shape (H, W, channels), as uint8 or uint16 steps.

    Raises
    ------
    ValueError
        Neither 8 nor 16 bits, numbers of another type, or such as are not finite.
    """
    if bits not in (8, 16):
        raise ValueError(f"A picture has 8 or 16 bits a channel, not {bits}")
    kind = np.dtype(np.uint8 if bits == 8 else np.uint16)
    if pixels.dtype == kind:
        return pixels
    if not np.issubdtype(pixels.dtype, np.floating):
        raise ValueError(
            f"A picture of {bits} bits is written from floats in 0 to 1 or from {kind}, not {pixels.dtype}"
        )
    finite = np.isfinite(pixels)
    if not finite.all():
        row, column, channel = (int(place) for place in np.argwhere(~finite)[0])
        raise ValueError(
            f"The picture has {int((~finite).sum())} values that are not finite numbers, "
            f"the first at row {row}, column {column}, channel {channel}"
        )
    # float16 has too few digits for the steps of 16 bits.
    pixels = pixels.astype(np.promote_types(pixels.dtype, np.float32), copy=False)
    return np.rint(np.clip(pixels, 0, 1) * (2**bits - 1)).astype(kind)


def _filter_up(rows: np.ndarray) -> bytes:
    """Put each row as its difference, modulo 256, from the row above, behind the number of this filter.

    One filter for all rows: the maps are smooth, and choosing for each row between this one and the
    difference from the pixel to the left saved under 1 % of the bytes.
    """
    filtered = np.empty((rows.shape[0], rows.shape[1] + 1), dtype=np.uint8)
    filtered[:, 0] = _FILTER_UP
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    return filtered.tobytes()


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
