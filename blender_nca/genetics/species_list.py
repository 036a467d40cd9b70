# SPDX-License-Identifier: GPL-3.0-or-later
"""Species list: the species of a model in one JSON file, where they are too many for a file each.

A thousand small files take seconds to unpack and to read where each is looked at by a virus scanner.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from .species import (
    Species,
    SpeciesError,
    check_format,
    from_values,
    parse_json,
    read_bounded,
    to_values,
    write_file,
)

FILE, PICTURES = "species.json", "species"
"""In the folder of a model: the list, and beside it the folder with the species' pictures."""
FORMAT, VERSION = "neural growth species list", 1
MOST_BYTES = 2**23
MOST = 10_000
"""Bytes of a list, and its species: that of a thousand figures has a twentieth, and a tenth."""


def read_species_list(path: Path | str) -> tuple[list[Species], list[str]]:
    """Read a list.

    Returns
    -------
    list of Species
        In the order of the file.
    list of str
        A message for each entry that is left out: one bad species does not hide the others.

    Raises
    ------
    SpeciesError
        As of `unpack_species_list`; the message begins with the path.
    OSError
        The file is missing or may not be read.
    """
    path = Path(path)
    try:
        pictures = {file.name: file for file in path.with_name(PICTURES).iterdir()}
    except OSError:
        pictures = {}
    try:
        species, problems = unpack_species_list(read_bounded(path, MOST_BYTES), pictures)
    except SpeciesError as error:
        raise SpeciesError(f"{path}: {error}") from error
    return species, [f"{path}: {problem}" for problem in problems]


def write_species_list(path: Path | str, species: Iterable[tuple[Species, str]]) -> None:
    """Write a list, whole or not at all: species, each with the name of its picture's file; raises `OSError`."""
    entries = [{**to_values(one), "picture": picture} for one, picture in species]
    # a line each, so that a change of one shows as one
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    head = json.dumps({"format": FORMAT, "version": VERSION})[:-1]
    write_file(Path(path), f'{head}, "species": [\n{lines}\n]}}\n'.encode())


def unpack_species_list(
    content: bytes, pictures: Mapping[str, Path] = MappingProxyType({})
) -> tuple[list[Species], list[str]]:
    """Read what `write_species_list` wrote, maybe a stranger's.

    Parameters
    ----------
    content : bytes
    pictures : mapping of str to Path
        Those that are there, by their files' names.

    Returns
    -------
    list of Species
    list of str
        What is wrong with those that are left out.

    Raises
    ------
    SpeciesError
        Not JSON, not a list, of a newer version, or far too large.
    """
    if len(content) > MOST_BYTES:
        raise SpeciesError("far too large for a list of species; take it out of the folder")
    entries = check_format(parse_json(content), FORMAT, VERSION, "list of species").get("species")
    if not isinstance(entries, list):
        raise SpeciesError('without "species"; install the model again')
    if len(entries) > MOST:
        raise SpeciesError(f"it has {len(entries)} species: keep {MOST} of them")
    found, problems = [], []
    for number, entry in enumerate(entries, 1):
        try:
            if not isinstance(entry, dict):
                raise SpeciesError("it is not a species; install the model again")
            picture = entry.get("picture")
            found.append(from_values(entry, pictures.get(picture) if isinstance(picture, str) else None))
        except SpeciesError as error:
            problems.append(f"species {number} of the list: {error}")
    return found, problems
