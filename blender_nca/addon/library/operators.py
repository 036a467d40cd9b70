# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators of the library."""

from __future__ import annotations

import bpy

from ..host.stubs import Result
from ..host.text import fill
from . import catalogue


class NCA_OT_reload_library(bpy.types.Operator):
    """Read the models and species again, after files were put into their folders"""

    bl_idname = "nca.reload_library"
    bl_label = "Reload Species"

    def execute(self, context: bpy.types.Context) -> Result:
        catalogue.reload()
        self.report({"INFO"}, fill("Read {count} species.", count=len(catalogue.species().species)))
        return {"FINISHED"}


classes = (NCA_OT_reload_library,)
