# SPDX-License-Identifier: GPL-3.0-or-later
"""Picture: what one material shows, and what it waits for."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import bpy

if TYPE_CHECKING:
    from ...automaton.growth import Growth
    from ...engine.client import Job
    from ...maps.order import Order

Frame: TypeAlias = "tuple[Growth, int, Order | None]"
"""A growth, the frame of it, and how its order is painted, where it is."""


@dataclass
class Picture:
    """What one material shows, and what it waits for.

    `next` is what playback will ask for next, and the job that has been sent for it: by then it only has to be copied.
    `frame` is the growth's, `steps` and `living` belong to the picture that is shown. `dropped` counts the frames of
    playback that were not grown in time. `problem` is why there is none, `told` what the log knows of it.
    """

    asked: Frame | None = None
    job: Job | None = None
    later: Frame | None = None
    next: tuple[Frame, Job] | None = None
    shown: Frame | None = None
    steps: int = 0
    living: float = 0.0
    dropped: int = 0
    problem: str = ""
    told: str = ""

    @property
    def frame(self) -> int | None:
        return self.shown[1] if self.shown else None

    def cancel(self) -> None:
        """Give up what it waits for."""
        jobs = [self.job, self.next and self.next[1]]
        self.job = self.next = None
        for job in jobs:
            if job is not None:
                job.cancel()


lock = threading.RLock()
"""Frames come on the render's thread, changes on the main one. Never held while waiting."""
_pictures: dict[int, Picture] = {}
"""By the material's session uid, which outlives undo and renaming."""


def picture_of(material: bpy.types.Material) -> Picture:
    """What a material shows; nothing yet, where it was never asked for."""
    return _pictures.setdefault(material.session_uid, Picture())


def pictures() -> dict[int, Picture]:
    """All there are, by the session uid of their materials."""
    return dict(_pictures)


def forget(material: bpy.types.Material | None = None) -> None:
    """Forget what a material shows, or all do, so that it is asked for again."""
    forget_all(list(_pictures) if material is None else [material.session_uid])


def forget_all(uids: list[int]) -> None:
    """Forget what the materials with these session uids show."""
    with lock:
        for uid in uids:
            picture = _pictures.pop(uid, None)
            if picture is not None:
                picture.cancel()


def is_waiting() -> bool:
    """Whether any picture is still awaited."""
    return any(picture.job is not None for picture in _pictures.values())
