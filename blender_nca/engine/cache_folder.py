# SPDX-License-Identifier: GPL-3.0-or-later
"""Cache folder: where states of growths lie on the disk, how large it is, and what goes when it is full."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from ..automaton.kept_states import SUFFIX

MARK = "neural-growth-cache.txt"
MARKED = "Neural Growth keeps states of growths here. They may be deleted: they are grown again.\n"
"""A file by which the folder is known as a cache, and what it says."""
ABANDONED_SECONDS = 3600
"""After which a file that was begun will not be finished."""


def mark(folder: Path) -> None:
    """Make a folder known as a cache; raises OSError where that cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / MARK
    if not note.exists():
        note.write_text(MARKED, encoding="utf-8")


def size_of_cache(folder: Path) -> int:
    """Bytes of the states in a folder."""
    return sum(size for _, size, _ in _files(folder))


def clear(folder: Path) -> int:
    """Remove all states from a folder, and nothing else that lies there; returns their bytes."""
    return shrink(folder, 0)


def shrink(folder: Path, most: int) -> int:
    """Remove what was not used for longest, until no more than so many bytes are left; returns those removed."""
    files = sorted(_files(folder))
    excess, gone = sum(size for _, size, _ in files) - most, 0
    for _, size, path in files:
        if gone >= excess:
            break
        with contextlib.suppress(OSError):
            path.unlink()
            gone += size
    return gone


def _files(folder: Path) -> list[tuple[float, int, Path]]:
    """When each state was used last, its bytes, and where it lies; parts of those that were never finished, too."""
    found = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            is_part = entry.name.endswith(".part") and SUFFIX in entry.name
            with contextlib.suppress(OSError):
                stat = entry.stat(follow_symlinks=False)
                if entry.name.endswith(SUFFIX) or (
                    is_part and stat.st_mtime < time.time() - ABANDONED_SECONDS
                ):
                    found.append((stat.st_mtime, stat.st_size, Path(entry.path)))
    return found
