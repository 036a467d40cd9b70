# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: make an asset library of the species."""

from __future__ import annotations

from pathlib import Path

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from ...genetics import Species, SpeciesError
from ..host.stubs import Result
from ..library import catalogue, own
from . import catalogues, making

NAME = "Neural Growth"
PAUSE = 0.01
"""Seconds between two species, for the window."""


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
            self.report({"INFO"}, f"{self._made} species are in the library, the others not.")
            return {"CANCELLED"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        try:
            if self._waiting:
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
        making.write(self._folder, *self._waiting.pop(0), context)
        self._made += 1

    def _end(self, context: bpy.types.Context) -> Result:
        if self.adds:
            _add_to_preferences(context, self._folder)
        _refresh(context)
        self.report({"INFO"}, f"{self._made} species are in the asset library {self._folder}.")
        return {"FINISHED"}


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
    """Have open asset browsers look again."""
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.ui_type == "ASSETS":
                with context.temp_override(window=window, area=area):
                    bpy.ops.asset.library_refresh()


classes = (NCA_OT_make_asset_library,)
