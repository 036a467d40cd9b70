# SPDX-License-Identifier: GPL-3.0-or-later
"""Live images: the two that a live growth paints, in memory."""

from __future__ import annotations

import bpy
import numpy as np

from ...maps.png import encode_png
from ..host import colour_space
from ..host.versions import SAVES_AS_NAMED
from .properties import NCA_PG_growth, nca_of

ATTRIBUTES = ("image_colour", "image_data")
"""Where a growth keeps its live images, in the order of `maps.channels.LIVE_IMAGES`."""
ORDER = "image_order"
"""Where it keeps that of `maps.order.pack_order`, while somebody asks for it."""
_NOTHING = encode_png(np.zeros((1, 1, 4), np.float32), bits=16)
"""What a file keeps of a live image: a pixel without anything in it. Its pictures are grown again."""

_painted: dict[int, tuple[tuple[int, int], str]] = {}
"""Session uid of an image -> its size, and the working space of its colours, when it was last painted."""
_settled: set[int] = set()
"""Session uids of the painted images that Blender does not count as modified."""


def ensure_live(material: bpy.types.Material, order: bool = False) -> None:
    """Give a material the live images that it lacks, transparent and small: the first picture brings its size.

    Which channel of them holds what is said by `maps.channels.LIVE_IMAGES`. That of the order is made or taken away, as
    `order` says.
    """
    nca = nca_of(material)
    wanted = {ATTRIBUTES[0]: "colour", ATTRIBUTES[1]: "data"}
    if order:
        wanted[ORDER] = "order"
    else:
        _remove(nca, ORDER)
    for attribute, name in wanted.items():
        image = getattr(nca, attribute)
        if image is None or not is_paintable(image):
            image = _new_image(f"{material.name} {name}", linear=attribute == ATTRIBUTES[0])
            setattr(nca, attribute, image)


def is_paintable(image: bpy.types.Image) -> bool:
    """Whether an image can be a live one: not where it stands for a file of the artist's, or is not made of floats.

    Packed into the .blend file it goes on; saved as a file, it is the artist's picture from then on.
    """
    if image.library is not None or not image.is_float:
        return False
    is_packed = image.source == "FILE" and image.packed_file is not None and not image.filepath
    return image.source == "GENERATED" or is_packed


def images_of(nca: NCA_PG_growth) -> list[bpy.types.Image | None]:
    """The live images of a growth, in the order of `maps.channels.LIVE_IMAGES`; None for one that is not there. That of
    the order comes last, where it is asked for."""
    images = [getattr(nca, attribute) for attribute in ATTRIBUTES]
    return images if nca.image_order is None else [*images, nca.image_order]


def are_as_painted(nca: NCA_PG_growth) -> bool:
    """Whether the live images are there and nobody has reloaded, resized, saved or exchanged them since."""
    return all(image is not None and _is_as_painted(image) for image in images_of(nca))


def _is_as_painted(image: bpy.types.Image) -> bool:
    uid = image.session_uid
    return (
        is_paintable(image)
        and image.has_data
        and (image.is_dirty or uid in _settled)
        and _painted.get(uid) == ((image.size[0], image.size[1]), colour_space.working_space())
    )


def paint(nca: NCA_PG_growth, pixels: np.ndarray) -> None:
    """Copy a frame into the live images: float32 (2 or 3, height, width, 4), row 0 at the bottom, colours linear.

    Where the order is asked for only now, or no more, the next frame has as many as there are images.
    """
    colour, *data = pixels
    for image, values in zip(images_of(nca), (colour_space.to_scene_linear(colour), *data), strict=False):
        # deleted by the artist just now, or saved as a file: a new one comes with the next change
        if image is None or not is_paintable(image):
            continue
        height, width = values.shape[:2]
        if tuple(image.size) != (width, height):
            image.scale(width, height)
        held: bpy.types.bpy_prop_array[float] = image.pixels  # type: ignore[assignment]  # the stubs say one float
        held.foreach_set(values.ravel())
        image.update()
        # For Cycles from 5.2 on, and so that viewports draw again.
        image.update_tag()
        _painted[image.session_uid] = (width, height), colour_space.working_space()
        _settled.discard(image.session_uid)


def clear(nca: NCA_PG_growth) -> None:
    """Make the live images transparent, so that the ground is seen alone."""
    width, height = next((image.size for image in images_of(nca) if image is not None), (1, 1))
    paint(nca, np.zeros((len(images_of(nca)), height, width, 4), np.float32))


def settle(nca: NCA_PG_growth, largest: int | None = None) -> None:
    """Let Blender count the live images as unmodified: else it asks to save them, and keeps the working space as it is.

    Only packing does that. Of an image that the artist has packed the picture of now is kept, of any other one next to
    nothing. Takes 10 ms for 512 x 512 pixels.

    Parameters
    ----------
    largest : int or None
        Images of more pixels are left as they are.
    """
    for image in images_of(nca):
        if (
            image is None
            or not is_paintable(image)
            or not image.is_dirty
            or image.session_uid not in _painted
            or (largest is not None and image.size[0] * image.size[1] > largest)
        ):
            continue
        held = image.packed_file
        is_kept = held is not None and held.size != len(_NOTHING)
        image.pack()
        if not is_kept:
            image.pack(data=_NOTHING, data_len=len(_NOTHING))
        _settled.add(image.session_uid)


def remove_live(nca: NCA_PG_growth) -> None:
    """Take away the live images that nothing else uses."""
    for attribute in (*ATTRIBUTES, ORDER):
        _remove(nca, attribute)


def _remove(nca: NCA_PG_growth, attribute: str) -> None:
    image = getattr(nca, attribute)
    if image is not None:
        setattr(nca, attribute, None)
        if not image.library and not image.users:
            bpy.data.images.remove(image)


def _new_image(name: str, linear: bool) -> bpy.types.Image:
    image = bpy.data.images.new(name, 8, 8, alpha=True, float_buffer=True, is_data=True)
    image.alpha_mode = "CHANNEL_PACKED"
    if linear and SAVES_AS_NAMED:
        colour_space.set_linear(image)  # for whoever saves it: renders take its values as the scene's
    if not linear:
        # Half floats have 11 bits for the height: steps that one would see in the normals.
        image.use_half_precision = False
    image.generated_color = (0, 0, 0, 0)
    return image
