# SPDX-License-Identifier: GPL-3.0-or-later
"""Command: bakes without a window, as a farm runs them. See docs/manual/headless.md.

What it says of itself goes to stderr; to stdout, one line of JSON at the end.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..automaton.growth_error import GrowthError
from ..maps.claim import ClaimedError
from ..maps.record import RecordError
from ..maps.texture import TextureError
from .bake import Bake, FolderGoneError
from .bake_error import BakeError, TakenError
from .command_line import ArgumentError
from .delivery import deliver

DONE, BAD_ARGUMENTS, NO_GROWTH, ENGINE_FAILED, NOT_WRITTEN, STOPPED = 0, 2, 3, 4, 5, 130
"""Exit statuses."""
PATIENCE, PAUSE = 0.25, 1.0
"""Seconds to wait for a frame before it looks whether it was stopped, and between two lines of progress."""
CLOSE_SECONDS = 30.0
"""And for a drive that does not answer, at the end."""


_OF_DISK = (OSError, ClaimedError, RecordError)
"""Causes of a bake that cannot be which lie where its files go."""


class CommandError(Exception):
    """Why nothing more is baked, and the exit status that says so."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status


def run(name: str, work: Callable[[list[dict[str, object]]], None]) -> int:
    """Do the work of a command, and tell of it.

    Parameters
    ----------
    name : str
        Of the command, for the line that says what went wrong.
    work : function
        Appends what is told of each bake to the list that it is called with. Raises `ArgumentError`, `CommandError`,
        or as argparse does.

    Returns
    -------
    int
        The exit status.
    """
    began, status, problem = time.monotonic(), DONE, ""
    told: list[dict[str, object]] = []
    try:
        work(told)
    except ArgumentError as error:
        status, problem = BAD_ARGUMENTS, str(error)
    except CommandError as error:
        status, problem = error.status, str(error)
    except SystemExit as end:  # argparse has told what is wrong, or given its help
        return BAD_ARGUMENTS if end.code else DONE
    if problem:
        print(f"{name}: {problem}", file=sys.stderr, flush=True)
    summary = {"status": status, "problem": problem, "seconds": round(time.monotonic() - began, 3)}
    print(json.dumps({**summary, "materials": told}), flush=True)
    return status


def tell_of(bake: Bake, kept: int, seconds: float) -> None:
    """Tell how far a bake is.

    Parameters
    ----------
    bake : Bake
    kept : int
        Frames that were there before.
    seconds : float
        Since it began.
    """
    written = len(bake.finished) - kept
    line = f"{bake.plan.name}: {len(bake.finished)} of {bake.total} frames"
    if written and not bake.done:
        left = (bake.total - len(bake.finished)) * seconds / written
        line += f", {written / seconds:.1f} a second, {left:.0f} s left"
    print(line, file=sys.stderr, flush=True)


def tell_openly(bake: Bake, kept: int, seconds: float) -> None:
    """The same, and to stdout as an Open Job Description says progress."""
    tell_of(bake, kept, seconds)
    print(f"openjd_progress: {100 * bake.progress:.1f}", flush=True)


def bake_to_the_end(
    begin: Callable[[], Bake], tell: Callable[[Bake, int, float], None] = tell_of
) -> dict[str, object]:
    """Run a bake to its end.

    Parameters
    ----------
    begin : function
        Opens it; raises as `Bake` and `plan.plan_bake` do.
    tell : function
        As `tell_of`.

    Returns
    -------
    dict
        What is told of it.

    Raises
    ------
    ArgumentError, CommandError
    """
    from ..engine.client import EngineError

    try:
        bake = begin()
    except TextureError as error:
        raise ArgumentError(str(error)) from error
    except (BakeError, GrowthError) as error:
        is_of_disk = isinstance(error, TakenError) or isinstance(error.__cause__, _OF_DISK)
        raise CommandError(str(error), NOT_WRITTEN if is_of_disk else NO_GROWTH) from error
    kept, began = len(bake.finished), time.monotonic()
    try:
        with stopped_by_signals() as stopped:
            said = began
            while not bake.done and not stopped:
                bake.step(PATIENCE)
                if time.monotonic() - said > PAUSE or bake.done:
                    said = time.monotonic()
                    tell(bake, kept, said - began)
        if not stopped:
            deliver(bake)
    except EngineError as error:
        raise CommandError(str(error), NOT_WRITTEN if error.kind == "files" else ENGINE_FAILED) from error
    except FolderGoneError as error:
        raise CommandError(str(error), NOT_WRITTEN) from error
    except OSError as error:
        raise CommandError(f"Cannot write into {bake.folder} ({error}).", NOT_WRITTEN) from error
    finally:
        bake.close(CLOSE_SECONDS)
    if stopped:
        raise CommandError(
            f"Stopped: {len(bake.finished)} of {bake.total} frames of {bake.plan.name} are finished. The same command "
            "goes on from there.",
            STOPPED,
        )
    return {
        "material": bake.plan.name,
        "presets": [one.preset.name for one in bake.sets],
        "folders": [str(one.folder) for one in bake.sets],
        "frames": list(bake.frames),
        "kept": kept,
        "device": bake.device if kept < bake.total else "",
        "seconds": round(time.monotonic() - began, 3),
    }


@contextmanager
def stopped_by_signals() -> Iterator[list[int]]:
    """Numbers of the signals that have asked to stop."""
    asked: list[int] = []
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(kind, lambda number, _: asked.append(number)) for kind in kinds]
    try:
        yield asked
    finally:
        for kind, handler in zip(kinds, before, strict=True):
            # None stands for one that is not Python's, as Blender has: it cannot be put back
            signal.signal(kind, signal.SIG_DFL if handler is None else handler)
