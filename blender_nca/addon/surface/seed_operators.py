# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators of seeds: when they begin, and those that are read from the scene."""

from __future__ import annotations

import bpy
from bpy.props import FloatProperty, IntProperty

from ...automaton.surface_error import SurfaceError
from ..host.stubs import Result
from ..material import clock, events
from ..material.properties import nca_of
from .operators import OnSeeds, nearest
from .seed_properties import sowing_of


class NCA_OT_read_seeds(OnSeeds, bpy.types.Operator):
    """Read again from the scene, as it is in this frame, where the growth begins"""

    bl_idname = "nca.read_seeds"
    bl_label = "Read Again"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import seeding

        try:
            seeding.record(material, context)
        except SurfaceError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_free_seeds(OnSeeds, bpy.types.Operator):
    """Turn what was read into seeds that you move, time and take away one by one. They no longer follow the scene"""

    bl_idname = "nca.free_seeds"
    bl_label = "Turn into Points"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import seeding

        if not seeding.plant_recorded(material):
            self.report({"ERROR"}, "There are none that are places: those of a vertex group are whole areas.")
            return {"CANCELLED"}
        return {"FINISHED"}


class NCA_OT_stagger_seeds(OnSeeds, bpy.types.Operator):
    """Let the seeds begin one after another, in the order of their numbers"""

    bl_idname = "nca.stagger_seeds"
    bl_label = "One after Another"
    bl_options = {"REGISTER", "UNDO"}

    first: IntProperty(
        name="Start",
        description="After how many frames of the growth the first seed begins",
        min=0,
        soft_max=1000,
    )
    delay: FloatProperty(
        name="Delay",
        description="How many frames later each begins than the one before",
        default=10.0,
        min=0.0,
        soft_max=50.0,
    )

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import recorded

        points = nca_of(material).points
        points.foreach_set("start", recorded.starts(len(points), self.first, self.delay).tolist())
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_time_seed(OnSeeds, bpy.types.Operator):
    """Say in which frame the seed under the mouse begins"""

    bl_idname = "nca.time_seed"
    bl_label = "Start of a Seed"
    bl_options = {"REGISTER", "UNDO"}

    index: IntProperty(name="Seed", description="Number of the seed, from 0", min=0, options={"HIDDEN"})
    start: IntProperty(
        name="Start",
        description="After how many frames of the growth this seed begins: 0 begins with it",
        min=0,
        soft_max=1000,
    )

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        points = nca_of(material).points
        if self.index >= len(points):
            self.report({"ERROR"}, f"{material.name} has {len(points)} seeds: there is none of that number.")
            return {"CANCELLED"}
        points[self.index].start = self.start
        return {"FINISHED"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        x, y = event.mouse_region_x, event.mouse_region_y
        for material in [one for one in bpy.data.materials if nca_of(one).growing]:
            index = nearest(material, context, x, y)
            if index < 0:
                continue
            self.material, self.index = material.name, index
            if self.find(context) is None:
                return {"CANCELLED"}
            if nca_of(material).seeds == "SURFACE":
                self.report(
                    {"INFO"}, "Its start is set for all in Seeds, or by itself after Turn into Points."
                )
                return {"CANCELLED"}
            self.start = nca_of(material).points[index].start or clock.frame_of(
                material, context.scene.frame_current
            )
            return context.window_manager.invoke_props_dialog(self, width=220)
        self.report({"INFO"}, "No seed is there: point at its dot.")
        return {"CANCELLED"}


class NCA_OT_forget_lost_seeds(OnSeeds, bpy.types.Operator):
    """Take away the seeds whose faces are gone"""

    bl_idname = "nca.forget_lost_seeds"
    bl_label = "Take Them Away"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        points = sowing_of(material).points
        for index in reversed([number for number, point in enumerate(points) if point.lost]):
            points.remove(index)
        events.changed(material)
        return {"FINISHED"}


classes = (
    NCA_OT_read_seeds,
    NCA_OT_free_seeds,
    NCA_OT_stagger_seeds,
    NCA_OT_time_seed,
    NCA_OT_forget_lost_seeds,
)
