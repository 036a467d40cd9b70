# SPDX-License-Identifier: GPL-3.0-or-later
"""Suitability: whether a growth would be seen on what is selected, and why not."""

from __future__ import annotations

import bpy

from ..host.text import fill
from . import coordinates
from .properties import nca_of
from .status import why_not_editable
from .target import material_of, object_of

OBJECTS = frozenset({"MESH", "CURVE", "SURFACE", "META", "FONT"})
"""Kinds of objects whose materials have a surface with UV coordinates."""


def why_no_growth(context: bpy.types.Context) -> str:
    """Why New Growth can do nothing here, and what to do; empty if it can."""
    material = material_of(context)
    if material is not None:
        return why_not_editable(material) or (
            "This material grows already." if nca_of(material).growing else ""
        )
    owner = object_of(context)
    if owner is None:
        return "Select an object: the growth goes into its material."
    if owner.type not in OBJECTS:
        return fill("{name} has no surface for a material: select a mesh.", name=owner.name)
    if owner.library is not None or owner.data.library is not None:
        return fill(
            "{name} is linked from another file: make it local to give it a material.", name=owner.name
        )
    return ""


def why_flat(context: bpy.types.Context) -> str:
    """Why the growth would show as one flat colour on the active object; empty if it would not."""
    from .picture_nodes import pictures_of

    owner = object_of(context)
    material = material_of(context)
    tree = nca_of(material).tree if material is not None else None
    if owner is None or coordinates.have_others(tree, pictures_of(tree)):
        return ""
    names, chosen = coordinates.uv_maps(owner, context), coordinates.uv_map_of(tree)
    if names is None or (isinstance(owner.data, bpy.types.Mesh) and not len(owner.data.polygons)):
        return ""
    if not names:
        return fill(
            "{name} has no UV map, so the growth has no place on it: in Edit Mode use UV > Smart UV Project.",
            name=owner.name,
        )
    if chosen and chosen not in names:
        return fill(
            "{name} has no UV map “{map}”, so the growth is not seen: choose another in Coordinates.",
            name=owner.name,
            map=chosen,
        )
    if material is not None and coordinates.lie_in_points(owner, material, chosen, context):
        return fill(
            "Each face of {name} lies in one point of its UV map, so the growth shows flat colors: "
            "in Edit Mode use UV > Smart UV Project.",
            name=owner.name,
        )
    return ""
