# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators of the preferences: a PyTorch for the engine, the engine itself, the folders of models."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
from bpy.props import IntProperty

from .. import engine
from ..host.hook import Hook
from ..host.stubs import Result
from ..host.text import fill
from ..host.window import redraw
from . import device_table, installation, preferences

trials = Hook()
"""Asked as the self-test begins for what is tried in Blender itself: iterators of which each step is short, or None."""
_DONE = object()


def _begin_trials() -> list[Iterator[None]]:
    return [each for each in trials() if each is not None]


class NCA_OT_install_torch(bpy.types.Operator):
    """Download PyTorch into Neural Growth's own folder, for growths many times faster. Nothing else is changed"""

    bl_idname = "nca.install_torch"
    bl_label = "Install PyTorch"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        problem = installation.why_not()
        if not problem and installation.busy():
            problem = "It is being installed or removed."
        private = installation.current()
        if not problem and private is not None and private.installed:
            problem = "It is installed."
        if problem:
            cls.poll_message_set(problem)
        return not problem

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        gain_and_cost = installation.recipe().offer.partition(". ")[0]  # the rest is in the preferences
        return context.window_manager.invoke_confirm(
            self, event, title="Install PyTorch?", message=gain_and_cost, confirm_text="Install"
        )

    def execute(self, context: bpy.types.Context) -> Result:
        installation.install()
        return _tell(self)


class NCA_OT_cancel_torch(bpy.types.Operator):
    """Stop installing and remove what has come so far"""

    bl_idname = "nca.cancel_torch"
    bl_label = "Cancel"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        private = installation.current() if installation.busy() else None
        return private is not None and private.can_cancel

    def execute(self, context: bpy.types.Context) -> Result:
        installation.cancel()
        return {"FINISHED"}


class NCA_OT_remove_torch(bpy.types.Operator):
    """Remove Neural Growth's own PyTorch from the disk"""

    bl_idname = "nca.remove_torch"
    bl_label = "Remove"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        there = installation.current()
        if there is None or there.busy or not (there.installed or there.leftovers):
            return False
        problem = installation.why_not_now()
        if problem:
            cls.poll_message_set(problem)
        return not problem

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        message = "The engine then uses another Python with torch, or numpy, which is slower."
        return context.window_manager.invoke_confirm(
            self, event, title="Remove PyTorch?", message=message, confirm_text="Remove"
        )

    def execute(self, context: bpy.types.Context) -> Result:
        installation.remove()
        return _tell(self)


def _tell(operator: bpy.types.Operator) -> Result:
    """Without a window it has been waited for; with one the preferences tell."""
    there = installation.current()
    if there is not None and there.message and not there.busy:
        operator.report({"ERROR"}, there.message)
        return {"CANCELLED"}
    return {"FINISHED"}


class NCA_OT_self_test(bpy.types.Operator):
    """Grow on every device, compare with the reference, and time it. Automatic takes the fastest that is right"""

    bl_idname = "nca.self_test"
    bl_label = "Self Test"

    _timer = None
    _thread = None
    _trials: list[Iterator[None]] = []  # each test has its own
    _rows = 0

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        preferences.push()
        self._thread = engine.start_self_test()
        self._trials = _begin_trials()
        self._timer = context.window_manager.event_timer_add(0.02, window=context.window)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        self._trials = [each for each in self._trials if next(each, _DONE) is not _DONE]
        if len(engine.self_test_rows) != self._rows:
            self._rows = len(engine.self_test_rows)
            redraw(frozenset({"PREFERENCES"}))
        if self._trials or (self._thread is not None and self._thread.is_alive()):
            return {"PASS_THROUGH"}
        if self._timer is not None:
            context.window_manager.event_timer_remove(self._timer)
        redraw()
        return self._tell()

    def execute(self, context: bpy.types.Context) -> Result:
        preferences.push()
        thread = engine.start_self_test()
        begun = _begin_trials()
        thread.join()
        for trial in begun:
            for _ in trial:
                pass
        return self._tell()

    def _tell(self) -> Result:
        report = engine.self_test_report
        if report is None:
            return {"CANCELLED"}
        if "error" in report:
            self.report({"ERROR"}, report["error"])
            return {"CANCELLED"}
        preferences.keep_tried(engine.self_test_rows)
        tried = device_table.rows()
        wrong = [one.name for one in tried if not one.right]
        if wrong:
            self.report(
                {"WARNING"}, fill("Not used, since they do not grow right: {names}", names=", ".join(wrong))
            )
        else:
            self.report({"INFO"}, fill("All {count} devices grow right.", count=len(tried)))
        return {"FINISHED"}


class NCA_OT_restart_engine(bpy.types.Operator):
    """End the engine and start it again"""

    bl_idname = "nca.restart_engine"
    bl_label = "Start Again"

    def execute(self, context: bpy.types.Context) -> Result:
        preferences.push()
        engine.restart()
        return {"FINISHED"}


class NCA_OT_add_model_folder(bpy.types.Operator):
    """Look for models and species in one more folder"""

    bl_idname = "nca.add_model_folder"
    bl_label = "Add Folder"
    bl_options = {"INTERNAL"}

    def execute(self, context: bpy.types.Context) -> Result:
        own = preferences.current()
        if own is None:
            return {"CANCELLED"}
        own.model_folders.add()
        return {"FINISHED"}


class NCA_OT_remove_model_folder(bpy.types.Operator):
    """Do not look for models in this folder"""

    bl_idname = "nca.remove_model_folder"
    bl_label = "Remove Folder"
    bl_options = {"INTERNAL"}

    index: IntProperty(options={"HIDDEN"})

    def execute(self, context: bpy.types.Context) -> Result:
        own = preferences.current()
        if own is None:
            return {"CANCELLED"}
        own.model_folders.remove(self.index)
        preferences.tell_change()
        return {"FINISHED"}


classes = (
    NCA_OT_install_torch,
    NCA_OT_cancel_torch,
    NCA_OT_remove_torch,
    NCA_OT_self_test,
    NCA_OT_restart_engine,
    NCA_OT_add_model_folder,
    NCA_OT_remove_model_folder,
)
