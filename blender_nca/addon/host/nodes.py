# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes: made by their class, so that it is known what they have."""

from __future__ import annotations

from typing import TypeVar

import bpy

Kind = TypeVar("Kind", bound=bpy.types.Node)


def new_node(tree: bpy.types.NodeTree, kind: type[Kind]) -> Kind:
    """Add a node of a class of Blender's own, such as `bpy.types.ShaderNodeGroup`."""
    return tree.nodes.new(kind.__name__)  # type: ignore[return-value]  # the stubs say a node, of whatever class
