# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: let the growth run in the window, and stop it."""

from __future__ import annotations

import bpy

from .. import engine
from ..host.stubs import Result
from ..host.text import fill
from ..material.clock import is_animated
from ..material.properties import nca_of
from ..material.target import OnGrowth
from ..settings import preferences


class NCA_OT_grow(OnGrowth, bpy.types.Operator):
    """Play the scene from here, so that the growth is seen growing; press again to stop"""

    bl_idname = "nca.grow"
    bl_label = "Grow"

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        if context.screen and context.screen.is_animation_playing:
            return fill("Stop playing; the growth stays as it is now")
        return fill("Play the scene from here, so that the growth is seen growing")

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        if bpy.app.background:
            self.report({"ERROR"}, "Without a window nothing plays: set the scene's frame, or bake.")
            return {"CANCELLED"}
        if engine.state() == "failed":
            preferences.push()
            engine.start()
        if not context.screen.is_animation_playing:
            if not is_animated(material):
                self.report(
                    {"ERROR"},
                    "Nothing lets the growth age: drag Age, or set keyframes on it and press Grow again.",
                )
                return {"CANCELLED"}
            scene = context.scene
            start = (
                nca_of(material).start_frame if nca_of(material).clock == "TIMELINE" else scene.frame_start
            )
            ended = scene.frame_current >= (
                scene.frame_preview_end if scene.use_preview_range else scene.frame_end
            )
            if scene.frame_current < start or ended:
                scene.frame_set(start)
        bpy.ops.screen.animation_play()
        return {"FINISHED"}


classes = (NCA_OT_grow,)
