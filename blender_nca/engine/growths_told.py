# SPDX-License-Identifier: GPL-3.0-or-later
"""Growths told: those that a worker knows by their keys, so that long tracks do not travel with every frame."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property
from typing import Generic, TypeVar

from ..automaton.growth import Growth, GrowthError

MOST = 32
"""Growths that are known at a time. Client and worker forget the oldest one at the same message."""

_Kept = TypeVar("_Kept")


class GrowthsTold(Generic[_Kept]):
    """What is kept of each growth that was told, by its key. Client and worker each have one, and they agree."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    def get(self, key: str) -> _Kept | None:
        """What is kept of a growth; None where it is not known."""
        return self._kept.get(key)

    def add(self, key: str, kept: _Kept) -> None:
        """A growth was told; beyond `MOST` the oldest is forgotten."""
        self._kept[key] = kept
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)


class ToldGrowth:
    """A growth as it came. It is read when it is first asked for: whoever asks is told what is wrong with it."""

    def __init__(self, values: dict):
        self._values = values

    @cached_property
    def growth(self) -> Growth:
        return Growth.from_json(self._values)


def read_growth(said: object) -> Growth:
    """The growth of a request: told before, or said with it as plain values.

    Raises
    ------
    GrowthError
        It is none.
    """
    if isinstance(said, ToldGrowth):
        return said.growth
    if isinstance(said, dict):
        return Growth.from_json(said)
    raise GrowthError("The engine does not know this growth: change the frame to ask for it again.")
