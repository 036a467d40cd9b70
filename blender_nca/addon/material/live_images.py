# SPDX-License-Identifier: GPL-3.0-or-later
"""Live images: the two that a live growth paints, in memory."""

from __future__ import annotations

import bpy
import numpy as np

from ..host.colour_space import LINEAR, set_colour_space
from .properties import NCA_PG_growth, nca_of

ATTRIBUTES = ("image_colour", "image_data")
"""Where a growth keeps its live images, in the order of `maps.channels.LIVE_IMAGES`."""


def ensure_live(material: bpy.types.Material) -> None:
    """Give a material the live images that it lacks, transparent and small: the first picture brings its size.

    Which channel of them holds what is said by `maps.channels.LIVE_IMAGES`.
    """
    nca = nca_of(material)
    for attribute, name in zip(ATTRIBUTES, ("colour", "data"), strict=True):
        image = getattr(nca, attribute)
        if image is not None and (
            image.library or not image.is_float or image.source not in {"GENERATED", "FILE"}
        ):
            image = None
        if image is None:
            image = _new_image(f"{material.name} {name}", linear=attribute == ATTRIBUTES[0])
            setattr(nca, attribute, image)


def images_of(nca: NCA_PG_growth) -> list[bpy.types.Image | None]:
    """The live images of a growth, in the order of `maps.channels.LIVE_IMAGES`; None for one that is not there."""
    return [getattr(nca, attribute) for attribute in ATTRIBUTES]


def have_pixels(nca: NCA_PG_growth) -> bool:
    """Whether both live images are there and hold something."""
    return all(image is not None and image.has_data for image in images_of(nca))


def paint(nca: NCA_PG_growth, pixels: np.ndarray) -> None:
    """Copy a frame into the live images: float32 (2, height, width, 4), row 0 at the bottom."""
    for image, values in zip(images_of(nca), pixels, strict=True):
        if image is None:  # deleted by the artist just now: it comes back with the next change
            continue
        height, width = values.shape[:2]
        if tuple(image.size) != (width, height):
            image.scale(width, height)
        held: bpy.types.bpy_prop_array[float] = image.pixels  # type: ignore[assignment]  # the stubs say one float
        held.foreach_set(values.ravel())
        image.update()
        # For Cycles from 5.2 on, and so that viewports draw again.
        image.update_tag()


def remove_live(nca: NCA_PG_growth) -> None:
    """Take away the live images that nothing else uses."""
    for attribute in ATTRIBUTES:
        image = getattr(nca, attribute)
        setattr(nca, attribute, None)
        if image is not None and not image.library and not image.users:
            bpy.data.images.remove(image)


def _new_image(name: str, linear: bool) -> bpy.types.Image:
    # is_data also for the colours: else saving such an image would encode its values once more.
    image = bpy.data.images.new(name, 8, 8, alpha=True, float_buffer=True, is_data=True)
    image.alpha_mode = "CHANNEL_PACKED"
    if linear:
        set_colour_space(image, LINEAR)
    else:
        # Half floats have 11 bits for the height: steps that one would see in the normals.
        image.use_half_precision = False
    image.generated_color = (0, 0, 0, 0)
    return image
