# SPDX-License-Identifier: GPL-3.0-or-later
"""Engine: test it, start it again, and edit the list of model folders."""

from __future__ import annotations

import bpy
from bpy.props import IntProperty

from .. import engine, library, playback, preferences


class NCA_OT_self_test(bpy.types.Operator):
    """Start the engine, if need be, and see what it runs on and how fast it grows"""

    bl_idname = "nca.self_test"
    bl_label = "Test"

    _timer = None
    _thread = None

    def invoke(self, context, event):
        self._thread = engine.start_self_test()
        self._timer = context.window_manager.event_timer_add(0.2, window=context.window)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context, event):
        if event.type != "TIMER" or self._thread.is_alive():
            return {"PASS_THROUGH"}
        context.window_manager.event_timer_remove(self._timer)
        playback.redraw()
        return self._tell()

    def execute(self, context):
        engine.start_self_test().join()
        return self._tell()

    def _tell(self):
        report = engine.self_test_report
        if "error" in report:
            self.report({"ERROR"}, report["error"])
            return {"CANCELLED"}
        self.report({"INFO"}, f"The engine works: {report['device']}")
        return {"FINISHED"}


class NCA_OT_restart_engine(bpy.types.Operator):
    """End the engine and start it again"""

    bl_idname = "nca.restart_engine"
    bl_label = "Start Again"

    def execute(self, context):
        playback.forget()
        engine.stop()
        engine.start_again()
        playback.refresh_all()
        return {"FINISHED"}


class NCA_OT_add_model_folder(bpy.types.Operator):
    """Look for models and species in one more folder"""

    bl_idname = "nca.add_model_folder"
    bl_label = "Add Folder"
    bl_options = {"INTERNAL"}

    def execute(self, context):
        preferences.current().model_folders.add()
        return {"FINISHED"}


class NCA_OT_remove_model_folder(bpy.types.Operator):
    """Do not look for models in this folder"""

    bl_idname = "nca.remove_model_folder"
    bl_label = "Remove Folder"
    bl_options = {"INTERNAL"}

    index: IntProperty(options={"HIDDEN"})

    def execute(self, context):
        preferences.current().model_folders.remove(self.index)
        library.forget()
        playback.forget()
        playback.refresh_all()
        return {"FINISHED"}


classes = (NCA_OT_self_test, NCA_OT_restart_engine, NCA_OT_add_model_folder, NCA_OT_remove_model_folder)
