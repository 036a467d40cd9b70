# SPDX-License-Identifier: GPL-3.0-or-later
"""Device table: what the self-test found of each device, a row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from .. import engine
from ..host.hook import Hook
from ..host.text import fill, write
from . import preferences

if TYPE_CHECKING:
    from ...engine.tried_devices import TriedDevice
    from ..host.stubs import Icon

further = Hook()
"""Asked for a device that the engine's worker has not: a `TriedDevice`, or None."""
SIDES = "64", "512"
"""Cells along the sides of the grids that are timed."""
NAME, NUMBER = 0.5, 0.36
"""Shares of the width: of the names, and of each number in what is left."""


def rows() -> list[TriedDevice]:
    """All devices that were tried: now, or by the self-test before."""
    own = engine.self_test_rows or preferences.tried_devices()
    return [*own, *(one for one in further() if one is not None)]


def draw(context: bpy.types.Context, layout: bpy.types.UILayout) -> None:
    """Draw the table, or what makes one."""
    found = rows()
    if not found:
        write(layout, context, "No device was timed yet: press Self Test.", "INFO")
        return
    column = layout.column(align=True)
    first, *numbers, result = _cells(column)
    first.label(text="Device")
    for side, cell in zip(SIDES, numbers, strict=True):
        cell.label(text=fill("{side} x {side} cells", side=side))
    result.label(text="Result")
    used = used_of(found)
    for one in found:
        _draw_row(column, one, one is used)
        if one.problem:
            write(column, context, one.problem, "BLANK1")
    write(
        layout, context, "Steps a second. Correct are those whose picture is that of the reference.", "BLANK1"
    )


def used_of(found: list[TriedDevice]) -> TriedDevice | None:
    """The one that the engine uses by what is chosen, so far as is known."""
    from ...engine.tried_devices import fastest

    chosen = preferences.device()
    if chosen == "auto":
        return fastest(one for one in found if one.backend != "shaders")
    backend = "kernels" if chosen == "cpu" else chosen
    return next((one for one in found if one.backend.partition(":")[0] == backend), None)


def _draw_row(layout: bpy.types.UILayout, one: TriedDevice, is_used: bool) -> None:
    icon: Icon = "CHECKMARK" if one.right else "ERROR"
    first, *numbers, result = _cells(layout)
    first.label(text=one.name, icon=icon, translate=False)
    for side, cell in zip(SIDES, numbers, strict=True):
        speed = one.speeds.get(side)
        cell.label(text=_said(speed) if speed else "–", translate=False)
    if one.right:
        result.label(text="Correct, used" if is_used else "Correct")
    else:
        result.label(text="Failed" if one.problem else "Differs")


def _said(speed: float) -> str:
    return f"{speed:.0f}" if speed >= 10 else f"{speed:.1f}"


def _cells(layout: bpy.types.UILayout) -> list[bpy.types.UILayout]:
    """The cells of a row."""
    split = layout.split(factor=NAME)
    first, rest = split.row(), split.split(factor=NUMBER)
    few, rest = rest.row(), rest.split(factor=0.5)
    return [first, few, rest.row(), rest.row()]
