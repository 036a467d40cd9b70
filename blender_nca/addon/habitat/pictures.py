# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures: what images, sequences and movies say, as grey pictures."""

from __future__ import annotations

import re
from pathlib import Path

import bpy
import numpy as np

from ...automaton.growth_error import GrowthError
from ..material.mask import grey_of, pixels_of, read_file

MOVING = frozenset({"SEQUENCE", "MOVIE"})
"""Sources of images that have several pictures."""
CHANNELS = {"RED": 0, "GREEN": 1, "BLUE": 2, "ALPHA": 3}
_DIGITS = re.compile(r"(\d+)(?!.*\d)")


def moves(image: bpy.types.Image | None) -> bool:
    """Whether an image has several pictures."""
    return image is not None and image.source in MOVING


def read_still(image: bpy.types.Image, channel: str) -> np.ndarray:
    """An image's values: shape (rows, columns), in [0, 1] where it is one of colours, row 0 at the top.

    Raises
    ------
    GrowthError
        It has no pixels; the message says what to do.
    """
    return _grey(image, pixels_of(image), channel)


def count_pictures(image: bpy.types.Image) -> int:
    """How many pictures a sequence or movie has. Raises as `read_picture`."""
    return len(_files(image)) if image.source == "SEQUENCE" else max(1, image.frame_duration)


def read_picture(image: bpy.types.Image, number: int, channel: str) -> np.ndarray:
    """One of the pictures of a sequence or a movie, from 0; as `read_still`.

    A movie is read as small as its picture is wide by `scale`, which alone tells Blender the frame: so the image that
    is given is to be one of our own.
    """
    if image.source == "SEQUENCE":
        return _grey(image, read_file(image, _files(image)[number]), channel)
    columns, rows = image.size
    if not columns:
        raise _gone(image)
    image.scale(columns, rows, frame=number + 1)
    return _grey(image, pixels_of(image), channel)


def open_again(image: bpy.types.Image) -> bpy.types.Image:
    """A movie opened once more, for reading: what an artist sees stays at its frame. The caller removes it."""
    try:
        return bpy.data.images.load(bpy.path.abspath(image.filepath, library=image.library))
    except RuntimeError as error:
        raise _gone(image) from error


def _files(sequence: bpy.types.Image) -> list[str]:
    """The files of a sequence, by their numbers, from the one that it was opened by."""
    first = Path(bpy.path.abspath(sequence.filepath, library=sequence.library))
    found = _DIGITS.search(first.name)
    if found is None:
        return [str(first)]
    begun, ended, start = first.name[: found.start()], first.name[found.end() :], int(found.group())
    named = {}
    for path in first.parent.glob("*") if first.parent.is_dir() else ():
        middle = path.name[len(begun) : len(path.name) - len(ended)]
        if (
            path.name.startswith(begun)
            and path.name.endswith(ended)
            and middle.isdigit()
            and int(middle) >= start
        ):
            named[int(middle)] = str(path)
    if not named:
        raise _gone(sequence)
    return [named[number] for number in sorted(named)]


def _grey(image: bpy.types.Image, pixels: np.ndarray | None, channel: str) -> np.ndarray:
    if pixels is None:
        raise _gone(image)
    channels = pixels.shape[-1]
    if channel == "GREY":
        return grey_of(pixels)
    number = CHANNELS[channel]
    if number < channels:
        return pixels[..., number]
    return np.ones(pixels.shape[:2]) if channel == "ALPHA" else pixels[..., 0]


def _gone(image: bpy.types.Image) -> GrowthError:
    return GrowthError(f"The image “{image.name}” has no pixels: find its file, or choose another image.")
