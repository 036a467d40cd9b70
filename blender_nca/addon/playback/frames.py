# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames: asked of the engine, and copied into the live images when they have come.

In the window nothing waits for long: a frame that is not grown in time is copied by a timer when it has come. In the
background and while rendering, every frame is waited for; there a change of the properties shows with the next frame or
render, and a growth that fails is absent: its picture of before would be taken for the frame's.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterable

import bpy

from ...automaton.growth_error import GrowthError
from .. import engine
from ..host.rendering import is_rendering
from ..host.window import is_main_thread, is_playing, redraw
from ..material import live_images
from ..material.clock import frame_of
from ..material.order import describe
from ..material.properties import nca_of
from ..material.status import is_live, live_materials
from ..settings.preferences import ask_for_picture, chosen_engine
from .picture import Frame, Picture, forget_all, is_waiting, lock, picture_of, pictures
from .settling import settle_soon
from .stopped import is_stopped

_log = logging.getLogger(__name__)

PATIENCE = 0.06
"""Seconds that a frame of playback waits for the engine before it goes on with the picture of before."""
POLL = 0.02
"""Seconds between two looks at the engine while something is awaited."""


def show(shown: Iterable[bpy.types.Material], scene_frame: int, patience: float | None) -> None:
    """Let materials show a frame of the scene.

    Parameters
    ----------
    shown : iterable of Material
        Those that are not live are left out.
    scene_frame : int
    patience : float or None
        Seconds to wait for the engine; what is not there by then is shown by the timer. None waits as long as it takes,
        and where a growth fails shows nothing of it, rather than the frame of before.
    """
    waiting = [one for one in shown if is_live(one) and _ask(one, scene_frame, exact=patience is None)]
    if patience and engine.state() != "ready":
        patience = 0.0  # the worker takes seconds to start: nobody waits for that
    deadline = None if patience is None else time.monotonic() + patience
    unfinished = [material for material in waiting if not _receive(material, deadline)]
    if patience and is_playing():
        for material in unfinished:
            picture_of(material).dropped += 1
    if unfinished and is_main_thread():
        _start_timer()


def _ask(material: bpy.types.Material, scene_frame: int, exact: bool) -> bool:
    """Ask the engine for a frame where it is not shown already; whether there is something to wait for."""
    picture = picture_of(material)
    try:
        frame = frame_of(material, scene_frame)
        growth, order = describe(material, frame)
        wanted = (growth, frame, order)
    except GrowthError as error:
        with lock:
            picture.cancel()
            _fail(material, picture, str(error), exact)
        return False
    with lock:
        if is_stopped():
            return False
        asked = None if picture.job is None else picture.asked
        if asked is None and picture.shown == wanted and live_images.are_as_painted(nca_of(material)):
            picture.problem = picture.told = ""
            return False
        if asked == wanted:
            picture.later = None
            return True
        if asked is not None and not exact and _lies_on_the_way(asked, wanted):
            # Playing faster than it grows: what is growing lies on the way there, so it is not thrown away.
            picture.later = wanted
            return True
        _request(material, picture, wanted, exact)
    return True


def _lies_on_the_way(asked: Frame, wanted: Frame) -> bool:
    """Whether one frame is reached before another one is."""
    (growth, frame, order), (further, last, other) = asked, wanted
    if order != other:
        return False
    if frame >= last or growth == further:
        return frame < last
    # curves that go on without end are described as far as each frame: compare what they say until the first
    return (growth.pixels_per_cell, growth.fine, growth.manifold_version, growth.moment(frame)) == (
        further.pixels_per_cell,
        further.fine,
        further.manifold_version,
        further.moment(frame),
    )


def _request(material: bpy.types.Material, picture: Picture, wanted: Frame, exact: bool) -> None:
    from ...engine.client import EngineError

    picture.asked, picture.later = wanted, None
    foreseen, picture.next = picture.next, None
    if foreseen is not None and foreseen[0] == wanted:
        if picture.job is not None:
            picture.job.cancel()
        picture.job = foreseen[1]
        return
    if foreseen is not None:
        foreseen[1].cancel()
    try:
        # what is awaited to the end is for a render, which the worker serves while Blender draws
        ask = chosen_engine().request if exact else ask_for_picture
        picture.job = ask(*wanted, str(material.session_uid))
        picture.problem = ""  # of what was asked before
    except EngineError as error:
        picture.job = None
        _fail(material, picture, str(error), exact)


def _foresee(material: bpy.types.Material, picture: Picture) -> None:
    """Send for the frame after the one that is shown."""
    from ...engine.client import EngineError

    if picture.shown is None:
        return
    shown, frame, _ = picture.shown
    frame = frame + 1 if shown.loop is None else shown.loop.fold(frame + 1)
    with contextlib.suppress(EngineError, GrowthError):  # whoever needs that frame is told
        growth, order = describe(material, frame)
        wanted = (growth, frame, order)
        picture.next = wanted, ask_for_picture(*wanted, f"{material.session_uid} next")


def _receive(material: bpy.types.Material, deadline: float | None) -> bool:
    """Copy what has come until the deadline (None: wait); whether nothing is awaited any more."""
    from ...engine.client import EngineError

    picture = picture_of(material)
    while (job := picture.job) is not None:
        try:
            frame = job.result(None if deadline is None else max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            return False
        except EngineError as error:
            with lock:
                if picture.job is job:
                    picture.job = None
                    if not job.cancelled:
                        _fail(material, picture, str(error), exact=deadline is None)
            continue
        with lock:
            if picture.job is not job:
                continue
            picture.job = None
            live_images.paint(nca_of(material), frame.pixels)
            settle_soon()
            before, asked = picture.frame, picture.asked
            in_turn = before is not None and asked is not None and asked[1] == before + 1
            picture.shown, picture.steps, picture.living = asked, frame.steps, frame.living
            picture.problem = picture.told = ""
            if picture.later is not None:
                _request(material, picture, picture.later, exact=deadline is None)
            elif in_turn:
                _foresee(material, picture)
    return True


def _fail(material: bpy.types.Material, picture: Picture, problem: str, exact: bool) -> None:
    """Note why there is no picture. Where somebody takes what is there, nothing is, and the log says why."""
    picture.problem, picture.shown, picture.later = problem, None, None
    if exact:
        live_images.clear(nca_of(material))
        if problem != picture.told:
            _log.warning("%s is left out: %s", material.name, problem)
            picture.told = problem


def _start_timer() -> None:
    if not bpy.app.background and not bpy.app.timers.is_registered(poll):
        bpy.app.timers.register(poll, first_interval=POLL, persistent=True)


def poll() -> float | None:
    """Copy the pictures that have come."""
    if not is_rendering():
        awaited = {uid: picture for uid, picture in pictures().items() if picture.job is not None}
        found = {one.session_uid: one for one in live_materials()} if awaited else {}
        for uid, picture in awaited.items():
            if uid not in found:  # deleted, baked, or from the file before
                forget_all([uid])
            elif (job := picture.job) is not None and job.done():
                _receive(found[uid], time.monotonic())
                redraw()
    return POLL if is_waiting() else None
