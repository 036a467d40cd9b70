# SPDX-License-Identifier: GPL-3.0-or-later
"""Brush: wounds growths where it is dragged, in the frame that is shown, also while they play."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import bpy

from ...automaton.growth_error import GrowthError
from ..host.stubs import Result
from ..material import events
from ..material.clock import frame_of
from ..material.status import why_not_open
from .properties import brush_of

if TYPE_CHECKING:
    from .stroke import Touching


PAUSE = 1 / 60
"""Seconds between two looks whether the scene shows another frame."""
SHOWN = 0.03
"""Seconds between two changes of what is shown."""


class NCA_OT_wound(bpy.types.Operator):
    """Let cells die under the mouse, in the frame that is shown. While the scene plays each frame gets its own wound.
    ESC, before you let go, leaves all as it was"""

    bl_idname = "nca.wound"
    bl_label = "Wound Growth"
    bl_options = {"UNDO", "BLOCKING"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        from .stroke import is_view

        return is_view(context)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        from .stroke import Stroke, touching_under

        self._at = (float(event.mouse_region_x), float(event.mouse_region_y))
        try:
            touching = touching_under(context, *self._at)
            problem = touching if isinstance(touching, str) else ""
            if isinstance(touching, str):
                self.report({"INFO"}, problem)
                return {"CANCELLED"}
            problem = why_not_open(touching.material, "to change its wounds")
            if problem:
                raise GrowthError(problem)
            self._frame = frame_of(touching.material, context.scene.frame_current)
        except GrowthError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self._touching: Touching = touching
        self._name = touching.material.name
        self._stroke = Stroke(touching.material)
        self._scene_frame, self._shown = context.scene.frame_current, 0.0
        self._touch(context)
        self._show()
        manager = context.window_manager
        self._timer = manager.event_timer_add(PAUSE, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        if bpy.data.materials.get(self._name) is None or context.region is None:
            self.cancel(context)
            return {"CANCELLED"}
        try:
            if context.scene.frame_current != self._scene_frame:
                # the mouse is still there, also where it does not move
                self._scene_frame = context.scene.frame_current
                self._frame = frame_of(self._touching.material, self._scene_frame)
                self._touching.look(context)
                self._touch(context)
            if event.type in {"MOUSEMOVE", "INBETWEEN_MOUSEMOVE"}:
                self._move(context, event.mouse_region_x, event.mouse_region_y)
        except GrowthError as error:
            self.report({"ERROR"}, str(error))
            return self._take_back(context)
        if self._stroke.is_changed and time.monotonic() - self._shown > SHOWN:
            self._show()
        if event.type == "LEFTMOUSE" and event.value == "RELEASE":
            self._show()
            self.cancel(context)
            return {"FINISHED"}
        if event.type in {"ESC", "RIGHTMOUSE"} and event.value == "PRESS":
            return self._take_back(context)
        # playback goes by timers, which are everybody's
        return {"PASS_THROUGH"} if event.type.startswith("TIMER") else {"RUNNING_MODAL"}

    def cancel(self, context: bpy.types.Context) -> None:
        """The stroke is over, in whichever way."""
        if self._timer is not None:
            context.window_manager.event_timer_remove(self._timer)
            self._timer = None

    def _take_back(self, context: bpy.types.Context) -> Result:
        self.cancel(context)
        self._stroke.take_back(self._touching.material)
        events.changed(self._touching.material)
        return {"CANCELLED"}

    def _move(self, context: bpy.types.Context, x: float, y: float) -> None:
        """Touch all along the way of the mouse: a fast one leaves no gaps."""
        from .stroke import SPACING

        (from_x, from_y), step = self._at, max(1.0, SPACING * brush_of(context).radius)
        count = int(max(abs(x - from_x), abs(y - from_y)) / step) + 1
        for number in range(1, count + 1):
            share = number / count
            self._at = from_x + share * (x - from_x), from_y + share * (y - from_y)
            self._touch(context)

    def _touch(self, context: bpy.types.Context) -> None:
        cells = self._touching.touch(context, *self._at, float(brush_of(context).radius))
        if cells is not None:
            self._stroke.wound(self._frame, cells)

    def _show(self) -> None:
        if self._stroke.is_changed:
            self._shown = time.monotonic()
            self._stroke.keep(self._touching.material)
            events.changed(self._touching.material)


classes = (NCA_OT_wound,)
