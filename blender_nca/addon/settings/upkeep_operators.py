# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators for what gathers on the disk and what went wrong: the cache, the log, a report for whoever helps."""

from __future__ import annotations

import bpy

from ...engine.limits import GIB
from ..host.log import NAME
from ..host.stubs import Result
from ..host.text import fill
from . import cache, preferences


class NCA_OT_clear_cache(bpy.types.Operator):
    """Remove the states of growths that are kept on the disk. Nothing is lost: they are grown again"""

    bl_idname = "nca.clear_cache"
    bl_label = "Clear Cache"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if cache.size():
            return True
        cls.poll_message_set("The cache is empty.")
        return False

    def execute(self, context: bpy.types.Context) -> Result:
        from ...engine.cache_folder import clear

        folder = preferences.cache_folder()
        gone = clear(folder) if folder else 0
        cache.look_again()
        self.report({"INFO"}, fill("Removed {size} GiB.", size=f"{gone / GIB:.2f}"))
        return {"FINISHED"}


class NCA_OT_open_log(bpy.types.Operator):
    """Open the log in the program that this system opens such files with"""

    bl_idname = "nca.open_log"
    bl_label = "Open Log"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        folder = preferences.log_folder()
        if folder is not None and (folder / NAME).is_file():
            return True
        cls.poll_message_set("Nothing has been written yet.")
        return False

    def execute(self, context: bpy.types.Context) -> Result:
        folder = preferences.log_folder()
        if folder is None:
            return {"CANCELLED"}
        bpy.ops.wm.path_open(filepath=str(folder / NAME))
        return {"FINISHED"}


class NCA_OT_report_problem(bpy.types.Operator):
    """Copy what a helper needs: versions, devices, self-test and end of the log, without your name and folders"""

    bl_idname = "nca.report_problem"
    bl_label = "Report a Problem"

    def execute(self, context: bpy.types.Context) -> Result:
        from .problem_report import compose  # late: it asks the system for much

        text = compose()
        context.window_manager.clipboard = text
        said = fill(
            "Copied {count} lines: versions, devices, the last self-test and the end of the log, without your name and "
            "folders. Names of materials may be in it: look it over, and paste it into a message.",
            count=text.count("\n") + 1,
        )
        self.report({"INFO"}, said)
        return {"FINISHED"}


classes = (NCA_OT_clear_cache, NCA_OT_open_log, NCA_OT_report_problem)
