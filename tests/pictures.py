# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures: PNG files read back by another program, with both bytes of those that have 16 bits."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import numpy as np
from PIL import Image


def read_png(path: Path) -> np.ndarray:
    """The values of a picture that the project wrote, in 0 to 1, row 0 at the top."""
    content = path.read_bytes()
    with Image.open(io.BytesIO(content)) as image:
        pixels = np.asarray(image)
    # Pillow gives the upper bytes alone of colours of 16 bits
    return unpack_16_bit_rows(content, pixels.shape) / 65535 if content[24] == 16 else pixels / 255


def unpack_16_bit_rows(content: bytes, shape: tuple[int, ...]) -> np.ndarray:
    """The steps of a picture of 16 bits, out of the file's own rows."""
    start = content.index(b"IDAT")
    length = int.from_bytes(content[start - 4 : start], "big")
    rows = np.frombuffer(zlib.decompress(content[start + 4 : start + 4 + length]), np.uint8)
    rows = rows.reshape(shape[0], -1)
    assert (rows[:, 0] == 2).all()
    return np.cumsum(rows[:, 1:], axis=0, dtype=np.uint8).copy().view(">u2").reshape(shape)
