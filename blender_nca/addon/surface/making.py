# SPDX-License-Identifier: GPL-3.0-or-later
"""Making: the surface that a growth lives on is made of its mesh, and made again when that is another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy
import numpy as np

from ...automaton.growth import GrowthError
from ...automaton.surface import Surface, SurfaceError
from ...automaton.surface_building import build
from ..material import kept_surface
from ..material.status import is_own
from . import directions
from .directed import directed
from .directions import DirectionError
from .faces import Faces, faces_of

if TYPE_CHECKING:
    from .directed import Directed

_outdated: dict[int, str] = {}
"""Session uid of a material -> why its surface is not what its mesh and directions would make, or nothing; asked again
when these change."""


def make(material: bpy.types.Material, context: bpy.types.Context) -> None:
    """Make the surface of a material's growth, and keep it with it.

    Raises
    ------
    SurfaceError
        Nothing can grow there; the message says what to do.
    """
    nca = directed(material)
    faces = faces_of(material, nca.uv_map, context)
    guide = directions.guide_of(nca, faces, context)
    surface = build(
        faces.positions, faces.triangles, faces.uvs, nca.height, nca.width, guide, nca.direction_angle
    )
    kept_surface.keep(nca, surface, _made_of(nca, faces, context), _note(surface, faces))
    _outdated[material.session_uid] = ""


def make_where_wanted(material: bpy.types.Material) -> None:
    """Make the surface of a growth that is to have one, and has none of its grid, UV map and directions.

    Where that cannot be, the growth says why as it is asked for; where only what it shall follow is missing, it keeps
    the directions that it has.
    """
    nca = directed(material)
    if nca.over != "MESH" or not nca.growing or not is_own(material):
        return
    try:
        make(material, bpy.context)
    except (SurfaceError, GrowthError) as error:
        if isinstance(error, DirectionError) and _fits(nca):
            _outdated.pop(material.session_uid, None)
        else:
            kept_surface.refuse(nca, str(error))


def is_outdated(material: bpy.types.Material, context: bpy.types.Context) -> bool:
    """Whether the mesh, or what the growth points along, was changed since the surface was made."""
    return bool(why_outdated(material, context))


def why_outdated(material: bpy.types.Material, context: bpy.types.Context) -> str:
    """What was changed since the surface was made, or why it cannot be made again; nothing where all is as it was."""
    uid, nca = material.session_uid, directed(material)
    if uid not in _outdated:
        try:
            made_of = _made_of(nca, faces_of(material, nca.uv_map, context), context)
            is_same_mesh = nca.surface_of.split(" ")[0] == made_of.split(" ")[0]
            what = "What the growth points along" if is_same_mesh else "The mesh"
            _outdated[uid] = "" if nca.surface_of == made_of else f"{what} was changed since."
        except SurfaceError as error:
            _outdated[uid] = str(error)
    return _outdated[uid]


def look_again(moved: set[bpy.types.Object] | None = None) -> None:
    """A mesh may be another one; or, where objects are given, these may stand elsewhere or be shaped otherwise."""
    for uid in list(_outdated):
        material = next((one for one in bpy.data.materials if one.session_uid == uid), None)
        if moved is None or material is None or _follows(material, moved):
            del _outdated[uid]


def _follows(material: bpy.types.Material, moved: set[bpy.types.Object]) -> bool:
    """Whether a growth points elsewhere where some objects stand elsewhere."""
    nca = directed(material)
    return nca.direction != "UV" and (
        directions.driver_of(nca) in moved
        or any(material in (slot.material for slot in one.material_slots) for one in moved)
    )


def _fits(nca: Directed) -> bool:
    """Whether a growth has a surface of its grid."""
    try:
        surface = kept_surface.read_surface(nca)
    except GrowthError:
        return False
    return surface is not None and (surface.height, surface.width) == (nca.height, nca.width)


def _note(surface: Surface, faces: Faces) -> str:
    """What an artist wants to know of a surface."""
    cells, islands, parts = np.count_nonzero(surface.on), len(surface.shell), len(np.unique(surface.shell))
    note = f"{cells:,} cells on {islands} island{'' if islands == 1 else 's'}"
    if parts > 1:
        note += f" of {parts} parts that do not touch: each needs a seed"
    return f"{note}. In places cells are {faces.unevenness():.1f} times as large as in others."


def _made_of(nca: Directed, faces: Faces, context: bpy.types.Context) -> str:
    """What a surface is made of, to be compared."""
    mesh = faces.digest(directions.depends_on_attitude(nca))
    return f"{mesh} {nca.width} {nca.height} {directions.describe(nca, faces, context)}"
