# SPDX-License-Identifier: GPL-3.0-or-later
"""All growing: every growing material of the file is baked, one after the other, each as its own settings say."""

from __future__ import annotations

import bpy
from bpy.props import EnumProperty

from ..host.stubs import Result
from ..host.text import fill, write
from ..material.properties import nca_of
from ..material.status import why_not_editable
from ..material.target import OnGrowth
from .destination import is_beside_the_file
from .preset_files import all_presets
from .properties import baking_of

OWN = "OWN"
DIALOG = 400
"""Width of the question, in pixels at scale 1."""
_MOST_LISTED = 24

_listed: list[tuple[str, str, str, str, int]] = []


def growing() -> list[bpy.types.Material]:
    """The growing materials of the file."""
    return [material for material in bpy.data.materials if nca_of(material).growing]


def why_not(material: bpy.types.Material) -> str:
    """Why a material is left out; empty where it is baked."""
    if not bpy.data.filepath and is_beside_the_file(baking_of(material).bake_folder):
        return (
            f"{material.name} has no folder, and this file is not saved: save it, or choose a folder in Bake."
        )
    return why_not_editable(material)


def _list_presets(self: object, context: bpy.types.Context | None) -> list[tuple[str, str, str, str, int]]:
    # Blender keeps no reference to what such a function gives
    _listed[:] = [(OWN, "Each Its Own", "As each material's Bake panel says", "MATERIAL", 0)]
    for number, (name, preset) in enumerate(all_presets().items(), 1):
        _listed.append((name, name, preset.description, "NONE", number))
    return _listed


class NCA_OT_bake_all(OnGrowth, bpy.types.Operator):
    """Bake every growing material of this file, one after the other, each with its own frames, layout and folder"""

    bl_idname = "nca.bake_all"
    bl_label = "All Growing Materials"
    bl_options = {"REGISTER", "UNDO"}

    preset: EnumProperty(
        name="Preset",
        description="For which program",
        items=_list_presets,
        options={"SKIP_SAVE"},
    )

    _is_asked = False

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        self._is_asked = True
        return context.window_manager.invoke_props_dialog(
            self, width=DIALOG, title="Bake All Growing Materials", confirm_text="Bake"
        )

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        if layout is None:
            return
        layout.prop(self, "preset")
        column = layout.column(align=True)
        found = growing()
        for material in found[:_MOST_LISTED]:
            problem = why_not(material)
            if problem:
                write(column, context, problem, "ERROR", pixels=DIALOG)
                continue
            nca = baking_of(material)
            split = column.split(factor=0.5)
            split.label(text=material.name, translate=False, icon="MATERIAL")
            says = nca.bake_preset or "Blender" if self.preset == OWN else self.preset
            layout_name = nca.bl_rna.properties["bake_layout"].enum_items[nca.bake_layout].name
            split.label(text=f"{says}, {layout_name}")
        if len(found) > _MOST_LISTED:
            column.label(text=fill("and {count} more", count=len(found) - _MOST_LISTED), icon="BLANK1")

    def execute(self, context: bpy.types.Context) -> Result:
        found, problems = growing(), []
        names = [material.name for material in found if not why_not(material)]
        for problem in filter(None, map(why_not, found)):
            self.report({"WARNING"}, problem)
        presets = "" if self.preset == OWN else self.preset
        if not names:
            self.report({"ERROR"}, "No growing material of this file can be baked.")
            return {"CANCELLED"}
        if self._is_asked:  # while Blender goes on
            first, *rest = names
            return bpy.ops.nca.bake(
                "INVOKE_DEFAULT", material=first, presets=presets, following="\n".join(rest)
            )
        for name in names:
            try:
                bpy.ops.nca.bake(material=name, presets=presets)
            except RuntimeError as error:  # what it has reported
                problems.append(" ".join(str(error).split()).removeprefix("Error: "))
        if problems:
            self.report({"ERROR"}, "\n".join(problems))
            return {"CANCELLED"}
        return {"FINISHED"}


classes = (NCA_OT_bake_all,)
