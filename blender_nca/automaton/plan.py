# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan: what happens in each frame of a growth. It is made once, as far as somebody asks, and costs nothing later."""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from .environment import Environment

Weights = tuple[tuple[float, ...], ...]
"""A row a genotype, with a weight for each of its DNAs."""

_Value = TypeVar("_Value")
_lock = threading.Lock()
"""Plans are asked by Blender's main thread and by its render's. One for all, so that a growth stays plain data."""


class Moment(NamedTuple):
    """One frame of a plan.

    Attributes
    ----------
    key : str
        A hash that two growths share exactly where they share the state of the cells.
    steps : int
        Steps of the automaton since the frame before.
    weights : tuple of tuple of float
        Of this frame.
    """

    key: str
    steps: int
    weights: Weights


class _Run(NamedTuple):
    """Frames one after another whose steps are told by the same.

    Attributes
    ----------
    before : str
        Key of the state in which it begins.
    since : int
        Steps of the automaton until then.
    said : str
        Weights, and what else the steps depend on.
    """

    before: str
    since: int
    said: str

    def key(self, total: int) -> str:
        """Key of the state that has run `total` steps from frame 0 on."""
        return (
            self.before if total == self.since else _hash(f"{self.before} {total - self.since} {self.said}")
        )


class Plan:
    """What happens in each frame. Keys are chained over runs of equal steps, not over frames.

    Parameters
    ----------
    constants : str
        All that the states of every frame depend on.
    steps : tuple of float
        A track: steps a frame.
    weights_at : callable
        Weights of a frame.
    changing : int
        From this frame on weights and environment stay as they are.
    environment : Environment, optional
    """

    def __init__(
        self,
        constants: str,
        steps: tuple[float, ...],
        weights_at: Callable[[int], Weights],
        changing: int,
        environment: Environment | None = None,
    ):
        self._steps, self._weights_at, self._changing = steps, weights_at, changing
        self._environment = environment
        self._seeded = self._disturb(_hash(constants), 0)
        self._sum, self._totals = 0.0, [0]
        self._runs: list[_Run] = []
        self._run_of = [-1]  # frame -> its run; none before the first step

    def total(self, frame: int) -> int:
        """Steps of the automaton until a frame, which is 0 or later."""
        with _lock:
            return self._total(frame)

    def at(self, frame: int) -> Moment:
        """The moment of a frame, which is 0 or later."""
        with _lock:
            total = self._total(frame)
            steps = total - self._total(frame - 1) if frame else 0
            weights = self._weights_at(frame)
            run = self._run(frame)
            return Moment(self._seeded if run is None else run.key(total), steps, weights)

    def chain(self, last: int) -> list[tuple[str, Weights]]:
        """Keys chained over the frames from 0 to `last`, not over runs, each with its frame's weights."""
        key, chain, before = self._seeded, [], 0
        for frame in range(last + 1):
            total, weights = self.total(frame), self._weights_at(frame)
            if frame:
                key = self._disturb(key, frame)
            if total > before:
                key = _hash(f"{key} {total - before} {self._said(frame)}")
            before = total
            chain.append((key, weights))
        return chain

    def _total(self, frame: int) -> int:
        last = len(self._steps) - 1
        while len(self._totals) <= min(frame, last):
            self._sum += self._steps[len(self._totals)]
            self._totals.append(_whole(self._sum))
        if frame <= last:
            return self._totals[frame]
        return _whole(self._sum + (frame - last) * self._steps[last])

    def _run(self, frame: int) -> _Run | None:
        """The run that a frame belongs to; None before the first step or event."""
        for f in range(len(self._run_of), min(frame, self._changing) + 1):
            self._run_of.append(self._run_after(f - 1, f))
        if frame <= self._changing:
            number = self._run_of[frame]
            return self._runs[number] if number >= 0 else None
        # from there on all frames are one run, which need not be listed
        number = self._run_of[self._changing]
        before, total, said = (
            self._runs[number] if number >= 0 else None,
            self._total(frame),
            self._said(frame),
        )
        if total == self._total(self._changing) or (before and before.said == said):
            return before
        return self._begin(before, frame, self._total(self._changing), said)

    def _run_after(self, before: int, frame: int) -> int:
        """Number of a frame's run, where those of the frames before are listed."""
        number, said = self._run_of[before], self._said(frame)
        is_disturbed = self._environment is not None and self._environment.said_of_events(frame) != ""
        # a frame without steps has the state of the one before, whatever its weights
        has_steps = self._total(frame) > self._total(before)
        if not is_disturbed and (not has_steps or (number >= 0 and self._runs[number].said == said)):
            return number
        last = self._runs[number] if number >= 0 else None
        self._runs.append(self._begin(last, frame, self._total(before), said))
        return len(self._runs) - 1

    def _begin(self, last: _Run | None, frame: int, total: int, said: str) -> _Run:
        return _Run(self._disturb(self._seeded if last is None else last.key(total), frame), total, said)

    def _said(self, frame: int) -> str:
        """All that the steps of a frame depend on, but for what the whole growth does."""
        meets = self._environment.said_of_steps(frame) if self._environment else ""
        return f"{self._weights_at(frame)}{meets and ' '}{meets}"

    def _disturb(self, key: str, frame: int) -> str:
        """Key of a state after what happens before the steps of a frame."""
        happens = self._environment.said_of_events(frame) if self._environment else ""
        return _hash(f"{key} {happens}") if happens else key


def held(track: tuple[_Value, ...], frame: int) -> _Value:
    """The value of a track at a frame, counted from 0: its last value is held for ever."""
    return track[min(frame, len(track) - 1)]


def _whole(total: float) -> int:
    # rounded before the floor: ten times 0.1 is one step
    return math.floor(round(total, 6))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
