# SPDX-License-Identifier: GPL-3.0-or-later
"""Compression: parts of a deflate stream (RFC 1951), by zlib, or by a faster library.

Measured on filtered 1024 x 1024 maps: `isal` takes a quarter of the time of `zlib` for as many bytes. `zlib_ng` takes
half, and so does `deflate`, whose parts cannot be put together. But of 60 bakes of the same growth two had files by
`isal` that were a byte longer or shorter, with the same pixels: so it is used only where that is asked for. Of zlib's
ways the one that looks for repeated bytes alone is a tenth faster than its first level on such pictures, and its files
are a little smaller.
"""

from __future__ import annotations

import importlib
import os
import zlib
from functools import lru_cache
from typing import Any

FAST = "NCA_FAST_FILES"
"""Environment variable: set to something, files are compressed faster, and their bytes may differ between bakes."""


def compress(content: memoryview | bytes) -> bytes:
    """Compress a part that knows nothing of those before, and ends where a byte does: another one can follow."""
    library = _library()
    strategy = zlib.Z_RLE if library is zlib else zlib.Z_DEFAULT_STRATEGY
    part = library.compressobj(1, zlib.DEFLATED, -15, zlib.DEF_MEM_LEVEL, strategy)
    return part.compress(content) + part.flush(zlib.Z_FULL_FLUSH)


def adler32(content: memoryview | bytes) -> int:
    """The checksum of what was compressed (RFC 1950)."""
    return _library().adler32(content)


def crc32(content: bytes, before: int = 0) -> int:
    """The checksum of a PNG's chunks, going on from that of the bytes before."""
    return _library().crc32(content, before)


def name() -> str:
    """Which library compresses here."""
    return "zlib" if _library() is zlib else "isal"


@lru_cache(1)
def _library() -> Any:
    """Intel's library, also for other processors, where it is wanted and there. It is called as zlib is."""
    if not os.environ.get(FAST):
        return zlib
    try:
        return importlib.import_module("isal.isal_zlib")
    except ImportError:
        return zlib
