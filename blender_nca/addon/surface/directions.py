# SPDX-License-Identifier: GPL-3.0-or-later
"""Directions: where a growth shall point up on its mesh, as its properties, objects, curves and attributes say."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import bpy
import numpy as np

from ...automaton.surface_error import SurfaceError
from ...automaton.surface_guide import Line
from . import attributes, curve
from .faces import Faces
from .meshes import unit

if TYPE_CHECKING:
    from .directed import Directed

AXES = {"X": (1.0, 0.0, 0.0), "Y": (0.0, 1.0, 0.0), "Z": (0.0, 0.0, 1.0)}
COMBED = "growth_direction"
"""Name of the attribute that the comb changes: vectors on points."""


class DirectionError(SurfaceError):
    """What a growth shall follow is not there; the message says what to do. The surface that it has may stay."""


def guide_of(nca: Directed, faces: Faces, context: bpy.types.Context) -> np.ndarray | Line | None:
    """Where up shall be, as `surface_building.build` takes it. For the main thread: it asks Blender.

    Raises
    ------
    DirectionError
        An object, a curve or an attribute is missing.
    """
    if nca.direction == "CURVE":
        return curve.line_of(_driver(nca, context), context)
    return _corners(nca, faces, context)


def describe(nca: Directed, faces: Faces, context: bpy.types.Context) -> str:
    """What the directions of a growth are made of, to be compared: the same wherever all of it stands together.

    Raises
    ------
    DirectionError
        As `guide_of` does.
    """
    said = nca.direction
    if said in AXES and nca.direction_space == "OBJECT":
        said += " of the object"
    elif said == "CURVE":
        said += _digest(_place(curve.control_points(_driver(nca, context), context), faces))
    elif said in {"TOWARD", "AROUND"}:
        matrix = np.array(_driver(nca, context).matrix_world)
        places = [matrix[:3, 3]]
        if said == "AROUND":
            places.append(matrix[:3, 3] + _extent(faces) * unit(matrix[:3, :3] @ AXES[nca.direction_axis]))
        said += _digest(_place(np.array(places), faces))
    elif said in {"ATTRIBUTE", "COMBED"}:
        said += _digest(np.concatenate([each.reshape(-1) for each in _attribute(nca, faces, context)]))
    return f"{said} {nca.direction_angle:.4f}" if nca.direction_angle else said


def depends_on_attitude(nca: Directed) -> bool:
    """Whether the pattern points elsewhere on the mesh when that is turned, and nothing else."""
    return nca.direction in AXES and nca.direction_space == "WORLD"


def driver_of(nca: Directed) -> bpy.types.Object | None:
    """The object that says where up is, if one does."""
    if nca.direction in {"TOWARD", "AROUND"}:
        return nca.direction_object
    return nca.direction_curve if nca.direction == "CURVE" else None


def _driver(nca: Directed, context: bpy.types.Context) -> bpy.types.Object:
    driver = driver_of(nca)
    what = "curve" if nca.direction == "CURVE" else "object"
    where = {"TOWARD": "toward", "AROUND": "around", "CURVE": "along"}[nca.direction]
    if driver is None:
        raise DirectionError(f"No {what} is chosen {where} which the growth shall point: choose one.")
    if context.scene not in driver.users_scene:  # where it is deleted, this growth still holds it
        raise DirectionError(
            f"{driver.name}, {where} which the growth points, is not in this scene any more: choose another {what}."
        )
    return driver


def _corners(nca: Directed, faces: Faces, context: bpy.types.Context) -> np.ndarray | None:
    """Where up shall be at each corner of each triangle, in the world: shape (triangles, 3, 3), or (3,) for all."""
    way = nca.direction
    if way == "UV":
        return None
    if way in AXES:
        if nca.direction_space == "WORLD":
            return np.array(AXES[way])
        return np.concatenate(
            [
                np.broadcast_to(part.matrix[:3, :3] @ AXES[way], (*part.vertices.shape, 3))
                for part in faces.parts
            ]
        )
    if way in {"TOWARD", "AROUND"}:
        matrix = np.array(_driver(nca, context).matrix_world)
        away = faces.positions[faces.triangles] - matrix[:3, 3]
        return -away if way == "TOWARD" else np.cross(matrix[:3, :3] @ AXES[nca.direction_axis], away)
    corners = [
        values @ part.matrix[:3, :3].T if values.shape[2] == 3 else values
        for part, values in zip(faces.parts, _attribute(nca, faces, context), strict=True)
    ]
    ups, normals = up_of_uv(faces)
    first = 0
    for number, one in enumerate(corners):
        if one.shape[2] == 1:
            up, normal = (each[first : first + len(one), None] for each in (ups, normals))
            corners[number] = np.cos(one) * up + np.sin(one) * np.cross(normal, up)
        first += len(one)
    return np.concatenate(corners)


def _attribute(nca: Directed, faces: Faces, context: bpy.types.Context) -> list[np.ndarray]:
    """What the chosen attribute says at the corners of each part: shape (triangles, 3, 3) or, of angles, (..., 1)."""
    is_combed = nca.direction == "COMBED"
    name = COMBED if is_combed else nca.direction_attribute
    if not name:
        raise DirectionError("No attribute is chosen that says where the growth shall point: choose one.")
    found = attributes.read_corners(faces, name, nca.uv_map, context)
    if is_combed and any(values is not None for _, values in found):
        # what was never combed follows what was
        return [
            np.zeros((*part.vertices.shape, 3)) if values is None else values
            for part, (_, values) in zip(faces.parts, found, strict=True)
        ]
    for part, (kind, values) in zip(faces.parts, found, strict=True):
        if values is None:
            wanted = " of vectors or of numbers on points, faces or face corners" if kind else ""
            remedy = "comb it with the tool Comb Growth" if is_combed else "make it, or choose another one"
            raise DirectionError(f"{part.owner} has no attribute “{name}”{wanted}: {remedy}.")
    return [values for _, values in found if values is not None]


def up_of_uv(faces: Faces) -> tuple[np.ndarray, np.ndarray]:
    """Where v runs on each triangle, and its normal: unit vectors (triangles, 3), zero where there are none."""
    corners = faces.positions[faces.triangles]
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    u_one, u_two = (faces.uvs[:, corner, :1] - faces.uvs[:, 0, :1] for corner in (1, 2))
    v_one, v_two = (faces.uvs[:, corner, 1:] - faces.uvs[:, 0, 1:] for corner in (1, 2))
    side = np.sign(u_one * v_two - u_two * v_one)
    return unit(side * (u_one * two - u_two * one)), unit(np.cross(one, two))


def _place(points: np.ndarray, faces: Faces) -> np.ndarray:
    """Where points of the world lie for each object, as a share of its mesh: shape (parts, points, 3)."""
    extent = _extent(faces)
    placed = []
    for part in faces.parts:
        turn = part.matrix[:3, :3]
        scale = np.cbrt(abs(np.linalg.det(turn))) or 1.0
        placed.append((points - part.matrix[:3, 3]) @ np.linalg.pinv(turn).T * (scale / extent))
    return np.rint(np.array(placed) * 1e3) + 0.0


def _extent(faces: Faces) -> float:
    """Half the size of the faces in the world."""
    return float(np.ptp(faces.positions, axis=0).max(initial=0.0)) / 2 or 1.0


def _digest(numbers: np.ndarray) -> str:
    return " " + hashlib.sha256(numbers.astype(np.float32).tobytes()).hexdigest()[:16]
