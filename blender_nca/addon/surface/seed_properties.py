# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: what a growing material keeps of its seeds on the surface, beside the rest in `Material.nca`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy
from bpy.props import (
    EnumProperty,
    FloatProperty,
    FloatVectorProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ..material.point import NCA_PG_point
from ..material.properties import NCA_PG_growth, nca_of
from ..material.suggestions import is_curve, matching, meshes_showing
from ..material.updates import tell_changed

if TYPE_CHECKING:

    class Sowing(NCA_PG_growth):
        """A growth with the properties that `register` adds."""

        seed_source: str
        seed_collection: bpy.types.Collection | None
        seed_object: bpy.types.Object | None
        seed_curve: bpy.types.Object | None
        seed_mark: str
        seed_attribute: str
        seed_group: str
        seed_density: float
        seed_start: int
        seed_delay: float
        seeds_kept: str
        seeds_asked: str
        seeds_of: str
        seeds_problem: str

    class PlacedPoint(NCA_PG_point):
        """A seed with the properties that `register` adds."""

        place: bpy.types.bpy_prop_array[float]
        owner: str
        placed_at: bpy.types.bpy_prop_array[float]


NOWHERE = -1.0
"""`placed_at` of a seed whose place was not looked for."""


def _chosen(self: Sowing, context: bpy.types.Context) -> None:
    self.seeds_asked = ""  # another one is to be read
    tell_changed(self, context)


def _find_groups(self: NCA_PG_growth, context: bpy.types.Context, typed: str) -> list[str]:
    names = [group.name for owner in meshes_showing(self.id_data, context) for group in owner.vertex_groups]
    return matching(names, typed)


def _find_attributes(self: NCA_PG_growth, context: bpy.types.Context, typed: str) -> list[str]:
    names = [
        one.name
        for owner in meshes_showing(self.id_data, context)
        for one in owner.data.attributes
        if one.domain == "EDGE" and one.data_type == "BOOLEAN" and not one.is_internal
    ]
    return matching(names, typed)


PROPERTIES = {
    "seed_source": EnumProperty(
        name="From",
        description="What of the scene says where the growth begins. It is read once, and kept with the growth",
        items=(
            (
                "DENSITY",
                "Strewn",
                "Evenly over the surface, however its UV map lies. A higher density keeps those that were",
                "STICKY_UVS_DISABLE",
                0,
            ),
            ("OBJECTS", "Objects", "Beside each object of a collection, such as empties", "EMPTY_AXIS", 4),
            (
                "POINTS",
                "Points of an Object",
                "At an object's particles; or its instances and points by geometry nodes; or its vertices",
                "GEOMETRY_NODES",
                1,
            ),
            ("CURVE", "Along a Curve", "Evenly along a curve, in its direction", "CURVE_DATA", 2),
            ("EDGES", "Marked Edges", "Evenly along edges of the mesh that are marked", "EDGESEL", 3),
            (
                "GROUP",
                "Vertex Group",
                "All cells where more than half the weight is in a vertex group",
                "GROUP_VERTEX",
                5,
            ),
        ),
        options=set(),
        update=tell_changed,
    ),
    "seed_collection": PointerProperty(
        type=bpy.types.Collection,
        name="Collection",
        description="The growth begins where the surface is nearest to each of its objects, by the order of names",
        update=_chosen,
    ),
    "seed_object": PointerProperty(
        type=bpy.types.Object,
        name="Object",
        description="The object whose particles, instances, points or vertices the growth begins at; "
        "it may be the one that grows",
        update=_chosen,
    ),
    "seed_curve": PointerProperty(
        type=bpy.types.Object,
        name="Curve",
        description="The curve along which the growth begins, where the surface is nearest to it",
        poll=is_curve,
        update=_chosen,
    ),
    "seed_mark": EnumProperty(
        name="Marked by",
        description="Which edges the growth begins along",
        items=(
            ("SEAM", "Seam", "Edges at which UV maps are cut"),
            ("SHARP", "Sharp", "Edges that are shaded sharply"),
            ("CREASE", "Crease", "Edges that subdivision keeps sharp"),
            ("BEVEL", "Bevel Weight", "Edges that the Bevel modifier rounds by their weight"),
            ("FREESTYLE", "Freestyle", "Edges that Freestyle draws"),
            ("ATTRIBUTE", "Attribute", "Edges for which an attribute is true"),
        ),
        options=set(),
        update=tell_changed,
    ),
    "seed_attribute": StringProperty(
        name="Attribute",
        description="The attribute of the mesh's edges that marks them",
        search=_find_attributes,
        search_options={"SUGGESTION"},
        options=set(),
        update=tell_changed,
    ),
    "seed_group": StringProperty(
        name="Vertex Group",
        description="The growth begins where more than half the weight is in this vertex group",
        search=_find_groups,
        search_options={"SUGGESTION"},
        options=set(),
        update=tell_changed,
    ),
    "seed_density": FloatProperty(
        name="Density",
        description="Seeds on a square meter of the surface",
        default=2.0,
        min=0.0,
        soft_max=100.0,
        options=set(),
        update=tell_changed,
    ),
    "seed_start": IntProperty(
        name="Start",
        description="After how many frames of the growth its seeds begin: 0 begins with it",
        min=0,
        max=1_048_574,
        soft_max=1000,
        options=set(),
        update=tell_changed,
    ),
    "seed_delay": FloatProperty(
        name="Delay",
        description="How many frames later each seed begins than the one before: 0 begins with all at once",
        min=0.0,
        max=10_000.0,
        soft_max=50.0,
        step=50,
        precision=2,
        options=set(),
        update=tell_changed,
    ),
    # what was read, see `recorded`; what was asked for then; what of it the scene has, to be compared; why it failed
    "seeds_kept": StringProperty(options={"HIDDEN"}),
    "seeds_asked": StringProperty(options={"HIDDEN"}),
    "seeds_of": StringProperty(options={"HIDDEN"}),
    "seeds_problem": StringProperty(options={"HIDDEN"}),
}

OF_POINTS = {
    # where a seed lies in the space of an object, and for which place of the picture that holds
    "place": FloatVectorProperty(size=3, options={"HIDDEN"}),
    "owner": StringProperty(options={"HIDDEN"}),
    "placed_at": FloatVectorProperty(size=2, default=(NOWHERE, NOWHERE), options={"HIDDEN"}),
}


def sowing_of(material: bpy.types.Material) -> Sowing:
    """What a material keeps of its growth, with what is kept of its seeds on the surface."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties from `register` on


def register() -> None:
    """Add them to what a growing material keeps."""
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)
    for name, declared in OF_POINTS.items():
        setattr(NCA_PG_point, name, declared)


def unregister() -> None:
    """Take them away; files keep what they hold."""
    for name in OF_POINTS:
        delattr(NCA_PG_point, name)
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
