# SPDX-License-Identifier: GPL-3.0-or-later
"""Missing: the baked files that a material shows and that are not on the disk, and how they are found again."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import bpy

from ..material.picture_nodes import BAKED_NODES, first_number, pictures_of
from ..material.properties import nca_of
from .destination import said_from_the_file

_log = logging.getLogger(__name__)

PAUSE = 2.0
"""Seconds for which panels, which are drawn often, do not look at the disk again."""
MOST_FOLDERS = 20_000
"""Folders that are looked through for files."""


@dataclass(frozen=True)
class Missing:
    """Frames of which a picture is not there.

    Attributes
    ----------
    count, total : int
        Frames that are missing, and all that were baked.
    folder : Path or None
        Where they should be; None where the material's images themselves are gone.
    """

    count: int
    total: int
    folder: Path | None

    @property
    def sentence(self) -> str:
        """What the artist is told."""
        if self.folder is None:
            return "Baked images are gone from the growth's node group: bake again, or free the bake."
        frames = (
            "All baked frames" if self.count == self.total else f"{self.count} of {self.total} baked frames"
        )
        are = "is" if self.count == 1 and self.total > 1 else "are"
        return f"{frames} {are} not in {self.folder}: find the files, bake again, or free the bake."


_seen: dict[int, tuple[float, Missing | None]] = {}


def missing(material: bpy.types.Material, is_new: bool = False) -> Missing | None:
    """What is missing of a material's bake; None where all of it is there, or nothing is baked.

    Parameters
    ----------
    material : Material
    is_new : bool
        Look at the disk also where that was done just now.
    """
    if not nca_of(material).baked:
        return None
    when, found = _seen.get(material.session_uid, (-PAUSE, None))
    if is_new or time.monotonic() - when >= PAUSE:
        found = _look(material)
        _seen[material.session_uid] = time.monotonic(), found
    return found


def forget() -> None:
    """Look at the disk again when somebody asks."""
    _seen.clear()


def tell_in_background() -> None:
    """Say in the log of a render without a window what it will not find."""
    forget()
    if bpy.app.background:
        for material in bpy.data.materials:
            lost = missing(material)
            if lost is not None:
                _log.warning("%s: %s", material.name, lost.sentence)


def find(material: bpy.types.Material, folder: Path) -> Path | None:
    """Let the material show its baked files from wherever they are in a folder; where they are, or None."""
    images = [node.image for node in _pictures(material) if node.image is not None]
    paths = {image: path for image in images if (path := _path(image)) is not None}
    for place in _folders(folder) if paths else ():
        if all(
            (place / name).is_file() for image, path in paths.items() for name in _tile_names(image, path)
        ):
            for image, path in paths.items():
                image.filepath = said_from_the_file(place / path.name)
                image.reload()
            forget()
            return place
    return None


def files_of(material: bpy.types.Material) -> dict[bpy.types.Image, list[Path]]:
    """The files that each image of a material's bake shows, there or not."""
    nca = nca_of(material)
    total = nca.baked_last - nca.baked_first + 1
    found = {}
    for node in _pictures(material):
        path = _path(node.image)
        if node.image is not None and path is not None:
            names = _names(path, first_number(node, nca.baked_loop), node, total)
            found[node.image] = [path.with_name(name) for name in names]
    return found


def _look(material: bpy.types.Material) -> Missing | None:
    nca = nca_of(material)
    total = nca.baked_last - nca.baked_first + 1
    pictures = _pictures(material)
    if not pictures or any(node.image is None for node in pictures):
        return Missing(total, total, None)
    lost: set[int] = set()
    folder = None
    listed: dict[Path, set[str]] = {}
    for node in pictures:
        path = _path(node.image)
        if path is None:
            continue
        names = dict(enumerate(_names(path, first_number(node, nca.baked_loop), node, total)))
        if path.parent not in listed:
            listed[path.parent] = _names_in(path.parent)
        # a name that the list does not hold may be there all the same, in other letters
        gone = {
            frame
            for frame, name in names.items()
            if name not in listed[path.parent] and not (listed[path.parent] and (path.parent / name).exists())
        }
        if gone and folder is None:
            folder = path.parent
        lost |= gone
    return Missing(min(len(lost), total), total, folder) if lost else None  # a still has several tiles


def _pictures(material: bpy.types.Material) -> list[bpy.types.ShaderNodeTexImage]:
    """The nodes of the group that show baked pictures."""
    return [node for node in pictures_of(nca_of(material).tree) if node.name in BAKED_NODES.values()]


def _names(path: Path, first: int, node: bpy.types.ShaderNodeTexImage, total: int) -> list[str]:
    """Names of the files that a node shows one after the other."""
    parts = re.fullmatch(r"(.*?)(\d+)(\D*)", path.name)
    if parts is None or node.image is None or node.image.source != "SEQUENCE":
        return [path.name] if node.image is None else _tile_names(node.image, path)
    before, digits, after = parts.groups()
    return [f"{before}{number:0{len(digits)}d}{after}" for number in range(first, first + total)]


def _tile_names(image: bpy.types.Image, path: Path) -> list[str]:
    """Names of the files of a picture: one, or that of each UDIM tile."""
    if image.source != "TILED":
        return [path.name]
    return [path.name.replace("<UDIM>", str(tile.number)) for tile in image.tiles]


def _path(image: bpy.types.Image | None) -> Path | None:
    """Where an image's file should be; None where it needs none."""
    if image is None or image.packed_file is not None or image.source not in {"FILE", "SEQUENCE", "TILED"}:
        return None
    return Path(os.path.abspath(bpy.path.abspath(image.filepath, library=image.library)))


def _names_in(folder: Path) -> set[str]:
    try:
        return set(os.listdir(folder))
    except OSError:
        return set()


def _folders(folder: Path) -> Iterator[Path]:
    """A folder and those in it, the nearest first."""
    queue = [folder]
    for number in range(MOST_FOLDERS):
        if number >= len(queue):
            return
        yield queue[number]
        try:
            with os.scandir(queue[number]) as entries:
                queue += sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
        except OSError:
            continue
