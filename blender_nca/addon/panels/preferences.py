# SPDX-License-Identifier: GPL-3.0-or-later
"""Preferences: what the engine runs on, and where models lie."""

from __future__ import annotations

import bpy

from .. import engine, library
from .place import write


def draw(layout, preferences):
    context = bpy.context
    layout.use_property_split = True
    layout.use_property_decorate = False
    layout.prop(preferences, "device")
    layout.prop(preferences, "python")
    _draw_engine(context, layout.box())
    _draw_models(context, layout.box(), preferences)


def _draw_engine(context, layout):
    row = layout.row()
    row.label(text=engine.device_line(), icon="MEMORY")
    row.operator("nca.self_test", icon="CHECKMARK")
    row.operator("nca.restart_engine", text="", icon="FILE_REFRESH")
    report = engine.self_test_report
    if engine.problem():
        write(layout, context, engine.problem(), "ERROR")
    if report is None:
        return
    if "error" in report:
        write(layout, context, report["error"], "ERROR")
        return
    versions = report.get("versions", {})
    lines = [f"Python {versions.get('python')}: {report.get('python')}"]
    if versions.get("torch"):
        lines.append(f"torch {versions['torch']}: {report.get('torch')}")
    else:
        lines.append("No torch: growths are computed by numpy, slower, with the same pictures.")
    if report.get("steps_per_second"):
        lines.append(f"{report['steps_per_second']:.0f} steps a second at 64 x 64 cells")
    column = layout.column(align=True)
    for line in lines:
        write(column, context, line)
    for problem in report.get("problems", ()):
        write(column, context, problem, "ERROR")


def _draw_models(context, layout, preferences):
    row = layout.row()
    count = len(library.models())
    text = f"{len(library.species().species)} species of {count} model{'' if count == 1 else 's'}"
    row.label(text=text, icon="ASSET_MANAGER")
    row.operator("nca.reload_library", text="", icon="FILE_REFRESH")
    for index, folder in enumerate(preferences.model_folders):
        row = layout.row(align=True)
        row.prop(folder, "path", text="Model Folder")
        row.operator("nca.remove_model_folder", text="", icon="X").index = index
    layout.operator("nca.add_model_folder", icon="ADD")
    for problem in library.species().problems:
        write(layout, context, problem, "ERROR")
