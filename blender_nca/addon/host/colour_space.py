# SPDX-License-Identifier: GPL-3.0-or-later
"""Colour space: how an image's values are meant, by the names of the colour configuration in use."""

from __future__ import annotations

import bpy

LINEAR = "Linear Rec.709"
SRGB = "sRGB"


def set_colour_space(image: bpy.types.Image, name: str) -> None:
    """Say what an image's values mean: `LINEAR` or `SRGB`."""
    try:
        image.colorspace_settings.name = name
    except TypeError:  # a colour configuration of the artist's own, without that name: it stays what it is
        pass
