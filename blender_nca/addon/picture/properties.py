# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: the picture that a material's species are sought from, and what was found, beside the rest in
`Material.nca`.

They are hidden from presets of growths: they say how one was come by, not what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    FloatVectorProperty,
    PointerProperty,
    StringProperty,
)

from ..material.properties import NCA_PG_growth, is_other_picture, nca_of
from ..material.updates import material_of
from . import shown

if TYPE_CHECKING:

    class Readings(Sequence["NCA_PG_reading"]):
        """A collection of Blender's."""

        def add(self) -> NCA_PG_reading: ...
        def remove(self, index: int) -> None: ...

    class Pictured(NCA_PG_growth):
        """A growth with the properties that `register` adds."""

        picture: bpy.types.Image | None
        picture_crop: tuple[float, float, float, float]
        picture_kind: str
        picture_cut_out: bool
        picture_scale: float
        picture_flatten: bool
        picture_flips_green: bool
        picture_name: str
        picture_author: str
        picture_licence: str
        picture_minutes: float
        picture_figure_minutes: float
        readings: Readings
        lesson: str


class Map(NamedTuple):
    """A map of a set that belongs to a picture.

    Attributes
    ----------
    name : str
        As `engine.client.Engine.learn` takes it.
    prop : str
        Of the property that has its image.
    title : str
    missing : str
        What is taken where there is none.
    """

    name: str
    prop: str
    title: str
    missing: str


TEXTURE, FIGURE = "TEXTURE", "FIGURE"
MAPS = (
    Map("height", "picture_height", "Height", "what is bright is high, or as the normals say"),
    Map("normal", "picture_normal", "Normal", "the slopes of the height"),
    Map("roughness", "picture_roughness", "Roughness", "0.6 everywhere"),
    Map("metallic", "picture_metallic", "Metallic", "no metal"),
    Map("emission", "picture_emission", "Emission", "nothing glows"),
)


class NCA_PG_reading(bpy.types.PropertyGroup):
    """A DNA that was found for the picture. It is kept itself, so that it outlives library and model."""

    how: StringProperty(name="Found by", options={"HIDDEN"})
    species: StringProperty(name="Species", options={"HIDDEN"})
    manifold: StringProperty(name="Model", options={"HIDDEN"})
    dna: StringProperty(name="DNA", options={"HIDDEN"})
    learned: StringProperty(name="Learned", options={"HIDDEN"})
    structure: FloatProperty(name="Distance of Structure", options={"HIDDEN"})
    colour: FloatProperty(name="Distance of Color", options={"HIDDEN"})


def _seen_anew(self: Pictured, context: bpy.types.Context) -> None:
    shown.forget_wanted(material_of(self).session_uid)


PROPERTIES = {
    "picture": PointerProperty(
        type=bpy.types.Image,
        name="Picture",
        description="What is to grow: a texture, or a piece of a photograph of one",
        poll=is_other_picture,
        update=_seen_anew,
    ),
    **{
        one.prop: PointerProperty(
            type=bpy.types.Image,
            name=one.title,
            description=f"The {one.title.lower()} of the same surface. Without it: {one.missing}",
            poll=is_other_picture,
        )
        for one in MAPS
    },
    "picture_flips_green": BoolProperty(
        name="DirectX Normals",
        description="The green of the normal map points down, as DirectX has it",
        options={"HIDDEN"},
    ),
    "picture_crop": FloatVectorProperty(
        name="Crop",
        description="Which piece of the picture counts: its left, lower, right and upper border as shares of the whole",
        size=4,
        default=(0.0, 0.0, 1.0, 1.0),
        min=0.0,
        max=1.0,
        precision=3,
        step=1,
        options={"HIDDEN"},
        update=_seen_anew,
    ),
    "picture_kind": EnumProperty(
        name="Kind",
        description="What the picture is of. Guessed where one is opened or pasted: what is transparent around it is a "
        "figure",
        items=(
            (TEXTURE, "Texture", "A material, or a piece of one: it goes on in all directions", "TEXTURE", 0),
            (
                FIGURE,
                "Figure",
                "A logo, a sign or a drawing with an outline: it grows from a cell to what it is, and no further",
                "IMAGE_RGB_ALPHA",
                1,
            ),
        ),
        options={"HIDDEN"},
    ),
    "picture_cut_out": BoolProperty(
        name="Cut Out",
        description="Take the background away where the picture is opaque and its border of one color, as far as that "
        "color reaches from the border",
        default=True,
        options={"HIDDEN"},
    ),
    "picture_scale": FloatProperty(
        name="Structure Size",
        description="How large the structure grows, against what suits the cells: less than 1 grows it finer, more "
        "coarser",
        default=1.0,
        min=0.25,
        max=4.0,
        soft_min=0.5,
        soft_max=2.0,
        options={"HIDDEN"},
    ),
    "picture_flatten": BoolProperty(
        name="Even Light",
        description="Take the light out that falls on one side of the picture more than on the other. What tiles stays "
        "as it is",
        default=True,
        options={"HIDDEN"},
    ),
    "picture_name": StringProperty(
        name="Name", description="Of the species. Empty: the picture's", options={"HIDDEN"}
    ),
    "picture_author": StringProperty(
        name="Author", description="Who is named in the learned species' file", options={"HIDDEN"}
    ),
    "picture_licence": StringProperty(
        name="License",
        description="Of the picture and of what is learned from it, such as CC0-1.0: it stands in the species' file",
        options={"HIDDEN"},
    ),
    "picture_minutes": FloatProperty(
        name="Minutes",
        description="How long is learned: the picture is recognized after two, and near after fifteen. It can be "
        "stopped at any time",
        default=15.0,
        min=0.01,
        max=1440.0,
        soft_min=2.0,
        soft_max=60.0,
        step=100,
        precision=0,
        options={"HIDDEN"},
    ),
    "picture_figure_minutes": FloatProperty(
        name="Minutes",
        description="How long a figure is learned: it is sharp after one. It can be stopped at any time",
        default=1.0,
        min=0.01,
        max=1440.0,
        soft_min=0.5,
        soft_max=10.0,
        step=50,
        precision=1,
        options={"HIDDEN"},
    ),
    "readings": CollectionProperty(type=NCA_PG_reading, options={"HIDDEN"}),
    "lesson": StringProperty(options={"HIDDEN"}),
}
classes = (NCA_PG_reading,)


def pictured(material: bpy.types.Material) -> Pictured:
    """What a material keeps of its growth, with what is kept of its picture."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties from `register` on


def register() -> None:
    """Add them to what a growing material keeps."""
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)


def unregister() -> None:
    """Take them away; files keep what they hold."""
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
