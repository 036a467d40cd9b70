# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: take wounds away, make some at chosen places and frames, and record what moves."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast

import bpy
from bpy.props import EnumProperty, FloatProperty, FloatVectorProperty, IntProperty

from ...automaton.growth_error import GrowthError
from ..host.keyframes import fcurves_of
from ..host.stubs import Result
from ..host.text import fill
from ..host.window import redraw
from ..material import events
from ..material.clock import frame_of
from ..material.target import OnOpenGrowth
from .properties import KINDS, wounded

if TYPE_CHECKING:
    from .recording import Recording


BUDGET, MOST = 0.08, 0.5
"""Seconds of recording between two moments in which Blender draws and hears keys: as long as it drew, within these."""


class OnWounds(OnOpenGrowth):
    """For operators that change the wounds of a growth."""

    to_do = "to change its wounds"


class NCA_OT_wound_here(OnWounds, bpy.types.Operator):
    """Let the cells around a place die in this frame"""

    bl_idname = "nca.wound_here"
    bl_label = "Wound at 3D Cursor"
    bl_options = {"REGISTER", "UNDO"}

    at: FloatVectorProperty(
        name="Place", description="Where, in the world", size=3, subtype="TRANSLATION", options={"SKIP_SAVE"}
    )
    radius: FloatProperty(
        name="Radius", description="How far around it cells die", default=0.25, min=0.0, subtype="DISTANCE"
    )

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        self.at = context.scene.cursor.location
        return self.execute(context)

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        import numpy as np

        from . import kept
        from .cells import cells_of

        try:
            cells = cells_of(material, context).within(np.array(self.at), self.radius)
            frame = frame_of(material, context.scene.frame_current)
        except GrowthError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        if not cells.any():
            self.report(
                {"WARNING"},
                "No cell is so near: put the 3D cursor on the surface (Shift-right-click), or enlarge Radius.",
            )
            return {"FINISHED"}  # so that the radius can be set
        kept.add(material, frame, cells)
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_remove_wound(OnWounds, bpy.types.Operator):
    """Let the cells live that died of this wound"""

    bl_idname = "nca.remove_wound"
    bl_label = "Remove Wound"
    bl_options = {"REGISTER", "UNDO"}

    index: IntProperty(name="Number", description="In the list, from 0", default=-1, options={"SKIP_SAVE"})

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        nca = wounded(material)
        index = nca.wound_index if self.index < 0 else self.index
        if index >= len(nca.wounds):
            self.report({"ERROR"}, "There is no such wound: choose one in the list.")
            return {"CANCELLED"}
        nca.wounds.remove(index)
        nca.wound_index = max(0, min(nca.wound_index, len(nca.wounds) - 1))
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_remove_wounds(OnWounds, bpy.types.Operator):
    """Remove all wounds that were made by hand. What is recorded stays"""

    bl_idname = "nca.remove_wounds"
    bl_label = "Remove All Wounds"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        wounded(material).wounds.clear()
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_add_wound_source(OnWounds, bpy.types.Operator):
    """Let something that moves in the scene wound the growth. Selected objects that do not grow are taken at once"""

    bl_idname = "nca.add_wound_source"
    bl_label = "Add"
    bl_options = {"REGISTER", "UNDO"}

    kind: EnumProperty(name="Wounded by", items=KINDS, options={"SKIP_SAVE"})

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from ..surface.meshes import owners_of

        nca = wounded(material)
        source = nca.wound_sources.add()
        source.kind = self.kind
        grown = owners_of(material, context)
        chosen = [one for one in context.selected_objects if one not in grown]
        if self.kind == "OBJECT" and chosen:
            source.object = chosen[0]
        elif self.kind == "COLLECTION" and chosen:
            source.collection = next(iter(chosen[0].users_collection), None)
        nca.wound_source_index = len(nca.wound_sources) - 1
        return {"FINISHED"}


class NCA_OT_add_wound_object(OnWounds, bpy.types.Operator):
    """Add an empty at the 3D cursor that wounds what lies in its sphere, in this frame alone: its scale has keyframes.
    Move it, and change its keyframes, then record"""

    bl_idname = "nca.add_wound_object"
    bl_label = "Wound Object"
    bl_options = {"REGISTER", "UNDO"}

    radius: FloatProperty(
        name="Radius", description="The scale of the empty", default=0.5, min=0.001, subtype="DISTANCE"
    )

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        scene = context.scene
        empty = bpy.data.objects.new("Wound", None)
        empty.empty_display_type, empty.location = "SPHERE", scene.cursor.location
        context.collection.objects.link(empty)
        frame = scene.frame_current
        for at, radius in ((frame - 1, 0.0), (frame, self.radius), (frame + 1, 0.0)):
            empty.scale = (radius,) * 3
            empty.keyframe_insert("scale", frame=at)
        for curve in fcurves_of(empty):
            for point in curve.keyframe_points:
                point.interpolation = "CONSTANT"
        empty.scale = (self.radius,) * 3
        nca = wounded(material)
        source = nca.wound_sources.add()
        source.kind, source.object = "OBJECT", empty
        nca.wound_source_index = len(nca.wound_sources) - 1
        return {"FINISHED"}


class NCA_OT_remove_wound_source(OnWounds, bpy.types.Operator):
    """Let this wound the growth no longer, and forget what was recorded of it"""

    bl_idname = "nca.remove_wound_source"
    bl_label = "Remove"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from .recording import look_again

        nca = wounded(material)
        if not 0 <= nca.wound_source_index < len(nca.wound_sources):
            self.report({"ERROR"}, "There is nothing to remove: choose a line in the list.")
            return {"CANCELLED"}
        nca.wound_sources.remove(nca.wound_source_index)
        nca.wound_source_index = max(0, min(nca.wound_source_index, len(nca.wound_sources) - 1))
        look_again()
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_record_wounds(OnWounds, bpy.types.Operator):
    """Go once through all frames of the scene and write down what dies in each.
    From then on a frame looks the same on every machine, also where the scene is changed. ESC leaves all as it was"""

    bl_idname = "nca.record_wounds"
    bl_label = "Record"
    bl_options = {"UNDO", "BLOCKING"}

    # not as an annotation: Blender looks up all that stand in its classes
    _recording = cast("Recording | None", None)
    _timer: bpy.types.Timer | None = None

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from .recording import Recording

        try:
            self._recording = Recording(material, context)
            while not self._recording.is_through:
                self._recording.step(context)
            return self._finish(context)
        except GrowthError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        finally:
            self._close(context)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        from .recording import Recording

        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        if context.screen is not None and context.screen.is_animation_playing:
            bpy.ops.screen.animation_cancel(restore_frame=False)
        try:
            self._recording = Recording(material, context)
        except GrowthError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        manager = context.window_manager
        self._told = time.monotonic()
        manager.progress_begin(0, self._recording.total)
        self._timer = manager.event_timer_add(0.01, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        recording = self._recording
        if recording is None:
            return {"CANCELLED"}
        if event.type in {"ESC", "RIGHTMOUSE"} and event.value == "PRESS":
            self.report({"INFO"}, "Recording stopped: the wounds are as they were.")
            self._close(context)
            return {"CANCELLED"}
        if event.type != "TIMER":
            return {"RUNNING_MODAL"}
        now = time.monotonic()
        until = now + min(max(now - self._told, BUDGET), MOST)
        try:
            while not recording.is_through and time.monotonic() < until:
                recording.step(context)
            if not recording.is_through:
                self._tell(context, recording)
                self._told = time.monotonic()
                return {"RUNNING_MODAL"}
            result = self._finish(context)
        except GrowthError as error:
            self.report({"ERROR"}, str(error))
            result = {"CANCELLED"}
        self._close(context)
        return result

    def cancel(self, context: bpy.types.Context) -> None:
        """Another file is being opened, or Blender ends."""
        self._close(context)

    def _tell(self, context: bpy.types.Context, recording: Recording) -> None:
        context.window_manager.progress_update(recording.done)
        context.workspace.status_text_set(
            fill(
                "Recording wounds: {count} of {total} frames. ESC leaves all as it was",
                count=recording.done,
                total=recording.total,
            )
        )

    def _finish(self, context: bpy.types.Context) -> Result:
        from .recording import look_again

        recording = self._recording
        assert recording is not None  # it has just ended
        self.report({"INFO"}, recording.keep())
        look_again()
        return {"FINISHED"}

    def _close(self, context: bpy.types.Context) -> None:
        recording, self._recording = self._recording, None
        if self._timer is not None:
            context.window_manager.event_timer_remove(self._timer)
            context.window_manager.progress_end()
            context.workspace.status_text_set(None)
            self._timer = None
        if recording is not None:
            recording.close()
            material = bpy.data.materials.get(recording.name)
            if material is not None:
                events.changed(material)
        redraw()


classes = (
    NCA_OT_wound_here,
    NCA_OT_remove_wound,
    NCA_OT_remove_wounds,
    NCA_OT_add_wound_source,
    NCA_OT_add_wound_object,
    NCA_OT_remove_wound_source,
    NCA_OT_record_wounds,
)
