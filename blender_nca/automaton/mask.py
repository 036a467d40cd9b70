# SPDX-License-Identifier: GPL-3.0-or-later
"""Mask: a grey picture as plain data."""

from __future__ import annotations

import base64
import hashlib
import operator
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from .growth_error import GrowthError
from .packed import unpack

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


MOST_PIXELS = 2**28
"""Of a mask: those of the largest image that Blender loads as a texture."""


@dataclass(frozen=True)
class Mask:
    """A grey picture packed as text, so that a growth stays plain data.

    Attributes
    ----------
    width, height : int
        Pixels.
    data : str
        Base64 of the zlib-compressed bytes, row by row from the top, 255 for white.
    """

    width: int
    height: int
    data: str

    def __post_init__(self) -> None:
        try:
            for name in ("width", "height"):
                object.__setattr__(self, name, operator.index(getattr(self, name)))
        except TypeError as error:
            raise GrowthError("A mask's size is damaged: choose its image again.") from error
        if self.width < 1 or self.height < 1:
            raise GrowthError("A mask has no pixels: choose an image that is loaded and not empty.")
        if self.width * self.height > MOST_PIXELS:
            raise GrowthError(f"A mask has at most {MOST_PIXELS} pixels: choose a smaller image.")
        try:
            unpack(self.data, self.width * self.height)
        except ValueError as error:
            raise GrowthError("A mask's data is damaged: choose its image again.") from error

    @classmethod
    def pack(cls, picture: ArrayLike) -> Mask:
        """Pack a grey picture.

        Parameters
        ----------
        picture : array-like, shape (height, width)
            Values in [0, 1], row 0 at the top; what lies outside is clipped, what is no number is black.

        Raises
        ------
        GrowthError
            It has another shape, or no pixels.
        """
        pixels = np.asarray(picture)
        if pixels.ndim != 2 or pixels.size == 0:
            raise GrowthError("A mask has no pixels: choose an image that is loaded and not empty.")
        grey = np.rint(np.nan_to_num(pixels).clip(0, 1) * 255).astype(np.uint8)
        data = base64.b64encode(zlib.compress(grey.tobytes(), 6)).decode("ascii")
        return cls(int(grey.shape[1]), int(grey.shape[0]), data)

    @cached_property
    def digest(self) -> str:
        """A hash of its pixels."""
        return hashlib.sha256(f"{self.width} {self.height} {self.data}".encode()).hexdigest()

    def unpack(self, height: int, width: int) -> np.ndarray:
        """The mask on another grid, by its mean over each cell.

        Parameters
        ----------
        height, width : int
            Cells of that grid.

        Returns
        -------
        ndarray, float32, shape (height, width), values in [0, 1]
        """
        flat = np.frombuffer(unpack(self.data, self.width * self.height), np.uint8)
        picture = flat.reshape(self.height, self.width).astype(np.float64)
        for axis, cells in ((0, height), (1, width)):
            # areas under the running sum, at the edges of the cells
            edges = np.linspace(0, picture.shape[axis], cells + 1)
            pad = [(0, 0), (0, 0)]
            pad[axis] = (1, 0)
            total = np.pad(np.cumsum(picture, axis), pad)
            before = np.minimum(edges.astype(int), picture.shape[axis] - 1)
            part = (edges - before).reshape((-1, 1) if axis == 0 else (1, -1))
            area = np.take(total, before, axis) + part * np.take(picture, before, axis)
            picture = np.diff(area, axis=axis) * (cells / picture.shape[axis])
        return (picture / 255).astype(np.float32)
