# SPDX-License-Identifier: GPL-3.0-or-later
"""Wiring: how a growth is put into the shaders of its material, and how it is taken out again.

A Principled BSDF is *fed*: the growth's group lies between it and what fed it. Links and values of the Principled's
sockets move to the group's inputs (the *ground*), with their keyframes and drivers, and the growth lies over them by
its alpha. Any other shader is *covered*: the growth has a Principled BSDF of its own, which is mixed over it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Literal

import bpy

from ..host.animation import is_animated, move_animation
from ..host.nodes import fed_by, new_node, tree_of, value_of
from ..host.versions import has_nodes_off, switch_nodes_off, use_nodes
from . import displacement
from .node_group import LABEL, group_nodes, trees_of
from .own_groups import give_back, make_own
from .shaders import HOLES, Shader, outputs_of, shaders_of, surfaces_of
from .sockets import (
    GLOW,
    GROUND,
    OPTIONAL,
    RELIEF,
    SHOWN,
    WEIGHTS,
    given,
    input_of,
    note_sockets,
    output_of,
    put_value,
    set_value,
)

WIDTH = 280
"""Space that the group takes between the Principled BSDF and the nodes before it."""
NOTED = "neural_growth_ground"
"""Property of a growth's node: its ground, as JSON; see `note_ground`."""
MOVED = "neural_growth_moved"
"""Property of a node: where it stood, across, each time that it made room for a group."""
PLAIN = "neural_growth_plain"
"""Property of a material whose nodes were off: the output that was the active one of its tree, if it had one."""
ROLE = "neural_growth"
"""Property of a node that says what it is for; a group node without one feeds."""
COVER, SURFACE, MIX, HIDE, ADDED = "cover", "surface", "mix", "hide", "added"
"""Roles: the group of a growth that covers, its Principled BSDF, the mix with what it covers, what hides that, and
what a material without a surface was given."""


def wire(material: bpy.types.Material, tree: bpy.types.ShaderNodeTree, shown: bool = True) -> None:
    """Put a growth into all surfaces of a material.

    Parameters
    ----------
    material : Material
        One without a surface gets a Principled BSDF.
    tree : NodeTree
        The growth's group.
    shown : bool
        Whether the ground is seen where nothing grows.
    """
    own = _switch_on(material)
    _put_into_surfaces(own, tree, shown)
    if displacement.is_on(material):
        displacement.put_in(material, tree)


def _put_into_surfaces(own: bpy.types.ShaderNodeTree, tree: bpy.types.ShaderNodeTree, shown: bool) -> None:
    shaders = [one for one in shaders_of(own) if one.kind not in HOLES]
    fed = [one for one in shaders if one.kind == "BSDF_PRINCIPLED"]
    surfaces = surfaces_of(own)
    if fed or not surfaces:
        for one in fed or [_add_surface(own, outputs_of(own))]:
            inner = make_own(own, one.groups)
            _feed(inner, inner.nodes[one.node], tree, shown)
        for one in shaders:
            if one not in fed:
                inner = make_own(own, one.groups)
                source = output_by(inner.nodes[one.node], one.socket)
                _cover(inner, source, fed_by(source), tree, shown, adds=one.added)
        return
    # whatever it is, also a group whose library is lost: it is kept under the growth
    covered: dict[bpy.types.NodeSocket, tuple[bpy.types.NodeTree, list[bpy.types.NodeSocket]]] = {}
    for groups, name in surfaces:
        inner = make_own(own, groups)
        surface = inner.nodes[name].inputs["Surface"]
        behind = _source(surface)
        if behind is not None:
            covered.setdefault(behind, (inner, []))[1].append(surface)
    for behind, (inner, targets) in covered.items():
        _cover(inner, behind, targets, tree, shown)


def unwire(material: bpy.types.Material, tree: bpy.types.NodeTree | None) -> None:
    """Take a growth out again: links, values and what animates them go back to where they were."""
    displacement.take_out(material)
    for own in trees_of(material):
        for mix in [node for node in own.nodes if node.get(ROLE) == MIX]:
            _uncover(own, mix)
        for node in [node for node in own.nodes if node.get(ROLE) in {HIDE, SURFACE, ADDED}]:
            own.nodes.remove(node)
    for shell in _shells(material):
        _restore_noted(tree_of(shell), shell)
        tree_of(shell).nodes.remove(shell)
    for group in group_nodes(material, tree):
        own = tree_of(group)
        before = {node for ground in GROUND.values() for node in _feeding(input_of(group, ground.name))}
        for name, ground in GROUND.items():
            source, output = input_of(group, ground.name), output_of(group, name)
            # an artist may have linked an output to more than one socket: each gets what lay under the growth
            if source is not None:
                for target in fed_of(output):
                    hand_over(own, source, target)
        _move_back(before)
        own.nodes.remove(group)
    for own in trees_of(material):  # those that an artist has unlinked meanwhile
        for node in own.nodes:
            while node.get(MOVED) is not None:
                _move_back([node])
    if material.node_tree is not None:
        give_back(material.node_tree)
    _switch_off_again(material)


def note_ground(group: bpy.types.Node) -> None:
    """Note on a growth's node what lies under the growth: Blender forgets it when the node's group is deleted."""
    noted = []
    for name, ground in GROUND.items():
        source, output = input_of(group, ground.name), output_of(group, name)
        targets = fed_of(output)
        if source is None or not targets:
            continue
        value = value_of(source)
        noted.append(
            {
                "targets": [(target.node.name, target.identifier) for target in targets if target.node],
                "sources": [
                    (link.from_node.name, link.from_socket.identifier, link.is_muted)
                    for link in source.links or ()
                    if link.from_node and link.from_socket
                ],
                "value": tuple(value) if hasattr(value, "__len__") else value,
                "path": source.path_from_id("default_value"),
            }
        )
    if json.dumps(noted) != group.get(NOTED):
        group[NOTED] = json.dumps(noted)


def _restore_noted(own: bpy.types.NodeTree, shell: bpy.types.Node) -> None:
    """Give the ground back to what it was taken from, where the growth's group is gone with its sockets."""
    targets: list[bpy.types.NodeSocket] = []
    try:
        noted = json.loads(shell.get(NOTED, "[]"))
    except (TypeError, ValueError, RecursionError):  # changed by hand
        noted = []
    for one in noted:
        for name, identifier in one["targets"]:
            target = _socket(own, name, "inputs", identifier)
            if target is None:
                continue
            if not target.hide_value and _like(value_of(target), one["value"]):
                set_value(target, one["value"])
                move_animation(own, one["path"], target.path_from_id("default_value"))
            for source_name, source_identifier, is_muted in one["sources"]:
                source = _socket(own, source_name, "outputs", source_identifier)
                if source is not None:
                    own.links.new(source, target).is_muted = is_muted
            targets.append(target)
    _move_back({node for target in targets for node in _feeding(target)})


def _make_room(nodes: Iterable[bpy.types.Node]) -> None:
    for node in nodes:
        node[MOVED] = [*node.get(MOVED, ()), node.location.x]
        node.location.x -= WIDTH


def _move_back(nodes: Iterable[bpy.types.Node]) -> None:
    """Move nodes to where they stood: exactly, which a sum of rounded numbers is not. An artist's own moves stay."""
    for node in nodes:
        now, stood = node.location.x + WIDTH, list(node.get(MOVED, ()))
        before = stood.pop() if stood else now
        node.location.x = before if abs(now - before) < 0.01 else now
        if stood:
            node[MOVED] = stood
        elif node.get(MOVED) is not None:
            del node[MOVED]


def _socket(
    own: bpy.types.NodeTree, name: str, side: Literal["inputs", "outputs"], identifier: str
) -> bpy.types.NodeSocket | None:
    node = own.nodes.get(name)
    sockets: Iterable[bpy.types.NodeSocket] = getattr(node, side) if node is not None else ()
    return next((one for one in sockets if one.identifier == identifier), None)


def _like(value: object, other: object) -> bool:
    return hasattr(value, "__len__") == hasattr(other, "__len__")


def put_before(own: bpy.types.NodeTree, group: bpy.types.Node, principled: bpy.types.Node, name: str) -> None:
    """Make what a socket of the Principled BSDF had the group's ground, and feed the socket from the group."""
    ground, output = input_of(group, GROUND[name].name), output_of(group, name)
    if ground is not None and output is not None and name in principled.inputs:
        hand_over(own, principled.inputs[name], ground)
        own.links.new(output, principled.inputs[name])


def is_used(own: bpy.types.NodeTree, principled: bpy.types.Node, name: str) -> bool:
    """Whether a weight of the Principled BSDF makes something that has to give way where a growth covers it.

    The others stay without a link: a linked weight costs a renderer what it says is there.
    """
    socket = principled.inputs.get(name)
    if socket is None:
        return False
    return bool(
        socket.is_linked or socket.default_value > 0 or is_animated(own, socket.path_from_id("default_value"))
    )


def output_by(node: bpy.types.Node, identifier: str) -> bpy.types.NodeSocket:
    """An output of a node by its identifier."""
    return next(one for one in node.outputs if one.identifier == identifier)


def _switch_on(material: bpy.types.Material) -> bpy.types.ShaderNodeTree:
    """Let a material use its nodes. One that did not goes on showing its plain colours, under the growth."""
    if not has_nodes_off(material):
        return use_nodes(material)
    hidden = material.node_tree
    own = use_nodes(material)
    active = hidden.get_output_node("ALL") if hidden is not None else None
    material[PLAIN] = active.name if active is not None else ""
    if hidden is not None:
        _add_surface(own, [_add_output(own)])
    for shader in shaders_of(own):
        node = own.nodes.get(shader.node) if not shader.groups else None
        if (
            node is not None
            and node.type == "BSDF_PRINCIPLED"
            and (hidden is None or node.get(ROLE) == ADDED)
        ):
            set_value(node.inputs["Base Color"], material.diffuse_color)
            set_value(node.inputs["Metallic"], material.metallic)
            set_value(node.inputs["Roughness"], material.roughness)
    return own


def _switch_off_again(material: bpy.types.Material) -> None:
    name = material.get(PLAIN)
    if name is None:
        return
    active = material.node_tree.nodes.get(name) if material.node_tree is not None else None
    if isinstance(active, bpy.types.ShaderNodeOutputMaterial):
        active.is_active_output = True
    del material[PLAIN]
    switch_nodes_off(material)


def _add_output(own: bpy.types.ShaderNodeTree) -> bpy.types.Node:
    output = new_node(own, bpy.types.ShaderNodeOutputMaterial)
    output[ROLE] = ADDED
    output.is_active_output = True
    return output


def _add_surface(own: bpy.types.ShaderNodeTree, outputs: list[bpy.types.Node]) -> Shader:
    """Give a material without a surface one, for the time that something grows on it."""
    outputs = outputs or [_add_output(own)]
    principled = own.nodes.new("ShaderNodeBsdfPrincipled")
    principled[ROLE] = ADDED
    principled.location = (outputs[0].location.x - WIDTH, outputs[0].location.y)
    for output in outputs:
        own.links.new(principled.outputs["BSDF"], output.inputs["Surface"])
    return Shader((), principled.name, principled.outputs["BSDF"].identifier, principled.type, False)


def _feed(own: bpy.types.NodeTree, principled: bpy.types.Node, tree: bpy.types.NodeTree, shown: bool) -> None:
    _make_room({node for name in GROUND for node in _feeding(principled.inputs.get(name))})
    group = _new_group(own, tree)
    group.parent = principled.parent
    group.location = (principled.location.x - WIDTH, principled.location.y)
    for name in GROUND:
        is_weight = name in WEIGHTS and is_used(own, principled, name)
        if name not in OPTIONAL or is_weight or name in given(tree):
            put_before(own, group, principled, name)
    put_value(group, SHOWN, float(shown))
    note_ground(group)


def _cover(
    own: bpy.types.NodeTree,
    source: bpy.types.NodeSocket,
    targets: Iterable[bpy.types.NodeSocket],
    tree: bpy.types.NodeTree,
    shown: bool,
    adds: bool = False,
) -> None:
    """Mix the growth over a shader: into each of the sockets that it feeds.

    What a shader adds to another one (`adds`) gives way to nothing: the growth lies over the other one already.
    """
    x, y = source.node.location[:] if source.node is not None else (0.0, 0.0)
    group, surface = _growing_surface(own, (x, y), tree)
    mix = _new(own, "ShaderNodeMixShader", MIX, (x + 220, y + 120))
    alpha = output_of(group, "Alpha")
    if alpha is not None:
        own.links.new(alpha, mix.inputs[0])
    own.links.new(source, mix.inputs[1])
    if not adds:
        own.links.new(surface.outputs["BSDF"], mix.inputs[2])
    if not shown:
        hide = _new(own, "ShaderNodeMixShader", HIDE, (x + 200, y - 40))
        hole = _new(own, "ShaderNodeBsdfTransparent", HIDE, (x, y - 40))
        set_value(hide.inputs[0], 0.0)
        own.links.new(hole.outputs[0], hide.inputs[1])
        own.links.new(source, hide.inputs[2])
        own.links.new(hide.outputs[0], mix.inputs[1])
    for target in targets:
        own.links.new(mix.outputs[0], target)


def _uncover(own: bpy.types.NodeTree, mix: bpy.types.Node) -> None:
    source = _source(mix.inputs[1])
    if source is not None and source.node is not None and source.node.get(ROLE) == HIDE:
        source = _source(source.node.inputs[2])
    for link in list(mix.outputs[0].links or ()):
        target, is_muted = link.to_socket, link.is_muted
        own.links.remove(link)
        if source is not None and target is not None:
            own.links.new(source, target).is_muted = is_muted
    own.nodes.remove(mix)


def _growing_surface(
    own: bpy.types.NodeTree, at: tuple[float, float], tree: bpy.types.NodeTree
) -> tuple[bpy.types.Node, bpy.types.Node]:
    """The group and the Principled BSDF of a growth that covers: one of each in a tree."""
    group = next((one for one in own.nodes if one.get(ROLE) == COVER), None)
    surface = next((one for one in own.nodes if one.get(ROLE) == SURFACE), None)
    if group is None or surface is None:
        x, y = at
        group = _new_group(own, tree)
        group[ROLE] = COVER
        group.location = (x - WIDTH, y + 480)
        surface = _new(own, "ShaderNodeBsdfPrincipled", SURFACE, (x, y + 480))
        # the growth alone: how much of it is seen is for the mix to say
        put_value(group, SHOWN, 0.0)
        for name in GROUND:
            output = output_of(group, name)
            is_fed = name != "Alpha" and (name not in OPTIONAL or name in given(tree))
            if output is not None and is_fed and name in surface.inputs:
                own.links.new(output, surface.inputs[name])
    return group, surface


def _new_group(own: bpy.types.NodeTree, tree: bpy.types.NodeTree) -> bpy.types.ShaderNodeGroup:
    group = new_node(own, bpy.types.ShaderNodeGroup)
    group.node_tree = tree  # type: ignore[assignment]  # a tree of shaders, as all that a growth has
    group.width = 200
    group.name = group.label = LABEL
    group.show_options = False
    note_sockets(group)
    # several nodes of one growth stand out and glow alike
    for other in own.nodes:
        if other != group and getattr(other, "node_tree", None) == tree:
            for name in (RELIEF, GLOW):
                socket = input_of(other, name)
                if socket is not None:
                    put_value(group, name, value_of(socket))
            break
    return group


def _new(own: bpy.types.NodeTree, kind: str, role: str, at: tuple[float, float]) -> bpy.types.Node:
    node = own.nodes.new(kind)
    node[ROLE] = role
    node.label = LABEL
    node.location = at
    return node


def _shells(material: bpy.types.Material) -> list[bpy.types.Node]:
    """Nodes whose group was deleted."""
    return [
        node
        for own in trees_of(material)
        for node in own.nodes
        if isinstance(node, bpy.types.ShaderNodeGroup) and node.node_tree is None and node.label == LABEL
    ]


def _source(socket: bpy.types.NodeSocket) -> bpy.types.NodeSocket | None:
    """The output that a socket reads."""
    return next((link.from_socket for link in socket.links or () if not link.is_muted), None)


def fed_of(output: bpy.types.NodeSocket | None) -> list[bpy.types.NodeSocket]:
    """All sockets that an output is linked to."""
    links = output.links or () if output is not None else ()
    return [link.to_socket for link in links if link.to_socket is not None]


def _feeding(socket: bpy.types.NodeSocket | None) -> list[bpy.types.Node]:
    """All nodes before a socket, the nearest first."""
    found: list[bpy.types.Node] = []
    queue = [socket] if socket is not None else []
    while queue:
        for link in queue.pop(0).links:
            node = link.from_node
            if node is not None and node not in found:
                found.append(node)
                queue.extend(node.inputs)
    return found


def hand_over(own: bpy.types.NodeTree, source: bpy.types.NodeSocket, target: bpy.types.NodeSocket) -> None:
    """Give a socket's link, value and animation to another socket, in place of its own."""
    for link in list(target.links or ()):
        own.links.remove(link)
    # hide_value: a normal's value is never shown, and means nothing
    if source.type == target.type and hasattr(source, "default_value") and not source.hide_value:
        set_value(target, value_of(source))
        move_animation(own, source.path_from_id("default_value"), target.path_from_id("default_value"))
    for link in list(source.links or ()):
        if link.from_socket is not None:
            own.links.new(link.from_socket, target).is_muted = link.is_muted
