# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: what is there to choose from, and what is said where nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from ..host.text import fill, write
from . import catalogue

if TYPE_CHECKING:
    from ..settings.preferences import Preferences


def draw_models(context: bpy.types.Context, layout: bpy.types.UILayout, preferences: Preferences) -> None:
    """Draw the box of the preferences that says which models there are, and where they are looked for."""
    layout = layout.box()
    row = layout.row()
    count = len(catalogue.models())
    text = "{count} species of 1 model" if count == 1 else "{count} species of {models} models"
    text = fill(text, count=len(catalogue.species().species), models=count)
    row.label(text=text, icon="ASSET_MANAGER")
    row.operator("nca.reload_library", text="", icon="FILE_REFRESH")
    for index, folder in enumerate(preferences.model_folders):
        row = layout.row(align=True)
        row.prop(folder, "path", text="Model Folder")
        row.operator("nca.remove_model_folder", text="", icon="X").index = index
    layout.operator("nca.add_model_folder", icon="ADD")
    for problem in catalogue.species().problems:
        write(layout, context, problem, "ERROR")


def draw_no_species(context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
    """Say what to do where no species are installed."""
    write(
        layout,
        context,
        "No species are installed. Name a folder with models in the add-on's preferences, then reload.",
        "ERROR",
    )
    layout.operator("nca.reload_library", icon="FILE_REFRESH")
