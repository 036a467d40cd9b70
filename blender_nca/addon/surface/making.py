# SPDX-License-Identifier: GPL-3.0-or-later
"""Making: the surface that a growth lives on is made of its mesh, and made again when that is another one.

The mesh is read on Blender's main thread; the surface is made of it on a thread of its own, and taken by a timer. The
latest request counts. Without a window everything waits.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import bpy
import numpy as np

from ...automaton.growth_error import GrowthError
from ...automaton.surface import Surface
from ...automaton.surface_building import Laid, tie
from ...automaton.surface_error import SurfaceError
from ...automaton.surface_guide import Line
from ...automaton.surface_mesh import Mesh
from ..host.rendering import is_rendering
from ..host.window import redraw
from ..material import events, kept_surface
from ..material.status import is_own
from . import directions
from .directed import directed
from .directions import DirectionError
from .faces import Faces, faces_of
from .hooks import made

if TYPE_CHECKING:
    from .directed import Directed

BEING_MADE = "The surface of its mesh is being made."
LOOKS = 0.05
"""Seconds between two looks whether a surface is made, and before a mesh is read, as values may still be dragged."""
UNEVEN = 2.0
"""How many times as large cells may be as others before another UV map is advised."""
NOTEWORTHY = 0.005
"""Share of the surface that may be lost without a word."""
OVERLAPPING = 0.05
"""Share of the cells; what lies beside their borders is counted inexactly."""


@dataclass(frozen=True)
class Plan:
    """All that a surface is made of, free of Blender."""

    faces: Faces
    width: int
    height: int
    guide: np.ndarray | Line | None
    turn: float
    depends_on_attitude: bool
    described: str
    is_on_growth_uv: bool

    @property
    def made_of(self) -> str:
        """What the surface is made of, to be compared."""
        return f"{self.faces.digest(self.depends_on_attitude)} {self.width} {self.height} {self.described}"


Made: TypeAlias = "tuple[Surface, str, str]"
"""A surface, what it was made of, and what an artist wants to know of it."""

_requested: dict[int, str] = {}
"""Session uid of a material -> token of what is asked for and not begun."""
_making: dict[int, tuple[str, Future[Made]]] = {}
"""Session uid of a material -> token of what is being made, and its future."""
_pool: ThreadPoolExecutor | None = None


def make(material: bpy.types.Material, context: bpy.types.Context) -> None:
    """Make the surface of a material's growth, and keep it with it, while Blender waits.

    Raises
    ------
    SurfaceError
        Nothing can grow there; the message says what to do.
    """
    _forget(material.session_uid)
    surface, made_of, note = _build(plan(material, context))
    nca = directed(material)
    kept_surface.keep(nca, surface, made_of, note)
    nca.surface_done = nca.surface_wanted
    made(material, True)


def request(material: bpy.types.Material) -> None:
    """Have the surface of a material's growth made while Blender goes on; `events.changed` tells when it is there."""
    nca = directed(material)
    nca.surface_wanted = f"{time.time_ns():x}"
    if not kept_surface.fits(nca):
        kept_surface.refuse(nca, BEING_MADE)
    _request(material)


def make_where_wanted(material: bpy.types.Material) -> None:
    """Make the surface of a growth that is to have one, and has none of its grid, UV map and directions.

    Where that cannot be, the growth says why as it is asked for; where only what it shall follow is missing, it keeps
    the directions that it has.
    """
    if not _lives_on_mesh(material):
        return
    if not bpy.app.background:
        request(material)
        return
    try:
        make(material, bpy.context)
    except (SurfaceError, GrowthError) as error:
        _refuse(material, error)
        directed(material).surface_done = directed(material).surface_wanted
        made(material, False)


def go_on() -> None:
    """Begin again what was asked for and is not there: after undo, or in a file that was saved meanwhile."""
    for material in bpy.data.materials:
        nca = directed(material)
        if nca.surface_wanted != nca.surface_done and _lives_on_mesh(material):
            if bpy.app.background:
                make_where_wanted(material)
            else:
                _request(material)


def finish(material: bpy.types.Material) -> None:
    """Wait for a surface that is being made, and take it. For the main thread."""
    uid = material.session_uid
    if uid in _requested:
        _begin(material)
    if uid in _making:
        _take(material, *_making.pop(uid))
        events.changed(material)


def is_being_made(material: bpy.types.Material) -> bool:
    """Whether a surface is awaited."""
    return material.session_uid in _requested or material.session_uid in _making


def attend() -> float | None:
    """Begin what is asked for, and take what is made; for a timer."""
    if is_rendering():
        return LOOKS
    materials = {one.session_uid: one for one in bpy.data.materials}
    for uid in [*_requested, *_making]:
        material = materials.get(uid)
        if material is None or not _lives_on_mesh(material):
            _forget(uid)
        elif uid in _requested:
            _begin(material)
        elif uid in _making and _making[uid][1].done():
            _take(material, *_making.pop(uid))
            events.changed(material)
            redraw()
    return LOOKS if _requested or _making else None


def stop() -> None:
    """Give up all that is being made."""
    global _pool
    for uid in [*_requested, *_making]:
        _forget(uid)
    if _pool is not None:
        _pool.shutdown(wait=False, cancel_futures=True)
        _pool = None


def plan(material: bpy.types.Material, context: bpy.types.Context) -> Plan:
    """Read what a surface is made of. For the main thread.

    Raises
    ------
    SurfaceError
        As `faces.faces_of` and `directions.guide_of` do.
    """
    nca = directed(material)
    faces = faces_of(material, nca.uv_map, context)
    return Plan(
        faces,
        nca.width,
        nca.height,
        directions.guide_of(nca, faces, context),
        nca.direction_angle,
        directions.depends_on_attitude(nca),
        directions.describe(nca, faces, context),
        bool(nca.growth_uv) and nca.uv_map == nca.growth_uv,
    )


def _build(planned: Plan) -> Made:
    """Make a surface. Asks nothing of Blender."""
    faces = planned.faces
    laid = Laid(Mesh(faces.positions, faces.triangles, faces.uvs, planned.height, planned.width))
    if not (laid.owner >= 0).any():
        raise SurfaceError(
            "All of the surface lies outside the UV square, or on other UDIM tiles than the first: press Growth UV."
            if laid.outside > 0.5
            else "No part of the surface is large enough in the UV map to have a cell: press Growth UV, or choose more "
            "cells in Grid and Detail."
        )
    surface = tie(laid, planned.guide, planned.turn)
    surface.to_json()  # packed here, and held by it: the main thread only keeps it
    return surface, planned.made_of, _note(surface, planned, laid)


def _request(material: bpy.types.Material) -> None:
    _requested[material.session_uid] = directed(material).surface_wanted
    if not bpy.app.timers.is_registered(attend):
        bpy.app.timers.register(attend, first_interval=LOOKS, persistent=True)


def _begin(material: bpy.types.Material) -> None:
    """Read the mesh and let its surface be made."""
    global _pool
    uid = material.session_uid
    token = _requested.pop(uid)
    before = _making.pop(uid, None)
    if before is not None:
        before[1].cancel()
    future: Future[Made] = Future()
    try:
        planned = plan(material, bpy.context)
    except (SurfaceError, GrowthError) as error:
        future.set_exception(error)
    else:
        if _pool is None:
            _pool = ThreadPoolExecutor(1, "Neural Growth surface")
        future = _pool.submit(_build, planned)
    _making[uid] = token, future


def _take(material: bpy.types.Material, token: str, future: Future[Made]) -> None:
    """Let a growth live on what was made for it; the latest request counts, also after undo."""
    nca = directed(material)
    if token != nca.surface_wanted:
        return
    try:
        kept_surface.keep(nca, *future.result())
    except (SurfaceError, GrowthError) as error:
        _refuse(material, error)
        made(material, False)
    except Exception as error:
        kept_surface.refuse(nca, f"The surface of its mesh could not be made: press Growth UV. ({error})")
        raise
    else:
        made(material, True)
    finally:
        nca.surface_done = token


def _refuse(material: bpy.types.Material, error: Exception) -> None:
    nca = directed(material)
    if not (isinstance(error, DirectionError) and kept_surface.fits(nca)):
        kept_surface.refuse(nca, str(error))


def _forget(uid: int) -> None:
    _requested.pop(uid, None)
    making = _making.pop(uid, None)
    if making is not None:
        making[1].cancel()


def _lives_on_mesh(material: bpy.types.Material) -> bool:
    nca: Directed = directed(material)
    return nca.over == "MESH" and nca.growing and is_own(material)


def _note(surface: Surface, planned: Plan, laid: Laid) -> str:
    """What an artist wants to know of a surface."""
    cells, islands, parts = np.count_nonzero(surface.on), len(surface.shell), len(np.unique(surface.shell))
    said = f"{cells:,} cells on {islands} island{'' if islands == 1 else 's'}"
    if parts > 1:
        said += f" of {parts} parts that do not touch: each needs a seed"
    said += "."
    wrong = []
    uneven = planned.faces.unevenness()
    if laid.outside > NOTEWORTHY:
        wrong.append(
            f"{laid.outside:.0%} of the surface lies outside the UV square, or on other UDIM tiles than the first"
        )
    if laid.overlapping > OVERLAPPING:
        wrong.append("Parts of the surface lie on each other in the UV map, and show the same growth")
    if laid.without_cells > NOTEWORTHY:
        wrong.append(f"{laid.without_cells:.0%} of the surface is too small in the UV map to have cells")
    if surface.crowded:
        wrong.append(f"{surface.crowded:,} cells lie so close to another island that they perceive it")
    if uneven > UNEVEN:
        wrong.append(f"In places cells are {uneven:.1f} times as large as in others")
    else:
        said += f" In places they are {uneven:.1f} times as large as in others."
    remedy = "choose more cells in Grid and Detail" if planned.is_on_growth_uv else "press Growth UV"
    return f"{said} {'. '.join(wrong)}: {remedy}." if wrong else said
