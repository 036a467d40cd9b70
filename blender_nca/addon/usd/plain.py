# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain: a growing material as its exporter to USD understands it: one Principled BSDF, fed by pictures on disk.

The exporter's preview surface follows links from a Principled BSDF to pictures, and sees past a growth's group to what
lies under it. Its MaterialX knows the group, and of a sequence the first picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from ...maps.png import encode_png
from ...maps.whole_file import write_whole
from ..gltf.pictures import Pictures
from ..host.nodes import new_node
from ..host.versions import use_nodes
from ..material.coordinates import mapping_of, uv_map_of
from ..material.properties import nca_of
from ..material.status import is_own

_UNMOVED = {"Location": (0.0,) * 3, "Rotation": (0.0,) * 3, "Scale": (1.0,) * 3}
"""What a Mapping node says that changes nothing."""


def write_pictures(pictures: Pictures, folder: Path, stem: str) -> dict[str, Path]:
    """Write the maps of a growth, a file each; their paths by the sockets of a Principled BSDF.

    Raises
    ------
    OSError
    """
    found = {
        "Base Color": ("base_colour", pictures.base_colour, True),
        "Roughness": ("roughness", pictures.packed[..., 1:2], False),
        "Metallic": ("metallic", pictures.packed[..., 2:3], False),
        "Normal": ("normal", pictures.normal, False),
    }
    for socket, weight in _weights(pictures).items():
        if (
            pictures.share.min() < 0.999
        ):  # the ground is seen beside the growth, and light does not go into that
            name = socket.split()[0].lower()
            found[socket] = (name, pictures.share[..., None] * weight, False)
    if pictures.emission is not None:
        found["Emission Color"] = ("emission", pictures.emission, True)
    paths = {}
    folder.mkdir(parents=True, exist_ok=True)
    for socket, (name, values, is_colour) in found.items():
        paths[socket] = folder / f"{stem}_{name}.png"
        write_whole(paths[socket], encode_png(np.ascontiguousarray(values.clip(0, 1)), colour=is_colour))
    return paths


@contextmanager
def in_place_of(
    materials: Iterable[tuple[bpy.types.Material, Pictures, dict[str, Path]]],
) -> Iterator[None]:
    """Show plain materials in place of growing ones, under their names, as long as it is asked for."""
    replaced: list[tuple[bpy.types.Material, bpy.types.Material, str]] = []
    images: list[bpy.types.Image] = []
    try:
        for material, pictures, paths in materials:
            plain = bpy.data.materials.new("Growth")
            replaced.append((material, plain, material.name))
            images += _make(plain, material, pictures, paths)
            material.user_remap(plain)
            name = material.name
            if is_own(material):
                material.name = f"{name[:40]} growing"
            plain.name = name
        yield
    finally:
        for material, plain, name in reversed(replaced):
            plain.user_remap(material)
            bpy.data.materials.remove(plain)
            if is_own(material):
                material.name = name
        for image in images:
            bpy.data.images.remove(image)


def _make(
    plain: bpy.types.Material, material: bpy.types.Material, pictures: Pictures, paths: dict[str, Path]
) -> list[bpy.types.Image]:
    tree = use_nodes(plain)
    plain.use_backface_culling = material.use_backface_culling
    principled: Any = next(node for node in tree.nodes if node.type == "BSDF_PRINCIPLED")
    where = _place(tree, material)
    images = []
    for name, path in paths.items():
        picture: Any = new_node(tree, bpy.types.ShaderNodeTexImage)
        picture.image = bpy.data.images.load(str(path), check_existing=False)
        images.append(picture.image)
        picture.image.colorspace_settings.is_data = name not in ("Base Color", "Emission Color")
        picture.extension = "REPEAT" if nca_of(material).wrap else "EXTEND"
        if where is not None:
            tree.links.new(where, picture.inputs["Vector"])
        source = picture.outputs["Color"]
        if name == "Normal":
            bent: Any = new_node(tree, bpy.types.ShaderNodeNormalMap)
            bent.uv_map = uv_map_of(nca_of(material).tree)
            tree.links.new(source, bent.inputs["Color"])
            source = bent.outputs["Normal"]
        tree.links.new(source, principled.inputs[name])
        if name == "Base Color" and not pictures.is_opaque:
            tree.links.new(picture.outputs["Alpha"], principled.inputs["Alpha"])
    for name, weight in _weights(pictures).items():
        principled.inputs[name].default_value = weight
    said = pictures.translucency
    if said is not None:
        principled.inputs["Subsurface Radius"].default_value = said.radius
        principled.inputs["Subsurface Scale"].default_value = said.scale
        principled.inputs["IOR"].default_value = said.ior
    if "Emission Color" in paths:
        principled.inputs["Emission Strength"].default_value = pictures.strength
    return images


def _weights(pictures: Pictures) -> dict[str, float]:
    """Sockets of a Principled BSDF that let light in -> how much of it, where it is some."""
    said = pictures.translucency
    if said is None:
        return {}
    weights = {"Subsurface Weight": said.subsurface, "Transmission Weight": said.transmission}
    return {name: weight for name, weight in weights.items() if weight > 0}


def _place(tree: bpy.types.NodeTree, material: bpy.types.Material) -> bpy.types.NodeSocket | None:
    """Where the pictures lie, as the growth's group has it; None for the whole of the UV map that renders."""
    growth = nca_of(material).tree
    name = uv_map_of(growth)
    mapping: Any = mapping_of(growth)
    place = None
    if name:  # the exporter finds the one that renders where none is chosen, not by an empty name
        chosen: Any = new_node(tree, bpy.types.ShaderNodeUVMap)
        chosen.uv_map = name
        place = chosen.outputs["UV"]
    values = {} if mapping is None else {key: tuple(mapping.inputs[key].default_value) for key in _UNMOVED}
    if values in ({}, _UNMOVED):
        return place
    moved: Any = new_node(tree, bpy.types.ShaderNodeMapping)
    for key, value in values.items():
        moved.inputs[key].default_value = value
    if place is not None:
        tree.links.new(place, moved.inputs["Vector"])
    return moved.outputs["Vector"]
