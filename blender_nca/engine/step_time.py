# SPDX-License-Identifier: GPL-3.0-or-later
"""Step time: how long a step takes on grids of any size, reckoned from speeds that were measured on a few."""

from __future__ import annotations

from collections.abc import Mapping

USUAL_CELLS = 256 * 256
"""By which devices are compared: between what is quick everywhere and what only a card does."""


def seconds_a_step(speeds: Mapping[str, float], cells: int = USUAL_CELLS) -> float | None:
    """Seconds a step of so many cells: some for any step, and some for each cell.

    Parameters
    ----------
    speeds : mapping of str to float
        Cells along the side of a grid -> steps a second.
    cells : int

    Returns
    -------
    float or None
        None where nothing was measured.
    """
    points = sorted((int(side) ** 2, 1 / speed) for side, speed in speeds.items() if speed > 0)
    if not points:
        return None
    (few, soon), (many, later) = points[0], points[-1]
    if many == few:
        return soon * cells / few
    a_cell = max(0.0, later - soon) / (many - few)
    return max(0.0, soon - a_cell * few) + a_cell * cells
