# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs growths: any frame, in any order, from the nearest state that is still held."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..maps.order import Order
from . import descent as descents
from .automaton import Automaton
from .growth import Growth
from .kept_states import KeptStates
from .loop import mix
from .regions import strengths_of
from .seeding import events_at
from .settling import Waking, around

MEMORY = 512 * 2**20
"""Bytes of states held by default."""
_KEPT_LONGER = 16
"""Every so many frames a state is held until all others are gone: reverse playback starts from these."""


class Interrupted(Exception):
    """A rollout was told to stop."""


class _Grown(NamedTuple):
    """A state, when its cells came alive, and, where the growth counts it, whose descendants they are and when they
    were woken."""

    state: Any
    arrival: Any
    descent: np.ndarray | None = None
    waking: Waking | None = None


class Rollout:
    """Frames of any number of growths of one manifold on one backend.

    Parameters
    ----------
    automaton : Automaton
    memory : int
        Bytes of states to hold. States are found by the keys of `Growth.moment`, so growths share what they
        have in common, and one whose parameters change at frame 50 regrows from 50.
    """

    def __init__(self, automaton: Automaton, memory: int = MEMORY):
        self.automaton = automaton
        self.memory = memory
        self._held: OrderedDict[str, tuple[_Grown, int]] = OrderedDict()
        self._landmarks: OrderedDict[str, tuple[_Grown, int]] = OrderedDict()
        self._bytes = 0

    def state(self, growth: Growth, frame: int, should_stop: Callable[[], bool] = lambda: False) -> Any:
        """State of a growth at a frame.

        Parameters
        ----------
        growth : Growth
        frame : int
            0 is the seeded grid.
        should_stop : callable
            Asked before every step.

        Raises
        ------
        Interrupted
            If `should_stop` said so; the frames finished until then are held.
        """
        return self._shown(growth, frame, should_stop).state

    def _shown(self, growth: Growth, frame: int, should_stop: Callable[[], bool]) -> _Grown:
        """What is shown at a frame: where a loop fades, the mean of two states, and the rest of the nearer one."""
        parts = growth.parts(frame)
        grown = [self._grow(growth, f, should_stop) for f, _ in parts]
        shares = [share for _, share in parts]
        nearer = grown[shares.index(max(shares))]
        return nearer._replace(state=mix([each.state for each in grown], shares))

    def approach(self, growth: Growth, frame: int) -> Iterator[None]:
        """Grow what is shown at a frame, a step at a time: for whoever may not wait for all of them. From then on it is
        held.

        Parameters
        ----------
        growth : Growth
        frame : int

        Yields
        ------
        None
            Before every step.
        """
        for f, _ in growth.parts(frame):
            yield from self._steps(growth, f)

    def _grow(self, growth: Growth, frame: int, should_stop: Callable[[], bool]) -> _Grown:
        steps = self._steps(growth, frame)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                grown: _Grown = end.value
                return grown
            if should_stop():
                raise Interrupted

    def _steps(self, growth: Growth, frame: int) -> Generator[None, None, _Grown]:
        """Grow a frame from the nearest one that is held; it stops before every step."""
        start = next((f for f in range(frame, -1, -1) if self._find(growth.moment(f).key) is not None), None)
        if start is None:
            start = 0
            self._hold(growth.moment(0).key, 0, self._seed(growth))
        grown = self._find(growth.moment(start).key)
        assert grown is not None  # what was held last is not let go of
        state, arrival, descent, waking = grown
        first = growth.steps_until(start)
        for f in range(start + 1, frame + 1):
            key, steps, weights = growth.moment(f)
            happens = growth.environment is not None and growth.environment.said_of_events(f)
            habitat = descents.close_gaps(growth.habitat(f), descent)
            if waking is not None and steps:
                waking = waking.at(first, weights)
            for _ in range(steps):
                yield
                below = self._quiet(habitat, arrival, waking, first, growth)
                state = self.automaton.grow(state, growth, weights, first, 1, below, descent)
                first += 1
                arrival = self.automaton.date(arrival, state, first)
                before, descent = descent, self._descend(descent, state, growth, weights, first)
                if descent is not None and descent is not before:
                    if waking is not None:
                        waking = waking.among(descent != before, first)
                    habitat = descents.close_gaps(growth.habitat(f), descent)
            if happens:
                state = self.automaton.disturb(state, growth, f)
                arrival = self.automaton.date(arrival, state, first)
                events = events_at(growth, f)
                if waking is not None and events is not None:
                    waking = waking.among(around(events.wounded, growth.neighbourhood), first)
                if descent is not None:
                    descent = descents.disturb(descent, growth, f)
            if steps or happens:
                self._hold(key, f, _Grown(state, arrival, descent, waking))
        return _Grown(state, arrival, descent, waking)

    def maps(
        self,
        growth: Growth,
        frame: int,
        should_stop: Callable[[], bool] = lambda: False,
        rows: range | None = None,
    ) -> np.ndarray:
        """Maps of a growth at a frame, of the shape that `Automaton.paint` says, which see for `rows`; the rest as of
        `state`."""
        shown = self._shown(growth, frame, should_stop)
        return self.automaton.paint(shown.state, growth, _weights(growth, frame), shown.descent, rows)

    def live(self, growth: Growth, frame: int, should_stop: Callable[[], bool] = lambda: False) -> np.ndarray:
        """The live images of a growth at a frame, of the shape that `Automaton.paint_live` says; arguments as of
        `state`."""
        shown = self._shown(growth, frame, should_stop)
        return self.automaton.paint_live(shown.state, growth, _weights(growth, frame), shown.descent)

    def order(
        self,
        growth: Growth,
        frame: int,
        order: Order,
        should_stop: Callable[[], bool] = lambda: False,
        rows: range | None = None,
    ) -> np.ndarray:
        """Growth order and front at a frame, of the shape that `Automaton.paint_order` says; the rest as of `state`.

        In a loop they are those of its first frame.
        """
        if growth.loop is not None:
            frame = min(frame, growth.loop.start)
        arrival = self._grow(growth, frame, should_stop).arrival
        return self.automaton.paint_order(arrival, growth, order, growth.steps_until(frame), rows)

    def living(self, growth: Growth, frame: int) -> float:
        """Share of the cells that live at a frame, in [0, 1]."""
        return self.automaton.living(self.state(growth, frame), growth)

    def keep(self, growth: Growth, frame: int, states: KeptStates) -> None:
        """Write the state of a frame to the disk, where it is held.

        Parameters
        ----------
        growth : Growth
        frame : int
        states : KeptStates

        Raises
        ------
        OSError
            No space, or no right to write there.
        """
        for part, _ in growth.parts(frame):
            key = growth.moment(part).key
            grown = self._find(key)
            if grown is not None:
                states.write(key, self._give_out(grown))

    def recall(self, growth: Growth, frame: int, states: KeptStates) -> None:
        """Read the nearest state before a frame from the disk, where it is nearer than those that are held.

        Parameters
        ----------
        growth : Growth
        frame : int
        states : KeptStates
        """
        for part, _ in growth.parts(frame):
            if self._find(growth.moment(max(part - 1, 0)).key) is not None:
                continue  # as in the midst of a sequence: the folder is not looked at for each frame
            there = states.keys()
            for f in range(part, -1, -1):
                key = growth.moment(f).key
                if self._find(key) is not None:
                    break
                numbers = states.read(key) if key in there else None
                if numbers is not None:
                    self._hold(key, f, self._take_in(numbers))
                    break

    def _give_out(self, grown: _Grown) -> dict[str, np.ndarray]:
        """All that is held of a frame, as plain arrays."""
        numbers = {name: self.automaton.give_out(getattr(grown, name)) for name in ("state", "arrival")}
        if grown.descent is not None:
            numbers["descent"] = grown.descent
        if grown.waking is not None:
            numbers["woken"] = np.asarray(grown.waking.step, np.int32)
            numbers["said"] = np.frombuffer(grown.waking.said.encode(), np.uint8)
        return numbers

    def _take_in(self, numbers: dict[str, np.ndarray]) -> _Grown:
        """What `_give_out` gave."""
        state, arrival = (self.automaton.take_in(numbers[name]) for name in ("state", "arrival"))
        waking = None
        if "woken" in numbers:
            woken = numbers["woken"]
            waking = Waking(woken if woken.ndim else int(woken), numbers["said"].tobytes().decode())
        return _Grown(state, arrival, numbers.get("descent"), waking)

    def forget(self) -> None:
        """Let go of all states."""
        self._held.clear()
        self._landmarks.clear()
        self._bytes = 0

    def _seed(self, growth: Growth) -> _Grown:
        state = self.automaton.seed(growth)
        if growth.environment is not None and growth.environment.said_of_events(0):
            state = self.automaton.disturb(state, growth, 0)
        descent = descents.begin(growth) if growth.has_descent else None
        waking = Waking() if growth.settling else None
        return _Grown(state, self.automaton.date(None, state, 0), descent, waking)

    def _quiet(
        self, habitat: np.ndarray | None, arrival: Any, waking: Waking | None, step: int, growth: Growth
    ) -> Any:
        """A habitat in which cells that have lived for long fire less often, if the growth settles."""
        if waking is None or growth.settling is None or step <= growth.settling:  # nothing is that old
            return habitat
        return self.automaton.quiet(habitat, arrival, waking.step, step, growth.settling)

    def _descend(
        self, descent: np.ndarray | None, state: Any, growth: Growth, weights: tuple, step: int
    ) -> np.ndarray | None:
        if descent is None:
            return None
        peopled = self.automaton.peopled(state)
        return descents.descend(descent, peopled, growth, strengths_of(growth, weights), step)

    def _find(self, key: str) -> _Grown | None:
        for states in (self._held, self._landmarks):
            if key in states:
                states.move_to_end(key)
                return states[key][0]
        return None

    def _hold(self, key: str, frame: int, grown: _Grown) -> None:
        size = self.automaton.nbytes(grown.state) + self.automaton.nbytes(grown.arrival)
        size += 0 if grown.descent is None else grown.descent.nbytes
        size += grown.waking.nbytes if grown.waking else 0
        states = self._held if frame % _KEPT_LONGER else self._landmarks
        if key not in states:
            states[key] = (grown, size)
            self._bytes += size
        self._let_go(key)

    def hold_at_most(self, memory: int) -> None:
        """Hold no more than so many bytes of states from now on. What was held last stays in any case."""
        if memory != self.memory:
            self.memory = memory
            self._let_go(next(reversed(self._held or self._landmarks), ""))

    def _let_go(self, key: str) -> None:
        """Let the oldest states go while there are too many, but not that of a key."""
        while self._bytes > self.memory and len(self._held) + len(self._landmarks) > 1:
            oldest = self._held if self._held and next(iter(self._held)) != key else self._landmarks
            if not oldest or next(iter(oldest)) == key:
                break
            self._bytes -= oldest.popitem(last=False)[1][1]


def _weights(growth: Growth, frame: int) -> tuple:
    """What is painted by at a frame: weights as of `Growth.moment`, where a loop fades their mean."""
    parts = growth.parts(frame)
    said = [growth.moment(f).weights for f, _ in parts]
    if len(set(said)) == 1:  # exactly these, for which the genotypes are transcribed already
        return said[0]
    shares = [share for _, share in parts]
    rows = [
        tuple(mix(list(weights), shares) for weights in zip(*each, strict=True))
        for each in zip(*said, strict=True)
    ]
    if len(rows) > len(growth.genotypes) + 1:  # the numbers of masks
        rows[-1] = said[shares.index(max(shares))][-1]
    return tuple(rows)
