# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions: what differs between the Blender versions that the add-on runs on, 4.2 to 5.2."""

from __future__ import annotations

import bpy

RELATIVE_PATH = {"PATH_SUPPORTS_BLEND_RELATIVE"} if bpy.app.version >= (4, 5, 0) else set()
"""The option of a folder property that it may begin with //, which no Blender before 4.5 asks for."""


def shows_stale_pixels(scene: bpy.types.Scene) -> bool:
    """Whether a Cycles render of this scene would show old pixels of a live image.

    With Persistent Data, Cycles before 5.2 keeps the pixels that an image had in the first rendered frame.
    """
    render = scene.render
    return bpy.app.version < (5, 2, 0) and render.engine == "CYCLES" and render.use_persistent_data


def use_nodes(material: bpy.types.Material) -> None:
    """Switch a material's nodes on. From 5.0 on they always are, and the switch is going away."""
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True
