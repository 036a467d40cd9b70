# SPDX-License-Identifier: GPL-3.0-or-later
"""What parts of the torture start, and what they see of processes from outside. On Linux."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
INSIDE = REPOSITORY / "scripts" / "torture_inside.py"
MARK = "TORTURE "
LINES = 30


class BrokenError(AssertionError):
    """Something that must not happen, and did."""


@dataclass
class Bench:
    """Where parts are tried.

    Attributes
    ----------
    folder : Path
        For all that is written.
    blender : Path or None
        The program; without it Blender as a module of the Python that runs here.
    window : bool
        Whether that Blender is to have a window.
    device : str
        What grows, as `engine.client.Engine` takes it.
    """

    folder: Path
    blender: Path | None = None
    window: bool = False
    device: str = "numpy"

    def start(self, part: str, resources: Path | None = None, **told: Any) -> Started:
        """Start a part in a Blender with settings of its own, or with those in `resources`."""
        place = Path(tempfile.mkdtemp(dir=self.folder))
        words = ["--", part, json.dumps({"folder": str(place), "device": self.device, **told})]
        if self.blender is None:
            command = [sys.executable, str(INSIDE), *words]
        else:
            command = [str(self.blender), *["-b"] * (not self.window), "--factory-startup"]
            command += ["--python-exit-code", "1", "--python", str(INSIDE), *words]
        resources = resources or place / "resources"
        resources.mkdir(exist_ok=True)
        return Started(command, {"BLENDER_USER_RESOURCES": str(resources)}, place / "log.txt")

    def run(self, part: str, resources: Path | None = None, **told: Any) -> dict[str, Any]:
        """Let a part come to its end; returns its figures."""
        return self.start(part, resources, **told).figures()


@dataclass
class Started:
    """A Blender that was started."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen = field(init=False)

    def __post_init__(self) -> None:
        unwanted = ("NCA_WORKER_PYTHON", "PYTHONPATH")
        environment = {name: value for name, value in os.environ.items() if name not in unwanted}
        with self.log.open("wb") as file:
            self.process = subprocess.Popen(
                self.command,
                cwd=REPOSITORY,
                env={**environment, **self.environment},
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def told(self, key: str, seconds: float = 120) -> Any:
        """Wait for something that it tells. Raises `BrokenError` where it ends before, or never does."""
        until = time.monotonic() + seconds
        while True:
            is_over = self.process.poll() is not None
            for line in self.log.read_text("utf-8", "replace").splitlines():
                if line.startswith(MARK):
                    with contextlib.suppress(ValueError):  # not yet whole
                        values = json.loads(line.removeprefix(MARK))
                        if key in values:
                            return values[key]
            if is_over or time.monotonic() > until:
                raise BrokenError(f"Blender never told its {key}:\n{self.last_words()}")
            time.sleep(0.02)

    def figures(self) -> dict[str, Any]:
        """Wait for its end; returns what it tells then."""
        status = self.process.wait()
        if status:
            raise BrokenError(f"Blender ended with status {status}:\n{self.last_words()}")
        return dict(self.told("figures"))

    def last_words(self) -> str:
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-LINES:])


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # after the name, which may hold anything: state, parent
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended
            continue
        if parent == pid:
            found.append(int(stat.parent.name))
    return found


def is_there(pid: int) -> bool:
    """Whether a process is, and has not just ended without anybody asking."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def resident(pid: int) -> int:
    """Bytes that a process has in memory, without what it shares with others."""
    pages, shared = (int(number) for number in Path(f"/proc/{pid}/statm").read_text().split()[1:3])
    return (pages - shared) * os.sysconf("SC_PAGE_SIZE")


def slope(samples: list[tuple[int, int]]) -> float:
    """By how much the second value grows with each of the first, by least squares."""
    middle = sum(x for x, _ in samples) / len(samples)
    over = sum((x - middle) * y for x, y in samples)
    return over / (sum((x - middle) ** 2 for x, _ in samples) or 1.0)
