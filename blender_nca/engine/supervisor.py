# SPDX-License-Identifier: GPL-3.0-or-later
"""Supervisor: keeps a worker running, hands it the jobs, and brings their results back.

One thread starts the worker, listens to it, and starts it again when it dies; a second one sends. So whoever
asks for a job waits neither for a worker that starts nor for one that hangs.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

from ..automaton.growth import Growth
from .growths_told import tell
from .interpreter import Candidate
from .job import Cancelled, EngineError, Job, no_memory
from .limits import Limits
from .news import read_news
from .pixel_block import PixelBlock
from .pixel_pool import PixelPool
from .process import WorkerProcess
from .protocol import ProtocolError
from .unanswered_jobs import Entry, UnansweredJobs, given_up

_log = logging.getLogger(__name__)
MOST_DEATHS = 3
"""In a row, without a job finished between: then the engine is given up."""


LISTEN_SECONDS = 5.0
"""How long the end of a worker is waited for that was killed: one that a drive holds in the system may never end."""


class Supervisor:
    """See `client.Engine`, whose inner side this is.

    Parameters
    ----------
    find_candidates
        Gives the Pythons to try, best first.
    settings
        What the worker is told: device and model folders.
    """

    def __init__(self, find_candidates: Callable[[], list[Candidate]], settings: dict):
        self.state, self.message, self.device_line = "stopped", "", ""
        self.refusals: list[str] = []
        self._find_candidates, self._settings = find_candidates, settings
        self._unanswered, self._pool = UnansweredJobs(), PixelPool()
        self._change = threading.Condition(threading.RLock())
        self._words: deque[dict] = deque()
        self._deaths = 0
        self._candidate: Candidate | None = None
        self._process: WorkerProcess | None = None
        self._thread: threading.Thread | None = None
        self._stopping = False

    @property
    def log(self) -> list[str]:
        """The last lines that the worker wrote to stderr."""
        process = self._process
        return list(process.log) if process else []

    @property
    def worker_pid(self) -> int | None:
        """Number of the worker's process, where there is one."""
        process = self._process
        return process.pid if process else None

    def start(self) -> None:
        with self._change:
            if self.state in ("stopped", "failed") and not self._stopping:
                self._deaths, self._candidate, self.refusals = 0, None, []
                self._run()

    def stop(self) -> None:
        with self._change:
            self._stopping = True
            process, thread = self._process, self._thread
        if process:
            process.end()
        if thread:
            thread.join(LISTEN_SECONDS)
        with self._change:
            if process:
                process.gone = True  # where nobody has heard it end: nothing is sent to it any more
                self._change.notify_all()
            self._give_back(self._unanswered.end_all(Cancelled("The engine was stopped.")))
            self.state, self.message, self._stopping = "stopped", "", False
        self._pool.clear()

    def keep_to(self, limits: Limits) -> None:
        """Tell the worker of other limits; it goes on meanwhile."""
        with self._change:
            self._settings = {**self._settings, "limits": limits.to_json()}
            if self.state == "ready":
                self._words.append({"do": "limits", "limits": limits.to_json()})
                self._change.notify_all()

    def submit(self, job: Job) -> Job:
        """Take a job over. Starts the worker, where it does not run."""
        with self._change:
            if self._stopping:
                job.end(error=Cancelled("The engine was stopped."))
            elif self.state == "failed":
                job.end(error=EngineError(self.message, "died" if self._deaths else "start"))
            else:
                job.withdraw, job.wind_up = self._withdraw, self._wind_up
                self._cancel(self._unanswered.add(job))
                if self.state == "stopped":
                    self._run()
                self._change.notify_all()
        return job

    def _withdraw(self, job: Job) -> None:
        with self._change:
            self._cancel(self._unanswered.cancel(job))
            self._change.notify_all()

    def _wind_up(self, job: Job) -> None:
        with self._change:
            sent = [
                entry.number for entry in self._unanswered.entries.values() if entry.job is job and entry.sent
            ]
            if not sent:  # it has nothing yet
                self._withdraw(job)
            self._words.extend({"do": "finish", "id": number} for number in sent)
            self._change.notify_all()

    def _cancel(self, numbers: Iterable[int]) -> None:
        self._words.extend({"do": "cancel", "id": number} for number in numbers)

    def _run(self) -> None:
        self.state, self.message = "starting", "Starting the engine."
        self._thread = threading.Thread(
            target=self._serve, args=(self._thread,), name="neural growth engine", daemon=True
        )
        self._thread.start()

    def _serve(self, before: threading.Thread | None) -> None:
        """The supervising thread: start, listen, and again after a death."""
        if before:
            before.join(LISTEN_SECONDS)
        try:
            while process := self._open():
                why = self._listen(process)
                if process is not self._process or not self._restarts(why):
                    return
        except EngineError as error:
            self._fail(error)
        except BaseException as error:
            self._fail(EngineError(f"The engine's client failed: {type(error).__name__}: {error}."))
            raise

    def _open(self) -> WorkerProcess | None:
        """Start a worker in the first Python that takes it; None when stopped meanwhile."""
        refusals: list[str] = []
        candidates = self._find_candidates()
        # those before it have been tried; it has worked, so it is tried twice
        if self._candidate is not None and self._candidate in candidates:
            candidates = [self._candidate, *candidates[candidates.index(self._candidate) :]]
        for candidate in candidates:
            process = WorkerProcess(candidate)
            with self._change:
                if self._stopping:
                    return None
                self._process = process
            try:
                settings = self._settings
                ready = process.connect({**settings, "pixels": self._pool.prefix})
            except EngineError as error:
                _log.info("%s", error)
                refusals.append(str(error))
                continue
            _log.info("The engine runs on %s, in %s", ready["device"], candidate.python)
            with self._change:
                if candidate != self._candidate:
                    self._candidate, self.refusals = candidate, [*self.refusals, *refusals]
                self.state, self.device_line = "ready", str(ready.get("device", ""))
                self.message = "\n".join(self.refusals)
                self._words.clear()
                if settings is not self._settings:  # other limits were set while it started
                    self._words.append({"do": "limits", "limits": self._settings["limits"]})
            hand = threading.Thread(
                target=self._hand_out, args=(process,), name="neural growth sender", daemon=True
            )
            hand.start()
            return process
        if self._stopping:
            return None
        advice = "No Python could run the engine: choose one with numpy and torch in the preferences of Neural Growth."
        raise EngineError("\n".join([advice, *refusals]), "start")

    def _hand_out(self, process: WorkerProcess) -> None:
        """The sending thread of one worker."""
        while True:
            with self._change:
                patience = self._unanswered.patience()
                self._change.wait_for(lambda: process.gone or self._words or self._unanswered.due(), patience)
                if process.gone:
                    return
                if patience is not None and self._unanswered.patience() == 0:
                    process.kill("it did not leave what was cancelled, as on a drive that does not answer; ")
                word = self._words.popleft() if self._words else None
                entry = self._unanswered.due() if word is None else None
                if entry is not None:
                    entry.sent = True
            with contextlib.suppress(OSError):  # gone, or soon: the supervising thread sees it
                if entry is not None:
                    self._send(process, entry)
                elif word is not None:
                    process.send(word)

    def _send(self, process: WorkerProcess, entry: Entry) -> None:
        """Send one request, or end its job where that cannot be done. Raises OSError where the worker is gone."""
        growth = entry.job.growth
        try:
            if growth is not None and growth.key not in process.told:
                self._tell(process, growth)
            process.send(self._message(process, entry))
        except ProtocolError as error:
            self._drop(entry, f"The growth is too large to send: choose smaller masks ({error}).", "growth")
        except MemoryError as error:
            self._drop(entry, str(error), "memory")
        except OSError:
            raise
        except Exception as error:  # whoever asked would wait for ever, and all who ask later
            why = f"{type(error).__name__}: {error}"
            self._drop(
                entry,
                f"The engine could not be asked for this ({why}): undo what you changed last.",
                "engine",
            )

    def _tell(self, process: WorkerProcess, growth: Growth) -> None:
        message = tell(growth, process.told)
        try:
            process.send(message)
        except ProtocolError:  # it was not sent
            process.told.take_back(message)
            raise

    def _message(self, process: WorkerProcess, entry: Entry) -> dict:
        """The request of an entry, with a block for its pixels."""
        message = {**entry.job.task, "id": entry.number, "slot": entry.job.slot}
        if entry.job.growth is not None:
            message["growth"] = entry.job.growth.key
        size = entry.job.pixel_bytes
        if size:
            try:
                block = self._pool.take(size)
                if entry.job.pixels_in is not None:
                    block.write(entry.job.pixels_in)
            except (OSError, ValueError, OverflowError) as error:
                raise MemoryError(no_memory(size, error)) from error
            with self._change:
                if process.gone:
                    self._pool.give_back(block)
                    raise OSError("gone")
                entry.block = block
            message["block"] = block.name
        return message

    def _listen(self, process: WorkerProcess) -> str:
        """Take replies until the worker is gone; returns why it went."""
        strange = ""
        try:
            while True:
                self._take(process.receive())
        except (EOFError, OSError):
            pass
        except Exception as error:  # `ProtocolError`, and whatever a reply of wrong values makes of itself
            strange = f"it said what no worker says ({type(error).__name__}: {error}); "
        with self._change:
            process.gone = True
            self._change.notify_all()
        return strange + process.why_it_died()

    def _take(self, reply: dict) -> None:
        with self._change:
            self._unanswered.heard = time.monotonic()
            if "device" in reply:
                self.device_line = str(reply["device"])
            entry = self._unanswered.entries.get(reply.get("id", 0))  # numbers begin at 1
            if entry is None:
                return
            if "started" in reply:
                entry.started = True
                return
            if "progress" in reply:
                entry.job.progress = float(reply["progress"])
                return
            if "news" in reply:
                entry.job.news = read_news(reply["news"])
                return
        entry.job.take(reply, entry.block)  # copies pixels: nobody is to wait for that
        with self._change:
            self._deaths = 0
            self._give_back([self._unanswered.take_out(entry.number)])
            self._change.notify_all()

    def _restarts(self, why: str) -> bool:
        """Settle what a dead worker left; False when there is nothing to start again for."""
        with self._change:
            self._give_back(self._unanswered.worker_died(why))
            self._pool.clear()  # a worker removes what Blender leaves; without one nobody would
            if self._stopping:
                return False
            self._deaths += 1
            _log.error("The engine stopped: %s", why)
            if self._deaths >= MOST_DEATHS:
                raise EngineError(given_up(self._deaths, why), "died")
            if not self._unanswered.entries:  # the next request starts it
                self.state, self.message = "stopped", f"The engine stopped: {why}"
                return False
            self.state, self.message = "starting", f"The engine stopped and is started again: {why}"
            return True

    def _drop(self, entry: Entry, message: str, kind: str) -> None:
        with self._change:
            if entry.number in self._unanswered.entries:
                self._give_back([self._unanswered.take_out(entry.number)])
            entry.job.end(error=EngineError(message, kind))

    def _fail(self, error: EngineError) -> None:
        with self._change:
            self.state, self.message = "failed", str(error)
            _log.error("%s", error)
            self._give_back(self._unanswered.end_all(error))
            self._pool.clear()

    def _give_back(self, blocks: Iterable[PixelBlock | None]) -> None:
        for block in blocks:
            self._pool.give_back(block)
