# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: what a growing material keeps of its bakes, beside the rest in `Material.nca`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy
from bpy.props import FloatProperty, IntProperty, StringProperty

from ..host.versions import RELATIVE_PATH
from ..material.properties import NCA_PG_growth, nca_of

if TYPE_CHECKING:

    class Baking(NCA_PG_growth):
        """A growth with the properties that `register` adds."""

        bake_start: int
        bake_end: int
        bake_folder: str
        normal_strength: float


PROPERTIES = {
    "bake_start": IntProperty(
        name="Start", description="First frame to bake", default=1, min=0, max=1_048_574, options=set()
    ),
    "bake_end": IntProperty(
        name="End",
        description="Last frame to bake. Later frames show this one",
        default=250,
        min=0,
        max=1_048_574,
        options=set(),
    ),
    "bake_folder": StringProperty(
        name="Folder",
        description="Where the image sequences go. Empty: textures/<file>/<material> beside the .blend file",
        subtype="DIR_PATH",
        options=RELATIVE_PATH,
    ),
    "normal_strength": FloatProperty(
        name="Normal Strength",
        description="How many pixels high the highest part stands in the normal maps on disk, for other programs. "
        "This material makes its normals from the height map",
        default=8.0,
        min=-1000.0,
        max=1000.0,
        soft_min=0.0,
        soft_max=50.0,
        subtype="PIXEL",
        options=set(),
    ),
}


def baking_of(material: bpy.types.Material) -> Baking:
    """What a material keeps of its growth, with what is kept of its bakes."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties from `register` on


def set_range(material: bpy.types.Material, scene: bpy.types.Scene) -> None:
    """Let the bake of a growth that begins now cover the scene."""
    nca = baking_of(material)
    nca.bake_start, nca.bake_end = max(0, scene.frame_start), max(0, scene.frame_end)


def register() -> None:
    """Add them to what a growing material keeps."""
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)


def unregister() -> None:
    """Take them away; files keep what they hold."""
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
