# SPDX-License-Identifier: GPL-3.0-or-later
"""Stroke: what the brush wounds, frame by frame, until it is lifted."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import bpy
import mathutils
import numpy as np

from ..material.properties import nca_of
from ..surface import places
from . import kept
from .cells import Cells, cells_of

SPACING = 0.35
"""Of the radius: how far apart a stroke touches."""


class Stroke:
    """Wounds of one stroke.

    Parameters
    ----------
    material : Material
    """

    def __init__(self, material: bpy.types.Material) -> None:
        self._before = kept.painted(material)
        self._cells: dict[int, np.ndarray] = {}
        self._changed: set[int] = set()

    @property
    def is_changed(self) -> bool:
        """Whether it has wounded cells that are not kept yet."""
        return bool(self._changed)

    def wound(self, frame: int, cells: np.ndarray) -> None:
        """Wound cells (bool, shape (height, width)) in a frame of the growth."""
        before = self._cells.get(frame)
        now = cells if before is None else before | cells
        if now.any() and (before is None or not np.array_equal(now, before)):
            self._cells[frame] = now
            self._changed.add(frame)

    def keep(self, material: bpy.types.Material) -> None:
        """Let the material keep what has come since."""
        for frame in self._changed:
            kept.add(material, frame, self._cells[frame])
        self._changed.clear()

    def take_back(self, material: bpy.types.Material) -> None:
        """Leave all as it was."""
        kept.put_back(material, self._before)


class Touching(Protocol):
    """Where the brush touches a growth, in some kind of editor."""

    material: bpy.types.Material

    def look(self, context: bpy.types.Context) -> None:
        """The scene shows another frame: objects may be elsewhere. Raises `GrowthError` where no cells are seen."""

    def touch(self, context: bpy.types.Context, x: float, y: float, radius: float) -> np.ndarray | None:
        """The cells under a circle of the region, in pixels: bool, shape (height, width). None where there are none."""


class Hit(NamedTuple):
    """What a ray has met: a growing material, and the object that shows it there.

    Attributes
    ----------
    material : Material
    at : ndarray, shape (3,)
        In the world.
    owner, data : int
        Session uids of the object and its mesh.
    matrix : ndarray, shape (4, 4)
        Where the object, or its instance, stands.
    """

    material: bpy.types.Material
    at: np.ndarray
    owner: int
    data: int
    matrix: np.ndarray


class OnObject:
    """The brush in the 3D view: it reaches what is near in space, over seams and islands."""

    def __init__(self, material: bpy.types.Material, context: bpy.types.Context) -> None:
        self.material = material
        self.look(context)

    def look(self, context: bpy.types.Context) -> None:
        self._cells: Cells = cells_of(self.material, context)

    def touch(self, context: bpy.types.Context, x: float, y: float, radius: float) -> np.ndarray | None:
        hit = hit_under(context, x, y)
        if isinstance(hit, str) or hit.material != self.material:
            return None
        reach = places.reach_of(context, x, y, hit.at.tolist(), radius)
        return self._cells.within(hit.at, reach, hit.owner, hit.data, hit.matrix)


class OnPicture:
    """The brush in the image editor: on a mesh it reaches over seams, as in space; a picture that tiles goes on at its
    other side."""

    def __init__(self, material: bpy.types.Material, context: bpy.types.Context) -> None:
        self.material = material
        self.look(context)

    def look(self, context: bpy.types.Context) -> None:
        is_mesh = nca_of(self.material).over == "MESH"
        self._cells: Cells | None = cells_of(self.material, context) if is_mesh else None

    def touch(self, context: bpy.types.Context, x: float, y: float, radius: float) -> np.ndarray | None:
        nca, view = nca_of(self.material), context.region.view2d
        left, low = view.region_to_view(x, y)
        right, _ = view.region_to_view(x + radius, y)
        place = np.array([left * nca.width, (1 - low) * nca.height])
        reach = (right - left) * nca.width
        if self._cells is not None:
            return _around(self._cells, place, reach)
        away = [
            np.abs(np.arange(count) + 0.5 - at)
            for count, at in ((nca.width, place[0]), (nca.height, place[1]))
        ]
        if nca.wrap:
            away = [
                np.minimum(one % count, count - one % count)
                for one, count in zip(away, (nca.width, nca.height), strict=True)
            ]
        return away[0][None] ** 2 + away[1][:, None] ** 2 <= max(reach, 0.5) ** 2


def _around(cells: Cells, place: np.ndarray, reach: float) -> np.ndarray | None:
    """The cells that are, in space, as near to one of the picture as some cells beside it."""
    row, column = int(np.floor(place[1])), int(np.floor(place[0]))
    if not (0 <= row < cells.height and 0 <= column < cells.width):
        return None
    for part in cells.parts:
        found = np.flatnonzero(part.layout.number == row * cells.width + column)
        if len(found):
            places = part.places()
            rows, columns = np.divmod(part.layout.number, cells.width)
            beside = (np.abs(rows - row) <= 1) & (np.abs(columns - column) <= 1)
            sizes = np.linalg.norm(places[beside] - places[found[0]], axis=1)
            # across the picture's own cells: those of other islands are farther
            size = float(np.median(sizes[sizes > 0])) / 1.2 if (sizes > 0).any() else 0.0
            return cells.within(places[found[0]], max(reach, 0.5) * size)
    return None


def touching_under(context: bpy.types.Context, x: float, y: float) -> Touching | str:
    """What the brush would touch at a point of the region, or why nothing. Raises `GrowthError` as `cells_of`."""
    if context.area is not None and context.area.type == "IMAGE_EDITOR":
        image = context.space_data.image
        for material in bpy.data.materials:
            nca = nca_of(material)
            if nca.growing and image is not None and image in {nca.image_colour, nca.image_data}:
                return OnPicture(material, context)
        return "Choose the image of a growth in the header, then drag over it."
    hit = hit_under(context, x, y)
    return hit if isinstance(hit, str) else OnObject(hit.material, context)


def hit_under(context: bpy.types.Context, x: float, y: float) -> Hit | str:
    """What grows under a point of the 3D view, or why nothing."""
    ray = places.ray_under(context, x, y)
    return "Drag over a growth in a 3D view." if ray is None else hit_along(context, *ray)


def hit_along(context: bpy.types.Context, origin: mathutils.Vector, direction: mathutils.Vector) -> Hit | str:
    """What grows where a ray meets something first, or why nothing."""
    met = places.hit_along(context, origin, direction)
    material = places.material_at(met, "drag over")
    if met is None or isinstance(material, str):
        return str(material)
    original = met.owner.original
    return Hit(
        material, np.array(met.at), original.session_uid, original.data.session_uid, np.array(met.matrix)
    )


def is_view(context: bpy.types.Context) -> bool:
    """Whether the brush can be led over the area."""
    return context.area is not None and context.area.type in {"VIEW_3D", "IMAGE_EDITOR"}
