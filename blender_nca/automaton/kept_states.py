# SPDX-License-Identifier: GPL-3.0-or-later
"""Kept states: states of growths as files, from which a growth goes on in another process or on another machine."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ..maps.array_file import read_arrays

SUFFIX = ".state.npz"


class KeptStates:
    """A folder of states.

    Parameters
    ----------
    folder : Path
        Made when something is written.
    grower : str
        What grows them: states of another one are not found.
    """

    def __init__(self, folder: Path, grower: str):
        self._folder, self._grower = folder, grower
        self._names: dict[str, str] = {}

    def keys(self) -> _Keys:
        """The keys of the states that are there now, as a container."""
        try:
            names = set(os.listdir(self._folder))
        except OSError:
            names = set()
        return _Keys(self, names)

    def write(self, key: str, numbers: Mapping[str, np.ndarray]) -> Path:
        """Keep the named arrays of a state, of any shape, under its key, as of `Growth.moment`, if none is there.

        Raises
        ------
        OSError
            No space, or no right to write there.
        """
        path = self.path(key)
        if self.read(key) is not None:
            return path
        self._folder.mkdir(parents=True, exist_ok=True)
        # several machines may write the same one at a time
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            with part.open("wb") as file:
                np.savez(file, digest=_digest(numbers), **numbers)
            part.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        return path

    def read(self, key: str) -> dict[str, np.ndarray] | None:
        """The named arrays of a state, of any shape; None where it is not there, or damaged: then it is grown again."""
        try:
            numbers = read_arrays(self.path(key))
            return numbers if np.array_equal(numbers.pop("digest"), _digest(numbers)) else None
        except (OSError, KeyError, ValueError):
            return None

    def path(self, key: str) -> Path:
        """Where the state of a key lies."""
        if key not in self._names:
            self._names[key] = hashlib.sha256(f"{self._grower} {key}".encode()).hexdigest()[:40] + SUFFIX
        return self._folder / self._names[key]


class _Keys:
    """Which states of a folder are there."""

    def __init__(self, states: KeptStates, names: set[str]):
        self._states, self._names = states, names

    def __contains__(self, key: str) -> bool:
        return bool(self._names) and self._states.path(key).name in self._names


def _digest(numbers: Mapping[str, np.ndarray]) -> np.ndarray:
    """The SHA-256 of arrays, their names, kinds and shapes."""
    digest = hashlib.sha256()
    for name, each in sorted(numbers.items()):
        digest.update(f"{name} {each.dtype.str} {each.shape}".encode())
        digest.update(np.ascontiguousarray(each).tobytes())
    return np.frombuffer(digest.digest(), np.uint8)
