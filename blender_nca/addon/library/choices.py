# SPDX-License-Identifier: GPL-3.0-or-later
"""Choices: the library as the items of Blender's enumerations."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from ...genetics.species import Species
from ..host.hook import Hook
from . import catalogue

if TYPE_CHECKING:
    from ...genetics.library import Library

Item = tuple[str, str, str, int | str, int]
"""Identifier, name, description, icon and number of an enumeration's item."""

icons = Hook()
"""Asked with a species for the number of the icon that shows its picture; 0 where it has none."""
pictures = Hook()
"""Asked with the path of a picture for the number of its icon; 0 where there is none."""
redrawn = Hook()
"""Called with the path of a picture that is another one now."""
unlisted = Hook()
"""Asked with a species that a material keeps and no library lists (`manifold`, `species`, `dna`): the number of its
icon, 0 where it has none yet; None where nothing is known of it."""

_items: dict[str, list[Item]] = {}
"""The choices last given to Blender for each list: it keeps no reference to their texts."""
_known: dict[str, tuple[Library, list[Item]]] = {}
"""Model -> its species as items, and the library that they are of."""


def species_choices(
    name: str, manifold: str = "", missing: tuple[str, str] | None = None, icon: int | None = None
) -> list[Item]:
    """The items of an enumeration of species.

    Parameters
    ----------
    name : str
        Which list this is; its texts are kept under this name.
    manifold : str
        Only this model's species; all if empty.
    missing : (manifold, name), optional
        A species that is chosen though it is not in the library: listed too.
    icon : int, optional
        The number of its icon, where `unlisted` knows it; without it there is no picture.
    """
    items = list(_choices_of(manifold))
    if missing is not None:
        identifier = identify(*missing)
        text, about = f"{missing[1]} (missing)", "Not in the library on this machine"
        if icon is not None:
            text, about = missing[1], "Kept by this material"
        shown: int | str = "QUESTION" if icon is None else icon
        items.append((identifier, text, about, shown, _identity(identifier)))
    if not items:
        items.append(("NONE", "No species", "No species is installed", 0, 0))
    _items[name] = items
    return items


def _choices_of(manifold: str) -> list[Item]:
    """The items of a model's species, or of all: they are asked for several times whenever the panel is drawn."""
    library = catalogue.species()
    found = _known.get(manifold)
    if found is None or found[0] is not library:
        items: list[Item] = []
        taken: set[int] = set()
        for one in catalogue.in_order():
            if manifold and one.manifold != manifold:
                continue
            about = ", ".join(one.tags) or f"Of the model {one.manifold}"
            identifier = identify(one.manifold, one.name)
            items.append((identifier, one.name, about, _icon_of(one), _number(one, taken)))
        found = _known[manifold] = library, items
    return found[1]


def forget_pictures() -> None:
    """Ask for all icons again: there are others now."""
    _known.clear()


def model_choices(missing: str = "") -> list[Item]:
    """The items of an enumeration of models: those with species, and one that is chosen though it is not here."""
    names = [name for name in catalogue.manifolds() if name in catalogue.models()]
    items: list[Item] = []
    for name in names:
        title = catalogue.models()[name].get("title")
        count = len(catalogue.species().of(name))
        about = f"{count} species. Only species of one model blend with each other"
        items.append((name, title if isinstance(title, str) and title else name, about, 0, _identity(name)))
    if missing and missing not in names:
        items.append((missing, f"{missing} (missing)", "Not on this machine", "QUESTION", _identity(missing)))
    _items["models"] = items
    return items


def number_of(items: list[Item], manifold: str, name: str) -> int:
    """The number of a species in an enumeration's items; the first item's where it is not there."""
    identifier = identify(manifold, name)
    return next((item[4] for item in items if item[0] == identifier), items[0][4] if items else 0)


def identify(manifold: str, name: str) -> str:
    """Name a species in an enumeration."""
    return f"{manifold}/{name}"


def _identity(name: str) -> int:
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


def _number(one: Species, taken: set[int]) -> int:
    # From the name, so that a species added to the library leaves the others' numbers alone.
    number = _identity(identify(one.manifold, one.name))
    while number in taken:
        number = (number + 1) & 0x7FFFFFFF
    taken.add(number)
    return number


def _icon_of(one: Species) -> int:
    return next(iter(icons(one)), 0)


def release() -> None:
    """Forget the texts, as the add-on is switched off."""
    _items.clear()
    _known.clear()
