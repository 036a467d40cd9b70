# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs that the worker has not replied to. Whoever calls this holds the supervisor's lock."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass

from .job import Cancelled, EngineError, Job
from .pixel_block import PixelBlock

DEAF_SECONDS = 20.0
"""How long a worker may say nothing that has a job which was cancelled: longer than the largest step, or band."""


@dataclass(eq=False)
class Entry:
    """A job on its way. `sent`: the worker has it; `started`: it is at it; `deaths`: how often it died of it;
    `cancelled`: when it was told to leave it."""

    number: int
    job: Job
    sent: bool = False
    started: bool = False
    deaths: int = 0
    cancelled: float | None = None
    block: PixelBlock | None = None

    def release(self) -> PixelBlock | None:
        """The worker has it no more; returns the block that is free now."""
        block, self.block, self.sent, self.started = self.block, None, False, False
        return block


class UnansweredJobs:
    """Jobs in order of arrival. `heard`: when the worker last said something."""

    def __init__(self) -> None:
        self.entries: dict[int, Entry] = {}
        self.heard = 0.0
        self._numbers = itertools.count(1)

    def add(self, job: Job) -> list[int]:
        """Take a job in; of its slot it supersedes the older ones. Returns the numbers the worker is to cancel."""
        older = [entry.job for entry in self.entries.values() if job.slot and entry.job.slot == job.slot]
        unwanted = [
            number for other in older for number in self.cancel(other, "A newer request took its place.")
        ]
        number = next(self._numbers)
        self.entries[number] = Entry(number, job)
        return unwanted

    def cancel(self, job: Job, reason: str = "Cancelled.") -> list[int]:
        """End a job as cancelled. Returns its number if the worker has it: until its reply it writes to its pixels."""
        if job.done():
            return []
        job.end(error=Cancelled(reason))
        mine = [entry for entry in self.entries.values() if entry.job is job]
        for entry in mine:
            entry.cancelled = time.monotonic()
            if not entry.sent:
                del self.entries[entry.number]
        return [entry.number for entry in mine if entry.sent]

    def due(self) -> Entry | None:
        """The next to send. Of a slot, one is with the worker at a time: its queue stays short."""
        busy = {entry.job.slot for entry in self.entries.values() if entry.sent} - {""}
        waiting = (entry for entry in self.entries.values() if not entry.sent and entry.job.slot not in busy)
        return next(waiting, None)

    def patience(self) -> float | None:
        """Seconds until a silent worker with a cancelled job is taken for deaf; None where it has no such job."""
        since = [
            entry.cancelled
            for entry in self.entries.values()
            if entry.started and entry.cancelled is not None
        ]
        if not since:
            return None
        return max(0.0, max(self.heard, min(since)) + DEAF_SECONDS - time.monotonic())

    def take_out(self, number: int) -> PixelBlock | None:
        """Forget a job that is over; returns the block that is free now."""
        return self.entries.pop(number).release()

    def worker_died(self, why: str) -> list[PixelBlock | None]:
        """All that it had is to be sent again, but what it died of too often. Returns the blocks that are free now."""
        blocks = []
        for entry in list(self.entries.values()):
            entry.deaths += entry.started
            blocks.append(entry.release())
            if entry.deaths >= entry.job.most_tries:
                entry.job.end(error=EngineError(given_up(entry.deaths, why), "died"))
            if entry.job.done():
                del self.entries[entry.number]
        return blocks

    def end_all(self, error: EngineError) -> list[PixelBlock | None]:
        """End every job. Returns the blocks that are free now; the worker must be gone."""
        for entry in self.entries.values():
            entry.job.end(error=error)
        blocks = [entry.release() for entry in self.entries.values()]
        self.entries.clear()
        return blocks


def given_up(times: int, why: str) -> str:
    """The message after the worker died `times` times."""
    return (
        f"The engine stopped {times} times and was given up. Choose fewer cells, or another device or Python in "
        f"the preferences of Neural Growth. The last time {why}"
    )
