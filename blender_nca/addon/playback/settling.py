# SPDX-License-Identifier: GPL-3.0-or-later
"""Settling: while nothing grows, Blender counts the live images as unmodified, so that it does not ask to save them."""

from __future__ import annotations

import bpy

from ..host.rendering import is_rendering
from ..host.window import is_main_thread, is_playing
from ..material import live_images
from ..material.properties import nca_of
from ..material.status import live_materials
from .picture import is_waiting

PAUSE = 1.0
"""Seconds after a picture came in which another one may."""
LARGEST = 1024 * 1024
"""Pixels of an image that is settled in passing, which takes up to 40 ms; a larger one is when the file is saved."""


def settle_all(largest: int | None = None) -> None:
    """Settle the live images of the file, as `live_images.settle` does."""
    for material in live_materials():
        live_images.settle(nca_of(material), largest)


def settle_soon() -> None:
    """Settle them when the pictures have come to a rest. Without a window that is when the file is saved."""
    if not bpy.app.background and is_main_thread() and not bpy.app.timers.is_registered(settle_at_rest):
        bpy.app.timers.register(settle_at_rest, first_interval=PAUSE, persistent=True)


def settle_at_rest() -> float | None:
    """For Blender's timer: seconds until it is to look again, while pictures come."""
    if is_playing() or is_rendering() or is_waiting():
        return PAUSE
    settle_all(LARGEST)
    return None
