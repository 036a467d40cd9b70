# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: take a preset, keep a growth as one, and remove one."""

from __future__ import annotations

from pathlib import Path

import bpy
from bpy.props import StringProperty

from ..host.stubs import Result
from ..host.text import fill
from ..material.properties import nca_of
from ..material.status import is_open
from ..material.target import OnGrowth, OnMaterial, material_of
from . import files
from .preset import PresetError, apply, describe


class NCA_OT_apply_preset(OnMaterial, bpy.types.Operator):
    """Set the growth to this preset; a material that does not grow begins to"""

    bl_idname = "nca.apply_preset"
    bl_label = "Apply Growth Preset"
    bl_options = {"REGISTER", "UNDO"}

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> Result:
        try:
            preset = files.read(Path(self.filepath))
        except PresetError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        material = self.find(context) if self.material else None
        if not self.material and not _grows(context) and bpy.ops.nca.new() != {"FINISHED"}:
            return {"CANCELLED"}
        material = material or self.find(context)
        if material is None:
            return {"CANCELLED"}
        if not nca_of(material).growing or not is_open(material):
            self.report({"ERROR"}, f"{material.name} does not grow live now: press New Growth, or Free Bake.")
            return {"CANCELLED"}
        unknown = apply(nca_of(material), preset)
        if unknown:
            self.report({"WARNING"}, f"This version does not know all of the preset: {', '.join(unknown)}.")
        return {"FINISHED"}


class NCA_OT_keep_preset(OnGrowth, bpy.types.Operator):
    """Keep this growth as a preset, for other materials and files"""

    bl_idname = "nca.keep_preset"
    bl_label = "Add Growth Preset"

    name: StringProperty(
        name="Name", description="Of the preset; one of that name is replaced", options={"SKIP_SAVE"}
    )

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        try:
            path = files.write(self.name, describe(nca_of(material)))
        except PresetError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.report({"INFO"}, fill("Kept as {name}.", name=path.stem))
        return {"FINISHED"}


class NCA_OT_remove_preset(bpy.types.Operator):
    """Remove this preset; growths that were set to it stay as they are"""

    bl_idname = "nca.remove_preset"
    bl_label = "Remove Growth Preset"

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> Result:
        path = Path(self.filepath)
        if not any(one.is_own and one.path == path for one in files.listed()):
            self.report({"ERROR"}, "Only presets of your own can be removed.")
            return {"CANCELLED"}
        try:
            path.unlink()
        except OSError as error:
            self.report({"ERROR"}, f"{path.name} could not be removed: {error}.")
            return {"CANCELLED"}
        return {"FINISHED"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        return context.window_manager.invoke_confirm(self, event)


def _grows(context: bpy.types.Context) -> bool:
    material = material_of(context)
    return material is not None and nca_of(material).growing


classes = (NCA_OT_apply_preset, NCA_OT_keep_preset, NCA_OT_remove_preset)
