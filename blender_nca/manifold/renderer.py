# SPDX-License-Identifier: GPL-3.0-or-later
"""Cell state -> maps at pixel resolution: the local decoder.

After Pajouheshgar et al., "Neural Cellular Automata: From Cells to Pixels" (2025): cells live on a coarse
grid, their state is interpolated, and a small perceptron reads the pixel out of it. Here the interpolation is
bicubic and the perceptron is the genotype's own, without position features, so that no lattice of cells
shows. Written for numpy arrays and torch tensors alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..automaton.update_rule import LIFE, Array, rectify
from .architecture import MAP_CHANNELS

SUPPORT = 2
"""Cells around a tile that its border pixels are interpolated from."""
_LEAK = 0.1
OPAQUE_FROM = 0.5
"""Life from which on a pixel is as opaque as it is painted."""
_SHARPNESS = -0.5
"""Catmull and Rom's choice for the cubic's free parameter (Keys 1981)."""


@dataclass(frozen=True)
class Painter:
    """A perceptron from a pixel's interpolated state to its maps; leading axes, if any, are a batch.

    Attributes
    ----------
    weight_0, bias_0, weight_1, bias_1, weight_2, bias_2 : array
        Shapes (..., channels, width), (..., 1, width), (..., width, width), (..., 1, width), (width, maps),
        (maps,). A painter that reads grain has its channels behind those of the state.
    """

    weight_0: Array
    bias_0: Array
    weight_1: Array
    bias_1: Array
    weight_2: Array
    bias_2: Array

    def paint(self, pixels: Array) -> Array:
        """Maps of each pixel, before they are clipped to [0, 1].

        Parameters
        ----------
        pixels : array, shape (..., pixels, channels)
            With grain behind the state, where the painter reads it.

        Returns
        -------
        array, shape (..., pixels, maps)
            The first four channels of the state (colour and life) are added to the first four maps (colour
            and alpha).
        """
        maps = self.read(pixels)
        maps[..., :4] += pixels[..., :4]
        maps[..., LIFE] *= (pixels[..., LIFE] / OPAQUE_FROM).clip(0, 1)
        return maps

    def read(self, pixels: Array) -> Array:
        """What the layers alone make of pixels: shapes as of `paint`."""
        features = _leaky(pixels @ self.weight_0 + self.bias_0)
        features = _leaky(features @ self.weight_1 + self.bias_1)
        return features @ self.weight_2 + self.bias_2

    def add_units(self, added: Painter, share: float) -> Painter:
        """A painter with further units beside its own, that know nothing of each other: maps are the sum of both.

        Parameters
        ----------
        added : Painter
            That reads the same channels, and others behind them. Neither has an axis of a batch.
        share : float
            How much of what the others paint is added.
        """
        behind = added.weight_0.shape[0] - self.weight_0.shape[0]
        width, more = self.weight_1.shape[0], added.weight_1.shape[0]
        return Painter(
            np.concatenate([np.pad(self.weight_0, ((0, behind), (0, 0))), added.weight_0], 1),
            np.concatenate([self.bias_0, added.bias_0], 1),
            np.block(
                [
                    [self.weight_1, np.zeros((width, more), np.float32)],
                    [np.zeros((more, width), np.float32), added.weight_1],
                ]
            ),
            np.concatenate([self.bias_1, added.bias_1], 1),
            np.concatenate([self.weight_2, np.float32(share) * added.weight_2]),
            self.bias_2 + np.float32(share) * added.bias_2,
        )


def _leaky(features: Array) -> Array:
    if hasattr(features, "relu"):  # torch's own is one pass, and its gradient another
        from torch.nn.functional import leaky_relu

        return leaky_relu(features, _LEAK)
    return _LEAK * features + (1 - _LEAK) * rectify(features)


def interpolation(cells: int, pixels_per_cell: int) -> np.ndarray:
    """Bicubic interpolation of a row of cells as a matrix.

    Parameters
    ----------
    cells : int
        Cells that are painted; the row has `SUPPORT` more on each side.
    pixels_per_cell : int

    Returns
    -------
    ndarray, float32, shape (cells * pixels_per_cell, cells + 2 SUPPORT)
    """
    # centres of the pixels, in cells from the centre of the row's first cell
    position = (np.arange(cells * pixels_per_cell) + 0.5) / pixels_per_cell - 0.5 + SUPPORT
    return weigh(position[:, None] - np.arange(cells + 2 * SUPPORT)).astype(np.float32)


def weigh(away: np.ndarray) -> np.ndarray:
    """How much a cell counts in a pixel: the cubic of Keys (1981).

    Parameters
    ----------
    away : ndarray, any shape
        Cells from its centre, along one axis.

    Returns
    -------
    ndarray of the shape of `away`
    """
    a, distance = _SHARPNESS, np.abs(away)
    near = (a + 2) * distance**3 - (a + 3) * distance**2 + 1
    far = a * (distance**3 - 5 * distance**2 + 8 * distance - 4)
    return np.where(distance < 1, near, np.where(distance < 2, far, 0))


def paint_tile(
    painter: Painter, tile: Array, rows: Array, columns: Array, grain: Array | None = None
) -> Array:
    """Paint a tile of cells.

    Parameters
    ----------
    painter : Painter
    tile : array, shape (..., channels, height + 2 SUPPORT, width + 2 SUPPORT)
        Cell states with their surroundings.
    rows, columns : array
        `interpolation` matrices of the tile's height and width.
    grain : array, shape (..., pixels, grain), optional
        Of the tile's pixels, row by row, for a painter that reads it.

    Returns
    -------
    array, shape (..., maps, height * pixels, width * pixels)
    """
    # channels last and contiguous: the pixels of a tile are the rows of the perceptron's matrix products
    fine = (rows @ tile @ columns.T).reshape(*tile.shape[:-2], -1).swapaxes(-1, -2)
    maps = painter.paint(fine if grain is None else join(fine, grain)).swapaxes(-1, -2)
    return maps.reshape(*tile.shape[:-3], len(MAP_CHANNELS), rows.shape[0], columns.shape[0])


def join(pixels: Array, grain: Array) -> Array:
    """States of pixels, of shape (..., channels), and grain behind them: shape (..., channels and those of grain)."""
    if hasattr(pixels, "relu"):
        import torch

        return torch.cat([pixels, grain], -1)
    return np.concatenate([pixels, grain], -1)
