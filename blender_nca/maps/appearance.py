# SPDX-License-Identifier: GPL-3.0-or-later
"""Appearance: when each pixel of a growth is seen for the first time, of its painted alpha, and how it comes.

The arrival of cells (`automaton.arrival`) dates what lives. It is later than what is seen: the alpha that is painted
between cells is half there before the next cell is alive. A growth order that engines play is made of what is seen.
"""

from __future__ import annotations

import numpy as np

HALF = np.float32(0.5)
"""Alpha from which on a pixel is seen."""


class Appearance:
    """Watches the alpha of a growth, frame by frame.

    A pixel that is there, gone and there again is dated by the one coming with which the fewest frames are wrong.

    Parameters
    ----------
    frames : int
        How many will be watched; the first has time 0, the last time 1.

    Raises
    ------
    ValueError
        There are none.
    """

    def __init__(self, frames: int) -> None:
        if frames < 1:
            raise ValueError("An appearance is watched over at least one frame.")
        self._pace = np.float32(1 / max(1, frames - 1))
        self._seen = 0
        self._before: np.ndarray | None = None

    def watch(self, alpha: np.ndarray) -> None:
        """Watch the next frame.

        Parameters
        ----------
        alpha : ndarray, float32, shape (H, W)
        """
        if self._before is None:
            self._before = np.zeros_like(alpha)
            self._balance = np.zeros(
                alpha.shape, np.int32
            )  # frames in which it was there, less those in which not
            self._least = np.ones(alpha.shape, np.int32)
            self._came, self._rise = np.ones_like(alpha), np.zeros_like(alpha)
        is_there = alpha >= HALF
        comes = is_there & (self._before < HALF) & (self._balance <= self._least)
        self._least[comes] = self._balance[comes]
        if self._seen:
            # as if alpha went from frame to frame in a straight line
            slope = alpha[comes] - self._before[comes]
            self._came[comes] = (self._seen - (alpha[comes] - HALF) / slope) * self._pace
            self._rise[comes] = (self._pace / slope).clip(0, 1)
        else:
            self._came[comes] = 0
        self._balance += np.where(is_there, np.int32(1), np.int32(-1))
        self._before, self._seen = alpha, self._seen + 1

    def dates(self, boundary: str, around: int = 0) -> np.ndarray:
        """When each pixel comes and how long that takes, in shares of the time.

        Parameters
        ----------
        boundary : {'wrap', 'edge'}
        around : int
            Pixels for which both go on beyond what is there in the end, so that its soft border comes with it, and
            a texture can be filtered there.

        Returns
        -------
        ndarray, float32, shape (2, H, W)
            The time at which alpha passes one half, from 0 to 1, and 1 where it never does; and the time that alpha
            takes from 0 to 1 as fast as it rises then.

        Raises
        ------
        ValueError
            Nothing was watched.
        """
        if self._before is None:
            raise ValueError("No frame was watched.")
        is_there = self._before >= HALF
        dates = np.stack([self._came, self._rise])
        dates[0, ~is_there], dates[1, ~is_there] = 1, 0
        return _go_on(dates, is_there, boundary, around)


def _go_on(dates: np.ndarray, is_known: np.ndarray, boundary: str, around: int) -> np.ndarray:
    """Give pixels beside known ones their mean, a step at a time."""
    height, width = is_known.shape
    beside = [(0, 1), (2, 1), (1, 0), (1, 2)]
    for _ in range(around):
        if is_known.all() or not is_known.any():
            break
        fields = np.concatenate([dates, np.ones_like(dates[:1])]) * is_known
        sides = (0, 0), (1, 1), (1, 1)
        fields = np.pad(fields, sides, mode="wrap") if boundary == "wrap" else np.pad(fields, sides)
        sums = np.sum([fields[:, y : y + height, x : x + width] for y, x in beside], axis=0)
        new = ~is_known & (sums[2] > 0)
        dates[:, new] = sums[:2, new] / sums[2, new]
        is_known = is_known | new
    return dates
