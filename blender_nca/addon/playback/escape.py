# SPDX-License-Identifier: GPL-3.0-or-later
"""Escape: a render that waits for a growth says so in the status bar, and ESC ends it.

Blender calls a render's handlers on a thread of its own, and looks whether ESC was pressed when they are through; it
tells no handler. But the windows go on meanwhile, and an operator in each of them is told. While the interface is
locked it tells no operator of an add-on either: there the render ends when its growing frame has come.
"""

from __future__ import annotations

import bpy

from ..host.rendering import is_rendering
from ..host.stubs import Result
from ..host.text import fill
from ..host.window import is_main_thread
from ..material.status import live_materials
from . import stopped

PAUSE = 0.25
"""Seconds between two looks whether a render waits. What comes sooner is not worth a word."""

_was_waiting = False
_said: set[str] = set()
"""Names of the workspaces whose status bar says something of ours."""


class NCA_OT_watch_escape(bpy.types.Operator):
    """End a render that waits for a growth when ESC is pressed"""

    bl_idname = "nca.watch_escape"
    bl_label = "Watch for ESC"
    bl_options = {"INTERNAL"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        manager = context.window_manager
        self._timer = manager.event_timer_add(PAUSE, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        if is_ending(event):
            stop()
        if is_render_waiting():
            return {"PASS_THROUGH"}
        self.cancel(context)
        return {"FINISHED", "PASS_THROUGH"}

    def cancel(self, context: bpy.types.Context) -> None:
        context.window_manager.event_timer_remove(self._timer)


def is_ending(event: bpy.types.Event) -> bool:
    """Whether it is what Blender takes for the end of a render."""
    return (
        event.type == "ESC"
        and event.value == "PRESS"
        and not (event.shift or event.ctrl or event.alt or event.oskey)
    )


def stop() -> None:
    """The artist ends the render: nothing is awaited any more until it is over."""
    from .picture import forget, lock
    from .refreshing import show_soon

    with lock:  # no picture is asked for in between
        stopped.stop()
        forget()
    show_soon()  # when it is over


def is_render_waiting() -> bool:
    """Whether a render waits for a picture."""
    from .picture import is_waiting

    return is_rendering() and is_waiting()


def look_out(*_: object) -> None:
    """Look for renders that wait, as long as anything grows. On their own thread they cannot begin anything here."""
    if not bpy.app.background and is_main_thread() and not bpy.app.timers.is_registered(watch):
        bpy.app.timers.register(watch, first_interval=PAUSE, persistent=True)


def watch() -> float | None:
    """Say what a render waits for, and listen for ESC; seconds until the next look, where anything grows."""
    global _was_waiting
    waits = is_render_waiting()
    if waits and _was_waiting:
        _say()
        _listen()
    elif not waits:
        fall_silent()
    _was_waiting = waits
    return PAUSE if live_materials() else None


def fall_silent() -> None:
    """Give the status bar back."""
    for name in _said:
        workspace = bpy.data.workspaces.get(name)
        if workspace is not None:
            workspace.status_text_set(None)
    _said.clear()


def _say() -> None:
    from .picture import pictures

    names = {material.session_uid: material.name for material in bpy.data.materials}
    awaited = [
        f"{names[uid]}, {100 * job.progress:.0f} %"
        for uid, picture in pictures().items()
        if (job := picture.job) is not None and uid in names
    ]
    text = "The render waits for a growth ({growths}). ESC ends it"
    if bpy.context.window_manager.is_interface_locked:
        text = "The render waits for a growth ({growths}). ESC ends it when that is grown"
    text = fill(text, growths="; ".join(awaited))
    for window in bpy.context.window_manager.windows:
        window.workspace.status_text_set(text)
        _said.add(window.workspace.name)


def _listen() -> None:
    if bpy.context.window_manager.is_interface_locked:
        return  # no key would be told
    for window in bpy.context.window_manager.windows:
        if all(one.bl_idname != NCA_OT_watch_escape.__name__ for one in window.modal_operators):
            with bpy.context.temp_override(window=window):
                bpy.ops.nca.watch_escape("INVOKE_DEFAULT")  # type: ignore[attr-defined]  # ours


classes = (NCA_OT_watch_escape,)
