# SPDX-License-Identifier: GPL-3.0-or-later
"""Handover: what an artist made of a picture in a growth's group goes over to the one that takes its place.

Links are written down by names: Blender makes sockets anew while links change.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import NamedTuple

import bpy

NOTES = "growth_links"
"""Where a group keeps the links of nodes that it does not have at present."""
_OWN = frozenset({"name", "label", "image", "location", "location_absolute", "parent", "select"})
"""What a node does not take over from another one."""


class Link(NamedTuple):
    """A link of a tree, by the names of its nodes and the identifiers of their sockets."""

    source: str
    output: str
    target: str
    input: str
    is_muted: bool


def links_of(tree: bpy.types.NodeTree) -> list[Link]:
    """All links of a tree."""
    return [
        Link(
            link.from_node.name,
            link.from_socket.identifier,
            link.to_node.name,
            link.to_socket.identifier,
            link.is_muted,
        )
        for link in tree.links
        if link.from_node and link.from_socket and link.to_node and link.to_socket
    ]


def make_links(tree: bpy.types.NodeTree, links: Iterable[Link], replacing: bool = False) -> None:
    """Make links whose both ends are there; by default only to inputs that nothing is linked to."""
    for link in links:
        source, target = tree.nodes.get(link.source), tree.nodes.get(link.target)
        output = source and _socket(source.outputs, link.output)
        input = target and _socket(target.inputs, link.input)
        if not output or not input or (input.is_linked and not replacing):
            continue
        made = tree.links.new(output, input)
        if link.is_muted:
            made.is_muted = True


def move_outputs(
    tree: bpy.types.NodeTree,
    before: bpy.types.NodeSocket,
    now: bpy.types.NodeSocket,
    but: Collection[str],
) -> None:
    """Let an output feed all that another one feeds, but some nodes."""
    if before.node is None or now.node is None:
        return
    name, identifier = now.node.name, now.identifier
    moved = [
        link._replace(source=name, output=identifier)
        for link in links_of(tree)
        if (link.source, link.output) == (before.node.name, before.identifier) and link.target not in but
    ]
    make_links(tree, moved, replacing=True)


def take_over(tree: bpy.types.NodeTree, picture: bpy.types.Node, model: bpy.types.Node) -> None:
    """Give a picture the settings of another one and the coordinates that are linked to it."""
    _copy_settings(model, picture)
    for part in ("texture_mapping", "color_mapping"):
        _copy_settings(getattr(model, part), getattr(picture, part))
    coordinates = [
        link._replace(target=picture.name)
        for link in links_of(tree)
        if link.target == model.name and link.input == "Vector"
    ]
    make_links(tree, coordinates)


def note_links(tree: bpy.types.NodeTree, node: bpy.types.Node, but: Collection[str]) -> None:
    """Write down the links of a node that is about to be removed, but those to some nodes."""
    found = [
        link
        for link in links_of(tree)
        if node.name in (link.source, link.target)
        and not {link.source, link.target} <= {node.name, *but}
        and not (link.target == node.name and link.input == "Vector" and hasattr(node, "image"))
    ]
    if found:
        tree[NOTES] = json.dumps([*_notes(tree), *found])


def make_noted_links(tree: bpy.types.NodeTree, names: Collection[str]) -> None:
    """Give nodes that have come back the links that were written down."""
    notes = _notes(tree)
    if not notes:
        return
    back = [link for link in notes if {link.source, link.target} & set(names)]
    make_links(tree, back)
    rest = [link for link in notes if link not in back]
    if rest:
        tree[NOTES] = json.dumps(rest)
    else:
        del tree[NOTES]


def _notes(tree: bpy.types.NodeTree) -> list[Link]:
    try:
        return [Link(*link) for link in json.loads(tree.get(NOTES, "[]"))]
    except (TypeError, ValueError, RecursionError):  # changed by hand
        return []


def _socket(sockets: Iterable[bpy.types.NodeSocket], identifier: str) -> bpy.types.NodeSocket | None:
    return next((socket for socket in sockets if socket.identifier == identifier), None)


def _copy_settings(model: bpy.types.bpy_struct, other: bpy.types.bpy_struct) -> None:
    for setting in model.bl_rna.properties:
        name = setting.identifier
        if setting.is_readonly or name in _OWN or name.startswith("bl_"):
            continue
        setattr(other, name, getattr(model, name))
