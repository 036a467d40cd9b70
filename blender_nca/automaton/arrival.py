# SPDX-License-Identifier: GPL-3.0-or-later
"""Arrival: the step at which each cell came alive. A cell that dies loses it; one that lives again has a new one.

It is kept beside the state of the cells, a step at a time: so it too is a pure function of (growth, frame).
"""

from __future__ import annotations

import numpy as np

from ..kernels import threads
from ..kernels.library import library
from .reference import ALIVE_ABOVE

NEVER = 2**31 - 1
"""Arrival of a cell that has not come alive."""
CELLS_A_THREAD = 2**15
"""Fewer are dated by one thread."""


def date(before: np.ndarray | None, life: np.ndarray, step: int) -> np.ndarray:
    """Arrivals after one step more.

    A cell comes alive by its own life: the living mask of the automaton also has the cells around it, which nobody sees
    yet. It is dead when the automaton, or a wound, has erased it: one whose life falters beside living cells, as on the
    border of a figure, keeps its arrival.

    Parameters
    ----------
    before : ndarray, int32, shape (height, width), optional
        Arrivals after the step before; None at step 0.
    life : ndarray, float32, shape (height, width)
        Channel `update_rule.LIFE` of the state after `step` steps.
    step : int
        Steps from frame 0 on.

    Returns
    -------
    ndarray, int32, shape (height, width)
        `NEVER` for cells that have not come alive, or died.
    """
    if before is None:
        before = np.full(life.shape, NEVER, np.int32)
    arrival = np.where(life > ALIVE_ABOVE, np.minimum(before, np.int32(step)), before)
    arrival[life == 0] = NEVER
    return arrival


def date_natively(before: np.ndarray | None, state: np.ndarray, step: int) -> np.ndarray:
    """As `date`, by the kernels.

    Parameters
    ----------
    before : ndarray, int32, shape (height, width), optional
    state : ndarray, float32, shape (height, width, channels)
    step : int

    Returns
    -------
    ndarray, int32, shape (height, width)
    """
    if before is None:
        before = np.full(state.shape[:2], NEVER, np.int32)
    state, channels = np.ascontiguousarray(state, np.float32), state.shape[2]
    arrival = np.empty_like(before)
    bands = max(1, min(threads.count(), before.size // CELLS_A_THREAD))
    edges = [band * before.size // bands for band in range(bands + 1)]

    def date_band(band: int) -> None:
        arrays = (each.ctypes.data for each in (state, before, arrival))
        library().nca_date(edges[band], edges[band + 1], channels, step, *arrays)

    threads.share_out(date_band, bands)
    return arrival
