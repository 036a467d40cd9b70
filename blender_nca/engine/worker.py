# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker: the process that holds torch. `process` starts it as ``python -m blender_nca.engine.worker``.

The main thread serves requests, one after the other. One thread reads them, so that a rollout can be
cancelled at its next step, and so that the end of Blender is seen, however it ends.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):
    raise SystemExit(f"Python {sys.version.split()[0]} is too old: the engine needs 3.11 or newer.")

import importlib
import io
import logging
import os
import site
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ..kernels.library import module_folder
from . import devices, missing_libraries
from .interpreter import folders_beside_bpy
from .limits import Limits
from .pixel_block import remove_abandoned_blocks, remove_blocks
from .protocol import MOST_REQUEST_BYTES, ProtocolError, fault, read_message, write_message
from .request_queue import RequestQueue
from .spoken_log import write_log
from .tried_devices import read_tried

if TYPE_CHECKING:
    from .baker import Baker
    from .grower import Grower

END_SECONDS = 2.5
"""How long a request may go on after Blender is gone: less than the client waits before it kills."""
PROGRESS_SECONDS = 0.2
TASKS = ("frame", "encode", "self_test", "try_device")
BAKES = ("write", "keep", "tile", "assemble")
"""Tasks of the baker."""
LESSONS = ("learn", "refine", "read")
"""Tasks of the tutor: most take minutes."""
_log = logging.getLogger(f"{__package__}.worker")


class Worker:
    """One worker, from its first words to its end.

    Parameters
    ----------
    heard, said
        What comes from Blender, and goes to it.
    """

    def __init__(self, heard: io.BufferedReader, said: BinaryIO) -> None:
        self._heard, self._said = heard, said
        self.requests = RequestQueue()
        self.ending = threading.Event()
        self._sending = threading.Lock()
        self._number: int | None = None
        self._limits = Limits()
        self._told = 0.0
        self._prefix = ""

    def run(self) -> None:
        """Serve until the client is gone."""
        hello = read_message(self._heard)
        self._prefix = str(hello["pixels"])
        self._keep_to(Limits.from_json(hello.get("limits")))
        threading.Thread(target=self._read, daemon=True).start()
        try:
            grower = self._prepare(hello)
        except BaseException as error:
            _log.info(
                "The worker cannot start", exc_info=True
            )  # the client says why, and tries another Python
            self._say({"failed": fault("start", why_not_started(error))})
            return
        remove_abandoned_blocks()
        from .baker import Baker

        baker = Baker(grower)
        while (request := self.requests.take()) is not None:
            grower.limits = self._limits
            self._serve(grower, baker, request)
            grower.run_ahead(self.requests.waits)

    def _prepare(self, hello: dict) -> Grower:
        """Import what is slow, choose the device, and say that we are ready."""
        devices.arrange_threads()
        find_modules([*hello["paths"], str(module_folder())], str(hello.get("torch_folder", "")))
        wanted, tried = str(hello["device"]), read_tried(hello.get("tried"))
        if hello["torch"]:
            device = devices.choose_device(wanted, str(hello.get("origin", "")), tried)
        else:
            device = devices.NUMPY if wanted == "numpy" else devices.without_torch(tried)
        from .grower import Grower  # numpy, found on the path that the client named

        if hello.get("background"):
            devices.step_back()
        earlier, learned = (
            Path(hello[name]) if hello.get(name) else None for name in ("earlier_models", "learned_species")
        )
        grower = Grower(hello["model_folders"], device, self._tell, earlier, learned)
        self._say({"ready": {"device": device.line}})
        return grower

    def _read(self) -> None:
        """The reading thread: it puts requests into the queue until Blender ends."""
        if not self._heard.peek():  # waits: nothing is asked before we are ready
            self.end()
            return
        from .growths_told import GrowthsTold, ToldGrowth, hear  # numpy is there by now

        told: GrowthsTold[ToldGrowth] = GrowthsTold()
        while True:
            try:
                message = read_message(self._heard, MOST_REQUEST_BYTES)
                number, task = message.get("id"), message.get("do")
                if task == "growth":
                    hear(message, told)
                    continue
                if task == "limits":
                    self._keep_to(Limits.from_json(message.get("limits")))
                    continue
                if type(number) is not int:
                    raise ProtocolError("no number")
                if task == "cancel":
                    self.requests.cancel(number)
                elif task == "finish":
                    self.requests.finish(number)
                elif task in TASKS + BAKES + LESSONS:
                    said = message.get("growth")
                    if isinstance(said, str):
                        message["growth"] = told.get(said)
                    self.requests.put(message)
                else:
                    self._say(
                        {"id": number, "error": fault("engine", f"The engine has no task {task!r:.80}.")}
                    )
            except ProtocolError as error:
                _log.warning("A message that is none was left out: %s.", error)
            except (EOFError, OSError):
                self.end()
                return
            except BaseException:  # no memory: what was half read is lost, and nobody would read on
                _log.exception("The worker cannot read on")
                sys.stderr.flush()
                os._exit(1)

    def _keep_to(self, limits: Limits) -> None:
        """Keep to other limits, from the next request on."""
        self._limits = limits
        logging.getLogger(__package__).setLevel(limits.level)

    def _serve(self, grower: Grower, baker: Baker, request: dict) -> None:
        from ..automaton.rollout import Interrupted
        from .tutor import Tutor
        from .worker_errors import fault_of

        self._number, began = request["id"], time.monotonic()
        self._say({"id": self._number, "started": True})
        server: Any = baker if request["do"] in BAKES else grower
        if request["do"] in LESSONS:
            server = Tutor(grower, self._tell, self.requests.should_finish)
        try:
            if self.requests.should_stop():
                raise Interrupted
            reply = {"value": getattr(server, request["do"])(request, self.requests.should_stop)}
        except Interrupted:
            if self.requests.put_back(request):
                return
            reply = {"cancelled": True}
        except Exception as error:
            reply = {"error": fault_of(error)}
            said = logging.ERROR if reply["error"]["kind"] == "engine" else logging.INFO
            _log.log(said, "%s: %s", request["do"], reply["error"]["message"], exc_info=said == logging.ERROR)
        _log.debug(
            "%s of frame %s: %.0f ms", request["do"], request.get("frame"), 1e3 * (time.monotonic() - began)
        )
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
            with self._sending:
                write_message(self._said, message)
        except ProtocolError as error:
            words = f"The engine's reply cannot be sent: {error}."
            self._say({"id": message.get("id"), "error": fault("engine", words)})
        except OSError:
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


def take_pipes() -> tuple[io.BufferedReader, BinaryIO]:
    """Take stdin and stdout away from all others in this process.

    What a library prints goes to stderr then, and not between our words; and one that looks at its stdin, as some do
    while they are loaded, does not wait for ours (on Windows it waits as long as we read).
    """
    heard, said = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return heard, said


def find_modules(folders: list[str], torch_folder: str) -> None:
    """Say where modules come from: numpy from this Python itself, where it has one, torch from the folder named.

    That folder may be the one that all extensions share: torch in it goes before another that lies in this Python,
    but a numpy that somebody put there does not.
    """
    sys.path.extend(path for path in (*folders, *folders_beside_bpy()) if path not in sys.path)
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
    write_log()
    worker = Worker(*take_pipes())
    try:
        worker.run()
    except BaseException:
        _log.exception("The worker failed")
        sys.stderr.flush()
        os._exit(1)
    worker.leave()
