# SPDX-License-Identifier: GPL-3.0-or-later
"""Text: sentences in panels, which may be narrow."""

from __future__ import annotations

import textwrap

import bpy

from .stubs import Icon

LETTER, MARGIN, ICON = 6.4, 40, 20
"""Pixels at scale 1: a letter of the interface, a little more than on average; a panel's borders; an icon."""


def write(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    text: str,
    icon: Icon = "NONE",
    pixels: int | None = None,
) -> None:
    """Write a text in as many lines as the region's width asks for, or that of a dialog, in pixels at scale 1."""
    scale = context.preferences.system.ui_scale or 1.0
    whole = pixels or (context.region.width if context.region else 400) / scale
    room = whole - MARGIN - (0 if icon == "NONE" else ICON)
    width = max(18, int(room / LETTER))
    column = layout.column(align=True)
    column.scale_y = 0.8
    for number, line in enumerate(textwrap.wrap(text, width) or [""]):
        column.label(text=line, icon=icon if number == 0 else ("NONE" if icon == "NONE" else "BLANK1"))


def keep_together(*parts: str) -> str:
    """Join parts by commas, the only places where a narrow panel then breaks the line."""
    return ", ".join(part.replace(" ", "\u00a0") for part in parts)
