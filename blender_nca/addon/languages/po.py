# SPDX-License-Identifier: GPL-3.0-or-later
"""PO: the file format of gettext, which translators' programs open. Plain Python, without Blender."""

from __future__ import annotations

import re

_STRINGS = r'((?:"(?:[^"\\\n]|\\.)*"\s*)+)'
_ENTRY = re.compile(rf"((?:^#.*\n)*)^msgid\s+{_STRINGS}^msgstr\s+{_STRINGS}", re.MULTILINE)
_PART = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t"}


def read(content: str) -> dict[str, str]:
    """The translations of a file.

    Parameters
    ----------
    content : str
        Entries of ``msgid`` and ``msgstr``, whose texts may go over several lines.

    Returns
    -------
    dict of str to str
        English -> translation, without those that are empty, and those marked as *fuzzy*: they were for another text,
        and nobody has looked at them since.
    """
    found = {}
    for comments, text, translation in _ENTRY.findall(content):
        is_fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in comments.splitlines())
        text, translation = _join(text), _join(translation)
        if text and translation and not is_fuzzy:
            found[text] = translation
    return found


def quote(text: str) -> str:
    """A text as it stands in a file, in quotation marks."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _join(strings: str) -> str:
    text = "".join(_PART.findall(strings))
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), text) if "\\" in text else text
