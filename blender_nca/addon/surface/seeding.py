# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeding: seeds stay where they are on the surface, and those of a scene are read as soon as they are asked for.

A scene is read here alone, never while growing: what was read is kept with the growth.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import bpy
import numpy as np

from ...automaton.growth_error import GrowthError
from ...automaton.seeding import NOBODY, seed_layers
from ...automaton.surface_error import SurfaceError
from ..host.window import redraw
from ..material.growth import growth_of
from ..material.layering import layers_of
from ..material.properties import nca_of
from ..material.status import is_live
from . import recorded, sources
from .digest import digest_of, rounded
from .faces import Faces, faces_of
from .meshes import owners_of, transformed
from .recorded import Record
from .seed_properties import NOWHERE, sowing_of
from .spots import Spots, beside_copies, find_again, spots_at, spots_near

if TYPE_CHECKING:
    from .seed_properties import PlacedPoint, Sowing


_faces: dict[tuple[int, str], Faces] = {}
"""(session uid of a material, UV map) -> its faces, of the last one that was asked for, until something changes."""
_outdated: dict[int, str] = {}
"""Session uid of a material -> what has changed of its seeds' source since; asked again when something changes."""


def follow(material: bpy.types.Material) -> None:
    """After a change of a growth: read the source of its seeds where another one is asked for, and look where those lie
    that were planted."""
    nca = sowing_of(material)
    if not nca.growing or not is_live(material):
        return
    if nca.seeds == "SURFACE" and nca.seeds_asked != _asked(nca):
        try_to_record(material, bpy.context)
    elif nca.seeds == "POINTS":
        _note(material, bpy.context)


def record(material: bpy.types.Material, context: bpy.types.Context) -> None:
    """Read the source of a growth's seeds, and keep what it says.

    Raises
    ------
    SurfaceError
        It says nothing; what was read before is kept.
    """
    nca = sowing_of(material)
    nca.seeds_asked = _asked(nca)
    _outdated.pop(material.session_uid, None)
    try:
        faces = faces_of(material, nca.uv_map, context)
        if nca.seed_source == "GROUP":
            found = Record(recorded.NOTHING, sources.cells_of_group(nca, faces, context))
        else:
            points = sources.read(nca, faces, context)
            spots = spots_near(nca, faces, beside_copies(faces, points, context))
            reached = ((spots.at >= 0) & (spots.at <= 1)).all(1)
            if not reached.any():
                raise SurfaceError(
                    "The growth does not reach there: see Coordinates, or where the UV map lies."
                )
            found = Record(_some(spots, reached))
    except SurfaceError as error:
        nca.seeds_problem = str(error)
        raise
    recorded.keep(nca, found)
    nca.seeds_of, nca.seeds_problem = _describe(nca, faces, context), ""


def try_to_record(material: bpy.types.Material, context: bpy.types.Context) -> None:
    """As `record`; where it says nothing, the panel tells why."""
    with contextlib.suppress(SurfaceError):  # noted with the growth
        record(material, context)


def replace_seeds(material: bpy.types.Material) -> None:
    """Let seeds on a mesh stay where they are in space, though its UV map or its faces are others by now.

    Of those whose face is gone, nothing grows; the panel names them.
    """
    nca = sowing_of(material)
    if nca.over != "MESH" or not nca.growing or not is_live(material):
        return
    if nca.seeds != "POINTS" and not nca.seeds_kept:
        return
    forget()
    try:
        faces = _held(material, bpy.context)
    except SurfaceError:
        return  # told as the surface is made
    if nca.seeds == "POINTS":
        _put(nca, find_again(nca, faces, _planted(nca)))
    kept = _kept(nca)
    if kept is None:
        return
    if kept.cells is None:
        recorded.keep(nca, Record(find_again(nca, faces, kept.spots)))
    elif nca.seeds == "SURFACE" and nca.seed_source == "GROUP":
        try_to_record(material, bpy.context)


def plant_recorded(material: bpy.types.Material) -> int:
    """Turn what was read into seeds that can be moved one by one; how many there are."""
    nca = sowing_of(material)
    kept = _kept(nca)
    if kept is None or kept.cells is not None:
        return 0
    starts = recorded.starts(len(kept.spots), nca.seed_start, nca.seed_delay).tolist()
    nca.points.clear()
    for _ in starts:
        nca.points.add()
    nca.points.foreach_set("start", starts)
    nca.points.foreach_set("at", kept.spots.at.astype(np.float32).ravel())
    _put(nca, kept.spots)
    nca.seeds = "POINTS"
    return len(nca.points)


def plant_cells(material: bpy.types.Material) -> None:
    """Turn seeds that are strewn, or in the middle, into seeds that can be moved one by one."""
    nca = nca_of(material)
    try:
        growth = growth_of(material, 0)
        genotypes, of_seeds = seed_layers(growth, growth.seeds), layers_of(material, 0).of_seeds
    except GrowthError:
        return  # told as it grows
    nca.points.clear()
    for y, x in np.argwhere(genotypes != NOBODY).tolist():
        point = nca.points.add()
        point.at = ((x + 0.5) / nca.width, 1 - (y + 0.5) / nca.height)
        if growth.has_descent:
            point.layer = of_seeds.index(genotypes[y, x])
    nca.seeds = "POINTS"


def why_outdated(material: bpy.types.Material, context: bpy.types.Context) -> str:
    """What has changed of the source since it was read, or why that cannot be now; nothing where it is the same."""
    uid, nca = material.session_uid, sowing_of(material)
    if nca.seeds_problem:
        return nca.seeds_problem
    if uid not in _outdated:
        try:
            said = _describe(nca, _held(material, context), context)
            _outdated[uid] = "" if said == nca.seeds_of else "What was read has changed since."
        except SurfaceError as error:
            _outdated[uid] = str(error)
    return _outdated[uid]


def lost_seeds(material: bpy.types.Material) -> str:
    """Which seeds lie on no face any more; nothing where all do."""
    nca = sowing_of(material)
    if nca.seeds == "POINTS":
        lost = [number for number, point in enumerate(nca.points, 1) if point.lost]
    else:
        kept = _kept(nca)
        lost = [] if kept is None else (np.flatnonzero(kept.spots.lost) + 1).tolist()
    if not lost:
        return ""
    names = ", ".join(str(number) for number in lost[:8]) + (" and more" if len(lost) > 8 else "")
    one = len(lost) == 1
    what = "move it, or take it away" if one else "move them, or take them away"
    return (
        f"{'Seed' if one else 'Seeds'} {names} lay on {'a face that is' if one else 'faces that are'} gone: "
        f"the others grow. {what[0].upper()}{what[1:]}."
    )


def places_in_world(material: bpy.types.Material, context: bpy.types.Context) -> np.ndarray:
    """Where the seeds of a growth lie by now: float64, shape (seeds, 3); not a number where that is not known."""
    nca = sowing_of(material)
    spots = _planted(nca)
    if nca.seeds == "SURFACE":
        kept = _kept(nca)
        spots = recorded.NOTHING if kept is None else kept.spots
    return spots.in_world({one.name: np.array(one.matrix_world) for one in owners_of(material, context)})


def forget(moved: Collection[str] | None = None) -> None:
    """Meshes may be others; or, where names of objects are given, these alone may be elsewhere."""
    for key, faces in list(_faces.items()):
        if moved is None or any(part.owner in moved for part in faces.parts):
            del _faces[key]
    if _outdated:  # a panel tells of it
        _outdated.clear()
        redraw(frozenset({"PROPERTIES", "VIEW_3D"}))


def note_all() -> None:
    """Look in an opened file for seeds whose places are not known yet."""
    forget()
    for material in bpy.data.materials:
        if nca_of(material).growing and nca_of(material).seeds == "POINTS" and is_live(material):
            _note(material, bpy.context)


def _held(material: bpy.types.Material, context: bpy.types.Context) -> Faces:
    key = material.session_uid, nca_of(material).uv_map
    if key not in _faces:
        _faces.clear()
        _faces[key] = faces_of(material, key[1], context)
    return _faces[key]


def _kept(nca: Sowing) -> Record | None:
    try:
        return recorded.read(nca)
    except GrowthError:
        return None  # told as the growth is asked for


def _note(material: bpy.types.Material, context: bpy.types.Context) -> None:
    """Look where those seeds lie whose numbers are others than before."""
    nca = sowing_of(material)
    points: list[PlacedPoint] = list(nca.points)
    moved = [point for point in points if tuple(point.placed_at) != tuple(point.at)]
    if not moved:
        return
    try:
        faces = _held(material, context)
    except SurfaceError:
        return  # told where the growth needs them
    spots = spots_at(nca, faces, np.array([tuple(point.at) for point in moved]))
    for point, place, owner in zip(moved, spots.place, spots.owner, strict=True):
        point.place, point.owner, point.placed_at, point.lost = place, owner, point.at, False


def _planted(nca: Sowing) -> Spots:
    """Seeds at points, as they were noted."""
    points: list[PlacedPoint] = list(nca.points)
    at = np.array([tuple(point.at) for point in points], np.float64).reshape(-1, 2)
    place = np.array([tuple(point.place) for point in points], np.float64).reshape(-1, 3)
    known = np.array(
        [bool(point.owner) and tuple(point.placed_at) == tuple(point.at) for point in points], bool
    )
    place[~known] = np.nan
    lost = np.array([point.lost for point in points], bool)
    return Spots(at, place, tuple(point.owner for point in points), lost)


def _put(nca: Sowing, spots: Spots) -> None:
    """Give seeds at points the places that were found, all at once: none of them tells of a change."""
    if not len(spots):
        return
    before = np.empty(2 * len(spots), np.float32)
    nca.points.foreach_get("at", before)
    known = ~spots.lost & np.isfinite(spots.place).all(1)
    at = np.where(known[:, None], spots.at.clip(0, 1), before.reshape(-1, 2)).astype(np.float32)
    # of one that is not known the place is looked for again
    placed_at = np.where(np.isfinite(spots.place).all(1)[:, None], at, NOWHERE).astype(np.float32)
    nca.points.foreach_set("at", at.ravel())
    nca.points.foreach_set("placed_at", placed_at.ravel())
    nca.points.foreach_set("place", np.nan_to_num(spots.place).astype(np.float32).ravel())
    nca.points.foreach_set("lost", spots.lost)
    points: list[PlacedPoint] = list(nca.points)
    for point, owner in zip(points, spots.owner, strict=True):
        point.owner = owner


def _some(spots: Spots, kept: np.ndarray) -> Spots:
    owner = tuple(name for name, one in zip(spots.owner, kept, strict=True) if one)
    return replace(spots, at=spots.at[kept], place=spots.place[kept], owner=owner, lost=spots.lost[kept])


def _asked(nca: Sowing) -> str:
    """What a growth asks of its source. Which object that is counts as it is chosen: it may take another name."""
    said: dict[str, tuple[object, ...]] = {
        "OBJECTS": (),
        "POINTS": (),
        "CURVE": (nca.seed_count,),
        "EDGES": (nca.seed_mark, nca.seed_attribute, nca.seed_count),
        "DENSITY": (nca.seed_density, nca.random_seed),
        "GROUP": (nca.seed_group, nca.width, nca.height),
    }
    return repr((nca.seed_source, *said[nca.seed_source]))


def _describe(nca: Sowing, faces: Faces, context: bpy.types.Context) -> str:
    """A hash of what a source is read from: of where that is beside the first object, so that all may move together.

    It makes no data-blocks: panels ask for it as they are drawn.
    """
    if nca.seed_source == "GROUP":
        return sources.cells_of_group(nca, faces, context).digest[:32]
    if nca.seed_source == "DENSITY":
        points = faces.positions[faces.triangles].reshape(-1, 3)
    elif nca.seed_source == "CURVE":
        points = sources.control_points(nca, context)
    else:
        points = sources.read(nca, faces, context)
    local = transformed(np.linalg.pinv(faces.parts[0].matrix), points)
    return digest_of(rounded(local))
