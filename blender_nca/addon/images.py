# SPDX-License-Identifier: GPL-3.0-or-later
"""Images: the two that a live growth paints, and the image sequences of a baked one."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np

LINEAR = "Linear Rec.709"
COLOURS = ("base_colour", "emission")
SEQUENCES = ("base_colour", "roughness", "metallic", "height", "emission")
"""The maps that the material reads of a bake. Its normals come from the height, live as baked."""


def ensure_live(material: bpy.types.Material) -> None:
    """Give a material the live images that it lacks, transparent and small: the first picture brings its size.

    The first holds base colour and alpha, the second roughness, metallic, height and
    emission, as `maps.packing` packs them.
    """
    nca = material.nca
    for attribute, name in (("image_colour", "colour"), ("image_data", "data")):
        image = getattr(nca, attribute)
        if image is not None and (
            image.library or not image.is_float or image.source not in {"GENERATED", "FILE"}
        ):
            image = None
        if image is None:
            image = _new_image(f"{material.name} {name}", linear=attribute == "image_colour")
            setattr(nca, attribute, image)


def have_pixels(nca) -> bool:
    """Whether both live images are there and hold something."""
    return all(image is not None and image.has_data for image in (nca.image_colour, nca.image_data))


def paint(nca, pixels: np.ndarray) -> None:
    """Copy a frame into the live images: float32 (2, height, width, 4), row 0 at the bottom."""
    for image, values in zip((nca.image_colour, nca.image_data), pixels, strict=True):
        if image is None:  # deleted by the artist just now: it comes back with the next change
            continue
        height, width = values.shape[:2]
        if tuple(image.size) != (width, height):
            image.scale(width, height)
        image.pixels.foreach_set(values.ravel())
        image.update()
        # For Cycles from 5.2 on, and so that viewports draw again.
        image.update_tag()


def remove_live(nca) -> None:
    """Take away the live images that nothing else uses."""
    for attribute in ("image_colour", "image_data"):
        image = getattr(nca, attribute)
        setattr(nca, attribute, None)
        if image is not None and not image.library and not image.users:
            bpy.data.images.remove(image)


def load_sequence(path: Path, is_colour: bool, is_still: bool) -> bpy.types.Image:
    """Open an image sequence by its first file, with a path relative to the .blend file where there is one.

    A sequence of one file is a still: as a sequence it would end after its frame.
    """
    image = bpy.data.images.load(str(path), check_existing=False)
    image.source = "FILE" if is_still else "SEQUENCE"
    image.alpha_mode = "CHANNEL_PACKED"
    if is_colour:
        _set_space(image, "sRGB")
    else:
        image.colorspace_settings.is_data = True
    if bpy.data.filepath:
        try:
            image.filepath = bpy.path.relpath(str(path))
        except ValueError:  # on another drive, on Windows
            pass
    return image


def _set_space(image: bpy.types.Image, name: str) -> None:
    try:
        image.colorspace_settings.name = name
    except TypeError:  # a colour configuration of the artist's own, without that name: it stays what it is
        pass


def _new_image(name: str, linear: bool) -> bpy.types.Image:
    # is_data also for the colours: else saving such an image would encode its values once more.
    image = bpy.data.images.new(name, 8, 8, alpha=True, float_buffer=True, is_data=True)
    image.alpha_mode = "CHANNEL_PACKED"
    if linear:
        _set_space(image, LINEAR)
    else:
        # Half floats have 11 bits for the height: steps that one would see in the normals.
        image.use_half_precision = False
    image.generated_color = (0, 0, 0, 0)
    return image
