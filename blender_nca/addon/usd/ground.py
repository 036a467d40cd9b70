# SPDX-License-Identifier: GPL-3.0-or-later
"""Ground: pictures that lie under a growth, at the size of its own: a preview surface lays none over another."""

from __future__ import annotations

import bpy
import numpy as np

from ...maps.colour import srgb_to_linear
from ..gltf.pictures import Ground, ground_values
from ..material.node_group import group_nodes
from ..material.properties import nca_of
from ..material.sockets import input_of

_PICTURED = ("Ground Colour", "Ground Roughness", "Ground Metallic")


def ground_of(material: bpy.types.Material, size: tuple[int, int]) -> Ground:
    """What lies under a growth, with the pictures of its ground where they are linked as they are.

    They lie by the growth's UV map: one that is laid out by another one, or moved, is taken as if it were not.
    """
    nca = nca_of(material)
    values = ground_values(material)
    for node in group_nodes(material, nca.tree)[:1]:
        for name in _PICTURED:
            socket = input_of(node, name)
            source = socket.links[0] if socket is not None and socket.links else None
            picture = source.from_node if source is not None else None
            image = picture.image if isinstance(picture, bpy.types.ShaderNodeTexImage) else None
            if image is None or not image.size[0]:
                continue
            pixels = _resized(image, size)
            if source is not None and source.from_socket.name == "Alpha":
                values[name] = pixels[..., 3]
            elif name == "Ground Colour":
                values[name] = pixels[..., :3]
            else:
                values[name] = pixels[..., :3].mean(-1)
    return values


def _resized(image: bpy.types.Image, size: tuple[int, int]) -> np.ndarray:
    """The nearest pixels of an image, linear, of shape (height, width, 4), row 0 at the top."""
    width, height = image.size
    pixels = np.empty(width * height * image.channels, np.float32)
    image.pixels.foreach_get(pixels)  # type: ignore[attr-defined]  # the stubs say one float
    pixels = pixels.reshape(height, width, image.channels)[::-1]
    rows = (np.arange(size[0]) + 0.5) * height // size[0]
    columns = (np.arange(size[1]) + 0.5) * width // size[1]
    chosen = pixels[rows.astype(int)][:, columns.astype(int)]
    if image.channels < 3:
        chosen = np.repeat(chosen[..., :1], 3, -1)
    if chosen.shape[-1] == 3:
        chosen = np.concatenate([chosen, np.ones_like(chosen[..., :1])], -1)
    if not image.is_float and not image.colorspace_settings.is_data:
        chosen = np.concatenate([srgb_to_linear(chosen[..., :3]), chosen[..., 3:]], -1)
    return chosen
