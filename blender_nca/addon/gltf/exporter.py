# SPDX-License-Identifier: GPL-3.0-or-later
"""Exporter: the parts of Blender's glTF exporter that a growth is written with, where each version has them."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

_FLOAT, _VERTICES = 5126, 34962


def accessor(array: np.ndarray, of_vertices: bool = False) -> Any:
    """Numbers of a file, with their range.

    Parameters
    ----------
    array : ndarray, float32, shape (n,), (n, 3) or (n, 4)
    of_vertices : bool
        Whether they belong to vertices.
    """
    from io_scene_gltf2.io.com.gltf2_io import Accessor

    array = np.ascontiguousarray(array, np.float32)
    flat = array.reshape(len(array), -1)
    return Accessor(
        buffer_view=binary_data(array.tobytes(), _VERTICES if of_vertices else None),
        byte_offset=None,
        component_type=_FLOAT,
        count=len(array),
        extensions=None,
        extras=None,
        max=flat.max(0).tolist(),
        min=flat.min(0).tolist(),
        name=None,
        normalized=None,
        sparse=None,
        type={1: "SCALAR", 3: "VEC3", 4: "VEC4"}[flat.shape[1]],
    )


def binary_data(content: bytes, target: int | None = None) -> Any:
    """Bytes that go into the file's buffer, and what they are for."""
    try:
        from io_scene_gltf2.io.exp.binary_data import BinaryData
    except ImportError:  # before Blender 4.4
        from io_scene_gltf2.io.exp.gltf2_io_binary_data import BinaryData
    return BinaryData(content, target)


def png_file(png: bytes, name: str, settings: dict[str, Any]) -> Any:
    """A picture that becomes a file beside the scene's."""
    try:
        from io_scene_gltf2.blender.exp.material.image import set_real_uri
        from io_scene_gltf2.io.exp.image_data import ImageData
    except ImportError:  # before Blender 4.4, which names the file itself
        from io_scene_gltf2.io.exp.gltf2_io_image_data import ImageData

        return ImageData(png, "image/png", name)
    image = ImageData(png, "image/png", name)
    set_real_uri(image, settings)
    return image


def material_of(material: bpy.types.Material, mesh: bpy.types.Mesh, settings: dict[str, Any]) -> Any:
    """What the exporter writes of a material on a mesh."""
    try:
        from io_scene_gltf2.blender.exp.material import materials
    except ImportError:  # before Blender 4.4
        from io_scene_gltf2.blender.exp.material import gltf2_blender_gather_materials as materials
    *_, written, about = materials.gather_material(material, settings)
    try:
        return materials.get_final_material(mesh, material, {}, written, about["uv_info"], settings)
    except KeyError:  # an attribute that is no UV map lays the pictures out: they take the first UV map
        return written
