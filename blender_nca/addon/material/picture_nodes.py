# SPDX-License-Identifier: GPL-3.0-or-later
"""Picture nodes: those of a growth's group that show its maps, from live images or from baked sequences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import bpy

from ...maps.channels import LIVE_IMAGES, map_of
from ...maps.sequence import SHOWN_MAPS
from ..host.nodes import Kind, new_node
from .overlay import FED, lay_over

LIVE_NODES = ("Growth Colour", "Growth Data")
"""Nodes that show the live images."""
_ONCE_SHOWN = ("base_colour", "emission")
"""Maps that bakes of before show: encoded as sRGB, and with the base colour in the emission already."""
BAKED_NODES = {name: f"Baked {name.replace('_', ' ').title()}" for name in (*SHOWN_MAPS, *_ONCE_SHOWN)}
"""Map -> node that shows its baked sequence."""
_SPLIT, _GLOW = "Growth Data Channels", "Growth Emission"
_ALL = (*LIVE_NODES, _SPLIT, _GLOW, *BAKED_NODES.values())


def read_live(tree: bpy.types.NodeTree, images: Sequence[bpy.types.Image | None], wrap: bool) -> None:
    """Let the group show the live images.

    Parameters
    ----------
    images : sequence of (Image or None)
        In the order of `maps.channels.LIVE_IMAGES`.
    wrap : bool
        Whether they repeat over the surface.
    """
    pictures: list[bpy.types.Node] = [
        _picture(tree, name, image, wrap, row)
        for row, (name, image) in enumerate(zip(LIVE_NODES, images, strict=True))
    ]
    colour, data = pictures
    split: bpy.types.Node = _node(tree, bpy.types.ShaderNodeSeparateColor, _SPLIT, (-520, -180))
    tree.links.new(data.outputs["Color"], split.inputs["Color"])
    sources = {"base_colour": colour.outputs["Color"], map_of(LIVE_IMAGES[0][3]): colour.outputs["Alpha"]}
    for channel, output in zip(LIVE_IMAGES[1], (*split.outputs, data.outputs["Alpha"]), strict=True):
        sources[map_of(channel)] = output
    _feed(tree, {**sources, "emission": _glow(tree, sources["base_colour"], sources["emission"])})
    _drop(tree, keep={colour, data, split, tree.nodes[_GLOW]})


def read_sequences(
    tree: bpy.types.NodeTree, sequences: Mapping[str, bpy.types.Image], wrap: bool, first: int, last: int
) -> None:
    """Let the group show baked image sequences, whose file numbers are frames of the scene.

    Parameters
    ----------
    sequences : mapping
        Map name -> its image, for all of `SHOWN_MAPS`.
    wrap : bool
        Whether they repeat over the surface.
    first, last : int
        Before the first frame that one is shown, after the last frame that one.
    """
    nodes: set[bpy.types.Node] = set()
    for row, map in enumerate(SHOWN_MAPS):
        node = _picture(tree, BAKED_NODES[map], sequences[map], wrap, row)
        user = node.image_user
        # Blender's first frame of a sequence is 1, and before it stands 0, to which the offset is added too: so a
        # sequence that is said to start a frame later, from the second file on, shows the first file until then.
        user.frame_start, user.frame_offset, user.frame_duration = first + 1, first, max(1, last - first)
        user.use_auto_refresh = True
        user.use_cyclic = False
        nodes.add(node)
    _drop(tree, keep=nodes)
    feed_sequences(tree)


def feed_sequences(tree: bpy.types.NodeTree) -> None:
    """Link the baked pictures that are there; one that is not leaves its part of the growth at zero."""
    nodes = {map: tree.nodes[name] for map, name in BAKED_NODES.items() if name in tree.nodes}
    sources = {map: node.outputs["Color"] for map, node in nodes.items() if map in FED}
    colour = nodes.get("linear_base_colour") or nodes.get("base_colour")
    if colour is not None:
        sources["base_colour"], sources["alpha"] = colour.outputs["Color"], colour.outputs["Alpha"]
    if colour is not None and "glow" in nodes:
        sources["emission"] = _glow(tree, colour.outputs["Color"], nodes["glow"].outputs["Color"])
    _feed(tree, sources)


def shows_sequences(tree: bpy.types.NodeTree) -> bool:
    """Whether the group has pictures of a bake."""
    return any(BAKED_NODES[map] in tree.nodes for map in ("linear_base_colour", "base_colour"))


def baked_images(tree: bpy.types.NodeTree) -> set[bpy.types.Image]:
    """The image sequences that the group shows."""
    nodes = [tree.nodes[name] for name in BAKED_NODES.values() if name in tree.nodes]
    return {
        node.image
        for node in nodes
        if isinstance(node, bpy.types.ShaderNodeTexImage) and node.image is not None
    }


def set_extension(tree: bpy.types.NodeTree, wrap: bool) -> None:
    """A growth that wraps repeats over the surface; another one ends at the border of its picture."""
    for node in tree.nodes:
        if isinstance(node, bpy.types.ShaderNodeTexImage) and node.name in _ALL:
            node.extension = "REPEAT" if wrap else "CLIP"


def _feed(tree: bpy.types.NodeTree, sources: Mapping[str, bpy.types.NodeSocket]) -> None:
    """Link pictures, by map, to the overlay, which is made anew where someone has deleted of it."""
    if any(name not in tree.nodes for name in FED.values()):
        for node in [node for node in tree.nodes if node.name not in _ALL]:
            tree.nodes.remove(node)
        lay_over(tree)
    for map, source in sources.items():
        tree.links.new(source, tree.nodes[FED[map]].inputs[0])


def _glow(
    tree: bpy.types.NodeTree, colour: bpy.types.NodeSocket, strength: bpy.types.NodeSocket
) -> bpy.types.NodeSocket:
    """The colour that glows: of live and of baked pictures it is made after these are filtered."""
    product = _node(tree, bpy.types.ShaderNodeVectorMath, _GLOW, (-520, -340))
    product.operation = "SCALE"
    node: bpy.types.Node = product
    tree.links.new(colour, node.inputs["Vector"])
    tree.links.new(strength, node.inputs["Scale"])
    return node.outputs["Vector"]


def _picture(
    tree: bpy.types.NodeTree, name: str, image: bpy.types.Image | None, wrap: bool, row: int
) -> bpy.types.ShaderNodeTexImage:
    node = _node(tree, bpy.types.ShaderNodeTexImage, name, (-860, 120 - 300 * row))
    node.image = image
    node.extension = "REPEAT" if wrap else "CLIP"
    return node


def _node(tree: bpy.types.NodeTree, kind: type[Kind], name: str, location: tuple[float, float]) -> Kind:
    node: Kind | None = tree.nodes.get(name)  # a name is that of nodes of one kind
    if node is None:
        node = new_node(tree, kind)
        node.name = node.label = name
        node.location = location
    return node


def _drop(tree: bpy.types.NodeTree, keep: set[bpy.types.Node]) -> None:
    """Remove the picture nodes of the other kind, and their sequences where nothing else shows them."""
    for name in _ALL:
        node = tree.nodes.get(name)
        if node is None or node in keep:
            continue
        image = getattr(node, "image", None)
        tree.nodes.remove(node)
        if image is not None and name in BAKED_NODES.values() and not image.users:
            bpy.data.images.remove(image)
