# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: the preferences as they are drawn. Higher capabilities add their own boxes below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from ...engine.limits import GIB
from .. import engine
from ..host.hook import Hook
from ..host.text import fill, write
from . import cache, device_table, installation, preferences

if TYPE_CHECKING:
    from ...engine.installation import Installation

boxes = Hook()
"""Called with (context, layout, preferences), to draw a box below the others."""


def draw(context: bpy.types.Context, layout: bpy.types.UILayout, own: bpy.types.AddonPreferences) -> None:
    """Draw the preferences of the add-on: what computes, then parts that are closed until somebody opens them."""
    layout.use_property_split = True
    layout.use_property_decorate = False
    layout.prop(own, "device")
    _draw_engine(context, layout.box())
    _draw_torch(context, layout.box())
    boxes(context, layout, own)
    _draw_memory(context, layout, own)
    _draw_log(layout, own)
    _draw_python(context, layout, own)
    layout.operator("nca.report_problem", icon="COPYDOWN")


def _draw_python(
    context: bpy.types.Context, layout: bpy.types.UILayout, own: bpy.types.AddonPreferences
) -> None:
    """Which Python the engine runs in, and where its PyTorch comes from."""
    body = part(layout, "python", "Python")
    if body is None:
        return
    body.prop(own, "python")
    if not installation.recipe().offline:
        body.prop(own, "package_index")
    report = engine.self_test_report or {}
    if "versions" in report:
        column = body.column(align=True)
        for name, path in (("Python", report["python"]), ("torch", report["torch"])):
            if path:
                write(column, context, f"{name} {report['versions'][name.lower()]}: {path}", "BLANK1")


def part(layout: bpy.types.UILayout, name: str, title: str) -> bpy.types.UILayout | None:
    """A part of the preferences that is closed at first; None while it is."""
    header, body = layout.panel(f"nca_preferences_{name}", default_closed=True)
    header.label(text=title)
    return body


def _draw_memory(
    context: bpy.types.Context, layout: bpy.types.UILayout, own: bpy.types.AddonPreferences
) -> None:
    """What the engine may hold of memory and disk."""
    from ...engine import memory

    body = part(layout, "memory", "Memory and Cache")
    if body is None:
        return
    body.prop(own, "memory_limit")
    if not preferences.limits().memory:
        automatic = f"{memory.automatic() / GIB:.1f}"
        write(
            body, context, fill("Automatic: {size} GiB, half of this computer's.", size=automatic), "BLANK1"
        )
    body.prop(own, "cache_limit")
    body.prop(own, "cache_folder")
    if preferences.cache_problem():
        write(body, context, preferences.cache_problem(), "ERROR")
    row = body.row()
    row.label(text=fill("The cache holds {size} GiB", size=f"{cache.size() / GIB:.2f}"), icon="DISK_DRIVE")
    row.operator("nca.clear_cache", icon="TRASH")


def _draw_log(layout: bpy.types.UILayout, own: bpy.types.AddonPreferences) -> None:
    body = part(layout, "log", "Log")
    if body is None:
        return
    row = body.row()
    row.prop(own, "log_level")
    row.operator("nca.open_log", icon="TEXT")


def _draw_torch(context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
    """The private PyTorch: offered, on its way, or there."""
    private = installation.current()
    if private is None:
        write(layout, context, installation.why_not(), "INFO")
        return
    installed = private.installed
    if private.busy:
        row = layout.row()
        row.label(text=f"PyTorch: {private.stage}…", icon="SORTTIME")
        row.operator("nca.cancel_torch", icon="X")
        write(layout, context, _so_far(private))
        if private.line:
            layout.label(text=private.line)  # one line, cut off where it is too long: its height is to stay
        return
    row = layout.row()
    if installed:
        text = fill(
            "PyTorch {version} for Python {python}, {size} GB",
            version=installed.version,
            python=installed.python,
            size=f"{installed.size / 1e9:.1f}",
        )
        row.label(text=text, icon="CHECKMARK")
        row.operator("nca.remove_torch", icon="TRASH")
        return
    if bundled := installation.bundled():
        row.label(text=fill("PyTorch {version} came with the extension", version=bundled), icon="CHECKMARK")
        row = layout.row()
    text = "Another PyTorch in its place" if bundled else "PyTorch of Neural Growth's own: not installed"
    row.label(text=text, icon="IMPORT")
    row.operator("nca.install_torch")
    column = layout.column(align=True)
    write(column, context, installation.recipe().offer)
    write(column, context, f"{installation.free_bytes(private) / 1e9:.0f} GB are free at {private.folder}")
    if installation.why_not():
        write(layout, context, installation.why_not(), "INFO")
        if not bpy.app.online_access_override:
            layout.prop(context.preferences.system, "use_online_access", text="Allow Online Access")
    for problem in private.message.splitlines():
        write(layout, context, problem, "ERROR" if problem == private.message.splitlines()[0] else "BLANK1")
    if private.leftovers:
        row = layout.row()
        row.label(text="An unfinished installation takes up room.", icon="INFO")
        row.operator("nca.remove_torch", icon="TRASH")


def _so_far(private: Installation) -> str:
    minutes, seconds = divmod(int(private.seconds), 60)
    text = f"{minutes}:{seconds:02d}"
    return f"{text}, {private.downloaded / 1e6:.0f} MB downloaded" if private.downloaded > 1e6 else text


def _draw_engine(context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
    row = layout.row()
    row.label(text=engine.device_line(), icon="MEMORY")
    row.operator("nca.self_test", icon="CHECKMARK")
    row.operator("nca.restart_engine", text="", icon="FILE_REFRESH")
    if engine.problem():
        write(layout, context, engine.problem(), "ERROR")
    device_table.draw(context, layout)
    report = engine.self_test_report
    if report is None:
        return
    if "error" in report:
        write(layout, context, report["error"], "ERROR")
        return
    if not report["versions"].get("torch"):
        write(layout, context, "No torch: DNA cannot be read from pictures.", "INFO")
    for problem in report.get("problems", ()):
        write(layout, context, problem, "ERROR")
