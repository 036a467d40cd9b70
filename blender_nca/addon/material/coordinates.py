# SPDX-License-Identifier: GPL-3.0-or-later
"""Coordinates: where on the surface a growth's pictures lie, by nodes of its group: UV Map -> Mapping -> pictures.

What an artist links to the pictures instead stays: only a picture without coordinates is given these.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

import bpy

from ..host.nodes import new_node
from .node_names import give_name

UV_MAP, MAPPING = "Growth UV Map", "Growth Mapping"
"""Nodes of the group that choose the UV map, and move, turn and scale it."""
_VECTOR_ATTRIBUTES = frozenset({"FLOAT2", "FLOAT_VECTOR"})
_OTHERS = frozenset({"position", "normal", "custom_normal"})
"""Attributes of vectors that are no coordinates of pictures."""
_MOST_FACES = 300
"""How many faces are looked at, as a panel is drawn."""


def output_of(tree: bpy.types.NodeTree) -> bpy.types.NodeSocket:
    """The coordinates, as a socket. Their nodes are made where the group lacks them."""
    return _mapping(tree).outputs["Vector"]


def locate(tree: bpy.types.NodeTree, pictures: Iterable[bpy.types.Node]) -> None:
    """Give coordinates to those of some pictures that have none."""
    for picture in pictures:
        if not picture.inputs["Vector"].is_linked:
            tree.links.new(output_of(tree), picture.inputs["Vector"])


def mapping_of(tree: bpy.types.NodeTree | None) -> bpy.types.Node | None:
    """The node that moves, turns and scales the pictures, where there is one."""
    node = None if tree is None else tree.nodes.get(MAPPING)
    return node if node is not None and node.type == "MAPPING" else None


def uv_map_of(tree: bpy.types.NodeTree | None) -> str:
    """The name of the UV map that is chosen; empty for the one that renders by default."""
    node = None if tree is None else tree.nodes.get(UV_MAP)
    return node.uv_map if isinstance(node, bpy.types.ShaderNodeUVMap) else ""


def choose_uv_map(tree: bpy.types.NodeTree, name: str, pictures: Iterable[bpy.types.Node]) -> None:
    """Let the pictures lie by a UV map; those that the artist has given other coordinates keep them."""
    chooser = _uv_map(tree)
    chooser.uv_map = name
    _link(tree, chooser, _mapping(tree))
    locate(tree, pictures)


def have_others(tree: bpy.types.NodeTree | None, pictures: Iterable[bpy.types.Node]) -> bool:
    """Whether an artist has given any of these pictures coordinates other than the chosen ones."""
    mapping = mapping_of(tree)
    if mapping is not None and tree is not None:
        chooser = tree.nodes.get(UV_MAP)
        if any(link.from_node != chooser for link in mapping.inputs["Vector"].links):
            return True
    return any(link.from_node != mapping for picture in pictures for link in picture.inputs["Vector"].links)


def uv_maps(owner: bpy.types.Object, context: bpy.types.Context) -> list[str] | None:
    """Names of what the UV Map node finds on an object, also made by its geometry nodes; None without a mesh."""
    mesh = _mesh_of(owner, context)
    if mesh is None:
        return None
    vectors = [
        attribute.name
        for attribute in mesh.attributes
        if attribute.data_type in _VECTOR_ATTRIBUTES
        and not attribute.name.startswith(".")
        and attribute.name not in _OTHERS
    ]
    return list(dict.fromkeys([*(layer.name for layer in mesh.uv_layers), *vectors]))


def lie_in_points(
    owner: bpy.types.Object, material: bpy.types.Material, name: str, context: bpy.types.Context
) -> bool:
    """Whether a UV map gives each face of a material one point, as a face has that was never unwrapped.

    Parameters
    ----------
    owner : Object
    material : Material
        One of the object's.
    name : str
        Of the UV map; empty for the one that renders by default.
    context : Context
    """
    import numpy as np

    mesh = _mesh_of(owner, context)
    layers = mesh.uv_layers if mesh is not None else ()
    layer = next((one for one in layers if (one.name == name if name else one.active_render)), None)
    if mesh is None or layer is None:
        return False
    numbers = [at for at, slot in enumerate(owner.material_slots) if slot.material == material]
    of_faces = np.zeros(len(mesh.polygons), np.int32)
    attribute = mesh.attributes.get("material_index")
    if isinstance(attribute, bpy.types.IntAttribute):
        attribute.data.foreach_get("value", of_faces)
    is_of_material = np.zeros(len(of_faces), bool)
    for number in numbers:  # in a fifth of the time of np.isin
        is_of_material |= of_faces == number
    faces = np.flatnonzero(is_of_material)
    for face in faces[:: max(1, len(faces) // _MOST_FACES)]:
        corners = [layer.uv[corner].vector for corner in mesh.polygons[int(face)].loop_indices]
        if any(corner != corners[0] for corner in corners):
            return False
    return bool(len(faces))


def _mesh_of(owner: bpy.types.Object, context: bpy.types.Context) -> bpy.types.Mesh | None:
    """The mesh of an object as its modifiers make it; None where it has none."""
    depsgraph = context.view_layer.depsgraph
    shown = owner
    if depsgraph is not None:
        # not evaluated yet: the mesh as it was modelled
        with contextlib.suppress(ReferenceError, RuntimeError):
            shown = owner.evaluated_get(depsgraph)
    return shown.data if isinstance(shown.data, bpy.types.Mesh) else None


def _mapping(tree: bpy.types.NodeTree) -> bpy.types.Node:
    found = mapping_of(tree)
    if found is not None:
        return found
    node: bpy.types.Node = new_node(tree, bpy.types.ShaderNodeMapping)
    give_name(node, MAPPING)
    node.location = (-1140, 120)
    _link(tree, _uv_map(tree), node)
    return node


def _link(tree: bpy.types.NodeTree, chooser: bpy.types.Node, mapping: bpy.types.Node) -> None:
    if not mapping.inputs["Vector"].is_linked:
        tree.links.new(chooser.outputs["UV"], mapping.inputs["Vector"])


def _uv_map(tree: bpy.types.NodeTree) -> bpy.types.ShaderNodeUVMap:
    found = tree.nodes.get(UV_MAP)
    if isinstance(found, bpy.types.ShaderNodeUVMap):
        return found
    node = new_node(tree, bpy.types.ShaderNodeUVMap)
    give_name(node, UV_MAP)
    node.location = (-1380, 120)
    return node
