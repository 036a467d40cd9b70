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
    packed = b"".join(chunk for kind, chunk in chunks(content) if kind == b"IDAT")
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(shape[0], -1)
    steps = rows[:, 1:].copy()
    for y, filter in enumerate(rows[:, 0]):
        assert filter in (0, 2)
        if filter:
            steps[y] += steps[y - 1]
    return steps.view(">u2").reshape(shape)


def chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a file, kind and content."""
    found, place = [], 8
    while place < len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        found.append((content[place + 4 : place + 8], content[place + 8 : place + 8 + length]))
        place += 12 + length
    return found
