# SPDX-License-Identifier: GPL-3.0-or-later
"""Installation: a PyTorch of the extension's own, for an artist who has none.

It is a virtual environment of Blender's own Python in the extension's user folder::

    torch/
        installed.json   written last; names the one whole environment, and so it is there whole or not at all
        e1f3a/           the environment; its name is short, for the sake of Windows' limit on paths
        .lock            held while somebody installs or removes

Virtual environments cannot be renamed once they are made, so each is made under its final name. Whatever
`installed.json` does not name was not finished, and the next installation clears it away.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..maps.claim import lock
from ..maps.whole_file import write_whole
from .disk import free_bytes, remove_tree, size_of
from .installation_problems import LINE_CHARACTERS, explain, no_room
from .interpreter import own_python, python_of
from .process import clean_environment, own_group
from .recipe import Recipe, bundled_recipe, torch_recipe
from .torch_place import bundled_version, is_displaced

__all__ = [
    "Installation",
    "Installed",
    "Recipe",
    "bundled_recipe",
    "bundled_version",
    "find_installed",
    "free_bytes",
    "is_displaced",
    "torch_recipe",
]

RECORD, LOCK = "installed.json", ".lock"
FORMAT, VERSION = "neural growth installation", 1
ENVIRONMENT = re.compile(r"e[0-9a-f]{4}")
MEASURE_SECONDS = 0.5
PATIENCE = ("--retries", "3", "--timeout", "30")
"""Of pip with a network."""
NETWORK_SETTINGS = (
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_PROXY",
    "PIP_CERT",
    "PIP_CLIENT_CERT",
    "PIP_TRUSTED_HOST",
    "PIP_CONFIG_FILE",
)
"""What stays of pip's environment variables: how a studio reaches its packages. The others (PIP_TARGET,
PIP_USER, PIP_PREFIX, ...) would lead the packages elsewhere."""


@dataclass(frozen=True)
class Installed:
    """A whole installation.

    Attributes
    ----------
    environment : Path
        The virtual environment.
    version : str
        Of the first module, "2.9.0+cu128".
    python : str
        Version of its Python, "3.13".
    size : int
        Bytes on the disk.
    """

    environment: Path
    version: str
    python: str
    size: int


def find_installed(folder: Path) -> Installed | None:
    """The whole installation in a folder; None where there is none, or its Python is gone with its Blender."""
    try:
        record = json.loads((Path(folder) / RECORD).read_text(encoding="utf-8"))
        if record["format"] != FORMAT or not ENVIRONMENT.fullmatch(record["environment"]):
            return None
        environment = Path(folder) / record["environment"]
        if python_of(environment).exists() and Path(record["base"]).exists():
            return Installed(environment, str(record["version"]), str(record["python"]), int(record["size"]))
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


class Installation:
    """The installation in one folder: made, cancelled, removed, by a thread of its own.

    Nothing waits but `wait`. Read from any thread; `install`, `cancel` and `remove` from one.

    Parameters
    ----------
    folder
        Where it lies. It need not exist.
    python
        That makes the environment; without it the one that runs here.

    Attributes
    ----------
    stage : str
        What is being done, for the artist; empty while nothing is.
    line : str
        The last line that the present step wrote.
    downloaded : int
        Bytes, so far.
    message : str
        Why the last installation or removal failed, and what to do. Empty after success, and after `cancel`.
    """

    def __init__(self, folder: Path, python: Path | None = None):
        self.folder = Path(folder)
        self.stage = self.line = self.message = ""
        self.downloaded = 0
        self._python = python
        self._begun = 0.0
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen | None = None
        self._lock = threading.Lock()
        self._cancelled = self._installing = False
        self._room = 0

    @property
    def busy(self) -> bool:
        """Whether something is being installed or removed."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def can_cancel(self) -> bool:
        return self.busy and self._installing and not self._cancelled

    @property
    def seconds(self) -> float:
        """Since the present work began."""
        return time.monotonic() - self._begun

    @property
    def installed(self) -> Installed | None:
        return find_installed(self.folder)

    @property
    def leftovers(self) -> bool:
        """Whether something lies here that is no whole installation."""
        return not self.busy and self.installed is None and bool(_environments(self.folder))

    def install(self, recipe: Recipe, index: str = "") -> None:
        """Begin to install. Does nothing while something is being done, or where it is installed.

        Parameters
        ----------
        recipe
        index
            Address of a package index in place of pip's usual one.
        """
        if not self.busy and self.installed is None:
            self._begin(lambda: self._install(recipe, index.strip()), installing=True)

    def cancel(self) -> None:
        """Give the installation up. The thread then clears away what there is of it."""
        with self._lock:
            if not self._installing or not self.busy:
                return
            self._cancelled, self.stage = True, "Cancelling"
            _kill(self._process)

    def remove(self) -> None:
        """Remove the installation, and what is left of unfinished ones. It counts as removed at once."""
        if self.busy:
            return
        try:
            (self.folder / RECORD).unlink(missing_ok=True)
        except OSError as error:
            self.message = f"PyTorch cannot be removed: {_reason(error)} ({self.folder})."
            return
        self._begin(self._remove, installing=False)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nothing is being done; False when something still is after `timeout` seconds."""
        if self._thread is not None:
            self._thread.join(timeout)
        return not self.busy

    def _begin(self, work: Callable[[], None], installing: bool) -> None:
        self.stage, self.line, self.message, self.downloaded = "Starting", "", "", 0
        self._cancelled, self._installing, self._begun = False, installing, time.monotonic()
        self._thread = threading.Thread(
            target=self._work, args=(work,), name="neural growth installation", daemon=True
        )
        self._thread.start()

    def _work(self, work: Callable[[], None]) -> None:
        """The thread."""
        message = ""
        try:
            work()
        except _Cancelled:
            pass
        except _Fault as fault:
            message = str(fault)
        except OSError as error:
            message = explain(f"{type(error).__name__}: {error}", "The installation failed.", self._room)
        except Exception as error:  # shown to the artist, whatever it is
            message = f"The installation failed: {type(error).__name__}: {error}"
        self.message, self.stage, self.line = message, "", ""

    def _install(self, recipe: Recipe, index: str) -> None:
        self._room = recipe.room
        python = self._python or own_python()
        if not python.name.lower().startswith("python") or not python.is_file():
            raise _Fault(
                "This Blender has no Python program of its own to install with. Install PyTorch in another "
                "Python, and name that one in these preferences."
            )
        if index and not re.match(r"(https?|file)://\S+$", index):
            raise _Fault(
                f"The package index “{index}” is no address: it begins with https:// and has no spaces."
            )
        free = free_bytes(self.folder)
        if free < recipe.room:
            raise _Fault(no_room(recipe.room, free, self.folder))
        self.folder.mkdir(parents=True, exist_ok=True)
        with _alone(self.folder):
            if _environments(self.folder):
                self._say("Clearing away an unfinished installation")
            self._clear_away()
            environment = self.folder / f"e{secrets.token_hex(2)}"
            try:
                content = self._make(environment, python, recipe, index)
                with self._lock:
                    if self._cancelled:
                        raise _Cancelled
                    write_whole(self.folder / RECORD, content)
                    self._installing = False  # too late to cancel
            except BaseException:
                self._say("Clearing away")
                with contextlib.suppress(OSError):  # the next installation tries again
                    remove_tree(environment)
                raise

    def _make(self, environment: Path, python: Path, recipe: Recipe, index: str) -> bytes:
        """Make an environment; returns the record of it."""
        temporary = environment / "tmp"
        temporary.mkdir(parents=True)
        variables = _variables(temporary)
        inner = python_of(environment)

        def run(stage: str, command: list, what: str) -> list[str]:
            self._say(stage)
            return self._run([str(part) for part in command], environment, variables, what)

        alone = ["-I", "-B", "-X", "utf8"]
        what = f"{python} could not make a virtual environment"
        run("Making an environment", [python, *alone, "-m", "venv", "--without-pip", environment], what)
        what = f"{python} could not put pip into the environment"
        run("Adding pip", [inner, *alone, "-m", "ensurepip"], what)
        pip = [inner, "-I", "-X", "utf8", "-c", _PIP, os.getpid()]
        pip += ["--no-input", "--disable-pip-version-check", "--no-color"]
        # only where it is the environment's own Python, for that of Blender stays as it is; and pip's store of
        # downloads would lie outside the extension's folder
        pip += ["--require-virtualenv", "--no-cache-dir", *PATIENCE]
        pip += ["install", "--only-binary", ":all:", "--progress-bar", "off", "--no-warn-script-location"]
        if recipe.offline:
            pip += ["--no-index", "--no-deps"]
        else:
            pip += [f"--index-url={index}"] if index else []
        run("Downloading and installing", [*pip, *recipe.requirements], "pip could not install it")
        remove_tree(temporary)
        temporary.mkdir()
        output = run(
            "Checking that it starts", [inner, "-I", "-c", _CHECK, *recipe.modules], "It does not start"
        )
        said = json.loads(output[-1])
        remove_tree(temporary)
        record = {
            "format": FORMAT,
            "schema": VERSION,
            "environment": environment.name,
            "base": str(python),
            "python": said["python"],
            "version": said["versions"][0],
            "modules": dict(zip(recipe.modules, said["versions"], strict=True)),
            "size": size_of(environment),
        }
        return json.dumps(record, indent=1).encode()

    def _run(self, command: list[str], folder: Path, variables: dict[str, str], what: str) -> list[str]:
        """Run one step; returns the lines that it wrote.

        Raises
        ------
        _Cancelled, _Fault
        """
        with self._lock:
            if self._cancelled:
                raise _Cancelled
            process = self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                **own_group(),
            )
        lines: deque[str] = deque(maxlen=400)
        reader = threading.Thread(
            target=self._read, args=(process, lines), name="neural growth pip", daemon=True
        )
        reader.start()
        try:
            while reader.is_alive():
                reader.join(MEASURE_SECONDS)
                self.downloaded = max(self.downloaded, size_of(folder / "tmp"))
            status = process.wait()
        finally:
            with self._lock:
                self._process = None
        if self._cancelled:
            raise _Cancelled
        if status:
            raise _Fault(explain("\n".join(lines), f"{what} (status {status}).", self._room))
        return list(lines)

    def _read(self, process: subprocess.Popen, lines: deque[str]) -> None:
        assert process.stdout is not None  # a pipe, as `_run` asked for
        with process.stdout as stream:
            for line in stream:
                text = line.decode("utf-8", "replace").strip()
                if text:
                    lines.append(text[:2000])
                    self.line = text[:LINE_CHARACTERS]

    def _say(self, stage: str) -> None:
        with self._lock:
            self.stage, self.line = "Cancelling" if self._cancelled else stage, ""

    def _remove(self) -> None:
        if not self.folder.exists():
            return
        self._say("Removing")
        with _alone(self.folder):
            self._clear_away()
        with contextlib.suppress(OSError):
            (self.folder / LOCK).unlink()
            self.folder.rmdir()

    def _clear_away(self) -> None:
        """Remove what lies there."""
        (self.folder / RECORD).unlink(missing_ok=True)
        for environment in _environments(self.folder):
            try:
                remove_tree(environment)
            except OSError as error:
                raise _Fault(
                    f"{environment} could not be removed: {_reason(error)}. Close other Blenders and try again."
                ) from error


class _Fault(Exception):
    """A step failed; the message is for the artist."""


class _Cancelled(Exception):
    pass


# This runs pip, and ends it when Blender is killed or crashes, because nobody would use what it went on downloading. On
# Windows another process stands between Blender and pip, so there pip ends when it is done.
_PIP = """
import os, runpy, sys, threading, time
blender = int(sys.argv.pop(1))
def end_with_blender():
    while os.getppid() == blender:
        time.sleep(1)
    os._exit(1)
if os.name != "nt":
    threading.Thread(target=end_with_blender, daemon=True).start()
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""

# It ends at once, because torch can hang or crash while a Python ends.
_CHECK = """
import importlib, json, os, sys
versions = [str(getattr(importlib.import_module(name), "__version__", "")) for name in sys.argv[1:]]
print(json.dumps({"python": "%d.%d" % sys.version_info[:2], "versions": versions}), flush=True)
os._exit(0)
"""


def _variables(temporary: Path) -> dict[str, str]:
    """The environment variables of all steps."""
    variables = {
        name: value
        for name, value in clean_environment().items()
        if not name.upper().startswith("PIP_") or name.upper() in NETWORK_SETTINGS
    }
    # over what the artist's pip.conf says: a private environment is no place for --user
    variables |= {"PIP_USER": "0", "PIP_NO_COLOR": "1"}
    # Downloads of gigabytes do not fit into a /tmp in memory; and so they lie where free space was looked at.
    return variables | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))


def _kill(process: subprocess.Popen | None) -> None:
    """End a step and what it started. On Windows what the environment's Python starts ends with it."""
    if process is None or process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _environments(folder: Path) -> list[Path]:
    try:
        return [entry for entry in Path(folder).iterdir() if ENVIRONMENT.fullmatch(entry.name)]
    except OSError:
        return []


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other Blenders from installing or removing here in the meantime."""
    with open(folder / LOCK, "ab") as file:
        if not lock(file):
            raise _Fault("Another Blender is installing or removing PyTorch: wait until it is done.")
        yield


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
