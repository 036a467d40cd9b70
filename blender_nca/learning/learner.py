# SPDX-License-Identifier: GPL-3.0-or-later
"""Learns one species from a picture: a rule and a painter of its own, all else of the manifold as it is.

What is learned begins as what the manifold grows from a DNA: that knows how to live and to rest, so some hundred
iterations do what took the manifold many thousands. What then differs from what the manifold reads from the new DNA is
the species' unit.
"""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import torch

from ..automaton.chance import cell_numbers
from ..manifold.own_unit import OwnUnit
from .judge import BURST, Judge, Likeness, transcribe
from .own_weights import OwnWeights, Pace
from .pool import Pool

SLIP = 1.25
"""How far what is learned may be from the picture, over the nearest so far, and still be kept in its place: what a
critic mends, joints that meet and panes that close, distances hardly tell."""

J = TypeVar("J", bound=Judge)


class Learner(ABC):
    """Learns a species, an iteration at a time.

    Parameters
    ----------
    judge : Judge
        Of the picture, and the manifold.
    dna : str
        Of the new species.
    silent_below : float
        See `own_dna.silence`.
    start : str
        DNA whose growth it begins as.
    seconds : float
        Of learning, until which the learning rate falls.
    random_seed : int
    clock : callable
        That tells the seconds.

    Attributes
    ----------
    own : OwnWeights
    pool : Pool
    seconds : float
        Learned so far.
    iteration : int
    best : Likeness or None
        Of `unit`, once it was measured.
    """

    pace: Pace
    judge: Judge

    def __init__(
        self,
        judge: Judge,
        dna: str,
        silent_below: float,
        start: str,
        seconds: float,
        random_seed: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.judge, self.dna, self.silent_below, self.start = judge, dna, silent_below, start
        self.budget, self.random_seed, self._clock = seconds, random_seed, clock
        self.own = OwnWeights(judge.transcribe(start), self.pace)
        self.kept = self.own.copy()
        self.kept_fine: dict[str, torch.Tensor] | None = None
        self.best: Likeness | None = None
        self._least = math.inf  # that was judged so far
        self._pixels = judge.manifold.card["pixels_per_cell"]
        self.pool = self._fill_pool()
        cells = self.pool.states.shape[1]
        self._cells = torch.from_numpy(cell_numbers(cells, cells)).to(judge.device)
        self.iteration, self.seconds = 0, 0.0

    @property
    def progress(self) -> float:
        """How much of its time is over, in [0, 1]."""
        return min(1.0, self.seconds / self.budget)

    @property
    def done(self) -> bool:
        """Whether its time is over."""
        return self.seconds >= self.budget

    def learn(self) -> None:
        """One iteration: draw states from the pool, grow, judge, learn, put back."""
        began = self._clock()
        self._iterate(np.random.default_rng([self.random_seed, self.iteration]))
        self.iteration += 1
        self.seconds += self._clock() - began

    def look(self) -> tuple[Likeness, np.ndarray]:
        """Grow what was learned so far, and keep it, unless it has slipped far from the nearest so far.

        Returns
        -------
        Likeness
        ndarray, uint8, shape (height, width, 3 or 4)
            What has grown.
        """
        rule, painter = self.own.express(1, self.own.averaged)
        maps = self.judge.grow(rule, painter, self.judge.cells, self.judge.steps)
        likeness = self.judge.compare(maps)
        self._least = min(self._least, likeness.judged)
        if self.best is None or likeness.judged <= SLIP * self._least:
            self.best, self.kept = likeness, self.own.copy()
            self.kept_fine = self._copy_fine()
        return likeness, self.judge.show(maps[0])

    @property
    def unit(self) -> OwnUnit:
        """What was kept: what it adds to what the manifold reads from its DNA."""
        read = transcribe(self.judge.manifold, self.dna, "cpu")
        added = {name: kept.cpu().numpy() - read[name].numpy() for name, kept in self.kept.items()}
        is_further = self.judge.is_further(self.start, self.dna)
        if self.kept_fine is None:
            return OwnUnit(self.dna, self.silent_below, added, is_further)
        fine = {name: weight.cpu().numpy() for name, weight in self.kept_fine.items()}
        return OwnUnit(self.dna, self.silent_below, added, is_further, fine)

    @abstractmethod
    def _fill_pool(self) -> Pool:
        """The states that are drawn from, before anything was learned."""

    def _copy_fine(self) -> dict[str, torch.Tensor] | None:
        """What was learned so far of what is finer than cells, by the names of `own_unit.OF_FINE`."""
        return None

    @abstractmethod
    def _iterate(self, random: np.random.Generator) -> None:
        """One iteration."""

    def _put_back(
        self,
        places: np.ndarray,
        state: torch.Tensor,
        whole: torch.Tensor,
        steps: int,
        random: np.random.Generator,
    ) -> None:
        """States that have grown on go back to their places in the pool; for one that has burst comes a new one."""
        for i, place in enumerate(places):
            if whole[i]:
                self.pool.states[place] = state[i].detach().cpu()
                self.pool.age[place] += steps
            else:
                self.pool.states[place] = self.pool.renew(place, random)

    def state_dict(self) -> dict[str, Any]:
        """All that changes while it learns."""
        return {
            **self.own.state_dict(),
            "kept": self.kept,
            "kept_fine": self.kept_fine,
            "best": self.best and [*self.best._asdict().values()],
            "least": self._least,
            "pool": self.pool.state_dict(),
            "iteration": self.iteration,
            "seconds": self.seconds,
        }

    def load_state_dict(self, values: dict[str, Any]) -> None:
        """Go on from there."""
        self.own.load_state_dict(values)
        self.kept, best = values["kept"], values["best"]
        self.best = best and self.judge.restore(best)
        # earlier versions kept the nearest alone
        self._least = values.get("least", self.best.judged if self.best else self._least)
        self.kept_fine = values.get("kept_fine")  # of earlier versions none was
        self.pool.load_state_dict(values["pool"])
        self.iteration, self.seconds = values["iteration"], values["seconds"]


def tame(state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """States within what a channel can have, and which of them were so before: bool Tensor, shape (batch,)."""
    whole = state.detach().abs().flatten(1).amax(1) < BURST  # false too where it is not a number
    return state.nan_to_num(0, BURST, -BURST).clip(-BURST, BURST), whole
