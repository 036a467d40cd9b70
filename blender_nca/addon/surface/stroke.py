# SPDX-License-Identifier: GPL-3.0-or-later
"""Stroke: the comb is drawn over a mesh, and turns the directions that this keeps on its points."""

from __future__ import annotations

from typing import NamedTuple

import bpy
import mathutils
import numpy as np

from . import combed
from .places import hit_along, ray_under, reach_of

SPACING = 0.25
"""Radii between the places at which the comb touches."""


class Touch(NamedTuple):
    """Where a point of the window lies on a surface.

    Attributes
    ----------
    owner : Object
    matrix : ndarray, shape (4, 4)
        From the object, or the instance of it, to the world.
    at, normal : ndarray, shape (3,)
        In the world.
    """

    owner: bpy.types.Object
    matrix: np.ndarray
    at: np.ndarray
    normal: np.ndarray


def touch(context: bpy.types.Context, x: float, y: float) -> Touch | None:
    """Look what lies under a point of the 3D view (pixels in the region); None where nothing does."""
    ray = ray_under(context, x, y)
    hit = None if ray is None else hit_along(context, *ray)
    if hit is None or hit.owner.type != "MESH":
        return None
    original = hit.owner.original
    assert isinstance(original, bpy.types.Object)
    return Touch(original, np.array(hit.matrix), np.array(hit.at), np.array(hit.normal))


class Stroke:
    """A stroke over one object, in the world until it is kept.

    Parameters
    ----------
    owner : Object
        Its mesh keeps directions, see `combed.begin`.
    matrix : ndarray, shape (4, 4)
        From the object, or the instance of it, to the world.

    Attributes
    ----------
    points, normals, ways : ndarray, shape (points, 3)
        Where the mesh's points lie, their normals, and the directions as they are now.
    touched : ndarray, bool, shape (points,)
        Those that the comb has come over.
    """

    def __init__(self, owner: bpy.types.Object, matrix: np.ndarray) -> None:
        self.owner, self._turn = owner, matrix[:3, :3]
        mesh = owner.data
        assert isinstance(mesh, bpy.types.Mesh)
        self._mesh = mesh
        points, normals = (np.empty(3 * len(mesh.vertices), np.float32) for _ in range(2))
        mesh.vertices.foreach_get("co", points)
        mesh.vertex_normals.foreach_get("vector", normals)
        self.points = points.reshape(-1, 3).astype(np.float64) @ self._turn.T + matrix[:3, 3]
        self.normals = combed.unit(normals.reshape(-1, 3) @ np.linalg.pinv(self._turn))
        self.ways = combed.unit(combed.read(mesh) @ self._turn.T)
        self.touched = np.zeros(len(self.points), bool)

    def comb(
        self, at: np.ndarray, way: np.ndarray, normal: np.ndarray, radius: float, strength: float
    ) -> None:
        """Touch the mesh once.

        Parameters
        ----------
        at, way, normal : ndarray, shape (3,)
            Where, which way the comb goes, and the surface's normal there: what looks away from it is another side.
        radius : float
        strength : float
            How far a whole stroke, of touches `SPACING` apart, turns what lies in its middle.
        """
        away = np.linalg.norm(self.points - at, axis=1) / radius
        near = np.flatnonzero((away < 1) & (self.normals @ normal > 0))
        share = (1 - away[near] ** 2) ** 2
        weights = 1 - (1 - min(strength, 0.999)) ** (share * SPACING)
        self.ways[near] = combed.comb(self.ways[near], self.normals[near], weights, way)
        self.touched[near] = True

    def keep(self) -> None:
        """Let the mesh keep the directions as they are now."""
        combed.write(self._mesh, combed.unit(self.ways @ np.linalg.pinv(self._turn).T))


class Hand:
    """What leads a stroke: the mouse, over the 3D view.

    Parameters
    ----------
    first : Touch
    x, y : float
        Pixels in the region.
    """

    def __init__(self, first: Touch, x: float, y: float) -> None:
        self.stroke = Stroke(first.owner, first.matrix)
        self.size = 0.0
        """The comb's radius in the world, where it was last."""
        self._at: tuple[float, float] = (x, y)
        self._before: Touch | None = first

    def move(self, context: bpy.types.Context, x: float, y: float, radius: float, strength: float) -> None:
        """Go on to another point of the region; `radius` in pixels. Where the object is not seen nothing is combed."""
        start = mathutils.Vector(self._at)
        way = mathutils.Vector((x, y)) - start
        steps = int(way.length / (radius * SPACING))
        for step in range(1, steps + 1):
            reached = start + way * (step * radius * SPACING / way.length)
            self._at = reached.x, reached.y
            now = touch(context, *self._at)
            before, self._before = self._before, now
            if now is None or before is None or {now.owner, before.owner} != {self.stroke.owner}:
                continue
            self.size = max(reach_of(context, *self._at, now.at.tolist(), radius), 1e-9)
            self.stroke.comb(now.at, now.at - before.at, now.normal, self.size, strength)
