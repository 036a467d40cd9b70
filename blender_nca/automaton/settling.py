# SPDX-License-Identifier: GPL-3.0-or-later
"""Settling: cells that have lived for a while fire ever less often, and then rest, so that a pattern stays as it is.

What a manifold learns goes on being corrected for as long as its cells fire: stripes bend and wander. A cell's age
counts from its arrival, or from when it was woken: by a wound beside it, which so heals without a scar, or because what
it grows by was changed, so that blends go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..kernels import threads
from ..kernels.library import library
from .arrival import CELLS_A_THREAD
from .chance import FIRE_RATE
from .perception import Boundary, surround
from .update_rule import Array

if TYPE_CHECKING:
    from .plan import Weights

AS_EVER = round(FIRE_RATE * 2**32)
"""Below which of its numbers a cell fires that is not held back."""
WAKES = 8
"""Cells beside a wound that it wakes: with none of them stripes met what grew anew at a kink, with 8 they join."""


class Waking(NamedTuple):
    """When cells were woken: their ages count from then, or from their arrival if that was later.

    Attributes
    ----------
    step : int, or ndarray, int32, shape (height, width)
        Steps from frame 0 on.
    said : str
        The weights of the last step, as text; empty before the first one.
    """

    step: int | np.ndarray = 0
    said: str = ""

    def at(self, step: int, weights: Weights) -> Waking:
        """What is so before a step by some weights: all cells are woken by other ones than before."""
        said = repr(weights)
        return self if said == self.said else Waking(step if self.said else self.step, said)

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it takes."""
        return self.step.nbytes if isinstance(self.step, np.ndarray) else 0

    def among(self, woken: np.ndarray, step: int) -> Waking:
        """After `step` steps in which some cells were woken: bool, shape (height, width)."""
        if not woken.any():
            return self
        return self._replace(step=np.where(woken, np.int32(step), np.int32(self.step)))


def around(cells: np.ndarray, boundary: Boundary) -> np.ndarray:
    """Some cells, and those that are `WAKES` steps of a king from them: bool, shape (height, width)."""
    width = cells.shape[1]
    for _ in range(WAKES if cells.any() else 0):
        near = surround(cells.astype(np.float32), boundary) > 0
        down = near[:-2] | near[1:-1] | near[2:]
        cells = down[:, :width] | down[:, 1:-1] | down[:, 2:]
    return cells


def quiet(below: Array | int, arrival: Array, woken: Array | int, step: int, settling: int) -> Array:
    """Below which of its numbers each cell fires in a step: for `settling` steps of its life as ever, then ever less,
    and after as many more hardly any. In integers, so that it is the same on every backend.

    Parameters
    ----------
    below : int, or int64 ndarray or tensor of shape (height, width)
        How it were without, as `environment.Environment.habitat` says it. What is 0 stays so.
    arrival : ndarray or tensor, int64, shape (height, width)
        As `arrival.date` gives it.
    woken : int, or ndarray or tensor, int64, shape (height, width)
        `Waking.step`.
    step : int
        Steps before this one.
    settling : int

    Returns
    -------
    int64 array or tensor, shape (height, width)
    """
    since = arrival + (woken - arrival) * (woken > arrival)
    left = (2 * settling - (step - since)).clip(0, settling)
    fewer = below * left // settling
    return fewer + (fewer == 0) * (below != 0)


def quiet_natively(
    habitat: np.ndarray | None, arrival: np.ndarray, woken: np.ndarray | int, step: int, settling: int
) -> np.ndarray:
    """As `quiet`, by the kernels.

    Parameters
    ----------
    habitat : ndarray, uint32, shape (height, width), optional
        `AS_EVER` everywhere, if None.
    arrival : ndarray, int32, shape (height, width)
    woken : int, or ndarray, int32, shape (height, width)
    step, settling : int

    Returns
    -------
    ndarray, uint32, shape (height, width)
    """
    of_each = woken if isinstance(woken, np.ndarray) else None
    of_all = 0 if of_each is not None else woken
    fewer = np.empty(arrival.shape, np.uint32)
    bands = max(1, min(threads.count(), arrival.size // CELLS_A_THREAD))
    edges = [band * arrival.size // bands for band in range(bands + 1)]
    arrays = [None if each is None else each.ctypes.data for each in (arrival, of_each, habitat, fewer)]

    def quiet_band(band: int) -> None:
        library().nca_quiet(edges[band], edges[band + 1], step, settling, of_all, AS_EVER, *arrays)

    threads.share_out(quiet_band, bands)
    return fewer
