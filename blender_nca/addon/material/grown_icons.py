# SPDX-License-Identifier: GPL-3.0-or-later
"""Grown icons: small pictures of growths as icons, which the engine draws when nothing more urgent is asked of it.

A picture is grown when it is first drawn: one after another, each when no live picture is awaited. What is drawn no
longer is not grown. Nothing here waits.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING

import bpy
import bpy.utils.previews
import numpy as np

from ...automaton.growth import Growth
from ...automaton.growth_error import GrowthError
from ...maps.colour import linear_to_srgb
from .. import engine
from ..host.window import redraw_panels
from ..settings.preferences import chosen_engine

if TYPE_CHECKING:
    from ...engine.client import Job

SIDE = 128
"""Pixels of a picture's longer side, at most."""
POLL, WHILE_LIVE = 0.02, 0.1
"""Seconds between two looks at the engine, and while a live picture is awaited."""
MOST = 512
"""Pictures that are kept."""


class GrownIcons:
    """The small pictures of one part of the panels.

    Parameters
    ----------
    slot : str
        Of the engine. Its requests give way to all others.
    """

    def __init__(self, slot: str) -> None:
        self._slot = f"later {slot}"
        self._previews: bpy.utils.previews.ImagePreviewCollection | None = None
        self._wanted: dict[Hashable, tuple[Growth, int]] = {}
        self._places: dict[Hashable, str] = {}
        self._job: tuple[Hashable, Job] | None = None
        self._asked: Growth | None = None
        self._problem = ""
        self.timer = self._attend
        """What may be running when the add-on is switched off."""

    def icon_of(self, growth: Growth, frame: int, place: Hashable) -> int:
        """The icon with the picture of a frame of a growth.

        Until it has grown, which this asks for, it is the one that was in the place before; 0 where there is none.
        """
        key = growth.manifold_version, growth.picture_key(frame)
        if self._previews is not None and str(key) in self._previews:
            self._places[place] = str(key)
            return self._previews[str(key)].icon_id
        if not bpy.app.background and not self.problem_of(growth):
            self._wanted[key] = growth, frame
            if not bpy.app.timers.is_registered(self.timer):
                bpy.app.timers.register(self.timer, first_interval=0.0)
        before = self._places.get(place, "")
        return (
            self._previews[before].icon_id if self._previews is not None and before in self._previews else 0
        )

    def problem_of(self, growth: Growth) -> str:
        """Why no pictures of a growth come; empty while they do, and of any other one."""
        return self._problem if self._asked is growth else ""

    def leave(self) -> None:
        """Ask for nothing any more, and forget why nothing came: the next who draws asks anew."""
        self._wanted.clear()
        self._problem = ""
        if self._job is not None:
            job, self._job = self._job[1], None
            job.cancel()

    def forget_places(self) -> None:
        """What was in a place is of another file."""
        self._places.clear()

    def forget(self) -> None:
        """Grow every picture again when it is next drawn."""
        self.leave()
        if self._previews is not None:
            self._previews.clear()

    def release(self) -> None:
        """Give the pictures back, as the add-on is switched off."""
        self.forget()
        if self._previews is not None:
            bpy.utils.previews.remove(self._previews)
            self._previews = None

    def keep(self, key: Hashable, pixels: np.ndarray) -> None:
        """Keep a picture that has come: linear colours with alpha, float32 (height, width, 4), row 0 at the bottom."""
        if self._previews is None:
            self._previews = bpy.utils.previews.new()
        if len(self._previews) >= MOST:
            self._previews.clear()
        picture = squared(reduced(pixels))
        # panels lay icons over what is behind them with the alpha in the colours
        picture[..., :3] = linear_to_srgb(picture[..., :3]) * picture[..., 3:]
        preview = self._previews.new(str(key))
        preview.image_size = preview.icon_size = picture.shape[1::-1]
        for each in (preview.image_pixels_float, preview.icon_pixels_float):
            each.foreach_set(picture.ravel())  # type: ignore[attr-defined]  # an array, whatever stubs say

    def _attend(self) -> float | None:
        """The timer: keep the picture that has come, and ask for the next one."""
        from ...engine.client import EngineError

        if self._job is None and self._wanted and any(engine.awaited()):
            return WHILE_LIVE
        try:
            if self._job is not None and self._job[1].done():
                key, job = self._job
                self._job = None
                if not job.cancelled:
                    self.keep(key, job.result().pixels[0])
                self._request_next()
                self._wanted.clear()  # what is still seen is asked for again as it is drawn
                redraw_panels()
            elif self._job is None:
                self._request_next()
        except (EngineError, GrowthError) as error:
            self.leave()
            self._problem = str(error)
            redraw_panels()
        return POLL if self._job is not None or self._wanted else None

    def _request_next(self) -> None:
        for key, (growth, frame) in list(self._wanted.items()):
            del self._wanted[key]
            self._asked = growth
            if self._previews is None or str(key) not in self._previews:
                finely = max(1, min(growth.pixels_per_cell, SIDE // max(growth.width, growth.height)))
                small = replace(growth, pixels_per_cell=finely)
                self._job = key, chosen_engine().request(small, frame, slot=self._slot)
                return


def reduced(pixels: np.ndarray) -> np.ndarray:
    """A picture of at most `SIDE` pixels a side: each is the mean of a square of the others'."""
    by = -(-max(pixels.shape[:2]) // SIDE)
    height, width = (max(1, size // by) * by for size in pixels.shape[:2])
    by_rows, by_columns = min(by, pixels.shape[0]), min(by, pixels.shape[1])
    cut = pixels[:height, :width]
    parts = cut.reshape(cut.shape[0] // by_rows, by_rows, cut.shape[1] // by_columns, by_columns, -1)
    mean: np.ndarray = parts.mean((1, 3), dtype=np.float32)
    return mean


def squared(pixels: np.ndarray) -> np.ndarray:
    """A picture in the middle of a square that is transparent beside it."""
    height, width = pixels.shape[:2]
    side = max(height, width)
    square = np.zeros((side, side, 4), np.float32)
    down, across = (side - height) // 2, (side - width) // 2
    square[down : down + height, across : across + width] = pixels
    return square
