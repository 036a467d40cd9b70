# SPDX-License-Identifier: GPL-3.0-or-later
"""Preset files: the artist's own bake presets, in Blender's own folder of presets."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

if TYPE_CHECKING:
    from ...maps.bake_preset import BakePreset


_log = logging.getLogger(__name__)

SUBFOLDER = "neural_growth_bake"

_read: dict[Path, tuple[int, BakePreset | None]] = {}


def all_presets() -> dict[str, BakePreset]:
    """The presets by their names: those that come with the extension, then the artist's own."""
    from ...maps.bake_preset import bundled

    return {**bundled(), **{name: preset for name, (preset, _) in own_presets().items()}}


def own_presets() -> dict[str, tuple[BakePreset, Path]]:
    """The artist's own, and where they lie; files that hold none are left out, and named in the console once."""
    from ...maps.bake_preset import bundled

    found = {}
    for folder in bpy.utils.preset_paths(SUBFOLDER):
        for path in sorted(Path(folder).glob("*.json")):
            preset = _read_again(path)
            if preset is not None and preset.name not in bundled():
                found[preset.name] = preset, path
    return found


def keep(preset: BakePreset) -> Path:
    """Keep a preset among the artist's own; one of that name is replaced.

    Raises
    ------
    PresetFileError
        It has the name of one that comes with the extension, or cannot be written.
    """
    from ...maps.bake_preset import PresetFileError, bundled, write_preset

    # their folders would be one on Windows and macOS, which do not tell A from a
    if preset.name.casefold() in map(str.casefold, bundled()):
        raise PresetFileError(f"{preset.name} comes with Neural Growth: give your preset another name.")
    stem = bpy.path.clean_name(preset.name).strip("_. ")
    if not stem:
        raise PresetFileError("A preset needs a name of letters.")
    known = own_presets().get(preset.name)
    try:
        folder = bpy.utils.user_resource("SCRIPTS", path=f"presets/{SUBFOLDER}", create=True)
        path = known[1] if known else _free(Path(folder), stem)
        write_preset(path, preset)
    except OSError as error:
        raise PresetFileError(f"The preset was not kept: {error}.") from error
    return path


def _free(folder: Path, stem: str) -> Path:
    """A name that no other preset has: two may differ only in what names of files do not hold."""
    names = (f"{stem}{number}.json" for number in ("", *range(2, 1000)))
    return next(path for name in names if not (path := folder / name).exists())


def _read_again(path: Path) -> BakePreset | None:
    """What a file holds, read when it has changed: panels ask often."""
    from ...maps.bake_preset import PresetFileError, read_preset

    try:
        stamp = path.stat().st_mtime_ns
        if _read.get(path, (0, None))[0] != stamp:
            _read[path] = stamp, None
            _read[path] = stamp, read_preset(path)
    except (OSError, PresetFileError) as error:
        _log.warning("%s", error)
    return _read.get(path, (0, None))[1]
