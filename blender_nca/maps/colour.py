# SPDX-License-Identifier: GPL-3.0-or-later
"""Colour: between sRGB-encoded values, as in pictures, and linear ones, as in Blender's float images.

The transfer function is that of IEC 61966-2-1. Values below 0 follow its straight part, values above 1 its
curve.
"""

from __future__ import annotations

import numpy as np


def srgb_to_linear(encoded: np.ndarray) -> np.ndarray:
    """Decode sRGB values of any shape. float64 stays float64; anything else gives float32."""
    encoded = _as_float(encoded)
    # The floor keeps the power, whose result is thrown away there, from turning negative values into NaN
    # warnings.
    curve = np.power((np.maximum(encoded, 0.04045) + 0.055) / 1.055, 2.4)
    return np.where(encoded <= 0.04045, encoded / 12.92, curve)


def linear_to_srgb(linear: np.ndarray) -> np.ndarray:
    """Encode linear values of any shape as sRGB. float64 stays float64; anything else gives float32."""
    linear = _as_float(linear)
    curve = 1.055 * np.power(np.maximum(linear, 0.0031308), 1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, linear * 12.92, curve)


def _as_float(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values)
    return values if values.dtype == np.float64 else values.astype(np.float32, copy=False)
