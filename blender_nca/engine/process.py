# SPDX-License-Identifier: GPL-3.0-or-later
"""Process: one run of the worker, as the client sees it: started, connected, ended."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from .growths_told import GrowthsTold
from .interpreter import Candidate
from .job import EngineError
from .protocol import MOST_REQUEST_BYTES, ProtocolError, read_message, write_message
from .spoken_log import SpokenLevels

PACKAGE = Path(__file__).resolve().parents[1]
START_SECONDS = 180
"""A first import of torch from a slow disk, under a virus scanner, takes more than a minute."""
END_SECONDS = 3
LOG_LINES, LOG_CHARACTERS = 200, 500
_worker_log = logging.getLogger(f"{__package__}.worker")


class WorkerProcess:
    """A worker. `connect` starts it and waits until it is ready; `end` may be called from any thread, at any
    time.

    Attributes
    ----------
    log : deque of str
        The last lines that it wrote to stderr.
    gone : bool
        The supervisor's mark that it does not listen any more.
    told : GrowthsTold
        The growths that it was told.
    """

    def __init__(self, candidate: Candidate):
        self.candidate = candidate
        self.log: deque[str] = deque(maxlen=LOG_LINES)
        self.gone = False
        self.told: GrowthsTold[bool] = GrowthsTold()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock, self._sending = threading.Lock(), threading.Lock()
        self._ended = self._gave_up = False
        self._why = ""

    @property
    def pid(self) -> int | None:
        """Number of its process, once it has one."""
        return self._process.pid if self._process else None

    def connect(self, settings: dict) -> dict:
        """Start the worker and wait until it is ready (seconds, with torch).

        Returns
        -------
        dict
            What it says of itself: device, backend, versions, and the path of its torch.

        Raises
        ------
        EngineError
            It could not be started in this Python; the message says why.
        """
        if self.candidate.hindrance:
            raise EngineError(f"{self._name()} is not used: {self.candidate.hindrance}.", "start")
        patience = threading.Timer(START_SECONDS, self._give_up)
        patience.daemon = True
        patience.start()
        try:
            self._launch()
            candidate = self.candidate
            hello = {
                "torch": candidate.torch,
                "paths": candidate.paths,
                "torch_folder": candidate.torch_folder,
                "origin": candidate.origin,
            }
            self.send({**settings, **hello})
            answer = self.receive()
            if not isinstance(answer.get("ready", answer.get("failed")), dict):
                raise ProtocolError("it answers what no worker says")
        except (OSError, EOFError, ValueError) as error:
            raise EngineError(f"{self._name()} did not start: {self._reason(error)}", "start") from error
        finally:
            patience.cancel()
        if "ready" not in answer:
            self.end()
            raise EngineError(f"{self._name()} did not start: {answer['failed'].get('message')}", "start")
        return answer["ready"]

    def send(self, message: dict) -> None:
        """Raises OSError when the worker is gone, `ProtocolError` for a message that is too large."""
        with self._sending:
            write_message(self._stream("stdin"), message, MOST_REQUEST_BYTES)

    def receive(self) -> dict:
        """The next message; raises EOFError or OSError when the worker is gone."""
        stream = self._stream("stdout")
        try:
            return read_message(stream)
        except EOFError:
            stream.close()
            raise

    def end(self) -> None:
        """End the worker: it goes by itself when its stdin closes; soon after it is killed. Waits some seconds."""
        with self._lock:
            self._ended = True
            process = self._process
        if process is None:
            return
        try:
            self._close_stdin(process)
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            # one that a drive holds in the system dies when that lets it go, which may be never
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(END_SECONDS)
                self._close_stdin(process)

    def kill(self, why: str) -> None:
        """End the worker at once, and say why when it is asked what it died of."""
        if self._process is not None and not self._why:
            self._why = why
            self._process.kill()

    def why_it_died(self) -> str:
        """How the worker ended, and the last lines that it wrote."""
        self.end()
        code = self._process.returncode if self._process else 0
        how = f"it was ended by signal {-code}" if code is not None and code < 0 else f"exit status {code}"
        return f"{self._why}{how}. {self._last_words()}".strip()

    def _launch(self) -> None:
        # Of Python's options neither -I nor -P: both take the working folder off the module path, where -m is to find
        # this package under its plain name (in Blender it has another one). -I also leaves out the user's own
        # site-packages, where `pip install --user torch` puts it. Instead the environment is cleaned.
        command = [str(self.candidate.python), "-X", "utf8", *["-s"] * self.candidate.own]
        command += ["-m", f"{PACKAGE.name}.engine.worker"]
        pipe = subprocess.PIPE
        with self._lock:
            if self._ended:
                raise EOFError("stopped")
            process = self._process = subprocess.Popen(
                command,
                cwd=PACKAGE.parent,
                env=clean_environment(),
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                **own_group(),
            )
        self._reader = threading.Thread(
            target=self._keep_log, args=(process,), name="neural growth log", daemon=True
        )
        self._reader.start()

    def _stream(self, name: str) -> BinaryIO:
        stream = getattr(self._process, name, None)
        if stream is None or stream.closed:
            raise OSError("not connected")
        return cast(BinaryIO, stream)

    def _close_stdin(self, process: subprocess.Popen[bytes]) -> None:
        """Close it between two messages; raises TimeoutExpired where the worker does not take one to its end."""
        if not self._sending.acquire(timeout=END_SECONDS):
            raise subprocess.TimeoutExpired(process.args, END_SECONDS)
        try:
            _pipe(process.stdin).close()
        except OSError:  # with what could not be said any more
            pass
        finally:
            self._sending.release()

    def _keep_log(self, process: subprocess.Popen[bytes]) -> None:
        rest, levels = "", SpokenLevels()

        def keep(line: str) -> None:
            line = line.rstrip()[-LOG_CHARACTERS:]
            self.log.append(line)
            level, words = levels.read(line)
            _worker_log.log(level, "%s", words)

        with _pipe(process.stderr) as stream:
            assert isinstance(stream, io.BufferedReader)
            while chunk := stream.read1(2**16):
                *lines, rest = (rest + chunk.decode("utf-8", "replace")).splitlines(keepends=True) or [""]
                if rest.endswith("\n") or len(rest) > LOG_CHARACTERS:
                    lines, rest = [*lines, rest], ""
                for line in lines:
                    keep(line)
        if rest:
            keep(rest)

    def _last_words(self) -> str:
        self.end()
        self._reader.join(1)
        return "\n".join(list(self.log)[-8:])

    def _give_up(self) -> None:
        self._gave_up = True
        self.end()

    def _reason(self, error: Exception) -> str:
        if self._process is None:
            return getattr(error, "strerror", None) or str(error)
        if self._gave_up:
            return f"not ready after {START_SECONDS} seconds. {self._last_words()}".strip()
        return self._last_words() or f"{type(error).__name__}: {error}"

    def _name(self) -> str:
        folder = self.candidate.torch_folder
        return f"{f'torch in {folder}' if folder else self.candidate.python} ({self.candidate.origin})"


def own_group() -> dict[str, Any]:
    """Options of `Popen` that set a process apart: Ctrl-C in Blender's console is Blender's, and no window opens."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """A stream that `Popen` was asked for as a pipe."""
    assert stream is not None
    return stream


def clean_environment() -> dict[str, str]:
    """This process's environment without what would lead another Python to Blender's modules."""
    # all of them: PYTHONHOME and PYTHONPATH break a foreign Python, PYTHONSAFEPATH hides this package from -m, and
    # PYTHONSTARTUP, PYTHONINSPECT, PYTHONWARNINGS=error and the like are for others
    unwanted = ("PYTHON", "__PYVENV_LAUNCHER__", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(unwanted)}
