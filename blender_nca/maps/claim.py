# SPDX-License-Identifier: GPL-3.0-or-later
"""Claim: a hold on an image sequence, so that two processes never write one at the same time."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .sequence import check_stem


class ClaimedError(RuntimeError):
    """Another process holds the sequence. The message is written for the artist."""


class Claim:
    """A hold on the files of a sequence, until it is released or its process ends.

    Parameters
    ----------
    folder
        Of the sequence. Made if it does not exist.
    stem
        What its files have in common, as for `frame_path`.
    numbers
        The first and the last number of the files that are held; without them all are. Who holds others of the same
        sequence is left alone.

    Raises
    ------
    ClaimedError
        Another one holds some of them.
    OSError
        No right to write there.
    ValueError
        A stem that cannot be part of a file name.
    """

    def __init__(self, folder: Path | str, stem: str, numbers: tuple[int, int] | None = None):
        part = "" if numbers is None else f"_{numbers[0]:04d}-{numbers[1]:04d}"
        self._path = Path(folder) / f"{check_stem(stem)}_growth{part}.lock"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        refusal = (
            f"Another Blender is baking {stem} into {folder}: "
            "wait for its end, or choose another folder in Bake."
        )
        file = _hold(self._path)
        if file is None:
            raise ClaimedError(refusal)
        self._file, self._folder = file, os.stat(self._path.parent)
        # after its own file is held: of two that come at the same time each sees the other one
        for other in _overlapping(self._path.parent, stem, numbers):
            if other != self._path and _is_held(other):
                self.release()
                raise ClaimedError(refusal)

    @property
    def is_there(self) -> bool:
        """Whether the folder is still the one in which it was made.

        It may have gone with its drive, and somebody may have made another one in its place.
        """
        try:
            return self._path.exists() or os.path.samestat(self._folder, os.stat(self._path.parent))
        except OSError:
            return False

    def release(self) -> None:
        """Let go of it. Once more does nothing."""
        if not self._file.closed:
            _let_go(self._file, self._path)


@contextlib.contextmanager
def turn(path: Path, patience: float = 10.0) -> Iterator[None]:
    """Wait for one's turn at a file that many change: nobody else has it meanwhile.

    Where the turn does not come within `patience` seconds, it is taken all the same: the file is written whole, and
    what somebody else has put into it since is lost.

    Parameters
    ----------
    path : Path
        Of the file; the hold is one beside it.
    patience : float
        Seconds.

    Raises
    ------
    OSError
        No right to write there.
    """
    beside, end = path.with_name(path.name + ".lock"), time.monotonic() + patience
    while (held := _hold(beside)) is None and time.monotonic() < end:
        time.sleep(0.01)
    try:
        yield
    finally:
        if held is not None:
            _let_go(held, beside)


def _hold(path: Path) -> IO | None:
    """Make a file and lock it; None where another one has it."""
    while True:
        file = open(path, "a+b")  # noqa: SIM115  # it stays open for as long as it is held
        if not lock(file):
            file.close()
            return None
        if _is_at(file, path):
            return file
        file.close()  # who held it has removed it meanwhile


def _let_go(file: IO, path: Path) -> None:
    # Windows removes no open file; elsewhere it has to go before somebody else can lock it.
    if os.name == "nt":
        file.close()
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    file.close()


def _is_at(file: IO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except FileNotFoundError:
        return False


def _is_held(path: Path) -> bool:
    """Whether another one has a file; one that a dead process left is removed."""
    try:
        file = open(path, "r+b")  # noqa: SIM115  # closed by `_let_go`
    except OSError:  # it is gone
        return False
    if not lock(file):
        file.close()
        return True
    _let_go(file, path)
    return False


def _overlapping(folder: Path, stem: str, numbers: tuple[int, int] | None) -> list[Path]:
    """The holds on files of a sequence that are some of those with these numbers."""
    pattern = re.compile(rf"{re.escape(stem)}_growth(?:_(\d+)-(\d+))?\.lock")
    found = []
    for name in os.listdir(folder):
        match = pattern.fullmatch(name)
        if match is None:
            continue
        part = None if numbers is None or match[1] is None else (int(match[1]), int(match[2]))
        if part is None or numbers is None or (part[0] <= numbers[1] and numbers[0] <= part[1]):
            found.append(folder / name)
    return found


def lock(file: IO) -> bool:
    """Lock an open file until it is closed, or its process ends; False where another one has it."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a network drive without locks
        pass
    return True
