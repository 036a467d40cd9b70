# SPDX-License-Identifier: GPL-3.0-or-later
"""Icons: Blender's previews of the species' picture files."""

from __future__ import annotations

from pathlib import Path

import bpy.utils.previews

from ...genetics.species import Species
from ..library import choices

_previews: bpy.utils.previews.ImagePreviewCollection | None = None


def icon_of(one: Species) -> int:
    """The icon with a species' picture; 0 where it has none."""
    return 0 if one.picture is None else icon_at(one.picture)


def icon_at(path: Path) -> int:
    """The icon with a picture; 0 where there is none."""
    global _previews
    if _previews is None:
        _previews = bpy.utils.previews.new()
    key = f"{path}"
    if key not in _previews:
        try:
            _previews.load(key, key, "IMAGE")
        except (KeyError, RuntimeError, OSError):
            return 0
    return _previews[key].icon_id


def forget_one(path: Path) -> None:
    """Read a picture again when it is next shown."""
    if _previews is not None and f"{path}" in _previews:
        del _previews[f"{path}"]
    choices.forget_pictures()


def forget() -> None:
    """Read every picture again when it is next shown."""
    if _previews is not None:
        _previews.clear()
    choices.forget_pictures()


def release() -> None:
    """Give the pictures back, as the add-on is switched off."""
    global _previews
    if _previews is not None:
        bpy.utils.previews.remove(_previews)
        _previews = None
    choices.forget_pictures()
