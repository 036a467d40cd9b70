# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds: add and remove the points at which a growth begins."""

from __future__ import annotations

import random

import bpy
from bpy.props import IntProperty

from .. import playback
from .target import OnGrowth


class NCA_OT_add_point(OnGrowth, bpy.types.Operator):
    """Begin at one more place"""

    bl_idname = "nca.add_point"
    bl_label = "Add Point"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        points = material.nca.points
        # the first in the middle, the others somewhere new, where they are seen at once
        at = (random.random(), random.random()) if len(points) else (0.5, 0.5)
        points.add().at = at
        return {"FINISHED"}


class NCA_OT_remove_point(OnGrowth, bpy.types.Operator):
    """Do not begin at this place"""

    bl_idname = "nca.remove_point"
    bl_label = "Remove Point"
    bl_options = {"REGISTER", "UNDO"}

    index: IntProperty(options={"HIDDEN"})

    def execute(self, context):
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        material.nca.points.remove(self.index)
        playback.refresh(material)
        return {"FINISHED"}


classes = (NCA_OT_add_point, NCA_OT_remove_point)
