# SPDX-License-Identifier: GPL-3.0-or-later
"""Disk thread: does what a drive may take for ever, so that no window waits for a network that has gone."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

_Value = TypeVar("_Value")


class DiskThread:
    """One thread, begun with the first thing to do. It never keeps Python from ending.

    Parameters
    ----------
    name : str
        Of the thread.
    """

    def __init__(self, name: str) -> None:
        self._todo: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def do(self, act: Callable[[], _Value]) -> Future[_Value]:
        """Do something when all is done that was asked for before."""
        future: Future[_Value] = Future()
        self._todo.put((future, act))
        if self._thread.ident is None:
            self._thread.start()
        return future

    def end(self, patience: float) -> bool:
        """End when all is done; whether that was so within so many seconds. Nothing more may be asked for."""
        self._todo.put(None)
        if self._thread.ident is not None:
            self._thread.join(patience)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (asked := self._todo.get()) is not None:
            future, act = asked
            try:
                future.set_result(act())
            except BaseException as error:  # whoever waits for it is told
                future.set_exception(error)
