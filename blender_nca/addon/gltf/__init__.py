# SPDX-License-Identifier: GPL-3.0-or-later
"""glTF: Blender's own exporter writes a growth as it is in the current frame, or so that it grows."""

from __future__ import annotations

import sys

from ..host.extension import PACKAGE
from ..host.late import late
from . import panel, properties

_NAME = "glTF2ExportUserExtension"
"""What the exporter looks for in the modules of add-ons."""


def register() -> None:
    """Let the exporter find the hooks, and its dialog what is drawn for growths."""
    properties.register()
    setattr(sys.modules[PACKAGE], _NAME, late(__package__)("hooks.GrowthHooks"))
    _drawn()[PACKAGE] = panel.draw


def unregister() -> None:
    """Take them away."""
    _drawn().pop(PACKAGE, None)
    delattr(sys.modules[PACKAGE], _NAME)
    properties.unregister()


def _drawn() -> dict:
    """What the exporter's dialog draws of add-ons."""
    try:
        from io_scene_gltf2 import exporter_extension_layout_draw
    except ImportError:  # somebody has taken the exporter away
        return {}
    return exporter_extension_layout_draw
