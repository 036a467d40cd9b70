# SPDX-License-Identifier: GPL-3.0-or-later
"""Pace: how fast a bake goes, and when it will end."""

from __future__ import annotations

import time
from collections.abc import Callable

STALLED = 30.0
"""Seconds without a frame from which on that is said, where frames do not take as long."""


class Pace:
    """The pace of a bake since it began.

    Parameters
    ----------
    kept, total : int
        Frames that were there before, and all.
    clock : function
        Gives seconds.
    """

    def __init__(self, kept: int, total: int, clock: Callable[[], float] = time.monotonic):
        self._kept, self._total, self._clock = kept, total, clock
        self._began = self._last = clock()
        self._finished = kept

    def note(self, finished: int) -> None:
        """So many frames are finished."""
        if finished != self._finished:
            self._finished, self._last = finished, self._clock()

    @property
    def seconds_a_frame(self) -> float | None:
        """Of those that were written; None before the first."""
        written = self._finished - self._kept
        return (self._last - self._began) / written if written else None

    @property
    def seconds_left(self) -> float | None:
        """Until the last frame; None before the first."""
        each = self.seconds_a_frame
        if each is None:
            return None
        # the one that is being written is as far as it took since the last, and not finished
        return (self._total - self._finished) * each - min(each, self._clock() - self._last)

    @property
    def seconds_stalled(self) -> float:
        """Since the last frame, where that is many times what a frame takes; else 0."""
        since = self._clock() - self._last
        return since if since > max(STALLED, 10 * (self.seconds_a_frame or STALLED)) else 0.0

    @property
    def sentence(self) -> str:
        """How far it is: "12 of 250 frames, 2.3 a second, 1 min 43 s left"."""
        said = f"{self._finished} of {self._total} frames"
        each, left = self.seconds_a_frame, self.seconds_left
        if each is None or left is None or self._finished == self._total:
            return said
        rate = f"{1 / each:.1f} a second" if each < 2 else f"{each:.0f} s each"
        return f"{said}, {rate}, {in_words(left)} left"


def in_words(seconds: float) -> str:
    """A time as one says it: "8 s", "1 min 43 s", "2 h 5 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
