# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts that kill bakes at random moments, and see that the same command ends byte for byte as if nobody had.

After each kill every file under its final name has to be whole.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torture_start import REPOSITORY, Bench, BrokenError, Started, children

if TYPE_CHECKING:
    from torture_inside import Stage, Steps

FRAMES, CHUNK = 48, 6
RECORD = "_growth.json"


def bakes(bench: Bench, times: int, seed: int) -> dict[str, Any]:
    """Kill bakes that need no Blender: alone, politely, or with their worker, as a machine that dies."""
    torture = Torture(bench.folder, WithoutBlender(bench), random.Random(seed))
    torture.kill_bake(times)
    return torture.figures


def tasks(bench: Bench, times: int, seed: int) -> dict[str, Any]:
    """Kill tasks of a farm: chunks of one bake, of which two run at a time."""
    torture = Torture(bench.folder, WithoutBlender(bench), random.Random(seed))
    torture.kill_tasks(times)
    return torture.figures


def blenders(bench: Bench, times: int, seed: int) -> dict[str, Any]:
    """Kill a Blender that bakes."""
    torture = Torture(bench.folder, InBlender(bench), random.Random(seed))
    torture.kill_bake(times)
    return torture.figures


@dataclass
class Bake:
    """A bake that was started. `pid` is what is killed, which a program may have started that waits for it."""

    process: subprocess.Popen
    pid: int


class WithoutBlender:
    """Bakes of a growth file."""

    def __init__(self, bench: Bench) -> None:
        from torture_growth import write_moss

        self._growth, self._device = bench.folder / "moss.growth.json", bench.device
        write_moss(self._growth, FRAMES)

    def start(self, out: Path, *told: str) -> Bake:
        """Start a bake in a group of processes of its own."""
        command = [sys.executable, "-m", "blender_nca.bake", "--growth", str(self._growth), "--out", str(out)]
        command += ["--preset", "Blender", "--preset", "Plain", "--resume", "--device", self._device, *told]
        nothing = subprocess.DEVNULL
        process = subprocess.Popen(
            command, cwd=REPOSITORY, stdout=nothing, stderr=nothing, start_new_session=True
        )
        return Bake(process, process.pid)


class InBlender:
    """Bakes of a material, by the operator."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def start(self, out: Path, *told: str) -> Bake:
        """Start a Blender, and wait until it begins to bake."""
        started: Started = self._bench.start("torture_bake:bake_material", out=str(out))
        started.told("bakes")
        return Bake(started.process, started.told("pid"))


def bake_material(stage: Stage, out: str) -> Steps:
    """Bake a growth with Blender's operator."""
    import bpy
    from torture_inside import tell

    material = stage.material("Moss", 0, bake_start=1, bake_end=FRAMES)
    stage.module("addon.bake.properties").baking_of(material).bake_folder = out
    yield
    tell({"bakes": True})
    if bpy.ops.nca.bake("EXEC_DEFAULT") != {"FINISHED"}:
        raise AssertionError("the bake did not come to its end")
    return {}


@dataclass
class Torture:
    """Bakes in a folder, and how often they were killed."""

    folder: Path
    bakes: WithoutBlender | InBlender
    chance: random.Random
    seconds: float = 0.0
    kills: int = 0
    mid_write: int = 0
    ended: int = 0
    rounds: int = 0
    files: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.seconds = self._time(self.whole)
        self.files = len(contents(self.whole))

    @property
    def figures(self) -> dict[str, Any]:
        """How often they were killed, left something half written beside, and ended all the same."""
        return {
            "kills": self.kills,
            "left_half_files_beside": self.mid_write,
            "ended_before": self.ended,
            "compared": self.rounds,
            "files": self.files,
            "uninterrupted_s": round(self.seconds, 1),
        }

    def _time(self, out: Path, *told: str) -> float:
        """Bake to the end; how long that takes from the moment in which it may be killed."""
        bake = self.bakes.start(out, *told)
        began = time.monotonic()
        if bake.process.wait():
            raise BrokenError(f"the bake {told} failed")
        return time.monotonic() - began

    @property
    def whole(self) -> Path:
        """Where the bake lies that nobody killed."""
        return self.folder / "whole"

    def kill_bake(self, kills: int) -> None:
        """Kill one bake again and again; when it has come to its end, begin another one."""
        out = self.folder / "killed"
        while self.kills < kills:
            if not self._kill(self.bakes.start(out), out):
                self._check_whole(out)
                out = self.folder / f"killed{self.rounds}"
        self._time(out)
        self._check_whole(out)

    def kill_tasks(self, kills: int) -> None:
        """Two workers take chunks, in any order; a task that dies is run again."""
        self.seconds = self._time(self.folder / "one", f"--chunk=1-{CHUNK}")
        out, chunks = self.folder / "farm", self._chunks()
        while self.kills < kills:
            if not chunks:
                self._check_whole(out)
                out, chunks = self.folder / f"farm{self.rounds}", self._chunks()
            some = [chunks.pop() for _ in range(min(2, len(chunks)))]
            states = f"--states={out}/states"
            running = [(chunk, self.bakes.start(out, f"--chunk={chunk}", states)) for chunk in some]
            chunks[:0] = [chunk for chunk, bake in running if self._kill(bake, out)]
        for chunk in chunks:
            self._time(out, f"--chunk={chunk}")
        self._check_whole(out)

    def _chunks(self) -> list[str]:
        chunks = [f"{first}-{min(first + CHUNK - 1, FRAMES)}" for first in range(1, FRAMES + 1, CHUNK)]
        self.chance.shuffle(chunks)
        return chunks

    def _kill(self, bake: Bake, out: Path) -> bool:
        """Kill a bake at a random moment: as a machine that dies, or politely; whether it was not at its end."""
        try:
            bake.process.wait(self.chance.uniform(0.1, 0.9) * self.seconds)
        except subprocess.TimeoutExpired:
            way = self.chance.choice(["politely", "alone", "machine", "machine"])
            # a worker whose client dies alone finishes its frame; a machine that dies takes both at once
            workers = children(bake.pid) if way == "machine" else []
            for pid in workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            os.kill(bake.pid, signal.SIGTERM if way == "politely" else signal.SIGKILL)
        status = bake.process.wait()
        if status == 0:
            self.ended += 1
            return False
        # 128 and the signal: from a shell that has started it
        if status not in (-signal.SIGKILL, -signal.SIGTERM, 130, 137, 143):
            raise BrokenError(f"it ended by itself, with exit status {status}")
        self.kills += 1
        self.mid_write += any(path.suffix == ".part" for path in out.rglob("*.part"))
        expected = contents(self.whole)
        for name, content in contents(out).items():
            if not name.endswith((RECORD, ".part")) and content != expected.get(name):
                raise BrokenError(f"after {self.kills} kills {name} is another file")
        return True

    def _check_whole(self, out: Path) -> None:
        found, expected = contents(out), contents(self.whole)
        left = {name for name in found if name.endswith(".part")}
        found = {name: content for name, content in found.items() if name not in left}
        others = [name for name in found.keys() | expected if found.get(name) != expected.get(name)]
        if others:
            raise BrokenError(f"after {self.kills} kills these are not the same: {sorted(others)[:5]}")
        self.rounds += 1


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a bake by their paths in its folder, but for locks and states."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".lock" and path.parent.name != "states":
            try:
                found[str(path.relative_to(folder))] = path.read_bytes()
            except FileNotFoundError:  # renamed meanwhile, by another worker
                continue
    return found
