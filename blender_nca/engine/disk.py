# SPDX-License-Identifier: GPL-3.0-or-later
"""Disk: room, sizes, and folders that go away whole, on every system."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path

REMOVE_ATTEMPTS = 5
"""Windows lets go of the files of a process some moments after its end."""


def free_bytes(folder: Path) -> int:
    """What is free on the disk on which a folder is, or will be."""
    for place in (Path(folder), *Path(folder).parents):
        if place.exists():
            return shutil.disk_usage(place).free
    return 0


def remove_tree(folder: Path) -> None:
    """Remove a folder, also with paths that are too long for Windows."""
    if not os.path.lexists(folder):
        return
    path = str(folder.absolute())
    if os.name == "nt" and not path.startswith("\\\\"):
        path = "\\\\?\\" + path
    for attempt in range(REMOVE_ATTEMPTS):
        try:
            shutil.rmtree(path)
            return
        except FileNotFoundError:
            if not os.path.lexists(path):
                return
        except OSError:
            if attempt == REMOVE_ATTEMPTS - 1:
                raise
        time.sleep(0.2 * (attempt + 1))


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder, which may be changing."""
    total = 0
    for where, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(where, name)).st_size
    return total
