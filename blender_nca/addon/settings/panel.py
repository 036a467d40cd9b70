# SPDX-License-Identifier: GPL-3.0-or-later
"""Panel: the preferences as they are drawn. Higher capabilities add their own boxes below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from .. import engine
from ..host.hook import Hook
from ..host.text import fill, write
from . import installation

if TYPE_CHECKING:
    from ...engine.installation import Installation

_BACKENDS = {"kernels": "Kernels on the CPU", "torch": "PyTorch on the CPU", "numpy": "numpy, slower"}
_BACKENDS |= {"cuda": "Graphics card", "mps": "Metal", "xpu": "XPU"}

boxes = Hook()
"""Called with (context, layout, preferences), to draw a box below the others."""


def draw(
    context: bpy.types.Context, layout: bpy.types.UILayout, preferences: bpy.types.AddonPreferences
) -> None:
    """Draw the preferences of the add-on."""
    layout.use_property_split = True
    layout.use_property_decorate = False
    layout.prop(preferences, "device")
    layout.prop(preferences, "python")
    _draw_engine(context, layout.box())
    _draw_torch(context, layout.box(), preferences)
    boxes(context, layout, preferences)


def _draw_torch(
    context: bpy.types.Context, layout: bpy.types.UILayout, preferences: bpy.types.AddonPreferences
) -> None:
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
    if not installation.recipe().offline:
        layout.prop(preferences, "package_index")
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
        lines.append("No torch: DNA cannot be read from pictures.")
    for number, (backend, speed) in enumerate(report.get("speeds", {}).items()):
        use = ", used" if number == 0 else ""
        lines.append(f"{_BACKENDS.get(backend, backend)}: {speed:.0f} steps a second at 64 x 64 cells{use}")
    column = layout.column(align=True)
    for line in lines:
        write(column, context, line)
    for problem in report.get("problems", ()):
        write(column, context, problem, "ERROR")
