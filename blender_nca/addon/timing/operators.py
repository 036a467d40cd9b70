# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: go to a moment of the growth, and set how its speed changes."""

from __future__ import annotations

import bpy
from bpy.props import EnumProperty, FloatProperty, IntProperty

from ...automaton.growth_error import GrowthError
from ..host.stubs import Result
from ..host.text import fill
from ..material.clock import is_animated
from ..material.properties import nca_of
from ..material.status import is_open, why_not_open
from ..material.target import OnGrowth, OnOpenGrowth

EARLIEST, LATEST = -1_048_574, 1_048_574
"""Blender's own first and last frame."""


class NCA_OT_show_moment(OnGrowth, bpy.types.Operator):
    """Go to this moment of the growth"""

    bl_idname = "nca.show_moment"
    bl_label = "Show Moment"
    bl_options = {"REGISTER", "UNDO"}

    frame: IntProperty(
        name="Frame",
        description="Frame of the scene to go to",
        default=1,
        min=EARLIEST,
        max=LATEST,
        options={"SKIP_SAVE"},
    )
    age: FloatProperty(
        name="Age",
        description="Age to set instead, where nothing but its slider decides on it; below 0 the frame counts",
        default=-1.0,
        min=-1.0,
        max=1.0,
        options={"SKIP_SAVE"},
    )

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        if properties.age < 0:
            return fill("Go to frame {frame}", frame=properties.frame)
        return fill("Set Age {age}", age=f"{properties.age:.2f}")

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        if self.age < 0:
            context.scene.frame_set(self.frame)
            return {"FINISHED"}
        problem = "" if is_open(material) else why_not_open(material, "to change its age")
        if nca_of(material).clock != "AGE" or is_animated(material):
            problem = "Frames decide how far this growth is, not a slider: name a frame."
        if problem:
            self.report({"ERROR"}, problem)
            return {"CANCELLED"}
        nca_of(material).age = self.age
        return {"FINISHED"}


class NCA_OT_set_speed(OnOpenGrowth, bpy.types.Operator):
    """Set keyframes on how fast it grows. In the end as much has grown as without them; those that were there go"""

    bl_idname = "nca.set_speed"
    bl_label = "Speed"
    bl_options = {"REGISTER", "UNDO"}
    to_do = "to change its speed"

    preset: EnumProperty(
        name="Speed",
        description="How the speed changes",
        items=(
            ("STEADY", "Steady", "Always the same"),
            ("EASE_IN", "Ease In", "From rest it grows ever faster"),
            ("EASE_OUT", "Ease Out", "It begins fast and comes to rest"),
            ("EASE_IN_OUT", "Ease In and Out", "It begins from rest and comes to rest"),
            ("SLOW_START", "Slow Start", "For half of the time it hardly moves, and then breaks out"),
            ("BURSTS", "Bursts", "It darts ahead, hardly moves, darts ahead again"),
        ),
    )
    frames: IntProperty(
        name="Frames",
        description="Over how many frames from the growth's start on. 0: until it is full, or the scene ends",
        min=0,
        max=LATEST,
        options={"SKIP_SAVE"},
    )
    bursts: IntProperty(
        name="Bursts",
        description="How many bursts there are",
        default=4,
        min=1,
        max=100,
        options={"SKIP_SAVE"},
    )

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import speed

        scene = context.scene
        assert scene is not None  # every file has one
        frames = max(speed.FEWEST, self.frames) if self.frames else speed.span_of(material, scene)
        try:
            stretches = speed.stretches_of(self.preset, self.bursts)
            speed.set_speed(material, scene, stretches, frames)
        except (speed.SpeedError, GrowthError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return {"FINISHED"}


classes = (NCA_OT_show_moment, NCA_OT_set_speed)
