# SPDX-License-Identifier: GPL-3.0-or-later
"""Kill bakes at random moments, and see that the same command ends byte for byte as if nobody had.

    python3 scripts/torture_bake.py                        50 kills of one bake
    python3 scripts/torture_bake.py --tasks --kills 200    of chunks that two workers bake at the same time

After each kill every file under its final name has to be whole. The bakes need no Blender, and the Python that runs
this needs numpy. Exit status 1 where a file differs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from blender_nca.automaton.growth import Genotype, Growth
from blender_nca.baking.growth_file import GrowthFile, write_growth
from blender_nca.baking.settings import BakeSettings
from blender_nca.genetics import read_library
from blender_nca.maps.bake_preset import bundled
from blender_nca.maps.order import Order

FRAMES, CHUNK = 48, 6
RECORD = "_growth.json"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50, help="how many (50)")
    parser.add_argument("--tasks", action="store_true", help="chunks at the same time, instead of one bake")
    parser.add_argument("--seed", type=int, default=0, help="of the moments (0)")
    parser.add_argument("--device", default="numpy", help="as of the bake (numpy, which starts soonest)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="growth-torture-") as folder:
        torture = Torture(Path(folder), options.device, random.Random(options.seed))
        began = time.monotonic()
        torture.bake(torture.whole)
        torture.seconds = time.monotonic() - began
        print(f"uninterrupted: {len(contents(torture.whole))} files in {torture.seconds:.1f} s", flush=True)
        try:
            if options.tasks:
                began = time.monotonic()
                torture.bake(torture.folder / "one", f"--chunk=1-{CHUNK}")
                torture.seconds = time.monotonic() - began
                torture.kill_tasks(options.kills)
            else:
                torture.kill_bake(options.kills)
        except AssertionError as error:
            print(f"FAILED after {torture.kills} kills: {error}")
            return 1
        print(
            f"{torture.kills} kills ({torture.mid_write} left files half written beside), {torture.ended} bakes or "
            f"chunks that came to their end all the same, {torture.rounds} whole sequences: all byte for byte the same"
        )
    return 0


@dataclass
class Torture:
    """Bakes in a folder, and how often they were killed."""

    folder: Path
    device: str
    chance: random.Random
    seconds: float = 0.0
    kills: int = 0
    mid_write: int = 0
    ended: int = 0
    rounds: int = 0
    growth: Path = field(init=False)

    def __post_init__(self) -> None:
        self.growth = self.folder / "moss.growth.json"
        species = read_library([REPOSITORY / "models"]).of("materials")[0]
        growth = Growth("materials", (Genotype((species.dna,)),), 24, 24, 4)
        settings = BakeSettings(range=(1, FRAMES), cells=(24, 24), pixels_per_cell=4)
        presets = bundled()["Blender"], bundled()["Plain"]
        grown = tuple(range(FRAMES))
        file = GrowthFile("Moss", settings, presets, growth, "", 1, grown, Order(2 * FRAMES, 12.0))
        write_growth(self.growth, file)

    @property
    def whole(self) -> Path:
        """Where the bake lies that nobody killed."""
        return self.folder / "whole"

    def start(self, out: Path, *told: str) -> subprocess.Popen:
        """Start a bake in a group of processes of its own."""
        command = [sys.executable, "-m", "blender_nca.bake", "--growth", str(self.growth), "--out", str(out)]
        command += ["--preset", "Blender", "--preset", "Plain", "--resume", "--device", self.device, *told]
        nothing = subprocess.DEVNULL
        return subprocess.Popen(
            command, cwd=REPOSITORY, stdout=nothing, stderr=nothing, start_new_session=True
        )

    def bake(self, out: Path, *told: str) -> None:
        """Bake to the end."""
        assert self.start(out, *told).wait() == 0, f"the bake {told} failed"

    def kill_bake(self, kills: int) -> None:
        """Kill one bake again and again; when it has come to its end, begin another one."""
        out = self.folder / "killed"
        while self.kills < kills:
            if not self._kill(self.start(out), out):
                self._check_whole(out)
                out = self.folder / f"killed{self.rounds}"
        self.bake(out)
        self._check_whole(out)

    def kill_tasks(self, kills: int) -> None:
        """Two workers take chunks, in any order; a task that dies is run again."""
        out, chunks = self.folder / "farm", self._chunks()
        while self.kills < kills:
            if not chunks:
                self._check_whole(out)
                out, chunks = self.folder / f"farm{self.rounds}", self._chunks()
            some = [chunks.pop() for _ in range(min(2, len(chunks)))]
            states = f"--states={out}/states"
            running = [(chunk, self.start(out, f"--chunk={chunk}", states)) for chunk in some]
            chunks[:0] = [chunk for chunk, process in running if self._kill(process, out)]
        for chunk in chunks:
            self.bake(out, f"--chunk={chunk}")
        self._check_whole(out)

    def _chunks(self) -> list[str]:
        chunks = [f"{first}-{min(first + CHUNK - 1, FRAMES)}" for first in range(1, FRAMES + 1, CHUNK)]
        self.chance.shuffle(chunks)
        return chunks

    def _kill(self, process: subprocess.Popen, out: Path) -> bool:
        """Kill a bake at a random moment: as a machine that dies, or politely; whether it was not at its end."""
        try:
            process.wait(self.chance.uniform(0.1, 0.9) * self.seconds)
        except subprocess.TimeoutExpired:
            way = self.chance.choice(["politely", "alone", "machine", "machine"])
            # a worker whose client dies alone finishes its frame; a machine that dies takes both at once
            workers = children(process.pid) if way == "machine" else []
            for pid in workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            os.kill(process.pid, signal.SIGTERM if way == "politely" else signal.SIGKILL)
        status = process.wait()
        if status == 0:
            self.ended += 1
            return False
        assert status in (-signal.SIGKILL, -signal.SIGTERM, 130), (
            f"it ended by itself, with exit status {status}"
        )
        self.kills += 1
        if self.kills % 25 == 0:
            print(f"{self.kills} kills", flush=True)
        self.mid_write += any(path.suffix == ".part" for path in out.rglob("*.part"))
        expected = contents(self.whole)
        for name, content in contents(out).items():
            assert name.endswith((RECORD, ".part")) or content == expected[name], f"{name} is another file"
        return True

    def _check_whole(self, out: Path) -> None:
        found, expected = contents(out), contents(self.whole)
        left = {name for name in found if name.endswith(".part")}
        found = {name: content for name, content in found.items() if name not in left}
        assert found.keys() == expected.keys(), f"others: {sorted(found.keys() ^ expected.keys())[:5]}"
        others = [name for name in found if found[name] != expected[name]]
        assert not others, f"not the same: {others[:5]}"
        self.rounds += 1


def children(pid: int) -> list[int]:
    """The processes that a process has started, where the system tells."""
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


if __name__ == "__main__":
    sys.exit(main())
