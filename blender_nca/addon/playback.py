# SPDX-License-Identifier: GPL-3.0-or-later
"""Playback: live growths follow the scene's frame, the artist's changes, undo, and opened files.

In the window nothing waits for long: a frame that is not grown in time is copied by a timer when it has come. In the
background and while rendering, every frame is waited for; there a change of the properties shows with the next frame or
render.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

import bpy
from bpy.app.handlers import persistent

from ..automaton.growth import Growth, GrowthError
from . import compat, copies, engine, growths, images, versions

PATIENCE = 0.06
"""Seconds that a frame of playback waits for the engine before it goes on with the picture of before."""
POLL = 0.02
"""Seconds between two looks at the engine while something is awaited."""
RENDER_PAUSE = 0.5
"""Seconds between two looks whether a render is over."""


@dataclass
class Picture:
    """What one material shows, and what it waits for.

    `next` is what playback will ask for next, and the job that has been sent for it: by then it only has to be copied.
    `frame` is the growth's, `steps` and `living` belong to the picture that is shown. `dropped` counts the frames of
    playback that were not grown in time.
    """

    asked: tuple[Growth, int] | None = None
    job: object = None
    later: tuple[Growth, int] | None = None
    next: tuple[tuple[Growth, int], object] | None = None
    shown: tuple[Growth, int] | None = None
    steps: int = 0
    living: float = 0.0
    dropped: int = 0
    problem: str = ""

    @property
    def frame(self) -> int | None:
        return self.shown[1] if self.shown else None


_pictures: dict[int, Picture] = {}
"""By the material's session uid, which outlives undo and renaming."""
_rendering = False
_materials_seen = -1
_lock = threading.RLock()
"""Frames come on the render's thread, changes on the main one. Never held while waiting."""


def picture_of(material: bpy.types.Material) -> Picture:
    return _pictures.setdefault(material.session_uid, Picture())


def is_live(material: bpy.types.Material) -> bool:
    """Whether the material's pictures follow the engine: it grows, is not baked, and may be changed."""
    nca = material.nca
    return nca.growing and not nca.baked and material.library is None and material.is_editable


def live_materials() -> list[bpy.types.Material]:
    return [material for material in bpy.data.materials if is_live(material)]


def show(shown: Iterable[bpy.types.Material], scene_frame: int, patience: float | None) -> None:
    """Let materials show a frame of the scene.

    Parameters
    ----------
    shown : iterable of Material
        Those that are not live are left out.
    scene_frame : int
    patience : float or None
        Seconds to wait for the engine; what is not there by then is shown by the timer. None waits as long as it takes.
    """
    waiting = [one for one in shown if is_live(one) and _ask(one, scene_frame, exact=patience is None)]
    if patience and engine.state() != "ready":
        patience = 0.0  # the worker takes seconds to start: nobody waits for that
    deadline = None if patience is None else time.monotonic() + patience
    unfinished = [material for material in waiting if not _receive(material, deadline)]
    if patience and is_playing():
        for material in unfinished:
            picture_of(material).dropped += 1
    if unfinished and _is_main_thread():
        _start_timer()


def is_playing() -> bool:
    """Whether the scene plays in a window."""
    return any(window.screen.is_animation_playing for window in bpy.context.window_manager.windows)


def refresh(material: bpy.types.Material) -> None:
    """Show a material again after a change of its growth."""
    if _rendering and _is_main_thread():
        _show_soon()
    elif not bpy.app.background and not _rendering and is_live(material):
        # A duplicate just made would still paint its original's images.
        copies.split()
        show([material], bpy.context.scene.frame_current, 0.0)


def refresh_all() -> float | None:
    """Show everything again: after undo, an opened file, another engine.

    Returns
    -------
    float or None
        For Blender's timer: seconds until it is to try again, where a render is using the images.
    """
    if not _is_main_thread():
        return None
    if _rendering:
        return RENDER_PAUSE
    copies.split()
    if not bpy.app.background:
        show(live_materials(), bpy.context.scene.frame_current, 0.0)
    return None


def forget(material: bpy.types.Material | None = None) -> None:
    """Forget what a material shows, or all do, so that it is asked for again."""
    with _lock:
        for uid in list(_pictures) if material is None else [material.session_uid]:
            picture = _pictures.pop(uid, None)
            if picture is not None:
                _cancel(picture)


def _cancel(picture: Picture) -> None:
    jobs = [picture.job, picture.next and picture.next[1]]
    picture.job = picture.next = None
    for job in jobs:
        if job is not None:
            job.cancel()


def is_waiting() -> bool:
    """Whether any picture is still awaited."""
    return any(picture.job is not None for picture in _pictures.values())


def _ask(material: bpy.types.Material, scene_frame: int, exact: bool) -> bool:
    """Ask the engine for a frame where it is not shown already; whether there is something to wait for."""
    picture = picture_of(material)
    frame = growths.frame_of(material, scene_frame)
    try:
        wanted = (growths.growth_of(material, frame), frame)
    except GrowthError as error:
        with _lock:
            _cancel(picture)
            _fail(material, picture, str(error))
        return False
    with _lock:
        awaited = picture.job is not None
        if not awaited and picture.shown == wanted and images.have_pixels(material.nca):
            picture.problem = ""
            return False
        if awaited and picture.asked == wanted:
            picture.later = None
            return True
        if awaited and not exact and _lies_on_the_way(picture.asked, wanted):
            # Playing faster than it grows: what is growing lies on the way there, so it is not thrown away.
            picture.later = wanted
            return True
        _request(material, picture, wanted)
    return True


def _lies_on_the_way(asked: tuple[Growth, int], wanted: tuple[Growth, int]) -> bool:
    """Whether one frame is reached before another one is."""
    (growth, frame), (further, last) = asked, wanted
    if frame >= last or growth == further:
        return frame < last
    # curves that go on without end are described as far as each frame: compare what they say until the first
    return growth.pixels_per_cell == further.pixels_per_cell and growth.plan(frame) == further.plan(frame)


def _request(material: bpy.types.Material, picture: Picture, wanted: tuple[Growth, int]) -> None:
    from ..engine.client import EngineError

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
        picture.job = engine.current().request(*wanted, slot=str(material.session_uid))
    except EngineError as error:
        picture.job = None
        _fail(material, picture, str(error))


def _foresee(material: bpy.types.Material, picture: Picture) -> None:
    """Send for the frame after the one that is shown."""
    from ..engine.client import EngineError

    frame = picture.frame + 1
    with contextlib.suppress(EngineError, GrowthError):  # whoever needs that frame is told
        wanted = (growths.growth_of(material, frame), frame)
        picture.next = wanted, engine.current().request(*wanted, slot=f"{material.session_uid} next")


def _receive(material: bpy.types.Material, deadline: float | None) -> bool:
    """Copy what has come until the deadline (None: wait); whether nothing is awaited any more."""
    from ..engine.client import EngineError

    picture = picture_of(material)
    while (job := picture.job) is not None:
        try:
            frame = job.result(None if deadline is None else max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            return False
        except EngineError as error:
            with _lock:
                if picture.job is job:
                    picture.job = None
                    if not job.cancelled:
                        _fail(material, picture, str(error))
            continue
        with _lock:
            if picture.job is not job:
                continue
            picture.job = None
            images.paint(material.nca, frame.pixels)
            in_turn = picture.frame is not None and picture.asked[1] == picture.frame + 1
            picture.shown, picture.steps, picture.living = picture.asked, frame.steps, frame.living
            picture.problem = ""
            if picture.later is not None:
                _request(material, picture, picture.later)
            elif in_turn:
                _foresee(material, picture)
    return True


def _fail(material: bpy.types.Material, picture: Picture, problem: str) -> None:
    if problem != picture.problem and (bpy.app.background or _rendering):
        print(f"Neural Growth: {material.name}: {problem}", file=sys.stderr)
    picture.problem, picture.shown, picture.later = problem, None, None


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _start_timer() -> None:
    if not bpy.app.background and not bpy.app.timers.is_registered(_poll):
        bpy.app.timers.register(_poll, first_interval=POLL, persistent=True)


def _poll() -> float | None:
    """Copy the pictures that have come."""
    if not _rendering:
        awaited = {uid: picture for uid, picture in _pictures.items() if picture.job is not None}
        found = {one.session_uid: one for one in live_materials()} if awaited else {}
        for uid, picture in awaited.items():
            if uid not in found:  # deleted, baked, or from the file before
                _cancel(picture)
                _pictures.pop(uid, None)
            elif picture.job.done():
                _receive(found[uid], time.monotonic())
                redraw()
    return POLL if is_waiting() else None


def redraw() -> None:
    """Draw the 3D views and the panels again."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type in {"VIEW_3D", "PROPERTIES", "PREFERENCES", "IMAGE_EDITOR", "NODE_EDITOR"}:
                area.tag_redraw()


def _show_soon() -> None:
    """Show everything from a timer: for moments in which data-blocks must not be made."""
    if bpy.app.background:
        refresh_all()
    elif not bpy.app.timers.is_registered(refresh_all):
        bpy.app.timers.register(refresh_all, first_interval=0.0)


@persistent
def on_frame(scene, depsgraph=None):
    waits = bpy.app.background or _rendering or not _is_main_thread() or compat.playblasts()
    if _is_main_thread() and not _rendering:
        copies.split()
    show(live_materials(), scene.frame_current, None if waits else PATIENCE)


@persistent
def on_play(*_):
    """Playback begins: no frame was dropped yet."""
    for picture in _pictures.values():
        picture.dropped = 0


@persistent
def on_change(scene, depsgraph):
    """See materials come and go, and mask images being painted."""
    global _materials_seen
    if _rendering or not _is_main_thread():
        return
    if len(bpy.data.materials) != _materials_seen:
        _materials_seen = len(bpy.data.materials)
        if any(material.nca.growing for material in bpy.data.materials):
            _show_soon()
    masks = growths.masks_in_use()
    if masks and depsgraph.id_type_updated("IMAGE"):
        for update in depsgraph.updates:
            if isinstance(update.id, bpy.types.Image) and update.id.original.session_uid in masks:
                growths.forget_masks(update.id.original.session_uid)
                _show_soon()


@persistent
def on_undo(scene, depsgraph=None):
    forget()
    growths.forget_masks()
    refresh_all()


@persistent
def on_load(*_):
    forget()
    growths.forget_masks()
    versions.migrate()
    refresh_all()


@persistent
def on_render_init(*_):
    global _rendering
    _rendering = True


@persistent
def on_render_pre(scene, *_):
    if _is_main_thread():
        copies.split()
    show(live_materials(), scene.frame_current, None)


@persistent
def on_render_end(*_):
    global _rendering
    _rendering = False
    if not bpy.app.background and _is_main_thread():
        _show_soon()


HANDLERS = {
    "frame_change_post": on_frame,
    "animation_playback_pre": on_play,
    "depsgraph_update_post": on_change,
    "undo_post": on_undo,
    "redo_post": on_undo,
    "load_post": on_load,
    "render_init": on_render_init,
    "render_pre": on_render_pre,
    "render_complete": on_render_end,
    "render_cancel": on_render_end,
}


def register() -> None:
    global _rendering
    _rendering = False  # its end may have been missed while the add-on was off
    for name, handler in HANDLERS.items():
        getattr(bpy.app.handlers, name).append(handler)
    # The open file may hold growths; it may not be read while add-ons are being enabled.
    bpy.app.timers.register(on_enabled, first_interval=0.0)


def on_enabled() -> None:
    versions.migrate()
    refresh_all()


def unregister() -> None:
    for name, handler in HANDLERS.items():
        with contextlib.suppress(ValueError):
            getattr(bpy.app.handlers, name).remove(handler)
    for timer in (_poll, refresh_all, on_enabled):
        if bpy.app.timers.is_registered(timer):
            bpy.app.timers.unregister(timer)
    forget()
