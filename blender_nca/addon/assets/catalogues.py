# SPDX-License-Identifier: GPL-3.0-or-later
"""Catalogues: the tree in which Blender's asset browser shows a library, in the file that Blender reads.

Without Blender. Catalogues of the artist's own, and names that were given to these, stay.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from pathlib import Path

from ...genetics.species import SpeciesError
from ...maps.whole_file import write_whole

FILE = "blender_assets.cats.txt"
MOST_BYTES = 2**22
_SPACE = uuid.UUID("a2ac2cd8-4ed3-5a7b-a302-4db5a4ef1a51")
_HEAD = "# Asset catalogs: a line each, of UUID:path:simple name.\n\nVERSION 1\n\n"


def identify(path: str) -> str:
    """The UUID of a catalogue: the same for the same path on every machine, so that libraries are one tree."""
    return str(uuid.uuid5(_SPACE, path))


def write(folder: Path, paths: Iterable[str]) -> None:
    """Add catalogues to those of a library.

    Parameters
    ----------
    folder : Path
        Of the library.
    paths : iterable of str
        As they are shown, with slashes between a catalogue and those in it.

    Raises
    ------
    SpeciesError
        What is there was written for another version of Blender, or is no text.
    OSError
        It cannot be read or written. What was there before is there.
    """
    place = folder / FILE
    text = _HEAD
    if place.exists():
        try:
            text = place.read_bytes()[:MOST_BYTES].decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise SpeciesError(f"{place} is no text: mend it, or choose another folder.") from error
        if "VERSION 1" not in (line.strip() for line in text.splitlines()):
            raise SpeciesError(
                f"{place} was written for another Blender: choose another folder, or a newer Neural Growth."
            )
        text = text if text.endswith("\n") else f"{text}\n"
    known = {line.split(":", 1)[0].strip() for line in text.splitlines()}
    wanted = sorted({parent for path in paths for parent in _and_above(path)})
    lines = [
        f"{identify(path)}:{path}:{path.replace('/', '-')}" for path in wanted if identify(path) not in known
    ]
    if lines or not place.exists():
        write_whole(place, (text + "".join(f"{line}\n" for line in lines)).encode("utf-8"))


def tidy(name: str) -> str:
    """A name as a part of a catalogue's path: slashes and colons mean something there."""
    return name.replace("/", " ").replace("\\", " ").replace(":", " ").strip() or "Unnamed"


def _and_above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]
