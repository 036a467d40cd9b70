# SPDX-License-Identifier: GPL-3.0-or-later
"""Placing: pieces that come up with a material's growth, as a modifier of an object."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
import numpy as np

from ..host.modifier_inputs import input_named, set_input
from . import looks, maps
from .building import Building, Input
from .strewing import FIELDS, KINDS, make_tree

OF, KIND = "neural_growth_of", "neural_growth_kind"
"""Properties of a tree: the material with whose growth its pieces come up; which kind it strews."""


def place(owner: bpy.types.Object, material: bpy.types.Material, kind: str) -> bpy.types.NodesModifier:
    """Add a modifier that strews a kind of pieces over what grows on an object.

    Parameters
    ----------
    owner : Object
        With a mesh.
    material : Material
        One that grows, with its images.
    kind : str
        One of `strewing.KINDS`.
    """
    mesh: bpy.types.Mesh = owner.data  # type: ignore[assignment]  # the operator has looked
    uv_map = next((layer.name for layer in mesh.uv_layers if layer.active_render), "UVMap")
    tree = _tree_of(material, kind, uv_map)
    modifier: bpy.types.NodesModifier = owner.modifiers.new(KINDS[kind].label, "NODES")  # type: ignore[assignment]
    modifier.node_group = tree
    size = KINDS[kind].size * max(_measure(mesh), 1e-6)
    values = {
        "Size": size,
        "Density": min(KINDS[kind].cover / size**2, 1e6),
        "Material": looks.ensure(kind, KINDS[kind].label),
    }
    for name, value in values.items():
        identifier = input_named(tree, name)
        if identifier is not None:  # an artist may have changed the tree
            set_input(modifier, identifier, value)
    owner.update_tag()
    return modifier


def placed(owner: bpy.types.Object) -> Iterator[bpy.types.NodesModifier]:
    """The modifiers of an object that strew pieces."""
    for modifier in owner.modifiers:
        tree = modifier.node_group if isinstance(modifier, bpy.types.NodesModifier) else None
        if tree is not None and tree.get(KIND) is not None:
            yield modifier  # type: ignore[misc]  # one with a tree is of that type


def _tree_of(material: bpy.types.Material, kind: str, uv_map: str) -> bpy.types.NodeTree:
    """The tree that strews a kind over the growth of a material: its maps, and what they feed."""
    found = next(
        (one for one in bpy.data.node_groups if one.get(OF) == material and one.get(KIND) == kind), None
    )
    shown = maps.ensure(material, uv_map)
    if found is not None:
        return found
    strewing = _strewing(kind)
    b = Building(f"{material.name} {KINDS[kind].label}", {}, {"Geometry": "NodeSocketGeometry"})
    b.tree[OF], b.tree[KIND] = material, kind
    for item in strewing.interface.items_tree:
        if item.in_out == "INPUT" and item.name not in FIELDS:
            Input.like(item).add_to(b.tree, item.name)
    given = b.add("NodeGroupInput").outputs
    fields, strewn = b.inner(shown), b.inner(strewing)
    for socket in strewn.inputs:
        b.feed(socket, (fields.outputs if socket.name in FIELDS else given)[socket.name])
    tree = b.give_out(Geometry=strewn)
    tree.is_modifier = True
    return tree


def _strewing(kind: str) -> bpy.types.NodeTree:
    """The tree that strews a kind, which all growths of a file share."""
    for tree in bpy.data.node_groups:
        if tree.get(KIND) == kind and tree.get(OF) is None and tree.library is None:
            return tree
    tree = make_tree(KINDS[kind])
    tree[KIND] = kind
    return tree


def _measure(mesh: bpy.types.Mesh) -> float:
    """Square root of a third of the area: about the side of what has that surface."""
    areas = np.empty(len(mesh.polygons), np.float32)
    mesh.polygons.foreach_get("area", areas)
    return float(np.sqrt(areas.sum() / 3))
