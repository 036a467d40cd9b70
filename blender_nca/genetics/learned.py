# SPDX-License-Identifier: GPL-3.0-or-later
"""What the file of a learned species says of it: the header, which is read without the unit that follows it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .species import Species, SpeciesError, is_key

if TYPE_CHECKING:
    import numpy as np


LEARNED_FORMAT, LEARNED_VERSION = "neural growth learned species", 4
"""Version 1 has no numbers of 8 bits, version 2 no species that are taught further, version 3 none that show what is
finer than cells by themselves."""
LEARNED_HEADER = "learned_species"
"""Under which name the header of the safetensors file has it."""
LEARNED_SUFFIX = ".safetensors"
LEARNED_FOLDER = "learned"
"""Where in a model's folder the learned species are that come with it."""
MOST_LEARNED_BYTES = 2**24
"""A species has a twentieth of that."""


@dataclass(frozen=True, eq=False)
class LearnedHeader:
    """What a file says of the species in it.

    Attributes
    ----------
    species : Species
        Its `learned` is the key of its unit.
    manifold_version : str
        Of the training that it grows on.
    licence : str
    how : dict
        How it was learned: plain values.
    picture : ndarray, uint8, shape (height, width, 3)
        What it was learned from, sRGB-encoded, row 0 at the top.
    """

    species: Species
    manifold_version: str
    licence: str
    picture: np.ndarray
    how: dict = field(default_factory=dict)


def learned_place(folder: Path, key: str) -> Path:
    """Where in a folder the species of a unit lies."""
    return Path(folder) / f"{key}{LEARNED_SUFFIX}"


def find_learned(folders: Iterable[Path | None], key: str) -> Path | None:
    """The file of a unit's species in the first of some folders that has it; None where none has, or all are None."""
    places = (learned_place(folder, key) for folder in folders if folder is not None)
    return next((place for place in places if place.is_file()), None)


def read_learned_header(content: bytes, name: str) -> LearnedHeader:
    """Read what a file says of its species. Whether the unit fits the key that it names is seen when it is grown.

    Parameters
    ----------
    content : bytes
        Of the file.
    name : str
        Of the file, for the messages.

    Raises
    ------
    SpeciesError
        It is damaged, foreign, newer than this version or far too large.
    """
    if len(content) > MOST_LEARNED_BYTES:
        raise SpeciesError(f"{name} is far too large for a learned species: choose another file.")
    first = 8 + int.from_bytes(content[:8], "little")
    try:
        header = json.loads(content[8:first])
        said = json.loads(header["__metadata__"][LEARNED_HEADER])
        known = said["format"] == LEARNED_FORMAT
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        raise SpeciesError(f"{name} is damaged, or no learned species: choose another file.") from error
    if not known:
        raise SpeciesError(f"{name} is no learned species: choose another file.")
    version = said.get("version")
    if type(version) is not int or version > LEARNED_VERSION:
        raise SpeciesError(f"{name} is of version {version!r:.40}, newer than this Neural Growth: update it.")
    try:
        return _make(said, _read_picture(header, content[first:]))
    except (LookupError, TypeError, ValueError, OverflowError) as error:
        raise SpeciesError(f"{name} is damaged ({error!s:.200}): ask for it again.") from error


def _read_picture(header: dict, numbers: bytes) -> np.ndarray:
    """The picture among the tensors of a safetensors file, whose end has to be there, too."""
    import numpy as np

    entry = header["picture"]
    if len(numbers) != max(each["data_offsets"][1] for key, each in header.items() if key != "__metadata__"):
        raise ValueError("its end is missing")
    begin, end = entry["data_offsets"]
    picture = np.frombuffer(numbers[begin:end], np.uint8).reshape(entry["shape"])
    if entry["dtype"] != "U8" or picture.ndim != 3 or picture.shape[2] != 3:
        raise ValueError("its picture is none")
    return picture


def _make(said: dict, picture: np.ndarray) -> LearnedHeader:
    key, tags = said["key"], tuple(said["tags"])
    if not is_key(key):
        raise ValueError("it names no unit")
    species = Species(said["name"], said["dna"], said["manifold"], tags, said["author"], learned=(key,))
    return LearnedHeader(
        species, str(said["manifold_version"]), str(said["licence"]), picture, dict(said["learned"])
    )
