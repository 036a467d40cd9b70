# SPDX-License-Identifier: GPL-3.0-or-later
"""Node group: what a growth adds to its material. Links and values of the material's sockets lead through it."""

from __future__ import annotations

import bpy

from .overlay import lay_over
from .picture_nodes import baked_images
from .sockets import make_sockets

LABEL = "Neural Growth"


def make_group(material: bpy.types.Material) -> bpy.types.NodeTree:
    """Make the node group of a growth, still without pictures: `picture_nodes` gives it some."""
    tree = bpy.data.node_groups.new(f"{material.name} Growth", "ShaderNodeTree")
    make_sockets(tree)
    lay_over(tree)
    return tree


def remove_group(tree: bpy.types.NodeTree | None) -> None:
    """Take away a group that nothing shows any more, and its baked pictures."""
    if tree is None or tree.users:
        return
    baked = baked_images(tree)
    bpy.data.node_groups.remove(tree)
    for image in baked:
        if not image.users:
            bpy.data.images.remove(image)


def group_nodes(
    material: bpy.types.Material, tree: bpy.types.NodeTree | None
) -> list[bpy.types.ShaderNodeGroup]:
    """The material's nodes that show this group."""
    if tree is None or material.node_tree is None:
        return []
    return [
        node
        for node in material.node_tree.nodes
        if isinstance(node, bpy.types.ShaderNodeGroup) and node.node_tree == tree
    ]
