# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties: which way a growth on a mesh points, beside the rest in `Material.nca`; and the comb."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, PointerProperty, StringProperty

from ...automaton.surface_error import SurfaceError
from ..host.window import redraw
from ..material.properties import NCA_PG_growth
from ..material.suggestions import is_curve, matching, meshes_showing
from ..material.updates import material_of, tell_reshaped


def _turned_where(*directions: str) -> Callable[[NCA_PG_growth, bpy.types.Context], None]:
    """What a value does that counts for some directions only."""

    def turn(self: NCA_PG_growth, context: bpy.types.Context) -> None:
        if self.direction in directions:  # type: ignore[attr-defined]  # declared below
            tell_reshaped(self, context)

    return turn


def _chosen(self: NCA_PG_growth, context: bpy.types.Context) -> None:
    from . import combed

    begun = False
    if self.direction == "COMBED" and self.over == "MESH":  # type: ignore[attr-defined]  # declared below
        # what cannot be combed is told as the surface is made
        with contextlib.suppress(SurfaceError):
            begun = bool(combed.begin(material_of(self), context))
    if begun and self.direction_angle:  # type: ignore[attr-defined]  # as above
        self.direction_angle = 0.0  # type: ignore[attr-defined]  # which turns it
    else:
        tell_reshaped(self, context)


def _shown(self: NCA_PG_growth, context: bpy.types.Context) -> None:
    redraw(frozenset({"VIEW_3D"}))


def _find_attributes(self: NCA_PG_growth, context: bpy.types.Context, typed: str) -> list[str]:
    """Those of all meshes that show the material and that can say a direction."""
    from . import attributes

    names = [
        name
        for owner in meshes_showing(self.id_data, context)
        for name in attributes.names_on(owner, context)
    ]
    return matching(names, typed)


PROPERTIES = {
    # the UV map that was made for the growth, see `unwrapping`
    "growth_uv": StringProperty(options={"HIDDEN"}),
    # which surface was asked for last, and which is there: two of them while it is being made, see `making`
    "surface_wanted": StringProperty(options={"HIDDEN"}),
    "surface_done": StringProperty(options={"HIDDEN"}),
    # the numbers are those that saved files hold
    "direction": EnumProperty(
        name="Up",
        description="Where patterns that have an up and a down point on the mesh",
        items=(
            ("UV", "Along UV", "As each island lies in the UV map: it turns at seams", "UV", 0),
            ("X", "X", "To X, as far as the surface lets it", "EMPTY_SINGLE_ARROW", 1),
            ("Y", "Y", "To Y, as far as the surface lets it", "EMPTY_SINGLE_ARROW", 2),
            ("Z", "Z", "To Z, as far as the surface lets it", "EMPTY_SINGLE_ARROW", 3),
            ("TOWARD", "Toward an Object", "To where an object stands", "TRACKER", 4),
            (
                "AROUND",
                "Around an Object",
                "Around an axis of an object, as a wheel turns",
                "FORCE_VORTEX",
                5,
            ),
            ("CURVE", "Along a Curve", "As a curve runs where it is nearest", "CURVE_DATA", 6),
            (
                "ATTRIBUTE",
                "From an Attribute",
                "As an attribute of the mesh says: of vectors, or of angles to the left of the UV map's up",
                "SPREADSHEET",
                7,
            ),
            (
                "COMBED",
                "Combed",
                "As you comb it with the tool Comb Growth in the 3D view. It begins with the directions that it has",
                "BRUSHES_ALL",
                8,
            ),
        ),
        default="Z",
        options=set(),
        update=_chosen,
    ),
    "direction_space": EnumProperty(
        name="Axis of",
        description="Whose axis it is",
        items=(
            ("WORLD", "World", "The same on all objects, however they are turned"),
            ("OBJECT", "Object", "Each object's own: it turns with it"),
        ),
        options=set(),
        update=_turned_where("X", "Y", "Z"),
    ),
    "direction_object": PointerProperty(
        type=bpy.types.Object,
        name="Object",
        description="The object toward or around which the pattern points, such as an empty",
        update=_turned_where("TOWARD", "AROUND"),
    ),
    "direction_axis": EnumProperty(
        name="Axis",
        description="The object's own axis around which it goes",
        items=(("X", "X", ""), ("Y", "Y", ""), ("Z", "Z", "")),
        default="Z",
        options=set(),
        update=_turned_where("AROUND"),
    ),
    "direction_curve": PointerProperty(
        type=bpy.types.Object,
        name="Curve",
        description="The curve along which the pattern points",
        poll=is_curve,
        update=_turned_where("CURVE"),
    ),
    "direction_attribute": StringProperty(
        name="Attribute",
        description="An attribute of the mesh on its points, faces or face corners. Vectors are the object's own; "
        "angles count to the left from the UV map's up",
        search=_find_attributes,
        search_options={"SUGGESTION"},
        options=set(),
        update=_turned_where("ATTRIBUTE"),
    ),
    "direction_angle": FloatProperty(
        name="Angle",
        description="Turns the pattern from there, to the left as one looks at the surface",
        subtype="ANGLE",
        soft_min=-3.141593,
        soft_max=3.141593,
        options=set(),
        update=tell_reshaped,
    ),
    "shows_directions": BoolProperty(
        name="Show Directions",
        description="Draw arrows over the object in the 3D view, along which the cells point",
        options=set(),
        update=_shown,
    ),
}


class NCA_PG_comb(bpy.types.PropertyGroup):
    radius: IntProperty(
        name="Radius",
        description="How far around the mouse the comb reaches",
        default=50,
        min=2,
        max=1000,
        soft_max=500,
        subtype="PIXEL",
    )
    strength: FloatProperty(
        name="Strength",
        description="How far one stroke turns the directions to the way that the mouse goes",
        default=0.7,
        min=0.01,
        max=1.0,
        subtype="FACTOR",
    )


classes = (NCA_PG_comb,)


def comb_of(context: bpy.types.Context) -> NCA_PG_comb:
    """The comb of this Blender: of no file, so that its size is no step of the undo."""
    return context.window_manager.nca_comb


def register() -> None:
    """Add them to what a growing material keeps, and to the window manager."""
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)
    # no stubs know what is given to Blender's classes
    bpy.types.WindowManager.nca_comb = PointerProperty(type=NCA_PG_comb, name="Comb Growth")  # type: ignore[attr-defined]


def unregister() -> None:
    """Take them away; files keep what they hold."""
    del bpy.types.WindowManager.nca_comb  # type: ignore[attr-defined]
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
