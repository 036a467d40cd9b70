# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan: what happens in each frame of a growth. It is made once, as far as somebody asks, and costs nothing later."""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Callable
from typing import NamedTuple, TypeVar

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
    """Frames one after another that grow with the same weights.

    Attributes
    ----------
    before : str
        Key of the state in which it begins.
    since : int
        Steps of the automaton until then.
    weights : tuple of tuple of float
    """

    before: str
    since: int
    weights: Weights

    def key(self, total: int) -> str:
        """Key of the state that has run `total` steps from frame 0 on."""
        return _hash(f"{self.before} {total - self.since} {self.weights}")


class Plan:
    """What happens in each frame. Keys are chained over runs of equal weights, not over frames.

    Parameters
    ----------
    constants : str
        All that the states of every frame depend on.
    steps : tuple of float
        A track: steps a frame.
    weights_at : callable
        Weights of a frame.
    changing : int
        From this frame on the weights stay as they are.
    """

    def __init__(
        self, constants: str, steps: tuple[float, ...], weights_at: Callable[[int], Weights], changing: int
    ):
        self._steps, self._weights_at, self._changing = steps, weights_at, changing
        self._seeded = _hash(constants)
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
            run = self._run(frame, weights)
            return Moment(self._seeded if run is None else run.key(total), steps, weights)

    def chain(self, last: int) -> list[tuple[str, Weights]]:
        """Keys chained over the frames from 0 to `last`, not over runs, each with its frame's weights."""
        key, chain, before = self._seeded, [], 0
        for frame in range(last + 1):
            total, weights = self.total(frame), self._weights_at(frame)
            if total > before:
                key = _hash(f"{key} {total - before} {weights}")
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

    def _run(self, frame: int, weights: Weights) -> _Run | None:
        """The run that a frame belongs to; None before the first step."""
        for f in range(len(self._run_of), min(frame, self._changing) + 1):
            self._run_of.append(self._run_after(f - 1, f, self._weights_at(f)))
        if frame <= self._changing:
            number = self._run_of[frame]
            return self._runs[number] if number >= 0 else None
        # from there on all frames are one run, which need not be listed
        number = self._run_of[self._changing]
        before = self._runs[number] if number >= 0 else None
        if self._total(frame) == self._total(self._changing) or (before and before.weights == weights):
            return before
        return self._begin(before, self._total(self._changing), weights)

    def _run_after(self, before: int, frame: int, weights: Weights) -> int:
        """Number of a frame's run, where those of the frames before are listed."""
        number = self._run_of[before]
        # a frame without steps has the state of the one before, whatever its weights
        if self._total(frame) == self._total(before) or (
            number >= 0 and self._runs[number].weights == weights
        ):
            return number
        last = self._runs[number] if number >= 0 else None
        self._runs.append(self._begin(last, self._total(before), weights))
        return len(self._runs) - 1

    def _begin(self, last: _Run | None, total: int, weights: Weights) -> _Run:
        return _Run(self._seeded if last is None else last.key(total), total, weights)


def held(track: tuple[_Value, ...], frame: int) -> _Value:
    """The value of a track at a frame, counted from 0: its last value is held for ever."""
    return track[min(frame, len(track) - 1)]


def _whole(total: float) -> int:
    # rounded before the floor: ten times 0.1 is one step
    return math.floor(round(total, 6))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
