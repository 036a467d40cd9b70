# SPDX-License-Identifier: GPL-3.0-or-later
"""Loop: frames of a growth that are shown again and again, without a seam.

The last frames before the loop begins anew fade, cell by cell, into those that came before its first one. So the frame
after the last is the first, and what leads there is what led there when it was first grown:

    shown(k) = (1 - w) state(k) + w state(k - length)    with w from 0 to 1 over the last `overlap` frames.

States of one growth that lie a loop apart have most in common, so their mean is no blur: what is painted of it keeps
its contrast (`scripts/loops.py` measures that of each species).
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any

from .growth_error import GrowthError

Parts = tuple[tuple[int, float], ...]
"""Frames whose states are mixed, each with its share; the shares sum to 1."""


@dataclass(frozen=True)
class Loop:
    """Which frames are repeated.

    Attributes
    ----------
    start : int
        The first frame of the loop, of the growth. Those before it are shown as they are.
    length : int
        Frames of the loop: frame `start + length` shows what `start` does.
    overlap : int
        Over how many frames, until then, the fade lasts. 1 does not fade: the loop jumps back.
    """

    start: int
    length: int
    overlap: int

    def __post_init__(self) -> None:
        for name in ("start", "length", "overlap"):
            object.__setattr__(self, name, operator.index(getattr(self, name)))
        if self.length < 1:
            raise GrowthError(f"A loop of {self.length} frames: choose 1 or more.")
        if not 1 <= self.overlap <= self.length:
            raise GrowthError(
                f"A loop of {self.length} frames fades over {self.overlap} of them: choose 1 to {self.length}."
            )
        if self.start < self.overlap - 1:
            raise GrowthError(
                f"The loop begins at frame {self.start} of the growth, and fades into {self.overlap} frames before: "
                "let it begin later, or fade over fewer."
            )

    def fold(self, frame: int) -> int:
        """The frame, before the loop's end, that is shown at a frame of the growth."""
        return frame if frame < self.start else self.start + (frame - self.start) % self.length

    def parts(self, frame: int) -> Parts:
        """Of which frames' states, as they are without the loop, that of a frame is mixed."""
        frame = self.fold(frame)
        faded = frame - (self.start + self.length - self.overlap)
        if faded <= 0:
            return ((frame, 1.0),)
        share = faded / self.overlap
        return (frame, 1.0 - share), (frame - self.length, share)


def mix(values: list[Any], shares: list[float]) -> Any:
    """The mean of arrays of any kind, or numbers, by their shares; one alone is given back as it is."""
    if len(values) == 1:
        return values[0]
    return sum(share * value for value, share in zip(values, shares, strict=True))
