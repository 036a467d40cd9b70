# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes: what a mesh says of directions, on its points, faces or face corners."""

from __future__ import annotations

import bpy
import numpy as np

from .faces import Faces, mesh_of

KINDS = {"FLOAT_VECTOR": ("vector", 3), "FLOAT": ("value", 1)}
"""Type of an attribute that can say a direction -> the name of its values, and how many numbers each is."""
DOMAINS = ("POINT", "FACE", "CORNER")


def names_on(owner: bpy.types.Object, context: bpy.types.Context) -> list[str]:
    """Names of the attributes of an object's mesh, as modelled and as shown, that can say a direction."""
    if owner.type != "MESH":
        return []
    shown = owner.evaluated_get(context.evaluated_depsgraph_get()).data
    return [
        one.name
        for mesh in (owner.data, shown)
        if isinstance(mesh, bpy.types.Mesh)
        for one in mesh.attributes
        if one.data_type in KINDS and one.domain in DOMAINS and not one.is_internal and one.name != "position"
    ]


def read_corners(
    faces: Faces, name: str, uv_map: str, context: bpy.types.Context
) -> list[tuple[str, np.ndarray | None]]:
    """Read an attribute at the corners of triangles.

    Parameters
    ----------
    faces : Faces
    name : str
        Of the attribute.
    uv_map : str
        Of the growth.
    context : Context

    Returns
    -------
    list of (str, ndarray or None)
        For each part of the faces the attribute's type and its values: float64, shape (triangles, 3, numbers); None
        where a mesh has none that can say a direction, and the type that it has instead, or nothing.
    """
    found: list[tuple[str, np.ndarray | None]] = []
    for part in faces.parts:
        mesh = mesh_of(bpy.data.objects[part.owner], uv_map, context)
        attribute = mesh.attributes.get(name)
        if attribute is None or attribute.data_type not in KINDS or attribute.domain not in DOMAINS:
            found.append(("" if attribute is None else attribute.data_type, None))
            continue
        where = {
            "POINT": part.vertices,
            "CORNER": part.corners,
            "FACE": np.repeat(part.polygons[:, None], 3, 1),
        }
        values = read(attribute)
        found.append((attribute.data_type, values[where[attribute.domain]]))
    return found


def read(attribute: bpy.types.Attribute) -> np.ndarray:
    """All values of an attribute of `KINDS`: float64, shape (values, numbers)."""
    field, size = KINDS[attribute.data_type]
    data = attribute.data  # type: ignore[attr-defined]  # each kind of attribute has it, the stubs' common class has not
    values = np.empty(size * len(data), np.float32)
    data.foreach_get(field, values)
    return np.nan_to_num(values.reshape(-1, size).astype(np.float64), posinf=0.0, neginf=0.0)
