# SPDX-License-Identifier: GPL-3.0-or-later
"""Texture cache: the .tx files that Cycles makes of pictures, from Blender 5.2 on."""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import bpy

SUFFIX = ".tx"
USUAL_FOLDER = "blender_tx"
"""Beside the picture: where the files go without a folder in the preferences."""


def forget(pictures: Iterable[Path]) -> None:
    """Remove what Cycles has made of pictures that were written anew.

    It compares times in whole seconds: of a picture that is written twice in one it would go on showing the former.
    What cannot be removed is left; Cycles makes it anew where the seconds differ.
    """
    if bpy.app.version < (5, 2, 0):
        return
    by_folder: dict[Path, set[str]] = defaultdict(set)
    for picture in pictures:
        by_folder[_folder_for(picture)].add(picture.name)
    for folder, names in by_folder.items():
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                # <picture>.<number>-<32 digits>.tx
                if entry.name.endswith(SUFFIX) and entry.name.rsplit(".", 2)[0] in names:
                    with contextlib.suppress(OSError):
                        os.unlink(entry.path)


def _folder_for(picture: Path) -> Path:
    """Where Cycles puts its file of a picture: the folder in the preferences, relative to the picture."""
    chosen: str = bpy.context.preferences.filepaths.texture_cache_directory  # from 5.2 on
    return picture.parent / bpy.path.native_pathsep(chosen or USUAL_FOLDER)
