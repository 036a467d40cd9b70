# SPDX-License-Identifier: GPL-3.0-or-later
"""Packed: bytes as text, compressed. Who reads them says how many they may be: a small text may hold a gibibyte."""

from __future__ import annotations

import base64
import zlib


def unpack(text: object, size: int) -> bytes:
    """The bytes in base64 of a zlib stream, which are `size`; raises `ValueError` where it is damaged, or of another
    size, of which it unpacks no more than is asked for."""
    unpacked = unpack_up_to(text, size)
    if len(unpacked) != size:
        raise ValueError(f"{len(unpacked)} bytes, not {size}")
    return unpacked


def unpack_up_to(text: object, most: int) -> bytes:
    """The same where it is not said how many there are: at most so many; raises `ValueError` as `unpack` does."""
    if not isinstance(text, str):
        raise ValueError("no text")
    stream = zlib.decompressobj()
    try:
        # a length of 0 would be no limit
        unpacked = stream.decompress(base64.b64decode(text, validate=True), most + 1)
    except zlib.error as error:
        raise ValueError("damaged") from error
    if len(unpacked) > most or not stream.eof:
        raise ValueError(f"more than {most} bytes, or not all of them")
    return unpacked
