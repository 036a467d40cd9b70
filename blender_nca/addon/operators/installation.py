# SPDX-License-Identifier: GPL-3.0-or-later
"""Installation: get a PyTorch for the engine, give that up, take it away again."""

from __future__ import annotations

import bpy

from .. import installation


class NCA_OT_install_torch(bpy.types.Operator):
    """Download PyTorch into Neural Growth's own folder, for growths many times faster. Nothing else is changed"""

    bl_idname = "nca.install_torch"
    bl_label = "Install PyTorch"

    @classmethod
    def poll(cls, context):
        problem = installation.why_not()
        if not problem and installation.busy():
            problem = "It is being installed or removed."
        if not problem and installation.current().installed:
            problem = "It is installed."
        if problem:
            cls.poll_message_set(problem)
        return not problem

    def invoke(self, context, event):
        gain_and_cost = installation.recipe().offer.partition(". ")[0]  # the rest is in the preferences
        return context.window_manager.invoke_confirm(
            self, event, title="Install PyTorch?", message=gain_and_cost, confirm_text="Install"
        )

    def execute(self, context):
        installation.install()
        return _tell(self)


class NCA_OT_cancel_torch(bpy.types.Operator):
    """Stop installing and remove what has come so far"""

    bl_idname = "nca.cancel_torch"
    bl_label = "Cancel"

    @classmethod
    def poll(cls, context):
        return installation.busy() and installation.current().can_cancel

    def execute(self, context):
        installation.cancel()
        return {"FINISHED"}


class NCA_OT_remove_torch(bpy.types.Operator):
    """Remove Neural Growth's own PyTorch from the disk"""

    bl_idname = "nca.remove_torch"
    bl_label = "Remove"

    @classmethod
    def poll(cls, context):
        there = installation.current()
        if there is None or there.busy or not (there.installed or there.leftovers):
            return False
        problem = installation.why_not_now()
        if problem:
            cls.poll_message_set(problem)
        return not problem

    def invoke(self, context, event):
        message = "The engine then uses another Python with torch, or numpy, which is slower."
        return context.window_manager.invoke_confirm(
            self, event, title="Remove PyTorch?", message=message, confirm_text="Remove"
        )

    def execute(self, context):
        installation.remove()
        return _tell(self)


def _tell(operator) -> set[str]:
    """Without a window it has been waited for; with one the preferences tell."""
    there = installation.current()
    if there.message and not there.busy:
        operator.report({"ERROR"}, there.message)
        return {"CANCELLED"}
    return {"FINISHED"}


classes = (NCA_OT_install_torch, NCA_OT_cancel_torch, NCA_OT_remove_torch)
