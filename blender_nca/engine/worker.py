# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker: the process that holds torch. `process` starts it as ``python -m blender_nca.engine.worker``.

The main thread serves requests, one after the other. One thread reads them, so that a rollout can be
cancelled at its next step; one waits for the end of stdin, which comes when Blender ends, however it ends.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):
    raise SystemExit(f"Python {sys.version.split()[0]} is too old: the engine needs 3.11 or newer.")

import importlib
import json
import os
import queue
import site
import socket
import threading
import time
import traceback
from multiprocessing.connection import Connection, answer_challenge, deliver_challenge
from typing import TYPE_CHECKING

from . import devices, missing_libraries
from .pixel_block import remove_blocks
from .protocol import MOST_REQUEST_BYTES, ProtocolError, fault, pack, send_at_once, unpack
from .request_queue import RequestQueue

if TYPE_CHECKING:
    from .grower import Grower

END_SECONDS = 2.5
"""How long a request may go on after Blender is gone: less than the client waits before it kills."""
ADMIT_SECONDS = 60
PROGRESS_SECONDS = 0.2
TASKS = ("frame", "write", "encode", "self_test")


class Worker:
    """One worker, from its first words to its end."""

    def __init__(self) -> None:
        self.requests = RequestQueue()
        self.ending = threading.Event()
        self._sending = threading.Lock()
        self.connection: Connection | None = None
        self._number: int | None = None
        self._told = 0.0
        self._prefix = ""

    def run(self) -> None:
        """Serve until the client is gone."""
        hello = unpack(read_line())
        self._prefix = str(hello["pixels"])
        threading.Thread(target=self._watch_stdin, daemon=True).start()
        self.connection = self._admit(bytes.fromhex(hello["key"]))
        if self.connection is None:
            return
        try:
            grower = self._prepare(hello)
        except BaseException as error:
            traceback.print_exc()
            self._say({"failed": fault("start", why_not_started(error))})
            return
        threading.Thread(target=self._read, args=(self.connection,), daemon=True).start()
        while (request := self.requests.take()) is not None:
            self._serve(grower, request)
            grower.run_ahead(self.requests.waits)

    def _admit(self, key: bytes) -> Connection | None:
        """Listen until the one who has the key has come. Strangers are turned away, and keep nobody waiting."""
        admitted: queue.SimpleQueue[Connection] = queue.SimpleQueue()

        def challenge(connection: Connection) -> None:
            try:
                deliver_challenge(connection, key)
                answer_challenge(connection, key)
                admitted.put(connection)
            except Exception:  # whatever a stranger sends
                connection.close()

        until = time.monotonic() + ADMIT_SECONDS
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0.02)
            print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
            os.dup2(2, 1)  # nobody reads what a library prints
            while admitted.empty() and not self.ending.is_set() and time.monotonic() < until:
                try:
                    visitor, _ = listener.accept()
                except TimeoutError:
                    continue
                visitor.setblocking(True)
                send_at_once(visitor)
                threading.Thread(target=challenge, args=(Connection(visitor.detach()),), daemon=True).start()
        return None if admitted.empty() else admitted.get()

    def _prepare(self, hello: dict) -> Grower:
        """Import what is slow, choose the device, and say that we are ready."""
        devices.arrange_threads()
        find_modules(hello["paths"], str(hello.get("torch_folder", "")))
        wanted = str(hello["device"])
        if hello["torch"]:
            device = devices.choose_device(wanted, str(hello.get("origin", "")))
        else:
            device = devices.NUMPY if wanted == "numpy" else devices.without_torch()
        from .grower import Grower  # numpy, found on the path that the client named

        grower = Grower(hello["model_folders"], device, self._tell)
        self._say({"ready": {"device": device.line}})
        return grower

    def _read(self, connection: Connection) -> None:
        """The reading thread: it puts requests into the queue until the connection ends."""
        from .growths_told import GrowthsTold, ToldGrowth  # numpy is there by now

        told: GrowthsTold[ToldGrowth] = GrowthsTold()
        while True:
            try:
                message = unpack(connection.recv_bytes(MOST_REQUEST_BYTES))
                number, task = message.get("id"), message.get("do")
                if task == "growth":
                    told.add(str(message.get("key")), ToldGrowth(message.get("growth") or {}))
                    continue
                if type(number) is not int:
                    raise ProtocolError("no number")
                if task == "cancel":
                    self.requests.cancel(number)
                elif task in TASKS:
                    said = message.get("growth")
                    if isinstance(said, str):
                        message["growth"] = told.get(said)
                    self.requests.put(message)
                else:
                    self._say(
                        {"id": number, "error": fault("engine", f"The engine has no task {task!r:.80}.")}
                    )
            except ProtocolError as error:
                print(f"A message that is none was left out: {error}.", file=sys.stderr)
            except (EOFError, OSError):
                self.end()
                return

    def _serve(self, grower: Grower, request: dict) -> None:
        from ..automaton.rollout import Interrupted
        from .worker_errors import fault_of

        self._number = request["id"]
        self._say({"id": self._number, "started": True})
        try:
            if self.requests.should_stop():
                raise Interrupted
            reply = {"value": getattr(grower, request["do"])(request, self.requests.should_stop)}
        except Interrupted:
            if self.requests.put_back(request):
                return
            reply = {"cancelled": True}
        except Exception as error:
            reply = {"error": fault_of(error)}
            if reply["error"]["kind"] == "engine":
                traceback.print_exc()
        self.requests.over()
        self._say({"id": self._number, **reply})

    def _tell(self, news: dict) -> None:
        """News of the current request; of its progress not more than the panel shows."""
        if "progress" in news:
            if time.monotonic() < self._told + PROGRESS_SECONDS:
                return
            self._told = time.monotonic()
        self._say({"id": self._number, **news})

    def _say(self, message: dict) -> None:
        try:
            data = pack(message)
        except ProtocolError as error:
            words = f"The engine's reply cannot be sent: {error}."
            data = pack({"id": message.get("id"), "error": fault("engine", words)})
        if self.connection is None:
            return
        try:
            with self._sending:
                self.connection.send_bytes(data)
        except OSError:
            self.end()

    def _watch_stdin(self) -> None:
        try:
            while os.read(0, 4096):
                pass
        except OSError:
            pass
        self.end()

    def end(self) -> None:
        """Blender is gone, or wants no more: what runs stops at its next step; no hanging driver is waited for."""
        if not self.ending.is_set():
            self.ending.set()
            self.requests.close()
            patience = threading.Timer(END_SECONDS, self.leave)
            patience.daemon = True
            patience.start()

    def leave(self) -> None:
        """End the process at once. Never by way of the interpreter's end, where drivers hang."""
        remove_blocks(self._prefix)
        sys.stderr.flush()
        os._exit(0)


def read_line() -> bytes:
    """The first line of stdin, and no byte more."""
    line = b""
    while not line.endswith(b"\n"):
        more = os.read(0, 2**16)
        if not more:
            raise EOFError("nobody said what to do")
        line += more
    return line


def find_modules(folders: list[str], torch_folder: str) -> None:
    """Say where modules come from: numpy from this Python itself, where it has one, torch from the folder named.

    That folder may be the one that all extensions share: torch in it goes before another that lies in this Python,
    but a numpy that somebody put there does not.
    """
    sys.path.extend(path for path in folders if path not in sys.path)
    import numpy  # noqa: F401  # it stays the one that is imported

    if torch_folder:
        own = [place for place in site.getsitepackages() if place in sys.path]
        first = min((sys.path.index(place) for place in own), default=len(sys.path))
        sys.path.insert(first, torch_folder)
        _import_without_trace("typing_extensions")


def _import_without_trace(name: str) -> None:
    """Import a module that is a single file: its bytecode would stay when Blender takes the wheels away again."""
    wrote, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        importlib.import_module(name)
    except ImportError:  # a torch that wants it says so itself
        pass
    sys.dont_write_bytecode = wrote


def why_not_started(error: BaseException) -> str:
    """Why a Python cannot run the worker."""
    if isinstance(error, ModuleNotFoundError) and error.name in ("numpy", "torch"):
        return f"it has no {error.name}"
    if isinstance(error, devices.TorchUnfitError):
        return str(error)
    if isinstance(error, OSError) and (missing := missing_libraries.explain(str(error))):
        return missing
    return f"{type(error).__name__}: {devices.first_line(error)}"


if __name__ == "__main__":
    worker = Worker()
    try:
        worker.run()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    worker.leave()
