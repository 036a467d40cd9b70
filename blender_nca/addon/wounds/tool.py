# SPDX-License-Identifier: GPL-3.0-or-later
"""Tool: wounding growths, in the toolbars of the 3D view and the image editor."""

from __future__ import annotations

import bpy

from ..surface import circle
from .properties import brush_of

TOOL = "nca.wound"
_RADIUS = "scene.nca_wound.radius"


class Wounding:
    """What the tools of both editors share."""

    bl_label = "Wound Growth"
    bl_description = (
        "Drag over a growth: cells die there in the frame that is shown, in each one while the scene plays.\n"
        "F, or [ and ], change the radius; ESC, before you let go, leaves all as it was"
    )
    bl_icon = "brush.gpencil_draw.erase"
    bl_cursor = "CROSSHAIR"
    bl_keymap = (
        ("nca.wound", {"type": "LEFTMOUSE", "value": "PRESS"}, None),
        *circle.radius_keys(_RADIUS),
    )

    @staticmethod
    def draw_settings(
        context: bpy.types.Context, layout: bpy.types.UILayout, tool: bpy.types.WorkSpaceTool
    ) -> None:
        layout.prop(brush_of(context), "radius")

    @staticmethod
    def draw_cursor(
        context: bpy.types.Context, tool: bpy.types.WorkSpaceTool, at: tuple[float, float]
    ) -> None:
        circle.draw(at, brush_of(context).radius, (1.0, 0.55, 0.5, 0.9))


class WoundInSpace(Wounding, bpy.types.WorkSpaceTool):
    bl_space_type = "VIEW_3D"
    bl_context_mode = "OBJECT"
    bl_idname = TOOL


class WoundInPicture(Wounding, bpy.types.WorkSpaceTool):
    bl_space_type = "IMAGE_EDITOR"
    bl_context_mode = "VIEW"
    bl_idname = f"{TOOL}_in_picture"


def register() -> None:
    """Put them into the toolbars; without a window there are none."""
    if not bpy.app.background:
        bpy.utils.register_tool(WoundInSpace, after={"nca.plant"})
        bpy.utils.register_tool(WoundInPicture, separator=True)


def unregister() -> None:
    """Take them out."""
    if not bpy.app.background:
        bpy.utils.unregister_tool(WoundInPicture)
        bpy.utils.unregister_tool(WoundInSpace)
