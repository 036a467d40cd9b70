# SPDX-License-Identifier: GPL-3.0-or-later
"""Owners: who else shows the files of a bake, as far as the record beside them tells."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

BLENDS = "blends"
"""Where the record of a sequence keeps the .blend files that were baked to it, as paths from its folder on."""


class Owners:
    """Who shows files.

    Parameters
    ----------
    own : Path, optional
        The .blend file that is baked from.
    """

    def __init__(self, own: Path | None = None) -> None:
        self.own = own

    def here(self, folder: Path, stem: str) -> list[str]:
        """Names of what shows files of a sequence beside what is baked; without Blender there is nothing."""
        return []

    def elsewhere(self, record: Mapping[str, object], folder: Path) -> list[Path]:
        """The .blend files that were baked to a sequence and are there, but the own one."""
        listed = record.get(BLENDS)
        paths = (
            [_resolve(folder, path) for path in listed if isinstance(path, str)]
            if isinstance(listed, list)
            else []
        )
        return [path for path in paths if path.is_file() and not (self.own and _is_same(path, self.own))]

    def listed(self, record: Mapping[str, object], folder: Path, is_replacing: bool) -> list[str]:
        """The .blend files for the record: the own one, and the others unless this one replaces what they show."""
        paths = [] if is_replacing else self.elsewhere(record, folder)
        if self.own:
            paths.append(self.own)
        return sorted({_from(folder, path) for path in paths})


def in_words(names: Iterable[str]) -> str:
    """Up to three names, and how many more."""

    def parts(all: list[str]) -> Iterator[str]:
        yield from all[:3]
        if len(all) > 3:
            yield f"{len(all) - 3} more"

    *before, last = parts(list(names))
    return f"{', '.join(before)} and {last}" if before else last


def _from(folder: Path, path: Path) -> str:
    try:
        return Path(os.path.relpath(os.path.realpath(path), os.path.realpath(folder))).as_posix()
    except ValueError:  # on another drive, on Windows
        return str(path)


def _resolve(folder: Path, path: str) -> Path:
    return Path(os.path.normpath(os.path.join(os.path.realpath(folder), path)))


def _is_same(path: Path, other: Path) -> bool:
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False
