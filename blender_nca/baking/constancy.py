# SPDX-License-Identifier: GPL-3.0-or-later
"""Constancy: whether what has grown stays as it is. A growth order shows it from the beginning as it is in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..automaton.growth import Growth
from ..maps.colour import linear_to_srgb

if TYPE_CHECKING:
    from ..engine.client import Engine, Job

VISIBLE = 0.1
"""Difference of a colour, encoded as sRGB, that is seen as it comes."""
MOST = 0.1
"""Share of what has grown that may differ so before the artist is told."""
_SIDE = 512
"""Pixels of a side that are compared: enough for a share."""


class Constancy:
    """A comparison under way: of what has grown in half of the time with what it is in the end.

    Parameters
    ----------
    engine : Engine
    growth : Growth
    middle, end : int
        Its frames.
    """

    def __init__(self, engine: Engine, growth: Growth, middle: int, end: int) -> None:
        self._jobs: list[Job] = [engine.request(growth, frame) for frame in (middle, end)]
        self._pictures: list[np.ndarray] = []
        self._changes: float | None = None

    def step(self, patience: float) -> bool:
        """Go on; whether it is done. A frame that cannot be grown ends it: the textures are there all the same."""
        from ..engine.client import EngineError

        try:
            while self._jobs:
                self._pictures.append(_fewer(self._jobs[0].result(patience).pixels[0]))
                self._jobs.pop(0)
        except TimeoutError:
            return False
        except EngineError:
            self._jobs.clear()
            return True
        if self._changes is None:
            self._changes = share_that_changes(*self._pictures)
        return True

    def cancel(self) -> None:
        """Let it be."""
        for job in self._jobs:
            job.cancel()

    @property
    def sentence(self) -> str:
        """What the artist is told; empty where there is nothing to tell."""
        if self._changes is None or self._changes <= MOST:
            return ""
        return (
            f"{self._changes:.0%} of what has grown at half time looks otherwise in the end, and a growth order shows "
            "it so from the beginning: bake a sequence or a flipbook where that is seen."
        )


def _fewer(pixels: np.ndarray) -> np.ndarray:
    stride = max(1, max(pixels.shape[:2]) // _SIDE)
    return pixels[::stride, ::stride].copy()


def share_that_changes(middle: np.ndarray, end: np.ndarray) -> float:
    """Share of the pixels, (H, W, 4) and linear, that have grown in the middle and are visibly others in the end."""
    has_grown = middle[..., 3] >= 0.5
    if not has_grown.any():
        return 0.0
    colours = [linear_to_srgb(picture[..., :3][has_grown]) for picture in (middle, end)]
    return float((np.abs(colours[0] - colours[1]).max(axis=-1) > VISIBLE).mean())
