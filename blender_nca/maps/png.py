# SPDX-License-Identifier: GPL-3.0-or-later
"""PNG: write arrays as pictures of 8 or 16 bits (ISO/IEC 15948), whole or a few rows at a time.

Pictures are compressed in pieces, each by itself, so that all cores have a part of one. Where they end depends on the
picture's size alone: the same picture is the same file, however many cores there are.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..kernels.library import library, open_library
from .compression import adler32, compress, crc32
from .whole_file import write_whole

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPES = {1: 0, 3: 2, 4: 6}
_FILTER_UP = 2
_FILTER_NONE = 0
_PERCEPTUAL = b"\0"
_ZLIB, _NO_MORE = b"\x78\x01", b"\x03\0"
"""How a compressed stream begins, and an empty last block (RFC 1950, 1951)."""
_PIECE = 2**19
"""Bytes of rows that are compressed at once: fewer find fewer repetitions, and more leave cores without work."""
_ADLER = 65521


class Piece(NamedTuple):
    """Some rows of a picture, ready for its file.

    Attributes
    ----------
    content : bytes
        Chunks.
    checksum, size : int
        Adler-32 of the rows before they were compressed, and their bytes.
    """

    content: bytes
    checksum: int
    size: int


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
        The pixels are the same on every machine, and so are the bytes where the same library compresses
        (`compression.name`) in the same version.

    Raises
    ------
    ValueError
        Another shape, type or bit depth, or a float that is not finite (the message says where): what grew it
        has gone wrong, and a picture would hide that.
    """
    steps = quantise(_check_shape(np.asarray(array)), bits)
    height, width, channels = steps.shape
    rows = rows_of_piece(width, channels, bits)
    pieces = [encode_rows(list(np.moveaxis(steps[y : y + rows], 2, 0)), bits) for y in range(0, height, rows)]
    ending = end(pieces)
    head = begin(width, height, channels, bits, colour)
    return b"".join([head, *(piece.content for piece in pieces), ending])


def rows_of_piece(width: int, channels: int, bits: int) -> int:
    """How many rows of a picture are compressed at once.

    Parameters
    ----------
    width, channels, bits : int
    """
    return max(1, _PIECE // (width * channels * (bits // 8) + 1))


def begin(width: int, height: int, channels: int, bits: int, colour: bool) -> bytes:
    """What stands in a file before the first piece; parameters as of `encode_png`."""
    header = struct.pack(">IIBBBBB", width, height, bits, _COLOUR_TYPES[channels], 0, 0, 0)
    marks = _chunk(b"sRGB", _PERCEPTUAL) if colour else b""
    return SIGNATURE + _chunk(b"IHDR", header) + marks + _chunk(b"IDAT", _ZLIB)


def encode_rows(planes: Sequence[np.ndarray], bits: int) -> Piece:
    """Encode a piece.

    Parameters
    ----------
    planes : sequence of ndarray (rows, W)
        A channel each: floats in [0, 1], or steps.
    bits : int

    Raises
    ------
    ValueError
        As from `quantise`.
    """
    rows = _lay_steps(planes, bits)
    return Piece(_chunk(b"IDAT", compress(rows)), adler32(rows), len(rows))


def end(pieces: Sequence[Piece]) -> bytes:
    """What stands in a file behind the last piece."""
    low, high = 1, 0
    for piece in pieces:
        # the sums of two parts, put together: the second one began at 1 and 0
        own_low, own_high = piece.checksum & 0xFFFF, piece.checksum >> 16
        high = (high + own_high + piece.size * (low - 1)) % _ADLER
        low = (low + own_low - 1) % _ADLER
    return _chunk(b"IDAT", _NO_MORE + struct.pack(">I", high << 16 | low)) + _chunk(b"IEND", b"")


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


def _lay_steps(planes: Sequence[np.ndarray], bits: int) -> memoryview:
    """Rows of a picture as they are compressed: filtered, behind the number of their filter.

    Each is its difference, modulo 256, from the row above; the first one is as it is, as nothing is known of the piece
    above. One filter for all rows: the maps are smooth, and choosing for each row between this one and the difference
    from the pixel to the left saved under 1 % of the bytes.
    """
    height, width = planes[0].shape
    if open_library() is not None and all(
        plane.dtype == np.float32 and plane.strides[1] == 4 and plane.strides[0] % 4 == 0 for plane in planes
    ):
        laid = np.empty((height, 1 + width * len(planes) * bits // 8), np.uint8)
        pointers = (ctypes.c_void_p * len(planes))(*(plane.ctypes.data for plane in planes))
        strides = (ctypes.c_long * len(planes))(*(plane.strides[0] // 4 for plane in planes))
        sizes = height, width, len(planes), bits // 8
        if library().nca_lay_steps(*sizes, pointers, strides, laid.ctypes.data) == 0:
            return laid.reshape(-1).data
        # which says where they are
    steps = quantise(np.stack(planes, 2), bits)
    # PNG's numbers have the highest byte first.
    rows = np.ascontiguousarray(steps, dtype=steps.dtype.newbyteorder(">")).view(np.uint8).reshape(height, -1)
    laid = np.empty((height, rows.shape[1] + 1), np.uint8)
    laid[:, 0] = _FILTER_UP
    laid[0, 0], laid[0, 1:] = _FILTER_NONE, rows[0]
    np.subtract(rows[1:], rows[:-1], out=laid[1:, 1:])
    return laid.reshape(-1).data


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = crc32(content, crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
