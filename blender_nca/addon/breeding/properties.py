# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: what a growing material keeps of breeding, beside the rest in `Material.nca`.

They are hidden from presets of growths: they say how one was come by, not what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import bpy
from bpy.props import CollectionProperty, EnumProperty, FloatProperty, IntProperty, StringProperty

from ..material.properties import NCA_PG_growth, nca_of

if TYPE_CHECKING:

    class Items(Sequence["NCA_PG_bred"]):
        """A collection of Blender's."""

        def add(self) -> NCA_PG_bred: ...
        def clear(self) -> None: ...

    class Breeding(NCA_PG_growth):
        """A growth with the properties that `register` adds."""

        breed_from: str
        breed_rate: float
        breed_locked: str
        bred: int
        offspring: Items
        ancestry: Items
        active_ancestor: int


class NCA_PG_bred(bpy.types.PropertyGroup):
    """One of a sheet, or of the ancestry. The DNA is kept itself, so that it outlives library and model."""

    species: StringProperty(name="Species", options={"HIDDEN"})
    manifold: StringProperty(name="Model", options={"HIDDEN"})
    dna: StringProperty(name="DNA", options={"HIDDEN"})
    learned: StringProperty(name="Learned", options={"HIDDEN"})  # keys of the units that it grows by
    # of one in a sheet, whose parents join the ancestry only when it is taken
    first_species: StringProperty(name="First Parent", options={"HIDDEN"})
    first_dna: StringProperty(name="DNA of the First Parent", options={"HIDDEN"})
    first_learned: StringProperty(name="Learned by the First Parent", options={"HIDDEN"})
    second_species: StringProperty(name="Second Parent", options={"HIDDEN"})
    second_dna: StringProperty(name="DNA of the Second Parent", options={"HIDDEN"})
    second_learned: StringProperty(name="Learned by the Second Parent", options={"HIDDEN"})
    # of one in the ancestry: numbers in it
    first: IntProperty(name="First Parent", default=-1, min=-1, options={"HIDDEN"})
    second: IntProperty(name="Second Parent", default=-1, min=-1, options={"HIDDEN"})


PROPERTIES = {
    "breed_from": EnumProperty(
        name="Offspring of",
        description="What the offspring come from",
        items=(
            ("MUTATION", "A Alone", "Species A, with some letters of its DNA exchanged"),
            ("CROSSING", "A and B", "Both species: stretches of B's DNA in A's"),
        ),
        options={"HIDDEN"},
    ),
    "breed_rate": FloatProperty(
        name="Mutation Rate",
        description="How many of the letters are exchanged: more of them lead further away from the parent",
        default=0.1,
        min=0.0,
        max=1.0,
        soft_max=0.5,
        subtype="FACTOR",
        options={"HIDDEN"},
    ),
    "breed_locked": StringProperty(
        name="Locked Letters",
        description="Places of letters that stay as they are in A, such as 1-8, 20",
        options={"HIDDEN"},
    ),
    "bred": IntProperty(options={"HIDDEN"}),
    "offspring": CollectionProperty(type=NCA_PG_bred, options={"HIDDEN"}),
    "ancestry": CollectionProperty(type=NCA_PG_bred, options={"HIDDEN"}),
    "active_ancestor": IntProperty(name="Ancestor", min=0, options={"HIDDEN", "SKIP_SAVE"}),
}
classes = (NCA_PG_bred,)


def breeding_of(material: bpy.types.Material) -> Breeding:
    """What a material keeps of its growth, with what is kept of breeding."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties from `register` on


def register() -> None:
    """Add them to what a growing material keeps."""
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)


def unregister() -> None:
    """Take them away; files keep what they hold."""
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
