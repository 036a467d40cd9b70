# SPDX-License-Identifier: GPL-3.0-or-later
"""Channels: which of the renderer's eight channels belongs to which map, and which maps are whose."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

MAPS = MappingProxyType(
    {
        "base_colour": slice(0, 3),
        "alpha": slice(3, 4),
        "height": slice(4, 5),
        "roughness": slice(5, 6),
        "metallic": slice(6, 7),
        "emission": slice(7, 8),
    }
)
"""Map name -> its slice of the channels. Base colour is sRGB-encoded, alpha is straight, emission
is how strongly a texel glows in its base colour."""

CHANNELS = ("red", "green", "blue", *(name for name in MAPS if name != "base_colour"))
"""The renderer's channels, in order. All are in [0, 1]."""
CHANNEL_COUNT = len(CHANNELS)

LIVE_IMAGES = (("red", "green", "blue", "alpha"), ("roughness", "metallic", "height", "emission"))
"""The two images that a live material shows, and the channel in each of their channels. Colours are linear there. The
kernels write the same layout, and `tests/maps` holds them against it (`kernels/painting.c`, `painting.cu`)."""
ORDER_MAPS = ("growth_order", "front")
"""Maps that tell of when, beside those that are painted of the cells."""
ADJUSTED = ("roughness", "metallic", "height", "emission")
"""Maps whose values a look changes, beside the base colour."""
SHOWN_MAPS = ("linear_base_colour", "height", "roughness", "metallic", "glow")
"""Those of `sequence.BAKED_MAPS` that the material in Blender reads of every bake; `ORDER_MAPS` it reads where they are
there."""


def map_of(channel: str) -> str:
    """Name the map that one of `CHANNELS` belongs to.

    Raises
    ------
    ValueError
        There is no such channel.
    """
    place = CHANNELS.index(channel)
    return next(name for name, channels in MAPS.items() if channels.start <= place < channels.stop)


def check_maps(maps: np.ndarray) -> np.ndarray:
    """Give the maps back as float32 where they have the renderer's shape, (8, H, W).

    Raises
    ------
    ValueError
        Another shape, or no pixels.
    """
    import numpy as np  # late: the names alone need none

    maps = np.asarray(maps, dtype=np.float32)
    if maps.ndim != 3 or maps.shape[0] != CHANNEL_COUNT or 0 in maps.shape:
        raise ValueError(
            f"Maps have the shape ({CHANNEL_COUNT}, height, width) and at least one pixel, not {maps.shape}"
        )
    return maps
