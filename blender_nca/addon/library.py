# SPDX-License-Identifier: GPL-3.0-or-later
"""Library: the species and models that an artist can choose from, with their pictures.

Read when something first asks for it, kept until `forget`.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import bpy.utils.previews

from ..genetics import Library, read_library
from . import preferences

MODEL_FILE = "manifold.safetensors"

_library: Library | None = None
_models: dict[str, dict] | None = None
_previews = None
_items: dict[str, list] = {}
"""The choices last given to Blender for each list: it keeps no reference to their texts."""


def forget() -> None:
    """Read everything again when it is next asked for, pictures too."""
    global _library, _models
    _library = _models = None
    if _previews is not None:
        _previews.clear()


def release() -> None:
    """Give the pictures back, as the add-on is switched off."""
    global _previews
    forget()
    _items.clear()
    if _previews is not None:
        bpy.utils.previews.remove(_previews)
        _previews = None


def species() -> Library:
    """All species, from the bundled models, the artist's own, and the folders named in the preferences."""
    global _library
    if _library is None:
        _library = read_library(preferences.model_folders())
    return _library


def models() -> dict[str, dict]:
    """Model name -> its card (empty where the card is missing or broken: the engine says what is wrong with it)."""
    global _models
    if _models is None:
        _models = {}
        for folder in preferences.model_folders():
            for file in sorted(_files(folder)):
                _models[file.parent.name] = _read_card(file.with_name("card.json"))
    return _models


def dna_length(manifold: str) -> int | None:
    """Letters of a model's DNA, from its card or else its species; None where neither is there."""
    sizes = models().get(manifold, {}).get("architecture")
    length = sizes.get("dna_length") if isinstance(sizes, dict) else None
    if isinstance(length, int) and length > 0:
        return length
    return next((len(one.dna) for one in species().of(manifold)), None)


def in_order() -> list:
    """All species as an artist looks through them: materials before figures, model by model, by name."""

    def place(one):
        return models().get(one.manifold, {}).get("kind") == "figures", one.manifold

    return sorted(species().species, key=place)  # stable: by name within a model


def default_species(manifold: str = ""):
    """The two species that a new growth starts with: the first two of a model (of the first that is there, if none is
    named); (None, None) if it has none."""
    usable = [one for one in in_order() if one.manifold in models()] or list(species().species)
    usable = [one for one in usable if not manifold or one.manifold == manifold]
    if not usable:
        return None, None
    same = [one for one in usable if one.manifold == usable[0].manifold]
    return same[0], same[1] if len(same) > 1 else same[0]


def choices(name: str, manifold: str = "", missing: tuple[str, str] | None = None) -> list[tuple]:
    """The items of an enumeration of species.

    Parameters
    ----------
    name : str
        Which list this is; its texts are kept under this name.
    manifold : str
        Only this model's species; all if empty.
    missing : (manifold, name), optional
        A species that is chosen though it is not in the library: listed too, without a picture.
    """
    items, taken = [], set()
    for one in in_order():
        if manifold and one.manifold != manifold:
            continue
        about = ", ".join(one.tags) or f"Of the model {one.manifold}"
        items.append((identify(one.manifold, one.name), one.name, about, icon_of(one), _number(one, taken)))
    if missing is not None:
        identifier = identify(*missing)
        items.append(
            (
                identifier,
                f"{missing[1]} (missing)",
                "Not in the library on this machine",
                "QUESTION",
                _identity(identifier),
            )
        )
    if not items:
        items.append(("NONE", "No species", "No species is installed", 0, 0))
    _items[name] = items
    return items


def model_choices(missing: str = "") -> list[tuple]:
    """The items of an enumeration of models: those with species, and one that is chosen though it is not here."""
    names = list(dict.fromkeys(one.manifold for one in in_order() if one.manifold in models()))
    items = []
    for name in names:
        title = models()[name].get("title")
        count = len(species().of(name))
        about = f"{count} species. Only species of one model blend with each other"
        items.append((name, title if isinstance(title, str) and title else name, about, 0, _identity(name)))
    if missing and missing not in names:
        items.append((missing, f"{missing} (missing)", "Not on this machine", "QUESTION", _identity(missing)))
    _items["models"] = items
    return items


def number_of(items: list[tuple], manifold: str, name: str) -> int:
    """The number of a species in an enumeration's items; the first item's where it is not there."""
    identifier = identify(manifold, name)
    return next((item[4] for item in items if item[0] == identifier), items[0][4] if items else 0)


def identify(manifold: str, name: str) -> str:
    return f"{manifold}/{name}"


def icon_of(one) -> int:
    """The icon with a species' picture; 0 where it has none."""
    global _previews
    if one.picture is None:
        return 0
    if _previews is None:
        _previews = bpy.utils.previews.new()
    key = f"{one.picture}"
    if key not in _previews:
        try:
            _previews.load(key, key, "IMAGE")
        except (KeyError, RuntimeError, OSError):
            return 0
    return _previews[key].icon_id


def _identity(name: str) -> int:
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


def _number(one, taken: set[int]) -> int:
    # From the name, so that a species added to the library leaves the others' numbers alone.
    number = _identity(identify(one.manifold, one.name))
    while number in taken:
        number = (number + 1) & 0x7FFFFFFF
    taken.add(number)
    return number


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.glob(f"*/{MODEL_FILE}"))
    except OSError:
        return []


def _read_card(path: Path) -> dict:
    try:
        card = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return card if isinstance(card, dict) else {}
