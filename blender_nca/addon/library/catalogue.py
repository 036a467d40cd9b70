# SPDX-License-Identifier: GPL-3.0-or-later
"""Catalogue: the models and species that an artist can choose from.

They are read when something first asks for them, and kept until `forget`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...genetics.species import Species
from ..host.hook import Hook
from ..settings import preferences

if TYPE_CHECKING:
    from ...genetics.library import Library


MODEL_FILE, CARD_FILE = "manifold.safetensors", "card.json"
MOST_CARD_BYTES = 2**22

forgotten = Hook()
"""Called when all is to be read again, pictures too."""
reloaded = Hook()
"""Called when there may be other models and species: ask again for what is to be seen."""

_library: Library | None = None
_ordered: tuple[Library, dict[str, dict[str, Any]], list[Species]] | None = None
"""Library and models, and the species of both in order."""
_models: dict[str, dict[str, Any]] | None = None


def forget() -> None:
    """Read everything again when it is next asked for, pictures too."""
    global _library, _models
    _library = _models = None
    forgotten()


def forget_species() -> None:
    """Read the species again when somebody asks: one was saved, or taken away. Models and pictures stay."""
    global _library
    _library = None


def reload() -> None:
    """Forget everything, and tell who shows something of it."""
    forget()
    reloaded()


def species() -> Library:
    """All species, from the bundled models, the artist's own, and the folders named in the preferences."""
    from ...genetics.library import read_library

    global _library
    if _library is None:
        _library = read_library(preferences.model_folders())
    return _library


def models() -> dict[str, dict[str, Any]]:
    """Model name -> its card (empty where the card is missing or broken: the engine says what is wrong with it)."""
    global _models
    if _models is None:
        _models = {}
        for folder in preferences.model_folders():
            for file in model_files(folder):
                _models[file.parent.name] = read_card(file.with_name(CARD_FILE))
    return _models


def grows_figures(manifold: str) -> bool:
    """Whether what a model grows has an outline, by its card."""
    return models().get(manifold, {}).get("kind") == "figures"


def figure_cells(manifold: str) -> int:
    """Cells a side of the grid that a model's figures fill, by its card; 0 of a model of textures."""
    cells = models().get(manifold, {}).get("cells")
    return cells if grows_figures(manifold) and type(cells) is int and cells > 0 else 0


def dna_length(manifold: str) -> int | None:
    """Letters of a model's DNA, from its card or else its species; None where neither is there."""
    sizes = models().get(manifold, {}).get("architecture")
    length = sizes.get("dna_length") if isinstance(sizes, dict) else None
    if isinstance(length, int) and length > 0:
        return length
    return next((len(one.dna) for one in species().of(manifold)), None)


def in_order() -> list[Species]:
    """All species as an artist looks through them: materials before figures, model by model, by name."""

    library, cards = species(), models()

    def place(one: Species) -> tuple[bool, str]:
        return grows_figures(one.manifold), one.manifold

    global _ordered
    if _ordered is None or _ordered[0] is not library or _ordered[1] is not cards:
        _ordered = library, cards, sorted(library.species, key=place)  # stable: by name within a model
    return _ordered[2]


def manifolds() -> list[str]:
    """The models that species are of, in that order."""
    return list(dict.fromkeys(one.manifold for one in in_order()))


def default_species(manifold: str = "") -> tuple[Species, Species] | tuple[None, None]:
    """The two species that a new growth starts with: the first two of a model (of the first that is there, if none is
    named); (None, None) if it has none."""
    usable = [one for one in in_order() if one.manifold in models()] or list(species().species)
    usable = [one for one in usable if not manifold or one.manifold == manifold]
    if not usable:
        return None, None
    same = [one for one in usable if one.manifold == usable[0].manifold]
    return same[0], same[1] if len(same) > 1 else same[0]


def model_files(folder: Path) -> list[Path]:
    """The weights of the models in a folder, by the models' names."""
    try:
        return sorted(folder.glob(f"*/{MODEL_FILE}"))
    except OSError:
        return []


def read_card(path: Path) -> dict[str, Any]:
    """A model's card; empty where it is missing or broken."""
    try:
        card = json.loads(path.read_text("utf-8")) if path.stat().st_size <= MOST_CARD_BYTES else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return card if isinstance(card, dict) else {}
