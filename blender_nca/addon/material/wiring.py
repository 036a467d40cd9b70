# SPDX-License-Identifier: GPL-3.0-or-later
"""Wiring: how the node group of a growth is linked into what the material was before.

The group lies between the Principled BSDF and what fed it: links and values of the Principled's sockets move to the
group's inputs (the *ground*), and the growth lies over them by its alpha.
"""

from __future__ import annotations

import bpy

from ..host.nodes import new_node
from ..host.versions import use_nodes
from .node_group import LABEL, group_nodes
from .sockets import GROUND, set_value

WIDTH = 280
"""Space that the group takes between the Principled BSDF and the nodes before it."""


def wire(material: bpy.types.Material, tree: bpy.types.ShaderNodeTree) -> bool:
    """Put the group in front of the material's Principled BSDF; whether there was one to put it before.

    A material without any surface gets a Principled BSDF. In one with another shader, the group is added for the
    artist to link.
    """
    shader = use_nodes(material)
    nodes, links = shader.nodes, shader.links
    principled = find_principled(shader)
    output: bpy.types.Node | None = shader.get_output_node("ALL")
    if principled is None and (output is None or not output.inputs["Surface"].is_linked):
        output = output or nodes.new("ShaderNodeOutputMaterial")
        principled = nodes.new("ShaderNodeBsdfPrincipled")
        principled.location = (output.location.x - WIDTH, output.location.y)
        links.new(principled.outputs["BSDF"], output.inputs["Surface"])
    for node in [
        node
        for node in nodes
        if isinstance(node, bpy.types.ShaderNodeGroup) and node.node_tree is None and node.label == LABEL
    ]:
        nodes.remove(node)  # its group was deleted: an empty shell
    group = new_node(shader, bpy.types.ShaderNodeGroup)
    group.node_tree = tree
    group.width = 200
    group.name = group.label = LABEL
    group.show_options = False
    if principled is None:
        return False
    for before in {node for name in GROUND for node in _feeding(principled.inputs[name])}:
        before.location.x -= WIDTH
    group.location = (principled.location.x - WIDTH, principled.location.y)
    for name in GROUND:
        put_before(links, group, principled, name)
    return True


def unwire(material: bpy.types.Material, tree: bpy.types.NodeTree) -> None:
    """Take the group out again: links and values go back to where they were."""
    nodes, links = material.node_tree.nodes, material.node_tree.links
    for group in group_nodes(material, tree):
        before = {node for ground in GROUND.values() for node in _feeding(group.inputs[ground.name])}
        for name, ground in GROUND.items():
            # an artist may have linked an output to more than one socket: each gets what lay under the growth
            for target in [
                link.to_socket for link in group.outputs[name].links if link.to_socket is not None
            ]:
                _give(links, group.inputs[ground.name], target)
        for node in before:
            node.location.x += WIDTH
        nodes.remove(group)


def find_principled(tree: bpy.types.ShaderNodeTree) -> bpy.types.Node | None:
    """The Principled BSDF that the surface is made of; of several, the one nearest to the output."""
    output = tree.get_output_node("ALL")
    if output is not None:
        for node in _feeding(output.inputs["Surface"]):
            if node.type == "BSDF_PRINCIPLED":
                return node
    return None


def put_before(
    links: bpy.types.NodeLinks, group: bpy.types.Node, principled: bpy.types.Node, name: str
) -> None:
    """Make what a socket of the Principled BSDF had the group's ground, and feed the socket from the group."""
    _give(links, principled.inputs[name], group.inputs[GROUND[name].name])
    links.new(group.outputs[name], principled.inputs[name])


def _feeding(socket: bpy.types.NodeSocket) -> list[bpy.types.Node]:
    """All nodes before a socket, the nearest first."""
    found: list[bpy.types.Node] = []
    queue = [socket]
    while queue:
        for link in queue.pop(0).links:
            node = link.from_node
            if node is not None and node not in found:
                found.append(node)
                queue.extend(node.inputs)
    return found


def _give(links: bpy.types.NodeLinks, source: bpy.types.NodeSocket, target: bpy.types.NodeSocket) -> None:
    """Give a socket's link and value to another socket, in place of its own."""
    for link in list(target.links or ()):
        links.remove(link)
    # hide_value: a normal's value is never shown, and means nothing
    if source.type == target.type and hasattr(source, "default_value") and not source.hide_value:
        set_value(target, source.default_value)
    for link in list(source.links or ()):
        if link.from_socket is not None:
            links.new(link.from_socket, target)
