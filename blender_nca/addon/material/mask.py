# SPDX-License-Identifier: GPL-3.0-or-later
"""Mask: the image in which a growth begins where it is bright."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from ...automaton.growth_error import GrowthError
from ..host.window import is_main_thread

if TYPE_CHECKING:
    import numpy as np

    from ...automaton.growth import Mask


_masks: dict[tuple[int, int, int], Mask] = {}
"""(image, cells wide, cells high) -> its mask. Reading an image of 2048 pixels a side takes longer than a frame has."""


def read_mask(image: bpy.types.Image | None, width: int, height: int) -> Mask:
    """Read an image as a mask of a grid.

    Parameters
    ----------
    image : Image or None
        Of a sequence the file that it was opened by is read, of a movie the first frame.
    width, height : int
        Of the grid, in cells.

    Raises
    ------
    GrowthError
        There is no image, or it has no pixels; the message says what to do.
    """
    from ...automaton.growth import Mask

    if image is None:
        raise GrowthError("Seeds from a mask need an image: choose one in Seeds.")
    key = (image.session_uid, width, height)
    if key not in _masks:
        pixels = _read_first(image) if image.source in {"SEQUENCE", "MOVIE"} else pixels_of(image)
        if pixels is None:
            raise GrowthError(
                f"The mask image “{image.name}” has no pixels: reload it or find its file, or choose another in Seeds."
            )
        # packed at the size of the grid: that is all that the growth needs of it
        _masks[key] = Mask.pack(Mask.pack(grey_of(pixels)).unpack(height, width))
    return _masks[key]


def pixels_of(image: bpy.types.Image) -> np.ndarray | None:
    """An image's values, (rows, columns, channels) with row 0 at the top; None where it has none."""
    import numpy as np

    columns, rows = image.size
    held: bpy.types.bpy_prop_array[float] = image.pixels  # type: ignore[assignment]  # the stubs say one float
    if not columns or not rows or len(held) != columns * rows * image.channels:
        return None
    pixels = np.empty(len(held), np.float32)
    held.foreach_get(pixels)
    return pixels.reshape(rows, columns, image.channels)[::-1]


def grey_of(pixels: np.ndarray) -> np.ndarray:
    """How bright pixels (rows, columns, channels) are, dark where they are transparent: shape (rows, columns)."""
    colours: np.ndarray = pixels[..., :3].mean(axis=-1)
    return colours * pixels[..., 3] if pixels.shape[-1] == 4 else colours


def _read_first(sequence: bpy.types.Image) -> np.ndarray | None:
    """The values of the file that a sequence or a movie was opened by."""
    return read_file(sequence, bpy.path.abspath(sequence.filepath, library=sequence.library))


def read_file(sequence: bpy.types.Image, path: str) -> np.ndarray | None:
    """The values of a file of a sequence or a movie; None where it has none.

    Blender gives out none of a sequence itself, and of a movie those of whichever frame was seen last.
    """
    if not is_main_thread():
        raise GrowthError(
            f"The mask “{sequence.name}” moves, and is not read while rendering: "
            "show the growth before, or choose a single image in Seeds."
        )
    try:
        image = bpy.data.images.load(path, check_existing=False)
    except RuntimeError:  # it is not there
        return None
    try:
        if sequence.colorspace_settings.name:  # a movie has none before it is seen
            image.colorspace_settings.name = sequence.colorspace_settings.name
        image.alpha_mode = sequence.alpha_mode
        return pixels_of(image)
    finally:
        bpy.data.images.remove(image)


def forget_masks(image: int | None = None) -> None:
    """Read mask images again: one, by its session uid, or all."""
    for key in [key for key in _masks if image is None or key[0] == image]:
        del _masks[key]


def masks_in_use() -> set[int]:
    """The session uids of the images read as masks."""
    return {key[0] for key in _masks}
