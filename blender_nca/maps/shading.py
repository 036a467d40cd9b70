# SPDX-License-Identifier: GPL-3.0-or-later
"""Shading: a material as it looks under a lamp, for pictures of species. Blender renders the real thing."""

from __future__ import annotations

import numpy as np

from .channels import check_maps
from .colour import linear_to_srgb, srgb_to_linear
from .normal import normal_from_height

_LAMP = np.array([-0.5, 0.6, 0.8])
_HALF_WAY = _LAMP / np.linalg.norm(_LAMP) + np.array([0.0, 0.0, 1.0])
_SKY = 0.35


def shade(maps: np.ndarray, relief: float = 14.0, boundary: str = "wrap") -> np.ndarray:
    """Light a material from the upper left; where its alpha is zero nothing is seen but black.

    A Lambert surface with Blinn's highlight, a pale sky above for metal to mirror, and what glows adds its own
    light in its base colour.

    Parameters
    ----------
    maps : ndarray, shape (8, height, width)
    relief : float
        Pixels that a height of one stands out.
    boundary : {'wrap', 'edge'}

    Returns
    -------
    ndarray, float32, shape (3, height, width)
        sRGB-encoded.
    """
    check_maps(maps)
    colour, alpha = maps[:3], maps[3]
    height, roughness, metallic, emission = maps[4:]
    colour = srgb_to_linear(colour)
    normal = 2 * normal_from_height(height, relief, boundary) - 1
    facing = np.einsum("chw,c->hw", normal, _LAMP / np.linalg.norm(_LAMP)).clip(0, 1)
    half_way = np.einsum("chw,c->hw", normal, _HALF_WAY / np.linalg.norm(_HALF_WAY)).clip(0, 1)
    gloss = 2 / roughness.clip(0.35, 1) ** 4
    highlight = half_way**gloss * (gloss + 8) / 40
    reflected = 0.04 + (colour - 0.04) * metallic
    lit = colour * (1 - 0.6 * metallic) * (0.25 + 0.95 * facing) + reflected * highlight * facing
    lit += reflected * _SKY * metallic * normal[2].clip(0, 1)
    lit += colour * emission
    return linear_to_srgb((lit * alpha).clip(0, 1)).astype(np.float32)
