# SPDX-License-Identifier: GPL-3.0-or-later
"""Grower: it opens manifolds, runs rollouts and paints, for whoever asks the worker."""

from __future__ import annotations

import itertools
import os
import platform
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ..automaton.growth import Genotype, Growth
from ..automaton.rollout import Interrupted, Rollout
from ..automaton.seeds import Seeds
from ..genetics import is_plain_name, version_of
from ..manifold import learned_file
from ..manifold.backend import open_automaton
from ..manifold.manifold import Manifold
from ..manifold.model_file import CARD, WEIGHTS, ManifoldError, read_card
from ..manifold.numpy_automaton import NumpyAutomaton
from ..maps.order import Order, pack_order
from . import devices
from .growths_told import read_growth
from .kept_pictures import KeptPictures
from .pixel_block import PixelBlock
from .request_queue import LATER
from .worker_errors import TorchMissingError

MOST_OPEN = 4
"""Manifolds that are kept open, each with its rollout's checkpoints."""
TEST_CELLS, TEST_SECONDS = 64, 1.0
MANY_CELLS, MANY_SEEDS = 512, 1000
"""Along the side of a grid that covers itself at once: a card is worth more there than on a small one."""
MOST_AHEAD, MOST_AHEAD_BYTES = 4, 2**27
"""Pictures that are painted before somebody asks, and how large each may be."""


class Grower:
    """What a worker grows by; its own tasks are `frame`, `encode` and `self_test`.

    Parameters
    ----------
    folders
        Folders that hold models, each in a folder of the manifold's name.
    earlier
        Where earlier trainings are kept: a folder of such folders, each named after the version that it holds.
    learned
        Folder of the learned species, each in a file that its unit's key names.
    device
        What to grow on. It changes to the CPU when an accelerator fails.
    tell
        Called with news of the request: {"device": line} when the device changed, {"progress": 0 to 1} at
        each step.
    open_cells
        Opens the cells of a manifold on a backend.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        device: devices.Device,
        tell: Callable[[dict], None],
        earlier: Path | None = None,
        learned: Path | None = None,
        open_cells: Callable[[Manifold, str], NumpyAutomaton] = open_automaton,
    ):
        self.folders, self.device, self._tell = [Path(folder) for folder in folders], device, tell
        self._earlier, self._learned, self._open_cells = earlier, learned, open_cells
        self._open: OrderedDict[tuple, tuple[Manifold, Rollout]] = OrderedDict()
        self._asked: OrderedDict[str, tuple[Growth, int, Order | None]] = OrderedDict()
        self._read: dict[Path, tuple[list[tuple], str]] = {}
        self._ahead: dict[tuple, tuple[np.ndarray, float]] = {}
        self._kept = KeptPictures()

    def frame(self, request: dict, should_stop: Callable[[], bool]) -> dict:
        """Grow a frame into the request's pixel block."""
        growth, frame = read_growth(request["growth"]), int(request["frame"])
        order = read_order(request)
        key = self._picture(growth, frame, order)
        picture = self._ahead.pop(key, None) or self._kept.find(key)
        packed, living = picture or self.grow(growth, frame, should_stop, _painting(order))
        slot = str(request.get("slot", ""))
        if not slot.startswith(LATER):  # nobody plays those
            self._asked[slot] = growth, frame, order
            self._kept.show(slot, growth.key, key, (packed, living))
        with PixelBlock.open(request["block"], packed.nbytes) as block:
            block.write(packed)
        return {"frame": frame, "steps": growth.steps_until(growth.parts(frame)[0][0]), "living": living}

    def run_ahead(self, should_stop: Callable[[], bool]) -> None:
        """Grow and paint what playback will ask for next, until somebody asks for something.

        That is, for each slot, the frame after the one that was asked for last.
        """
        following = [(growth, frame + 1, order) for growth, frame, order in self._asked.values()]
        while len(self._asked) > MOST_AHEAD:
            self._kept.forget(self._asked.popitem(last=False)[0])
        wanted = {self._picture(*each): each for each in following[-MOST_AHEAD:]}
        self._ahead = {key: picture for key, picture in self._ahead.items() if key in wanted}
        for key, (growth, frame, order) in wanted.items():
            if (
                key in self._ahead
                or 48 * growth.height * growth.width * growth.pixels_per_cell**2 > MOST_AHEAD_BYTES
            ):
                continue
            try:
                rollout = self.rollout(growth)
                picture = _painting(order)(rollout, growth, frame, should_stop)
                self._ahead[key] = picture, float(rollout.living(growth, frame))
            except Interrupted:
                return
            except Exception:  # whoever asks for this frame is told, by `frame`
                self._asked.clear()
                return

    def _picture(self, growth: Growth, frame: int, order: Order | None) -> tuple:
        """What a live picture depends on: of which model, which state and weights, and how finely it is painted."""
        folder = self._folder(growth.manifold, growth.manifold_version)
        finely = growth.pixels_per_cell, growth.margin
        return folder, self._version(folder), self.device.backend, growth.picture_key(frame), *finely, order

    def encode(self, request: dict, should_stop: Callable[[], bool]) -> str:
        """The DNA that a manifold's encoder reads from the picture in the request's pixel block."""
        if not self.device.has_torch:
            raise TorchMissingError(
                "Reading a DNA from a picture needs torch: "
                "choose a Python that has it in the preferences of Neural Growth."
            )
        shape = tuple(int(n) for n in request["shape"])
        with PixelBlock.open(request["block"], 4 * int(np.prod(shape))) as block:
            picture = block.read(shape)
        return self._manifold(request["manifold"])[0].encode(picture)

    def self_test(self, request: dict, should_stop: Callable[[], bool]) -> dict:
        """Versions, and the steps a second that a small growth really gets."""
        names, problems = self.names(), []
        speeds: dict[str, float] = {}
        by_side: dict[str, float] = {}
        for name in names:
            try:
                speeds = self._speeds(name, should_stop)
                by_side = self._speeds_by_side(name, speeds)
                break
            except (ManifoldError, OSError) as error:
                problems.append(str(error))
        torch = sys.modules.get("torch")
        return {
            "device": self.device.line,
            "backend": self.device.backends[0],
            "versions": {
                "python": platform.python_version(),
                "torch": torch and str(torch.__version__),
                "numpy": np.__version__,
            },
            "python": sys.executable,
            "pid": os.getpid(),
            "torch": torch and torch.__file__,
            "manifolds": names,
            "steps_per_second": speeds.get(self.device.backends[0]),
            "speeds": speeds,
            "speeds_by_side": by_side,
            "problems": problems,
        }

    def grow(
        self, growth: Growth, frame: int, should_stop: Callable[[], bool], paint: Callable
    ) -> tuple[np.ndarray, float]:
        """Grow a picture and the share of living cells; from the first failure of an accelerator on, on the CPU."""
        total, asked = max(1, growth.steps_until(frame)), itertools.count()

        def stops() -> bool:
            # `total` counts from frame 0; a rollout that starts from a held state shows less than is done
            self._tell({"progress": min(1.0, next(asked) / total)})
            return should_stop()

        def grow() -> tuple[np.ndarray, float]:
            rollout = self.rollout(growth)
            picture = paint(rollout, growth, frame, stops)
            return picture, float(rollout.living(growth, frame))

        try:
            return grow()
        except (RuntimeError, MemoryError) as error:
            if not self.device.accelerator:
                raise
            lost, reason = self.device, devices.first_line(error)
            if devices.ran_out_of_memory(error):
                reason = "out of memory"
        self._open.clear()  # not in the handler: there the error still holds the device's memory
        devices.free_memory(lost)
        self.device = devices.cpu(f"{lost.name.split(':')[0]} failed: {reason}", lost.torch)
        self._tell({"device": self.device.line})
        return grow()

    def open(self, name: str) -> tuple[Manifold, str]:
        """A manifold as it is, and which training of it; raises `ManifoldError`."""
        return self._manifold(name)[0], self._version(self._folder(name))

    def told_apart(self, growth: Growth) -> str:
        """The training and the backend that a growth is grown by: others grow others, by some digit."""
        version = self._version(self._folder(growth.manifold, growth.manifold_version))
        return f"{version} {self.device.backend}"

    def rollout(self, growth: Growth) -> Rollout:
        """What grows a growth, with what it holds of it; raises `ManifoldError`."""
        return self._manifold(growth.manifold, growth.manifold_version, growth.learned)[1]

    def _manifold(
        self, name: str, version: str = "", learned: tuple[str, ...] = ()
    ) -> tuple[Manifold, Rollout]:
        folder = self._folder(name, version)
        stats = tuple(_versions(folder))
        key = (folder, self.device.backend, stats, learned)
        if key not in self._open:
            for other in [other for other in self._open if other[0] == folder and other[2] != stats]:
                del self._open[other]  # its files have changed
            manifold = Manifold.open(folder)
            if learned:
                manifold = self._teach(manifold, self._version(folder), learned)
            self._open[key] = manifold, Rollout(self._open_cells(manifold, self.device.backend))
            while len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)
        self._open.move_to_end(key)
        return self._open[key]

    def _teach(self, manifold: Manifold, version: str, keys: tuple[str, ...]) -> Manifold:
        """The manifold with the units of learned species."""
        units = []
        for key in keys:
            path = learned_file.place(self._learned, key) if self._learned else None
            if path is None or not path.is_file():
                raise ManifoldError(
                    f"A learned species of this growth is not there (looked for {path}): import its file again."
                )
            learned = learned_file.read(path)
            if learned.unit.key != key:
                raise ManifoldError(f"{path} is damaged, or another species: import its file again.")
            learned_file.check_fit(learned, manifold.name, version, manifold.sizes)
            units.append(learned.unit)
        return manifold.with_units(tuple(units))

    def _folder(self, name: str, version: str = "") -> Path:
        found = [folder / name for folder in self.folders if _is_there(folder, name)]
        fitting = (folder for folder in found if not version or self._version(folder) == version)
        first = next(fitting, None)
        if first is not None:
            return first
        kept = self._earlier / version if self._earlier and version and is_plain_name(version) else None
        if kept is not None and _is_there(kept, name):
            return kept / name
        looked = ", ".join(map(str, self.folders)) or "no folder"
        if found:
            raise ManifoldError(
                f"The model {name!r} was replaced by another training (looked in {looked}): reload the species."
            )
        raise ManifoldError(
            f"The model {name!r} is not there (looked in {looked}). Install it, or choose another species."
        )

    def _version(self, folder: Path) -> str:
        stats = _versions(folder)
        if folder not in self._read or self._read[folder][0] != stats:
            try:
                card = read_card(folder)[0]
            except ManifoldError:
                card = {}
            self._read[folder] = stats, version_of(folder / WEIGHTS, card)
        return self._read[folder][1]

    def names(self) -> list[str]:
        """Names of all manifolds that there are."""
        found = (path.parent.name for folder in self.folders for path in folder.glob(f"*/{WEIGHTS}"))
        return sorted(set(found))

    def _speeds(self, name: str, should_stop: Callable[[], bool]) -> dict[str, float]:
        """Steps a second of a small growth by each backend that there is; the chosen one first, as it really grows."""
        manifold, _ = self._manifold(name)
        growth = _test_growth(manifold, TEST_CELLS)
        self.grow(growth, 2, should_stop, Rollout.maps)
        return {
            backend: _speed(Rollout(open_automaton(manifold, backend)), growth)
            for backend in self.device.backends  # after the growth: a card that failed there is not among them
        }

    def _speeds_by_side(self, name: str, speeds: dict[str, float]) -> dict[str, float]:
        """Steps a second by the chosen backend: cells along the side of a grid -> that."""
        backend = self.device.backends[0]
        found = {str(TEST_CELLS): speeds[backend]}
        if backend != "numpy":  # whose every step takes as long as its cells are many
            manifold, _ = self._manifold(name)
            rollout = Rollout(open_automaton(manifold, backend), memory=0)
            found[str(MANY_CELLS)] = _speed(rollout, _test_growth(manifold, MANY_CELLS))
        return found


def _test_growth(manifold: Manifold, side: int) -> Growth:
    dna = ("ACGT" * manifold.dna_length)[: manifold.dna_length]
    seeds = Seeds() if side == TEST_CELLS else Seeds("scattered", MANY_SEEDS)
    return Growth(manifold.name, (Genotype((dna,)),), side, side, 1, seeds=seeds, steps=(4.0,))


def _speed(rollout: Rollout, growth: Growth) -> float:
    """Steps a second, once it is warm."""
    rollout.living(growth, 2)
    began, frame = time.perf_counter(), 2
    while time.perf_counter() - began < TEST_SECONDS:
        frame += 1
        rollout.living(growth, frame)
    return (frame - 2) * 4 / (time.perf_counter() - began)


def read_order(request: dict) -> Order | None:
    order = request.get("order")
    return None if order is None else Order(int(order["end"]), float(order["front"]))


def _painting(order: Order | None) -> Callable:
    """Paints the live images of a frame: with an order there is one more."""
    if order is None:
        return Rollout.live

    def paint(rollout: Rollout, growth: Growth, frame: int, should_stop: Callable[[], bool]) -> np.ndarray:
        images = rollout.live(growth, frame, should_stop)
        dates = rollout.order(growth, frame, order, should_stop)
        return np.concatenate([images, pack_order(dates, images[0, ..., 3])[None]])

    return paint


def _is_there(folder: Path, name: object) -> bool:
    return is_plain_name(name) and (folder / str(name) / WEIGHTS).is_file()


def _versions(folder: Path) -> list[tuple]:
    stats = [(folder / name).stat() for name in (WEIGHTS, CARD) if (folder / name).exists()]
    return [(stat.st_mtime_ns, stat.st_size) for stat in stats]
