# SPDX-License-Identifier: GPL-3.0-or-later
"""Outdated: whether a mesh, or what a growth points along, is another one than its surface was made of.

Blender tells of changes that may be none: a glance at the numbers tells most of these apart, and only then is all of
it compared. Panels, which are drawn often, read what was found; a timer looks when an edit has come to rest.
"""

from __future__ import annotations

import zlib

import bpy
import numpy as np

from ...automaton.surface_error import SurfaceError
from ..host.rendering import is_rendering
from ..host.window import is_playing, redraw
from ..material.status import is_own
from . import directions, making
from .directed import directed
from .meshes import as_modelled, owners_of, read_coordinates, read_corners, read_positions, read_shown

REST = 0.3
"""Seconds after an edit before it is looked at."""
MOST_COMPARED = 200_000
"""Faces of a mesh beyond which it is looked at only when Edit Mode is left, and counts as changed at a glance."""

_found: dict[int, str] = {}
"""Session uid of a material -> why its surface is not what its mesh and directions would make, or nothing."""
_compared: dict[int, tuple[int, str]] = {}
"""Session uid of a material -> what a glance at its mesh saw as all was compared, and what was found then."""
_suspected: dict[int, bool] = {}
"""Session uid of a material that may be outdated -> whether only its mesh may be another one."""


def why_outdated(material: bpy.types.Material, context: bpy.types.Context) -> str:
    """What was changed since the surface was made, or why it cannot be made again; nothing where all is as it was."""
    uid = material.session_uid
    if uid not in _found:
        _suspect(uid, is_mesh=False)
    if bpy.app.background and uid in _suspected:
        _look(material, context)
    return _found.get(uid, "")


def is_outdated(material: bpy.types.Material, context: bpy.types.Context) -> bool:
    """Whether the mesh, or what the growth points along, was changed since the surface was made."""
    return bool(why_outdated(material, context))


def look_again(moved: set[bpy.types.Object] | None = None) -> None:
    """A mesh may be another one; or, where objects are given, these may stand elsewhere or be shaped otherwise."""
    for uid in list(_found):
        material = next((one for one in bpy.data.materials if one.session_uid == uid), None)
        if material is None:
            _forget(uid)
        elif moved is None or _follows(material, moved):
            _suspect(uid, is_mesh=moved is None)


def forget() -> None:
    """Every data-block may be another one."""
    for uid in [*_found, *_suspected]:
        _forget(uid)


def settle(material: bpy.types.Material, is_made: bool) -> None:
    """Note that a surface was made of what is there now, or could not be."""
    _forget(material.session_uid)
    if is_made:
        _found[material.session_uid] = ""


def look_at_rest() -> float | None:
    """Look at what may be outdated; for a timer."""
    if is_rendering() or is_playing():
        return REST
    context = bpy.context
    materials = {one.session_uid: one for one in bpy.data.materials}
    for uid in list(_suspected):
        material = materials.get(uid)
        if material is None or directed(material).over != "MESH" or not is_own(material):
            _forget(uid)
        elif not (_is_edited(material, context) and _is_large(material, context)):
            before = _found.get(uid, "")
            _look(material, context)
            if _found[uid] != before:
                redraw()
    return REST if _suspected else None


def _look(material: bpy.types.Material, context: bpy.types.Context) -> None:
    """Find out, by a glance where that is enough."""
    uid, nca = material.session_uid, directed(material)
    only_mesh = _suspected.pop(uid, False) and nca.direction not in {"ATTRIBUTE", "COMBED"}
    seen = _glance(material, nca.uv_map, nca.surface_of, context)
    if only_mesh and uid in _compared:
        before, found = _compared[uid]
        if seen == before or _is_large(material, context):
            _found[uid] = found if seen == before else "The mesh was changed since."
            return
    try:
        made_of = making.plan(material, context).made_of
        is_same_mesh = nca.surface_of.split(" ")[0] == made_of.split(" ")[0]
        what = "What the growth points along" if is_same_mesh else "The mesh"
        _found[uid] = "" if nca.surface_of == made_of else f"{what} was changed since."
    except SurfaceError as error:
        _found[uid] = str(error)
    _compared[uid] = seen, _found[uid]


def _glance(material: bpy.types.Material, uv_map: str, surface_of: str, context: bpy.types.Context) -> int:
    """A sum of all numbers that a surface is made of, as Blender holds them, and of what it was made of."""
    total = zlib.crc32(surface_of.encode())
    for owner in owners_of(material, context):
        with as_modelled(owner) as mesh:
            uvs = read_coordinates(mesh, uv_map)
            seen = [
                np.array(owner.matrix_world),
                read_positions(mesh),
                read_corners(mesh),
                read_shown(owner, mesh, material),
            ]
        for array in seen if uvs is None else [*seen, uvs]:
            total = zlib.crc32(array.tobytes(), total)
    return total


def _suspect(uid: int, is_mesh: bool) -> None:
    _suspected[uid] = is_mesh and _suspected.get(uid, True)
    if not bpy.app.background:
        # once more from now on, as an edit may go on
        if bpy.app.timers.is_registered(look_at_rest):
            bpy.app.timers.unregister(look_at_rest)
        bpy.app.timers.register(look_at_rest, first_interval=REST, persistent=True)


def _forget(uid: int) -> None:
    for known in (_found, _compared, _suspected):
        known.pop(uid, None)


def _follows(material: bpy.types.Material, moved: set[bpy.types.Object]) -> bool:
    """Whether a growth points elsewhere where some objects stand elsewhere."""
    nca = directed(material)
    return nca.direction != "UV" and (
        directions.driver_of(nca) in moved
        or any(material in (slot.material for slot in one.material_slots) for one in moved)
    )


def _is_edited(material: bpy.types.Material, context: bpy.types.Context) -> bool:
    return any(one.mode == "EDIT" for one in owners_of(material, context))


def _is_large(material: bpy.types.Material, context: bpy.types.Context) -> bool:
    meshes = [one.data for one in owners_of(material, context)]
    return sum(len(one.polygons) for one in meshes if isinstance(one, bpy.types.Mesh)) > MOST_COMPARED
