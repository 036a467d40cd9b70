# SPDX-License-Identifier: GPL-3.0-or-later
"""Pixels: images of Blender as the arrays that the engine learns from, cut to a piece and no larger than need be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import bpy

from ...automaton.growth_error import GrowthError
from ..material.mask import pixels_of, read_file

if TYPE_CHECKING:
    import numpy as np


MOST_READ = 2**26
"""Pixels of an image that is read, 8192 x 8192: their values take a gigabyte."""
MOST_SIDE = 2048
"""Pixels a side that the engine is given: some hundred are learned from."""

FAINT = 0.02
"""Alpha that nobody sees."""


class PictureError(ValueError):
    """A picture that cannot be read; the message says what to do."""


def read_colour(image: bpy.types.Image, crop: Sequence[float]) -> np.ndarray:
    """The colours of a piece of an image.

    Parameters
    ----------
    image : Image
        Of a sequence the file that it was opened by is read, of a movie the first frame.
    crop : sequence of four float
        Left, lower, right and upper border of the piece, each from 0 to 1.

    Returns
    -------
    ndarray, float32, shape (3 or 4, height, width)
        In [0, 1], sRGB-encoded, row 0 at the top; the fourth is alpha, where it means opacity.

    Raises
    ------
    PictureError
        It has no pixels, or the piece has none.
    """
    import numpy as np

    pixels = _read(image, crop)
    if len(pixels) < 3:
        pixels = np.concatenate([pixels[:1]] * 3)
    if len(pixels) > 3 and image.alpha_mode in {"NONE", "CHANNEL_PACKED"}:
        pixels = pixels[:3]
    if len(pixels) > 3 and image.is_float:  # those have their colours multiplied by it
        pixels = np.concatenate([pixels[:3] / np.maximum(pixels[3:4], 1e-4), pixels[3:4]])
    return np.concatenate([_as_said(image, pixels[:3]), pixels[3:4]]).clip(0, 1)


def has_outline(image: bpy.types.Image) -> bool:
    """Whether something of an image is transparent, and something is not; no, where it cannot be read."""
    try:
        colours = read_colour(image, (0.0, 0.0, 1.0, 1.0))
    except PictureError:
        return False
    return len(colours) > 3 and bool(colours[3].min() < FAINT and colours[3].max() > 1 - FAINT)


def read_values(image: bpy.types.Image, crop: Sequence[float]) -> np.ndarray:
    """The values of a piece of a grey image, as its file has them: shape (height, width); see `read_colour`."""
    pixels = _read(image, crop)
    values: np.ndarray = _as_said(image, pixels[:3] if len(pixels) >= 3 else pixels[:1]).mean(0)
    return values.clip(0, 1)


def read_normals(image: bpy.types.Image, crop: Sequence[float], flips_green: bool) -> np.ndarray:
    """The normals of a piece of an image, as its file has them: shape (3, height, width); see `read_colour`."""
    pixels = _read(image, crop)
    if len(pixels) < 3:
        raise PictureError(f"“{image.name}” is gray, and no normal map: choose it as the height.")
    normals = _as_said(image, pixels[:3]).clip(0, 1)
    if flips_green:
        normals[1] = 1 - normals[1]
    return normals


def _as_said(image: bpy.types.Image, values: np.ndarray) -> np.ndarray:
    """Values as the file has them. Blender has made those of files with floats or 16 bits linear."""
    from ...maps.colour import linear_to_srgb

    return linear_to_srgb(values) if image.is_float and not image.colorspace_settings.is_data else values


def _read(image: bpy.types.Image, crop: Sequence[float]) -> np.ndarray:
    """A piece of an image: shape (channels, height, width)."""
    import numpy as np

    left, lower, right, upper = crop
    if right <= left or upper <= lower:
        raise PictureError("The crop is empty: let Right be more than Left, and Top more than Bottom.")
    pixels = _pixels(image)
    if pixels is None:
        raise PictureError(
            f"“{image.name}” has no pixels: reload it, find its file, or choose another picture."
        )
    rows, columns = pixels.shape[:2]
    first, end = round((1 - upper) * rows), round((1 - lower) * rows)
    pixels = pixels[first : max(end, first + 1), round(left * columns) : max(1, round(right * columns))]
    every = -(-max(pixels.shape[:2]) // MOST_SIDE)
    if every > 1:
        pixels = _reduce(pixels, every)
    return np.nan_to_num(pixels.transpose(2, 0, 1), nan=0, posinf=1, neginf=0)


def _pixels(image: bpy.types.Image) -> np.ndarray | None:
    columns, rows = image.size
    if image.source in {"SEQUENCE", "MOVIE"}:
        try:
            return read_file(image, bpy.path.abspath(image.filepath, library=image.library))
        except GrowthError as error:  # while it renders
            raise PictureError(str(error)) from error
    if columns * rows > MOST_READ:  # also to make it smaller would hold Blender up for half a minute
        raise PictureError(
            f"“{image.name}” has {columns} x {rows} pixels: make it 8192 x 8192 or smaller first, "
            "with Image > Resize in an image editor."
        )
    return pixels_of(image)


def _reduce(pixels: np.ndarray, every: int) -> np.ndarray:
    """Means over squares of so many pixels a side; what is left over at the border goes."""
    import numpy as np

    rows, columns = (max(1, side // every) for side in pixels.shape[:2])
    down, across = (min(every, side) for side in pixels.shape[:2])
    kept = pixels[: rows * down, : columns * across]
    means: np.ndarray = kept.reshape(rows, down, columns, across, -1).mean((1, 3), dtype=np.float32)
    return means
