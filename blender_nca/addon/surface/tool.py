# SPDX-License-Identifier: GPL-3.0-or-later
"""Tool: planting seeds and combing, in the toolbar of the 3D view."""

from __future__ import annotations

import bpy

from . import circle
from .dots import TOOL
from .properties import comb_of

COMB = "nca.comb"
_RADIUS, _STRENGTH = "window_manager.nca_comb.radius", "window_manager.nca_comb.strength"


class PlantSeeds(bpy.types.WorkSpaceTool):
    bl_space_type = "VIEW_3D"
    bl_context_mode = "OBJECT"
    bl_idname = TOOL
    bl_label = "Plant Seeds"
    bl_description = (
        "Let a growth begin where you click on it; Shift-click begins with the species of the chosen layer,\n"
        "or gives that layer a seed that is there.\n"
        "Drag a seed to move it; Ctrl-click it, or press X over it, to take it away.\n"
        "Press F over it to say in which frame it begins"
    )
    bl_icon = "brush.particle.add"
    bl_cursor = "PAINT_CROSS"
    bl_keymap = (
        ("nca.take_seed", {"type": "LEFTMOUSE", "value": "PRESS", "ctrl": True}, None),
        ("nca.take_seed", {"type": "X", "value": "PRESS"}, None),
        ("nca.time_seed", {"type": "F", "value": "PRESS"}, None),
        (
            "nca.plant_seed",
            {"type": "LEFTMOUSE", "value": "PRESS", "shift": True},
            {"properties": [("layer", -1)]},
        ),
        ("nca.plant_seed", {"type": "LEFTMOUSE", "value": "PRESS"}, None),
    )

    @staticmethod
    def draw_settings(
        context: bpy.types.Context, layout: bpy.types.UILayout, tool: bpy.types.WorkSpaceTool
    ) -> None:
        layout.prop(tool.operator_properties("nca.plant_seed"), "is_late")


class CombGrowth(bpy.types.WorkSpaceTool):
    bl_space_type = "VIEW_3D"
    bl_context_mode = "OBJECT"
    bl_idname = COMB
    bl_label = "Comb Growth"
    bl_description = (
        "Drag over a growth: it points that way, and grows so when you let go.\n"
        "F or [ and ] change the radius, Shift-F the strength"
    )
    bl_icon = "brush.particle.comb"
    bl_cursor = "CROSSHAIR"
    bl_keymap = (
        ("nca.comb", {"type": "LEFTMOUSE", "value": "PRESS"}, None),
        *circle.radius_keys(_RADIUS),
        circle.radial(_STRENGTH, shift=True),
    )

    @staticmethod
    def draw_settings(
        context: bpy.types.Context, layout: bpy.types.UILayout, tool: bpy.types.WorkSpaceTool
    ) -> None:
        layout.prop(comb_of(context), "radius")
        layout.prop(comb_of(context), "strength")

    @staticmethod
    def draw_cursor(
        context: bpy.types.Context, tool: bpy.types.WorkSpaceTool, at: tuple[float, float]
    ) -> None:
        circle.draw(at, comb_of(context).radius, (1.0, 1.0, 1.0, 0.8))


def register() -> None:
    """Put them into the toolbar; without a window there is none."""
    if not bpy.app.background:
        bpy.utils.register_tool(PlantSeeds, separator=True)
        bpy.utils.register_tool(CombGrowth, after={TOOL})


def unregister() -> None:
    """Take them out."""
    if not bpy.app.background:
        bpy.utils.unregister_tool(CombGrowth)
        bpy.utils.unregister_tool(PlantSeeds)
