# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment: what the cells of a growth meet, frame by frame, beside the mesh that they live on.

Where they may live and how fast, what wounds them, and what is planted later. All of it was recorded before: nothing
here asks a scene, so a frame stays a pure function of (growth, frame).
"""

from __future__ import annotations

import bisect
import hashlib
import json
import operator
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from .chance import FIRE_RATE
from .growth_error import GrowthError
from .mask import Mask
from .seeds import Seeds


@dataclass(frozen=True)
class MaskTrack:
    """Masks by frame: each is held until the next one's frame, and the first one before.

    Attributes
    ----------
    frames : tuple of int
        Of the growth, ascending.
    masks : tuple of Mask
        One a frame.
    """

    frames: tuple[int, ...]
    masks: tuple[Mask, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "frames", tuple(operator.index(frame) for frame in self.frames))
        object.__setattr__(self, "masks", tuple(self.masks))
        if not self.frames or len(self.frames) != len(self.masks):
            raise GrowthError("Masks by frame need a frame each, and at least one.")
        if any(later <= frame for frame, later in zip(self.frames, self.frames[1:], strict=False)):
            raise GrowthError("Masks by frame stand in the order of their frames, one a frame.")

    @classmethod
    def still(cls, mask: Mask) -> MaskTrack:
        """One mask for all frames."""
        return cls((0,), (mask,))

    def at(self, frame: int) -> Mask:
        """The mask of a frame."""
        return self.masks[self.number_at(frame)]

    def number_at(self, frame: int) -> int:
        """Which of the masks is that of a frame."""
        return max(bisect.bisect_right(self.frames, frame) - 1, 0)


class Planting(NamedTuple):
    """Seeds that begin later than the growth: at `frame` of it, 1 or more."""

    frame: int
    seeds: Seeds


@dataclass(frozen=True)
class Environment:
    """What cells meet.

    Attributes
    ----------
    habitable : MaskTrack, optional
        Cells live where it is above one half; elsewhere they die.
    speed : MaskTrack, optional
        How often a cell fires, of how often it does without: black cells stay as they are.
    wounds : MaskTrack, optional
        Cells die where a mask is above one half, after the steps of its frame alone.
    heals : bool
        Whether they may grow there again; if not, a wound is closed for ever.
    plantings : tuple of Planting
        Where nothing lives there, as it does not on what is closed. They come after the frame's wounds.
    """

    habitable: MaskTrack | None = None
    speed: MaskTrack | None = None
    wounds: MaskTrack | None = None
    heals: bool = True
    plantings: tuple[Planting, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "plantings", tuple(Planting(*each) for each in self.plantings))
        if any(operator.index(each.frame) < 1 for each in self.plantings):
            raise GrowthError("Seeds that are planted later begin in frame 1 of the growth, or later.")

    def habitat(self, frame: int, height: int, width: int) -> np.ndarray | None:
        """Below which of its numbers each cell fires in a frame. While nothing changes it is the same array.

        Parameters
        ----------
        frame : int
        height, width : int
            Of the grid, in cells.

        Returns
        -------
        ndarray, uint32, shape (height, width), or None
            0 is where nothing lives, and no cell that may live has it. None where all live and fire as ever.
        """
        closed = () if self.heals else self._wounds_until(frame)
        habitable = self.habitable.at(frame) if self.habitable else None
        speed = self.speed.at(frame) if self.speed else None
        return _habitat(habitable, speed, closed, height, width)

    def wound(self, frame: int) -> Mask | None:
        """What wounds the cells in a frame, after its steps, so that it is seen there."""
        if self.wounds is None or frame not in self.wounds.frames:
            return None
        return self.wounds.at(frame)

    def planted(self, frame: int) -> tuple[Seeds, ...]:
        """What is planted in a frame, after its steps and wounds."""
        return tuple(each.seeds for each in self.plantings if each.frame == frame)

    def said_of_steps(self, frame: int) -> str:
        """A digest of what a frame's steps meet; empty where that is nothing."""
        closed = () if self.heals else self._wounds_until(frame)
        habitable = self.habitable.at(frame) if self.habitable else None
        speed = self.speed.at(frame) if self.speed else None
        return _digest(habitable, speed, *closed) if habitable or speed or closed else ""

    def said_of_events(self, frame: int) -> str:
        """A digest of what happens after a frame's steps; empty where that is nothing."""
        wound, planted = self.wound(frame), self.planted(frame)
        return _digest(wound, *planted) if wound or planted else ""

    @cached_property
    def last_change(self) -> int:
        """From this frame on all stays as it is."""
        tracks = [each.frames[-1] for each in (self.habitable, self.speed, self.wounds) if each]
        return max([0, *tracks, *(planting.frame for planting in self.plantings)])

    @cached_property
    def digest(self) -> str:
        """A hash of all of it."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict:
        """Plain values; equal masks stand there once."""
        masks: dict[Mask, int] = {}
        tracks = {
            name: track
            and {"frames": track.frames, "masks": [masks.setdefault(m, len(masks)) for m in track.masks]}
            for name, track in (("habitable", self.habitable), ("speed", self.speed), ("wounds", self.wounds))
        }
        plantings = [(each.frame, each.seeds.to_json()) for each in self.plantings]
        return {
            **tracks,
            "heals": self.heals,
            "plantings": plantings,
            "masks": [asdict(mask) for mask in masks],
        }

    @classmethod
    def from_json(cls, values: dict) -> Environment:
        """Read what `to_json` wrote; raises `GrowthError`, or what missing and wrong values raise."""
        masks = [Mask(**each) for each in values["masks"]]
        tracks = {
            name: MaskTrack(values[name]["frames"], tuple(masks[number] for number in values[name]["masks"]))
            for name in ("habitable", "speed", "wounds")
            if values.get(name)
        }
        plantings = tuple(Planting(frame, Seeds.from_json(seeds)) for frame, seeds in values["plantings"])
        return cls(**tracks, heals=bool(values["heals"]), plantings=plantings)

    def _wounds_until(self, frame: int) -> tuple[Mask, ...]:
        wounds = self.wounds
        return wounds.masks[: bisect.bisect_right(wounds.frames, frame)] if wounds else ()


def join(environments: Iterable[Environment | None], height: int, width: int) -> Environment | None:
    """What cells meet that meet all of some environments: they live where all let them, each slows them further, and a
    wound heals only where all would let it. None where there is none.

    Parameters
    ----------
    environments : iterable of Environment or None
    height, width : int
        Cells of the grid that the joined masks are of.
    """
    there = tuple(each for each in environments if each is not None)
    return _join(there, height, width) if len(there) > 1 else there[0] if there else None


@lru_cache(16)
def _join(environments: tuple[Environment, ...], height: int, width: int) -> Environment:
    def track(name: str, mix: Callable, is_event: bool = False) -> MaskTrack | None:
        tracks = [found for each in environments if (found := getattr(each, name))]
        if len(tracks) < 2:
            return tracks[0] if tracks else None
        frames = sorted({frame for each in tracks for frame in each.frames})
        masks = []
        for frame in frames:
            met = [each.at(frame) for each in tracks if not is_event or frame in each.frames]
            masks.append(met[0] if len(met) == 1 else _mixed(tuple(met), mix, height, width))
        return MaskTrack(tuple(frames), tuple(masks))

    return Environment(
        track("habitable", np.minimum),
        track("speed", np.multiply),
        track("wounds", np.maximum, is_event=True),
        all(each.heals for each in environments),
        tuple(planting for each in environments for planting in each.plantings),
    )


@lru_cache(256)
def _mixed(masks: tuple[Mask, ...], mix: Callable, height: int, width: int) -> Mask:
    mixed = masks[0].unpack(height, width)
    for mask in masks[1:]:
        mixed = mix(mixed, mask.unpack(height, width))
    return Mask.pack(mixed)


@lru_cache(64)
def _habitat(
    habitable: Mask | None, speed: Mask | None, closed: tuple[Mask, ...], height: int, width: int
) -> np.ndarray | None:
    if habitable is None and speed is None and not closed:
        return None
    rate = np.full((height, width), FIRE_RATE)
    if speed is not None:
        rate *= speed.unpack(height, width)
    thresholds = np.rint(rate * 2**32).clip(1, 2**32 - 1)
    if habitable is not None:
        thresholds *= habitable.unpack(height, width) > 0.5
    if closed:
        thresholds *= ~_union(closed, height, width)
    found = thresholds.astype(np.uint32)
    found.flags.writeable = False
    return found


@lru_cache(64)
def _union(wounds: tuple[Mask, ...], height: int, width: int) -> np.ndarray:
    # of the first 2, 4, 6, 8 ... it is held, so that one more wound costs little (a Fenwick tree's ways)
    before = len(wounds) & (len(wounds) - 1)
    found = _union(wounds[:before], height, width).copy() if before else np.zeros((height, width), bool)
    for wound in wounds[before:]:
        found |= wound.unpack(height, width) > 0.5
    return found


def _digest(*parts: Mask | Seeds | None) -> str:
    said = [part.digest if isinstance(part, Mask) else part and part.to_json() for part in parts]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
