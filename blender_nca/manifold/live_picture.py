# SPDX-License-Identifier: GPL-3.0-or-later
"""The last live picture, kept so that of the next one only what changed is painted."""

from __future__ import annotations

from operator import is_
from typing import Any, NamedTuple

import numpy as np

from ..automaton.growth import Growth
from .renderer import Painter

MOST_KEPT = 2**27
"""Bytes of a picture that is kept for the next one."""


class LivePicture(NamedTuple):
    """A live picture, and what it was painted of.

    Attributes
    ----------
    painters : list of Painter
        One a genotype.
    shares : list
        Cells that each of them rules, None where it rules all.
    state : array or Tensor
        As the backend grows it.
    growth : Growth
    images : ndarray, float32, shape (2, pixels high, pixels wide, 4)
    """

    painters: list[Painter]
    shares: list
    state: Any
    growth: Growth
    images: np.ndarray

    def kept(self) -> LivePicture | None:
        """Itself, where it is small enough to be kept."""
        return self if self.images.nbytes <= MOST_KEPT else None

    def differs_in_state_alone(self, painters: list[Painter], shares: list, growth: Growth) -> bool:
        """Whether another picture has the same size and is painted in the same way; arguments as the attributes."""
        return (
            _are_same(self.painters, painters)
            and _are_same(self.shares, shares)
            and _frame(self.growth) == _frame(growth)
        )


def _are_same(ours: list, theirs: list) -> bool:
    return len(ours) == len(theirs) and all(map(is_, ours, theirs))


def _frame(growth: Growth) -> tuple:
    size = growth.height, growth.width, growth.pixels_per_cell
    return *size, growth.boundary, growth.surface, growth.margin
