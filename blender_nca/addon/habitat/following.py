# SPDX-License-Identifier: GPL-3.0-or-later
"""Following: what is painted is recorded as a stroke ends, and all is recorded anew for another grid."""

from __future__ import annotations

from collections.abc import Callable

import bpy

from ..host.rendering import is_rendering
from ..host.window import is_main_thread
from ..material import events
from ..material.status import is_open, live_materials
from . import recording
from .painting import MODES
from .properties import NCA_PG_condition, all_conditions

PAUSE = 0.15
"""Seconds after a change in which another one may come: strokes and dragged sliders change often."""
PAINTED = {mode: kind for kind, mode in MODES.items()}

_images: set[int] = set()
"""Session uids of images that were seen changing."""
_wanted: list[Callable[[NCA_PG_condition], bool]] = []
"""Which conditions are to be recorded soon."""


def follow_image(uid: int) -> None:
    """An image, by its session uid, is another one."""
    if any(_is_of(one, {uid}) for material in live_materials() for one in all_conditions(material)):
        _images.add(uid)
        _soon(lambda condition: _is_of(condition, {uid}))


def follow_mesh(owner: bpy.types.Object) -> None:
    """The mesh of an object is another one; that it is painted is followed, all else is told as out of date."""
    kind = PAINTED.get(owner.mode)
    if kind in {"ATTRIBUTE", "GROUP"}:
        _soon(lambda condition: condition.kind == kind)


def follow_undo() -> None:
    """What was painted may be as it was before, or as it was after."""
    if _images:
        _soon(lambda condition: _is_of(condition, _images))


def follow_shape(material: bpy.types.Material) -> None:
    """A growth has another grid, UV map, or grows over something else. Until it is recorded it meets what it met."""
    if all_conditions(material):
        _soon(recording.is_reshaped)


def record_wanted() -> float | None:
    """For Blender's timer: record what is wanted; seconds until it is to look again, while somebody still paints."""
    if not is_main_thread() or is_rendering() or _is_stroke():
        return PAUSE
    wanted, _wanted[:] = tuple(_wanted), []
    for material in live_materials():
        if not is_open(material):
            continue
        conditions = [
            one for one in all_conditions(material) if one.on and any(is_wanted(one) for is_wanted in wanted)
        ]
        before = [one.kept_digest for one in conditions]
        for condition in conditions:
            recording.record(condition, bpy.context)
        if [one.kept_digest for one in conditions] != before:
            events.changed(material)
    return None


def forget() -> None:
    """Another file is open."""
    _images.clear()
    _wanted.clear()


def _soon(is_wanted: Callable[[NCA_PG_condition], bool]) -> None:
    _wanted.append(is_wanted)
    if bpy.app.background:  # no timer runs
        record_wanted()
    elif not bpy.app.timers.is_registered(record_wanted):
        bpy.app.timers.register(record_wanted, first_interval=PAUSE)


def _is_of(condition: NCA_PG_condition, uids: set[int]) -> bool:
    """Whether it is about one of some images that may be painted: what moves is another one with each frame seen."""
    image = condition.image if condition.kind == "IMAGE" else None
    return image is not None and not recording.moves(condition) and image.session_uid in uids


def _is_stroke() -> bool:
    """Whether somebody holds a brush down."""
    return any(
        "PAINT_OT" in operator.bl_idname
        for window in bpy.context.window_manager.windows
        for operator in window.modal_operators
    )
