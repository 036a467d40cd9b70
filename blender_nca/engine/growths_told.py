# SPDX-License-Identifier: GPL-3.0-or-later
"""Growths told: those that a worker knows by their keys, so that long tracks do not travel with every frame."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property
from typing import Generic, TypeVar

from ..automaton.growth import Growth
from ..automaton.growth_error import GrowthError
from ..automaton.surface import Surface

MOST, MOST_SURFACES = 32, 8
"""Growths that are known at a time, and surfaces of theirs. Client and worker forget the oldest one at the same
message."""

_Kept = TypeVar("_Kept")


class GrowthsTold(Generic[_Kept]):
    """What is kept of each growth that was told, by its key. Client and worker each have one, and they agree."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self.surfaces: OrderedDict[str, ToldSurface] = OrderedDict()

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

    def add_surface(self, digest: str, surface: ToldSurface) -> None:
        """A surface was told; beyond `MOST_SURFACES` the oldest is forgotten."""
        self.surfaces[digest] = surface
        while len(self.surfaces) > MOST_SURFACES:
            self.surfaces.popitem(last=False)

    def take_back(self, message: dict) -> None:
        """A message of `tell` was not sent: the worker does not know what is in it."""
        self._kept.pop(message["key"], None)
        if "surface" in message["growth"]:
            self.surfaces.pop(message["surface"], None)


class ToldSurface:
    """A surface as it came, read once for all growths on it."""

    def __init__(self, values: object):
        self._values = values

    @cached_property
    def surface(self) -> Surface:
        return Surface.from_json(self._values)


class ToldGrowth:
    """A growth as it came. It is read when it is first asked for: whoever asks is told what is wrong with it."""

    def __init__(self, values: dict, surface: ToldSurface | None = None):
        self._values, self._surface = values, surface

    @cached_property
    def growth(self) -> Growth:
        if self._surface is None:
            return Growth.from_json(self._values)
        try:
            return Growth.from_json({**self._values, "surface": self._surface.surface})
        except ValueError as error:
            raise GrowthError(str(error)) from error


def tell(growth: Growth, told: GrowthsTold[bool]) -> dict:
    """The message that tells a growth to a worker that knows what `told` says; from then on that says it, too.

    Its surface, where it has one, goes with it only if no growth before had the same.
    """
    values, surface = growth.to_json(), growth.surface
    message = {"do": "growth", "key": growth.key, "growth": values}
    if surface is not None:
        message["surface"] = surface.digest
        if surface.digest in told.surfaces:
            message["growth"] = {name: value for name, value in values.items() if name != "surface"}
        else:
            told.add_surface(surface.digest, ToldSurface(None))
    told.add(growth.key, True)
    return message


def hear(message: dict, told: GrowthsTold[ToldGrowth]) -> None:
    """Keep the growth of a message that `tell` made."""
    values, digest = message.get("growth"), message.get("surface")
    if not isinstance(values, dict):
        values = {}
    surface = None
    if isinstance(digest, str):
        if digest not in told.surfaces:
            told.add_surface(digest, ToldSurface(values.get("surface")))
        surface = told.surfaces[digest]
    told.add(str(message.get("key")), ToldGrowth(values, surface))


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
