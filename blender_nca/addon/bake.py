# SPDX-License-Identifier: GPL-3.0-or-later
"""Bake: a growth as image sequences on disk, which the material then shows without the add-on."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections import deque
from pathlib import Path

import bpy

from ..maps.record import RecordError, read_record, write_record
from ..maps.sequence import SEQUENCE_MAPS, finished_frames, frame_path
from . import active, copies, growths, images, library, materials, playback

AHEAD = 2
"""Frames asked of the engine at a time: one is written, one waits."""
RECORD_PAUSE = 1.0
"""Seconds between two updates of the record."""

_running: dict[int, Bake] = {}


class BakeError(Exception):
    """A bake that cannot be; the message is for the artist."""


class Bake:
    """A bake under way. The growth is that of the moment in which it began.

    Attributes
    ----------
    first, last : int
        Frames of the scene, and numbers of the files.
    finished : set of int
        Frames that are on disk, also those that were there before.
    """

    def __init__(self, material: bpy.types.Material):
        """Plan the bake and open its folder.

        Raises
        ------
        BakeError, GrowthError
            With what to do.
        """
        nca = material.nca
        problem = active.why_not_editable(material)
        if problem:
            raise BakeError(problem)
        if not nca.growing:
            raise BakeError(f"{material.name} has no growth: press New Growth first.")
        self.uid, self.name = material.session_uid, material.name
        self.first, self.last = nca.bake_start, nca.bake_end
        if self.last < self.first:
            raise BakeError(
                f"The bake ends at frame {self.last}, before it starts at {self.first}: set its end later."
            )
        self.growth = growths.growth_of(material, growths.frame_of(material, self.last))
        self.folder, self.stem = folder_of(material), stem_of(material)
        other = _baked_to_the_same_files(material, self.folder, self.stem)
        if other is not None:
            raise BakeError(
                f"{other.name} is baked to files of the same names in {self.folder}: choose another folder in Bake, "
                "or rename one of the two materials."
            )
        self.normal_strength = nca.normal_strength
        self.offset = nca.start_frame
        self._keys = self._frame_keys()
        self._jobs: deque = deque()
        self._record_written = 0.0
        self._cancelled = False
        try:
            self._record = self._open_folder()
            on_disk = finished_frames(self.folder, self.stem, self.first, self.last, SEQUENCE_MAPS)
        except RecordError as error:
            raise BakeError(str(error)) from error
        except OSError as error:
            raise BakeError(
                f"Cannot write into {self.folder} ({error.strerror or error}): choose another folder in Bake."
            ) from error
        self.finished = {f for f in on_disk if self._record.get(str(f)) == self._keys[f]}
        self._todo = deque(f for f in range(self.first, self.last + 1) if f not in self.finished)

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
        from . import engine

        while self._todo and len(self._jobs) < AHEAD:
            frame = self._todo.popleft()
            job = engine.current().write(
                self.growth,
                max(0, frame - self.offset),
                self.folder,
                self.stem,
                frame,
                SEQUENCE_MAPS,
                self.normal_strength,
            )
            self._jobs.append((frame, job))
        while self._jobs:
            frame, job = self._jobs[0]
            try:
                job.result(patience)
            except TimeoutError:
                break
            self._jobs.popleft()
            self.finished.add(frame)
            self._record[str(frame)] = self._keys[frame]
            if time.monotonic() - self._record_written > RECORD_PAUSE:
                self._note_finished()
            if patience:
                break

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
        self._note_finished()
        _running.pop(self.uid, None)

    def _frame_keys(self) -> dict[int, str]:
        """Frame -> a key of all that its files depend on."""
        plan = self.growth.plan(max(0, self.last - self.offset))
        model = library.models().get(self.growth.manifold, {}).get("sha256", "")
        rest = f"{self.growth.pixels_per_cell} {self.growth.boundary} {self.normal_strength:.6g} {model}"
        keys = {}
        for frame in range(self.first, self.last + 1):
            state, _, weights = plan[max(0, frame - self.offset)]
            # the weights also here: what is painted of a state depends on those of its own frame
            keys[frame] = hashlib.sha256(f"{state} {weights} {rest}".encode()).hexdigest()[:32]
        return keys

    def _open_folder(self) -> dict[str, str]:
        """Read the record of the frames that are there, without those that this bake will replace."""
        record = read_record(self.folder, self.stem) or {}
        frames = record.get("frames")
        frames = dict(frames) if isinstance(frames, dict) else {}
        for frame, key in self._keys.items():
            if frames.get(str(frame)) != key:
                # taken out before its files are replaced: half replaced, they belong to neither growth
                frames.pop(str(frame), None)
        self._record = frames
        self._write_record()
        return frames

    def _note_finished(self) -> None:
        # Where the disk is full or gone, the next frame says so; those not noted will be written once more.
        with contextlib.suppress(OSError):
            self._write_record()

    def _write_record(self) -> None:
        write_record(self.folder, self.stem, {"material": self.name, "frames": self._record})
        self._record_written = time.monotonic()


def start(material: bpy.types.Material) -> Bake:
    """Begin a bake. Raises as `Bake` does, or `BakeError` where one is under way."""
    if material.session_uid in _running:
        raise BakeError(f"{material.name} is being baked: wait for its end, or press ESC to stop it.")
    bake = Bake(material)
    _running[bake.uid] = bake
    return bake


def running(material: bpy.types.Material) -> Bake | None:
    return _running.get(material.session_uid)


def stop_all() -> None:
    """End all bakes, as the add-on is switched off. (Opening another file cancels the operators that run them.)"""
    for bake in list(_running.values()):
        bake.close()


def show_baked(material: bpy.types.Material, bake: Bake) -> None:
    """Let the material show a finished bake instead of the live images."""
    nca = material.nca
    copies.split()
    sequences = {
        name: images.load_sequence(
            frame_path(bake.folder, bake.stem, name, bake.first),
            is_colour=name in images.COLOURS,
            is_still=bake.total == 1,
        )
        for name in images.SEQUENCES
    }
    materials.read_sequences(nca.tree, sequences, nca.wrap, bake.first, bake.last)
    nca.baked, nca.baked_first, nca.baked_last = True, bake.first, bake.last
    playback.forget(material)
    images.remove_live(nca)


def free(material: bpy.types.Material) -> None:
    """Go back from the baked sequences to live images. The files stay."""
    nca = material.nca
    nca.baked = False
    copies.split()
    playback.refresh(material)


def folder_of(material: bpy.types.Material) -> Path:
    """Where a material is baked: the chosen folder, else one beside the .blend file.

    Raises
    ------
    BakeError
        Neither is there yet.
    """
    chosen = material.nca.bake_folder or default_folder(material)
    if chosen.startswith("//") and not bpy.data.filepath:
        raise BakeError("Save the .blend file first, or choose a folder in Bake: the images need a place.")
    return Path(os.path.abspath(bpy.path.abspath(chosen)))


def _baked_to_the_same_files(
    material: bpy.types.Material, folder: Path, stem: str
) -> bpy.types.Material | None:
    """Another growing material whose bake would be replaced: names may differ only in what file systems refuse."""
    for other in bpy.data.materials:
        if other == material or not other.nca.growing or other.library is not None:
            continue
        if stem_of(other).casefold() == stem.casefold():
            try:
                if folder_of(other) == folder:
                    return other
            except BakeError:
                continue
    return None


def default_folder(material: bpy.types.Material) -> str:
    """A folder beside the .blend file, named after it too: materials of one name are in many files."""
    return f"//textures/{Path(bpy.data.filepath).stem}/{stem_of(material)}/"


def stem_of(material: bpy.types.Material) -> str:
    """The beginning of a material's file names: its name, without what some file system refuses."""
    name = "".join("_" if c in '<>:"/\\|?*' or not c.isprintable() else c for c in material.name)
    return name.strip(" .") or "material"
