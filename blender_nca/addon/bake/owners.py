# SPDX-License-Identifier: GPL-3.0-or-later
"""Owners: who else shows the files of a bake in this .blend file."""

from __future__ import annotations

import os
import re
from pathlib import Path

import bpy

from ...baking import owners
from ...maps.sequence import BAKED_MAPS
from ..material.properties import nca_of
from .destination import as_one_folder, as_one_name

_WINDOWS = (bpy.types.Screen, bpy.types.WindowManager, bpy.types.WorkSpace)
"""What looks at an image without being part of the artist's work."""


class Owners(owners.Owners):
    """Those of the files of a material."""

    def __init__(self, material: bpy.types.Material) -> None:
        super().__init__(Path(bpy.data.filepath) if bpy.data.filepath else None)
        self._material = material

    def here(self, folder: Path, stem: str) -> list[str]:
        """Names of what shows files of a sequence, other than the material itself."""
        return in_this_file(self._material, folder, stem)


def in_this_file(material: bpy.types.Material, folder: Path, stem: str) -> list[str]:
    """Names of what shows files of a sequence, other than the material itself."""
    images = [image for image in bpy.data.images if _is_of(image, folder, stem)]
    own: set[bpy.types.ID | None] = {material, nca_of(material).tree}
    found = []
    for users in bpy.data.user_map(subset=images).values() if images else ():
        for user in users - own:
            if isinstance(user, _WINDOWS):
                continue
            if isinstance(user, bpy.types.NodeTree):
                around = bpy.data.user_map(subset=[user])[user]
                if around <= own:
                    continue
                found += [one.name for one in around - own]
            else:
                found.append(user.name)
    return sorted(set(found))


def _is_of(image: bpy.types.Image, folder: Path, stem: str) -> bool:
    """Whether an image shows files of a sequence."""
    if (
        not image.filepath
        or image.source not in {"FILE", "SEQUENCE", "TILED"}
        or image.packed_file is not None
    ):
        return False
    path = Path(os.path.abspath(bpy.path.abspath(image.filepath, library=image.library)))
    pattern = rf"{re.escape(as_one_name(stem))}_({'|'.join(BAKED_MAPS)})_\d+(\.<udim>)?\.png"
    return bool(re.fullmatch(pattern, as_one_name(path.name), re.IGNORECASE)) and as_one_folder(
        path.parent
    ) == as_one_folder(folder)
