# SPDX-License-Identifier: GPL-3.0-or-later
"""Shaders: what a material's surfaces are made of, found through mixes, reroutes and node groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import bpy

ENGINES: tuple[Literal["ALL", "EEVEE", "CYCLES"], ...] = ("ALL", "EEVEE", "CYCLES")
"""Whom an output may be for: a material may have one for all engines, or one of its own for each."""
HOLES = frozenset({"BSDF_TRANSPARENT", "HOLDOUT"})
"""Shaders of what is not there: nothing grows on them."""

Path = tuple[str, ...]
"""Names of the group nodes that lead from a material's own tree into the tree of a node."""
_Way = tuple[tuple[bpy.types.NodeTree, str], ...]
"""Trees that were entered one after the other, each with the group node that led into it."""


class Shader(NamedTuple):
    """A shader that a surface shows.

    Nodes are kept by name: what holds one itself breaks when its group is made single-user.

    Attributes
    ----------
    groups : tuple of str
    node : str
    socket : str
        Identifier of the node's output.
    kind : str
        Blender's type of the node.
    added : bool
        Whether it is added to another one, by an Add Shader.
    """

    groups: Path
    node: str
    socket: str
    kind: str
    added: bool


def outputs_of(tree: bpy.types.ShaderNodeTree) -> list[bpy.types.Node]:
    """The outputs that engines use: one, or one for each engine."""
    found = {}
    for engine in ENGINES:
        output = tree.get_output_node(engine)
        if output is not None:
            found[output.name] = output
    return list(found.values())


def shaders_of(tree: bpy.types.ShaderNodeTree) -> list[Shader]:
    """The shaders of all surfaces of a material's tree, each once."""
    found: dict[tuple[Path, str, str], Shader] = {}
    for way, output in _ends(tree):
        for one in _before(output.inputs["Surface"], way, False, set()):
            key = one.groups, one.node, one.socket
            found[key] = one._replace(added=one.added or (key in found and found[key].added))
    return list(found.values())


def surfaces_of(tree: bpy.types.ShaderNodeTree) -> list[tuple[Path, str]]:
    """The outputs of `_ends` whose surface shows something: the groups that lead to each, and its name."""
    return [
        (tuple(name for _, name in way[1:]), output.name)
        for way, output in _ends(tree)
        if any(not link.is_muted for link in output.inputs["Surface"].links or ())
    ]


def _ends(tree: bpy.types.ShaderNodeTree) -> list[tuple[_Way, bpy.types.Node]]:
    """The outputs that are used: those of the material's own tree, else those that stand in groups of it."""
    waiting: list[_Way] = [((tree, ""),)]
    found = [(waiting[0], output) for output in outputs_of(tree)]
    while waiting and not found:
        inner = [
            (*way, (node.node_tree, node.name))
            for way in waiting
            for node in way[-1][0].nodes
            if isinstance(node, bpy.types.ShaderNodeGroup) and node.node_tree is not None and not node.mute
        ]
        for way in inner:
            last = way[-1][0]
            if isinstance(last, bpy.types.ShaderNodeTree):
                found += [(way, output) for output in outputs_of(last)]
        waiting = inner
    return found


def tree_at(tree: bpy.types.NodeTree, groups: Path) -> bpy.types.NodeTree | None:
    """The tree that a path of group nodes leads to; None where it leads nowhere."""
    for name in groups:
        node = tree.nodes.get(name)
        inner = node.node_tree if isinstance(node, bpy.types.ShaderNodeGroup) else None
        if inner is None:
            return None
        tree = inner
    return tree


def _before(
    socket: bpy.types.NodeSocket | None,
    way: _Way,
    added: bool,
    seen: set[tuple[Path, str, str]],
) -> Iterator[Shader]:
    """The shaders before a socket. `way`: the trees that were entered, each with the group node that led into it."""
    groups = tuple(name for _, name in way[1:])
    for link in (socket.links or ()) if socket is not None else ():
        node, source = link.from_node, link.from_socket
        if link.is_muted or node is None or source is None:
            continue
        key = groups, node.name, source.identifier
        if key in seen:
            continue
        seen.add(key)
        if node.mute:
            inputs = [inner.from_socket for inner in node.internal_links if inner.to_socket == source]
        elif node.type == "REROUTE":
            inputs = [node.inputs[0]]
        elif isinstance(node, bpy.types.ShaderNodeGroup) and node.node_tree is not None:
            end = next((one for one in node.node_tree.nodes if _is_end(one)), None)
            inner_socket = _of(end.inputs, source.identifier) if end else None
            if inner_socket is not None:
                yield from _before(inner_socket, (*way, (node.node_tree, node.name)), added, seen)
            continue
        elif node.type == "GROUP_INPUT" and len(way) > 1:
            outer = way[-2][0].nodes[way[-1][1]]
            outer_socket = _of(outer.inputs, source.identifier)
            if outer_socket is not None:
                yield from _before(outer_socket, way[:-1], added, seen)
            continue
        elif node.type in {"MIX_SHADER", "ADD_SHADER"}:
            inputs = [one for one in node.inputs if one.type == "SHADER"]
        else:
            yield Shader(groups, node.name, source.identifier, node.type, added)
            continue
        for one in inputs:
            yield from _before(one, way, added or node.type == "ADD_SHADER", seen)


def _is_end(node: bpy.types.Node) -> bool:
    return isinstance(node, bpy.types.NodeGroupOutput) and node.is_active_output


def _of(sockets: object, identifier: str) -> bpy.types.NodeSocket | None:
    return next((one for one in sockets if one.identifier == identifier), None)  # type: ignore[attr-defined]
