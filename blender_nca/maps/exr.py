# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenEXR: pictures of floats, where OpenImageIO is not there: by numpy and zlib alone, as `png.py` writes PNG.

Scan lines, ZIP compression, one part; see the file layout at https://openexr.com/en/latest/OpenEXRFileLayout.html.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import numpy as np

_MAGIC, _VERSION = 20000630, 2
_LONG_NAMES = 0x400
_ZIP, _ROWS_TOGETHER = 3, 16
_HALF, _FLOAT = 1, 2
_LEVEL = 4


def encode_exr(values: np.ndarray, names: Sequence[str], colour: str = "data") -> bytes:
    """Encode a picture, or several as layers.

    Parameters
    ----------
    values : ndarray, float16 or float32, shape (H, W, channels)
        Row 0 at the top.
    names : sequence of str
        Of the channels: 'R', or 'layer.R'.
    colour : str
        'linear' for colours of Rec.709, which the file says; else 'data'.

    Raises
    ------
    ValueError
        Another type, or another number of names.
    """
    if values.dtype not in (np.float16, np.float32) or len(names) != values.shape[2]:
        raise ValueError(f"An OpenEXR file holds half or full floats with a name each, not {values.dtype}")
    height, width = values.shape[:2]
    order = sorted(range(len(names)), key=lambda place: names[place].encode())  # as readers expect them
    kind = _HALF if values.dtype == np.float16 else _FLOAT
    channels = b"".join(
        names[place].encode() + b"\0" + struct.pack("<iB3xii", kind, 0, 1, 1) for place in order
    )
    window = struct.pack("<4i", 0, 0, width - 1, height - 1)
    attributes = [
        ("channels", "chlist", channels + b"\0"),
        ("compression", "compression", bytes([_ZIP])),
        ("dataWindow", "box2i", window),
        ("displayWindow", "box2i", window),
        ("lineOrder", "lineOrder", b"\0"),
        ("pixelAspectRatio", "float", struct.pack("<f", 1)),
        ("screenWindowCenter", "v2f", struct.pack("<2f", 0, 0)),
        ("screenWindowWidth", "float", struct.pack("<f", 1)),
    ]
    if colour == "linear":
        # the primaries and the white of Rec.709
        corners = struct.pack("<8f", 0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329)
        attributes.append(("chromaticities", "chromaticities", corners))
    version = _VERSION | (_LONG_NAMES if max(map(len, names)) > 31 else 0)
    header = struct.pack("<ii", _MAGIC, version)
    for name, type, content in attributes:
        header += f"{name}\0{type}\0".encode() + struct.pack("<i", len(content)) + content
    header += b"\0"
    # of each row all values of a channel, then those of the next
    rows = np.ascontiguousarray(np.moveaxis(values[..., order], 2, 1)).astype(values.dtype.newbyteorder("<"))
    chunks = []
    for top in range(0, height, _ROWS_TOGETHER):
        content = rows[top : top + _ROWS_TOGETHER].tobytes()
        packed = zlib.compress(_differences(content), _LEVEL)
        # what does not get smaller is kept as it is
        packed = packed if len(packed) < len(content) else content
        chunks.append(struct.pack("<ii", top, len(packed)) + packed)
    begins = len(header) + 8 * len(chunks)
    places = begins + np.cumsum([0, *map(len, chunks[:-1])])
    return header + places.astype("<u8").tobytes() + b"".join(chunks)


def _differences(content: bytes) -> bytes:
    """What ZIP packs well: first the even bytes, then the odd ones, and of each how far it is from the one before."""
    values = np.frombuffer(content, np.uint8)
    apart = np.concatenate([values[::2], values[1::2]])
    steps = apart.copy()
    steps[1:] -= apart[:-1] + np.uint8(128)
    return steps.tobytes()
