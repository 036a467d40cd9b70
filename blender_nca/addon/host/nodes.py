# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes: made by their class, so that it is known what they have."""

from __future__ import annotations

from typing import Any, TypeVar

import bpy

Kind = TypeVar("Kind", bound=bpy.types.Node)


def tree_of(node: bpy.types.Node) -> bpy.types.NodeTree:
    """The tree that a node stands in."""
    return node.id_data  # type: ignore[return-value]  # the stubs say any data-block


def fed_by(socket: bpy.types.NodeSocket) -> list[bpy.types.NodeSocket]:
    """The sockets that an output is linked to, by links that are not muted."""
    return [link.to_socket for link in socket.links or () if link.to_socket and not link.is_muted]


def value_of(socket: bpy.types.NodeSocket) -> Any:
    """The value of a socket of a kind that has values, while nothing is linked to it."""
    return socket.default_value  # type: ignore[attr-defined]  # that of the kinds that have none is not asked for


def new_node(tree: bpy.types.NodeTree, kind: type[Kind]) -> Kind:
    """Add a node of a class of Blender's own, such as `bpy.types.ShaderNodeGroup`."""
    return tree.nodes.new(kind.__name__)  # type: ignore[return-value]  # the stubs say a node, of whatever class
