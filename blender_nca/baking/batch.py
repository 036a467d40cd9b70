# SPDX-License-Identifier: GPL-3.0-or-later
"""Batch: the species and blends that one growth is baked from, one after the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..automaton.growth import Genotype
from ..genetics import LEARNED_FOLDER, Library, Species, find_learned, read_library
from .command_line import ArgumentError, names_in
from .naming import folder_name

MOST_STEPS = 16
_PART = re.compile(r"(?:(\d+(?:\.\d+)?)\s+)?(.+)")


@dataclass(frozen=True)
class Member:
    """One of a batch.

    Attributes
    ----------
    name : str
        As it is called, and its folder.
    genotype : Genotype
    learned : tuple of str
        Keys of the units of learned species that it grows by.
    """

    name: str
    genotype: Genotype
    learned: tuple[str, ...] = ()


def members_of(species: str, blends: str, steps: int, manifold: str, folders: Sequence[Path]) -> list[Member]:
    """Say what a batch is grown from.

    Parameters
    ----------
    species : str
        Names between commas, or blends of them: "Moss, 0.3 Moss + 0.7 Rust".
    blends : str
        Two names, from one to the other, or four, as the corners of a sheet; row by row.
    steps : int
        Blends along a side.
    manifold : str
        Whose species they are.
    folders : sequence of Path
        Where species are looked for, the first of a name counts.

    Raises
    ------
    ArgumentError
        There is no such species, or another number of them, or one was learned and does not come with the model.
    """
    if not (species or blends):
        return []
    library = read_library(reversed(folders))
    members = [_read(text, manifold, library) for text in names_in(species)]
    if blends:
        members += _between([_find(name, manifold, library) for name in names_in(blends)], steps)
    beside = [folder / manifold / LEARNED_FOLDER for folder in folders]
    seen: dict[str, str] = {}
    for member in members:
        if any(find_learned(beside, key) is None for key in member.learned):
            raise ArgumentError(
                f"{member.name} was learned from a picture, and grows by a file of its own: choose it in Blender, and "
                "export that growth."
            )
        key = folder_name(member.name).casefold()
        if key in seen:
            raise ArgumentError(
                f"{member.name} and {seen[key]} would go into one folder: name each species once."
            )
        seen[key] = member.name
    return members


def _read(text: str, manifold: str, library: Library) -> Member:
    """A species, or a blend of several with their weights."""
    alone = library.find(manifold, text)
    if alone is not None:
        return _member([(1.0, alone)])
    parts = []
    for part in text.split("+"):
        found = _PART.fullmatch(part.strip())
        if found is None:
            raise ArgumentError(f"{text!r} is no blend: write it as 0.3 Moss + 0.7 Rust.")
        parts.append((float(found[1] or 1), _find(found[2], manifold, library)))
    if not sum(weight for weight, _ in parts):
        raise ArgumentError(f"{text!r} has no weight above 0: give one of its species some.")
    return _member(parts)


def _between(corners: Sequence[Species], steps: int) -> list[Member]:
    if len(corners) not in (2, 4):
        raise ArgumentError(f"Blends of {len(corners)} species: name two, or four as the corners of a sheet.")
    if not 2 <= steps <= MOST_STEPS:
        raise ArgumentError(f"{steps} blends along a side: choose 2 to {MOST_STEPS}.")
    shares = [number / (steps - 1) for number in range(steps)]
    members = []
    for down in shares if len(corners) == 4 else (0.0,):
        for right in shares:
            weights = [(1 - right) * (1 - down), right * (1 - down), (1 - right) * down, right * down]
            parts = zip(weights, corners, strict=False)
            members.append(_member([(weight, one) for weight, one in parts if weight > 0]))
    return members


def _member(parts: Sequence[tuple[float, Species]]) -> Member:
    total = sum(weight for weight, _ in parts)
    shares = [(weight / total, one) for weight, one in parts if weight > 0]
    name = shares[0][1].name
    if len(shares) > 1:
        name = " + ".join(f"{share:.3g} {one.name}" for share, one in shares)
    weights = tuple(share for share, _ in shares)
    learned = tuple(dict.fromkeys(key for _, one in shares for key in one.learned))
    return Member(name, Genotype(tuple(one.dna for _, one in shares), (weights,)), learned)


def _find(name: str, manifold: str, library: Library) -> Species:
    found = library.find(manifold, name)
    if found is None:
        known = ", ".join(one.name for one in library.of(manifold)) or "none"
        raise ArgumentError(f"The model {manifold!r} has no species {name!r}: choose among {known}.")
    return found
