# SPDX-License-Identifier: GPL-3.0-or-later
"""Learns one figure: a rule and a painter of its own, all else of the manifold as it is.

A manifold that was trained on a thousand figures grows each of them, blurred: what one learns moves the others. So a
figure begins as what the manifold reads from its DNA, which has its place, its outline and how to live, and learns on
alone; what then differs is its unit.
"""

from __future__ import annotations

import math

import numpy as np
import torch

from ..automaton import through_time
from ..automaton.chance import cell_numbers
from ..automaton.update_rule import UpdateRule
from ..genetics.relaxed import relax
from ..manifold.manifold import Manifold
from ..manifold.own_unit import OF_PAINTER, OF_RULE, OwnUnit
from ..manifold.painting import paint
from ..manifold.renderer import Painter
from .figure import judge_figures, premultiply
from .pool import Pool, sow_centre, wound
from .soap import Soap

BATCH, POOL = 4, 24
"""Grids of an iteration that go on, and the states that they are drawn from."""
FRESH, GROWN, LIVED = 2, (26, 44), (8, 18)
"""Iterations from one in which a grid begins anew to the next; its steps (at least, below), and those of grids that go
on from what they were. These only have to stay as they are, or to heal."""
JOINING = 3
"""Of so many grids that begin anew one goes on in the pool: the fewer do, the older are those that must look right."""
COARSE = 0.2
"""Share of the iterations in which a cell is painted with one pixel: where parts are is learned first."""
RATE, LAST_PACE, RISE, AVERAGING = 5e-3, 0.03, 10, 0.98
"""Learning rate, what share of it is left at the end, iterations in which it rises, and decay of the mean."""
OVERFLOW, BURST = 10.0, 8.0
REST, REST_AGE, REST_STEPS = 0.1, 100, 4
"""As of `learner`; figures stand sooner than textures have arranged themselves."""
SHOWN_STEPS, SHOWN_SEED = 200, 5
"""What is measured: from one cell, of other chances than were learned on."""


class FigureLearner:
    """Learns a figure, an iteration at a time.

    Parameters
    ----------
    manifold : Manifold
        That grows figures.
    dna : str
        Of the figure.
    silent_below : float
        See `own_dna.silence`.
    target : Tensor, shape (4, pixels, pixels)
        What a whole grid shall look like, premultiplied: the manifold's cells and pixels.
    iterations : int
        Until which the learning rate falls.
    random_seed : int

    Attributes
    ----------
    iteration : int
    """

    def __init__(
        self,
        manifold: Manifold,
        dna: str,
        silent_below: float,
        target: torch.Tensor,
        iterations: int,
        random_seed: int = 0,
    ):
        self.manifold, self.dna, self.silent_below = manifold, dna, silent_below
        rule, painter = manifold.transcribe(relax(dna))
        self._read = {
            name: torch.from_numpy(value) for name, value in {**vars(rule), **vars(painter)}.items()
        }
        self._weights = {name: self._read[name].clone().requires_grad_() for name in (*OF_RULE, *OF_PAINTER)}
        self._averaged = {name: weight.detach().clone() for name, weight in self._weights.items()}
        self._shared = {name: self._read[name] for name in vars(painter) if name not in OF_PAINTER}
        self._target, self._iterations, self._seed = target[None], iterations, random_seed
        self._pixels, cells = manifold.card["pixels_per_cell"], manifold.card["cells"]
        self._cells = torch.from_numpy(cell_numbers(cells, cells))
        self._pool = Pool(1, POOL, 0, lambda random: sow_centre(cells, manifold.sizes.channels), random_seed)
        self._optimiser = Soap(list(self._weights.values()), RATE)
        self.iteration = 0

    @property
    def done(self) -> bool:
        return self.iteration >= self._iterations

    def learn(self) -> None:
        """One iteration: draw states from the pool, grow, judge, learn, put back."""
        random = np.random.default_rng([self._seed, self.iteration])
        anew = self.iteration % FRESH == 0
        joins = self.iteration % (FRESH * JOINING) == 0
        # cells of several grids fire alike: that begin anew they would be one grid
        places = random.choice(POOL, 1 if anew else BATCH, replace=False)
        drawn = torch.from_numpy(places)
        if joins:
            state = self._pool.renew(places[0], random)[None]
        elif anew:
            state = self._pool.sow(random)[None]
        else:
            state = self._pool.states[drawn].clone()
            state[0] = wound(state[0], random)
            self._pool.age[places[0]] = 0
        rule, painter = self._express(self._weights, len(places))
        steps, seed = int(random.integers(*(GROWN if anew else LIVED))), int(random.integers(0, 2**31))
        state = through_time.grow(state, rule, seed, steps, self._cells, "edge")
        whole = state.detach().abs().flatten(1).amax(1) < BURST  # false too where it is not a number
        state = state.nan_to_num(0, BURST, -BURST).clip(-BURST, BURST)
        maps = paint(painter, state, self._fineness, "edge")
        loss = judge_figures(state, maps, self._target.expand(len(places), -1, -1, -1)).loss
        loss = loss + OVERFLOW * (state - state.clip(-2, 2)).square().mean()
        loss = loss + (maps - maps.clip(0, 1)).square().mean()
        old = (self._pool.age[drawn] + steps >= REST_AGE) & whole
        if not anew and old.any():
            some = UpdateRule(**{name: each[old] for name, each in vars(rule).items()})
            before = state.detach()[old]
            later = through_time.grow(before, some, seed + 1, REST_STEPS, self._cells, "edge")
            loss = loss + REST * (later - before).square().mean((1, 2, 3)).sum() / len(places)
        self._step(loss)
        for i, place in enumerate(places if joins or not anew else ()):
            if whole[i]:
                self._pool.states[place] = state[i].detach()
                self._pool.age[place] += steps
            else:
                self._pool.states[place] = self._pool.renew(place, random)
        self.iteration += 1

    @torch.no_grad()
    def error(self) -> float:
        """Squared error of what was learned so far, over the whole grid."""
        rule, painter = self._express(self._averaged, 1)
        state = sow_centre(len(self._cells), self.manifold.sizes.channels)[None]
        for step in range(0, SHOWN_STEPS, GROWN[1]):  # every step is kept until the last of a piece
            steps = min(GROWN[1], SHOWN_STEPS - step)
            state = through_time.grow(state, rule, SHOWN_SEED + step, steps, self._cells, "edge")
        maps = paint(painter, state.clip(-BURST, BURST), self._pixels, "edge").clip(0, 1)
        return float((premultiply(maps) - self._target).square().mean())

    @property
    def unit(self) -> OwnUnit:
        """What was learned: what it adds to what the manifold reads from its DNA, in numbers of 16 bits."""
        added = {
            name: (mean - self._read[name]).half().float().numpy() for name, mean in self._averaged.items()
        }
        return OwnUnit(self.dna, self.silent_below, added)

    def _express(self, weights: dict[str, torch.Tensor], batch: int) -> tuple[UpdateRule, Painter]:
        each = {name: weight.expand(batch, *weight.shape) for name, weight in weights.items()}
        return (
            UpdateRule(**{name: each[name] for name in OF_RULE}),
            Painter(**{name: each[name] for name in OF_PAINTER}, **self._shared),
        )

    @property
    def _fineness(self) -> int:
        return 1 if self.iteration < COARSE * self._iterations else self._pixels

    def _step(self, loss: torch.Tensor) -> None:
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        progress = min(1.0, self.iteration / self._iterations)
        pace = max(LAST_PACE, 0.5 + 0.5 * math.cos(math.pi * progress))
        self._optimiser.param_groups[0]["lr"] = RATE * pace * min(1.0, (self.iteration + 1) / RISE)
        decay = min(AVERAGING, (1 + self.iteration) / (10 + self.iteration))
        with torch.no_grad():
            for weight in self._weights.values():
                assert weight.grad is not None
                weight.grad.nan_to_num_(0, 0, 0)
                weight.grad /= weight.grad.norm() + 1e-8
            self._optimiser.step()
            for name, mean in self._averaged.items():
                mean.lerp_(self._weights[name], 1 - decay)
