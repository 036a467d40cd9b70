# SPDX-License-Identifier: GPL-3.0-or-later
"""USD: Blender's own exporter writes a growth as it is in the current frame, for its preview surfaces and MaterialX."""

from __future__ import annotations

import bpy

from ..host.additions import Additions
from . import operators

_additions = Additions(operators.classes)


def register() -> None:
    """Add it to Blender's menu of exports."""
    _additions.add()
    bpy.types.TOPBAR_MT_file_export.append(operators.draw_menu)


def unregister() -> None:
    """Take it away."""
    bpy.types.TOPBAR_MT_file_export.remove(operators.draw_menu)
    _additions.remove()
