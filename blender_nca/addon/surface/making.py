# SPDX-License-Identifier: GPL-3.0-or-later
"""Making: the surface that a growth lives on is made of its mesh, and made again when that is another one."""

from __future__ import annotations

import bpy
import numpy as np

from ...automaton.growth import GrowthError
from ...automaton.surface import Surface, SurfaceError
from ...automaton.surface_building import build
from ..material import kept_surface
from ..material.properties import NCA_PG_growth, nca_of
from ..material.status import is_own
from .faces import Faces, faces_of

AXES = {"X": (1.0, 0.0, 0.0), "Y": (0.0, 1.0, 0.0), "Z": (0.0, 0.0, 1.0)}
"""Way that a pattern's up may point -> that in the world."""

_outdated: dict[int, bool] = {}
"""Session uid of a material -> whether its mesh is another one than its surface was made of; asked again when a mesh
changes."""


def make(material: bpy.types.Material, context: bpy.types.Context) -> None:
    """Make the surface of a material's growth, and keep it with it.

    Raises
    ------
    SurfaceError
        Nothing can grow there; the message says what to do.
    """
    nca = nca_of(material)
    faces = faces_of(material, nca.uv_map, context)
    surface = build(
        faces.positions, faces.triangles, faces.uvs, nca.height, nca.width, AXES.get(nca.direction)
    )
    kept_surface.keep(nca, surface, _made_of(nca, faces), _note(surface, faces))
    _outdated[material.session_uid] = False


def make_where_wanted(material: bpy.types.Material) -> None:
    """Make the surface of a growth that is to have one, and has none of its grid, UV map and directions.

    Where that cannot be, the growth says why as it is asked for.
    """
    nca = nca_of(material)
    if nca.over != "MESH" or not nca.growing or not is_own(material):
        return
    try:
        make(material, bpy.context)
    except (SurfaceError, GrowthError) as error:
        kept_surface.refuse(nca, str(error))


def is_outdated(material: bpy.types.Material, context: bpy.types.Context) -> bool:
    """Whether the mesh was changed since the surface was made."""
    uid, nca = material.session_uid, nca_of(material)
    if uid not in _outdated:
        try:
            _outdated[uid] = nca.surface_of != _made_of(nca, faces_of(material, nca.uv_map, context))
        except SurfaceError:
            _outdated[uid] = True
    return _outdated[uid]


def look_again() -> None:
    """A mesh may be another one."""
    _outdated.clear()


def _note(surface: Surface, faces: Faces) -> str:
    """What an artist wants to know of a surface."""
    cells, islands, parts = np.count_nonzero(surface.on), len(surface.shell), len(np.unique(surface.shell))
    note = f"{cells:,} cells on {islands} island{'' if islands == 1 else 's'}"
    if parts > 1:
        note += f" of {parts} parts that do not touch: each needs a seed"
    note += f". In places cells are {faces.unevenness():.1f} times as large as in others."
    if surface.crowded:
        note += (
            f" {surface.crowded:,} cells lie so close to another island that they perceive it: leave two cells between "
            "the islands of the UV map, or choose more cells."
        )
    return note


def _made_of(nca: NCA_PG_growth, faces: Faces) -> str:
    """What a surface is made of, to be compared."""
    return f"{faces.digest(nca.direction in AXES)} {nca.width} {nca.height} {nca.direction}"
