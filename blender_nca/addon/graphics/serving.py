# SPDX-License-Identifier: GPL-3.0-or-later
"""Serving: what is to be seen in the window grows on the card, in pieces by a timer, where it is right and faster."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import bpy

from ...automaton.growth import Growth
from ..host.rendering import is_rendering
from ..host.window import is_main_thread
from ..settings import preferences
from . import measured, opened

if TYPE_CHECKING:
    from ...engine.client import Job
    from ...engine.frames_here import FramesHere
    from ...maps.order import Order

_log = logging.getLogger(__name__)

PAUSE = 0.1
"""Seconds between two looks whether a render is over: until then the card is its."""

_frames: FramesHere | None = None
_failed = ""
_line = ""


def serve(growth: Growth, frame: int, order: Order | None, slot: str) -> Job | None:
    """The job of a frame that grows on the card; None where it does not."""
    global _line
    _line = ""
    if not is_main_thread() or bpy.app.background or is_rendering() or _failed:
        return None
    if order is not None or why_not(growth) or not is_chosen(growth.height * growth.width):
        return None
    job = _open().request(growth, frame, slot)
    if not bpy.app.timers.is_registered(work):
        bpy.app.timers.register(work, first_interval=0.0, persistent=True)
    _line = f"Blender's card: {opened.name()}"
    return job


def line() -> str:
    """What computed the last picture in the window, where it was the card."""
    return _line


def why_not(growth: Growth) -> str:
    """What the card does not do of a growth; empty where it does all of it."""
    environment = growth.environment
    if growth.loop is not None:
        return "a loop"
    if growth.has_descent:
        return "fronts that meet"
    if growth.quality == "draft":
        return "draft quality"
    if environment is not None and (environment.wounds is not None or environment.plantings):
        return "wounds and seeds that begin later"
    return ""


def is_chosen(cells: int) -> bool:
    """Whether the card is to grow so many cells: where the artist chose it, or where it was found right and faster."""
    chosen = preferences.chosen_device()
    if chosen not in ("auto", "graphics"):
        return False
    found = measured.recall()
    return found is not None and found.right and (chosen == "graphics" or found.is_faster(cells))


def problem() -> str:
    """Why the card is not used any more; empty while it is."""
    return _failed


def try_again() -> None:
    """Use a card again that failed before, as it was tried anew."""
    global _failed
    _failed = ""


def work() -> float | None:
    """Do a piece of what waits: Blender's timer calls it. Seconds until it is to go on; None when all is done."""
    global _failed
    if _frames is None:
        return None
    if is_rendering():
        return PAUSE
    going_on = _frames.work()
    if _frames.problem:
        _failed = _frames.problem
        _log.warning("The card failed, and the processor goes on: %s", _failed)
        stop()
        return None
    return 0.0 if going_on else None


def stop(*_: Any) -> None:
    """End what grows on the card, and let go of its memory."""
    global _frames, _failed, _line
    frames, _frames, _line = _frames, None, ""
    if frames is not None:
        failed = frames.problem
        frames.stop()
        opened.close()
        _failed = failed
    else:
        _failed = ""


def _open() -> FramesHere:
    global _frames
    if _frames is None:
        from ...engine.frames_here import FramesHere

        def otherwise(growth: Growth, frame: int, slot: str) -> Job:
            return preferences.chosen_engine().request(growth, frame, slot=slot)

        card = opened.card()
        _frames = FramesHere(opened.cells_on(card), card, otherwise)
    return _frames
