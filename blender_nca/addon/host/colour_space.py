# SPDX-License-Identifier: GPL-3.0-or-later
"""Colour space: what an image's values mean, whatever the colour configuration in use calls it.

Growths have linear Rec.709 colours. In Blender's own configuration that is "Linear Rec.709", in others it has other
names, and the scene may be computed in yet other primaries, such as ACEScg. Which is which is found by what Blender
reads of a small picture of known colours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import bpy
import mathutils
import numpy as np

from ...maps.png import encode_png

NO_LINEAR = (
    "The color configuration of this Blender (OCIO) has no space for linear Rec.709 colors, so a bake would be shown "
    "in wrong ones. Start Blender with another configuration, or render the growth live: that is right."
)

_USUAL = "Linear Rec.709"
_LIKELY = re.compile(r"lin.*(709|srgb)", re.IGNORECASE)
_COLOURS = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1], [0.25, 0.25, 0.25]], np.float32)


@dataclass(frozen=True)
class _Linear:
    """Linear Rec.709 in a configuration: its name (None: it has none), and the matrix to the scene's colours."""

    name: str | None
    to_scene: np.ndarray


_found: dict[str, _Linear] = {}
"""Working space -> what was found in it. The configuration is the same until Blender ends."""


def working_space() -> str:
    """The name of the primaries in which the scene is computed. Before Blender 5 the configuration alone decides."""
    held = getattr(bpy.data, "colorspace", None)
    return "" if held is None else held.working_space


def look() -> None:
    """Find out how this configuration names linear Rec.709. Makes a data-block: for the main thread only."""
    space = working_space()
    if space not in _found:
        _found[space] = _look()


def why_no_bake() -> str:
    """Why bakes would not be shown in their colours, and what to do; empty if they are, or before `look`."""
    found = _found.get(working_space())
    return NO_LINEAR if found is not None and found.name is None else ""


def set_linear(image: bpy.types.Image) -> bool:
    """Say that an image's values are linear Rec.709 colours; whether the configuration has a space for them.

    An image whose values Blender has read already loses what was painted into it.
    """
    look()
    name = _found[working_space()].name
    if name is None:
        return False
    if image.colorspace_settings.name != name:
        image.colorspace_settings.name = name
    return True


def to_scene_linear(pixels: np.ndarray) -> np.ndarray:
    """Convert linear Rec.709 colours to those in which the scene is computed.

    Parameters
    ----------
    pixels : ndarray, float32, shape (..., 4)
        With alpha, which stays.

    Returns
    -------
    ndarray
        The same array where there is nothing to convert, as in files of Blender's default.
    """
    matrix = matrix_to_scene()
    if np.allclose(matrix, np.eye(3), atol=1e-4):
        return pixels
    with_alpha = np.eye(4, dtype=np.float32)
    with_alpha[:3, :3] = matrix
    return pixels @ with_alpha


def matrix_to_scene() -> np.ndarray:
    """From linear Rec.709 to the colours in which the scene is computed: (3, 3), a row each for red, green and blue."""
    found = _found.get(working_space())
    return _matrix_of_blender() if found is None else found.to_scene


def _look() -> _Linear:
    picture = encode_png(np.insert(_COLOURS, 3, 1, axis=1)[np.newaxis], bits=16)
    probe = bpy.data.images.new("Colours", 1, 1)
    try:
        probe.pack(data=picture, data_len=len(picture))
        probe.source = "FILE"
        settings = probe.colorspace_settings
        names = [item.identifier for item in settings.bl_rna.properties["name"].enum_items]
        # by its name first: Blender does not know the primaries of every configuration, and may take them for Rec.709
        likely = sorted((name for name in names if _LIKELY.search(name)), key=lambda name: name != _USUAL)
        for name in likely:
            settings.name = name
            read = _read(probe)
            if _is_linear(read):
                return _Linear(name, read[:3])
        expected = _COLOURS @ _matrix_of_blender()
        for name in names:
            settings.name = name
            if (
                not settings.is_data
                and name != "scene_linear"
                and np.allclose(_read(probe), expected, atol=1e-3)
            ):
                return _Linear(name, _read(probe)[:3])
    finally:
        bpy.data.images.remove(probe)
    return _Linear(None, _matrix_of_blender())


def _read(probe: bpy.types.Image) -> np.ndarray:
    """The colours of the picture in scene-linear values."""
    held: bpy.types.bpy_prop_array[float] = probe.pixels  # type: ignore[assignment]  # the stubs say one float
    pixels = np.zeros(4 * len(_COLOURS), np.float32)
    if len(held) == len(pixels):
        held.foreach_get(pixels)
    return pixels.reshape(-1, 4)[:, :3]


def _is_linear(read: np.ndarray) -> bool:
    """Whether white and grey stay what they are, and white is the sum of the three primaries."""
    return np.allclose(read[3:], _COLOURS[3:], atol=2e-3) and np.allclose(read[:3].sum(axis=0), 1, atol=2e-3)


def _matrix_of_blender() -> np.ndarray:
    """From linear Rec.709, a row each for red, green and blue, as Blender converts its own colours."""
    primaries = (mathutils.Color(colour) for colour in ((1, 0, 0), (0, 1, 0), (0, 0, 1)))
    return np.array([colour.from_rec709_linear_to_scene_linear() for colour in primaries], np.float32)
