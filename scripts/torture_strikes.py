# SPDX-License-Identifier: GPL-3.0-or-later
"""Strikes: what may happen to a worker at any moment, done to it on purpose. On Linux, by the numbers of processes."""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path

LIFTED = 0.05, 0.8
"""Seconds after which a worker that was stopped goes on, and one without memory may have some again."""
PAUSE = 0.2, 2.2
"""Seconds between two strikes."""
TOO_LONG = 2**20 + 2


class Striker:
    """Strikes a worker at random moments, on a thread of its own.

    Parameters
    ----------
    worker : callable
        Gives the number of the worker's process, where there is one.
    jobs : callable
        Gives the numbers of the requests that it has not replied to.
    times : int
        How often.
    chance : random.Random
        Of kinds and moments.

    Attributes
    ----------
    done : Counter
        How often each kind came about.
    moment : float
        Of the last one, as `time.monotonic` says it.
    """

    def __init__(
        self,
        worker: Callable[[], int | None],
        jobs: Callable[[], Collection[int]],
        times: int,
        chance: random.Random,
    ) -> None:
        self.done: Counter[str] = Counter()
        self.moment = 0.0
        self._worker, self._jobs, self._times, self._chance = worker, jobs, times, chance
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._strike, name="strikes", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether it has struck so often."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Strike no more."""
        self._over.set()
        self._thread.join()

    def _strike(self) -> None:
        kinds = {"killed": kill, "stopped": pause, "out of memory": starve, "garbage": self._garble}
        while self.done.total() < self._times and not self._over.is_set():
            self._over.wait(self._chance.uniform(*PAUSE))
            worker, kind = self._worker(), self._chance.choice(list(kinds))
            if worker is None:
                continue
            with contextlib.suppress(OSError):  # it has gone just now
                kinds[kind](worker, self._chance)
                self.done[kind] += 1
                self.moment = time.monotonic()

    def _garble(self, worker: int, chance: random.Random) -> None:
        """Say something that no worker says, in its place."""
        said = chance.choice(garbage(chance, chance.choice([*self._jobs(), 0])))
        pipe = os.open(_voice(os.getpid(), worker), os.O_WRONLY | os.O_NONBLOCK)
        try:
            while said:
                said = said[os.write(pipe, said[: 2**15]) :]
        except BlockingIOError:  # nobody has read it yet: that is enough of it
            pass
        finally:
            os.close(pipe)


def kill(worker: int, _: random.Random) -> None:
    """As the system does where memory is short, and as a driver that fails."""
    os.kill(worker, signal.SIGKILL)


def pause(worker: int, chance: random.Random) -> None:
    """As a laptop does that sleeps, or a debugger."""
    os.kill(worker, signal.SIGSTOP)
    _later(chance, lambda: os.kill(worker, signal.SIGCONT))


def starve(worker: int, chance: random.Random) -> None:
    """Give it no memory beside what it has, for a while."""
    before = resource.prlimit(worker, resource.RLIMIT_AS)
    held = int(Path(f"/proc/{worker}/statm").read_text().split()[0]) * resource.getpagesize()
    resource.prlimit(worker, resource.RLIMIT_AS, (held // 2, before[1]))
    _later(chance, lambda: resource.prlimit(worker, resource.RLIMIT_AS, before))


def garbage(chance: random.Random, number: int) -> list[bytes]:
    """What a worker never says, in answer to a request of this number."""
    replies = [
        [1, 2],
        {"id": []},
        {"id": number, "value": {}},
        {"id": number, "value": 7},
        {"id": number, "error": "x"},
        {"id": number, "progress": "far"},
        {"id": number, "news": None},
    ]
    lines = [json.dumps(reply).encode() + b"\n" for reply in replies]
    return [*lines, chance.randbytes(200) + b"\n", b"\n", b"x" * TOO_LONG]


def _later(chance: random.Random, act: Callable[[], object]) -> None:
    def acted() -> None:
        with contextlib.suppress(OSError):  # it was ended meanwhile
            act()

    timer = threading.Timer(chance.uniform(*LIFTED), acted)
    timer.daemon = True
    timer.start()


def _voice(listener: int, worker: int) -> str:
    """The end of the pipe that a worker speaks into. Raises OSError where it is gone."""
    heard = {os.readlink(entry.path) for entry in _open(listener)}
    for entry in _open(worker):
        if os.readlink(entry.path) in heard and _writes(entry):
            return entry.path
    raise FileNotFoundError("no pipe")


def _open(process: int) -> list[os.DirEntry[str]]:
    return [
        entry
        for entry in os.scandir(f"/proc/{process}/fd")
        if os.path.lexists(entry.path) and os.readlink(entry.path).startswith("pipe:")
    ]


def _writes(entry: os.DirEntry[str]) -> bool:
    """Whether it is the writing end, and not that of what it has to say on stderr."""
    process, number = entry.path.split("/")[2::2]
    flags = Path(f"/proc/{process}/fdinfo/{number}").read_text().split("flags:")[1].split()[0]
    log = os.readlink(f"/proc/{process}/fd/2")
    return int(flags, 8) & os.O_ACCMODE == os.O_WRONLY and os.readlink(entry.path) != log
