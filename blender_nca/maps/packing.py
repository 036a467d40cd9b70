# SPDX-License-Identifier: GPL-3.0-or-later
"""Packing: several maps in the channels of few images."""

from __future__ import annotations

import numpy as np

from .channels import CHANNELS, LIVE_IMAGES, check_maps
from .colour import srgb_to_linear


def pack_live(maps: np.ndarray) -> np.ndarray:
    """Pack the maps into the two images that a live material shows, ready for Blender's `pixels.foreach_set`.

    Parameters
    ----------
    maps
        (8, H, W) in the order of `channels.MAPS`, row 0 at the top, base colour sRGB-encoded.

    Returns
    -------
    ndarray
        float32 (2, H, W, 4), contiguous, row 0 at the bottom as Blender has it, in the layout of
        `channels.LIVE_IMAGES`, base colour linear.

    Raises
    ------
    ValueError
        Another shape.
    """
    from_bottom = check_maps(maps)[:, ::-1]
    packed = np.empty((2, *from_bottom.shape[1:], 4), dtype=np.float32)
    for image, channels in zip(packed, LIVE_IMAGES, strict=True):
        for place, channel in enumerate(channels):
            image[..., place] = from_bottom[CHANNELS.index(channel)]
    packed[0, ..., :3] = srgb_to_linear(packed[0, ..., :3])
    return packed
