# SPDX-License-Identifier: GPL-3.0-or-later
"""PO: the file format of gettext, which translators' programs open. Plain Python, without Blender."""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t"}


def read(content: str) -> dict[str, str]:
    """The translations of a file.

    Parameters
    ----------
    content : str
        Entries with an empty line between them, each a ``msgid`` and a ``msgstr``. Their texts may go over several
        lines, as translators' programs break them.

    Returns
    -------
    dict of str to str
        English -> translation, without those that are empty, and those marked as *fuzzy*: they were for another text,
        and nobody has looked at them since.
    """
    found = {}
    for entry in content.replace("\r\n", "\n").replace('"\n"', "").split("\n\n"):
        comments, _, texts = f"\n{entry}".partition('\nmsgid "')
        text, _, translation = texts.partition('"\nmsgstr "')
        translation = translation.rpartition('"')[0]
        if text and translation and "\n#, fuzzy" not in comments:
            found[_plain(text)] = _plain(translation)
    return found


def quote(text: str) -> str:
    """A text as it stands in a file, in quotation marks."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), text) if "\\" in text else text
