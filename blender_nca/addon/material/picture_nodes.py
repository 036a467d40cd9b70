# SPDX-License-Identifier: GPL-3.0-or-later
"""Picture nodes: those of a growth's group that show its maps, from live images or from baked sequences."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import bpy

from ...maps.channels import LIVE_IMAGES, ORDER_MAPS, SHOWN_MAPS, map_of
from ..host.nodes import Kind, new_node
from . import coordinates, handover
from .node_names import give_name
from .overlay import FED, FED_ORDER, lay_over
from .sockets import make_sockets

LIVE_NODES = ("Growth Colour", "Growth Data")
"""Nodes that show the live images."""
ORDER_NODE = "Growth Dates"
"""Node that shows the live image of the order, where it is asked for."""
_ONCE_SHOWN = ("base_colour", "emission")
"""Maps that bakes of before show: encoded as sRGB, and with the base colour in the emission already."""
BAKED_NODES = {
    name: f"Baked {name.replace('_', ' ').title()}" for name in (*SHOWN_MAPS, *ORDER_MAPS, *_ONCE_SHOWN)
}
"""Map -> node that shows its baked sequence."""
_SPLIT, GLOWING = "Growth Data Channels", "Growth Emission"
_SPLIT_ORDER = "Growth Dates Channels"
_ALL = (*LIVE_NODES, ORDER_NODE, _SPLIT, _SPLIT_ORDER, GLOWING, *BAKED_NODES.values())
_ONCE = {"linear_base_colour": "base_colour", "glow": "emission"}
"""Map that is shown today -> the one that bakes of before show in its place."""
Output = tuple[str, str]
"""A node's name and its output's."""
STRENGTH = "emission strength"
"""What only the emission is made from: no map of the overlay."""
_LIVE_OUTPUTS: dict[str, Output] = {
    "base_colour": (LIVE_NODES[0], "Color"),
    map_of(LIVE_IMAGES[0][3]): (LIVE_NODES[0], "Alpha"),
    **{
        map_of(channel): (_SPLIT, output)
        for channel, output in zip(LIVE_IMAGES[1], ("Red", "Green", "Blue"), strict=False)
    },
    STRENGTH: (LIVE_NODES[1], "Alpha"),
    "emission": (GLOWING, "Vector"),
    **{map: (_SPLIT_ORDER, output) for map, output in zip(ORDER_MAPS, ("Red", "Green"), strict=True)},
}
"""Map -> what gives it while the growth is live."""
_DATA_OUTPUTS: dict[str, Output] = {
    map: (BAKED_NODES[map], "Color")
    for map in (*SHOWN_MAPS, *ORDER_MAPS)
    if map in {**FED, **FED_ORDER} and map not in _ONCE_SHOWN
}
_BAKED_OUTPUTS: dict[str, Output] = {
    **_DATA_OUTPUTS,
    "base_colour": (BAKED_NODES["linear_base_colour"], "Color"),
    "alpha": (BAKED_NODES["linear_base_colour"], "Alpha"),
    STRENGTH: (BAKED_NODES["glow"], "Color"),
    "emission": (GLOWING, "Vector"),
}
"""Map -> what gives it of a bake."""
_ONCE_OUTPUTS: dict[str, Output] = {
    **_DATA_OUTPUTS,
    "base_colour": (BAKED_NODES["base_colour"], "Color"),
    "alpha": (BAKED_NODES["base_colour"], "Alpha"),
    "emission": (BAKED_NODES["emission"], "Color"),
}
"""Map -> what gives it of a bake of before."""
_LIVE_LINKS = (
    handover.Link(LIVE_NODES[1], "Color", _SPLIT, "Color", False),
    handover.Link(LIVE_NODES[0], "Color", GLOWING, "Vector", False),
    handover.Link(LIVE_NODES[1], "Alpha", GLOWING, "Scale", False),
    handover.Link(ORDER_NODE, "Color", _SPLIT_ORDER, "Color", False),
)
"""How the live pictures are taken apart. What glows is made of them after they are filtered, as it is of baked ones."""
_BAKED_LINKS = (
    handover.Link(BAKED_NODES["linear_base_colour"], "Color", GLOWING, "Vector", False),
    handover.Link(BAKED_NODES["glow"], "Color", GLOWING, "Scale", False),
)


def read_live(tree: bpy.types.NodeTree, images: Sequence[bpy.types.Image | None], wrap: bool) -> None:
    """Let the group show the live images. What the artist made of pictures that it shows already stays.

    Parameters
    ----------
    images : sequence of (Image or None)
        In the order of `maps.channels.LIVE_IMAGES`, and that of the order where there is one.
    wrap : bool
        Whether they repeat over the surface.
    """
    has_order = len(images) > len(LIVE_NODES)
    pictures = (*LIVE_NODES, *([ORDER_NODE] if has_order else ()))
    names = (*pictures, *([_SPLIT_ORDER] if has_order else ()), _SPLIT, GLOWING)
    fresh = {name for name in names if name not in tree.nodes}
    for row, (name, image) in enumerate(zip(pictures, images, strict=True)):
        models = [BAKED_NODES[map] for map in BAKED_NODES if _live_of(map) == name]
        _picture(tree, name, models or list(LIVE_NODES), wrap, row).image = image
    _node(tree, bpy.types.ShaderNodeSeparateColor, _SPLIT, (-520, -180))
    if has_order:
        _node(tree, bpy.types.ShaderNodeSeparateColor, _SPLIT_ORDER, (-520, -480))
    _node(tree, bpy.types.ShaderNodeVectorMath, GLOWING, (-520, -340)).operation = "SCALE"
    handover.make_noted_links(tree, fresh)
    handover.make_links(tree, [link for link in _LIVE_LINKS if fresh & {link.source, link.target}])
    _feed(tree, _LIVE_OUTPUTS, (_BAKED_OUTPUTS, _ONCE_OUTPUTS), fresh, keep=names)
    _drop(tree, keep=names)


def read_sequences(
    tree: bpy.types.NodeTree,
    sequences: Mapping[str, bpy.types.Image],
    wrap: bool,
    first: int,
    last: int,
    number: int,
    loops: bool = False,
) -> None:
    """Let the group show baked image sequences.

    Parameters
    ----------
    sequences : mapping
        Map name -> its image, for all of `SHOWN_MAPS`, and those of `ORDER_MAPS` that were baked.
    wrap : bool
        Whether they repeat over the surface.
    first, last : int
        Frames of the scene. Before the first frame that one is shown, after the last frame that one.
    number : int
        Of the first frame's files.
    loops : bool
        Whether the frames come again and again instead, before the first one too.
    """
    shown = (*SHOWN_MAPS, *(map for map in ORDER_MAPS if map in sequences))
    names = (*(BAKED_NODES[map] for map in shown), GLOWING)
    fresh = {name for name in names if name not in tree.nodes}
    for row, map in enumerate(shown):
        models = [_live_of(map), LIVE_NODES[1], *([BAKED_NODES[_ONCE[map]]] if map in _ONCE else [])]
        node = _picture(tree, BAKED_NODES[map], models, wrap, row)
        _show(node, sequences[map])
        user = node.image_user
        # Blender's first frame of a sequence is 1, and before it stands 0, to which the offset is added too: so a
        # sequence that is said to start a frame later, from the second file on, shows the first file until then.
        user.frame_start, user.frame_offset, user.frame_duration = first + 1, number, max(1, last - first)
        user.use_auto_refresh = True
        user.use_cyclic = loops
        if loops:  # here frame 1 of the sequence is shown in its first frame, and nothing stands before it
            user.frame_start, user.frame_offset, user.frame_duration = first, number - 1, last - first + 1
    _node(tree, bpy.types.ShaderNodeVectorMath, GLOWING, (-520, -340)).operation = "SCALE"
    handover.make_noted_links(tree, fresh)
    handover.make_links(tree, [link for link in _BAKED_LINKS if fresh & {link.source, link.target}])
    _feed(tree, _BAKED_OUTPUTS, (_LIVE_OUTPUTS, _ONCE_OUTPUTS), fresh, keep=names)
    _drop(tree, keep=names)


def feed_sequences(tree: bpy.types.NodeTree) -> None:
    """Link the baked pictures that are there; one that is not leaves its part of the growth at zero."""
    is_of_before = BAKED_NODES["linear_base_colour"] not in tree.nodes
    _feed(tree, _ONCE_OUTPUTS if is_of_before else _BAKED_OUTPUTS, (), (), keep=_ALL)


def _live_of(map: str) -> str:
    """The live picture that a baked one stands for."""
    if map in ORDER_MAPS:
        return ORDER_NODE
    return LIVE_NODES[0] if map.endswith("base_colour") else LIVE_NODES[1]


def shows_sequences(tree: bpy.types.NodeTree) -> bool:
    """Whether the group has pictures of a bake."""
    return any(BAKED_NODES[map] in tree.nodes for map in ("linear_base_colour", "base_colour"))


def outputs_of(tree: bpy.types.NodeTree) -> dict[str, bpy.types.NodeSocket]:
    """Map, or `STRENGTH` -> the output that gives it of the pictures that the group shows now."""
    if LIVE_NODES[0] in tree.nodes:
        outputs = _LIVE_OUTPUTS
    else:
        outputs = _ONCE_OUTPUTS if BAKED_NODES["base_colour"] in tree.nodes else _BAKED_OUTPUTS
    return {
        map: tree.nodes[node].outputs[output] for map, (node, output) in outputs.items() if node in tree.nodes
    }


def baked_images(tree: bpy.types.NodeTree) -> set[bpy.types.Image]:
    """The image sequences that the group shows."""
    nodes = [tree.nodes[name] for name in BAKED_NODES.values() if name in tree.nodes]
    return {
        node.image
        for node in nodes
        if isinstance(node, bpy.types.ShaderNodeTexImage) and node.image is not None
    }


def pictures_of(tree: bpy.types.NodeTree | None) -> list[bpy.types.ShaderNodeTexImage]:
    """The nodes that show the growth's pictures, live or baked."""
    if tree is None:
        return []
    names = (*LIVE_NODES, ORDER_NODE, *BAKED_NODES.values())
    nodes = [tree.nodes[name] for name in names if name in tree.nodes]
    return [node for node in nodes if isinstance(node, bpy.types.ShaderNodeTexImage)]


def first_number(node: bpy.types.ShaderNodeTexImage, loops: bool) -> int:
    """Number of the first file of the sequence that a node shows, as `read_sequences` has set it."""
    return node.image_user.frame_offset + int(loops)


def set_extension(tree: bpy.types.NodeTree, wrap: bool) -> None:
    """A growth that wraps repeats over the surface; another one ends at the border of its picture."""
    for node in pictures_of(tree):
        node.extension = "REPEAT" if wrap else "CLIP"


def _feed(
    tree: bpy.types.NodeTree,
    outputs: Mapping[str, Output],
    before: Sequence[Mapping[str, Output]],
    fresh: Collection[str],
    keep: Collection[str],
) -> None:
    """Link pictures to the overlay, which is made anew where someone has deleted of it.

    Parameters
    ----------
    outputs, before : mapping, sequence of mapping
        Map -> what gives it from now on, and what may have given it until now: all that this feeds is fed from now on
        by the other, also where the artist has put something between.
    fresh : collection of str
        Nodes that were made just now. What was there already and feeds nothing, the artist has cut off.
    keep : collection of str
        Nodes that stay: the others, which are removed, are not fed any more.
    """
    is_anew = any(name not in tree.nodes for name in FED.values())
    if is_anew:
        _lay_anew(tree)
    for map, (name, output) in outputs.items():
        if name not in tree.nodes:
            continue
        former = [one[map] for one in before if map in one and one[map][0] in set(tree.nodes.keys()) - {name}]
        for node, socket in former:
            source, now = tree.nodes[node].outputs[socket], tree.nodes[name].outputs[output]
            handover.move_outputs(tree, source, now, but=set(_ALL) - set(keep))
        target = {**FED, **FED_ORDER}.get(map)
        if target is not None and (is_anew or (name in fresh and not former)):
            handover.make_links(tree, [handover.Link(name, output, target, "Input", False)])


def _lay_anew(tree: bpy.types.NodeTree) -> None:
    """Make the overlay anew, with the artist's links to what is made again."""
    model = bpy.data.node_groups.new("Overlay", "ShaderNodeTree")
    make_sockets(model)
    lay_over(model)
    names = {node.name for node in model.nodes}
    bpy.data.node_groups.remove(model)
    links = [
        link
        for link in handover.links_of(tree)
        if (link.source in names) != (link.target in names) and link.source not in _ALL
    ]
    for name in names & set(tree.nodes.keys()):
        tree.nodes.remove(tree.nodes[name])
    lay_over(tree)
    handover.make_links(tree, links, replacing=True)


def _glow(
    tree: bpy.types.NodeTree, colour: bpy.types.NodeSocket, strength: bpy.types.NodeSocket
) -> bpy.types.NodeSocket:
    """The colour that glows: of live and of baked pictures it is made after these are filtered."""
    product = _node(tree, bpy.types.ShaderNodeVectorMath, GLOWING, (-520, -340))
    product.operation = "SCALE"
    node: bpy.types.Node = product
    tree.links.new(colour, node.inputs["Vector"])
    tree.links.new(strength, node.inputs["Scale"])
    return node.outputs["Vector"]


def _picture(
    tree: bpy.types.NodeTree, name: str, models: Sequence[str], wrap: bool, row: int
) -> bpy.types.ShaderNodeTexImage:
    """A picture's node; a new one takes over what the artist made of one of its models, if any of them is there."""
    is_new = name not in tree.nodes
    node = _node(tree, bpy.types.ShaderNodeTexImage, name, (-860, 120 - 300 * row))
    if is_new:
        node.extension = "REPEAT" if wrap else "CLIP"
        found = [tree.nodes[model] for model in models if model in tree.nodes]
        if found:
            handover.take_over(
                tree, node, max(found, key=lambda model: coordinates.have_others(tree, [model]))
            )
        else:
            coordinates.locate(tree, [node])
    return node


def _show(node: bpy.types.ShaderNodeTexImage, image: bpy.types.Image) -> None:
    """Let a node show a bake's sequence; the one that it has shown goes where nothing else shows it."""
    before, node.image = node.image, image
    if before is not None and before != image and not before.users:
        bpy.data.images.remove(before)


def _node(tree: bpy.types.NodeTree, kind: type[Kind], name: str, location: tuple[float, float]) -> Kind:
    node: Kind | None = tree.nodes.get(name)  # a name is that of nodes of one kind
    if node is None:
        node = new_node(tree, kind)
        give_name(node, name)
        node.location = location
    return node


def _drop(tree: bpy.types.NodeTree, keep: Collection[str]) -> None:
    """Remove the picture nodes of the other kind, and their sequences or image where nothing else shows them."""
    for name in _ALL:
        node = tree.nodes.get(name)
        if node is None or name in keep:
            continue
        handover.note_links(tree, node, but=_ALL)
        image = getattr(node, "image", None)
        tree.nodes.remove(node)
        if image is not None and name in {ORDER_NODE, *BAKED_NODES.values()} and not image.users:
            bpy.data.images.remove(image)
