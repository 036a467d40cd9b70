# SPDX-License-Identifier: GPL-3.0-or-later
"""Files: species that come from somebody else or are given away, as files and as text in the clipboard."""

from __future__ import annotations

from pathlib import Path

import bpy
from bpy.props import CollectionProperty, StringProperty

from ...genetics.learned import LEARNED_SUFFIX
from ...genetics.species import Species, SpeciesError, pack_species
from ..host.stubs import Result
from ..host.text import fill
from ..host.window import redraw_panels
from ..library import own
from .operators import OnListed, refuse, tell_missing

FILTER = f"*.json;*{LEARNED_SUFFIX}"


class NCA_OT_import_species(bpy.types.Operator):
    """Take over species that were exported, also learned ones, as species of your own"""

    bl_idname = "nca.import_species"
    bl_label = "Import Species"

    filepath: StringProperty(
        name="File", description="Of one species", subtype="FILE_PATH", options={"SKIP_SAVE"}
    )
    directory: StringProperty(
        name="Folder", description="Of several species", subtype="DIR_PATH", options={"SKIP_SAVE", "HIDDEN"}
    )
    files: CollectionProperty(
        name="Files",
        description="Names of several, in the folder",
        type=bpy.types.OperatorFileListElement,
        options={"SKIP_SAVE", "HIDDEN"},
    )
    filter_glob: StringProperty(default=FILTER, options={"HIDDEN"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> Result:
        named = [Path(self.directory) / one.name for one in self.files if one.name]
        paths = named or ([Path(bpy.path.abspath(self.filepath))] if self.filepath else [])
        taken: list[Species] = []
        problems = [] if paths else ["No file is named: choose one."]
        for path in paths:
            try:
                taken.append(own.read_file(path))
            except SpeciesError as error:
                problems.append(str(error))
        for one in taken:
            _welcome(self, one)
        for problem in problems:  # one bad file among good ones keeps none of them out
            self.report({"ERROR"} if not taken else {"WARNING"}, problem)
        if not taken:
            return {"CANCELLED"}
        self.report({"INFO"}, fill("Yours now: {names}.", names=", ".join(one.name for one in taken)))
        return {"FINISHED"}


class NCA_OT_export_species(OnListed, bpy.types.Operator):
    """Write a species to a file that can be given away: one small file, with its picture in it"""

    bl_idname = "nca.export_species"
    bl_label = "Export Species"

    filepath: StringProperty(
        name="File",
        description="Of a species that learned from a picture and ends with .safetensors, what it learned is in it",
        subtype="FILE_PATH",
        options={"SKIP_SAVE"},
    )
    filter_glob: StringProperty(default=FILTER, options={"HIDDEN"})
    check_existing: bpy.props.BoolProperty(default=True, options={"HIDDEN", "SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        one = self.find(context)
        if one is None:
            return {"CANCELLED"}
        self.manifold, self.species = one.manifold, one.name
        self.filepath = bpy.path.clean_name(one.name) + _suffix(one)
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def act(self, context: bpy.types.Context, one: Species) -> Result:
        path = Path(bpy.path.abspath(self.filepath))
        if not self.filepath or path.is_dir():
            raise SpeciesError("Name a file for the species.")
        if path.suffix not in {".json", LEARNED_SUFFIX}:
            path = path.with_name(path.name + _suffix(one))
        own.write_file(one, path)
        self.report({"INFO"}, fill("“{name}” is written to {path}.", name=one.name, path=path))
        return {"FINISHED"}


class NCA_OT_copy_species(OnListed, bpy.types.Operator):
    """Copy a species to the clipboard as a text that can be sent, and pasted in another Blender"""

    bl_idname = "nca.copy_species"
    bl_label = "Copy Species"

    def act(self, context: bpy.types.Context, one: Species) -> Result:
        context.window_manager.clipboard = pack_species(one).decode("utf-8")
        self.report({"INFO"}, fill("“{name}” is in the clipboard.", name=one.name))
        return {"FINISHED"}


class NCA_OT_paste_species(bpy.types.Operator):
    """Take over the species in the clipboard as one of your own"""

    bl_idname = "nca.paste_species"
    bl_label = "Paste Species"

    def execute(self, context: bpy.types.Context) -> Result:
        text = context.window_manager.clipboard
        try:
            if not text.strip():
                raise SpeciesError("The clipboard is empty: copy a species first.")
            one = own.read_text(text.encode("utf-8", "replace"), "The clipboard")
        except SpeciesError as error:
            return refuse(self, error)
        _welcome(self, one)
        self.report({"INFO"}, fill("Yours now: {names}.", names=one.name))
        return {"FINISHED"}


def _welcome(operator: bpy.types.Operator, one: Species) -> None:
    """A species has come: draw its picture, and say what it lacks here."""
    from . import portraits

    tell_missing(operator, one)
    if one.picture is None:
        portraits.want(one)
    redraw_panels()


def _suffix(one: Species) -> str:
    return LEARNED_SUFFIX if len(one.learned) == 1 else ".json"


classes = (NCA_OT_import_species, NCA_OT_export_species, NCA_OT_copy_species, NCA_OT_paste_species)
