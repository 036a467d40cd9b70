# SPDX-License-Identifier: GPL-3.0-or-later
"""Languages: what artists read, in theirs: a file a language, which translators open. What it lacks is English.

Blender itself looks up the names and tooltips of properties, operators and panels, and what a panel writes as it
stands. Texts that get values are looked up where they are filled in, by `bpy.app.translations.pgettext_iface`.
"""

from __future__ import annotations

from pathlib import Path

from . import po

FOLDER = Path(__file__).parent
CONTEXTS = ("*", "Operator")
"""Where Blender looks a text up: the second is that of operators' names."""


def register() -> None:
    """Give Blender what it is to say, in every language that there is a file of."""
    import bpy  # not above: whoever translates reads the files without Blender

    bpy.app.translations.register(__name__, dictionaries())


def unregister() -> None:
    """Take it away: all is English again."""
    import bpy

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
        found[path.stem] = {(context, text): known[text] for context in CONTEXTS for text in known}
    return found
