# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies: what objects fill in space in a frame, and which points they touch."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

import bpy
import mathutils
import numpy as np
from mathutils.bvhtree import BVHTree

from ..surface.meshes import make_tree, read_outline

_HELD = 32
_FARTHEST = 1e6
_STEP = 1e-5
"""Of a body's size: how far behind a face the way through the body goes on."""

_trees: dict[bytes, BVHTree] = {}
"""By a hash of its triangles: what only moves keeps its tree."""


class Body(Protocol):
    """Something that touches."""

    def touches(self, points: np.ndarray, distance: float) -> np.ndarray:
        """Which points of the world, (points, 3), lie inside or so near: bool, shape (points,)."""


@dataclass(frozen=True)
class Ball:
    """An empty: the sphere that it shows, which may be stretched.

    Attributes
    ----------
    matrix : ndarray, shape (4, 4)
        From the sphere of radius `size` to the world.
    size : float
    """

    matrix: np.ndarray
    size: float

    def touches(self, points: np.ndarray, distance: float) -> np.ndarray:
        scale = np.linalg.norm(self.matrix[:3, :3], axis=0)
        # a scale of zero is how a wound is switched off by keyframes
        if self.size <= 0 or scale.min() < 1e-6:
            return np.zeros(len(points), bool)
        inner = (points - self.matrix[:3, 3]) @ np.linalg.inv(self.matrix[:3, :3]).T
        reach = self.size + distance / float(scale.mean())
        return np.sum(inner**2, axis=1) <= reach**2


@dataclass(frozen=True)
class Solid:
    """A mesh. Inside is where one leaves it through an odd number of faces in two opposite directions.

    Attributes
    ----------
    tree : BVHTree
        In a space that only is moved and turned into the world.
    matrix : ndarray, shape (4, 4)
        From there to the world.
    low, high : ndarray, shape (3,)
        Of all its points, in its space.
    """

    tree: BVHTree
    matrix: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def touches(self, points: np.ndarray, distance: float) -> np.ndarray:
        inner = (points - self.matrix[:3, 3]) @ self.matrix[:3, :3]
        found = np.zeros(len(points), bool)
        near = ((inner >= self.low - distance) & (inner <= self.high + distance)).all(1)
        for number in np.flatnonzero(near):
            at = mathutils.Vector(inner[number])
            is_near = distance > 0 and self.tree.find_nearest(at, distance)[0] is not None
            found[number] = is_near or self._is_inside(at)
        return found

    def _is_inside(self, at: mathutils.Vector) -> bool:
        # an open mesh has no inside: one way out of it meets nothing
        way = mathutils.Vector((0.2137, 0.3571, 0.9093)).normalized()
        return self._crossed(at, way) % 2 == 1 and self._crossed(at, -way) % 2 == 1

    def _crossed(self, at: mathutils.Vector, way: mathutils.Vector) -> int:
        step = way * (_STEP * max(float((self.high - self.low).max()), _STEP))
        count = 0
        while count < 1000:
            met = self.tree.ray_cast(at, way, _FARTHEST)[0]
            if met is None:
                break
            count, at = count + 1, met + step
        return count


def bodies_of(
    objects: Collection[bpy.types.Object], depsgraph: bpy.types.Depsgraph, but: Collection[bpy.types.Object]
) -> Iterator[Body]:
    """The bodies of objects as they are seen now, and of what they instance; what is hidden has none.

    Parameters
    ----------
    objects : collection of Object
    depsgraph : Depsgraph
    but : collection of Object
        Which have none in any case: those that grow.
    """
    for each in depsgraph.object_instances:
        owner = each.object
        cause = each.parent if each.is_instance else owner
        if owner is None or cause is None or cause.original not in objects or owner.original in but:
            continue
        matrix = np.array(each.matrix_world)
        if owner.type == "EMPTY":
            if owner.instance_type == "NONE" and owner.empty_display_type != "IMAGE":
                yield Ball(matrix, owner.empty_display_size)
        else:
            solid = _solid(owner, matrix)
            if solid is not None:
                yield solid


def forget_trees() -> None:
    """Another file is open, or nothing is recorded any more."""
    _trees.clear()


def _solid(owner: bpy.types.Object, matrix: np.ndarray) -> Solid | None:
    try:
        mesh = owner.to_mesh()
    except RuntimeError:  # lights and the like have no shape
        return None
    try:
        points, triangles = read_outline(mesh)
    finally:
        owner.to_mesh_clear()
    if not len(triangles):
        return None
    turn, shape = _split(matrix[:3, :3])
    inner = points @ shape.T
    rigid = np.eye(4)
    rigid[:3, :3], rigid[:3, 3] = turn, matrix[:3, 3]
    key = hashlib.sha256(inner.round(9).tobytes() + triangles.tobytes()).digest()
    if key not in _trees:
        _trees[key] = make_tree(inner, triangles)
        while len(_trees) > _HELD:
            del _trees[next(iter(_trees))]
    return Solid(_trees[key], rigid, inner.min(0), inner.max(0))


def _split(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A matrix (3, 3) as a rotation, or reflection, of what only is stretched: its polar decomposition."""
    left, sizes, right = np.linalg.svd(matrix)
    # rounded, so that a body that turns keeps its tree
    return left @ right, (right.T @ np.diag(sizes) @ right).round(6)
