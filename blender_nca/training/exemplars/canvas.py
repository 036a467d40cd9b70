# SPDX-License-Identifier: GPL-3.0-or-later
"""A canvas that tiles: leaves, blades, shells and the like are laid onto it one over the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .ramp import mix, stack_maps
from .voronoi import nearest_copy, wrapped_around


class Place(NamedTuple):
    """Where a thing lies.

    Attributes
    ----------
    window : two ndarrays of int (1, N)
        Rows and columns of the pixels around it.
    along, aside : ndarray (1, N)
        Pixels from its middle along its axis and square to it.
    """

    window: tuple[np.ndarray, np.ndarray]
    along: np.ndarray
    aside: np.ndarray


class Canvas:
    """Maps of a material while things are laid onto them.

    Parameters
    ----------
    base : ndarray (3, size, size)
        sRGB-encoded colour of the ground; changed in place, as what follows.
    height, roughness : ndarray (size, size)
    """

    def __init__(self, base: np.ndarray, height: np.ndarray, roughness: np.ndarray):
        self.size = len(height)
        self.base, self.height, self.roughness = base, height, roughness
        self.metallic, self.emission = np.zeros_like(height), np.zeros_like(height)

    def place(self, y: float, x: float, angle: float, reach: float, breadth: float | None = None) -> Place:
        """The pixels around a point, seen along an axis that is turned from x downwards.

        They lie within `reach` along the axis and within `breadth`, or else the same, beside it.
        """
        breadth = reach if breadth is None else breadth
        turn_y, turn_x = np.sin(angle), np.cos(angle)
        rows = wrapped_around(y, abs(turn_y) * reach + abs(turn_x) * breadth, self.size)[:, None]
        columns = wrapped_around(x, abs(turn_x) * reach + abs(turn_y) * breadth, self.size)[None, :]
        down = nearest_copy(rows + 0.5 - y, self.size)
        right = nearest_copy(columns + 0.5 - x, self.size)
        along, aside = right * turn_x + down * turn_y, down * turn_x - right * turn_y
        near = (np.abs(along) <= reach) & (np.abs(aside) <= breadth)
        row, column = np.nonzero(near)
        return Place((rows[row, 0][None], columns[0, column][None]), along[near][None], aside[near][None])

    def lay(
        self,
        window: tuple[np.ndarray, np.ndarray],
        cover: np.ndarray,
        base: np.ndarray,
        height: float | np.ndarray,
        roughness: float | np.ndarray,
        metallic: float | np.ndarray = 0.0,
        emission: float | np.ndarray = 0.0,
        shadow: float | np.ndarray = 0.0,
    ) -> None:
        """Lay a thing onto a window.

        Parameters
        ----------
        window : two ndarrays of int
            See `Place`; pixels of any shape of two axes, here (1, N).
        cover : ndarray (1, N)
            0 where it leaves the canvas as it is, 1 where it hides it.
        base : ndarray (3, 1, N)
        height, roughness, metallic, emission : ndarray (1, N) or float
        shadow : ndarray (1, N) or float
            How much it darkens what lies around it, 0 to 1.
        """
        both = (slice(None), *window)
        self.base[both] = mix(self.base[both] * (1 - shadow * (1 - cover)), base, cover)
        for field, values in (
            (self.height, height),
            (self.roughness, roughness),
            (self.metallic, metallic),
            (self.emission, emission),
        ):
            field[window] = mix(field[window], values, cover)

    def maps(self) -> np.ndarray:
        """All maps as one material: see `stack_maps`."""
        return stack_maps(self.base, self.height, self.roughness, self.metallic, self.emission)
