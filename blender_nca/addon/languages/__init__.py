# SPDX-License-Identifier: GPL-3.0-or-later
"""Languages: what artists read, in theirs: a file a language, which translators open. What it lacks is English.

Blender itself looks up the names and tooltips of properties, operators and panels, what a panel writes as it stands,
and what an operator reports. Texts with values are looked up where they are filled in, by `host.text.fill`.
"""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import Any

import bpy
from bpy.app.handlers import persistent

from ..host.additions import Additions
from ..host.text import CONTEXT
from . import po

FOLDER = Path(__file__).parent
CONTEXTS = ("*", "Operator", CONTEXT)
"""Where Blender looks a text up: the second is for operators' names, the third for words that it knows otherwise."""


SETTINGS = ("language", "use_translate_interface", "use_translate_tooltips", "use_translate_reports")
"""Of Blender's preferences: with them another language may be spoken."""

_translations: Any = bpy.app.translations  # the stubs know other dictionaries than Blender
_owner = object()


def register() -> None:
    """Give Blender what it is to say in the language that it speaks, now and when that changes."""
    speak()
    listen()
    _additions.add()


def unregister() -> None:
    """Take it away: all is English again."""
    _additions.remove()
    bpy.msgbus.clear_by_owner(_owner)
    _translations.unregister(__name__)


@persistent  # type: ignore[untyped-decorator]  # it gives back the function that it is given
def listen(*_: object) -> None:
    """Hear of another language. An opened file ends that, and begins it anew."""
    bpy.msgbus.clear_by_owner(_owner)
    for name in SETTINGS:
        key: Any = (bpy.types.PreferencesView, name)
        bpy.msgbus.subscribe_rna(key=key, owner=_owner, args=(), notify=speak)


def speak() -> None:
    """Give Blender the one language that it speaks now. Reading all of them would cost each start 30 ms."""
    _translations.unregister(__name__)
    locale = _translations.locale
    _translations.register(__name__, dictionaries({locale, *_translations.locale_explode(locale)}))


def dictionaries(languages: Container[str | None] | None = None) -> dict[str, dict[tuple[str, str], str]]:
    """Translations, as Blender takes them.

    Parameters
    ----------
    languages : container of str, optional
        Blender's names of some; all unless given.

    Returns
    -------
    dict
        Blender's name of a language -> context and English text -> translation.
    """
    found = {}
    for path in sorted(FOLDER.glob("*.po")):
        if languages is not None and path.stem not in languages:
            continue
        known = po.read(path.read_text("utf-8"))
        found[path.stem] = {(context, text): said for context in CONTEXTS for text, said in known.items()}
    return found


_additions = Additions(handlers={"load_post": listen})
