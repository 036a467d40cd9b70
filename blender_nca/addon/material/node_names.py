# SPDX-License-Identifier: GPL-3.0-or-later
"""Node names: the nodes that a growth's group is made of are found by them, whatever an artist renames."""

from __future__ import annotations

import bpy

_NOTED = "neural_growth_name"
"""Property of a node: the name by which it is found."""


def give_name(node: bpy.types.Node, name: str) -> None:
    """Name a node that was made just now."""
    node.name = node.label = name
    node[_NOTED] = name


def keep_names(tree: bpy.types.NodeTree) -> None:
    """Give back their names to nodes that were renamed; their labels, which are what is seen, stay the artist's.

    In groups of before, the nodes that the add-on made are those whose label is their name.
    """
    for node in tree.nodes:
        name = node.get(_NOTED)
        if name is None:
            if node.label and node.label == node.name:
                node[_NOTED] = node.name
        elif node.name != name and name not in tree.nodes:
            node.name = name
