# SPDX-License-Identifier: GPL-3.0-or-later
"""Box: what the preferences say of Blender's own card."""

from __future__ import annotations

from typing import Literal

import bpy

from ..host.text import write
from . import measured, opened, serving

Icon = Literal["INFO", "ERROR", "CHECKMARK", "BLANK1"]


def draw(
    context: bpy.types.Context, layout: bpy.types.UILayout, preferences: bpy.types.AddonPreferences
) -> None:
    """Draw what the card is, what its trial found, and whether it is used."""
    if bpy.app.background:
        return
    box = layout.box()
    box.label(text=f"Blender's card: {opened.name()}", icon="SHADING_RENDERED")
    column = box.column(align=True)
    for text, icon in lines():
        write(column, context, text, icon)


def lines() -> list[tuple[str, Icon]]:
    """What is to be said, each with its icon."""
    found = measured.recall()
    if found is None:
        return [("Not tried yet: press Test.", "INFO")]
    if found.problem:
        return [(f"It cannot be used: {found.problem}", "ERROR")]
    if not found.right:
        return [(f"It grows something else ({found.step:.1g} apart), so it is not used.", "ERROR")]
    said: list[tuple[str, Icon]] = [
        (f"It grows what the reference does, to {found.step:.0e} a step.", "CHECKMARK")
    ]
    for side, speed in (found.speeds or {}).items():
        other = (found.others or {}).get(side)
        beside = f"; {other:.0f} by {found.worker.partition(';')[0]}" if other else ""
        said.append((f"{speed:.0f} steps a second at {side} x {side} cells{beside}", "BLANK1"))
    if serving.problem():
        said.append((f"It failed, and the processor goes on: {serving.problem()}", "ERROR"))
    return said
