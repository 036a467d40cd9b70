# SPDX-License-Identifier: GPL-3.0-or-later
"""Active: the object and the material that panel and operators are about."""

from __future__ import annotations

import bpy

OBJECTS = {"MESH", "CURVE", "SURFACE", "META", "FONT"}
"""Kinds of objects whose materials have a surface with UV coordinates."""


def object_of(context: bpy.types.Context) -> bpy.types.Object | None:
    return getattr(context, "object", None) or getattr(context, "active_object", None)


def material_of(context: bpy.types.Context, name: str = "") -> bpy.types.Material | None:
    """The material named by a script, else the one that the properties editor shows, else the active object's."""
    if name:
        return bpy.data.materials.get(name)
    pinned = getattr(context, "material", None)
    if pinned is not None:
        return pinned
    owner = object_of(context)
    return owner.active_material if owner else None


def why_not_editable(material: bpy.types.Material) -> str:
    """Why a material cannot be grown here, and what to do; empty if it can."""
    if material.library is not None:
        return f"This material is linked from {material.library.filepath}: make it local to grow it, or bake it there."
    if not material.is_editable or material.override_library is not None:
        return "This material is a library override, whose nodes are fixed: make it local to grow it."
    if material.is_grease_pencil:
        return "Grease Pencil materials have no surface: choose an object with a mesh."
    return ""


def why_no_growth(context: bpy.types.Context) -> str:
    """Why New Growth can do nothing here, and what to do; empty if it can."""
    material = material_of(context)
    if material is not None:
        return why_not_editable(material) or ("This material grows already." if material.nca.growing else "")
    owner = object_of(context)
    if owner is None:
        return "Select an object: the growth goes into its material."
    if owner.type not in OBJECTS:
        return f"{owner.name} has no surface for a material: select a mesh."
    if owner.library is not None or owner.data.library is not None:
        return f"{owner.name} is linked from another file: make it local to give it a material."
    return ""


def why_flat(context: bpy.types.Context) -> str:
    """Why the growth would show as one flat colour on the active object; empty if it would not."""
    owner = object_of(context)
    if (
        owner is not None
        and owner.type == "MESH"
        and len(owner.data.polygons)
        and not len(owner.data.uv_layers)
    ):
        return f"{owner.name} has no UV map, so the growth has no place on it: in Edit Mode use UV > Smart UV Project."
    return ""
