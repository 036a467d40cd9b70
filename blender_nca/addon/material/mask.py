# SPDX-License-Identifier: GPL-3.0-or-later
"""Mask: the image in which a growth begins where it is bright."""

from __future__ import annotations

import bpy
import numpy as np

from ...automaton.growth import GrowthError, Mask

_masks: dict[tuple[int, int, int], Mask] = {}
"""(image, cells wide, cells high) -> its mask. Reading an image of 2048 pixels a side takes longer than a frame has."""


def read_mask(image: bpy.types.Image | None, width: int, height: int) -> Mask:
    """Read an image as a mask of a grid.

    Parameters
    ----------
    image : Image or None
    width, height : int
        Of the grid, in cells.

    Raises
    ------
    GrowthError
        There is no image, or it has no pixels; the message says what to do.
    """
    if image is None:
        raise GrowthError("Seeds from a mask need an image: choose one in Seeds.")
    key = (image.session_uid, width, height)
    if key not in _masks:
        columns, rows = image.size
        held: bpy.types.bpy_prop_array[float] = image.pixels  # type: ignore[assignment]  # the stubs say one float
        if not columns or not rows or len(held) != columns * rows * image.channels:
            raise GrowthError(
                f"The mask image “{image.name}” has no pixels: reload it or find its file, or choose another in Seeds."
            )
        pixels = np.empty(columns * rows * image.channels, np.float32)
        held.foreach_get(pixels)
        pixels = pixels.reshape(rows, columns, image.channels)[::-1]
        colours = pixels[..., : min(3, image.channels)].mean(axis=-1)
        grey = colours * pixels[..., 3] if image.channels == 4 else colours
        # packed at the size of the grid: that is all that the growth needs of it
        _masks[key] = Mask.pack(Mask.pack(grey).unpack(height, width))
    return _masks[key]


def forget_masks(image: int | None = None) -> None:
    """Read mask images again: one, by its session uid, or all."""
    for key in [key for key in _masks if image is None or key[0] == image]:
        del _masks[key]


def masks_in_use() -> set[int]:
    """The session uids of the images read as masks."""
    return {key[0] for key in _masks}
