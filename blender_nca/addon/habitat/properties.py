# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: the conditions that a growing material keeps, with what was recorded of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ..host.hook import Hook
from ..host.text import CONTEXT
from ..material import events
from ..material.properties import NCA_PG_growth, is_other_picture, nca_of
from ..material.suggestions import matching, meshes_showing
from ..material.updates import material_of
from .conditions import FACINGS, KINDS

if TYPE_CHECKING:

    class Inhabiting(NCA_PG_growth):
        """A growth with the properties that `register` adds."""

        conditions: bpy.types.bpy_prop_collection_idprop[NCA_PG_condition]
        condition_index: int


set_anew = Hook()
"""Called with a condition whose settings are others."""
further = Hook()
"""Asked with a material for a list of conditions that a higher capability has recorded here, for a use of its own."""


def _set(self: NCA_PG_condition, context: bpy.types.Context) -> None:
    set_anew(self)


def _switched(self: NCA_PG_condition, context: bpy.types.Context) -> None:
    events.changed(material_of(self))


def _find_attributes(self: NCA_PG_condition, context: bpy.types.Context, typed: str) -> list[str]:
    kinds = ("FLOAT_COLOR", "BYTE_COLOR", "FLOAT", "BOOLEAN", "INT")
    depsgraph = context.evaluated_depsgraph_get()
    names = [
        each.name
        for owner in meshes_showing(material_of(self), context)
        for each in owner.evaluated_get(depsgraph).data.attributes
        if each.data_type in kinds and not each.name.startswith(".")
    ]
    return matching(names, typed)


def _find_groups(self: NCA_PG_condition, context: bpy.types.Context, typed: str) -> list[str]:
    return matching(
        [group.name for owner in meshes_showing(material_of(self), context) for group in owner.vertex_groups],
        typed,
    )


def _find_uv_maps(self: NCA_PG_condition, context: bpy.types.Context, typed: str) -> list[str]:
    return matching(
        [
            layer.name
            for owner in meshes_showing(material_of(self), context)
            for layer in owner.data.uv_layers
        ],
        typed,
    )


class NCA_PG_condition(bpy.types.PropertyGroup):
    """What cells meet, and what was recorded of it: a growth asks nothing else."""

    name: StringProperty(name="Name", description="How it is called in this list", options=set())
    kind: EnumProperty(
        items=[
            (key, one.name, one.description, one.icon, number)
            for number, (key, one) in enumerate(KINDS.items())
        ],
        name="Kind",
        translation_context=CONTEXT,
        description="What it is about",
        options=set(),
    )
    on: BoolProperty(
        name="On", description="Whether the growth meets it", default=True, options=set(), update=_switched
    )
    acts: EnumProperty(
        name="Decides",
        description="What it decides",
        items=(
            ("WHERE", "Where", "Where it may grow: elsewhere nothing lives", "STICKY_UVS_LOC", 0),
            ("SPEED", "Speed", "How fast it grows: elsewhere it comes later", "SORTTIME", 1),
        ),
        options=set(),
        update=_set,
    )
    least: FloatProperty(
        name="Least Speed",
        description="How fast it still grows where the condition does not hold; at 0 it never gets there",
        default=0.1,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
        options=set(),
        update=_set,
    )
    invert: BoolProperty(
        name="Invert", description="Let it hold where it does not", options=set(), update=_set
    )
    low: FloatProperty(
        name="From",
        translation_context=CONTEXT,
        description="Where it begins to hold",
        default=0.0,
        min=0.0,
        max=1.0,
        precision=2,
        subtype="FACTOR",
        options=set(),
        update=_set,
    )
    high: FloatProperty(
        name="To",
        translation_context=CONTEXT,
        description="From where on it holds fully; below From it holds where there is less",
        default=1.0,
        min=0.0,
        max=1.0,
        precision=2,
        subtype="FACTOR",
        options=set(),
        update=_set,
    )
    ragged: FloatProperty(
        name="Ragged Border",
        description="How far spots of noise push the border to and fro",
        default=0.0,
        min=0.0,
        soft_max=1.0,
        max=4.0,
        subtype="FACTOR",
        options=set(),
        update=_set,
    )
    grain: FloatProperty(
        name="Spots",
        description="How large the spots of the ragged border are, as a share of the object's size",
        default=0.15,
        min=0.002,
        max=2.0,
        soft_max=0.5,
        precision=3,
        subtype="FACTOR",
        options=set(),
        update=_set,
    )
    noise_seed: IntProperty(
        name="Random Seed", description="Another number makes other spots", min=0, options=set(), update=_set
    )

    image: PointerProperty(
        type=bpy.types.Image,
        name="Image",
        description="The image; it lies as the UV map says",
        poll=is_other_picture,
        update=_set,
    )
    channel: EnumProperty(
        name="Channel",
        description="Which of its values count",
        items=(
            ("GREY", "Brightness", "Of its colors, where it is not transparent"),
            ("RED", "Red", ""),
            ("GREEN", "Green", ""),
            ("BLUE", "Blue", ""),
            ("ALPHA", "Alpha", ""),
        ),
        options=set(),
        update=_set,
    )
    uv_map: StringProperty(
        name="UV Map",
        description="By which UV map the image lies on the mesh. Empty: as the growth does",
        search=_find_uv_maps,
        search_options={"SUGGESTION"},
        options=set(),
        update=_set,
    )
    over_frames: BoolProperty(
        name="Over the Frames",
        description="Update goes through the scene's frames and records how this is in each: objects that move, "
        "attributes that Dynamic Paint or geometry nodes change. Without it, it is as it was in the frame of the last "
        "change",
        options=set(),
        update=_set,
    )
    first_frame: IntProperty(
        name="First Frame",
        description="The frame of the growth, counted from its seeds, in which the first picture is met",
        default=0,
        options=set(),
        update=_set,
    )
    attribute: StringProperty(
        name="Attribute",
        description="A color attribute, or one of numbers, of the mesh as its modifiers make it",
        search=_find_attributes,
        search_options={"SUGGESTION"},
        options=set(),
        update=_set,
    )
    group: StringProperty(
        name="Vertex Group",
        description="A vertex group of the object",
        search=_find_groups,
        search_options={"SUGGESTION"},
        options=set(),
        update=_set,
    )
    slot: IntProperty(
        name="Slot",
        translation_context=CONTEXT,
        description="Number of the material slot, from 1",
        default=1,
        min=1,
        options=set(),
        update=_set,
    )
    axis: EnumProperty(
        name="Axis",
        description="The axis of the world along which it comes to hold",
        items=(("X", "X", ""), ("Y", "Y", ""), ("Z", "Z", "")),
        default="Z",
        options=set(),
        update=_set,
    )
    facing: EnumProperty(
        name="Facing",
        translation_context=CONTEXT,
        description="The side to which the surface looks",
        items=[
            *((key, name, said, number) for number, (key, (name, said, _)) in enumerate(FACINGS.items())),
            ("OBJECT", "Toward Object", "To where an object is", len(FACINGS)),
        ],
        options=set(),
        update=_set,
    )
    target: PointerProperty(
        type=bpy.types.Object, name="Object", description="The object that it is about", update=_set
    )
    distance: FloatProperty(
        name="Distance",
        description="How far around the object it holds",
        default=0.5,
        min=0.0,
        subtype="DISTANCE",
        options=set(),
        update=_set,
    )
    bottom: FloatProperty(
        name="Bottom",
        description="It holds above this height of the world",
        default=0.0,
        subtype="DISTANCE",
        options=set(),
        update=_set,
    )
    top: FloatProperty(
        name="Top",
        description="It holds below this height of the world",
        default=1.0,
        subtype="DISTANCE",
        options=set(),
        update=_set,
    )
    soft: FloatProperty(
        name="Soft Border",
        description="Over how far it fades; noise makes this border ragged",
        default=0.2,
        min=0.0,
        subtype="DISTANCE",
        options=set(),
        update=_set,
    )
    reach: FloatProperty(
        name="Reach",
        description="How far is close, as a share of the object's size: small finds fine ones, large finds wide ones",
        default=0.15,
        min=0.002,
        max=2.0,
        soft_max=0.5,
        precision=3,
        subtype="FACTOR",
        options=set(),
        update=_set,
    )
    run_count: IntProperty(
        name="Count",
        description="How many ways",
        default=28,
        min=1,
        max=2000,
        soft_max=200,
        options=set(),
        update=_set,
    )
    run_length: FloatProperty(
        name="Length",
        description="Of the longest way, as a share of the object's size",
        default=0.6,
        min=0.01,
        max=5.0,
        soft_max=2.0,
        subtype="FACTOR",
        options=set(),
        update=_set,
    )
    run_width: FloatProperty(
        name="Width",
        description="Of the widest way, as a share of the object's size",
        default=0.03,
        min=0.001,
        max=0.5,
        soft_max=0.1,
        precision=3,
        subtype="FACTOR",
        options=set(),
        update=_set,
    )
    run_seed: IntProperty(
        name="Random Seed", description="Another number takes other ways", min=0, options=set(), update=_set
    )

    kept: StringProperty(options={"HIDDEN"})  # masks by frame: what the growth meets
    kept_digest: StringProperty(options={"HIDDEN"})  # of these, to compare without reading them
    made_of: StringProperty(options={"HIDDEN"})  # what of the scene it was recorded from
    problem: StringProperty(options={"HIDDEN"})  # why it could not be recorded


PROPERTIES = {
    "conditions": CollectionProperty(type=NCA_PG_condition, name="What It Meets"),
    "condition_index": IntProperty(name="Condition", options=set()),
}
classes = (NCA_PG_condition,)


def inhabiting(material: bpy.types.Material) -> Inhabiting:
    """What a material keeps of its growth, with its conditions."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties from `register` on


def all_conditions(material: bpy.types.Material) -> list[NCA_PG_condition]:
    """All conditions that are recorded of a growth: those of its habitat, and those that others use."""
    return [*inhabiting(material).conditions, *(one for some in further(material) for one in some)]


def register() -> None:
    """Add them to what a growing material keeps."""
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)


def unregister() -> None:
    """Take them away; files keep what they hold."""
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
