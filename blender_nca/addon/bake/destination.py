# SPDX-License-Identifier: GPL-3.0-or-later
"""Destination: the folder that a material is baked into, and the beginning of its files' names."""

from __future__ import annotations

import os
from pathlib import Path

import bpy

from ..material.properties import nca_of
from .properties import baking_of


class BakeError(Exception):
    """A bake that cannot be; the message is for the artist."""


def folder_of(material: bpy.types.Material) -> Path:
    """Where a material is baked: the chosen folder, else one beside the .blend file.

    Raises
    ------
    BakeError
        Neither is there yet.
    """
    chosen = baking_of(material).bake_folder or default_folder(material)
    if chosen.startswith("//") and not bpy.data.filepath:
        raise BakeError("Save the .blend file first, or choose a folder in Bake: the images need a place.")
    return Path(os.path.abspath(bpy.path.abspath(chosen)))


def default_folder(material: bpy.types.Material) -> str:
    """A folder beside the .blend file, named after it too: materials of one name are in many files."""
    return f"//textures/{Path(bpy.data.filepath).stem}/{stem_of(material)}/"


def stem_of(material: bpy.types.Material) -> str:
    """The beginning of a material's file names: its name, without what some file system refuses."""
    name = "".join("_" if c in '<>:"/\\|?*' or not c.isprintable() else c for c in material.name)
    return name.strip(" .") or "material"


def baked_to_the_same_files(
    material: bpy.types.Material, folder: Path, stem: str
) -> bpy.types.Material | None:
    """Another growing material whose bake would be replaced: names may differ only in what file systems refuse."""
    for other in bpy.data.materials:
        if other == material or not nca_of(other).growing or other.library is not None:
            continue
        if stem_of(other).casefold() == stem.casefold():
            try:
                if folder_of(other) == folder:
                    return other
            except BakeError:
                continue
    return None
