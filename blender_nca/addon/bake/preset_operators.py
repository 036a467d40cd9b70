# SPDX-License-Identifier: GPL-3.0-or-later
"""Preset operators: choose a bake preset, edit its textures, keep it, and share it as a file."""

from __future__ import annotations

from pathlib import Path

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from ..host.stubs import Result
from ..host.text import fill
from ..material.target import OnGrowth
from . import chosen_preset
from .preset_files import all_presets, keep, own_presets
from .properties import baking_of

SUFFIX = ".json"
DIALOG = 260
"""Width of a question, in pixels at scale 1."""

_listed: list[tuple[str, str, str, int]] = []


class NCA_OT_choose_bake_preset(OnGrowth, bpy.types.Operator):
    """Bake the growth for this program: its textures, their names, and a material of them"""

    bl_idname = "nca.choose_bake_preset"
    bl_label = "Choose Bake Preset"
    bl_options = {"REGISTER", "UNDO"}

    preset: StringProperty(name="Preset", description="Name of the preset", options={"SKIP_SAVE"})

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        known = all_presets().get(properties["preset"]) if "preset" in properties else None
        return fill(known.description if known is not None and known.description else str(cls.__doc__))

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        preset = all_presets().get(self.preset)
        if preset is None:
            self.report(
                {"ERROR"},
                f"There is no bake preset {self.preset!r}: choose one of {', '.join(all_presets())}.",
            )
            return {"CANCELLED"}
        chosen_preset.take(baking_of(material), preset)
        return {"FINISHED"}


class NCA_OT_keep_bake_preset(OnGrowth, bpy.types.Operator):
    """Keep these textures and names as a preset of your own, for other materials and files"""

    bl_idname = "nca.keep_bake_preset"
    bl_label = "Add Bake Preset"

    name: StringProperty(
        name="Name",
        description="Of the preset; one of yours that has that name is replaced",
        options={"SKIP_SAVE"},
    )

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        from ...maps.bake_preset import BLENDER, bundled

        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        self.material = material.name
        name = baking_of(material).bake_preset or BLENDER
        self.name = f"My {name}" if name in bundled() else name
        return context.window_manager.invoke_props_dialog(self, width=DIALOG)

    def draw(self, context: bpy.types.Context) -> None:
        self.layout.prop(self, "name")

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from ...maps.bake_preset import PresetFileError
        from ...maps.texture import TextureError

        nca = baking_of(material)
        try:
            preset = chosen_preset.chosen(nca).changed(name=self.name.strip()[:60], description="")
            keep(preset)
        except (PresetFileError, TextureError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        chosen_preset.take(nca, preset)
        self.report({"INFO"}, fill("Kept as {name}.", name=preset.name))
        return {"FINISHED"}


class NCA_OT_remove_bake_preset(bpy.types.Operator):
    """Remove this preset of your own; materials that were set to it stay as they are"""

    bl_idname = "nca.remove_bake_preset"
    bl_label = "Remove Bake Preset"

    preset: StringProperty(name="Preset", description="Name of the preset", options={"SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        return context.window_manager.invoke_confirm(self, event)

    def execute(self, context: bpy.types.Context) -> Result:
        found = own_presets().get(self.preset)
        if found is None:
            self.report({"ERROR"}, "Only bake presets of your own can be removed.")
            return {"CANCELLED"}
        try:
            found[1].unlink()
        except OSError as error:
            self.report({"ERROR"}, f"{found[1]} could not be removed: {error.strerror or error}.")
            return {"CANCELLED"}
        return {"FINISHED"}


class OfPresetFile(OnGrowth):
    """For operators that ask for a preset's file."""

    filepath: StringProperty(
        name="File", description="Of the preset", subtype="FILE_PATH", options={"SKIP_SAVE"}
    )
    filter_glob: StringProperty(default=f"*{SUFFIX}", options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        from ...maps.bake_preset import BLENDER

        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        self.material = material.name  # another one may be active when the file is chosen
        name = bpy.path.clean_name(baking_of(material).bake_preset or BLENDER)
        self.filepath = self.filepath or f"{name}{SUFFIX}"
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}


class NCA_OT_export_bake_preset(OfPresetFile, bpy.types.Operator):
    """Write this material's bake preset to a file, for others"""

    bl_idname = "nca.export_bake_preset"
    bl_label = "Export Bake Preset"

    check_existing: BoolProperty(default=True, options={"HIDDEN"})

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from ...maps.bake_preset import write_preset
        from ...maps.texture import TextureError

        path = Path(bpy.path.abspath(bpy.path.ensure_ext(self.filepath, SUFFIX)))
        try:
            write_preset(path, chosen_preset.chosen(baking_of(material)))
        except TextureError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        except OSError as error:
            self.report({"ERROR"}, f"{path} cannot be written ({error.strerror or error}): choose another.")
            return {"CANCELLED"}
        self.report({"INFO"}, fill("Written to {path}", path=path))
        return {"FINISHED"}


class NCA_OT_import_bake_preset(OfPresetFile, bpy.types.Operator):
    """Take a bake preset from a file, and keep it among your own"""

    bl_idname = "nca.import_bake_preset"
    bl_label = "Import Bake Preset"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from ...maps.bake_preset import PresetFileError, bundled, read_preset

        path = Path(bpy.path.abspath(self.filepath))
        try:
            preset = read_preset(path)
            if preset.name in bundled():
                preset = preset.changed(name=f"My {preset.name}")
            keep(preset)
        except PresetFileError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        except OSError as error:
            self.report({"ERROR"}, f"{path} cannot be read ({error.strerror or error}): choose another file.")
            return {"CANCELLED"}
        chosen_preset.take(baking_of(material), preset)
        self.report({"INFO"}, fill("Kept as {name}.", name=preset.name))
        return {"FINISHED"}


class NCA_OT_add_texture(OnGrowth, bpy.types.Operator):
    """Add a texture to the material's preset"""

    bl_idname = "nca.add_texture"
    bl_label = "Add Texture"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from ...maps.bake_preset import BLENDER

        nca = baking_of(material)
        if nca.bake_preset in ("", BLENDER):
            self.report({"ERROR"}, "The material shows the files of the preset Blender: choose another one.")
            return {"CANCELLED"}
        names = {row.name for row in nca.bake_textures}
        row = nca.bake_textures.add()
        row.name = next(name for n in range(len(names) + 1) if (name := f"texture_{n + 1}") not in names)
        nca.bake_texture_index = len(nca.bake_textures) - 1
        return {"FINISHED"}


class NCA_OT_remove_texture(OnGrowth, bpy.types.Operator):
    """Take the chosen texture out of the material's preset"""

    bl_idname = "nca.remove_texture"
    bl_label = "Remove Texture"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        nca = baking_of(material)
        if not 0 <= nca.bake_texture_index < len(nca.bake_textures):
            self.report({"ERROR"}, "No texture is chosen.")
            return {"CANCELLED"}
        nca.bake_textures.remove(nca.bake_texture_index)
        nca.bake_texture_index = max(0, min(nca.bake_texture_index, len(nca.bake_textures) - 1))
        return {"FINISHED"}


def _list_presets(self: object, context: bpy.types.Context | None) -> list[tuple[str, str, str, int]]:
    # Blender keeps no reference to the strings
    _listed[:] = [
        (preset.name, preset.name, preset.description, 1 << place)
        for place, preset in enumerate(list(all_presets().values())[:31])
    ]
    return _listed


class NCA_OT_bake_several(OnGrowth, bpy.types.Operator):
    """Bake for several programs at once: the growth is grown once, and each preset has a folder of its own"""

    bl_idname = "nca.bake_several"
    bl_label = "Bake Several"
    bl_options = {"REGISTER", "UNDO"}

    presets: EnumProperty(
        name="Presets",
        description="For which programs",
        items=_list_presets,
        options={"ENUM_FLAG", "SKIP_SAVE"},
    )

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        self.material = material.name
        return context.window_manager.invoke_props_dialog(self, width=DIALOG, confirm_text="Bake")

    def draw(self, context: bpy.types.Context) -> None:
        self.layout.column(align=True).prop(self, "presets")

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        names = [name for name in all_presets() if name in self.presets]
        if not names:
            self.report({"ERROR"}, "Choose at least one preset.")
            return {"CANCELLED"}
        how = "EXEC_DEFAULT" if bpy.app.background else "INVOKE_DEFAULT"
        try:
            return bpy.ops.nca.bake(how, material=material.name, presets="\n".join(names))
        except RuntimeError as error:  # what it has reported
            self.report({"ERROR"}, " ".join(str(error).split()).removeprefix("Error: "))
            return {"CANCELLED"}


classes = (
    NCA_OT_choose_bake_preset,
    NCA_OT_keep_bake_preset,
    NCA_OT_remove_bake_preset,
    NCA_OT_export_bake_preset,
    NCA_OT_import_bake_preset,
    NCA_OT_add_texture,
    NCA_OT_remove_texture,
    NCA_OT_bake_several,
)
