# SPDX-License-Identifier: GPL-3.0-or-later
"""Order: layers are added, taken away and moved, and their keyframes and seeds go with them."""

from __future__ import annotations

from collections.abc import Callable

import bpy

from ..host.animation import move_animation
from ..host.keyframes import remove_curves
from ..library import catalogue
from ..material.layering import parents_of
from ..material.properties import NCA_PG_parent, nca_of
from .properties import NCA_PG_layer, layered

_ELSEWHERE = "nca.layers[-1].weight"
"""A path that no layer has, for the time of an exchange."""


def add(material: bpy.types.Material, species: str = "", parent: NCA_PG_parent | None = None) -> NCA_PG_layer:
    """Add a layer as the chosen one: of a parent's DNA, or a species by its name, or one that the growth has not."""
    nca = layered(material)
    there = {one.species for one in parents_of(material)}
    known = [one for one in catalogue.in_order() if one.manifold == nca.a.manifold]
    found = next((one for one in known if one.name == species), None)
    found = found or next((one for one in known if one.name not in there), known[0] if known else None)
    layer = nca.layers.add()
    nca.layer_index = len(nca.layers) - 1
    if parent is not None:
        for one in parent.bl_rna.properties:
            if not (one.is_readonly or one.is_hidden or one.is_skip_save):
                setattr(layer.parent, one.identifier, getattr(parent, one.identifier))
    elif found is not None:
        layer.parent.choose(found)
    return layer


def remove(material: bpy.types.Material, number: int) -> None:
    """Take a layer away; its seeds become those of the two species of the first screen."""
    from .laid import path_of

    nca = layered(material)
    remove_curves(material, f"nca.layers[{number}].")
    nca.layers.remove(number)
    for later in range(number, len(nca.layers)):
        move_animation(material, path_of(later + 1), path_of(later))
    nca.layer_index = max(0, min(nca.layer_index, len(nca.layers) - 1))
    _renumber(material, lambda layer: 0 if layer == number + 1 else layer - (layer > number + 1))


def move(material: bpy.types.Material, number: int, to: int) -> None:
    """Exchange a layer with the one beside it."""
    from .laid import path_of

    nca = layered(material)
    nca.layers.move(number, to)
    move_animation(material, path_of(number), _ELSEWHERE)
    move_animation(material, path_of(to), path_of(number))
    move_animation(material, _ELSEWHERE, path_of(to))
    nca.layer_index = to
    _renumber(material, lambda layer: {number + 1: to + 1, to + 1: number + 1}.get(layer, layer))


def _renumber(material: bpy.types.Material, number_of: Callable[[int], int]) -> None:
    points = nca_of(material).points
    layers = [number_of(point.layer) for point in points]
    points.foreach_set("layer", layers)  # none of them tells of a change
