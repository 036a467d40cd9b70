# SPDX-License-Identifier: GPL-3.0-or-later
"""Claim: a hold on an image sequence, so that two processes never write one at the same time."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import IO

from .sequence import check_stem


class ClaimedError(RuntimeError):
    """Another process holds the sequence. The message is written for the artist."""


class Claim:
    """A hold on a sequence, until it is released or its process ends.

    Parameters
    ----------
    folder
        Of the sequence. Made if it does not exist.
    stem
        What its files have in common, as for `frame_path`.

    Raises
    ------
    ClaimedError
        Another one holds it.
    OSError
        No right to write there.
    ValueError
        A stem that cannot be part of a file name.
    """

    def __init__(self, folder: Path | str, stem: str):
        self._path = Path(folder) / f"{check_stem(stem)}_growth.lock"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            file = open(self._path, "a+b")  # noqa: SIM115  # it stays open for as long as the claim is held
            if not lock(file):
                file.close()
                raise ClaimedError(
                    f"Another Blender is baking {stem} into {folder}: "
                    "wait for its end, or choose another folder in Bake."
                )
            if self._is_there(file):
                self._file = file
                return
            file.close()  # who held it has removed it meanwhile

    def release(self) -> None:
        """Let go of it. Once more does nothing."""
        if self._file.closed:
            return
        # Windows removes no open file; elsewhere it has to go before somebody else can lock it.
        if os.name == "nt":
            self._file.close()
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        self._file.close()

    def _is_there(self, file: IO) -> bool:
        try:
            return os.path.samestat(os.fstat(file.fileno()), os.stat(self._path))
        except FileNotFoundError:
            return False


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
