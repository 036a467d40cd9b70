# SPDX-License-Identifier: GPL-3.0-or-later
"""Grower: it opens manifolds, runs rollouts and paints, for whoever asks the worker."""

from __future__ import annotations

import contextlib
import itertools
import os
import platform
import sys
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..automaton.growth import Growth
from ..automaton.rollout import MEMORY, Interrupted, Rollout
from ..genetics.learned import LEARNED_FOLDER, LEARNED_SUFFIX, find_learned
from ..genetics.species import is_plain_name
from ..genetics.version import version_of
from ..manifold import learned_file
from ..manifold.backend import open_automaton
from ..manifold.manifold import Manifold
from ..manifold.model_file import CARD, WEIGHTS, ManifoldError, read_card
from ..manifold.numpy_automaton import NumpyAutomaton
from ..manifold.own_unit import OwnUnit
from ..manifold.recognition import fingerprint, read_readings
from ..maps.order import Order, pack_order
from . import devices, memory
from .device_trial import try_device
from .growths_told import read_growth
from .kept_pictures import MOST_BYTES, KeptPictures
from .limits import Limits
from .pixel_block import PixelBlock
from .request_queue import LATER
from .state_cache import StateCache, Timed
from .worker_errors import TorchMissingError

MOST_OPEN = 4
"""Manifolds that are kept open, each with its rollout's checkpoints."""
MOST_AHEAD, MOST_AHEAD_BYTES = 4, 2**27
"""Pictures that are painted before somebody asks, and how large each may be."""


class Known(NamedTuple):
    """What is known of the species of a manifold.

    Attributes
    ----------
    units : tuple of OwnUnit
        Of those that were learned.
    readings : dict of str to ndarray, shape (dna_length, 4)
        By DNA: what they are recognised by, see `manifold.recognition`.
    """

    units: tuple[OwnUnit, ...]
    readings: dict[str, np.ndarray]


class Grower:
    """What a worker grows by; its own tasks are `frame`, `encode`, `self_test` and `try_device`.

    Parameters
    ----------
    folders
        Folders that hold models, each in a folder of the manifold's name.
    earlier
        Where earlier trainings are kept: a folder of such folders, each named after the version that it holds.
    learned
        Folder of the artist's learned species, each in a file that its unit's key names.
    device
        What to grow on. It changes to the CPU when an accelerator fails.
    tell
        Called with news of the request: {"device": line} when the device changed, {"progress": 0 to 1} at
        each step.
    open_cells
        Opens the cells of a manifold on a backend.

    Attributes
    ----------
    limits : Limits
        What it may hold; the next request is served by those that are set.
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
        self.limits, self._cache = Limits(), StateCache()
        self._base, self._ahead_bytes = memory.held(), MOST_AHEAD_BYTES

    def frame(self, request: dict, should_stop: Callable[[], bool]) -> dict:
        """Grow a frame into the request's pixel block."""
        growth, frame = read_growth(request["growth"]), int(request["frame"])
        order = read_order(request)
        key = self._picture(growth, frame, order)
        picture = self._ahead.pop(key, None) or self._kept.find(key)
        painted = memory.LIVE_PIXEL * memory.pixels_of(growth)
        packed, living = picture or self.grow(growth, frame, should_stop, _painting(order), painted)
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
        self._cache.keep(self.limits)
        following = [(growth, frame + 1, order) for growth, frame, order in self._asked.values()]
        while len(self._asked) > MOST_AHEAD:
            self._kept.forget(self._asked.popitem(last=False)[0])
        wanted = {self._picture(*each): each for each in following[-MOST_AHEAD:]}
        self._ahead = {key: picture for key, picture in self._ahead.items() if key in wanted}
        for key, (growth, frame, order) in wanted.items():
            if key in self._ahead or 48 * memory.pixels_of(growth) > self._ahead_bytes:
                continue
            try:
                rollout, timed = self.rollout(growth), Timed(should_stop)
                picture = _painting(order)(rollout, growth, frame, timed)
                self._cache.note(rollout, growth, frame, self.told_apart(growth), timed.seconds)
                self._ahead[key] = picture, float(rollout.living(growth, frame))
            except Interrupted:
                return
            except Exception:  # whoever asks for this frame is told, by `frame`
                self._asked.clear()
                return

    def _picture(self, growth: Growth, frame: int, order: Order | None) -> tuple:
        """What a live picture depends on: of which model, which state and weights, and how finely it is painted."""
        folder = self._folder(growth.manifold, growth.manifold_version)
        finely = growth.pixels_per_cell, growth.fine, growth.margin
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
        """What the worker is: versions, models, and the devices that `try_device` tries."""
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
            "manifolds": self.names(),
            "problems": self._broken(),
            "devices": [[one.backend, one.name] for one in devices.all_devices(self.device)],
        }

    def _broken(self) -> list[str]:
        """Why models do not open, of those that do not."""
        problems = []
        for name in self.names():
            try:
                self._manifold(name)
            except (ManifoldError, OSError) as error:
                problems.append(str(error))
        return problems

    def try_device(self, request: dict, should_stop: Callable[[], bool]) -> dict:
        """Grow on one of the devices, and see whether it grows what the reference does, and how fast."""
        problem: Exception = ManifoldError("There is no model: install one.")
        for name in self.names():
            folder = self._folder(name)
            try:
                self._memory().check(memory.TRIAL)
                tried = try_device(folder, self._version(folder), request["backend"], request["name"])
                return tried.to_json()
            except (ManifoldError, OSError) as error:
                problem = error
        raise problem

    def grow(
        self,
        growth: Growth,
        frame: int,
        should_stop: Callable[[], bool],
        paint: Callable,
        painted: float = 0.0,
    ) -> tuple[np.ndarray, float]:
        """Grow a picture and the share of living cells; from the first failure of an accelerator on, on the CPU.

        Parameters
        ----------
        growth : Growth
        frame : int
        should_stop : callable
        paint : callable
            Called with rollout, growth, frame and what to ask whether to stop.
        painted : float
            Bytes that painting takes.

        Raises
        ------
        TooLargeError
            All that does not fit into what the engine may hold.
        """
        total, asked = max(1, growth.steps_until(frame)), itertools.count()

        def stops() -> bool:
            # `total` counts from frame 0; a rollout that starts from a held state shows less than is done
            self._tell({"progress": min(1.0, next(asked) / total)})
            return should_stop()

        def grow() -> tuple[np.ndarray, float]:
            rollout = self.rollout(growth)
            self._make_room(rollout, self.needed(growth) + painted)
            grower = self.told_apart(growth)
            self._cache.recall(rollout, growth, frame, grower, self.limits)
            timed = Timed(stops)
            picture = paint(rollout, growth, frame, timed)
            self._cache.note(rollout, growth, frame, grower, timed.seconds)
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

    def known(self, name: str) -> Known:
        """What is known of the species of a manifold: of those that come with it, and of an artist's own.

        A learned one that is damaged, or of another manifold or training, is left out.
        """
        manifold, version = self.open(name)
        encoder, units, readings = fingerprint(manifold.weights), {}, {}
        for place in (self._folder(name) / LEARNED_FOLDER, self._learned):
            for path in sorted(place.glob(f"*{LEARNED_SUFFIX}")) if place else ():
                with contextlib.suppress(ManifoldError):
                    learned = learned_file.read(path)
                    learned_file.check_fit(learned, manifold.name, version, manifold.sizes)
                    units[learned.unit.dna] = learned.unit
                    if learned.reading is not None and learned.reading.encoder == encoder:
                        readings[learned.unit.dna] = learned.reading.logits
        return Known(tuple(units.values()), readings | read_readings(self._folder(name), manifold.weights))

    def needed(self, growth: Growth) -> float:
        """Bytes of memory that the steps of a growth take here."""
        sizes = self._manifold(growth.manifold, growth.manifold_version, growth.learned)[0].sizes
        return memory.needed_to_grow(growth, sizes.channels, sizes.hidden, self.device.backends[0])

    def pixels_that_fit(self, growth: Growth) -> int:
        """Pixels that may be painted at a time for a bake of a growth."""
        return self._memory().pixels(self.needed(growth))

    def _memory(self) -> memory.Memory:
        return memory.Memory(memory.allowed(self.limits.memory), self._base)

    def _make_room(self, grown: Rollout, needed: float) -> None:
        """Let go of what is only kept, as far as what is needed asks for it; raises `TooLargeError`."""
        here = self._memory()
        here.check(needed)
        states, pictures = here.states(needed), here.pictures(needed)
        if (
            states < memory.STATES_SHARE * here.room
        ):  # it is narrow: others are opened again when somebody asks
            self._open = OrderedDict(each for each in self._open.items() if each[1][1] is grown)
        if not self.limits.memory:  # a larger machine is no reason to take more of it unasked
            states = min(states, MEMORY * len(self._open))
        for _, rollout in self._open.values():
            rollout.hold_at_most(states // len(self._open))
        self._kept.hold_at_most(min(MOST_BYTES, pictures // 2))
        self._ahead_bytes = min(MOST_AHEAD_BYTES, pictures // (2 * MOST_AHEAD))
        if sum(picture.nbytes for picture, _ in self._ahead.values()) > pictures // 2:
            self._ahead.clear()

    def told_apart(self, growth: Growth) -> str:
        """The training and the backend that a growth is grown by: others grow others, by some digit."""
        version = self._version(self._folder(growth.manifold, growth.manifold_version))
        return f"{growth.manifold} {version} {self.device.backend}"

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
                manifold = self._teach(manifold, folder, learned)
            self._open[key] = manifold, Rollout(self._open_cells(manifold, self.device.backend))
            while len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)
        self._open.move_to_end(key)
        return self._open[key]

    def _teach(self, manifold: Manifold, folder: Path, keys: tuple[str, ...]) -> Manifold:
        """The manifold with the units of learned species: an artist's own, or such as come with it in its folder."""
        version, places = self._version(folder), (self._learned, folder / LEARNED_FOLDER)
        units = []
        for key in keys:
            path = find_learned(places, key)
            if path is None:
                looked = " and ".join(str(place) for place in places if place)
                raise ManifoldError(
                    f"A learned species of this growth is not there (looked for {key} in {looked}): "
                    "import its file again."
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
