# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames that are grown in Blender's own process, on its main thread, in pieces that nobody notices.

A card that Blender draws on is at hand there alone. Requests and results are those of `client.Engine.request`.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Protocol

from ..automaton.growth import Growth
from ..manifold.shader_automaton import Card, ShaderAutomaton, UnsuitedError
from .devices import first_line
from .grower import Grower
from .job import Cancelled, EngineError, Frame, Job
from .worker_errors import fault_of

PIECE_SECONDS = 0.004
"""How long a piece is to take: what was measured of the card may be wrong by as much again."""
ARTISTS = ("growth", "dna", "manifold", "species")
"""Kinds of faults that are the same whoever grows it."""
MOST_SECONDS = 0.008
"""How long whoever asks for a frame on the main thread may be held up, where it does not wait for it to the end."""


class CardInPieces(Card, Protocol):
    """A card that works off what it was asked for in pieces."""

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be done."""

    @property
    def expected(self) -> float:
        """Seconds that what waits will take."""

    def work(self, seconds: float) -> None:
        """Do a piece that takes so long."""


@dataclass(eq=False)
class JobHere(Job):
    """A job of the main thread: whoever waits for it there does it.

    Attributes
    ----------
    drive : callable
        Does a piece of what waits.
    """

    drive: Callable[[], bool] = lambda: False
    _main: threading.Thread = field(default_factory=threading.main_thread)

    def result(self, timeout: float | None = None) -> Frame:
        if threading.current_thread() is self._main:
            until = None if timeout is None else time.monotonic() + min(timeout, MOST_SECONDS)
            while not self.done() and (until is None or time.monotonic() < until) and self.drive():
                pass
            # what is handed on is no longer driven
            timeout = None if until is None else max(0.0, until - time.monotonic())
        frame: Frame = super().result(timeout)
        return frame


class FramesHere:
    """Frames of any growths on one card. All of it is for the main thread.

    Parameters
    ----------
    grower : Grower
        It opens cells as `ShaderAutomaton` on the card.
    card : CardInPieces
    otherwise : callable
        Asks somebody else for a frame, as `client.Engine.request` does: whoever waits is served when the card fails.

    Attributes
    ----------
    problem : str
        Why the card failed, from then on; empty while it works.
    """

    def __init__(self, grower: Grower, card: CardInPieces, otherwise: Callable[[Growth, int, str], Job]):
        self.problem = ""
        self._grower, self._card, self._otherwise = grower, card, otherwise
        self._waiting: deque[JobHere] = deque()
        self._under_way: tuple[JobHere, Generator[bool, None, Frame]] | None = None
        self._waits_for_card = False

    def request(self, growth: Growth, frame: int, slot: str) -> JobHere:
        """Ask for a frame.

        Parameters
        ----------
        growth : Growth
        frame : int
        slot : str
            Who asks: a newer request takes the place of the older ones.
        """
        job = JobHere({"frame": frame}, slot, growth)
        job.drive, job.withdraw = self.work, self._withdraw
        for older in [each for each in self._all() if each.slot == slot]:
            self._withdraw(older)
        self._waiting.append(job)
        return job

    def stop(self) -> None:
        """End all jobs."""
        for job in self._all():
            self._withdraw(job)

    def work(self) -> bool:
        """Do a piece of what waits; whether there is more."""
        until = time.perf_counter() + PIECE_SECONDS
        while (now := time.perf_counter()) < until and self._begin():
            if not (self._card.idle if self._waits_for_card else self._card.expected < PIECE_SECONDS):
                self._guard(lambda left=until - now: self._card.work(left))  # type: ignore[misc]
                break
            self._guard(self._advance)
        return self._under_way is not None or bool(self._waiting)

    def _begin(self) -> bool:
        """Begin with the next job, where none is under way; whether one is."""
        if self._under_way is not None and self._under_way[0].done():  # withdrawn
            self._under_way[1].close()
            self._under_way = None
        while self._under_way is None and self._waiting:
            job = self._waiting.popleft()
            if not job.done():
                self._under_way, self._waits_for_card = (job, self._serve(job)), False
        return self._under_way is not None

    def _advance(self) -> None:
        assert self._under_way is not None
        self._waits_for_card = next(self._under_way[1])

    def _guard(self, act: Callable[[], None]) -> None:
        """Do something for the job under way, and end it where it ends or fails."""
        assert self._under_way is not None
        job = self._under_way[0]
        try:
            act()
        except StopIteration as end:
            self._end(job, end.value)
        except UnsuitedError:
            self._under_way = None
            self._hand_on(job)
        except Exception as error:
            fault = fault_of(error)
            if fault["kind"] in ARTISTS:
                self._end(job, error=EngineError(fault["message"], fault["kind"]))
            else:
                self._fail(job, error)

    def _serve(self, job: JobHere) -> Generator[bool, None, Frame]:
        """Grow and paint; it stops before each step, and says whether the card is to be idle before it goes on."""
        growth, frame = job.growth, int(job.task["frame"])
        assert growth is not None
        problems: list[Exception] = []
        thread = threading.Thread(target=self._prepare, args=(growth, frame, problems), daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(PIECE_SECONDS / 2)
            yield False
        if problems:
            raise problems[0]
        rollout = self._grower.rollout(growth)
        total = max(1, growth.steps_until(frame))
        for step, _ in enumerate(rollout.approach(growth, frame)):
            job.progress = min(1.0, step / total)
            yield False
        automaton = rollout.automaton
        assert isinstance(automaton, ShaderAutomaton)
        state, weights = rollout.state(growth, frame), growth.moment(frame).weights
        pieces = automaton.paint_in_pieces(state, growth, weights)
        while True:
            try:
                next(pieces)
            except StopIteration as end:
                images, living = end.value
                return Frame(images, frame, growth.steps_until(frame), living)
            yield True

    def _prepare(self, growth: Growth, frame: int, problems: list[Exception]) -> None:
        """What takes long and needs no card, on a thread of its own."""
        try:
            automaton = self._grower.rollout(growth).automaton
            assert isinstance(automaton, ShaderAutomaton)
            automaton.prepare(growth, frame)
        except Exception as error:
            problems.append(error)

    def _fail(self, job: JobHere, error: Exception) -> None:
        """The card does not do what it did in its trial: whoever waits is served elsewhere, and so are all others."""
        self.problem = first_line(error)
        lost = [each for each in (job, *self._waiting) if not each.done()]
        self._waiting.clear()
        self._under_way = None
        for each in lost:
            self._hand_on(each)

    def _hand_on(self, job: JobHere) -> None:
        """Let somebody else serve a job."""
        assert job.growth is not None
        other = self._otherwise(job.growth, int(job.task["frame"]), job.slot)
        job.withdraw = lambda _: other.cancel()
        threading.Thread(target=_wait_for, args=(other, job), daemon=True).start()

    def _end(self, job: JobHere, value: Frame | None = None, error: EngineError | None = None) -> None:
        self._under_way = None
        job.end(value, error)

    def _withdraw(self, job: Job) -> None:
        """Any thread may do this: a render withdraws what the window awaits. What was under way is left by `work`."""
        job.end(error=Cancelled())

    def _all(self) -> list[JobHere]:
        return [*([self._under_way[0]] if self._under_way else []), *self._waiting]


def _wait_for(other: Job, job: Job) -> None:
    try:
        job.end(other.result())
    except EngineError as error:
        job.end(error=error)
