# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender's entry to Neural Growth: hands over to the add-on.

Cheap to import: the add-on itself is imported when it is enabled, and what scripts use of it, `api`, when they ask.
"""

from __future__ import annotations


def __getattr__(name: str) -> object:
    """Let scripts write ``from bl_ext.user_default.blender_nca import api``."""
    if name == "api":
        from .blender_nca.addon import api

        return api
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def register() -> None:
    """Called by Blender when the add-on is enabled."""
    from .blender_nca import addon

    addon.register()


def unregister() -> None:
    """Called by Blender when the add-on is disabled, and before it is updated."""
    from .blender_nca import addon

    addon.unregister()
