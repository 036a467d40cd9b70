# SPDX-License-Identifier: GPL-3.0-or-later
"""What a backend does: the cells of a manifold are sown, grow, meet what the growth says, and are painted."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from ..maps.order import Order
from .growth import Growth


class Automaton(Protocol):
    """The cells of one manifold on one backend."""

    def seed(self, growth: Growth) -> Any:
        """State at frame 0. States are this automaton's own: nobody else writes to one."""

    def disturb(self, state: Any, growth: Growth, frame: int) -> Any:
        """Let wounds happen and seeds begin, after the steps of a frame; arguments as of `grow`, which see.

        Raises
        ------
        GrowthError
            Seeds fall nowhere.
        """

    def grow(
        self,
        state: Any,
        growth: Growth,
        weights: tuple,
        first: int,
        steps: int,
        habitat: np.ndarray | None = None,
        descent: np.ndarray | None = None,
    ) -> Any:
        """Run steps of the automaton.

        Parameters
        ----------
        state
            What `seed` or `grow` gave; it stays as it is.
        growth : Growth
        weights : tuple of tuple of float
            What `Growth.weights_at` says of the frame.
        first, steps : int
            `first` is the number of steps before.
        habitat : ndarray, uint32, shape (height, width), optional
            What `Growth.habitat` says of the frame, or `quiet` made of it.
        descent : ndarray, uint8, shape (height, width), optional
            Which genotype's seed each cell descends from, where the growth counts that; see `descent`.

        Returns
        -------
        State `steps` steps later

        Raises
        ------
        GrowthError
            A DNA has another length than those of the manifold.
        """

    def paint(
        self,
        state: Any,
        growth: Growth,
        weights: tuple,
        descent: np.ndarray | None = None,
        rows: range | None = None,
    ) -> np.ndarray:
        """Paint a state.

        Parameters
        ----------
        state, growth, weights, descent
            As of `grow`.
        rows : range, optional
            Rows of cells that are painted, from the top; where the grid wraps, also beyond its borders. All unless
            given.

        Returns
        -------
        ndarray, float32, shape (8, rows * pixels_per_cell, width * pixels_per_cell)
            Maps in [0, 1], as `maps.channels.CHANNELS` names them, row 0 at the top.
        """

    def paint_live(
        self, state: Any, growth: Growth, weights: tuple, descent: np.ndarray | None = None
    ) -> np.ndarray:
        """Paint the two images of a live material; arguments as of `grow`.

        Returns
        -------
        ndarray, float32, shape (2, height * pixels_per_cell, width * pixels_per_cell, 4)
            As `maps.packing.pack_live` packs them.
        """

    def living(self, state: Any, growth: Growth) -> float:
        """Share of the cells that live, in [0, 1]."""

    def peopled(self, state: Any) -> np.ndarray:
        """Which cells live, as `arrival.date` says: bool, shape (height, width)."""

    def date(self, arrival: Any, state: Any, step: int) -> Any:
        """When each cell came alive, as `arrival.date` says. What it gives is this automaton's own, as states are.

        Parameters
        ----------
        arrival
            What it gave for the step before, which stays as it is; None at step 0.
        state
            After `step` steps.
        step : int
        """

    def quiet(
        self, habitat: np.ndarray | None, arrival: Any, woken: int | np.ndarray, step: int, settling: int
    ) -> Any:
        """How often cells fire that settle; see `settling.quiet`.

        Parameters
        ----------
        habitat : ndarray, uint32, shape (height, width), optional
            What `Growth.habitat` says of the frame.
        arrival
            What `date` gave for `step`.
        woken : int, or ndarray, int32, shape (height, width)
        step, settling : int

        Returns
        -------
        What `grow` takes for a habitat in the next step
        """

    def paint_order(
        self, arrival: Any, growth: Growth, order: Order, step: int, rows: range | None = None
    ) -> np.ndarray:
        """Paint growth order and front.

        Parameters
        ----------
        arrival
            What `date` gave for `step`.
        growth : Growth
        order : Order
        step : int
        rows : range, optional
            As of `paint`.

        Returns
        -------
        ndarray, float32, shape (2, rows * pixels_per_cell, width * pixels_per_cell)
            `maps.order.ORDER_MAPS`, row 0 at the top.
        """

    def nbytes(self, state: Any) -> int:
        """Bytes of memory that a state takes, or what `date` gave."""

    def give_out(self, state: Any) -> np.ndarray:
        """The numbers of a state, or of what `date` gave, of any shape."""

    def take_in(self, numbers: np.ndarray) -> Any:
        """What `give_out` gave of an automaton of this kind, of any shape, as a state again."""
