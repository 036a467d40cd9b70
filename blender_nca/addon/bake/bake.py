# SPDX-License-Identifier: GPL-3.0-or-later
"""Bake: a growth as image sequences on disk, frame by frame while Blender goes on."""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from ...maps.claim import Claim, ClaimedError
from ...maps.record import RecordError, read_record, write_record
from ...maps.sequence import OPTIONAL_MAPS, SEQUENCE_MAPS, frame_path, missing_maps
from ..host.colour_space import look, why_no_bake
from ..library import catalogue
from ..material import duplicates, events
from ..material.clock import frame_of
from ..material.look import looks_to_bake
from ..material.order import describe, is_asked
from ..material.status import why_not_editable
from ..material.track import forget_track
from ..settings.preferences import chosen_engine
from . import owners
from .destination import BakeError, baked_to_the_same_files, folder_of, stem_of
from .layout import corners_now, layout_of
from .properties import baking_of, frames_of
from .texture_cache import forget

if TYPE_CHECKING:
    from ...engine.client import Job
    from ...maps.look import Look

AHEAD = 2
"""Frames asked of the engine at a time: one is written, one waits."""
RECORD_PAUSE = 1.0
"""Seconds between two updates of the record."""

_running: dict[int, Bake] = {}


class TakenError(BakeError):
    """The bake would replace files that somebody else shows; it begins where that is wanted."""


class Bake:
    """A bake under way. The growth is that of the moment in which it began.

    Parameters
    ----------
    material : Material
    replace : bool
        Also files that another material, or another .blend file, shows.

    Attributes
    ----------
    first, last : int
        Frames of the scene.
    is_loop : bool
        Whether they come again and again.
    order : Order or None
        How growth order and front are painted, where they are baked, too.
    finished : set of int
        Frames that are on disk, also those that were there before.
    """

    def __init__(self, material: bpy.types.Material, replace: bool = False):
        """Plan the bake and open its folder.

        Raises
        ------
        BakeError, GrowthError
            With what to do.
        """
        duplicates.separate()
        nca = baking_of(material)
        problem = why_not_editable(material)
        if problem:
            raise BakeError(problem)
        if not nca.growing:
            raise BakeError(f"{material.name} has no growth: press New Growth first.")
        look()
        self.uid, self.name = material.session_uid, material.name
        self.first, self.last = frames_of(nca)
        self.is_loop = nca.loop is not None and nca.bake_loop
        if why_no_bake():
            raise BakeError(why_no_bake())
        if self.last < self.first:
            raise BakeError(
                f"The bake ends at frame {self.last}, before it starts at {self.first}: set its end later."
            )
        events.needed(material)
        forget_track(material)  # what its drivers read may have been changed by a script meanwhile
        scene_frames = range(self.first, self.last + 1)
        self._grown = {frame: frame_of(material, frame) for frame in scene_frames}
        self.growth, self.order = describe(material, max(self._grown.values()), is_asked(material))
        self.folder, self.stem = folder_of(material), stem_of(material)
        other = baked_to_the_same_files(material, self.folder, self.stem)
        if other is not None:
            same = (
                "the same names"
                if stem_of(other) == self.stem
                else "names that Windows and macOS take for these"
            )
            raise BakeError(
                f"{other.name} is baked to files of {same} in {self.folder}: choose another folder in Bake, "
                "or rename one of the two materials."
            )
        self.normal_strength = nca.normal_strength
        self.layout = layout_of(material)
        self._looks = dict(zip(scene_frames, looks_to_bake(material, scene_frames), strict=True))
        self._mesh = nca.uv_map, corners_now(material, nca.uv_map)
        self._corners: Path | None = None
        self._aside: tempfile.TemporaryDirectory[str] | None = None
        self._keys = self._frame_keys()
        self._jobs: deque[tuple[int, Job]] = deque()
        self._record_written = 0.0
        self._cancelled = False
        try:
            self._claim = Claim(self.folder, self.stem)
            try:
                if self.layout is not None:
                    self._aside = tempfile.TemporaryDirectory(prefix="growth-", ignore_cleanup_errors=True)
                    self._corners = self.layout.keep(Path(self._aside.name))
                self._open_folder(material, replace)
            except BaseException:
                self._claim.release()
                raise
        except (RecordError, ClaimedError) as error:
            raise BakeError(str(error)) from error
        except OSError as error:
            raise BakeError(
                f"Cannot write into {self.folder} ({error.strerror or error}): choose another folder in Bake."
            ) from error
        self._written: list[Path] = []

    def number(self, frame: int) -> int:
        """Number of a frame's files: its own, or where a bake begins below 0, which no file has, counted from 1."""
        return frame if self.first >= 0 else frame - self.first + 1

    @property
    def has_look(self) -> bool:
        """Whether the files are changed as the material's look says."""
        return any(self._looks.values())

    @property
    def total(self) -> int:
        return self.last - self.first + 1

    @property
    def progress(self) -> float:
        """Share of the frames that are on disk."""
        return len(self.finished) / self.total

    @property
    def done(self) -> bool:
        return len(self.finished) == self.total

    def step(self, patience: float = 0.0) -> None:
        """Note finished frames and ask for more.

        Parameters
        ----------
        patience : float
            Seconds to wait for the frame that is being written.

        Raises
        ------
        EngineError
            A frame cannot be written. What is finished stays.
        """
        while self._todo and len(self._jobs) < AHEAD:
            frame = next(iter(self._todo))
            maps = self._todo.pop(frame)
            job = chosen_engine().write(
                self.growth,
                self._grown[frame],
                self.folder,
                self.stem,
                self.number(frame),
                maps,
                self.normal_strength,
                self.order if set(maps) & set(OPTIONAL_MAPS) else None,
                corners=self._corners,
                look=self._looks[frame],
            )
            self._written += [frame_path(self.folder, self.stem, name, self.number(frame)) for name in maps]
            self._jobs.append((frame, job))
        while self._jobs:
            frame, job = self._jobs[0]
            try:
                job.result(patience)
            except TimeoutError:
                break
            self._jobs.popleft()
            self.finished.add(frame)
            self._record[str(self.number(frame))] = self._keys[frame]
            if self.order is not None:
                self._orders[str(self.number(frame))] = self._order_key(frame)
            if time.monotonic() - self._record_written > RECORD_PAUSE:
                self._note_finished()
            if patience:
                break

    def saw_other_mesh(self, material: bpy.types.Material) -> bool:
        """Whether the mesh was changed since the bake began."""
        uv_map, corners = self._mesh
        return corners_now(material, uv_map) != corners

    def cancel(self) -> None:
        """Stop; a bake from now on continues with what is missing."""
        self._cancelled = True

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled

    def close(self) -> None:
        """End what is under way and note what is finished."""
        for _, job in self._jobs:
            job.cancel()
        self._jobs.clear()
        if self._aside is not None:
            self._aside.cleanup()
        forget(self._written)
        self._note_finished()
        self._claim.release()
        _running.pop(self.uid, None)

    def _frame_keys(self) -> dict[int, str]:
        """Frame -> a key of all that its files depend on."""
        chain = self.growth.chain(max(self._grown.values()))
        model = self.growth.manifold_version
        model = model or catalogue.models().get(self.growth.manifold, {}).get("sha256", "")
        rest = f"{self.growth.pixels_per_cell} {self.growth.boundary} {self.normal_strength:.6g} {model}"
        if self.growth.surface is not None:
            rest += f" {self.growth.margin}"
        if self.layout is not None:
            rest += f" {self.layout.digest}"
        keys = {}
        for frame, grown in self._grown.items():
            state, weights = chain[grown]
            look = self._looks[frame]
            # the weights also here: what is painted of a state depends on those of its own frame
            keys[frame] = hashlib.sha256(f"{state} {weights} {rest}{_said(look)}".encode()).hexdigest()[:32]
        return keys

    def _maps_to_write(self, frame: int) -> list[str]:
        """What a frame lacks: all its maps, or those that bakes of before, or of an older version, did not have."""
        number = self.number(frame)
        wanted = [*SEQUENCE_MAPS, *(OPTIONAL_MAPS if self.order else ())]
        if self._record.get(str(number)) != self._keys[frame]:
            return wanted
        missing = missing_maps(self.folder, self.stem, number, wanted)
        if self.order is None or self._orders.get(str(number)) == self._order_key(frame):
            return missing
        return [name for name in wanted if name in missing or name in OPTIONAL_MAPS]

    def _order_key(self, frame: int) -> str:
        """A key of all that the files of a frame's order depend on."""
        return hashlib.sha256(f"{self._keys[frame]} {self.order}".encode()).hexdigest()[:32]

    def _open_folder(self, material: bpy.types.Material, replace: bool) -> None:
        """Find the frames that are there, and take those that this bake will replace out of the record."""
        record = read_record(self.folder, self.stem) or {}
        frames = record.get("frames")
        self._record = dict(frames) if isinstance(frames, dict) else {}
        orders = record.get("orders")
        self._orders = dict(orders) if isinstance(orders, dict) else {}
        self._todo = {frame: maps for frame in self._keys if (maps := self._maps_to_write(frame))}
        self.finished = {frame for frame in self._keys if frame not in self._todo}
        replaces = self._replaces_files()
        if replaces and not replace:
            self._refuse_to_replace(material, record)
        for frame, key in self._keys.items():
            number = str(self.number(frame))
            if self._record.get(number) != key:
                # taken out before its files are replaced: half replaced, they belong to neither growth
                self._record.pop(number, None)
            if frame in self._todo:
                self._orders.pop(number, None)
        self._blends = owners.with_this_file(record, self.folder, is_replacing=replaces)
        self._write_record()

    def _replaces_files(self) -> bool:
        """Whether any file of another picture stands where this bake will write."""
        return any(
            missing_maps(self.folder, self.stem, self.number(frame), maps) != maps
            for frame, maps in self._todo.items()
        )

    def _refuse_to_replace(self, material: bpy.types.Material, record: dict[str, object]) -> None:
        """Raise where another one shows what would be replaced."""
        names = owners.in_this_file(material, self.folder, self.stem)
        blends = owners.other_files(record, self.folder)
        if names:
            who = f"{owners.listed(names)} {'shows' if len(names) == 1 else 'show'}"
        elif blends:
            who = f"{owners.listed(path.name for path in blends)} may show"
        else:
            return
        raise TakenError(
            f"{who} the baked files of {self.stem} in {self.folder}, which would be replaced: "
            "choose another folder in Bake, or rename this material."
        )

    def _note_finished(self) -> None:
        # Where the disk is full or gone, the next frame says so; those not noted will be written once more.
        with contextlib.suppress(OSError):
            self._write_record()

    def _write_record(self) -> None:
        record = {"material": self.name, owners.BLENDS: self._blends, "frames": self._record}
        if self._orders:
            record["orders"] = self._orders
        write_record(self.folder, self.stem, record)
        self._record_written = time.monotonic()


def _said(look: Look | None) -> str:
    """A look as a part of a key; nothing without one."""
    return "" if look is None else f" {json.dumps(look.describe())}"


def start(material: bpy.types.Material, replace: bool = False) -> Bake:
    """Begin a bake. Parameters and errors as of `Bake`; also `BakeError` where one is under way."""
    if material.session_uid in _running:
        raise BakeError(f"{material.name} is being baked: wait for its end, or press ESC to stop it.")
    bake = Bake(material, replace)
    _running[bake.uid] = bake
    return bake


def running(material: bpy.types.Material) -> Bake | None:
    """The bake of a material that is under way, if there is one."""
    return _running.get(material.session_uid)


def is_running(material: bpy.types.Material) -> bool:
    """Whether a material is being baked."""
    return material.session_uid in _running


def is_any_running() -> bool:
    """Whether any material is being baked."""
    return bool(_running)


def cancel(material: bpy.types.Material) -> None:
    """Stop the bake of a material, if there is one."""
    bake = running(material)
    if bake is not None:
        bake.cancel()


def stop_all() -> None:
    """End all bakes, as the add-on is switched off. (Opening another file cancels the operators that run them.)"""
    for bake in list(_running.values()):
        bake.close()
