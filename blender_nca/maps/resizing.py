# SPDX-License-Identifier: GPL-3.0-or-later
"""Resizing: maps of another size."""

from __future__ import annotations

import numpy as np

from .channels import MAPS
from .colour import linear_to_srgb, srgb_to_linear


def resize_maps(painted: np.ndarray, height: int, width: int) -> np.ndarray:
    """Give painted maps another size, as `resize` does, with colours mixed as light.

    Parameters
    ----------
    painted : ndarray, float32, shape (maps, H, W)
    height, width : int
        Pixels of the new size.
    """
    if painted.shape[1:] == (height, width):
        return painted
    values = painted.copy()
    values[MAPS["base_colour"]] = srgb_to_linear(values[MAPS["base_colour"]])
    values = resize(values, height, width)
    values[MAPS["base_colour"]] = linear_to_srgb(values[MAPS["base_colour"]])
    return values.clip(0, 1)


def resize(fields: np.ndarray, height: int, width: int) -> np.ndarray:
    """Give fields another size: each pixel of a smaller one is the mean of what it covers.

    Parameters
    ----------
    fields : ndarray, float32, shape (fields, H, W)
    height, width : int
        Pixels of the new size.
    """
    return _means(fields.shape[1], height) @ fields @ _means(fields.shape[2], width).T


def _means(size: int, wanted: int) -> np.ndarray:
    """Weights (wanted, size) of the pixels that each new one covers."""
    borders = np.arange(wanted + 1) * (size / wanted)
    if wanted > size:  # between the centres of those that there are
        centres = ((np.arange(wanted) + 0.5) * size / wanted - 0.5).clip(0, size - 1)
        weights = 1 - np.abs(centres[:, None] - np.arange(size))
    else:
        covered = np.arange(size)
        weights = np.minimum(borders[1:, None], covered + 1) - np.maximum(borders[:-1, None], covered)
    weights = weights.clip(0).astype(np.float32)
    return weights / weights.sum(1, keepdims=True)
