# SPDX-License-Identifier: GPL-3.0-or-later
"""Sockets: what a growth's node group takes in and gives out."""

from __future__ import annotations

from typing import Literal, NamedTuple

import bpy

RELIEF, GLOW = "Relief", "Glow"
"""Inputs that say how far the growth stands out, and how brightly it shines."""


class Ground(NamedTuple):
    """An input that takes what the material was before, under the growth.

    Attributes
    ----------
    name : str
    kind : str
        Blender's type of socket.
    default : float or tuple of float
    description : str
    """

    name: str
    kind: str
    default: float | tuple[float, ...]
    description: str


_COLOUR, _NUMBER, _VECTOR = "NodeSocketColor", "NodeSocketFloat", "NodeSocketVector"
GROUND = {
    "Base Color": Ground(
        "Ground Colour", _COLOUR, (0.8, 0.8, 0.8, 1.0), "Base colour of the material under the growth"
    ),
    "Metallic": Ground("Ground Metallic", _NUMBER, 0.0, "Metallic of the material under the growth"),
    "Roughness": Ground("Ground Roughness", _NUMBER, 0.5, "Roughness of the material under the growth"),
    "Alpha": Ground("Ground Alpha", _NUMBER, 1.0, "0 leaves only the growth visible"),
    "Normal": Ground("Ground Normal", _VECTOR, (0.0, 0.0, 0.0), "Normal of the material under the growth"),
    "Emission Color": Ground(
        "Ground Emission Colour",
        _COLOUR,
        (1.0, 1.0, 1.0, 1.0),
        "Colour in which the material under the growth glows",
    ),
    "Emission Strength": Ground(
        "Ground Emission Strength", _NUMBER, 0.0, "How strongly the material under the growth glows"
    ),
}
"""Socket of the Principled BSDF, and output of the group that feeds it -> input of the group that takes what was there.
"""


def set_value(socket: bpy.types.NodeSocket | bpy.types.NodeTreeInterfaceSocket, value: object) -> None:
    """Give a socket of a kind that has values the one that counts while nothing is linked to it."""
    socket.default_value = value


def make_sockets(tree: bpy.types.NodeTree) -> None:
    """Add the sockets of the group that it lacks."""
    present = {
        (item.name, item.in_out)
        for item in tree.interface.items_tree
        if isinstance(item, bpy.types.NodeTreeInterfaceSocket)
    }

    def socket(
        name: str, in_out: Literal["INPUT", "OUTPUT"], kind: str
    ) -> bpy.types.NodeTreeInterfaceSocket | None:
        if (name, in_out) in present:
            return None
        return tree.interface.new_socket(name, in_out=in_out, socket_type=kind)

    for name, ground in GROUND.items():
        socket(name, "OUTPUT", ground.kind)
    for ground in GROUND.values():
        item = socket(ground.name, "INPUT", ground.kind)
        if item is None:
            continue
        set_value(item, ground.default)
        item.description = ground.description
        if isinstance(item, bpy.types.NodeTreeInterfaceSocketFloat):
            if ground.name == "Ground Emission Strength":
                item.min_value, item.max_value = 0.0, 1e6
            else:
                item.subtype, item.min_value, item.max_value = "FACTOR", 0.0, 1.0
        item.hide_value = ground.name == "Ground Normal"
    relief = socket(RELIEF, "INPUT", _NUMBER)
    if isinstance(relief, bpy.types.NodeTreeInterfaceSocketFloat):
        relief.subtype, relief.default_value = "DISTANCE", 0.02
        relief.min_value, relief.max_value = -10.0, 10.0
        relief.description = (
            "How far the highest part of the growth stands out of the surface; below 0 it is carved in"
        )
    glow = socket(GLOW, "INPUT", _NUMBER)
    if isinstance(glow, bpy.types.NodeTreeInterfaceSocketFloat):
        # the range of the slider: more can be typed
        glow.default_value, glow.min_value, glow.max_value = 1.0, 0.0, 10.0
        glow.description = (
            "How brightly the parts of the growth that glow shine, lava's cracks for one; 0 puts them out. "
            "Above 1, Cycles takes the surface for a lamp: what it lights is less noisy, and rendering slower"
        )
