# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps: a growth's coverage, order, front and colour as fields, in a tree of geometry nodes that each growth has.

It shows the live images, or the sequences of a bake; who uses it need not know which.
"""

from __future__ import annotations

import bpy

from ..host.nodes import value_of
from ..material import coordinates
from ..material.look import recoloured
from ..material.picture_nodes import BAKED_NODES, first_number
from ..material.properties import NCA_PG_growth, nca_of
from .building import Building, Source, first

OF = "neural_growth_maps"
"""Property of a tree: the material whose growth's maps it gives."""
MADE_OF = "neural_growth_made_of"
"""Property of such a tree: what it shows, so that it is made again only where that is another one."""
OUTPUTS = {
    "Coverage": "NodeSocketFloat",
    "Growth Order": "NodeSocketFloat",
    "Front": "NodeSocketFloat",
    "Colour": "NodeSocketColor",
}


def maps_of(material: bpy.types.Material) -> bpy.types.NodeTree | None:
    """The tree with the maps of a material's growth, if there is one."""
    return next((tree for tree in bpy.data.node_groups if tree.get(OF) == material), None)


def ensure(material: bpy.types.Material, uv_map: str) -> bpy.types.NodeTree:
    """Give a material such a tree, or bring the one that it has up to date.

    Parameters
    ----------
    material : Material
    uv_map : str
        By which the growth lies on the mesh where its material does not name one.
    """
    tree = maps_of(material)
    if tree is None:
        tree = Building(f"{material.name} Growth Maps", {}, OUTPUTS).tree
        tree[OF], tree["uv_map"] = material, uv_map
    bring_up_to_date(material)
    return tree


def bring_up_to_date(material: bpy.types.Material) -> None:
    """Let the tree of a material, where it has one, show what its growth shows."""
    tree = maps_of(material)
    nca = nca_of(material)
    if tree is None or not tree.is_editable or nca.tree is None or not nca.growing:
        return
    said = _describe(nca, tree)
    if tree.get(MADE_OF) == said:
        return
    tree.nodes.clear()
    _fill(Building.of(tree), material, tree["uv_map"])
    tree[MADE_OF] = said


def make_again(material: bpy.types.Material) -> None:
    """Make the tree of a material, where it has one, anew: what is to be changed of its colours is another."""
    tree = maps_of(material)
    if tree is not None and tree.is_editable:
        tree[MADE_OF] = ""
        bring_up_to_date(material)


def _describe(nca: NCA_PG_growth, tree: bpy.types.NodeTree) -> str:
    images = [image.session_uid if image is not None else 0 for image in _images(nca).values()]
    frames = (nca.baked_first, nca.baked_last, _number(nca), *["loops"] * nca.baked_loop) if nca.baked else ()
    return f"{images} {frames} {nca.wrap} {_uv_map(nca, tree['uv_map'])} {_moved(nca)}"


def _images(nca: NCA_PG_growth) -> dict[str, bpy.types.Image | None]:
    """What the maps are read from: the image of the order, or each of them apart, and the colours."""
    if not nca.baked:
        return {"order": nca.image_order, "colour": nca.image_colour}
    found = {
        map: nca.tree.nodes.get(BAKED_NODES[map]) for map in ("growth_order", "front", "linear_base_colour")
    }
    return {map: node.image if node is not None else None for map, node in found.items()}


def _number(nca: NCA_PG_growth) -> int:
    """Number of the first file of a bake."""
    node = nca.tree.nodes.get(BAKED_NODES["linear_base_colour"])
    return first_number(node, nca.baked_loop) if node is not None else nca.baked_first


def _uv_map(nca: NCA_PG_growth, fallback: str) -> str:
    return coordinates.uv_map_of(nca.tree) or fallback


def _moved(nca: NCA_PG_growth) -> tuple[tuple[float, ...], ...]:
    """How the pictures are moved, turned and scaled on the surface."""
    mapping = coordinates.mapping_of(nca.tree)
    if mapping is None:
        return (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    return tuple(tuple(value_of(mapping.inputs[name])) for name in ("Location", "Rotation", "Scale"))


def _fill(b: Building, material: bpy.types.Material, fallback: str) -> None:
    nca = nca_of(material)
    location, rotation, scale = _moved(nca)
    place: Source = b.attribute(_uv_map(nca, fallback), "FLOAT_VECTOR")
    place = b.vector("MULTIPLY", place, scale)
    place = first(
        b.add("ShaderNodeVectorRotate", {"Vector": place, "Rotation": rotation}, rotation_type="EULER_XYZ")
    )
    place = b.vector("ADD", place, location)
    frame: Source = 0
    if nca.baked:
        now: Source = b.add("GeometryNodeInputSceneTime").outputs["Frame"]
        since = b.calculate("SUBTRACT", now, nca.baked_first)
        length = nca.baked_last - nca.baked_first + 1
        if nca.baked_loop:
            since = b.calculate("FLOORED_MODULO", since, length)
        else:
            since = b.calculate("MAXIMUM", b.calculate("MINIMUM", since, length - 1), 0)
        frame = b.calculate("ADD", since, _number(nca))
    pictures = {
        name: b.add(
            "GeometryNodeImageTexture",
            image,
            place,
            frame,
            interpolation="Linear",
            extension="REPEAT" if nca.wrap else "EXTEND",
        )
        for name, image in _images(nca).items()
        if image is not None
    }

    def channel(name: str, output: str, otherwise: float) -> Source:
        if name not in pictures:
            return otherwise
        if output == "Alpha":
            return pictures[name].outputs["Alpha"]
        return b.add("FunctionNodeSeparateColor", pictures[name]).outputs[output]

    if nca.baked:
        coverage, colour = channel("linear_base_colour", "Alpha", 0.0), pictures.get("linear_base_colour")
        order, front = channel("growth_order", "Red", 0.0), channel("front", "Red", 0.0)
    else:
        coverage, colour = channel("colour", "Alpha", 0.0), pictures.get("colour")
        order, front = channel("order", "Red", 1.0), channel("order", "Green", 0.0)
    if colour is not None:
        colour = next((changed for changed in recoloured(material, b.tree, first(colour)) if changed), colour)
    b.give_out(
        Coverage=coverage,
        Growth_Order=order,
        Front=front,
        Colour=colour if colour is not None else (0.5, 0.5, 0.5, 1.0),
    )
