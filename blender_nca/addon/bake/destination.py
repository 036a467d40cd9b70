# SPDX-License-Identifier: GPL-3.0-or-later
"""Destination: the folder that a material is baked into, and the beginning of its files' names."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

import bpy

from ...baking.bake_error import BakeError
from ..material.properties import nca_of
from .properties import baking_of


class NoPlaceError(BakeError):
    """There is no folder yet that the images could go into."""


def folder_of(material: bpy.types.Material) -> Path:
    """Where a material is baked: the chosen folder, else one beside the .blend file.

    Raises
    ------
    BakeError
        Neither is there yet (`NoPlaceError`), or the chosen one is of another system.
    """
    return folder_at(baking_of(material).bake_folder or default_folder(material))


def folder_at(chosen: str) -> Path:
    """A folder as it is said in Blender; raises as `folder_of`."""
    if os.name != "nt" and re.match(r"[A-Za-z]:[\\/]", chosen):
        raise BakeError(f"{chosen} is a folder of Windows: choose another one in Bake.")
    if is_beside_the_file(chosen):
        if not bpy.data.filepath:
            raise NoPlaceError(
                "Save the .blend file first, or choose a folder in Bake: the images need a place."
            )
        chosen = f"//{chosen.removeprefix('//')}"
    return Path(os.path.abspath(bpy.path.abspath(os.path.expanduser(chosen))))


def is_beside_the_file(folder: str) -> bool:
    """Whether a folder is said from the .blend file on: with // before it, or with nothing."""
    own = os.path.expanduser(folder)
    return folder.startswith("//") or not (os.path.isabs(own) or os.path.splitdrive(own)[0])


def default_folder(material: bpy.types.Material) -> str:
    """A folder beside the .blend file, named after it too: materials of one name are in many files."""
    return f"//textures/{Path(bpy.data.filepath).stem}/{stem_of(material)}/"


def said_from_the_file(path: Path) -> str:
    """A path relative to the .blend file where there is one."""
    if bpy.data.filepath:
        try:
            return bpy.path.relpath(str(path))
        except ValueError:  # on another drive, on Windows
            pass
    return str(path)


def stem_of(material: bpy.types.Material) -> str:
    """The beginning of a material's file names: its name, without what some file system refuses."""
    from ...baking.naming import stem_for

    return stem_for(material.name)


def as_one_name(name: str) -> str:
    """What is the same of names that are one on some system: Windows and macOS do not tell A from a."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def as_one_folder(folder: Path) -> str:
    """As `as_one_name`, of a folder by whichever way it is named."""
    return as_one_name(os.path.realpath(folder))


def baked_to_the_same_files(
    material: bpy.types.Material, folder: Path, stem: str
) -> bpy.types.Material | None:
    """Another growing material whose bake would be replaced: names may differ only in what file systems refuse."""
    for other in bpy.data.materials:
        if other == material or not nca_of(other).growing or other.library is not None:
            continue
        if as_one_name(stem_of(other)) == as_one_name(stem):
            try:
                if as_one_folder(folder_of(other)) == as_one_folder(folder):
                    return other
            except BakeError:
                continue
    return None
