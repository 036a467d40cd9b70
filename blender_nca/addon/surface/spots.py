# SPDX-License-Identifier: GPL-3.0-or-later
"""Spots: places on the faces that show a material, known in its growth's picture and in space alike.

A UV map may be made anew, and a mesh may be moved or shaped otherwise: by what is still the same a spot is found again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import bpy
import numpy as np

from ..material.properties import NCA_PG_growth
from .faces import Faces
from .meshes import transformed
from .places import picture_of, uvs_of

SAME = 1e-4
"""Spots so near to each other are one, as a share of the size of their object."""
REACH = 0.05
"""How far a spot may have to go where its face is gone, as a share of that."""
RATHER = 10.0
"""How many times as far away the spot by its UV may be as the nearest one in space, to be taken for it."""


@dataclass(frozen=True, eq=False)
class Spots:
    """Places on faces.

    Attributes
    ----------
    at : ndarray, float64, shape (spots, 2)
        In the growth's picture: 0, 0 is its lower left corner, 1, 1 its upper right one.
    place : ndarray, float64, shape (spots, 3)
        In the space of the object that it lies on; not a number where that is not known.
    owner : tuple of str
        Names of these objects; empty where it is not known.
    lost : ndarray, bool, shape (spots,)
        Whether the face that it lay on is gone.
    """

    at: np.ndarray
    place: np.ndarray
    owner: tuple[str, ...]
    lost: np.ndarray

    def __len__(self) -> int:
        return len(self.at)

    def in_world(self, matrices: dict[str, np.ndarray]) -> np.ndarray:
        """Where they are in the world: float64, shape (spots, 3).

        Parameters
        ----------
        matrices : dict of str to ndarray, shape (4, 4)
            Name of an object -> the way from it into the world. The first one stands for those of other names by now.
        """
        if not matrices:
            return np.full((len(self), 3), np.nan)
        first = next(iter(matrices.values()))
        matrix = np.array([matrices.get(name, first) for name in self.owner]).reshape(-1, 4, 4)
        return np.einsum("pxy,py->px", matrix[:, :3, :3], self.place) + matrix[:, :3, 3]


def spots_at(nca: NCA_PG_growth, faces: Faces, at: np.ndarray) -> Spots:
    """The spots of points of a growth's picture; of those that lie on no face the place is not known."""
    at = np.asarray(at, np.float64).reshape(-1, 2)
    uvs = uvs_of(nca, at)
    triangles = faces.find(uvs)
    place = np.full((len(at), 3), np.nan)
    on = triangles >= 0
    weights = faces.weigh(uvs[on], triangles[on], is_flat=True)
    corners = faces.positions[faces.triangles[triangles[on]]]
    local, owner = _within(faces, np.einsum("pc,pcx->px", weights, corners), triangles[on])
    place[on] = local
    names = iter(owner)
    return Spots(at, place, tuple(next(names) if one else "" for one in on), np.zeros(len(at), bool))


def spots_near(nca: NCA_PG_growth, faces: Faces, points: np.ndarray) -> Spots:
    """The spots nearest to points of the world: float, shape (points, 3)."""
    triangles, places = faces.land(points)
    weights = faces.weigh(places, triangles, is_flat=False)
    at = picture_of(nca, np.einsum("pc,pcx->px", weights, faces.uvs.astype(np.float64)[triangles]))
    place, owner = _within(faces, places, triangles)
    return Spots(at, place, owner, np.zeros(len(at), bool))


def find_again(nca: NCA_PG_growth, faces: Faces, spots: Spots) -> Spots:
    """Spots where they lie by now, on faces that may have come to lie otherwise on the UV square, or in space.

    What lay on a face that is gone is lost, and found as soon as there is one again.
    """
    matrices = {part.owner: part.matrix for part in faces.parts}
    here = spots.in_world(matrices)
    known = np.flatnonzero(np.isfinite(here).all(1))
    if not len(known):
        return spots
    sizes = _sizes_of(faces)
    size = np.array([sizes.get(spots.owner[index], max(sizes.values())) for index in known.tolist()])
    by_space = spots_near(nca, faces, here[known])
    by_uv = spots_at(nca, faces, spots.at[known])
    away = [
        np.linalg.norm(each.in_world(matrices) - here[known], axis=1) / size for each in (by_space, by_uv)
    ]
    away[1] = np.where(np.isfinite(away[1]), away[1], np.inf)
    stays = away[1] <= np.where(away[0] <= SAME, SAME, RATHER * away[0])
    lost = ~stays & (away[0] > REACH)
    at, place, owner = spots.at.copy(), spots.place.copy(), list(spots.owner)
    for number, index in enumerate(known.tolist()):
        if not lost[number]:
            found = by_uv if stays[number] else by_space
            at[index], place[index], owner[index] = (
                found.at[number],
                found.place[number],
                found.owner[number],
            )
    is_lost = np.zeros(len(spots), bool)
    is_lost[known] = lost
    return replace(spots, at=at, place=place, owner=tuple(owner), lost=is_lost)


def _sizes_of(faces: Faces) -> dict[str, float]:
    """How large the faces of each object are together: the diagonal of the box around them."""
    sizes = {}
    for number, part in enumerate(faces.parts):
        corners = faces.positions[faces.triangles[faces.part_of == number]].reshape(-1, 3)
        sizes[part.owner] = float(np.linalg.norm(np.ptp(corners, axis=0))) or 1.0
    return sizes


def beside_copies(faces: Faces, points: np.ndarray, context: bpy.types.Context) -> np.ndarray:
    """Points near a copy of an object, moved along to the object whose faces were read.

    Parameters
    ----------
    faces : Faces
    points : ndarray, float64, shape (points, 3)
        In the world.
    context : Context

    Returns
    -------
    ndarray, float64, shape (points, 3)
    """
    best = np.linalg.norm(faces.land(points)[1] - points, axis=1)
    moved = points.copy()
    for there, back in _copies(faces, context):
        beside = transformed(there, points)
        away = np.linalg.norm(transformed(back, faces.land(beside)[1]) - points, axis=1)
        nearer = away < best * (1 - SAME)
        best[nearer], moved[nearer] = away[nearer], beside[nearer]
    return moved


def _copies(faces: Faces, context: bpy.types.Context) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each further object or instance with a mesh whose faces were read: the way to that one, and back."""
    by_mesh = {bpy.data.objects[part.owner].data: part.matrix for part in faces.parts}
    ways = []
    for instance in context.evaluated_depsgraph_get().object_instances:
        shown = instance.object
        original = shown.original if shown is not None else None
        matrix = by_mesh.get(original.data) if isinstance(original, bpy.types.Object) else None
        # geometry nodes give pieces of their own under the name of their object
        is_piece = (
            instance.is_instance and instance.parent is not None and instance.parent.original == original
        )
        copy = np.array(instance.matrix_world)
        if matrix is not None and not is_piece and not np.allclose(copy, matrix) and np.linalg.det(copy):
            there = matrix @ np.linalg.inv(copy)
            ways.append((there, np.linalg.pinv(there)))
    return ways


def _within(faces: Faces, places: np.ndarray, triangles: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Places of the world in the spaces of the objects whose triangles they lie on, and these objects' names."""
    part = faces.part_of[triangles]
    inverse = np.array([np.linalg.pinv(one.matrix) for one in faces.parts])[part]
    local = np.einsum("pxy,py->px", inverse[:, :3, :3], places) + inverse[:, :3, 3]
    return local, tuple(faces.parts[number].owner for number in part)
