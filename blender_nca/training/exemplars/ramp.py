# SPDX-License-Identifier: GPL-3.0-or-later
"""Smooth and crisp steps, colour ramps, shading, and the stacking of maps into one material."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np


def smoothstep(low: float | np.ndarray, high: float | np.ndarray, value: np.ndarray) -> np.ndarray:
    """Rise smoothly from 0 where `value` is `low` to 1 where it is `high`; with `low` > `high` fall instead."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def crisp_step(
    low: float | np.ndarray, high: float | np.ndarray, value: np.ndarray, sharper: float
) -> np.ndarray:
    """Step as `smoothstep` does, but steeper about the same middle: outlines stay crisp when enlarged.

    Parameters
    ----------
    low, high, value : float or ndarray
        As of `smoothstep`, enlarged as all lengths are.
    sharper : float
        How many times as steep, at least 1, where it is `smoothstep` to the bit. The unit keeps an edge as
        many pixels wide as it was; its root lets it widen half way, for what is not meant to look cut.
    """
    nearer = (1 - 1 / sharper) / 2 * (high - low)
    return smoothstep(low + nearer, high - nearer, value)


def colour(code: str) -> np.ndarray:
    """Turn a code such as "#c8642a" into a (3, 1, 1) array of sRGB-encoded red, green, blue in [0, 1]."""
    digits = code.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(f"colour {code!r}: write six hexadecimal digits, such as '#c8642a'")
    return np.array([int(digits[at : at + 2], 16) / 255.0 for at in (0, 2, 4)])[:, None, None]


def colour_ramp(
    value: np.ndarray, colours: Sequence[str], stops: Sequence[float] | None = None
) -> np.ndarray:
    """Colour a field through a ramp.

    Parameters
    ----------
    value : ndarray (H, W)
        Position on the ramp; outside the stops the end colours hold.
    colours : sequence of str
        Colour codes, at least one.
    stops : sequence of float, optional
        Rising positions of the colours; evenly over [0, 1] if left out.

    Returns
    -------
    ndarray (3, H, W)
        sRGB-encoded colour in [0, 1].
    """
    positions = np.linspace(0.0, 1.0, len(colours)) if stops is None else np.asarray(stops)
    table = np.concatenate([colour(code)[:, :, 0] for code in colours], axis=1)
    return np.stack([np.interp(value, positions, channel) for channel in table])


@overload
def mix(first: float, second: float, share: float) -> float: ...


@overload
def mix(first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray: ...


@overload
def mix(first: float | np.ndarray, second: float | np.ndarray, share: np.ndarray) -> np.ndarray: ...


def mix(
    first: float | np.ndarray, second: float | np.ndarray, share: float | np.ndarray
) -> float | np.ndarray:
    """Blend two colours, fields or numbers; `share` 0 gives the first, 1 the second."""
    return first + (second - first) * share


def shaded(base: np.ndarray, relief: np.ndarray) -> np.ndarray:
    """Lighten a colour (3, H, W) where relief (H, W) stands out, and darken it in hollows."""
    # Black is lightened a little too, or its relief would not be seen.
    return base + relief * (0.08 + 0.75 * base)


def stack_maps(
    base_colour: np.ndarray,
    height: float | np.ndarray,
    roughness: float | np.ndarray,
    metallic: float | np.ndarray,
    emission: float | np.ndarray = 0.0,
) -> np.ndarray:
    """Stack maps into one opaque material.

    Parameters
    ----------
    base_colour : ndarray (3, H, W)
        sRGB-encoded.
    height, roughness, metallic : ndarray (H, W) or float
        In [0, 1]; what lies outside is clipped.
    emission : ndarray (H, W) or float
        How strongly it glows, in its base colour.

    Returns
    -------
    ndarray (8, H, W) of float32 in [0, 1]
        Red, green, blue, alpha, height, roughness, metallic, emission.
    """
    maps = np.empty((8, *base_colour.shape[1:]), np.float32)
    maps[0:3] = base_colour
    maps[3] = 1.0
    for channel, values in zip((4, 5, 6, 7), (height, roughness, metallic, emission), strict=True):
        maps[channel] = values
    return np.clip(maps, 0.0, 1.0)
