# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: what is there to choose from, and what is said where nothing is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from ..host.hook import Hook
from ..host.text import fill, write
from ..settings.panel import part
from . import catalogue

if TYPE_CHECKING:
    from ..settings.preferences import Preferences

feet = Hook()
"""Called with (context, layout) at the end of the preferences' part on models and species."""


def draw_models(context: bpy.types.Context, layout: bpy.types.UILayout, preferences: Preferences) -> None:
    """Draw the part of the preferences that says which models there are, and where they are looked for."""
    body = part(layout, "models", "Models and Species")
    problems = [*missing_folders(preferences), *catalogue.species().problems]
    if body is None:
        if problems:  # nobody would look for them there
            write(layout, context, problems[0], "ERROR")
        return
    row = body.row()
    count = len(catalogue.models())
    text = "{count} species of 1 model" if count == 1 else "{count} species of {models} models"
    text = fill(text, count=len(catalogue.species().species), models=count)
    row.label(text=text, icon="ASSET_MANAGER")
    row.operator("nca.reload_library", text="", icon="FILE_REFRESH")
    for index, folder in enumerate(preferences.model_folders):
        row = body.row(align=True)
        row.prop(folder, "path", text="Model Folder")
        row.operator("nca.remove_model_folder", text="", icon="X").index = index
    body.operator("nca.add_model_folder", icon="ADD")
    for problem in problems:
        write(body, context, problem, "ERROR")
    feet(context, body)


def missing_folders(preferences: Preferences) -> list[str]:
    """Say of each named folder that is not there that it is not."""
    named = [folder.path for folder in preferences.model_folders if folder.path]
    lost = [path for path in named if not Path(bpy.path.abspath(path)).is_dir()]
    return [
        fill("The model folder {path} is not there: bring its drive back, or remove it.", path=path)
        for path in lost
    ]


def draw_no_species(context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
    """Say what to do where no species are installed."""
    write(
        layout,
        context,
        "No species are installed. Name a folder with models in the add-on's preferences, then reload.",
        "ERROR",
    )
    layout.operator("nca.reload_library", icon="FILE_REFRESH")
