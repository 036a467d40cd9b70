# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the pictures of a growth lie, and what an artist links to them: for tests of live and of baked growths."""

from __future__ import annotations

import bpy
import numpy as np

from .stage import HEIGHT, WIDTH

SECOND = np.array([(0.25, 0.5), (1.25, 0.5), (0.25, 1.5), (1.25, 1.5)])
"""A UV map that lies a quarter further to the right and half further up, corner for corner of Blender's plane."""


def pictures(material: bpy.types.Material) -> list[bpy.types.Node]:
    return [node for node in material.nca.tree.nodes if node.type == "TEX_IMAGE"]


def coordinates_of(material: bpy.types.Material) -> set[str]:
    """Names of the nodes that the pictures have their coordinates from."""
    links = [link for node in pictures(material) for link in node.inputs["Vector"].links]
    assert len(links) == len(pictures(material))
    return {link.from_node.name for link in links}


def add_second_map(mesh: bpy.types.Mesh) -> None:
    """A UV map made of the first one, moved as `SECOND`."""
    first = np.empty(2 * len(mesh.loops), np.float32)
    mesh.uv_layers[0].uv.foreach_get("vector", first)
    second = mesh.uv_layers.new(name="Second")
    second.uv.foreach_set("vector", (first.reshape(-1, 2) + SECOND[0]).ravel().astype(np.float32))
    mesh.uv_layers.active_index = 0


def moved(picture: np.ndarray) -> np.ndarray:
    """What is seen of a picture by `SECOND`."""
    return np.roll(picture, (-HEIGHT // 2, -WIDTH // 4), (0, 1))


def assert_shows(picture: np.ndarray, wanted: np.ndarray, atol: float = 2e-3) -> None:
    assert not np.allclose(picture, moved(picture), atol=0.05), (
        "this picture could not be told from a moved one"
    )
    np.testing.assert_allclose(picture, wanted, atol=atol)


def put_between(tree: bpy.types.NodeTree, kind: str, source: str, output: str) -> str:
    """Put a node between an output and all that it feeds, as one does in the node editor; its name."""
    node = tree.nodes.new(kind)
    socket = next(socket for socket in node.inputs if socket.type == "RGBA" or kind == "ShaderNodeMath")
    for target in [link.to_socket for link in tree.nodes[source].outputs[output].links]:
        tree.links.new(node.outputs[0], target)
    tree.links.new(tree.nodes[source].outputs[output], socket)
    return node.name


def links_of(tree: bpy.types.NodeTree, name: str) -> tuple[set, set]:
    """What feeds a node, and what it feeds."""
    node = tree.nodes[name]
    before = {(link.from_node.name, link.from_socket.name) for s in node.inputs for link in s.links}
    return before, {(link.to_node.name, link.to_socket.name) for s in node.outputs for link in s.links}
