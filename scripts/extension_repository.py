# SPDX-License-Identifier: GPL-3.0-or-later
"""Extension repository: a folder of zips, with the index by which Blender installs and updates them."""

from __future__ import annotations

import re
from pathlib import Path

from extension_builder import BuildError, ExtensionBuilder

INDEX = "index.json"


def write(folder: Path, builder: ExtensionBuilder) -> str:
    """Write the index of the zips in a folder; returns what to do with it.

    Raises
    ------
    BuildError
        There is no zip, or two of them are for the same Blender on the same system.
    """
    zips = sorted(path.name for path in folder.glob("*.zip"))
    if not zips:
        raise BuildError(f"There are no zips in {folder}: build them with --out {folder}")
    said = builder.list_repository(folder)
    if twice := re.search(r"duplicates for id (\w+): (.*)", said):
        (folder / INDEX).unlink(missing_ok=True)
        raise BuildError(
            f"Two zips of {twice[1]} in {folder} are for the same Blender on the same system, so that Blender could "
            f"not tell which to install: take one of them away. {twice[2]}"
        )
    if bad := re.search(r"archive validation failed (.*)", said):
        raise BuildError(f"A zip is not one of an extension: {bad[1]}")
    return (
        f"{folder / INDEX}: {len(zips)} zips. Blender's Preferences, Get Extensions, Repositories, +, Add Remote "
        f"Repository takes its address: {(folder / INDEX).resolve().as_uri()}, or that of the server it is put on."
    )
