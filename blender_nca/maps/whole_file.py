# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole file: files that are there complete or not at all, written beside and then renamed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def write_whole(path: Path, content: bytes) -> None:
    """Write one file, replacing what is there.

    Raises
    ------
    OSError
        It could not be written. No part is left, and what was at `path` before is still there.
    """
    part = _part_of(path)
    try:
        part.write_bytes(content)
        part.replace(path)
    except BaseException:
        _remove(part)
        raise


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write several files that only make sense together. Errors as from `open_together`."""
    with open_together(contents) as files:
        for path, content in contents.items():
            files[path].write(content)


@contextmanager
def open_together(paths: Iterable[Path]) -> Iterator[dict[Path, BinaryIO]]:
    """Open several files that only make sense together, to be written; at the end they replace what is there.

    All of them are written beside before the first is renamed, so a full disk changes nothing. The last one
    is the mark of a complete set: its predecessor goes first and it comes last, so that whoever finds it
    finds the others of its set.

    Raises
    ------
    OSError
        They could not be written. No part and no file of this set is left. Where writing failed all files
        from before are still there; where a later renaming failed (a program holds one of them open) the one
        with the mark is gone.
    """
    parts = {path: _part_of(path) for path in paths}
    files: dict[Path, BinaryIO] = {}
    renamed: list[Path] = []
    try:
        try:
            for path, part in parts.items():
                files[path] = part.open("wb")
            yield files
        finally:
            _close(files.values())
        for mark in list(parts)[-1:]:
            mark.unlink(missing_ok=True)
        for path, part in parts.items():
            part.replace(path)
            renamed.append(path)
    except BaseException:
        for leftover in (*parts.values(), *renamed):
            _remove(leftover)
        raise


def _close(files: Iterable[BinaryIO]) -> None:
    """Close all of them, also where one cannot write what it still holds; the first such error is raised at the end."""
    with contextlib.ExitStack() as stack:
        for file in files:
            stack.callback(file.close)


def remove_parts(paths: Iterable[Path]) -> None:
    """Remove what was left half written of some files by processes that were killed.

    A worker that has outlived its Blender, and is still at one of them, cannot put it in its place any more.
    """
    names: dict[Path, set[str]] = {}
    for path in paths:
        names.setdefault(path.parent, set()).add(path.name)
    for folder, wanted in names.items():
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                name, _, number = entry.name.removesuffix(".part").rpartition(".")
                if entry.name.endswith(".part") and number.isdigit() and name in wanted:
                    _remove(Path(entry.path))


def _part_of(path: Path) -> Path:
    # of this process: another one may write the same file now, and each puts a whole one in its place
    return path.with_name(f"{path.name}.{os.getpid()}.part")


def _remove(path: Path) -> None:
    # Called while an error is on its way to the caller: that error says what to do, a second one would hide
    # it.
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
