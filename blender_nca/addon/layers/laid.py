# SPDX-License-Identifier: GPL-3.0-or-later
"""Laid: the layers of a material as the plain data that a growth is described by."""

from __future__ import annotations

import bpy

from ...automaton.growth import Genotype
from ...automaton.growth_error import GrowthError
from ..habitat.kept import read_kept
from ..library import catalogue
from ..material.layering import Layered
from ..material.properties import NCA_PG_parent
from ..material.track import read_tracks
from .properties import EVERYWHERE, NCA_PG_layer, layered

BASE = "nca.base_weight"

_laid: dict[int, tuple[tuple[object, ...], Layered]] = {}
"""Session uid of a material -> what its layers were described from, and they."""


def layered_of(material: bpy.types.Material, frame: int) -> Layered | None:
    """The layers of a growth as far as a frame of it needs them; None where there are none. See `layering.layered`.

    Raises
    ------
    GrowthError
        A layer has no species, or one of another model; the message says what to do.
    """
    nca = layered(material)
    if not len(nca.layers):
        return None
    tracks = read_tracks(material, frame)
    there = [(number, layer) for number, layer in enumerate(nca.layers) if grows(layer)]
    for _, layer in there:
        _check(layer, nca.a.manifold)
    said = (
        nca.meeting,
        tracks[BASE],
        *(
            (number, layer.parent.dna, tracks[path_of(number)], layer.border, _digest(layer))
            for number, layer in there
        ),
    )
    held = _laid.get(material.session_uid)
    if held is None or held[0] != said:
        genotypes, of_seeds = [], [0] * (1 + len(nca.layers))
        for number, layer in there:
            region = None if layer.place == EVERYWHERE else read_kept(layer.region)
            strength = tracks[path_of(number)]
            genotypes.append(Genotype((layer.parent.dna,), ((1.0,),), region, strength, layer.border))
            if region is None:  # in a region its layer grows, whatever seed began
                of_seeds[number + 1] = len(genotypes)
        meet = any(genotype.region is None for genotype in genotypes)  # others lie over what is below
        found = Layered(
            tuple(genotypes), tracks[BASE], nca.meeting.lower() if meet else "mix", tuple(of_seeds)
        )
        held = _laid[material.session_uid] = said, found
    return held[1]


def parents_of(material: bpy.types.Material, also_off: bool) -> list[NCA_PG_parent]:
    """What the layers of a growth are grown from; see `layering.parents`."""
    return [layer.parent for layer in layered(material).layers if layer.on or also_off]


def grows(layer: NCA_PG_layer) -> bool:
    """Whether a layer is switched on, and it is known where it grows."""
    return layer.on and (layer.place == EVERYWHERE or bool(layer.region.kept_digest))


def path_of(number: int) -> str:
    """The data path of a layer's weight, in its material."""
    return f"nca.layers[{number}].weight"


def ranges_of(material: bpy.types.Material) -> dict[str, tuple[float, float]]:
    """What of layers is animated; see `track.further`."""
    count = len(layered(material).layers)
    return dict.fromkeys((BASE, *map(path_of, range(count))), (0.0, 1.0)) if count else {}


def forget() -> None:
    """Layers may be described by other code from now on."""
    _laid.clear()


def _digest(layer: NCA_PG_layer) -> str:
    return "" if layer.place == EVERYWHERE else layer.region.kept_digest


def _check(layer: NCA_PG_layer, manifold: str) -> None:
    parent = layer.parent
    if not parent.dna:
        raise GrowthError(f"The layer “{layer.name}” has no species: choose one by its picture, in Layers.")
    if parent.manifold != manifold:
        known = catalogue.models().get(manifold, {}).get("title") or manifold
        raise GrowthError(
            f"The layer “{layer.name}” is of the model “{parent.manifold}”, and the growth of “{known}”: choose "
            "another species for it, in Layers, or switch it off."
        )
