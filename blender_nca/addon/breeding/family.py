# SPDX-License-Identifier: GPL-3.0-or-later
"""Family: the sheet that a material offers, what was taken from it, and from whom that came."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ...genetics.species import Species
from ..library import catalogue, learned
from ..material.properties import NCA_PG_parent
from ..material.updates import material_of
from . import pictures
from .properties import NCA_PG_bred, breeding_of

if TYPE_CHECKING:
    from .properties import Breeding

MOST_NAMES = 3
"""Species in the name of a child."""


class FamilyError(ValueError):
    """What cannot be taken or found; the message is for the artist."""


class Child(NamedTuple):
    """One that can be taken.

    Attributes
    ----------
    dna : str
    parents : tuple of Species
        One, or two.
    """

    dna: str
    parents: tuple[Species, ...]

    @property
    def learned(self) -> tuple[str, ...]:
        """Keys of the units that it grows by: its parents'."""
        return tuple(dict.fromkeys(key for parent in self.parents for key in parent.learned))


def species_of(parent: NCA_PG_parent | NCA_PG_bred) -> Species:
    """What a material keeps, as a species."""
    keys = learned.keys_in(parent.learned)
    return Species(parent.species or "Unnamed", parent.dna, parent.manifold, learned=keys)


def offer(nca: Breeding, children: list[Child]) -> None:
    """Lay children out as the sheet, in place of what was there."""
    nca.offspring.clear()
    pictures.leave()  # those of the sheet before
    for child in children:
        nca.bred += 1
        one = nca.offspring.add()
        one.species = f"{_name(nca, child.parents)} {nca.bred}"
        one.dna, one.manifold = child.dna, child.parents[0].manifold
        one.learned = learned.text_of(child.learned)
        one.first_species, one.first_dna = child.parents[0].name, child.parents[0].dna
        one.first_learned = learned.text_of(child.parents[0].learned)
        if len(child.parents) > 1:
            one.second_species, one.second_dna = child.parents[1].name, child.parents[1].dna
            one.second_learned = learned.text_of(child.parents[1].learned)


def take(nca: Breeding, number: int) -> NCA_PG_bred:
    """Make one of the sheet species A, and keep from whom it came.

    Parameters
    ----------
    nca : Breeding
    number : int
        In the sheet, from 0.

    Raises
    ------
    FamilyError
        It is not there, or of another model than species B.
    """
    if not 0 <= number < len(nca.offspring):
        raise FamilyError(
            f"There is no number {number + 1} in the sheet of {len(nca.offspring)}: choose another one."
            if nca.offspring
            else "There are no offspring yet: press Breed first."
        )
    one = nca.offspring[number]
    _check(nca, one)
    said = [(one.first_species, one.first_dna, one.first_learned)]
    if one.second_dna:
        said.append((one.second_species, one.second_dna, one.second_learned))
    parents = [Species(name, dna, one.manifold, learned=learned.keys_in(keys)) for name, dna, keys in said]
    return _become(nca, species_of(one), tuple(parents))


def add(nca: Breeding, child: Child) -> NCA_PG_bred:
    """Make a child of no sheet species A, and keep from whom it came."""
    nca.bred += 1
    name = f"{_name(nca, child.parents)} {nca.bred}"
    species = Species(name, child.dna, child.parents[0].manifold, learned=child.learned)
    return _become(nca, species, child.parents)


def go_to(nca: Breeding, number: int) -> NCA_PG_bred:
    """Make one of the ancestry species A again; -1 is what A came from: its first parent, or itself before an edit.

    Raises
    ------
    FamilyError
        It is not there, or of another model than species B.
    """
    if number == -1:
        number = _before(nca)
        if number < 0:
            raise FamilyError(
                f"{nca.a.species or 'A'} has no parents here: it was not bred on this material."
            )
    if not 0 <= number < len(nca.ancestry):
        raise FamilyError(f"There is no ancestor {number}: there are {len(nca.ancestry)}, from 0 on.")
    one = nca.ancestry[number]
    _check(nca, one)
    nca.a.choose(species_of(one))
    return one


def parent_of(nca: Breeding) -> NCA_PG_bred | None:
    """What species A came from, where that is known here: its first parent, or itself before an edit."""
    number = _before(nca)
    return nca.ancestry[number] if 0 <= number < len(nca.ancestry) else None


def depth(nca: Breeding, number: int) -> int:
    """How many generations lie before one of the ancestry. Those who come before have smaller numbers."""
    generations = 0
    while 0 <= (before := nca.ancestry[number].first) < number:
        number, generations = before, generations + 1
    return generations


def find(nca: Breeding, name: str) -> Species:
    """Look a species up by its name: among what was bred here, then in the library, of the growth's model.

    Raises
    ------
    FamilyError
        There is none of that name.
    """
    wanted = name.strip().casefold()
    for one in [*reversed(nca.ancestry), *nca.offspring, nca.a, nca.b]:
        if one.manifold == nca.a.manifold and one.dna and one.species.casefold() == wanted:
            return species_of(one)
    for listed in catalogue.species().of(nca.a.manifold):
        if listed.name.casefold() == wanted:
            return listed
    raise FamilyError(
        f"There is no species “{name.strip()}” of this model: choose one of the library, or one bred here."
    )


def names(nca: Breeding) -> list[str]:
    """What `find` finds, the artist's own first."""
    bred = [
        one.species for one in [*reversed(nca.ancestry), *nca.offspring] if one.manifold == nca.a.manifold
    ]
    return list(dict.fromkeys([*bred, *(one.name for one in catalogue.species().of(nca.a.manifold))]))


def key_of(nca: Breeding, parent: NCA_PG_parent | NCA_PG_bred) -> pictures.Key:
    """What the picture of a species that a material keeps depends on."""
    keys = learned.keys_in(parent.learned)
    return pictures.Key(parent.manifold, nca.model_version, parent.dna, keys)


def icon_of(parent: NCA_PG_parent) -> int | None:
    """The picture of a species that is in no library but was bred here; None of another."""
    nca = breeding_of(material_of(parent))
    if _find(nca, parent.manifold, parent.dna) < 0 and _find_name(nca, parent.manifold, parent.species) < 0:
        return None
    return pictures.icon_of(key_of(nca, parent))


def _check(nca: Breeding, one: NCA_PG_bred) -> None:
    if one.manifold != nca.b.manifold:
        raise FamilyError(
            f"{one.species} is of the model “{one.manifold}” and species B of “{nca.b.manifold}”: "
            "choose a species of that model first, or breed anew."
        )


def _become(nca: Breeding, species: Species, parents: tuple[Species, ...]) -> NCA_PG_bred:
    """Let species A be a child of some parents."""
    numbers = [_remember(nca, parent) for parent in parents]
    number = _remember(nca, species, *numbers)
    nca.a.choose(species_of(nca.ancestry[number]))
    return nca.ancestry[number]


def _remember(nca: Breeding, species: Species, first: int = -1, second: int = -1) -> int:
    """Its number in the ancestry, which it joins where it is not there. Who is there keeps the parents it had.

    One that was edited by hand comes from itself.
    """
    number = _find(nca, species.manifold, species.dna)
    if number < 0:
        first = first if first >= 0 else _find_name(nca, species.manifold, species.name)
        number = len(nca.ancestry)
        one = nca.ancestry.add()
        one.species, one.manifold, one.dna = species.name, species.manifold, species.dna
        one.learned = learned.text_of(species.learned)
        one.first, one.second = first, second
    return number


def _find(nca: Breeding, manifold: str, dna: str) -> int:
    return next((n for n, one in enumerate(nca.ancestry) if (one.manifold, one.dna) == (manifold, dna)), -1)


def _find_name(nca: Breeding, manifold: str, name: str) -> int:
    """The last of that name, whatever its letters; -1 where there is none."""
    named = [(one.manifold, one.species) for one in nca.ancestry]
    return max((n for n, one in enumerate(named) if one == (manifold, name)), default=-1)


def _before(nca: Breeding) -> int:
    """The number of what species A came from; -1 where that is not known here."""
    present = _find(nca, nca.a.manifold, nca.a.dna)
    return nca.ancestry[present].first if present >= 0 else _find_name(nca, nca.a.manifold, nca.a.species)


def _name(nca: Breeding, parents: tuple[Species, ...]) -> str:
    """A child's name without its number: the species that it comes from."""
    bred = {one.species for one in nca.ancestry if one.first >= 0}
    found: dict[str, None] = {}
    for parent in parents:
        name = re.sub(r" \d+$", "", parent.name) if parent.name in bred else parent.name
        found.update(dict.fromkeys(name.split(" x ")))
    return " x ".join(list(found)[:MOST_NAMES])
