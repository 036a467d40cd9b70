# SPDX-License-Identifier: GPL-3.0-or-later
"""Kept: the maps of a frame that a bake has on disk."""

from __future__ import annotations

import re
from pathlib import Path

import bpy
import numpy as np

from ...maps.colour import srgb_to_linear
from ...maps.sequence import frame_path
from ..material.picture_nodes import BAKED_NODES, pictures_of
from ..material.properties import nca_of

_MAPS = ("base_colour", "height", "roughness", "metallic", "emission")


def read_maps(material: bpy.types.Material, scene_frame: int) -> dict[str, np.ndarray] | None:
    """Read the maps of a baked frame: before the first frame those of that one, after the last frame those of that one,
    unless it loops.

    Returns
    -------
    dict of str to ndarray, or None where the material is not baked
        `colour` (height, width, 3), linear; `alpha`, `height`, `roughness`, `metallic`, `emission` (height, width).
        Row 0 at the top.

    Raises
    ------
    OSError
        A file cannot be read.
    """
    nca = nca_of(material)
    if not nca.baked:
        return None
    folder, stem, first = _files_of(material)
    if nca.baked_loop:
        number = first + (scene_frame - nca.baked_first) % (nca.baked_last - nca.baked_first + 1)
    else:
        number = first + min(max(scene_frame, nca.baked_first), nca.baked_last) - nca.baked_first
    files = {name: _read(str(frame_path(folder, stem, name, number))) for name in _MAPS}
    colour, light = (srgb_to_linear(files[name][..., :3]) for name in ("base_colour", "emission"))
    # the file has base colour times emission
    emission = light.max(-1) / np.maximum(colour.max(-1), 1e-6)
    return {
        "colour": colour,
        "alpha": files["base_colour"][..., 3],
        "emission": np.clip(emission, 0, 1),
        **{name: files[name][..., 0] for name in ("height", "roughness", "metallic")},
    }


def _files_of(material: bpy.types.Material) -> tuple[Path, str, int]:
    """Folder, stem and first number of the files that a material shows, wherever they have come to lie."""
    names = {node: map for map, node in BAKED_NODES.items()}
    for node in pictures_of(nca_of(material).tree):
        if node.name in names and node.image is not None:
            path = Path(bpy.path.abspath(node.image.filepath, library=node.image.library))
            found = re.fullmatch(rf"(.*)_{names[node.name]}_(\d+)\.png", path.name)
            if found is not None:
                return path.parent, found[1], int(found[2])
            if node.image.source == "TILED":
                raise OSError("it is baked to several UDIM tiles, which are not exported: free the bake")
    raise OSError("the baked images are gone from the growth's node group: bake again")


def _read(path: str) -> np.ndarray:
    """The numbers of a picture file as they are: (height, width, 4), row 0 at the top."""
    try:
        image = bpy.data.images.load(path, check_existing=False)
    except RuntimeError as error:
        raise OSError(f"{path} cannot be read: bake again") from error
    try:
        image.colorspace_settings.is_data = True
        image.alpha_mode = "CHANNEL_PACKED"
        pixels = np.empty(len(image.pixels), np.float32)  # type: ignore[arg-type]  # the stubs say one float
        image.pixels.foreach_get(pixels)  # type: ignore[attr-defined]
        return pixels.reshape(image.size[1], image.size[0], -1)[::-1]
    finally:
        bpy.data.images.remove(image)
