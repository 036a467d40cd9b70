# SPDX-License-Identifier: GPL-3.0-or-later
"""Personal: names and paths that say whose computer it is are taken out of what an artist sends to others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from urllib.parse import quote

HOME, USER, PATH = "~", "<user>", "<path>"
PLAIN_NAMES = frozenset(
    {
        "root",
        "user",
        "users",
        "admin",
        "administrator",
        "owner",
        "guest",
        "home",
        "blender",
        "python",
        "torch",
        "cuda",
    }
)
"""Names of users that say nothing of anybody, and would be taken out of words."""
SHORTEST_NAME = 3
"""Of Latin letters: shorter names are taken out of paths alone."""
SYSTEM = (
    "usr",
    "opt",
    "lib",
    "lib64",
    "bin",
    "proc",
    "sys",
    "dev",
    "etc",
    "snap",
    "nix",
    "Applications",
    "Library",
)
SYSTEM_ON_WINDOWS = ("Windows", "Program Files", "Program Files (x86)", "ProgramData")
TELLING = ("site-packages", "dist-packages", "extensions")
"""Folders from which on a path tells what is installed, and not whose it is."""

_HOMES = re.compile(
    r"(?:[a-z]:)?[\\/]+(?:home|users|documents and settings)[\\/]+[^\\/\n\"'“”<>|:;,]+", re.IGNORECASE
)
_START = r"(?<![\w~.<>/\\\ue001])(?P<start>~|[A-Za-z]:(?=[\\/])|file:/+|\\\\|(?<!:)(?=/)|(?=/(?!/)))"
_REST = r"(?P<rest>[\\/]?[^\n\"“”‘’<>|*?]*?)"
_END = r"(?=$|[\n\"“”‘’<>|*?]|'(?!\w)|[:;,)\]](?:\s|$)|\s[(\[])"
_PATHS = re.compile(_START + _REST + _END)


def hide(
    text: str,
    homes: Iterable[str],
    users: Iterable[str],
    known: Mapping[str, str] | None = None,
) -> str:
    """Take personal paths and names out of a text.

    Parameters
    ----------
    text : str
    homes : iterable of str
        Home folders. In place of them stands "~".
    users : iterable of str
        Names of users and computers. In place of them stands "<user>".
    known : mapping of str to str, optional
        Folders that tell nothing of anybody below them, such as Blender's own -> what stands in their place.

    Returns
    -------
    str
        Of any other path outside the system's own folders no more than the end is left: from "site-packages" on, or the
        ending of the file.
    """
    kept: list[str] = []

    def keep(words: str) -> str:
        # signs that no path has: what is put there is not looked at again
        kept.append(words)
        return f"\ue000{len(kept) - 1}\ue001"

    for folder, words in sorted((known or {}).items(), key=lambda each: -len(each[0])):
        text = _replace_folder(text, folder, keep(words))
    for folder in sorted(set(homes), key=len, reverse=True):
        text = _replace_folder(text, folder, HOME)
    text = _HOMES.sub(HOME, text)
    text = _PATHS.sub(_shorten, text)
    for name in sorted(set(users), key=len, reverse=True):
        text = _replace_name(text, name)
    for number, words in enumerate(kept):
        text = text.replace(f"\ue000{number}\ue001", words)
    return text


def _replace_folder(text: str, folder: str, words: str) -> str:
    """Put words in place of a folder's path, however it is written: with either slash, doubled as in JSON, in parts or
    whole letters as macOS does, or as an address."""
    parts = [part for part in re.split(r"[\\/]+", folder) if part]
    if not parts:
        return text
    root = r"[\\/]+" if folder[0] in "\\/" else ""
    separator = r"[\\/]+"
    pattern = root + separator.join(_spelled(part) for part in parts)
    return re.sub(pattern + r"(?![\w-])", words, text, flags=re.IGNORECASE)


def _spelled(name: str) -> str:
    ways = {unicodedata.normalize(form, name) for form in ("NFC", "NFD")}
    ways |= {quote(way) for way in ways}
    return "(?:" + "|".join(re.escape(way) for way in sorted(ways, key=len, reverse=True)) + ")"


def _replace_name(text: str, name: str) -> str:
    name = name.strip()
    if not name or name.casefold() in PLAIN_NAMES or (name.isascii() and len(name) < SHORTEST_NAME):
        return text
    pattern = _spelled(name)
    if name.isascii():  # other scripts may have no spaces between words
        pattern = rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"
    return re.sub(pattern, USER, text, flags=re.IGNORECASE)


def _shorten(found: re.Match[str]) -> str:
    """A path without what is personal."""
    start, whole = found["start"], found[0]
    rest = found["rest"].rstrip(" .")
    dots = found["rest"][len(rest) :]
    parts = [part for part in re.split(r"[\\/]+", rest) if part]
    if not parts:
        return whole
    if _is_systems(start, parts):
        return whole
    telling = next((number for number, part in enumerate(parts) if part in TELLING), None)
    if telling is not None:
        return "/".join([PATH, *parts[telling:]]) + dots
    ending = PurePath(parts[-1]).suffix
    return PATH + (ending if re.fullmatch(r"\.\w{1,8}", ending) else "") + dots


def _is_systems(start: str, parts: Sequence[str]) -> bool:
    if start == "" and parts[0] == "tmp":
        return len(parts) == 1
    if start == "":
        return parts[0] in SYSTEM
    return bool(re.fullmatch("[A-Za-z]:", start)) and parts[0] in SYSTEM_ON_WINDOWS
