# SPDX-License-Identifier: GPL-3.0-or-later
"""Values: what vertex groups, attributes and images say of the cells in a frame."""

from __future__ import annotations

import bpy
import numpy as np

from ...automaton.growth import Mask
from ...automaton.growth_error import GrowthError
from ..material.mask import grey_of, read_mask
from ..surface.attributes import VALUES, at_corners
from ..surface.meshes import read_group
from .cells import Cells, Part

ABOVE = 0.5
FINER = 4
"""Pixels a cell, along each side, that a moving picture is read with."""


def above(cells: Cells, name: str, owners: dict[int, bpy.types.Object]) -> np.ndarray | None:
    """The cells where a vertex group or an attribute of what is seen is above one half.

    Parameters
    ----------
    cells : Cells
    name : str
    owners : dict of int to Object
        The objects of the cells' parts, by their session uids.

    Returns
    -------
    ndarray, bool, shape (height, width)
        None where no object has one of this name.
    """
    values = [_values(part, name, owners[part.owner]) for part in cells.parts]
    if all(each is None for each in values):
        return None
    return cells.mask(
        np.zeros(len(part.points), bool) if each is None else part.layout.mix(each) > ABOVE
        for part, each in zip(cells.parts, values, strict=True)
    )


def _values(part: Part, name: str, owner: bpy.types.Object) -> np.ndarray | None:
    """At the corners of a part's triangles: shape (triangles, 3)."""
    values = at_corners(part.mesh, name, part.triangles, VALUES)
    if values is not None:
        return values[..., :3].mean(-1)
    weights = read_group(owner, part.mesh, name)
    return None if weights is None else weights[part.triangles.vertices]


class Film:
    """An image whose frames are read one after the other: a sequence or a movie by the scene's, another one as it is.

    It reads a copy, so that what the artist sees stays as it is; `close` takes that away.

    Parameters
    ----------
    image : Image
    """

    def __init__(self, image: bpy.types.Image) -> None:
        self._image = image
        self._copy = image.copy() if image.source in {"SEQUENCE", "MOVIE"} else None

    def cells(self, frame: int, height: int, width: int) -> np.ndarray | None:
        """The cells where it is brighter than middle grey: bool, shape (height, width). None if it has no such frame.

        Raises
        ------
        GrowthError
            It has no pixels at all.
        """
        if self._copy is None:
            return read_mask(self._image, width, height).unpack(height, width) > ABOVE
        if self._copy.source == "MOVIE" and not 1 <= frame <= self._copy.frame_duration:
            return None
        try:
            # Blender gives out the pixels of another frame than the first one only after this
            self._copy.scale(FINER * width, FINER * height, frame=frame)
        except RuntimeError:  # there is no such file
            return None
        except TypeError as error:
            raise GrowthError(
                "This Blender reads no frames of an image: use 4.5 or later to record it."
            ) from error
        pixels = np.empty(len(self._copy.pixels), np.float32)  # type: ignore[arg-type]  # the stubs say one float
        self._copy.pixels.foreach_get(pixels)  # type: ignore[attr-defined]  # as above
        if pixels.size != FINER * height * FINER * width * self._copy.channels:
            return None
        values = pixels.reshape(FINER * height, FINER * width, -1)[::-1]
        return Mask.pack(grey_of(values)).unpack(height, width) > ABOVE

    def close(self) -> None:
        """Take the copy away."""
        if self._copy is not None:
            bpy.data.images.remove(self._copy)
            self._copy = None
