# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: the wounds of a growth, beside the rest in `Material.nca`, and the brush that makes them, in a scene."""

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

from ..material.properties import NCA_PG_growth, nca_of
from ..material.updates import material_of, tell_changed

if TYPE_CHECKING:

    class Wounded(NCA_PG_growth):
        """A growth with the properties that `register` adds."""

        wounds: bpy.types.bpy_prop_collection_idprop[NCA_PG_wound]
        wound_index: int
        wounds_heal: bool
        wound_sources: bpy.types.bpy_prop_collection_idprop[NCA_PG_wound_source]
        wound_source_index: int


LATEST = 1_048_574
"""Blender's own last frame."""
KINDS = (
    ("OBJECT", "Object", "What an object touches; of an empty, what lies in its sphere", "OBJECT_DATA", 0),
    ("COLLECTION", "Collection", "What any object of a collection touches", "OUTLINER_COLLECTION", 1),
    ("IMAGE", "Image", "Where an image, an image sequence or a movie is bright", "IMAGE_DATA", 2),
    (
        "ATTRIBUTE",
        "Attribute",
        "Where a vertex group or an attribute of the mesh is above one half, as geometry nodes, Dynamic Paint or a "
        "simulation leave it in each frame",
        "GROUP_VERTEX",
        3,
    ),
)


def shift_of(nca: NCA_PG_growth) -> int:
    """What is added to a frame of the growth where a frame is told: by the timeline it is the scene's."""
    return nca.start_frame if nca.clock == "TIMELINE" else 0


def _get_at(self: NCA_PG_wound) -> int:
    return int(self.frame) + shift_of(nca_of(material_of(self)))


def _set_at(self: NCA_PG_wound, frame: int) -> None:
    self.frame = max(0, frame - shift_of(nca_of(material_of(self))))


class NCA_PG_wound(bpy.types.PropertyGroup):
    """A wound made by hand: `mask` is its packed picture, `frame` the growth's."""

    frame: IntProperty(default=0, min=0, max=LATEST, options={"HIDDEN"})
    at: IntProperty(
        name="Frame",
        description="The frame in which the cells die. Another one moves the wound there",
        get=_get_at,
        set=_set_at,
        update=tell_changed,
        options={"SKIP_SAVE"},
    )
    mask: StringProperty(options={"HIDDEN"})
    share: FloatProperty(options={"HIDDEN"})


class NCA_PG_wound_source(bpy.types.PropertyGroup):
    """Something that moves in the scene and wounds; `record` is what it did, by frame, when it was last looked at."""

    kind: EnumProperty(name="Wounded by", description="What wounds the cells", items=KINDS, options=set())
    object: PointerProperty(
        type=bpy.types.Object, name="Object", description="What it touches dies, wherever it moves"
    )
    collection: PointerProperty(
        type=bpy.types.Collection,
        name="Collection",
        description="What its objects touch dies, wherever they move",
    )
    image: PointerProperty(
        type=bpy.types.Image,
        name="Image",
        description="Where it is brighter than middle gray, cells die. It lies as the growth's picture lies",
    )
    attribute: StringProperty(
        name="Attribute",
        description="A vertex group, or an attribute on points, faces or face corners: numbers, yes or no, colors",
        options=set(),
    )
    distance: FloatProperty(
        name="Distance",
        description="How near an object has to come",
        default=0.0,
        min=0.0,
        soft_max=1.0,
        subtype="DISTANCE",
        options=set(),
    )
    effect: EnumProperty(
        name="Effect",
        description="What becomes of the cells that are touched",
        items=(
            ("WOUND", "Wound", "They die in each frame in which they are touched"),
            ("BLOCK", "Block", "They die, and nothing grows there while it is touched"),
        ),
        options=set(),
        update=tell_changed,
    )
    used: BoolProperty(
        name="Use", description="Let it wound the growth", default=True, options=set(), update=tell_changed
    )
    record: StringProperty(options={"HIDDEN"})
    record_of: StringProperty(options={"HIDDEN"})
    record_note: StringProperty(options={"HIDDEN"})
    known_as: StringProperty(options={"HIDDEN"})


class NCA_PG_wound_brush(bpy.types.PropertyGroup):
    radius: IntProperty(
        name="Radius",
        description="How far around the mouse cells die",
        default=40,
        min=1,
        max=1000,
        soft_max=500,
        subtype="PIXEL",
    )


classes = (NCA_PG_wound, NCA_PG_wound_source, NCA_PG_wound_brush)

PROPERTIES = {
    "wounds": CollectionProperty(type=NCA_PG_wound),
    "wound_index": IntProperty(options={"HIDDEN"}),
    "wounds_heal": BoolProperty(
        name="Heal",
        description="Cells may grow again where they were wounded. Without it a wound stays for ever",
        default=True,
        options=set(),
        update=tell_changed,
    ),
    "wound_sources": CollectionProperty(type=NCA_PG_wound_source),
    "wound_source_index": IntProperty(options={"HIDDEN"}),
}


def wounded(material: bpy.types.Material) -> Wounded:
    """What a material keeps of its growth, with what is kept of its wounds."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties from `register` on


def brush_of(context: bpy.types.Context) -> NCA_PG_wound_brush:
    """The brush of the scene."""
    return context.scene.nca_wound


def register() -> None:
    """Add them to what a growing material keeps, and to scenes."""
    for one in classes:
        bpy.utils.register_class(one)
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)
    # no stubs know what is given to Blender's classes
    bpy.types.Scene.nca_wound = PointerProperty(type=NCA_PG_wound_brush, name="Wound Growth")  # type: ignore[attr-defined]


def unregister() -> None:
    """Take them away; files keep what they hold."""
    del bpy.types.Scene.nca_wound  # type: ignore[attr-defined]
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
    for one in reversed(classes):
        bpy.utils.unregister_class(one)
