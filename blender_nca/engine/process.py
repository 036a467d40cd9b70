# SPDX-License-Identifier: GPL-3.0-or-later
"""Process: one run of the worker, as the client sees it: started, connected, ended."""

from __future__ import annotations

import io
import json
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from .growths_told import GrowthsTold
from .interpreter import Candidate
from .job import EngineError
from .protocol import MOST_REPLY_BYTES, MOST_REQUEST_BYTES, ProtocolError, pack, send_at_once, unpack

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

PACKAGE = Path(__file__).resolve().parents[1]
START_SECONDS = 180
"""A first import of torch from a slow disk, under a virus scanner, takes more than a minute."""
END_SECONDS = 3
LOG_LINES, LOG_CHARACTERS = 200, 500


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
        self._connection: Connection | None = None
        self._lock = threading.Lock()
        self._ended = self._gave_up = False

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
        key = secrets.token_bytes(32)
        patience = threading.Timer(START_SECONDS, self._give_up)
        patience.daemon = True
        patience.start()
        try:
            candidate = self.candidate
            hello = {
                "torch": candidate.torch,
                "paths": candidate.paths,
                "torch_folder": candidate.torch_folder,
            }
            process = self._launch({**settings, **hello, "origin": candidate.origin, "key": key.hex()})
            answer = self._meet(process, key)
        except (OSError, EOFError, ProtocolError, ValueError, KeyError) as error:
            raise EngineError(f"{self._name()} did not start: {self._reason(error)}", "start") from error
        finally:
            patience.cancel()
        if "ready" not in answer:
            self.end()
            raise EngineError(f"{self._name()} did not start: {answer['failed']['message']}", "start")
        return answer["ready"]

    def send(self, message: dict) -> None:
        """Raises OSError when the worker is gone, `ProtocolError` for a message that is too large."""
        self._connected().send_bytes(pack(message, MOST_REQUEST_BYTES))

    def receive(self) -> dict:
        """The next message; raises EOFError or OSError when the worker is gone."""
        return unpack(self._connected().recv_bytes(MOST_REPLY_BYTES))

    def end(self) -> None:
        """End the worker: it goes by itself when its stdin closes; soon after it is killed. Waits up to 3 seconds."""
        with self._lock:
            self._ended = True
            process = self._process
        if process is None:
            return
        try:
            _pipe(process.stdin).close()
        except OSError:
            pass
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def why_it_died(self) -> str:
        """How the worker ended, and the last lines that it wrote."""
        self.end()
        code = self._process.returncode if self._process else 0
        how = f"it was ended by signal {-code}" if code < 0 else f"exit status {code}"
        return f"{how}. {self._last_words()}".strip()

    def _launch(self, hello: dict) -> subprocess.Popen[bytes]:
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
        stdin = _pipe(process.stdin)
        stdin.write(pack(hello) + b"\n")
        stdin.flush()
        return process

    def _connected(self) -> Connection:
        if self._connection is None:
            raise OSError("not connected")
        return self._connection

    def _meet(self, process: subprocess.Popen[bytes], key: bytes) -> dict:
        # not when Blender imports the add-on
        from multiprocessing import AuthenticationError
        from multiprocessing.connection import Connection, answer_challenge, deliver_challenge

        with _pipe(process.stdout) as out:
            line = out.readline(MOST_REPLY_BYTES)
        if not line:
            raise EOFError("it ended at once")
        peer = socket.create_connection(("127.0.0.1", json.loads(line)["port"]))
        send_at_once(peer)
        self._connection = Connection(peer.detach())
        try:
            answer_challenge(self._connection, key)
            deliver_challenge(self._connection, key)
        except AuthenticationError as error:
            raise OSError("another program answers in its place") from error
        return self.receive()

    def _keep_log(self, process: subprocess.Popen[bytes]) -> None:
        rest = ""
        with _pipe(process.stderr) as stream:
            assert isinstance(stream, io.BufferedReader)
            while chunk := stream.read1(2**16):
                *lines, rest = (rest + chunk.decode("utf-8", "replace")).splitlines(keepends=True) or [""]
                if rest.endswith("\n") or len(rest) > LOG_CHARACTERS:
                    lines, rest = [*lines, rest], ""
                self.log.extend(line.rstrip()[-LOG_CHARACTERS:] for line in lines)
        if rest:
            self.log.append(rest[-LOG_CHARACTERS:])

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
