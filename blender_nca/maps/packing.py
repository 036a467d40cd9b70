# SPDX-License-Identifier: GPL-3.0-or-later
"""Packing: several maps in the channels of few images."""

from __future__ import annotations

import numpy as np

from .channels import MAPS, check_maps
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
        float32 (2, H, W, 4), contiguous, row 0 at the bottom as Blender has it. Image 0: linear base colour
        and straight alpha. Image 1: roughness, metallic, height,
        emission.

    Raises
    ------
    ValueError
        Another shape.
    """
    from_bottom = check_maps(maps)[:, ::-1]
    packed = np.empty((2, *from_bottom.shape[1:], 4), dtype=np.float32)
    packed[0, ..., :3] = np.moveaxis(srgb_to_linear(from_bottom[MAPS["base_colour"]]), 0, -1)
    packed[0, ..., 3] = from_bottom[MAPS["alpha"]][0]
    packed[1, ..., 0] = from_bottom[MAPS["roughness"]][0]
    packed[1, ..., 1] = from_bottom[MAPS["metallic"]][0]
    packed[1, ..., 2] = from_bottom[MAPS["height"]][0]
    packed[1, ..., 3] = from_bottom[MAPS["emission"]][0]
    return packed
