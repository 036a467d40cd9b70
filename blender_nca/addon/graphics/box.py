# SPDX-License-Identifier: GPL-3.0-or-later
"""Box: what the preferences say of Blender's own card."""

from __future__ import annotations

from typing import Literal

import bpy

from ...engine.tried_devices import TriedDevice
from ..host.text import fill, write
from ..settings import panel, preferences
from . import measured, opened, serving
from .measured import Measured

Icon = Literal["INFO", "ERROR", "CHECKMARK", "BLANK1"]


def draw(context: bpy.types.Context, layout: bpy.types.UILayout, own: bpy.types.AddonPreferences) -> None:
    """Draw what the card is, what its trial found, and whether it is used."""
    if bpy.app.background:
        return
    body = panel.part(layout, "card", "Blender's Card")
    if body is None:
        return
    body.label(text=opened.name(), icon="SHADING_RENDERED", translate=False)
    column = body.column(align=True)
    for text, icon in lines():
        write(column, context, text, icon)


def row() -> TriedDevice | None:
    """The card in the table of devices; None without a window, or before it was tried."""
    found = None if bpy.app.background else measured.recall()
    if found is None:
        return None
    name = fill("Blender's card: {name}", name=opened.name())
    return TriedDevice("shaders", name, found.painted, found.right, found.speeds or {}, found.problem)


def lines() -> list[tuple[str, Icon]]:
    """What is to be said, each with its icon."""
    found = measured.recall()
    if found is None:
        return [("Not tried yet: press Self Test.", "INFO")]
    if found.problem:
        return [(f"It cannot be used: {found.problem}", "ERROR")]
    if not found.right:
        return [(f"It grows something else ({found.step:.1g} apart), so it is not used.", "ERROR")]
    said: list[tuple[str, Icon]] = [
        (f"It grows what the reference does: a step differs by {found.step:.0e} at most.", "CHECKMARK")
    ]
    for side, speed in (found.speeds or {}).items():
        other = (found.others or {}).get(side)
        beside = f"; {_said(other)} by {found.worker.partition(';')[0]}" if other else ""
        said.append((f"{_said(speed)} steps a second at {side} x {side} cells{beside}", "BLANK1"))
    if serving.problem():
        said.append((f"It failed, and the processor goes on: {serving.problem()}", "ERROR"))
    else:
        said.append((_use(found), "BLANK1"))
    return said


def _use(found: Measured) -> str:
    """What it is used for."""
    chosen, sides = preferences.chosen_device(), [int(side) for side in found.speeds or {}]
    faster = [side for side in sides if found.is_faster(side * side)]
    if chosen == "graphics" or (chosen == "auto" and faster and faster == sides):
        return "What is seen growing in the window grows there."
    if chosen == "auto" and faster:
        return f"What is seen growing in the window grows there, on grids as large as {faster[0]} x {faster[0]} cells."
    return "Not used: the other is faster." if chosen == "auto" else "Not used: another device is chosen."


def _said(speed: float) -> str:
    return f"{speed:.0f}" if speed >= 10 else f"{speed:.1f}"
