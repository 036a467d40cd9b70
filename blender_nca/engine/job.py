# SPDX-License-Identifier: GPL-3.0-or-later
"""Job: something asked of the engine, and what comes of it."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..automaton.growth import Growth
from .news import News
from .pixel_block import PixelBlock


class EngineError(RuntimeError):
    """Something the engine could not do. The message is for the artist: what happened, and what to do.

    Attributes
    ----------
    kind : str
        "growth", "dna", "manifold", "picture", "lesson", "species" (what was asked), "files", "memory", "torch",
        "start" (no Python for the engine), "died" (the worker stopped again and again), "cancelled", "engine" (a fault
        of ours).
    """

    def __init__(self, message: str, kind: str = "engine"):
        super().__init__(message)
        self.kind = kind


class Cancelled(EngineError):
    """The job was cancelled, or a newer one took its slot."""

    def __init__(self, message: str = "Cancelled.", kind: str = "cancelled"):
        super().__init__(message, kind)


@dataclass(frozen=True, eq=False)
class Frame:
    """A grown frame.

    Attributes
    ----------
    pixels : ndarray, float32, shape (2, H, W, 4) or (3, H, W, 4)
        The two live images as `maps.packing.pack_live` packs them, and where an order was asked for, that of
        `maps.order.pack_order`: row 0 at the bottom, ready for `foreach_set`.
    frame : int
        Frame of the growth, 0 the seeded grid.
    steps : int
        Steps of the automaton until this frame.
    living : float
        Share of the cells that live, 0 to 1.
    """

    pixels: np.ndarray
    frame: int
    steps: int
    living: float


@dataclass(eq=False)
class Job:
    """A job of the engine. Any thread may ask it; nothing here but `result` waits.

    Attributes
    ----------
    task : dict
        What the worker is told.
    slot : str
        Whose it is; see `client.Engine.request`.
    growth : Growth, optional
        What it is about: the worker is told its key, and before the first job with it the growth itself.
    pixels_in, pixels_out
        An array that goes with it; the shape of the one that comes back.
    read, withdraw, wind_up : callable
        Makes the result of a reply's value and its pixels, if any; cancels, and finishes, where the engine has it.
    progress : float
        0 to 1, where the worker knows.
    news : News, optional
        The newest, of a job that takes minutes.
    most_tries : int
        The worker may die of it so often before it is given up.
    cancelled : bool
        Ended without a result, because it was cancelled or superseded.
    """

    task: dict
    slot: str = ""
    growth: Growth | None = None
    pixels_in: np.ndarray | None = None
    pixels_out: tuple[int, ...] | None = None
    progress: float = 0.0
    news: News | None = None
    most_tries: int = 2
    cancelled: bool = False
    read: Callable[[Any, Any], Any] = lambda value, pixels: value
    withdraw: Callable[[Job], None] = lambda job: None
    wind_up: Callable[[Job], None] = lambda job: None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)
    _value: Any = None
    _error: EngineError | None = None

    def done(self) -> bool:
        """Whether it has ended: with a value, an error, or cancelled."""
        return self._ended.is_set()

    def result(self, timeout: float | None = None) -> Any:
        """Wait for the value.

        Parameters
        ----------
        timeout : float, optional
            Seconds; without it, as long as it takes. The job goes on when the time is over.

        Raises
        ------
        EngineError
            It failed (`Cancelled`: it was cancelled).
        TimeoutError
            Not done in time.
        """
        if not self._ended.wait(timeout):
            raise TimeoutError(f"The engine had no result after {timeout:g} seconds.")
        if self._error is not None:
            raise self._error
        return self._value

    def cancel(self) -> None:
        """End it now. The worker stops the rollout at its next step."""
        self.withdraw(self)

    def finish(self) -> None:
        """Let it end soon with what it has by then: a search or lesson has a result at any time."""
        self.wind_up(self)

    @property
    def pixel_bytes(self) -> int:
        """Size of the memory that its pixels travel in."""
        if self.pixels_in is not None:
            return self.pixels_in.size * 4
        return math.prod(self.pixels_out) * 4 if self.pixels_out else 0

    def take(self, reply: dict, block: PixelBlock | None) -> None:
        """The engine's: end with what the worker replied. A reply that is none may raise anything."""
        if self.done():
            return
        if "value" in reply:
            try:
                pixels = block.read(self.pixels_out) if block and self.pixels_out else None
            except MemoryError as error:  # Blender's own: no other worker would help
                self.end(error=EngineError(no_memory(self.pixel_bytes, error), "memory"))
                return
            self.end(self.read(reply["value"], pixels))
        elif "error" in reply:
            self.end(error=EngineError(reply["error"]["message"], reply["error"]["kind"]))
        else:
            self.end(error=Cancelled())

    def end(self, value: Any = None, error: EngineError | None = None) -> None:
        """The engine's: give the job its value or error; only the first one counts."""
        with self._lock:
            if not self._ended.is_set():
                self._value, self._error = value, error
                self.cancelled = isinstance(error, Cancelled)
                if error is None:
                    self.progress = 1.0
                self._ended.set()


def no_memory(size: int, error: BaseException) -> str:
    """That there is no memory for so many bytes of pixels, and what to do."""
    return (
        f"No memory for {size // 2**20} MiB of pixels: choose fewer cells or fewer pixels a cell ({error})."
    )


def plain(growth: Growth | dict) -> Growth:
    """A growth, or what its `to_json` gave; raises `GrowthError`."""
    return growth if isinstance(growth, Growth) else Growth.from_json(growth)


def refused(error: EngineError) -> Job:
    """A job that has ended with an error before it was sent."""
    job = Job({})
    job.end(error=error)
    return job
