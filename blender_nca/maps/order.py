# SPDX-License-Identifier: GPL-3.0-or-later
"""Order: when each pixel of a growth came alive, and the front, its living edge."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Order:
    """How steps of a growth become values from 0 to 1.

    Attributes
    ----------
    end : int
        Steps from frame 0 on after which the order is 1.
    front : float
        Steps after which a pixel that came alive is no longer of the front.
    """

    end: int
    front: float

    def __post_init__(self) -> None:
        if not (self.end >= 1 and self.front > 0 and math.isfinite(self.front)):
            raise ValueError(
                f"An order over {self.end} steps with a front of {self.front}: both are above 0."
            )

    def paint(self, arrival: np.ndarray, alive: np.ndarray, step: int) -> np.ndarray:
        """Maps of pixels.

        The order is the step of arrival over `end`; 1, too, where nothing has grown. So an order below t is what had
        grown by the share t of the steps. The front is 1 where a pixel comes alive at this step, and falls to 0 in a
        straight line with the steps since then: around a growth that is finished there is none, as there would be if it
        were a distance from the border.

        Parameters
        ----------
        arrival : ndarray, float32, any shape
            Step of arrival, from 0 on.
        alive : ndarray, float32, of the same shape
            Share of the cells around a pixel that live: 0 where there is no arrival, one half on the border.
        step : int
            The present one.

        Returns
        -------
        ndarray, float32, shape (2, ...)
            `channels.ORDER_MAPS`, in [0, 1].
        """
        order = np.where(alive > 0, (arrival / np.float32(self.end)).clip(0, 1), np.float32(1))
        young = (1 - (step - arrival) / np.float32(self.front)).clip(0, 1)
        return np.stack([order, young * (2 * alive).clip(0, 1)])


def pack_order(maps: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Pack order, front and coverage into the image of them that a live material shows.

    Parameters
    ----------
    maps : ndarray, float32, shape (2, H, W)
        `channels.ORDER_MAPS`, row 0 at the top.
    alpha : ndarray, float32, shape (H, W)
        Of the growth, row 0 at the bottom as in live images.

    Returns
    -------
    ndarray, float32, shape (H, W, 4)
        Order, front, coverage, 1. Row 0 at the bottom.
    """
    packed = np.ones((*alpha.shape, 4), np.float32)
    packed[..., :2] = np.moveaxis(maps[:, ::-1], 0, -1)
    packed[..., 2] = alpha
    return packed
