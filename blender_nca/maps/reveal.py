# SPDX-License-Identifier: GPL-3.0-or-later
"""Reveal: a growth's order as an alpha, by which an engine plays the growth with a cutoff that falls."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

LEAST = 1 / 255
"""Alpha of what arrives last: the least that 8 bits tell from nothing."""


def latest_of(order: np.ndarray, arrived: np.ndarray) -> float:
    """The order of what arrives last. A growth may be full long before its order ends.

    Parameters
    ----------
    order : ndarray, float32, any shape
    arrived : ndarray, bool, of the same shape
    """
    return max(float(order.max(initial=0, where=arrived)), 1e-6)


def reveal(order: np.ndarray, arrived: np.ndarray, latest: float | None = None) -> np.ndarray:
    """Make the alpha: 1 where a growth begins, less the later it arrives, `LEAST` where it arrives last, and 0 where it
    never does.

    An engine that shows what is at or above a cutoff plays the growth as the cutoff falls from 1 to `LEAST`.

    Parameters
    ----------
    order : ndarray, float32, any shape
        From 0, where it begins, to 1.
    arrived : ndarray, bool, of the same shape
    latest : float, optional
        `latest_of` the whole picture, where these are some of its rows.

    Returns
    -------
    ndarray, float32, of the same shape
    """
    # all stages of the alpha are for what happens until all has arrived
    last = np.float32(latest_of(order, arrived) if latest is None else latest)
    return np.where(arrived, 1 - order / last * np.float32(1 - LEAST), np.float32(0))


def cutoff_at(share: float, latest: float) -> float:
    """The cutoff that shows what has arrived by a share of the order, in an alpha of 8 bits.

    It lies half a stage below the alpha of what arrives then, so that rounding takes nothing away.

    Parameters
    ----------
    share : float
        From 0 to 1, as the order.
    latest : float
        `latest_of` the order.
    """
    return 1 - min(share / latest, 1.0) * (1 - LEAST) - LEAST / 2


def keys_of(values: Iterable[float], tolerance: float = LEAST / 8) -> list[int]:
    """Choose the keyframes that values by frame need, with straight lines between them.

    Parameters
    ----------
    values : iterable of float
    tolerance : float
        How far the lines may lie beside a value.

    Returns
    -------
    list of int
        Places of values, the first and the last among them.
    """
    all_values = np.asarray(list(values), float)
    kept = [0]
    while kept[-1] < len(all_values) - 1:
        first = kept[-1]
        end = first + 1
        # the slopes from here on that pass all values on the way closely enough
        low, high = -np.inf, np.inf
        for place in range(first + 1, len(all_values)):
            rise, run = all_values[place] - all_values[first], place - first
            if low <= rise / run <= high:
                end = place
            low, high = max(low, (rise - tolerance) / run), min(high, (rise + tolerance) / run)
            if low > high:
                break
        kept.append(end)
    return kept
