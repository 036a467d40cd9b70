# SPDX-License-Identifier: GPL-3.0-or-later
"""Node group: what a growth adds to its material. Links and values of the material's sockets lead through it."""

from __future__ import annotations

import bpy

from .sockets import make_sockets

LABEL = "Neural Growth"


def make_group(material: bpy.types.Material) -> bpy.types.NodeTree:
    """Make the node group of a growth, still without pictures: `picture_nodes` gives it some."""
    from .overlay import lay_over

    tree = bpy.data.node_groups.new(f"{material.name} Growth", "ShaderNodeTree")
    make_sockets(tree)
    lay_over(tree)
    return tree


def remove_group(tree: bpy.types.NodeTree | None) -> None:
    """Take away a group that nothing shows any more, and its baked pictures."""
    from .picture_nodes import baked_images

    if tree is None or tree.users:
        return
    baked = baked_images(tree)
    bpy.data.node_groups.remove(tree)
    for image in baked:
        if not image.users:
            bpy.data.images.remove(image)


def trees_of(material: bpy.types.Material) -> list[bpy.types.NodeTree]:
    """The material's own tree, and those of all groups in it, each once."""
    found: list[bpy.types.NodeTree] = []
    own: bpy.types.NodeTree | None = material.node_tree
    waiting = [own] if own is not None else []
    while waiting:
        tree = waiting.pop(0)
        if tree not in found:
            found.append(tree)
            waiting += [inner for node in tree.nodes if (inner := _inner(node)) is not None]
    return found


def group_nodes(
    material: bpy.types.Material, tree: bpy.types.NodeTree | None
) -> list[bpy.types.ShaderNodeGroup]:
    """The nodes that show this group: among the material's own, and in groups of these."""
    if tree is None:
        return []
    return [
        node
        for own in trees_of(material)
        if own != tree
        for node in own.nodes
        if isinstance(node, bpy.types.ShaderNodeGroup) and node.node_tree == tree
    ]


def places_of(material: bpy.types.Material, tree: bpy.types.NodeTree) -> list[tuple[tuple[str, ...], str]]:
    """Where the nodes of a growth's group stand: names of the group nodes that lead there, and the node's."""
    found: list[tuple[tuple[str, ...], str]] = []
    waiting: list[tuple[tuple[str, ...], bpy.types.NodeTree | None]] = [((), material.node_tree)]
    while waiting:
        groups, own = waiting.pop(0)
        for node in own.nodes if own is not None else ():
            inner = _inner(node)
            if inner == tree:
                found.append((groups, node.name))
            elif inner is not None:
                waiting.append(((*groups, node.name), inner))
    return found


def _inner(node: bpy.types.Node) -> bpy.types.NodeTree | None:
    """The tree that a group node shows."""
    return node.node_tree if isinstance(node, bpy.types.ShaderNodeGroup) else None
