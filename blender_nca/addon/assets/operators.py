# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: make an asset library of the species, and grow one of it."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from pathlib import Path

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from ...genetics.species import Species, SpeciesError
from ..host.stubs import Result
from ..host.text import fill
from ..library import catalogue, choices, own, shelf
from ..material import events
from ..material.operators import begin, new_material
from ..material.properties import nca_of
from ..material.status import is_open, why_not_editable, why_not_open
from ..material.suitability import why_no_growth
from ..material.target import OnMaterial, material_of
from . import catalogues

NAME = "Neural Growth"
SPELL, PAUSE = 0.15, 0.01
"""Seconds in which species are written, and those in which the window is drawn and asked, by turns."""


class NCA_OT_grow_asset(OnMaterial, bpy.types.Operator):
    """Grow this species on the active object: as the species of its growth, or as a new growth over its material"""

    bl_idname = "nca.grow_asset"
    bl_label = "Grow Species"
    bl_options = {"REGISTER", "UNDO"}

    # Blender's asset shelf sets these three: what was clicked, as it names an asset
    asset_library_type: EnumProperty(
        name="Asset Library Type",
        items=(
            ("LOCAL", "Local", "", 1),
            ("ALL", "All", "", 2),
            ("ESSENTIALS", "Essentials", "", 3),
            ("CUSTOM", "Custom", "", 100),
        ),
        options={"HIDDEN", "SKIP_SAVE"},
    )
    asset_library_identifier: StringProperty(name="Asset Library Identifier", options={"HIDDEN", "SKIP_SAVE"})
    relative_asset_identifier: StringProperty(
        name="Relative Asset Identifier", options={"HIDDEN", "SKIP_SAVE"}
    )
    file: StringProperty(
        name="File",
        description="The .blend file of an asset library that holds the species; what was clicked if empty",
        subtype="FILE_PATH",
        options={"HIDDEN", "SKIP_SAVE"},
    )
    species: StringProperty(
        name="Species",
        description="Name of the material in that file",
        options={"HIDDEN", "SKIP_SAVE"},
    )

    def execute(self, context: bpy.types.Context) -> Result:
        try:
            material = self._grow(context, self._find_species(context))
        except SpeciesError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        events.changed(material)
        return {"FINISHED"}

    def _find_species(self, context: bpy.types.Context) -> Species:
        from . import making

        file, name = self.file, self.species
        if not file:
            file, name = _find_asset(context, self.asset_library_identifier, self.relative_asset_identifier)
        one = making.read(Path(bpy.path.abspath(file)), name)
        if one.manifold not in catalogue.models():
            raise SpeciesError(
                f"The model “{one.manifold}” of {one.name} is not here: name the folder that holds it in the add-on's "
                "preferences."
            )
        return one

    def _grow(self, context: bpy.types.Context, one: Species) -> bpy.types.Material:
        """Put the species where a click means it; the material that grows it."""
        material = material_of(context, self.material)
        if material is None or not nca_of(material).growing:
            problem = why_not_editable(material) if material is not None else why_no_growth(context)
            if self.material and material is None:
                problem = f"There is no material named “{self.material}”."
            if problem:
                raise SpeciesError(problem)
            material = material or new_material(context, one.name)
            begin(material, context)
            chosen = [nca_of(material).a, nca_of(material).b]
            self.report(
                {"INFO"},
                fill("{species} grows on {name}: press Grow, or play.", species=one.name, name=material.name),
            )
        elif not is_open(material):
            raise SpeciesError(why_not_open(material, "to change its species"))
        else:
            nca = nca_of(material)
            chosen = [nca.b if nca.blend > 0.5 else nca.a]  # that of which more is seen
            if one.manifold != nca.a.manifold:  # only those of one model blend
                chosen = [nca.a, nca.b]
        for parent in chosen:
            parent.choose(one)
        shelf.note(choices.identify(one.manifold, one.name))
        return material


class NCA_OT_make_asset_library(bpy.types.Operator):
    """Write a material that grows for each species into a folder, as assets of Blender's asset browser. ESC ends it"""

    bl_idname = "nca.make_asset_library"
    bl_label = "Make Asset Library"

    directory: StringProperty(
        name="Folder",
        description="Of the library. What else is in it stays",
        subtype="DIR_PATH",
        options={"SKIP_SAVE"},
    )
    which: EnumProperty(
        name="Species",
        description="What the library is made of",
        items=(
            ("ALL", "All", "All species whose models are here"),
            ("MODEL", "Bundled", "The species that the models bring"),
            ("OWN", "Yours", "The species that you saved, pasted or imported"),
        ),
    )
    adds: BoolProperty(
        name="Add to Preferences",
        description="Show the folder among the asset libraries of the preferences, so that the asset browser has it",
        default=True,
    )

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> Result:
        try:
            self._begin()
            if not bpy.app.background and context.window is not None:
                manager = context.window_manager
                manager.progress_begin(0, len(self._waiting))
                self._timer = manager.event_timer_add(PAUSE, window=context.window)
                manager.modal_handler_add(self)
                return {"RUNNING_MODAL"}
            while self._waiting:
                self._write_next(context)
        except SpeciesError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return self._end(context)

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        if event.type == "ESC" and event.value == "PRESS":
            self.cancel(context)
            self.report(
                {"INFO"}, fill("{count} species are in the library, the others not.", count=self._made)
            )
            return {"CANCELLED"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        try:
            if self._waiting:
                until = time.perf_counter() + SPELL
                while self._waiting and time.perf_counter() < until:
                    self._write_next(context)
                context.window_manager.progress_update(self._made)
                return {"PASS_THROUGH"}
        except SpeciesError as error:
            self.cancel(context)
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.cancel(context)
        return self._end(context)

    def cancel(self, context: bpy.types.Context) -> None:
        """It ends, or another file is being opened."""
        context.window_manager.event_timer_remove(self._timer)
        context.window_manager.progress_end()

    def _begin(self) -> None:
        """Find out what is to be written, and write the catalogues first: without them nothing is found."""

        from . import making

        if not self.directory:
            raise SpeciesError("Name a folder for the asset library.")
        self._folder, self._made = Path(bpy.path.abspath(self.directory)), 0
        species = _chosen(self.which)
        if not species:
            raise SpeciesError(
                "There are no species of yours yet: save one first."
                if self.which == "OWN"
                else "There are no species: name a folder with models in the add-on's preferences."
            )
        paths = making.paths_of(species)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            catalogues.write(self._folder, paths)
        except OSError as error:
            raise SpeciesError(
                f"The asset library cannot be written to {self._folder} ({error.strerror or error}): choose another "
                "folder, or change its rights."
            ) from error
        self._waiting = list(zip(species, paths, strict=True))

    def _write_next(self, context: bpy.types.Context) -> None:
        from . import making

        making.write(self._folder, *self._waiting.pop(0), context)
        self._made += 1

    def _end(self, context: bpy.types.Context) -> Result:
        if self.adds:
            _add_to_preferences(context, self._folder)
        _refresh(context)
        said = f"{self._made} species are in the asset library {self._folder}."
        if self.adds:
            said += " The 3D view shows them, too: View > Asset Shelf, in Object Mode."
        self.report({"INFO"}, said)
        return {"FINISHED"}


def _find_asset(context: bpy.types.Context, library: str, identifier: str) -> tuple[str, str]:
    """The file and the name of an asset as Blender names it, such as `lava.blend/Material/Lava` of a library."""
    parts = re.split(r"(?<=\.blend)[\\/]Material[\\/]", identifier, maxsplit=1)
    folder = next(
        (one.path for one in context.preferences.filepaths.asset_libraries if one.name == library), ""
    )
    if not folder or len(parts) != 2:
        raise SpeciesError("That is no species of an asset library: make one from the popover of species.")
    return str(Path(bpy.path.abspath(folder), parts[0])), parts[1]


def _chosen(which: str) -> list[Species]:
    return [
        one
        for one in catalogue.in_order()
        if one.manifold in catalogue.models() and (which == "ALL" or own.is_own(one) == (which == "OWN"))
    ]


def _add_to_preferences(context: bpy.types.Context, folder: Path) -> None:
    """Name the folder as an asset library, once. What is dropped from it is a copy, which grows by itself."""
    libraries = context.preferences.filepaths.asset_libraries
    if any(each.path and Path(bpy.path.abspath(each.path)) == folder for each in libraries):
        return
    library = libraries.new(name=NAME, directory=str(folder))
    library.import_method = "APPEND"


def _refresh(context: bpy.types.Context) -> None:
    """Have open asset browsers and shelves look again."""
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            kind = "WINDOW" if area.ui_type == "ASSETS" else "ASSET_SHELF"
            for region in (one for one in area.regions if one.type == kind):
                with context.temp_override(window=window, area=area, region=region), suppress(RuntimeError):
                    bpy.ops.asset.library_refresh()  # it refuses where a shelf is not open


classes = (NCA_OT_grow_asset, NCA_OT_make_asset_library)
