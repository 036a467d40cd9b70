# SPDX-License-Identifier: GPL-3.0-or-later
"""Time: when the growth starts, and how fast it is."""

from __future__ import annotations

import bpy

from .place import InMaterial, InSidebar, OfGrowth


class Time(OfGrowth):
    bl_label = "Time"

    def draw_growth(self, context, layout, material):
        nca = material.nca
        layout.prop(nca, "start_frame")
        column = layout.column()
        column.use_property_decorate = True  # the dot that sets a keyframe
        column.prop(nca, "steps_per_frame")
        # Blender's own switch: without it, a render that paints live images may meet a drawing viewport.
        layout.prop(context.scene.render, "use_lock_interface", text="Lock while Rendering")


class NCA_PT_time_material(InMaterial, Time, bpy.types.Panel):
    bl_parent_id = "NCA_PT_growth_material"


class NCA_PT_time_sidebar(InSidebar, Time, bpy.types.Panel):
    bl_parent_id = "NCA_PT_growth_sidebar"


classes = (NCA_PT_time_material, NCA_PT_time_sidebar)
