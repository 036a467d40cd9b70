# SPDX-License-Identifier: GPL-3.0-or-later
"""DNA: copy it, and go back to the species' own."""

from __future__ import annotations

import bpy
from bpy.props import EnumProperty

from .. import library
from .target import OnGrowth

PARENT = {
    "name": "Species",
    "items": (("A", "A", "The first species"), ("B", "B", "The second species")),
    "options": {"HIDDEN"},
}


class NCA_OT_copy_dna(OnGrowth, bpy.types.Operator):
    """Copy these letters to the clipboard"""

    bl_idname = "nca.copy_dna"
    bl_label = "Copy DNA"

    parent: EnumProperty(**PARENT)

    def execute(self, context):
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        context.window_manager.clipboard = getattr(material.nca, self.parent.lower()).text
        return {"FINISHED"}


class NCA_OT_restore_dna(OnGrowth, bpy.types.Operator):
    """Take the DNA of the species as the library has it"""

    bl_idname = "nca.restore_dna"
    bl_label = "Restore DNA"
    bl_options = {"REGISTER", "UNDO"}

    parent: EnumProperty(**PARENT)

    def execute(self, context):
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        parent = getattr(material.nca, self.parent.lower())
        one = library.species().find(parent.manifold, parent.species)
        parent.draft = parent.draft_problem = ""
        if one is None:
            self.report(
                {"WARNING"},
                f"{parent.species} is not in the library on this machine: its DNA stays as it is.",
            )
            return {"FINISHED"}
        parent.choose(one)
        return {"FINISHED"}


class NCA_OT_reload_library(bpy.types.Operator):
    """Read the models and species again, after files were put into their folders"""

    bl_idname = "nca.reload_library"
    bl_label = "Reload Species"

    def execute(self, context):
        from .. import playback

        library.forget()
        playback.forget()
        playback.refresh_all()
        self.report({"INFO"}, f"Read {len(library.species().species)} species.")
        return {"FINISHED"}


classes = (NCA_OT_copy_dna, NCA_OT_restore_dna, NCA_OT_reload_library)
