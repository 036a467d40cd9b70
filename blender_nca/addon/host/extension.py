# SPDX-License-Identifier: GPL-3.0-or-later
"""Extension: the add-on's name in Blender, and its folders."""

from __future__ import annotations

from pathlib import Path

import bpy

PACKAGE = __package__.rsplit(".", 3)[0]
"""The add-on's name in Blender."""
BUNDLED_MODELS = Path(__file__).resolve().parents[3] / "models"


def user_folder(name: str) -> Path | None:
    """A folder in the extension's own user folder. It need not exist; None for an old-style add-on, which has none."""
    try:
        return Path(bpy.utils.extension_path_user(PACKAGE, path=name))
    except ValueError:
        return None
