# SPDX-License-Identifier: GPL-3.0-or-later
"""Text: sentences in panels, which may be narrow, and in the artist's language."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any
from unicodedata import east_asian_width

import bpy

from .stubs import Icon

LETTER, MARGIN, ICON = 6.4, 40, 20
"""Pixels at scale 1: a letter of the interface, a little more than on average; a panel's borders; an icon."""
_translations: Any = bpy.app.translations  # the stubs say that it gives nothing
CONTEXT = "Neural Growth"
"""Context of translation for a word that Blender itself translates in another sense: its own translation goes first."""
NEVER_FIRST = frozenset("、。，．：；！？）」』】”’ー々…")
"""What begins no line in Chinese and Japanese, which break between any other two signs."""


def fill(text: str, **values: object) -> str:
    """A text in the artist's language, with values in it.

    Blender looks up by itself what stands in the code as it is shown. What has values would never be found: it is
    looked up with the places for them, `"{count} of {total}"`.
    """
    said = str(_translations.pgettext_iface(text))
    return said.format(**values) if values else said


def write(
    layout: bpy.types.UILayout,
    context: bpy.types.Context,
    text: str,
    icon: Icon = "NONE",
    pixels: int | None = None,
) -> None:
    """Write a text in as many lines as the region's width asks for, or that of a dialog, in pixels at scale 1.

    It is looked up in the artist's language before it is cut into lines.
    """
    scale = context.preferences.system.ui_scale or 1.0
    whole = pixels or (context.region.width if context.region else 400) / scale
    room = whole - MARGIN - (0 if icon == "NONE" else ICON)
    width = max(18, int(room / LETTER))
    column = layout.column(align=True)
    column.scale_y = 0.8
    for number, line in enumerate(wrap(_translations.pgettext_rpt(text), width)):
        column.label(text=line, icon=icon if number == 0 else ("NONE" if icon == "NONE" else "BLANK1"))


def wrap(text: str, width: int) -> list[str]:
    """Cut a text into lines, none longer than a width in letters of the Latin alphabet; at least one.

    Signs of Chinese and Japanese are twice as wide, and have no spaces between them.
    """
    if not any(_is_wide(sign) for sign in text):
        return textwrap.wrap(text, width) or [""]
    lines, line, taken = [], "", 0
    for piece in _pieces(text.replace("\n", " ")):
        room = sum(2 if _is_wide(sign) else 1 for sign in piece)
        if line and taken + room > width:
            lines.append(line.rstrip())
            line, taken = "", 0
            piece = piece.lstrip()
        line, taken = line + piece, taken + room
    return [*lines, line.rstrip()]


def _pieces(text: str) -> Iterator[str]:
    """What stays in one line: a wide sign with what may not begin the next line, a word with the space after it."""
    piece = ""
    for sign in text:
        is_end = piece and (_is_wide(piece[-1]) or piece[-1] == " " or _is_wide(sign))
        if is_end and sign not in NEVER_FIRST and sign != " ":
            yield piece
            piece = ""
        piece += sign
    yield piece


def _is_wide(sign: str) -> bool:
    return east_asian_width(sign) in "WF"


def keep_together(*parts: str) -> str:
    """Join parts by commas, the only places where a narrow panel then breaks the line."""
    return ", ".join(part.replace(" ", "\u00a0") for part in parts)
