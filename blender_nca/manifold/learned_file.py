# SPDX-License-Identifier: GPL-3.0-or-later
"""A learned species on disk: one file that can be given away, with its unit, DNA, picture and licence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..genetics.learned import LEARNED_FOLDER, MOST_LEARNED_BYTES
from ..genetics.learned import LEARNED_FORMAT as FORMAT
from ..genetics.learned import LEARNED_HEADER as _HEADER
from ..genetics.learned import LEARNED_SUFFIX as SUFFIX
from ..genetics.learned import LEARNED_VERSION as VERSION
from ..genetics.learned import learned_place as place
from ..genetics.species import Species
from ..maps.whole_file import write_whole
from . import own_unit, tensors
from .architecture import Architecture
from .model_file import ManifoldError
from .own_unit import OwnUnit
from .recognition import Reading

__all__ = ["SUFFIX", "LearnedSpecies", "check_fit", "keep", "place", "read", "read_units", "write"]

_FINE = "fine."
"""Begins the names of what paints what is finer than cells; see `OwnUnit.fine`."""
_EXPONENTS = ".exponents"
"""Ends the name of what goes with an array of 8 bits; see `own_unit.to_bytes`."""


@dataclass(frozen=True, eq=False)
class LearnedSpecies:
    """A species that was learned from a picture.

    Attributes
    ----------
    species : Species
    unit : OwnUnit
    manifold_version : str
        Of the training that it was learned on, and grows on; see `genetics.version.version_of`.
    picture : ndarray, uint8, shape (height, width, 3)
        What it was learned from, sRGB-encoded, row 0 at the top.
    licence : str
        Of the picture and what was learned from it; empty where nobody said.
    learned : dict
        How: plain values, for people.
    reading : Reading, optional
        What an encoder read from that picture, by which others like it are recognised.
    """

    species: Species
    unit: OwnUnit
    manifold_version: str
    picture: np.ndarray
    licence: str = ""
    learned: dict = field(default_factory=dict)
    reading: Reading | None = None


def write(path: Path, learned: LearnedSpecies) -> None:
    """Write a learned species, whole or not at all.

    Raises
    ------
    OSError
        As of `maps.whole_file.write_whole`.
    """
    species, arrays = learned.species, {}
    fine = {f"{_FINE}{name}": array for name, array in (learned.unit.fine or {}).items()}
    for name, array in {**learned.unit.added, **fine}.items():
        arrays.update(_shorten(name, array))
    has_bytes = any(array.dtype == np.int8 for array in arrays.values())
    # what an older add-on can read, it shall
    version = VERSION if fine else 3 if learned.unit.further else 2 if has_bytes else 1
    said = {
        "format": FORMAT,
        "version": version,
        "name": species.name,
        "manifold": species.manifold,
        "manifold_version": learned.manifold_version,
        "dna": species.dna,
        "tags": list(species.tags),
        "author": species.author,
        "licence": learned.licence,
        "key": learned.unit.key,  # for who reads the header alone
        "silent_below": learned.unit.silent_below,
        "learned": learned.learned,
    }
    # who knows nothing of these reads the rest
    said |= {"further": True} if learned.unit.further else {}
    said |= {"reading": learned.reading.to_json()} if learned.reading else {}
    arrays["picture"] = learned.picture
    write_whole(Path(path), tensors.pack({_HEADER: json.dumps(said)}, arrays))


def _shorten(name: str, array: np.ndarray) -> dict[str, np.ndarray]:
    """Numbers that 8 bits hold whole, or 16, in so many: a quarter or half of the file."""
    whole, exponents = own_unit.to_bytes(array)
    if np.array_equal(own_unit.from_bytes(whole, exponents), array):
        return {name: whole, f"{name}{_EXPONENTS}": exponents}
    with np.errstate(over="ignore"):
        short = array.astype(np.float16)
    return {name: short if np.array_equal(short.astype(array.dtype), array) else array}


def _lengthen(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What `_shorten` has made short, as it was."""
    return {
        name: own_unit.from_bytes(array, arrays[f"{name}{_EXPONENTS}"]) if array.dtype == np.int8 else array
        for name, array in arrays.items()
        if not name.endswith(_EXPONENTS)
    }


def read(path: Path) -> LearnedSpecies:
    """Read a learned species.

    Raises
    ------
    ManifoldError
        It cannot be read, or is damaged, foreign, newer than this version or far too large; the message begins with
        the path.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MOST_LEARNED_BYTES:
            raise ManifoldError(f"{path} is far too large for a learned species: choose another file.")
        content = path.read_bytes()
    except OSError as error:
        raise ManifoldError(f"{path} cannot be read ({error.strerror}): choose the file again.") from error
    try:
        metadata, arrays = tensors.unpack(content)
        said = json.loads(metadata.get(_HEADER, "null"))
    except (AttributeError, RecursionError, TypeError, ValueError) as error:
        raise ManifoldError(f"{path} is damaged, or no learned species: ask for it again.") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ManifoldError(f"{path} is not a learned species: choose another file.")
    version = said.get("version")
    if type(version) is not int or version > VERSION:
        raise ManifoldError(
            f"{path} is of version {version!r:.40}, newer than this Neural Growth: update it."
        )
    try:
        return _make(said, arrays)
    except (LookupError, TypeError, ValueError, OverflowError) as error:
        raise ManifoldError(f"{path} is damaged ({error!s:.200}): ask for it again.") from error


def _make(said: dict, arrays: dict[str, np.ndarray]) -> LearnedSpecies:
    species = Species(said["name"], said["dna"], said["manifold"], tuple(said["tags"]), said["author"])
    silent_below, picture = float(said["silent_below"]), arrays.pop("picture")
    if not own_unit.SILENT_BELOW <= silent_below < 1:
        raise ValueError("its unit is never silent")
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3 or picture.size == 0:
        raise ValueError("its picture is none")
    arrays = _lengthen(arrays)
    fine = {name: arrays.pop(f"{_FINE}{name}") for name in own_unit.OF_FINE if f"{_FINE}{name}" in arrays}
    is_whole = set(arrays) == {*own_unit.OF_RULE, *own_unit.OF_PAINTER}
    is_whole = is_whole and len(fine) in (0, len(own_unit.OF_FINE))
    if not is_whole or not all(np.isfinite(array).all() for array in (*arrays.values(), *fine.values())):
        raise ValueError("its unit is not whole")
    unit = OwnUnit(species.dna, silent_below, arrays, bool(said.get("further")), fine or None)
    version, licence, learned = said["manifold_version"], said["licence"], said["learned"]
    if not (isinstance(version, str) and isinstance(licence, str) and isinstance(learned, dict)):
        raise ValueError("its header is not whole")
    reading = Reading.from_json(said["reading"], len(species.dna)) if "reading" in said else None
    return LearnedSpecies(species, unit, version, picture, licence, learned, reading)


def keep(folder: Path, learned: LearnedSpecies) -> Path:
    """Put a learned species where growths that name its unit find it; returns the path."""
    path = place(folder, learned.unit.key)
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, learned)
    return path


def read_units(folder: Path, species: Iterable[Species] | None = None) -> tuple[OwnUnit, ...]:
    """The units of the learned species that come with a model, in the folder of the model; raises as `read`.

    Parameters
    ----------
    folder : Path
    species : iterable of Species, optional
        Those of these alone.
    """
    paths = sorted((Path(folder) / LEARNED_FOLDER).glob(f"*{SUFFIX}"))
    if species is not None:
        keys = {key for one in species for key in one.learned}
        paths = [path for path in paths if path.stem in keys]
    return tuple(read(path).unit for path in paths)


def check_fit(learned: LearnedSpecies, name: str, version: str, sizes: Architecture) -> None:
    """Make sure that a species grows on a manifold.

    Parameters
    ----------
    learned : LearnedSpecies
    name, version : str
        Of the manifold, and of its training.
    sizes : Architecture
        Of the manifold.

    Raises
    ------
    ManifoldError
        It was learned on another manifold, or on another training of it.
    """
    species = learned.species
    if species.manifold != name:
        raise ManifoldError(
            f"'{species.name}' was learned on the model '{species.manifold}' and does not grow on '{name}': "
            "choose species of one model."
        )
    unit, fine = learned.unit, learned.unit.fine
    fitting = _shapes(unit.added) == own_unit.shapes(sizes)
    fitting = fitting and (fine is None or _shapes(fine) == own_unit.fine_shapes(sizes))
    if not fitting or len(species.dna) != sizes.dna_length or learned.manifold_version != version:
        raise ManifoldError(
            f"'{species.name}' was learned on another training of the model '{name}': install that one, or learn "
            "the species again from its picture."
        )


def _shapes(arrays: Mapping[str, np.ndarray]) -> dict[str, tuple[int, ...]]:
    return {name: array.shape for name, array in arrays.items()}
