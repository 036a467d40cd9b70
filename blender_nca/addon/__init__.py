# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on: all that touches Blender. It never imports torch; what computes is the engine's worker process."""

from __future__ import annotations


def register() -> None:
    """Add classes, properties and handlers. Starts nothing and reads nothing."""
    import bpy

    from . import operators, panels, playback, preferences, properties

    for one in (*preferences.classes, *properties.classes, *operators.classes, *panels.classes):
        bpy.utils.register_class(one)
    properties.register()
    playback.register()


def unregister() -> None:
    """Take everything away again and end the engine's worker."""
    import bpy

    from . import bake, engine, installation, library, operators, panels, playback, preferences, properties

    bake.stop_all()
    installation.stop()
    playback.unregister()
    engine.stop()
    library.release()
    properties.unregister()
    for one in reversed((*preferences.classes, *properties.classes, *operators.classes, *panels.classes)):
        bpy.utils.unregister_class(one)
