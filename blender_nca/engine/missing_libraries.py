# SPDX-License-Identifier: GPL-3.0-or-later
"""Missing libraries: which DLL it is that Windows cannot find. It names the one that does not load itself.

The import table is read as *PE Format* in Microsoft's documentation lays it out.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable
from pathlib import Path

RUNTIME = re.compile(r"(msvcp|vcruntime|vcomp|concrt)\d+", re.IGNORECASE)
"""Of Microsoft's compiler, which many a new Windows lacks."""
RESOLVED = re.compile(r"(api|ext)-ms-|python3\d*\.dll", re.IGNORECASE)
"""Names for which Windows itself has the file, and Python, which runs."""
IMPORTS = 1
"""Number of the import table among the directories of a file."""


def explain(message: str, lies_in_windows: Callable[[str], bool] | None = None) -> str:
    """Name the libraries that a library lacks, and say what to do.

    Parameters
    ----------
    message
        Windows' error, as torch passes it on; it names the library that did not load.
    lies_in_windows
        Whether Windows itself finds a library of a name; without it Windows is asked.

    Returns
    -------
    str
        Empty where the message is none of this kind, or nothing is found to be missing.
    """
    named = re.search(r'"([^"]+\.(?:dll|pyd))"', message, re.IGNORECASE)
    if named is None:
        return ""
    lacks = find_missing(Path(named[1]), lies_in_windows or _lies_in_windows)
    if not lacks:
        return ""
    if any(RUNTIME.match(name) for name in lacks):
        remedy = "Install Microsoft's Visual C++ Redistributable for x64, and start Blender again"
    else:
        remedy = "A virus scanner may hold it back: install the zip again, or let it through"
    return f"Windows has no {', '.join(lacks)}, which {Path(named[1]).name} needs. {remedy}"


def find_missing(library: Path, lies_in_windows: Callable[[str], bool]) -> list[str]:
    """The libraries that one lacks, or that those beside it lack which it needs: neither beside it nor in Windows."""
    beside = {path.name.lower(): path for path in _files(library.parent)}
    missing, seen, waiting = [], set(), [library]
    while waiting:
        for name in read_imports(waiting.pop()):
            if name.lower() in seen:
                continue
            seen.add(name.lower())
            if name.lower() in beside:
                waiting.append(beside[name.lower()])
            elif not lies_in_windows(name):
                missing.append(name)
    return sorted(missing, key=str.lower)


def read_imports(library: Path) -> list[str]:
    """The names of the libraries that one imports; none where it is no library, or is gone."""
    try:
        return list(_imports(library.read_bytes()))
    except (OSError, struct.error, ValueError, IndexError):
        return []


def _imports(data: bytes) -> list[str]:
    header = struct.unpack_from("<I", data, 0x3C)[0]
    if data[:2] != b"MZ" or data[header : header + 4] != b"PE\0\0":
        return []
    sections, size = struct.unpack_from("<2xH12xH", data, header + 4)
    optional = header + 24
    wide = struct.unpack_from("<H", data, optional)[0] == 0x20B
    directory = optional + (112 if wide else 96) + 8 * IMPORTS
    table = [struct.unpack_from("<4I", data, optional + size + 40 * i + 8) for i in range(sections)]

    def place(address: int) -> int:
        """Where in the file an address of the loaded library lies."""
        for length, begins, stored, offset in table:
            if begins <= address < begins + max(length, stored):
                return address - begins + offset
        raise ValueError(address)

    address = struct.unpack_from("<I", data, directory)[0]
    names = []
    while address:
        entry = struct.unpack_from("<5I", data, place(address))
        if not entry[3]:
            break
        begin = place(entry[3])
        names.append(data[begin : data.index(b"\0", begin)].decode("ascii"))
        address += 20
    return names


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _lies_in_windows(name: str) -> bool:
    if RESOLVED.match(name):
        return True
    windows = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"))
    folders = [windows / "System32", windows, *map(Path, os.environ.get("PATH", "").split(os.pathsep))]
    return any((folder / name).is_file() for folder in folders)
