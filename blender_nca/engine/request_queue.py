# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that wait in the worker. Slots take turns, so that a bake and several live materials share it."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque

TURN_SECONDS = 0.25
"""How long a request may keep other slots waiting, the first time; then twice as long, so that it comes to an end."""
LATER, SHORT_TURN_SECONDS = "later", 0.02
"""How slots begin that give way to others, and how soon they do."""


class RequestQueue:
    """Requests in order of arrival within a slot, slots in turn. One thread takes and serves them."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[dict]] = OrderedDict()
        self._cancelled: set[int] = set()
        self._finishing: set[int] = set()
        self._turns: dict[int, float] = {}
        self._current: int | None = None
        self._turn_ends = 0.0
        self._closed = False
        self._change = threading.Condition()

    def put(self, request: dict) -> None:
        with self._change:
            self._waiting.setdefault(_slot(request), deque()).append(request)
            self._change.notify()

    def cancel(self, number: int) -> None:
        """Cancel a request that waits or runs; one that is over already is left alone."""
        with self._change:
            if self._is_here(number):
                self._cancelled.add(number)

    def finish(self, number: int) -> None:
        """A request that waits or runs is to end with what it has by then."""
        with self._change:
            if self._is_here(number):
                self._finishing.add(number)

    def close(self) -> None:
        """End: what runs is to stop, and `take` gives None."""
        with self._change:
            self._closed = True
            self._change.notify()

    def take(self) -> dict | None:
        """Wait for the next request. It is the current one until `over` or `put_back`."""
        with self._change:
            self._change.wait_for(lambda: self._closed or self._waiting)
            if self._closed:
                return None
            slot, queue = self._waiting.popitem(last=False)
            request = queue.popleft()
            if queue:
                self._waiting[slot] = queue
            self._current = request["id"]
            turn = SHORT_TURN_SECONDS if slot.startswith(LATER) else TURN_SECONDS
            self._turn_ends = time.monotonic() + self._turns.setdefault(self._current, turn)
            return request

    def should_stop(self) -> bool:
        """Whether the current request is to stop: cancelled, or the turn of others. Cheap: asked at every step."""
        if self._closed or self._current in self._cancelled:
            return True
        return bool(self._waiting) and time.monotonic() > self._turn_ends

    def should_finish(self) -> bool:
        """Whether the current request is to end with what it has."""
        return self._current in self._finishing

    def waits(self) -> bool:
        """Whether anybody waits, or the queue was closed: time to leave what nobody has asked for."""
        return self._closed or bool(self._waiting)

    def put_back(self, request: dict) -> bool:
        """After it stopped: to the end of the queue, the first of its slot; False where it was cancelled."""
        with self._change:
            if self._closed or request["id"] in self._cancelled:
                return False
            self._turns[request["id"]] *= 2
            self._waiting.setdefault(_slot(request), deque()).appendleft(request)
            self._current = None
            return True

    def over(self) -> None:
        """The current request is over."""
        with self._change:
            if self._current is not None:
                self._cancelled.discard(self._current)
                self._finishing.discard(self._current)
                self._turns.pop(self._current, None)
            self._current = None

    def _is_here(self, number: int) -> bool:
        waits = any(request["id"] == number for queue in self._waiting.values() for request in queue)
        return waits or number == self._current


def _slot(request: dict) -> str:
    return str(request.get("slot", ""))
