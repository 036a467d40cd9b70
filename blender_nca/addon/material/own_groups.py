# SPDX-License-Identifier: GPL-3.0-or-later
"""Own groups: node groups that a growth has to change are copied for its material first, and given back by Remove."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy

from .shaders import Path

ORIGINAL = "neural_growth_original"
"""Property of a group node: the tree that it showed before its material got a copy of its own."""
_DERIVED = {
    "rna_type",
    "inputs",
    "outputs",
    "internal_links",
    "parent",
    "select",
    "dimensions",
    "location_absolute",
}
"""What is not compared: it is so for itself, or follows from something else, the last one with other roundings."""
_MOST_DEPTH = 4
"""How deep values of a node are compared: colour ramps and curves lie three levels down."""


def make_own(tree: bpy.types.NodeTree, groups: Path) -> bpy.types.NodeTree:
    """Make every group on a path single-user; returns the tree at its end."""
    for name in groups:
        node = tree.nodes[name]
        assert isinstance(node, bpy.types.ShaderNodeGroup) and node.node_tree is not None
        inner = node.node_tree
        if inner.users > 1 or inner.library is not None:
            if node.get(ORIGINAL) is None:
                node[ORIGINAL] = inner
            inner = node.node_tree = inner.copy()
        tree = inner
    return tree


def give_back(tree: bpy.types.NodeTree) -> None:
    """Show the original groups again, where their copies are what these are; an artist's changes to a copy stay."""
    for node in [node for node in tree.nodes if isinstance(node, bpy.types.ShaderNodeGroup)]:
        copy = node.node_tree
        if copy is None:
            continue
        give_back(copy)
        original = node.get(ORIGINAL)
        if original is None:
            continue
        del node[ORIGINAL]
        if copy != original and _describe(copy) == _describe(original):
            node.node_tree = original
            if not copy.users:
                bpy.data.node_groups.remove(copy)


def _describe(tree: bpy.types.NodeTree) -> tuple:
    """All that a tree is made of, to be compared."""
    nodes = sorted(
        (node.name, node.bl_idname, tuple(_values(node, 0)), tuple(_sockets(node.inputs)))
        for node in tree.nodes
    )
    links = sorted(
        (
            link.from_node.name,
            link.from_socket.identifier,
            link.to_node.name,
            link.to_socket.identifier,
            link.is_muted,
        )
        for link in tree.links
    )
    return nodes, links


def _sockets(sockets: object) -> Iterator[tuple[str, str]]:
    for socket in sockets:  # type: ignore[attr-defined]
        value = getattr(socket, "default_value", None)
        yield socket.identifier, repr(_plain(value))


def _plain(value: Any) -> object:
    return tuple(value) if hasattr(value, "__len__") else value


def _values(item: bpy.types.bpy_struct, depth: int) -> Iterator[tuple[str, str]]:
    """Names and values of the properties of a node, and of what belongs to it."""
    for one in item.bl_rna.properties:
        name = one.identifier
        if name in _DERIVED:
            continue
        value = getattr(item, name, None)
        if one.type == "POINTER":
            if isinstance(value, bpy.types.ID):
                yield name, value.name_full
            elif value is not None and depth < _MOST_DEPTH:
                yield from ((f"{name}.{inner}", text) for inner, text in _values(value, depth + 1))
        elif one.type == "COLLECTION":
            if depth < _MOST_DEPTH:
                for number, each in enumerate(value or ()):
                    yield from ((f"{name}.{number}.{inner}", t) for inner, t in _values(each, depth + 1))
        elif not one.is_readonly:
            yield name, repr(value if isinstance(value, str) else _plain(value))
