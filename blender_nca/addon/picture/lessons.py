# SPDX-License-Identifier: GPL-3.0-or-later
"""Lessons: species being learned, on this machine: their files, how far each is, and the one that goes on now.

A lesson outlives material, file and Blender: it lies in the extension's user folder, and a note beside it says what is
shown of it. At most one goes on at a time: two would take twice as long each.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from ...genetics.species import SpeciesError
from ...maps.whole_file import write_whole
from ..host.extension import user_folder
from ..host.window import redraw_panels
from ..library import catalogue, learned
from ..settings.preferences import chosen_engine
from . import shown

if TYPE_CHECKING:
    import numpy as np

    from ...engine.client import Job, News

LOOKS = 0.3
"""Seconds between two looks at the engine."""
SILENT_SECONDS = 120.0
"""After which a lesson that another Blender had begun is taken to be left."""
NOTE, LESSON, SPECIES, PICTURE = ".json", ".lesson", ".safetensors", ".png"
"""Ends of the names of a lesson's files. The engine writes the second and third."""


class LessonError(ValueError):
    """A lesson that cannot begin or go on; the message says what to do."""


@dataclass(frozen=True)
class Note:
    """What is shown of a lesson.

    Attributes
    ----------
    identifier, name, manifold : str
        Of its files, of the species, of the model.
    minutes : float
        Of learning in all.
    seconds : float
        Learned so far.
    structure, colour : float
        Distances of the nearest so far; below 0 before the first look.
    is_over : bool
        Its time is, or it was stopped: it does not go on.
    process : int
        That learns it now; 0 while it rests.
    problem : str
        Why it rests, where the artist did not ask for that.
    """

    identifier: str
    name: str
    manifold: str
    minutes: float
    seconds: float = 0.0
    structure: float = -1.0
    colour: float = -1.0
    is_over: bool = False
    process: int = 0
    problem: str = ""


_notes: dict[str, Note] | None = None
_job: tuple[str, Job] | None = None
_seen: News | None = None
_ending = ""
"""What the lesson that goes on was asked for: 'PAUSE', 'STOP', or nothing."""


def all_notes() -> list[Note]:
    """All lessons of this machine, by name."""
    global _notes
    if _notes is None:
        _notes = {}
        folder = user_folder("lessons")
        for path in sorted(folder.glob(f"*{NOTE}")) if folder is not None else ():
            note = _read(path)
            if note is not None:
                _notes[note.identifier] = note
    return sorted(_notes.values(), key=lambda note: note.name.casefold())


def find(identifier: str) -> Note | None:
    """A lesson; None where it is not on this machine."""
    return next((note for note in all_notes() if note.identifier == identifier), None)


def goes_on(identifier: str) -> bool:
    """Whether a lesson goes on here now."""
    return _job is not None and _job[0] == identifier


def current() -> Note | None:
    """The lesson that goes on here now."""
    return None if _job is None else find(_job[0])


def progress() -> float:
    """How far the lesson that goes on is, from 0 to 1; before its first picture, how far with what it begins as."""
    return 0.0 if _job is None else _job[1].progress


def ending() -> str:
    """What the lesson that goes on was asked for: 'PAUSE', 'STOP', or nothing."""
    return _ending


def begin(
    name: str,
    manifold: str,
    maps: Mapping[str, np.ndarray],
    minutes: float,
    scale: float,
    flatten: bool,
    cut_out: bool,
    author: str = "",
    licence: str = "",
) -> Note:
    """Begin to learn a species; arguments as of `engine.client.Engine.learn`.

    Raises
    ------
    LessonError
        There is nowhere to keep it, or another one goes on.
    """
    _check_free()
    note = Note(uuid.uuid4().hex, name, manifold, minutes)
    _write(note)
    about = {"name": name, "author": author, "licence": licence}
    _start(note, maps, about, scale, flatten, cut_out)
    return note


def resume(identifier: str) -> Note:
    """Go on with a lesson.

    Raises
    ------
    LessonError
        It is over, not here, or goes on in another Blender; or another one goes on here.
    """
    _check_free()
    note = find(identifier)
    if note is not None and note.is_over:
        raise LessonError(f"{note.name} has been learned: take it.")
    if note is None or not _path(identifier, LESSON).is_file():
        raise LessonError("This lesson is not on this machine any more: learn from the picture again.")
    if note.process not in (0, os.getpid()) and time.time() < _told(identifier) + SILENT_SECONDS:
        raise LessonError(f"{note.name} is being learned in another Blender: pause it there first.")
    _start(note, {}, {}, 1.0, True, True)
    return note


def pause() -> None:
    """Let the lesson that goes on rest; it can go on at any time."""
    global _ending
    if _job is not None:
        _ending = _ending or "PAUSE"
        _job[1].finish()


def stop() -> None:
    """End the lesson that goes on, with the nearest so far."""
    global _ending
    if _job is not None:
        _ending = "STOP"
        _job[1].finish()


def end(identifier: str) -> None:
    """A lesson that rests is not to go on: what it has learned stays."""
    note = find(identifier)
    if note is not None and not goes_on(identifier):
        _keep(replace(note, is_over=True, problem=""))
        _path(identifier, LESSON).unlink(missing_ok=True)


def remove(identifier: str) -> None:
    """Take a lesson from the disk. What was taken of it stays."""
    if goes_on(identifier) and _job is not None:
        _job[1].cancel()
        _leave()
    for ending in (LESSON, SPECIES, PICTURE, NOTE):
        _path(identifier, ending).unlink(missing_ok=True)
    all_notes()
    if _notes is not None:
        _notes.pop(identifier, None)
    shown.forget(identifier)


def species_file(identifier: str) -> Path | None:
    """The file with the nearest species of a lesson so far; None where there is none yet."""
    path = _path(identifier, SPECIES)
    return path if path.is_file() else None


def icon_of(identifier: str) -> int:
    """The picture of what a lesson has grown, also of one that began before Blender did; 0 where there is none."""
    if not shown.icon_of(identifier) and _path(identifier, PICTURE).is_file():
        shown.show_file(identifier, _path(identifier, PICTURE))
    return shown.icon_of(identifier)


def line_of(note: Note) -> str:
    """How far a lesson is, in words."""
    done, whole = (f"{int(s) // 60}:{int(s) % 60:02d}" for s in (note.seconds, 60 * note.minutes))
    if note.is_over:
        return f"{note.name}: {done} learned"
    return f"{note.name}: {done} of {whole}"


def attend() -> float | None:
    """The timer: note what has come of the lesson that goes on."""
    if _job is None:
        return None
    step()
    return None if _job is None else LOOKS


def step() -> None:
    """Note what has come, and whether it has ended."""
    global _seen
    if _job is None:
        return
    identifier, job = _job
    note = find(identifier)
    if note is None:
        job.cancel()
        _leave()
        return
    news = job.news
    if news is None:
        redraw_panels()  # how far it is with what it begins as
    elif news is not _seen:
        _seen = news
        structure, colour = news.best
        note = replace(note, seconds=news.seconds, structure=structure, colour=colour, process=os.getpid())
        _keep(note)
        shown.show(identifier, news.picture)
        _write_picture(identifier, news.picture)
        redraw_panels()
    if job.done():
        _finish(note, job)
        redraw_panels()


def wait(patience: float) -> None:
    """For scripts: wait a while for the lesson that goes on, and note what has come."""
    if _job is not None:
        with contextlib.suppress(TimeoutError, RuntimeError):  # what went wrong is noted below
            _job[1].result(patience)
        step()


def leave() -> None:
    """The engine ends: the lesson goes on when somebody asks."""
    if _job is None:
        return
    identifier, job = _job
    note = find(identifier)
    job.cancel()
    _leave()
    if note is not None:
        _keep(replace(note, process=0))


def forget() -> None:
    """Read the notes again when they are next asked for."""
    global _notes
    if _job is None:
        _notes = None


def _check_free() -> None:
    if user_folder("lessons") is None:
        raise LessonError(learned.NO_FOLDER)
    note = current()
    if note is not None:
        raise LessonError(f"{note.name} is being learned: pause or stop it first.")


def _start(
    note: Note,
    maps: Mapping[str, np.ndarray],
    about: dict[str, str],
    scale: float,
    flatten: bool,
    cut_out: bool,
) -> None:
    global _job, _seen
    others = _known(note.manifold)
    job = chosen_engine().learn(
        _path(note.identifier, LESSON),
        note.manifold,
        maps,
        about,
        others,
        60 * note.minutes,
        scale,
        flatten,
        cut_out,
    )
    _job, _seen = (note.identifier, job), None
    _keep(replace(note, process=os.getpid(), problem=""))
    if not bpy.app.background and not bpy.app.timers.is_registered(attend):
        bpy.app.timers.register(attend, first_interval=LOOKS, persistent=True)


def _known(manifold: str) -> list[str]:
    """DNA that a new species keeps apart from, or its unit would sound in theirs: of the library, and all learned."""
    found = [one.dna for one in catalogue.species().of(manifold)] + learned.known(manifold)
    for note in all_notes():
        path = species_file(note.identifier)
        if path is not None and note.manifold == manifold:
            with contextlib.suppress(SpeciesError):  # nobody grows by one that is damaged
                found.append(learned.read_header(path).species.dna)
    length = catalogue.dna_length(manifold)  # species of an earlier training may have had other letters
    return [dna for dna in dict.fromkeys(found) if length in (None, len(dna))]


def _finish(note: Note, job: Job) -> None:
    """Note how a lesson has ended."""
    stopped = _ending == "STOP"
    _leave()
    try:
        found: dict[str, Any] = job.result(0)
        is_over, problem = stopped or bool(found["done"]), ""
    except RuntimeError as error:  # the engine's
        has_begun = _path(note.identifier, LESSON).is_file()
        # one that was stopped before the engine had gone on with it is over as well
        is_over, problem = not has_begun or (stopped and job.cancelled), "" if job.cancelled else str(error)
        if not has_begun:
            _keep(replace(note, process=0, problem=problem, is_over=True))
            # nothing can go on; why is shown until Blender ends
            _path(note.identifier, NOTE).unlink(missing_ok=True)
            return
    _keep(replace(note, process=0, is_over=is_over, problem=problem))
    if is_over:
        _path(note.identifier, LESSON).unlink(missing_ok=True)


def _leave() -> None:
    global _job, _seen, _ending
    _job, _seen, _ending = None, None, ""


def _path(identifier: str, ending: str) -> Path:
    folder = user_folder("lessons") or Path()
    return folder / f"{Path(identifier).name or 'none'}{ending}"


def _told(identifier: str) -> float:
    try:
        return _path(identifier, NOTE).stat().st_mtime
    except OSError:
        return 0.0


def _keep(note: Note) -> None:
    """Note something new. A full disk loses no lesson: the engine says so when it keeps that."""
    all_notes()
    if _notes is not None:
        _notes[note.identifier] = note
    with contextlib.suppress(LessonError):
        _write(note)


def _write(note: Note) -> None:
    path = _path(note.identifier, NOTE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(asdict(note), ensure_ascii=False, indent=1).encode())
    except OSError as error:
        raise LessonError(
            f"The lesson could not be kept in {path.parent} ({error.strerror}): free some space there, or change its "
            "rights."
        ) from error


def _read(path: Path) -> Note | None:
    try:
        said = json.loads(path.read_text("utf-8"))
        known = {name: said[name] for name in Note.__dataclass_fields__ if name in said}
        note = Note(**known)
        valid = note.identifier == path.stem and isinstance(note.name, str)
        float(note.seconds), float(note.minutes), float(note.structure), float(note.colour)
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        return None
    return note if valid else None


def _write_picture(identifier: str, picture: np.ndarray) -> None:
    import numpy as np

    from ...maps.png import write_png

    with contextlib.suppress(OSError):  # it is only for the next Blender
        write_png(_path(identifier, PICTURE), picture.astype(np.float32) / 255)
