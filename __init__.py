# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender's entry to Neural Growth: hands over to the add-on.

Cheap to import: the add-on itself is imported when it is enabled.
"""

from __future__ import annotations


def register() -> None:
    """Called by Blender when the add-on is enabled."""
    from .blender_nca import addon

    addon.register()


def unregister() -> None:
    """Called by Blender when the add-on is disabled, and before it is updated."""
    from .blender_nca import addon

    addon.unregister()
