# SPDX-License-Identifier: GPL-3.0-or-later
"""Shelf: which species the artist likes, and which were chosen lately. A small file in the extension's user folder."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...genetics.species import SpeciesError
from ...maps.whole_file import write_whole
from ..host.extension import user_folder

MOST_RECENT = 24
MOST_BYTES = 2**20
PATIENCE = 1.0
"""Seconds to wait for another Blender that writes the file: it takes milliseconds."""

_read: tuple[tuple[Path, int, int], dict[str, Any]] | None = None
"""The file when it was read (path, time and size), and what was in it."""


def favourites() -> list[str]:
    """Identifiers of species, as `choices.identify` names them, in the order in which they were marked."""
    return _names("favourites")


def recent() -> list[str]:
    """Identifiers of those that were chosen, the last one first."""
    return _names("recent")


def mark(identifier: str, is_favourite: bool) -> None:
    """Make a species a favourite, or one no longer.

    Raises
    ------
    SpeciesError
        The file cannot be written.
    """

    def change() -> dict[str, list[str]]:
        others = [one for one in favourites() if one != identifier]
        return {"favourites": [*others, identifier] if is_favourite else others}

    try:
        _change(change)
    except OSError as error:
        raise SpeciesError(
            f"The favorites were not saved ({error.strerror or error}): free some space, or change the "
            f"rights of {_place()}."
        ) from error


def note(identifier: str) -> None:
    """Keep that a species was chosen; where that cannot be written, it is not worth a word."""

    def change() -> dict[str, list[str]]:
        return {"recent": [identifier, *(one for one in recent() if one != identifier)][:MOST_RECENT]}

    if change()["recent"] != recent():
        with contextlib.suppress(OSError):
            _change(change)


def rename(before: str, now: str) -> None:
    """Follow a species to another identifier; an empty one: it is gone."""

    def change() -> dict[str, list[str]]:
        lists = {name: _names(name) for name in ("favourites", "recent")}
        moved = {name: [now if one == before else one for one in some] for name, some in lists.items()}
        return {name: [one for one in some if one] for name, some in moved.items()}

    if before in (*favourites(), *recent()):
        with contextlib.suppress(OSError):
            _change(change)


def _names(name: str) -> list[str]:
    values = _values().get(name)
    return [one for one in values if isinstance(one, str)] if isinstance(values, list) else []


def _values() -> dict[str, Any]:
    """What the file says now: another Blender may have written it. A broken one says nothing."""
    global _read
    place = _place()
    try:
        if place is None:
            return {}
        stat = place.stat()
        state = place, stat.st_mtime_ns, stat.st_size
        if _read is None or _read[0] != state:
            found = json.loads(place.read_bytes()) if stat.st_size <= MOST_BYTES else {}
            _read = state, found if isinstance(found, dict) else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return _read[1]


def _change(change: Callable[[], dict[str, list[str]]]) -> None:
    """Let the file say what `change` makes of it: no other Blender writes into it in between."""
    from ...maps.claim import turn

    global _read
    place = _place()
    if place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        with turn(place, PATIENCE):
            _read = None  # of two writes in one tick of the disk's clock the second shows no change
            content = json.dumps({**_values(), **change()}, ensure_ascii=False, indent=1)
            write_whole(place, content.encode())
            _read = None


def _place() -> Path | None:
    folder = user_folder("library")
    return None if folder is None else folder / "shelf.json"
