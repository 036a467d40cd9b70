# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: write a growth to image sequences while Blender goes on, and go back to the live growth."""

from __future__ import annotations

import bpy

from ...automaton.growth import GrowthError
from ..host.stubs import Result
from ..host.window import redraw
from ..material.properties import nca_of
from ..material.target import OnGrowth
from . import bake, shown
from .destination import BakeError

LOOKS = 0.1
"""Seconds between two looks at the engine."""
PATIENCE = 0.25
"""Seconds that a bake without a window waits before it looks whether it was stopped."""


class NCA_OT_bake(OnGrowth, bpy.types.Operator):
    """Write the growth to image files, so that it renders fast and everywhere, also without this add-on.
    ESC stops it; what is finished stays, and the next bake goes on from there"""

    bl_idname = "nca.bake"
    bl_label = "Bake"
    bl_options = {"REGISTER", "UNDO"}

    _bake = None
    _timer = None

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        running = self._start(context)
        if running is None:
            return {"CANCELLED"}
        manager = context.window_manager
        manager.progress_begin(0, running.total)
        self._timer = manager.event_timer_add(LOOKS, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        running = self._bake
        if running is None:
            return {"CANCELLED"}
        if event.type == "ESC" and event.value == "PRESS":
            running.cancel()
        if event.type == "TIMER" or running.is_cancelled:
            ended = self._step(running, 0.0)
            context.window_manager.progress_update(len(running.finished))
            redraw()
            if ended:
                return self._end(context)
        return {"PASS_THROUGH"}

    def cancel(self, context: bpy.types.Context) -> None:
        """Another file is being opened."""
        self._end(context)

    def execute(self, context: bpy.types.Context) -> Result:
        running = self._start(context)
        if running is None:
            return {"CANCELLED"}
        try:
            while not self._step(running, PATIENCE):
                pass
        finally:
            result = self._end(context)
        return result

    def _start(self, context: bpy.types.Context) -> bake.Bake | None:
        material = self.find(context)
        if material is None:
            return None
        try:
            self._bake = bake.start(material)
        except (BakeError, GrowthError) as error:
            self.report({"ERROR"}, str(error))
            return None
        self._failed = False
        return self._bake

    def _step(self, running: bake.Bake, patience: float) -> bool:
        """Go on; whether the bake has ended, in whichever way."""
        from ...engine.client import EngineError

        if not running.is_cancelled and _find(running.uid) is None:
            self.report({"WARNING"}, f"{running.name} is gone: its bake has stopped. {_kept(running)}")
            running.cancel()
        if running.is_cancelled or running.done:
            return True
        try:
            running.step(patience)
        except EngineError as error:
            self._failed = True
            self.report({"ERROR"}, f"{error} {_kept(running)}")
            return True
        return running.done

    def _end(self, context: bpy.types.Context) -> Result:
        running, self._bake = self._bake, None
        if self._timer is not None:
            context.window_manager.event_timer_remove(self._timer)
            context.window_manager.progress_end()
            self._timer = None
        if running is None:
            return {"CANCELLED"}
        running.close()
        material = _find(running.uid)
        if running.done and not running.is_cancelled and material is not None:
            try:
                shown.show_baked(material, running)
            except RuntimeError as error:  # somebody has taken the files away meanwhile
                reason = " ".join(str(error).split()).removeprefix("Error: ")
                self.report({"ERROR"}, f"The baked images cannot be opened: bake again. ({reason})")
                return {"CANCELLED"}
            self.report({"INFO"}, f"Baked {running.total} frames into {running.folder}")
            return {"FINISHED"}
        if not self._failed and material is not None:
            self.report({"INFO"}, f"Bake stopped. {_kept(running)}")
        return {"CANCELLED"}


class NCA_OT_stop_bake(OnGrowth, bpy.types.Operator):
    """Stop the bake. What is finished stays, and the next bake goes on from there"""

    bl_idname = "nca.stop_bake"
    bl_label = "Stop Bake"

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        running = bake.running(material)
        if running is None:
            return {"CANCELLED"}
        running.cancel()
        return {"FINISHED"}


class NCA_OT_free_bake(OnGrowth, bpy.types.Operator):
    """Show the live growth again. The baked files stay on the disk"""

    bl_idname = "nca.free_bake"
    bl_label = "Free Bake"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        if not nca_of(material).baked:
            self.report({"INFO"}, f"{material.name} is not baked.")
            return {"CANCELLED"}
        shown.free(material)
        return {"FINISHED"}


def _find(uid: int) -> bpy.types.Material | None:
    return next((m for m in bpy.data.materials if m.session_uid == uid and nca_of(m).growing), None)


def _kept(running: bake.Bake) -> str:
    return f"{len(running.finished)} of {running.total} frames are finished and kept in {running.folder}."


classes = (NCA_OT_bake, NCA_OT_stop_bake, NCA_OT_free_bake)
