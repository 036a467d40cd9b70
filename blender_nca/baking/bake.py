# SPDX-License-Identifier: GPL-3.0-or-later
"""Bake: a growth as files on disk, frame by frame, by an engine that works beside whoever asks."""

from __future__ import annotations

import hashlib
import itertools
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..maps.bake_preset import BLENDER
from ..maps.claim import ClaimedError
from ..maps.record import RecordError
from ..maps.texture_files import Files
from .bake_error import BakeError
from .constancy import Constancy
from .disk_thread import DiskThread
from .owners import Owners
from .plan import BakePlan
from .texture_set import TextureSet

if TYPE_CHECKING:
    from ..engine.client import Engine, Job


class FolderGoneError(OSError):
    """The folder of a bake has vanished. The message is for the artist."""


AHEAD = 2
"""Frames asked of the engine at a time: one is written, one waits."""
LOOK_SECONDS, CLOSE_SECONDS = 0.02, 2.0
"""How long a drive is waited for that does not answer: while frames are asked for, and at the end."""


@dataclass(eq=False)
class _Lane:
    """The frames of one engine: those that it is to be asked for, and those that it was."""

    engine: Callable[[], Engine]
    todo: deque[int]
    jobs: deque[tuple[int, Job]] = field(default_factory=deque)


class Bake:
    """A bake under way. The growth is that of the moment in which it was planned.

    Parameters
    ----------
    plan : BakePlan
    folder : Path
        Where the files go; those of other presets than Blender's into folders in it.
    engines : function, or several
        Each gives an engine. Several share the frames, each a part that hangs together.
    owners : Owners
        Who may show the files.
    replace : bool
        Also files that another material, or another .blend file, shows.
    chunk : tuple of two int, optional
        Of the frames of the scene only those from the first to the last of these, as tasks of a farm do.
    states : Path, optional
        A folder of states that other chunks have left: growing goes on from the nearest, and leaves those that the
        engines' parts end with.

    Attributes
    ----------
    frames : tuple of int
        Of the scene, those that this bake writes.
    sets : list of TextureSet
        What is written, a preset each.
    constancy : Constancy or None
        Of a growth order, once its textures are there: whether what has grown stays as it is.
    finished : set of int
        Frames that are on disk, also those that were there before.
    written : list of Path
        Files that were asked for.
    """

    def __init__(
        self,
        plan: BakePlan,
        folder: Path,
        engines: Callable[[], Engine] | Sequence[Callable[[], Engine]],
        owners: Owners,
        replace: bool = False,
        chunk: tuple[int, int] | None = None,
        states: Path | None = None,
    ):
        """Open its folder.

        Raises
        ------
        BakeError
            With what to do.
        """
        self.plan, self.folder, self._states = plan, folder, states
        self._engines = [engines] if callable(engines) else list(engines)
        self.frames = _chunk_of(plan, chunk)
        self._corners: dict[int, Path] = {}
        self._aside: tempfile.TemporaryDirectory[str] | None = None
        self.sets = self._plan_sets()
        self._lanes: list[_Lane] = []
        self._assembly: Job | None = None
        self.constancy: Constancy | None = None
        self._middle = plan.middle
        self._cancelled = self._closed = False
        self._disk = DiskThread("neural growth bake")
        self._look: Future[TextureSet | None] | None = None
        self._note: Future[None] | None = None
        self._last_note: Future[None] | None = None
        self.written: list[Path] = []
        try:
            try:
                for one in self.sets:
                    one.claim()
                if plan.layout is not None or plan.flipbook is not None:
                    self._aside = tempfile.TemporaryDirectory(prefix="growth-", ignore_cleanup_errors=True)
                if plan.layout is not None and self._aside is not None:
                    self._corners = plan.layout.keep(Path(self._aside.name))
                for one in self.sets:
                    one.open(owners, replace)
            except BaseException:
                for one in self.sets:
                    one.release()
                raise
        except (RecordError, ClaimedError) as error:
            raise BakeError(str(error)) from error
        except ValueError as error:  # names of files that would be too long
            raise BakeError(f"{error}.") from error
        except OSError as error:
            raise BakeError(
                f"Cannot write into {self.folder} ({error.strerror or error}): choose another folder in Bake."
            ) from error
        wanted = {frame for one in self.sets for frame in one.todo}
        self._is_assembled = plan.flipbook is None or not wanted
        if plan.flipbook is not None and wanted:
            wanted = set(plan.frames)
        self._lanes = _share(sorted(wanted), self._engines)
        self.finished = set(self.frames) - wanted
        self._is_noted = not wanted

    @property
    def total(self) -> int:
        return len(self.frames)

    @property
    def progress(self) -> float:
        """Share of the frames that are on disk; of one alone, such as a growth order, how far it has grown."""
        jobs = [job for lane in self._lanes for _, job in lane.jobs]
        return jobs[0].progress if self.total == 1 and jobs else len(self.finished) / self.total

    @property
    def done(self) -> bool:
        return self._is_written and self._is_noted

    @property
    def _is_written(self) -> bool:
        return len(self.finished) == self.total and self._is_assembled and self._middle is None

    @property
    def shown(self) -> TextureSet | None:
        """The files that the material in Blender will show."""
        return next((one for one in self.sets if one.is_shown), None)

    @property
    def device(self) -> str:
        """What it grows on, as the engines say; empty before they are ready."""
        lines = (engine().device_line for engine in self._engines)
        return "; ".join(dict.fromkeys(filter(None, lines)))

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
        FolderGoneError
            So is the folder.
        """
        for lane in self._lanes:
            while lane.todo and len(lane.jobs) < AHEAD and self._are_folders_there(patience):
                frame = lane.todo.popleft()
                lane.jobs.append((frame, self._ask(lane.engine, frame, is_last=not lane.todo)))
        busy = [lane for lane in self._lanes if lane.jobs]
        for lane in sorted(busy, key=lambda lane: not lane.jobs[0][1].done()):
            while lane.jobs:
                frame, job = lane.jobs[0]
                try:
                    job.result(patience)
                except TimeoutError:
                    return
                lane.jobs.popleft()
                self.finished.add(frame)
                if self.plan.flipbook is None:
                    for one in self.sets:
                        one.note(frame)
                    if any(one.is_due for one in self.sets) and (self._note is None or self._note.done()):
                        self._note = self._disk.do(self._note_finished)
                if patience:
                    return
        if any(lane.todo for lane in self._lanes):
            return
        if not self._is_assembled:
            self._put_together(patience)
        if self._middle is not None:
            if self.constancy is None:
                last = self.plan.grown[self.plan.last]
                self.constancy = Constancy(self._engines[0](), self.plan.growth, self._middle, last)
            if self.constancy.step(patience):
                self._middle = None
        if self._is_written and not self._is_noted:
            if self._last_note is None:
                self._last_note = self._disk.do(self._finish)
            self._is_noted = _comes(self._last_note, patience)

    def _plan_sets(self) -> list[TextureSet]:
        plan = self.plan
        all_keys = plan.keys()
        keys = {frame: all_keys[frame] for frame in self.frames}
        numbers: dict[int, int | str | None] = {frame: plan.number(frame) for frame in plan.frames}
        others: dict[int, int | str | None] = dict(numbers)
        if plan.flipbook is not None:
            # all tiles are one picture, which goes by its last frame
            tiles = f"{' '.join(keys.values())} {plan.flipbook}"
            keys = {plan.last: hashlib.sha256(tiles.encode()).hexdigest()[:32]}
            others = {plan.last: f"{plan.flipbook.columns}x{plan.flipbook.rows}"}
        elif plan.settings.layout != "SEQUENCE":
            others = {plan.last: None}
        order = "" if plan.order is None else str(plan.order)
        if plan.watched:
            order += f" seen in {plan.watched}"
        return [
            TextureSet(
                preset,
                self.folder,
                plan.stem,
                plan.name,
                keys,
                order,
                numbers if preset.name == BLENDER else others,
                plan.tiles,
            )
            for preset in plan.presets
        ]

    def _ask(self, engine: Callable[[], Engine], frame: int, is_last: bool) -> Job:
        """Ask the engine for a frame."""
        plan = self.plan
        grown, strength = plan.grown[frame], plan.settings.normal_strength
        if plan.flipbook is not None:
            return engine().write_tile(
                plan.growth,
                grown,
                self._tile(frame),
                plan.flipbook,
                [texture for all in self._sheets().values() for texture in all],
                strength,
                plan.order,
                corners=next(iter(self._corners.values()), None),
                look=plan.looks[frame],
            )
        files = {path: all for one in self.sets for path, all in one.todo.get(frame, {}).items()}
        self.written += files
        is_dated = any(texture.is_dated for all in files.values() for texture in all)
        return engine().write_files(
            plan.growth,
            grown,
            files,
            strength,
            plan.order if is_dated else None,
            corners=self._corners_of(frame, files),
            look=plan.looks[frame],
            watched=plan.watched if is_dated else (),
            states=self._states,
            keeps_state=is_last,
            size=plan.size,
        )

    def _corners_of(self, frame: int, files: Files) -> Path | dict[Path, Path] | None:
        """By which corners pictures are laid out: all of them, or file -> those of its tile."""
        if not self.plan.tiles:
            return next(iter(self._corners.values()), None)
        return {
            path: self._corners[tile]
            for one in self.sets
            for tile, all in one.files_by_tile(frame).items()
            if tile is not None
            for path in all.keys() & files.keys()
        }

    def _are_folders_there(self, patience: float) -> bool:
        """Whether all are seen to be there; not yet, while their drive does not answer.

        Raises
        ------
        FolderGoneError
        """
        if self._look is None:
            self._look = self._disk.do(lambda: next((one for one in self.sets if not one.is_there), None))
        if not _comes(self._look, max(patience, LOOK_SECONDS)):
            return False
        gone, self._look = self._look.result(), None
        if gone is not None:
            raise FolderGoneError(
                f"The folder {gone.folder} is gone: bring it or its drive back, or choose another one, and bake again."
            )
        return True

    def _put_together(self, patience: float) -> None:
        """Make the sheets of a flipbook of its tiles."""
        assert self.plan.flipbook is not None
        if self._assembly is None:
            files = self._sheets()
            self.written += files
            tiles = [self._tile(frame) for frame in self.plan.frames]
            self._assembly = self._engines[0]().assemble(
                self.plan.flipbook, tiles, files, is_looped=self.plan.is_looped
            )
        try:
            self._assembly.result(patience)
        except TimeoutError:
            return
        self._is_assembled = True
        for one in self.sets:
            one.note(self.plan.last)

    def _tile(self, frame: int) -> Path:
        assert self._aside is not None
        return Path(self._aside.name, f"{frame}.npz")

    def _sheets(self) -> Files:
        return {path: all for one in self.sets for path, all in one.files(self.plan.last).items()}

    def cancel(self) -> None:
        """Stop; a bake from now on continues with what is missing."""
        self._cancelled = True

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled

    def write_beside(self) -> None:
        """Write what only some who bake can, once all else is there. Raises OSError. Here that is nothing."""

    def close(self, patience: float = CLOSE_SECONDS) -> bool:
        """End what is under way and note what is finished.

        Parameters
        ----------
        patience : float
            Seconds to wait for the drive.

        Returns
        -------
        bool
            Whether it has answered by then. Where it comes back later, what is finished is noted all the same.
        """
        for lane in self._lanes:
            for _, job in lane.jobs:
                job.cancel()
            lane.jobs.clear()
        if self._assembly is not None:
            self._assembly.cancel()
        if self.constancy is not None:
            self.constancy.cancel()
        if self._aside is not None:
            self._aside.cleanup()
        if not self._closed:
            self._closed = True
            self._disk.do(self._let_go)
        return self._disk.end(patience)

    def _note_finished(self) -> None:
        for one in self.sets:
            one.note_finished()

    def _finish(self) -> None:
        self._note_finished()
        for one in self.sets:
            one.tidy()

    def _let_go(self) -> None:
        self._note_finished()
        for one in self.sets:
            one.release()


def _comes(future: Future[Any], patience: float) -> bool:
    """Whether something comes to its end within so many seconds."""
    try:
        future.exception(patience)
    except TimeoutError:
        return False
    return True


def _chunk_of(plan: BakePlan, chunk: tuple[int, int] | None) -> tuple[int, ...]:
    """The frames of a plan that are in a chunk."""
    if chunk is None:
        return plan.frames
    if plan.settings.layout != "SEQUENCE":
        raise BakeError("Only sequences are baked in chunks: what is one file is baked in one go.")
    frames = tuple(frame for frame in plan.frames if chunk[0] <= frame <= chunk[1])
    if not frames:
        raise BakeError(
            f"No frame from {chunk[0]} to {chunk[1]} is among those of {plan.name}, {plan.first} to {plan.last}: "
            "choose a chunk of these."
        )
    return frames


def _share(frames: Sequence[int], engines: Sequence[Callable[[], Engine]]) -> list[_Lane]:
    """Each engine's part: frames that follow each other, of which each is grown from the one before."""
    ends = [round(len(frames) * number / len(engines)) for number in range(len(engines) + 1)]
    parts = [frames[first:end] for first, end in itertools.pairwise(ends)]
    return [_Lane(engine, deque(part)) for engine, part in zip(engines, parts, strict=True)]
