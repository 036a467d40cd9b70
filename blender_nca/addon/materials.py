# SPDX-License-Identifier: GPL-3.0-or-later
"""Materials: the node group of a growth, and how it is wired into what the material was before.

The group lies between the Principled BSDF and what fed it: links and values of the Principled's sockets move to the
group's inputs (the *ground*), and the growth lies over them by its alpha.
"""

from __future__ import annotations

import bpy

from . import compat, images

GROUND = {
    "Base Color": "Ground Colour",
    "Metallic": "Ground Metallic",
    "Roughness": "Ground Roughness",
    "Alpha": "Ground Alpha",
    "Normal": "Ground Normal",
    "Emission Color": "Ground Emission Colour",
    "Emission Strength": "Ground Emission Strength",
}
"""Socket of the Principled BSDF -> input of the group that takes what was there."""
LABEL = "Neural Growth"
RELIEF, GLOW = "Relief", "Glow"
WIDTH = 280
"""Space that the group takes between the Principled BSDF and the nodes before it."""


def make_group(material: bpy.types.Material) -> bpy.types.NodeTree:
    """Make the node group of a growth, still without pictures: `read_live` or `read_sequences` give it some."""
    tree = bpy.data.node_groups.new(f"{material.name} Growth", "ShaderNodeTree")
    _make_sockets(tree)
    _lay_over(tree)
    return tree


def renew_group(material: bpy.types.Material) -> None:
    """Bring a group of the first version, which had no emission, up to date; what it shows stays."""
    nca = material.nca
    if nca.tree is None:
        return
    _make_sockets(nca.tree)
    for group in group_nodes(material, nca.tree):
        # a node that was there before the socket has not taken its default
        group.inputs[GLOW].default_value = 1.0
        for principled in {link.to_node for link in group.outputs["Base Color"].links}:
            if principled.type == "BSDF_PRINCIPLED" and not group.outputs["Emission Color"].is_linked:
                for name in ("Emission Color", "Emission Strength"):
                    _put_before(material.node_tree.links, group, principled, name)
    if not nca.baked:
        read_live(nca.tree, nca)
    elif _baked_name("base_colour") in nca.tree.nodes:
        _feed_sequences(nca.tree)


def _make_sockets(tree: bpy.types.NodeTree) -> None:
    """Add the sockets of the group that it lacks."""
    present = {(item.name, item.in_out) for item in tree.interface.items_tree if item.item_type == "SOCKET"}

    def socket(name: str, in_out: str, kind: str) -> bpy.types.NodeTreeInterfaceSocket | None:
        if (name, in_out) in present:
            return None
        return tree.interface.new_socket(name, in_out=in_out, socket_type=kind)

    for name, kind in (
        ("Base Color", "NodeSocketColor"),
        ("Metallic", "NodeSocketFloat"),
        ("Roughness", "NodeSocketFloat"),
        ("Alpha", "NodeSocketFloat"),
        ("Normal", "NodeSocketVector"),
        ("Emission Color", "NodeSocketColor"),
        ("Emission Strength", "NodeSocketFloat"),
    ):
        socket(name, "OUTPUT", kind)
    ground = {
        "Ground Colour": (
            "NodeSocketColor",
            (0.8, 0.8, 0.8, 1.0),
            "Base colour of the material under the growth",
        ),
        "Ground Metallic": ("NodeSocketFloat", 0.0, "Metallic of the material under the growth"),
        "Ground Roughness": ("NodeSocketFloat", 0.5, "Roughness of the material under the growth"),
        "Ground Alpha": ("NodeSocketFloat", 1.0, "0 leaves only the growth visible"),
        "Ground Normal": ("NodeSocketVector", (0.0, 0.0, 0.0), "Normal of the material under the growth"),
        "Ground Emission Colour": (
            "NodeSocketColor",
            (1.0, 1.0, 1.0, 1.0),
            "Colour in which the material under the growth glows",
        ),
        "Ground Emission Strength": (
            "NodeSocketFloat",
            0.0,
            "How strongly the material under the growth glows",
        ),
    }
    for name, (kind, value, description) in ground.items():
        item = socket(name, "INPUT", kind)
        if item is None:
            continue
        item.default_value = value
        item.description = description
        if name == "Ground Emission Strength":
            item.min_value, item.max_value = 0.0, 1e6
        elif kind == "NodeSocketFloat":
            item.subtype, item.min_value, item.max_value = "FACTOR", 0.0, 1.0
        item.hide_value = name == "Ground Normal"
    relief = socket(RELIEF, "INPUT", "NodeSocketFloat")
    if relief is not None:
        relief.subtype, relief.default_value = "DISTANCE", 0.02
        relief.min_value, relief.max_value = -10.0, 10.0
        relief.description = (
            "How far the highest part of the growth stands out of the surface; below 0 it is carved in"
        )
    glow = socket(GLOW, "INPUT", "NodeSocketFloat")
    if glow is not None:
        # the range of the slider: more can be typed
        glow.default_value, glow.min_value, glow.max_value = 1.0, 0.0, 10.0
        glow.description = (
            "How brightly the parts of the growth that glow shine, lava's cracks for one; 0 puts them out. "
            "Above 1, Cycles takes the surface for a lamp: what it lights is less noisy, and rendering slower"
        )


def wire(material: bpy.types.Material, tree: bpy.types.NodeTree) -> bool:
    """Put the group in front of the material's Principled BSDF; whether there was one to put it before.

    A material without any surface gets a Principled BSDF. In one with another shader, the group is added for the
    artist to link.
    """
    compat.use_nodes(material)
    nodes, links = material.node_tree.nodes, material.node_tree.links
    principled = find_principled(material.node_tree)
    output = material.node_tree.get_output_node("ALL")
    if principled is None and (output is None or not output.inputs["Surface"].is_linked):
        output = output or nodes.new("ShaderNodeOutputMaterial")
        principled = nodes.new("ShaderNodeBsdfPrincipled")
        principled.location = (output.location.x - WIDTH, output.location.y)
        links.new(principled.outputs["BSDF"], output.inputs["Surface"])
    for node in [
        node for node in nodes if node.type == "GROUP" and node.node_tree is None and node.label == LABEL
    ]:
        nodes.remove(node)  # its group was deleted: an empty shell
    group = nodes.new("ShaderNodeGroup")
    group.node_tree = tree
    group.width = 200
    group.name = group.label = LABEL
    group.show_options = False
    if principled is None:
        return False
    for node in {node for name in GROUND for node in _feeding(principled.inputs[name])}:
        node.location.x -= WIDTH
    group.location = (principled.location.x - WIDTH, principled.location.y)
    for name in GROUND:
        _put_before(links, group, principled, name)
    return True


def unwire(material: bpy.types.Material, tree: bpy.types.NodeTree) -> None:
    """Take the group out again: links and values go back to where they were."""
    nodes, links = material.node_tree.nodes, material.node_tree.links
    for group in group_nodes(material, tree):
        before = {node for ground in GROUND.values() for node in _feeding(group.inputs[ground])}
        for name, ground in GROUND.items():
            # an artist may have linked an output to more than one socket: each gets what lay under the growth
            for target in [link.to_socket for link in group.outputs[name].links]:
                _give(links, group.inputs[ground], target)
        for node in before:
            node.location.x += WIDTH
        nodes.remove(group)


def group_nodes(material: bpy.types.Material, tree: bpy.types.NodeTree | None) -> list[bpy.types.Node]:
    """The material's nodes that show this group."""
    if tree is None or material.node_tree is None:
        return []
    return [node for node in material.node_tree.nodes if node.type == "GROUP" and node.node_tree == tree]


def read_live(tree: bpy.types.NodeTree, nca) -> None:
    """Let the group show the live images."""
    colour = _picture(tree, "Growth Colour", nca.image_colour, nca.wrap, 0)
    data = _picture(tree, "Growth Data", nca.image_data, nca.wrap, 1)
    split = _node(tree, "ShaderNodeSeparateColor", "Growth Data Channels", (-520, -180))
    glow = _node(tree, "ShaderNodeVectorMath", "Growth Emission", (-520, -340))
    glow.operation = "SCALE"
    link = tree.links.new
    link(data.outputs["Color"], split.inputs["Color"])
    link(colour.outputs["Color"], glow.inputs["Vector"])
    link(data.outputs["Alpha"], glow.inputs["Scale"])
    _feed(tree, colour, *(split.outputs[name] for name in ("Red", "Green", "Blue")), glow.outputs["Vector"])
    _drop(tree, keep={colour, data, split, glow})


def read_sequences(
    tree: bpy.types.NodeTree, sequences: dict[str, bpy.types.Image], wrap: bool, first: int, last: int
):
    """Let the group show baked image sequences, whose file numbers are frames of the scene.

    Parameters
    ----------
    sequences : dict
        Map name -> its image, for all of `images.SEQUENCES`.
    first, last : int
        Before the first frame that one is shown, after the last frame that one.
    """
    nodes = set()
    for row, name in enumerate(images.SEQUENCES):
        node = _picture(tree, _baked_name(name), sequences[name], wrap, row)
        user = node.image_user
        # Blender's first frame of a sequence is 1, and before it stands 0, to which the offset is added too: so a
        # sequence that is said to start a frame later, from the second file on, shows the first file until then.
        user.frame_start, user.frame_offset, user.frame_duration = first + 1, first, max(1, last - first)
        user.use_auto_refresh = True
        user.use_cyclic = False
        nodes.add(node)
    _feed_sequences(tree)
    _drop(tree, keep=nodes)


def remove_group(tree: bpy.types.NodeTree) -> None:
    """Take away a group that nothing shows any more, and its baked pictures."""
    if tree is None or tree.users:
        return
    baked = {tree.nodes[name].image for name in _PICTURES if name.startswith("Baked") and name in tree.nodes}
    bpy.data.node_groups.remove(tree)
    for image in baked - {None}:
        if not image.users:
            bpy.data.images.remove(image)


def set_extension(tree: bpy.types.NodeTree, wrap: bool) -> None:
    """A growth that wraps repeats over the surface; another one ends at the border of its picture."""
    for node in tree.nodes:
        if node.type == "TEX_IMAGE" and node.name in _PICTURES:
            node.extension = "REPEAT" if wrap else "CLIP"


def find_principled(tree: bpy.types.NodeTree) -> bpy.types.Node | None:
    """The Principled BSDF that the surface is made of; of several, the one nearest to the output."""
    output = tree.get_output_node("ALL")
    if output is not None:
        for node in _feeding(output.inputs["Surface"]):
            if node.type == "BSDF_PRINCIPLED":
                return node
    return None


def _feeding(socket: bpy.types.NodeSocket) -> list[bpy.types.Node]:
    """All nodes before a socket, the nearest first."""
    found, queue = [], [socket]
    while queue:
        for link in queue.pop(0).links:
            if link.from_node not in found:
                found.append(link.from_node)
                queue.extend(link.from_node.inputs)
    return found


def _put_before(links, group: bpy.types.Node, principled: bpy.types.Node, name: str) -> None:
    """Make what a socket of the Principled BSDF had the group's ground, and feed the socket from the group."""
    _give(links, principled.inputs[name], group.inputs[GROUND[name]])
    links.new(group.outputs[name], principled.inputs[name])


def _give(links, source: bpy.types.NodeSocket, target: bpy.types.NodeSocket) -> None:
    """Give a socket's link and value to another socket, in place of its own."""
    for link in list(target.links):
        links.remove(link)
    # hide_value: a normal's value is never shown, and means nothing
    if source.type == target.type and hasattr(source, "default_value") and not source.hide_value:
        target.default_value = source.default_value
    for link in list(source.links):
        links.new(link.from_socket, target)


def _lay_over(tree: bpy.types.NodeTree) -> None:
    """Make the part of the group that does not change: the growth, laid over the ground by its alpha."""
    link = tree.links.new

    def put(kind: str, name: str, at: tuple[float, float], *inputs, **settings) -> bpy.types.Node:
        """Add a node; `inputs` are sockets to link or values, for its first sockets."""
        node = tree.nodes.new(kind)
        node.name = node.label = name
        node.location = at
        for setting, value in settings.items():
            setattr(node, setting, value)
        for socket, source in zip(node.inputs, inputs, strict=False):
            _set(link, socket, source)
        return node

    def calculate(operation: str, name: str, at: tuple[float, float], *inputs) -> bpy.types.NodeSocket:
        return put("ShaderNodeMath", name, at, *inputs, operation=operation, hide=True).outputs[0]

    def mix(kind: str, name: str, at: tuple[float, float], factor, a, b) -> bpy.types.NodeSocket:
        node = put("ShaderNodeMix", name, at, data_type=kind, hide=True)
        letter = {"RGBA": "Color", "FLOAT": "Float", "VECTOR": "Vector"}[kind]
        sources = {"Factor_Float": factor, f"A_{letter}": a, f"B_{letter}": b}
        for socket in node.inputs:
            if socket.identifier in sources:
                _set(link, socket, sources[socket.identifier])
        return next(socket for socket in node.outputs if socket.identifier == f"Result_{letter}")

    ground = put("NodeGroupInput", "Ground", (-520, 460)).outputs
    # What `_feed` links the pictures to
    for row, name in enumerate(_FED):
        put("NodeReroute", name, (-200, 100 - 60 * row))

    def fed(name: str) -> bpy.types.NodeSocket:
        # looked up for each use: a reroute's sockets are made anew as it takes the type of its links
        return tree.nodes[name].outputs[0]

    # Straight-alpha "over" (Porter and Duff 1984): the growth's share in what is seen is its alpha over all alpha.
    covered = mix("FLOAT", "Alpha over Ground", (0, 300), fed("Alpha"), ground["Ground Alpha"], 1.0)
    not_zero = calculate("MAXIMUM", "Not Zero", (160, 300), covered, 1e-6)
    share = calculate("DIVIDE", "Share of Growth", (160, 250), fed("Alpha"), not_zero)
    seen_colour = mix("RGBA", "Colour over Ground", (360, 200), share, ground["Ground Colour"], fed("Colour"))
    seen_metallic = mix(
        "FLOAT", "Metallic over Ground", (360, 150), share, ground["Ground Metallic"], fed("Metallic")
    )
    seen_roughness = mix(
        "FLOAT", "Roughness over Ground", (360, 100), share, ground["Ground Roughness"], fed("Roughness")
    )

    # Both lights in parts of one strength. Cycles takes a surface whose strength may be above 0.5 for a lamp and gives
    # it samples, which are lost on growths that do not glow (measured: a quarter more noise, a third more time).
    # So the growth's light is twice its colour at half its strength: it is a lamp from a Glow above 1 on.
    ground_strength = ground["Ground Emission Strength"]
    half = calculate("MULTIPLY", "Half of Glow", (-160, 420), ground[GLOW], 0.5)
    strength = calculate("MAXIMUM", "Emission Strength", (0, 420), half, ground_strength)
    not_dark = calculate("MAXIMUM", "Not Dark", (160, 420), strength, 1e-6)

    def light(name: str, y: float, colour, part) -> bpy.types.NodeSocket:
        part = calculate("DIVIDE", f"Share of {name} Light", (0, y), part, not_dark)
        node = put("ShaderNodeVectorMath", f"{name} Light", (160, y), operation="SCALE", hide=True)
        link(colour, node.inputs["Vector"])
        link(part, node.inputs["Scale"])
        return node.outputs["Vector"]

    ground_light = light("Ground", 380, ground["Ground Emission Colour"], ground_strength)
    growth_light = light("Growth", 340, fed("Emission"), ground[GLOW])
    seen_light = mix("RGBA", "Light over Ground", (360, 250), share, ground_light, growth_light)

    # An input that nothing is linked to gives a zero vector: then the surface's own normal stands in for it.
    surface = put("ShaderNodeNewGeometry", "Surface", (-200, -260), hide=True).outputs["Normal"]
    length = put(
        "ShaderNodeVectorMath",
        "Ground Normal Length",
        (-200, -320),
        ground["Ground Normal"],
        operation="LENGTH",
        hide=True,
    ).outputs["Value"]
    is_linked = calculate("GREATER_THAN", "Has Ground Normal", (-20, -320), length, 0.5)
    under = mix("VECTOR", "Ground Normal", (140, -320), is_linked, surface, ground["Ground Normal"])
    # The growth hides the ground's bumps where it covers it, and stands out by its own height.
    smooth = mix("VECTOR", "Normal under Growth", (140, -260), share, under, surface)
    thickness = calculate("MULTIPLY", "Height over Ground", (0, -180), fed("Height"), fed("Alpha"))
    bump = put("ShaderNodeBump", "Relief", (360, -60))
    for name, source in (
        ("Strength", 1.0),
        ("Distance", ground[RELIEF]),
        ("Height", thickness),
        ("Normal", smooth),
    ):
        _set(link, bump.inputs[name], source)

    out = put("NodeGroupOutput", "Growth over Ground", (640, 200)).inputs
    for name, source in (
        ("Base Color", seen_colour),
        ("Metallic", seen_metallic),
        ("Roughness", seen_roughness),
        ("Alpha", covered),
        ("Normal", bump.outputs["Normal"]),
        ("Emission Color", seen_light),
        ("Emission Strength", strength),
    ):
        link(source, out[name])


def _set(link, socket: bpy.types.NodeSocket, source) -> None:
    """Feed a socket from another socket, or give it a value."""
    if isinstance(source, bpy.types.NodeSocket):
        link(source, socket)
    else:
        socket.default_value = source


def _feed_sequences(tree: bpy.types.NodeTree) -> None:
    """Link the baked pictures that are there; one that is not leaves its part of the growth at zero."""
    nodes = [tree.nodes.get(_baked_name(name)) for name in images.SEQUENCES]
    _feed(tree, nodes[0], *(node and node.outputs["Color"] for node in nodes[1:]))


def _feed(tree: bpy.types.NodeTree, picture: bpy.types.Node, roughness, metallic, height, emission) -> None:
    """Link pictures to the fixed part of the group, which is made anew where someone has deleted of it."""
    if any(name not in tree.nodes for name in _FED):
        for node in [node for node in tree.nodes if node.name not in _PICTURES]:
            tree.nodes.remove(node)
        _lay_over(tree)
    sources = (picture.outputs["Color"], picture.outputs["Alpha"], roughness, metallic, height, emission)
    for name, source in zip(_FED, sources, strict=True):
        if source is not None:
            tree.links.new(source, tree.nodes[name].inputs[0])


def _picture(tree: bpy.types.NodeTree, name: str, image, wrap: bool, row: int) -> bpy.types.Node:
    node = _node(tree, "ShaderNodeTexImage", name, (-860, 120 - 300 * row))
    node.image = image
    node.extension = "REPEAT" if wrap else "CLIP"
    return node


def _node(tree: bpy.types.NodeTree, kind: str, name: str, location: tuple[float, float]) -> bpy.types.Node:
    node = tree.nodes.get(name)
    if node is None:
        node = tree.nodes.new(kind)
        node.name = node.label = name
        node.location = location
    return node


def _baked_name(map: str) -> str:
    return f"Baked {map.replace('_', ' ').title()}"


_FED = ("Colour", "Alpha", "Roughness", "Metallic", "Height", "Emission")
"""Nodes of the group's fixed part that take the pictures. Emission is a colour, base colour by emission."""
_PICTURES = ("Growth Colour", "Growth Data", "Growth Data Channels", "Growth Emission") + tuple(
    map(_baked_name, images.SEQUENCES)
)


def _drop(tree: bpy.types.NodeTree, keep: set[bpy.types.Node]) -> None:
    """Remove the picture nodes of the other kind, and their sequences where nothing else shows them."""
    for name in _PICTURES:
        node = tree.nodes.get(name)
        if node is None or node in keep:
            continue
        image = getattr(node, "image", None)
        tree.nodes.remove(node)
        if image is not None and name.startswith("Baked") and not image.users:
            bpy.data.images.remove(image)
