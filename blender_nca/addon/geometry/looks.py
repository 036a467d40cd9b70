# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks: the materials of pieces. Each takes its colour from the pieces, so that one serves all growths of a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy

from ..host.versions import use_nodes

KIND = "neural_growth_pieces"
"""Property of a material: of which pieces it is."""


def ensure(kind: str, label: str) -> bpy.types.Material:
    """The material of a kind of pieces in this file; made where there is none that may be changed."""
    for material in bpy.data.materials:
        if material.get(KIND) == kind and material.library is None:
            return material
    material = bpy.data.materials.new(f"Growth {label}")
    material[KIND] = kind
    tree = use_nodes(material)
    _LOOKS[kind](_Shader(tree))
    return material


class _Shader:
    """The nodes of a material of pieces."""

    def __init__(self, tree: bpy.types.ShaderNodeTree):
        self.tree = tree
        self.surface = next(node for node in tree.nodes if node.bl_idname == "ShaderNodeBsdfPrincipled")
        self._count = 0

    def add(self, kind: str, *sources: Any, **settings: Any) -> bpy.types.Node:
        """Add a node; sources go into its inputs in use, None leaves one as it is."""
        node = self.tree.nodes.new(kind)
        node.location = -220 * (1 + self._count // 4), 300 - 220 * (self._count % 4)
        self._count += 1
        for name, value in settings.items():
            setattr(node, name, value)
        for socket, source in zip([one for one in node.inputs if one.enabled], sources, strict=False):
            if source is not None:
                self.feed(socket, source)
        return node

    def feed(self, socket: bpy.types.NodeSocket, source: Any) -> None:
        if isinstance(source, bpy.types.NodeSocket):
            self.tree.links.new(source, socket)
        else:
            socket.default_value = source  # type: ignore[attr-defined]  # only kinds that have values are given one

    def colour(self) -> bpy.types.NodeSocket:
        """The piece's own colour."""
        node = self.add("ShaderNodeAttribute", attribute_type="INSTANCER", attribute_name="piece_colour")
        return node.outputs["Color"]

    def part(self, name: str) -> bpy.types.NodeSocket:
        """A number that a place of the piece has."""
        return self.add("ShaderNodeAttribute", attribute_name=name).outputs["Fac"]

    def ramp(
        self, value: Any, low: Any, high: Any, begin: float = 0.0, end: float = 1.0
    ) -> bpy.types.NodeSocket:
        """A number that goes with another one."""
        return self.add("ShaderNodeMapRange", value, begin, end, low, high).outputs[0]

    def darken(self, colour: bpy.types.NodeSocket, by: bpy.types.NodeSocket) -> bpy.types.NodeSocket:
        """A colour times a number."""
        node = self.add("ShaderNodeVectorMath", colour, None, None, operation="SCALE")
        self.feed(node.inputs["Scale"], by)
        return node.outputs["Vector"]

    def set(self, **values: Any) -> None:
        """Feed the surface, by its inputs' names with _ for a space."""
        for name, value in values.items():
            self.feed(self.surface.inputs[name.replace("_", " ")], value)


def _look_moss(s: _Shader) -> None:
    tip = s.part("piece_tip")
    colour = s.darken(s.colour(), s.ramp(tip, 0.25, 1.5))
    s.set(
        Base_Color=colour,
        Roughness=0.75,
        Subsurface_Weight=0.25,
        Subsurface_Radius=(0.4, 0.6, 0.15),
        Subsurface_Scale=0.02,
    )


def _look_crystals(s: _Shader) -> None:
    tip = s.part("piece_tip")
    colour = s.colour()
    s.set(
        Base_Color=colour,
        Roughness=0.06,
        IOR=1.55,
        Transmission_Weight=s.ramp(tip, 0.3, 0.75),
        Emission_Color=colour,
        Emission_Strength=s.ramp(tip, 0.03, 0.2),
    )


def _look_barnacles(s: _Shader) -> None:
    place = s.add("ShaderNodeTexCoord").outputs["Object"]
    grain = s.add("ShaderNodeTexNoise", place, None, 9.0, 6.0).outputs[0]
    inside = s.ramp(s.part("piece_inside"), 1.0, 0.16)
    shade = s.add(
        "ShaderNodeMath", inside, s.ramp(grain, 0.45, 1.25, 0.3, 0.7), operation="MULTIPLY"
    ).outputs[0]
    bump = s.add("ShaderNodeBump")
    s.feed(bump.inputs["Height"], grain)
    s.feed(bump.inputs["Strength"], 0.5)
    s.feed(bump.inputs["Distance"], 0.01)
    s.set(Base_Color=s.darken(s.colour(), shade), Roughness=0.7, Normal=bump.outputs[0])


def _look_flakes(s: _Shader) -> None:
    place = s.add("ShaderNodeTexCoord").outputs["Object"]
    grain = s.add("ShaderNodeTexNoise", place, None, 6.0, 8.0).outputs[0]
    torn = s.ramp(s.part("piece_inside"), 1.0, 0.4)  # what is below the paint is seen where it tore
    shade = s.add("ShaderNodeMath", torn, s.ramp(grain, 0.6, 1.15, 0.3, 0.7), operation="MULTIPLY").outputs[0]
    s.set(Base_Color=s.darken(s.colour(), shade), Roughness=s.ramp(grain, 0.35, 0.75, 0.35, 0.65))


_LOOKS: dict[str, Callable[[_Shader], None]] = {
    "MOSS": _look_moss,
    "CRYSTALS": _look_crystals,
    "BARNACLES": _look_barnacles,
    "FLAKES": _look_flakes,
}
