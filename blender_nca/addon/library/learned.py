# SPDX-License-Identifier: GPL-3.0-or-later
"""Learned: species that were learned, as files by their units' keys: an artist's own in the extension's user folder,
those that come with a model in its.

Growths name them so, and the engine looks for them there. What is there is never rewritten: a key is a hash.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ...genetics import (
    LEARNED_FOLDER,
    LEARNED_SUFFIX,
    MOST_LEARNED_BYTES,
    LearnedHeader,
    SpeciesError,
    find_learned,
    is_key,
    learned_place,
    read_learned_header,
)
from ...maps.whole_file import write_whole
from ..settings import preferences
from . import catalogue

NO_FOLDER = "A legacy add-on has no folder for learned species: install Neural Growth as an extension."

_headers: dict[str, LearnedHeader] = {}


def keys_in(text: str) -> tuple[str, ...]:
    """The keys of units in a property's text; what is none is left out."""
    return tuple(dict.fromkeys(key for key in text.split() if is_key(key)))


def text_of(keys: Iterable[str]) -> str:
    """Keys of units as the text of a property."""
    return " ".join(dict.fromkeys(keys))


def is_here(key: str) -> bool:
    """Whether the species of a unit is on this machine."""
    return _find(key) is not None


def content_of(key: str) -> bytes | None:
    """The file of a unit's species; None where it is not here."""
    place = _find(key)
    try:
        return None if place is None else place.read_bytes()
    except OSError:
        return None


def header_of(key: str) -> LearnedHeader | None:
    """What is said of a unit's species; None where it is not here, or damaged."""
    if key not in _headers:
        content = content_of(key)
        try:
            if content is None:
                return None
            _headers[key] = read_learned_header(content, key)
        except SpeciesError:
            return None
    return _headers[key]


def known(manifold: str) -> list[str]:
    """DNA of all learned species of a model on this machine: another one keeps apart from them."""
    folder = preferences.learned_species()
    paths = sorted(folder.glob(f"*{LEARNED_SUFFIX}")) if folder is not None else []
    headers = [header for path in paths if (header := header_of(path.stem)) is not None]
    return [header.species.dna for header in headers if header.species.manifold == manifold]


def read_file(path: Path) -> bytes:
    """A species' file, as somebody gave it away.

    Raises
    ------
    SpeciesError
        It cannot be read, or is far too large.
    """
    try:
        if path.stat().st_size > MOST_LEARNED_BYTES:
            raise SpeciesError(f"{path.name} is far too large for a learned species: choose another file.")
        return path.read_bytes()
    except OSError as error:
        raise SpeciesError(
            f"{path.name} cannot be read ({error.strerror}): choose the file again."
        ) from error


def read_header(path: Path) -> LearnedHeader:
    """What a species' file says of it, wherever it lies; raises as `read_file` and where it is damaged."""
    return read_learned_header(read_file(path), path.name)


def keep(content: bytes, name: str) -> LearnedHeader:
    """Put a species where growths find it.

    Parameters
    ----------
    content : bytes
        Of its file.
    name : str
        Of the file, for the messages.

    Raises
    ------
    SpeciesError
        It is damaged, foreign or newer, or cannot be kept.
    """
    header = read_learned_header(content, name)
    (key,) = header.species.learned
    place = _place(key)
    if place is None:
        raise SpeciesError(NO_FOLDER)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_file() and place.read_bytes() != content:
            # a file names its key itself: one that lies takes no other's place without a way back
            place.replace(place.with_suffix(f"{LEARNED_SUFFIX}.replaced"))
        write_whole(place, content)
    except OSError as error:
        raise SpeciesError(
            f"{header.species.name} could not be kept in {place.parent} ({error.strerror}): "
            "free some space there, or change its rights."
        ) from error
    _headers[key] = header
    return header


def _find(key: str) -> Path | None:
    """Where a unit's species is on this machine."""
    if not is_key(key):
        return None
    own, models = preferences.learned_species(), catalogue.models()
    beside = (folder / name / LEARNED_FOLDER for folder in preferences.model_folders() for name in models)
    return find_learned((own, *beside), key)


def _place(key: str) -> Path | None:
    """Where a unit's species is kept."""
    folder = preferences.learned_species()
    return learned_place(folder, key) if folder is not None and is_key(key) else None
