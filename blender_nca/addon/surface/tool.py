# SPDX-License-Identifier: GPL-3.0-or-later
"""Tool: planting seeds, in the toolbar of the 3D view."""

from __future__ import annotations

import bpy

from .dots import TOOL


class PlantSeeds(bpy.types.WorkSpaceTool):
    bl_space_type = "VIEW_3D"
    bl_context_mode = "OBJECT"
    bl_idname = TOOL
    bl_label = "Plant Seeds"
    bl_description = (
        "Let a growth begin where you click on it.\n"
        "Drag a seed to move it; Ctrl-click it, or press X over it, to take it away.\n"
        "Press F over it to say in which frame it begins"
    )
    bl_icon = "brush.particle.add"
    bl_cursor = "PAINT_CROSS"
    bl_keymap = (
        ("nca.take_seed", {"type": "LEFTMOUSE", "value": "PRESS", "ctrl": True}, None),
        ("nca.take_seed", {"type": "X", "value": "PRESS"}, None),
        ("nca.time_seed", {"type": "F", "value": "PRESS"}, None),
        ("nca.plant_seed", {"type": "LEFTMOUSE", "value": "PRESS"}, None),
    )

    @staticmethod
    def draw_settings(
        context: bpy.types.Context, layout: bpy.types.UILayout, tool: bpy.types.WorkSpaceTool
    ) -> None:
        layout.prop(tool.operator_properties("nca.plant_seed"), "is_late")


def register() -> None:
    """Put it into the toolbar; without a window there is none."""
    if not bpy.app.background:
        bpy.utils.register_tool(PlantSeeds, separator=True)


def unregister() -> None:
    """Take it out."""
    if not bpy.app.background:
        bpy.utils.unregister_tool(PlantSeeds)
