# SPDX-License-Identifier: GPL-3.0-or-later
"""Channels: which of the renderer's eight channels belongs to which map."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

CHANNEL_COUNT = 8
"""Red, green, blue, alpha, height, roughness, metallic, emission."""

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


def check_maps(maps: np.ndarray) -> np.ndarray:
    """Give the maps back as float32 where they have the renderer's shape, (8, H, W).

    Raises
    ------
    ValueError
        Another shape, or no pixels.
    """
    maps = np.asarray(maps, dtype=np.float32)
    if maps.ndim != 3 or maps.shape[0] != CHANNEL_COUNT or 0 in maps.shape:
        raise ValueError(
            f"Maps have the shape ({CHANNEL_COUNT}, height, width) and at least one pixel, not {maps.shape}"
        )
    return maps


LIVE_IMAGES = (("red", "green", "blue", "alpha"), ("roughness", "metallic", "height", "emission"))
def map_of(channel): return "base_colour" if channel in ("red","green","blue") else channel
