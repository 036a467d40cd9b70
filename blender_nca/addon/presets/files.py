# SPDX-License-Identifier: GPL-3.0-or-later
"""Files: where presets of growths lie, in Blender's own folders of presets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import bpy

from ...maps.whole_file import write_whole
from .preset import PresetError, check

SUBFOLDER = "neural_growth"
BUNDLED = Path(__file__).parent / "bundled"
MOST_BYTES = 2**20
"""Of a file that is read: a preset has a few thousand."""


class Listed(NamedTuple):
    """A preset that can be chosen.

    Attributes
    ----------
    name : str
    path : Path
    is_own : bool
        The artist's: it can be removed.
    """

    name: str
    path: Path
    is_own: bool

    @property
    def picture(self) -> Path:
        """Of a bundled one."""
        return self.path.with_suffix(".png")


def listed() -> list[Listed]:
    """All presets by name, the bundled ones first."""
    found = [
        Listed(path.stem.replace("_", " "), path, not path.is_relative_to(BUNDLED))
        for folder in (BUNDLED, *map(Path, bpy.utils.preset_paths(SUBFOLDER)))
        for path in folder.glob("*.json")
    ]
    return sorted(found, key=lambda one: (one.is_own, one.name.casefold()))


def read(path: Path) -> dict[str, Any]:
    """What the preset in a file sets.

    Raises
    ------
    PresetError
        It cannot be read, or is none.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PresetError(f"{path.name} is too large for a preset.")
        return check(json.loads(path.read_text("utf-8")))
    except PresetError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise PresetError(f"{path.name} cannot be read: {error}.") from error


def write(name: str, preset: dict) -> Path:
    """Keep a preset of the artist's own.

    Raises
    ------
    PresetError
        The name is none for a file, or it cannot be written.
    """
    stem = bpy.path.clean_name(name.strip()).strip("_. ")
    if not stem:
        raise PresetError("A preset needs a name of letters.")
    try:
        folder = bpy.utils.user_resource("SCRIPTS", path=f"presets/{SUBFOLDER}", create=True)
        path = Path(folder) / f"{stem}.json"
        write_whole(path, json.dumps(preset, indent=1, ensure_ascii=False).encode())
    except OSError as error:
        raise PresetError(f"The preset was not kept: {error}.") from error
    return path
