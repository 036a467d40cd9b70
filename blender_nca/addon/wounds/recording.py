# SPDX-License-Identifier: GPL-3.0-or-later
"""Recording: one pass over the scene's frames, in which all that wounds a growth is looked at and written down.

Nothing is kept before the pass is through, and the scene is left in the frame in which it was.
"""

from __future__ import annotations

from functools import reduce

import bpy
import numpy as np

from ...automaton.growth_error import GrowthError
from ..host.silence import silent
from ..material.clock import frame_of
from ..material.status import is_open
from ..surface.meshes import owners_of
from . import kept
from .bodies import bodies_of, forget_trees
from .cells import Cells, cells_of
from .properties import NCA_PG_wound_source, wounded
from .provenance import digest_of, name_of, objects_of
from .values import Film, above

_states: dict[tuple[int, str], str] = {}
"""Session uid of a material and path of a source -> what its record would be made of now."""


class Recording:
    """A pass over the frames of a scene.

    Parameters
    ----------
    material : Material
    context : Context
        Its scene's frames are gone through.

    Raises
    ------
    GrowthError
        There is nothing to record; the message says what to do.
    """

    def __init__(self, material: bpy.types.Material, context: bpy.types.Context) -> None:
        scene = context.scene
        self.name, self._scene = material.name, scene
        sources = wounded(material).wound_sources
        if not len(sources):
            raise GrowthError(
                "Nothing moves that wounds this growth: add an object, an image or an attribute first."
            )
        self._numbers = [number for number, source in enumerate(sources) if name_of(source)]
        if not self._numbers:
            raise GrowthError(_lack(sources[0]))
        self._digests = {n: digest_of(sources[n], material, context) for n in self._numbers}
        self._films = {n: Film(sources[n].image) for n in self._numbers if sources[n].kind == "IMAGE"}
        self._before = scene.frame_current
        self._frames = list(range(scene.frame_start, scene.frame_end + 1))
        self._found: dict[int, dict[int, np.ndarray]] = {number: {} for number in self._numbers}
        self._last = 0
        self.done = 0
        """Frames that are through."""

    @property
    def total(self) -> int:
        """Frames of the pass."""
        return len(self._frames)

    @property
    def is_through(self) -> bool:
        """Whether all frames were looked at."""
        return self.done >= self.total

    def step(self, context: bpy.types.Context) -> None:
        """Look at the next frame. Raises `GrowthError` where something is not there any more."""
        material = bpy.data.materials.get(self.name)
        if material is None or not is_open(material):
            raise GrowthError(f"{self.name} is gone, or baked meanwhile: nothing was recorded.")
        scene_frame = self._frames[self.done]
        with silent():
            self._scene.frame_set(scene_frame)
        self.done += 1
        nca = wounded(material)
        if nca.clock == "TIMELINE" and scene_frame < nca.start_frame:
            return
        frame = frame_of(material, scene_frame)
        self._last = max(self._last, frame)
        cells = cells_of(material, context)
        for number in self._numbers:
            touched = self._look(nca.wound_sources[number], number, material, cells, context)
            if touched is not None and touched.any():
                found = self._found[number]
                found[frame] = found[frame] | touched if frame in found else touched

    def keep(self) -> str:
        """Let the growth keep what was found; what to tell of it."""
        material = bpy.data.materials[self.name]
        sources, notes = wounded(material).wound_sources, []
        for number in self._numbers:
            source, found = sources[number], self._found[number]
            kept.keep_record(source, found, self._last, self._digests[number])
            source.known_as = name_of(source)
            cells = reduce(np.logical_or, found.values()) if found else None
            share = 0.0 if cells is None else kept.share_of(material, cells)
            source.record_note = (
                f"touches {100 * share:.1f} % of the cells, in {len(found)} of {self._last + 1} frames"
                if found
                else "touches nothing"
                + (": let it reach into the mesh, or give it a distance" if objects_of(source) else "")
            )
            notes.append(f"{source.known_as} {source.record_note}")
        return "; ".join(notes) + "."

    def close(self) -> None:
        """Leave the scene where it was; all frames that were found and not kept are forgotten."""
        for film in self._films.values():
            film.close()
        forget_trees()
        if self._scene.frame_current != self._before:
            self._scene.frame_set(self._before)

    def _look(
        self,
        source: NCA_PG_wound_source,
        number: int,
        material: bpy.types.Material,
        cells: Cells,
        context: bpy.types.Context,
    ) -> np.ndarray | None:
        if source.kind == "IMAGE":
            return self._films[number].cells(self._scene.frame_current, cells.height, cells.width)
        owners = owners_of(material, context)
        if source.kind == "ATTRIBUTE":
            return above(cells, source.attribute, {owner.session_uid: owner for owner in owners})
        bodies = list(bodies_of(objects_of(source), context.evaluated_depsgraph_get(), owners))
        touched = []
        for part in cells.parts:
            places, found = part.places(), np.zeros(len(part.points), bool)
            for body in bodies:
                rest = np.flatnonzero(~found)
                found[rest] = body.touches(places[rest], source.distance)
            touched.append(found)
        return cells.mask(touched)


def state_of(source: NCA_PG_wound_source, material: bpy.types.Material, context: bpy.types.Context) -> str:
    """What an artist has to know of a source: that it is gone, was never recorded, or has changed since; else empty."""
    if not name_of(source):
        return _lack(source)
    if not source.record:
        return f"{name_of(source)} is not recorded yet: press Record."
    key = material.session_uid, source.path_from_id()
    if key not in _states:
        _states[key] = digest_of(source, material, context)
    if _states[key] != source.record_of:
        return f"{name_of(source)}, the mesh or the frames were changed since: press Record."
    return ""


def look_again() -> None:
    """What sources are may be another."""
    _states.clear()


def _lack(source: NCA_PG_wound_source) -> str:
    kind = {"OBJECT": "object", "COLLECTION": "collection", "IMAGE": "image", "ATTRIBUTE": "attribute"}[
        source.kind
    ]
    if source.known_as:
        stays = " What was recorded of it stays." if source.record else ""
        return f"The {kind} “{source.known_as}” is gone: choose another one.{stays}"
    return f"No {kind} is chosen that wounds: choose one."
