# SPDX-License-Identifier: GPL-3.0-or-later
"""Languages: what artists read, in theirs: a file a language, which translators open. What it lacks is English.

Blender itself looks up the names and tooltips of properties, operators and panels, what a panel writes as it stands,
and what an operator reports. Texts with values are looked up where they are filled in, by `host.text.fill`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

from ..host.text import CONTEXT
from . import po

FOLDER = Path(__file__).parent
CONTEXTS = ("*", "Operator", CONTEXT)
"""Where Blender looks a text up: the second is for operators' names, the third for words that it knows otherwise."""


def register() -> None:
    """Give Blender what it is to say, in every language that there is a file of."""
    translations: Any = bpy.app.translations  # the stubs know other dictionaries than Blender
    translations.register(__name__, dictionaries())


def unregister() -> None:
    """Take it away: all is English again."""
    bpy.app.translations.unregister(__name__)


def dictionaries() -> dict[str, dict[tuple[str, str], str]]:
    """All translations, as Blender takes them.

    Returns
    -------
    dict
        Blender's name of a language -> context and English text -> translation.
    """
    found = {}
    for path in sorted(FOLDER.glob("*.po")):
        known = po.read(path.read_text("utf-8"))
        found[path.stem] = {(context, text): said for context in CONTEXTS for text, said in known.items()}
    return found
