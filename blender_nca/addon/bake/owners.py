# SPDX-License-Identifier: GPL-3.0-or-later
"""Owners: who else shows the files of a bake, in this .blend file and in others."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import bpy

from ...maps.sequence import BAKED_MAPS
from ..material.properties import nca_of
from .destination import as_one_folder, as_one_name

BLENDS = "blends"
"""Where the record of a sequence keeps the .blend files that were baked to it, as paths from its folder on."""
_WINDOWS = (bpy.types.Screen, bpy.types.WindowManager, bpy.types.WorkSpace)
"""What looks at an image without being part of the artist's work."""


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


def other_files(record: dict[str, object], folder: Path) -> list[Path]:
    """The .blend files that were baked to a sequence and are there, but the open one."""
    listed = record.get(BLENDS)
    paths = (
        [_resolve(folder, path) for path in listed if isinstance(path, str)]
        if isinstance(listed, list)
        else []
    )
    own = bpy.data.filepath
    return [path for path in paths if path.is_file() and not (own and _is_same(path, own))]


def with_this_file(record: dict[str, object], folder: Path, is_replacing: bool) -> list[str]:
    """The .blend files for the record: the open one, and the others unless this one replaces what they show."""
    paths = [] if is_replacing else other_files(record, folder)
    if bpy.data.filepath:
        paths.append(Path(bpy.data.filepath))
    return sorted({_from(folder, path) for path in paths})


def _is_of(image: bpy.types.Image, folder: Path, stem: str) -> bool:
    """Whether an image shows files of a sequence."""
    if not image.filepath or image.source not in {"FILE", "SEQUENCE"} or image.packed_file is not None:
        return False
    path = Path(os.path.abspath(bpy.path.abspath(image.filepath, library=image.library)))
    pattern = rf"{re.escape(as_one_name(stem))}_({'|'.join(BAKED_MAPS)})_\d+\.png"
    return bool(re.fullmatch(pattern, as_one_name(path.name))) and as_one_folder(
        path.parent
    ) == as_one_folder(folder)


def _from(folder: Path, path: Path) -> str:
    try:
        return Path(os.path.relpath(os.path.realpath(path), os.path.realpath(folder))).as_posix()
    except ValueError:  # on another drive, on Windows
        return str(path)


def _resolve(folder: Path, path: str) -> Path:
    return Path(os.path.normpath(os.path.join(os.path.realpath(folder), path)))


def _is_same(path: Path, other: str) -> bool:
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False


def listed(names: Iterable[str]) -> str:
    """Up to three names, and how many more."""

    def parts(all: list[str]) -> Iterator[str]:
        yield from all[:3]
        if len(all) > 3:
            yield f"{len(all) - 3} more"

    *before, last = parts(list(names))
    return f"{', '.join(before)} and {last}" if before else last
