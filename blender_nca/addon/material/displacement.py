# SPDX-License-Identifier: GPL-3.0-or-later
"""Displacement: a growth that moves the surface itself, added to what moved it before."""

from __future__ import annotations

import bpy

from ..host.nodes import new_node
from .node_group import LABEL
from .shaders import outputs_of
from .sockets import DISPLACEMENT, note_sockets, output_of, set_value

BEFORE = "neural_growth_displacement"
"""Property of a material that a growth moves: how it was moved before, as Blender names it."""
ROLE, ADDED = "neural_growth_displaces", "sum"
"""Property of a node that is there for the displacement alone: a sum with what was before, or a node of the group."""
_BUMP = "Relief"
"""Node of the group that makes normals: not of what is moved."""


def is_on(material: bpy.types.Material) -> bool:
    """Whether the growth of a material is to move the surface."""
    return material.get(BEFORE) is not None


def switch(material: bpy.types.Material, tree: bpy.types.NodeTree, on: bool) -> None:
    """Let a growth move the surface, or no more: then all is as before."""
    if on == is_on(material):
        return
    if on:
        material[BEFORE] = material.displacement_method
        # Cycles makes the normals of it, too
        material.displacement_method = "BOTH"
        put_in(material, tree)
    else:
        take_out(material)
        material.displacement_method = material[BEFORE]
        del material[BEFORE]
    bump = tree.nodes.get(_BUMP)
    if bump is not None:
        set_value(bump.inputs["Strength"], 0.0 if on else 1.0)


def put_in(material: bpy.types.Material, tree: bpy.types.NodeTree) -> None:
    """Link the growth to the displacement of the material's outputs."""
    own = material.node_tree
    if own is None:
        return
    shown = [
        node for node in own.nodes if isinstance(node, bpy.types.ShaderNodeGroup) and node.node_tree == tree
    ]
    outputs = outputs_of(own)
    group = shown[0] if shown else _add_group(own, tree, outputs)
    moved = output_of(group, DISPLACEMENT)
    if moved is None:
        return
    for output in outputs:
        target = output.inputs["Displacement"]
        former = next((link.from_socket for link in target.links or ()), None)
        if former is None or former == moved:
            own.links.new(moved, target)
            continue
        both = own.nodes.new("ShaderNodeVectorMath")
        both[ROLE], both.label = ADDED, LABEL
        both.location = output.location.x - 200, output.location.y - 160
        own.links.new(former, both.inputs[0])
        own.links.new(moved, both.inputs[1])
        own.links.new(both.outputs[0], target)


def take_out(material: bpy.types.Material) -> None:
    """Take these links away, and give the outputs back what was linked to them."""
    own = material.node_tree
    for node in list(own.nodes) if own is not None else ():
        if node.get(ROLE) == ADDED:
            former = next((link.from_socket for link in node.inputs[0].links or ()), None)
            targets = [link.to_socket for link in node.outputs[0].links or ()]
            own.nodes.remove(node)
            for target in targets:
                if former is not None and target is not None:
                    own.links.new(former, target)
        elif node.get(ROLE) is not None:
            own.nodes.remove(node)
        elif isinstance(node, bpy.types.ShaderNodeGroup):
            socket = output_of(node, DISPLACEMENT) if node.label == LABEL else None
            for link in list(socket.links or ()) if socket is not None else ():
                own.links.remove(link)


def _add_group(
    own: bpy.types.NodeTree, tree: bpy.types.NodeTree, outputs: list[bpy.types.Node]
) -> bpy.types.Node:
    """A node of the group beside the outputs, where all others stand in groups."""
    group = new_node(own, bpy.types.ShaderNodeGroup)
    group.node_tree = tree  # type: ignore[assignment]  # a tree of shaders, as all that a growth has
    group.label, group[ROLE] = LABEL, "group"
    note_sockets(group)
    if outputs:
        group.location = outputs[0].location.x - 260, outputs[0].location.y - 260
    return group
