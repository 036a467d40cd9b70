# SPDX-License-Identifier: GPL-3.0-or-later
"""Shell: a growth apart from its ground, as a second surface a little above it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bpy
import numpy as np

from ..material.properties import nca_of
from ..material.wiring import unwire
from .exporter import accessor

TRIANGLES = 4
"""glTF's number for primitives that are made of them, which it is also where none is said."""
DISTANCE = 1e-3
"""Of a shell from its ground, in diagonals of the mesh's box: more than depths are rounded by, less than is seen."""


def lift(positions: np.ndarray, corners: np.ndarray, distance: float | None = None) -> np.ndarray:
    """Move vertices outward, all that are in one place alike: the shell has no gaps where normals differ.

    Parameters
    ----------
    positions : ndarray, float32, shape (vertices, 3)
    corners : ndarray of int, shape (triangles, 3)
    distance : float, optional
        By default `DISTANCE`.

    Returns
    -------
    ndarray, float32, shape (vertices, 3)
    """
    if distance is None:
        distance = DISTANCE * float(np.linalg.norm(np.ptp(positions, axis=0)))
    places, place_of = np.unique(positions, axis=0, return_inverse=True)
    place_of = place_of.reshape(-1)
    triangles = place_of[corners]
    a, b, c = (places[triangles[:, corner]] for corner in range(3))
    normals = np.zeros_like(places)
    faced = np.cross(b - a, c - a)  # as long as the triangle is large
    for corner in range(3):
        np.add.at(normals, triangles[:, corner], faced)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    outward = np.divide(normals, lengths, out=np.zeros_like(normals), where=lengths > 0)
    return (positions + np.float32(distance) * outward[place_of]).astype(np.float32)


def lifted(primitive: Any) -> Any:
    """A primitive a little above where it is, without the colours of its vertices, which are the ground's."""
    positions = primitive.attributes["POSITION"]
    points = np.frombuffer(positions.buffer_view.data, np.float32).reshape(-1, 3)
    corners = primitive.indices
    kind = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32}[int(corners.component_type)]
    triangles = np.frombuffer(corners.buffer_view.data, kind).reshape(-1, 3)
    shell = with_material(primitive, primitive.material)
    for name in [name for name in shell.attributes if name.startswith("COLOR_")]:
        del shell.attributes[name]
    shell.attributes["POSITION"] = accessor(lift(points, triangles), of_vertices=True)
    return shell


def with_material(primitive: Any, material: Any) -> Any:
    """A primitive like another one, with a material."""
    from io_scene_gltf2.io.com import gltf2_io

    return gltf2_io.MeshPrimitive(
        attributes=dict(primitive.attributes),
        extensions=primitive.extensions,
        extras=primitive.extras,
        indices=primitive.indices,
        material=material,
        mode=primitive.mode,
        targets=None if primitive.targets is None else [dict(one) for one in primitive.targets],
    )


@contextmanager
def ground_of(material: bpy.types.Material) -> Iterator[bpy.types.Material]:
    """A copy of a material without its growth, as long as it is asked for. The material stays as it is."""
    tree = nca_of(material).tree
    before = set(bpy.data.node_groups)
    copy = material.copy()
    try:
        copy.name = f"{material.name} Ground"
        if copy.node_tree is not None:
            _own(copy.node_tree, tree)
        unwire(copy, tree)
        copy.property_unset("nca")
        yield copy
    finally:
        bpy.data.materials.remove(copy)
        for group in set(bpy.data.node_groups) - before:
            bpy.data.node_groups.remove(group)


def _own(tree: bpy.types.NodeTree, growth: bpy.types.NodeTree | None) -> None:
    """Copy the groups that a growth stands in: the originals are other materials', too."""
    for node in tree.nodes:
        if not isinstance(node, bpy.types.ShaderNodeGroup) or node.node_tree in (None, growth):
            continue
        if _shows(node.node_tree, growth):
            node.node_tree = node.node_tree.copy()
            _own(node.node_tree, growth)


def _shows(tree: bpy.types.NodeTree, growth: bpy.types.NodeTree | None) -> bool:
    """Whether a group shows a growth, by itself or by a group in it."""
    inner = [node.node_tree for node in tree.nodes if isinstance(node, bpy.types.ShaderNodeGroup)]
    return growth in inner or any(_shows(one, growth) for one in inner if one is not None)
