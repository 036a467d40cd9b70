# SPDX-License-Identifier: GPL-3.0-or-later
"""Modifier inputs: values that a modifier gives its tree of geometry nodes. Up to 5.1 they are custom properties."""

from __future__ import annotations

from typing import Any

import bpy

_ARE_PROPERTIES = bpy.app.version < (5, 2, 0)


def input_named(tree: bpy.types.NodeTree, name: str) -> str | None:
    """By what a modifier knows an input of its tree; None where the tree has none of that name."""
    for item in tree.interface.items_tree:
        if (
            isinstance(item, bpy.types.NodeTreeInterfaceSocket)
            and item.in_out == "INPUT"
            and item.name == name
        ):
            return item.identifier
    return None


def set_input(modifier: bpy.types.NodesModifier, identifier: str, value: object) -> None:
    """Give an input of a modifier a value."""
    if _ARE_PROPERTIES:
        modifier[identifier] = value
    else:
        _input(modifier, identifier).value = value


def draw_input(
    layout: bpy.types.UILayout, modifier: bpy.types.NodesModifier, identifier: str, text: str
) -> None:
    """Draw an input of a modifier in a panel."""
    if _ARE_PROPERTIES:
        layout.prop(modifier, f'["{identifier}"]', text=text)
    else:
        layout.prop(_input(modifier, identifier), "value", text=text)


def _input(modifier: bpy.types.NodesModifier, identifier: str) -> Any:
    inputs: Any = modifier.properties.inputs  # type: ignore[attr-defined]  # from 5.2 on
    return getattr(inputs, identifier)
