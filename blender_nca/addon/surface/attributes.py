# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes: what a mesh says on its points, faces or face corners, and what of it can be a direction."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

import bpy
import numpy as np

from .faces import Faces
from .meshes import as_read

VALUES = {
    "FLOAT_VECTOR": ("vector", 3),
    "FLOAT": ("value", 1),
    "INT": ("value", 1),
    "INT8": ("value", 1),
    "BOOLEAN": ("value", 1),
    "FLOAT_COLOR": ("color", 4),
    "BYTE_COLOR": ("color", 4),
}
"""Type of an attribute -> the name of its values, and how many numbers each is."""
KINDS = ("FLOAT_VECTOR", "FLOAT")
"""Types of those that can say a direction."""
DOMAINS = ("POINT", "FACE", "CORNER")


class Numbered(Protocol):
    """Triangles of a mesh by the numbers that it has for them."""

    @property
    def vertices(self) -> np.ndarray:
        """Of their corners: int, shape (triangles, 3)."""

    @property
    def corners(self) -> np.ndarray:
        """As the mesh's faces have them: int, shape (triangles, 3)."""

    @property
    def polygons(self) -> np.ndarray:
        """The face that each is of: int, shape (triangles,)."""


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
        with as_read(bpy.data.objects[part.owner], uv_map, context) as mesh:
            values = at_corners(mesh, name, part, KINDS)
            attribute = mesh.attributes.get(name)
            found.append(("" if attribute is None else attribute.data_type, values))
    return found


def at_corners(
    mesh: bpy.types.Mesh, name: str, triangles: Numbered, kinds: Collection[str]
) -> np.ndarray | None:
    """Values of an attribute at the corners of triangles.

    Parameters
    ----------
    mesh : Mesh
    name : str
        Of the attribute.
    triangles : Numbered
    kinds : collection of str
        Types of `VALUES` that it may have.

    Returns
    -------
    ndarray, float64, shape (triangles, 3, numbers)
        None where the mesh has none of these kinds on its points, faces or face corners.
    """
    attribute = mesh.attributes.get(name)
    if attribute is None or attribute.data_type not in kinds or attribute.domain not in DOMAINS:
        return None
    values = read(attribute)
    if attribute.domain == "FACE":
        return np.repeat(values[triangles.polygons][:, None], 3, 1)
    return values[triangles.vertices if attribute.domain == "POINT" else triangles.corners]


def read(attribute: bpy.types.Attribute) -> np.ndarray:
    """All values of an attribute of `VALUES`: float64, shape (values, numbers), zero where they are no numbers."""
    field, size = VALUES[attribute.data_type]
    data = attribute.data  # type: ignore[attr-defined]  # each kind of attribute has it, the stubs' common class has not
    kind = {"INT": np.int32, "INT8": np.int8, "BOOLEAN": np.bool_}.get(attribute.data_type, np.float32)
    values = np.empty(size * len(data), kind)
    data.foreach_get(field, values)
    return np.nan_to_num(values.reshape(-1, size).astype(np.float64), posinf=0.0, neginf=0.0)
