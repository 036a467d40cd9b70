# SPDX-License-Identifier: GPL-3.0-or-later
"""State cache: states of growths on the disk, so that what took long to grow is there when a file is opened again."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np

from ..automaton.growth import Growth
from ..automaton.kept_states import KeptStates
from ..automaton.rollout import Rollout
from .cache_folder import mark, shrink
from .limits import Limits

SECONDS = 2.0
"""Of growing, after which a state is kept: so long one waits at most for what was seen before."""
MOST_COUNTED = 256
"""Growths whose seconds are counted."""
_log = logging.getLogger(__name__)


class StateCache:
    """What a grower keeps on the disk, in the folder and up to the size that `Limits` name.

    A folder that cannot be written to costs nothing but the cache: the log says so, once.
    """

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}
        self._grown: tuple[Rollout, Growth, int, str] | None = None
        self._refused: Path | None = None

    def recall(self, rollout: Rollout, growth: Growth, frame: int, grower: str, limits: Limits) -> None:
        """Go on from the nearest state that is kept, where it is nearer than those in memory; it counts as used.

        Parameters
        ----------
        rollout : Rollout
        growth : Growth
        frame : int
        grower : str
            What grows it: states of another one are not found.
        limits : Limits
        """
        if limits.cache is not None and limits.cache_bytes:
            rollout.recall(growth, frame, _TouchedStates(limits.cache, _said(grower)))

    def note(self, rollout: Rollout, growth: Growth, frame: int, grower: str, seconds: float) -> None:
        """Note that a frame has grown, and how long that took: `keep` keeps it, where that is due.

        Parameters
        ----------
        rollout, growth, frame, grower
            As of `recall`.
        seconds : float
        """
        if len(self._spent) > MOST_COUNTED:
            self._spent.clear()
        self._spent[growth.key] = self._spent.get(growth.key, 0.0) + seconds
        if self._spent[growth.key] >= SECONDS:
            self._grown = rollout, growth, frame, grower

    def keep(self, limits: Limits) -> None:
        """Write what is due, now that nobody waits; what was not used for longest goes for it."""
        due, self._grown, folder = self._grown, None, limits.cache
        if due is None or folder is None or not limits.cache_bytes or folder == self._refused:
            return
        rollout, growth, frame, grower = due
        self._spent.pop(growth.key, None)
        try:
            mark(folder)
            rollout.keep(growth, frame, KeptStates(folder, _said(grower)))
            shrink(folder, limits.cache_bytes)
        except OSError as error:
            self._refused = folder
            _log.warning(
                "The cache %s cannot be written to (%s): nothing is kept on the disk until Blender is started again.",
                folder,
                error.strerror or error,
            )


class Timed:
    """What a rollout asks before each step; it sees how long growing takes, without what is painted afterwards.

    Parameters
    ----------
    should_stop : callable

    Attributes
    ----------
    seconds : float
        From the first step to the last.
    """

    def __init__(self, should_stop: Callable[[], bool]):
        self._should_stop, self._began, self.seconds = should_stop, 0.0, 0.0

    def __call__(self) -> bool:
        now = time.perf_counter()
        self._began = self._began or now
        self.seconds = now - self._began
        return self._should_stop()


class _TouchedStates(KeptStates):
    """States of which each that is read counts as used now."""

    def read(self, key: str) -> dict[str, np.ndarray] | None:
        found = super().read(key)
        if found is not None:
            with contextlib.suppress(OSError):
                os.utime(self.path(key))
        return found


def _said(grower: str) -> str:
    return f"{grower} {_build()}"


@lru_cache(1)
def _build() -> str:
    """Which code grows: an update of the extension may grow others, by some digit."""
    package = Path(__file__).resolve().parents[1]
    files = (path for room in ("automaton", "manifold", "kernels") for path in (package / room).glob("*.*"))
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:20]
