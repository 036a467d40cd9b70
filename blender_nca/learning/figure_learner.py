# SPDX-License-Identifier: GPL-3.0-or-later
"""Learns a figure: from what the manifold reads of its picture on, judged pixel by pixel.

A manifold that was trained on a thousand figures grows each of them, blurred: what one learns moves the others. So a
figure begins as what the manifold reads from its DNA, which has its place, its outline and how to live, and learns on
alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch

from ..automaton import through_time
from ..automaton.update_rule import UpdateRule
from ..genetics.relaxed import nearest_dna
from ..manifold import encoder
from ..manifold.manifold import Manifold
from ..manifold.own_unit import OwnUnit
from ..manifold.painting import paint
from .figure import frame, judge_figures, premultiply, show
from .judge import Beginning, Judge, to_bytes, transcribe
from .learner import Learner, tame
from .own_dna import choose_unknown
from .own_weights import OwnWeights, Pace
from .picture import Exemplar
from .pool import Pool, draw_wounds, sow_centre, wound

BATCH, POOL = 4, 24
"""Grids of an iteration that go on, and the states that they are drawn from."""
FRESH, GROWN, LIVED, HEALED = 2, (26, 44), (8, 18), (20, 40)
"""Iterations from one in which a grid begins anew to the next; its steps (at least, below) where it has `USUAL` cells a
side; those of grids that go on from what they were, which only have to stay as they are; and, once wounds are deep,
those in which they heal."""
USUAL = 24
HEAL, WOUND, WOUND_RADIUS = 0.5, (0.1, 0.35), (3.0, 4.8)
"""Share of the time after which wounds are deep; their share of a grid, and how far each of them reaches there."""
JOINING = 3
"""Of so many grids that begin anew one goes on in the pool: the fewer do, the older are those that must look right."""
COARSE = 0.2
"""Share of the time in which a cell is painted with one pixel: where parts are is learned first."""
OVERFLOW = 10.0
REST, REST_AGE, REST_STEPS = 0.1, 100, 4
"""As of textures; figures stand sooner than those have arranged themselves."""
SHOWN_STEPS = 200
"""After which one is shown and measured."""
CLEAR = 0.03
"""Alpha up to which nobody sees of what colour it is."""
PAPER = 0.75
"""Grey that people see the picture on: white ones show there, and black ones."""


class FigureLikeness(NamedTuple):
    """How near a growth is to the picture: the less the nearer.

    Attributes
    ----------
    structure : float
        Of its outline: mean difference of alpha, over the mean of the picture's.
    colour : float
        Root of the mean squared difference of colours where the picture is opaque.
    judged : float
        Mean squared difference of premultiplied colours and alpha: all in one number.
    """

    structure: float
    colour: float
    judged: float


class FigureJudge(Judge):
    """Says how near growths are to the picture of a figure; see `Judge`.

    Parameters
    ----------
    exemplar : Exemplar
        Of a figure: red, green, blue, alpha.
    """

    def __init__(
        self, exemplar: Exemplar, manifold: Manifold, device: str = "cpu", units: Sequence[OwnUnit] = ()
    ):
        super().__init__(exemplar, manifold, device, units)
        self.cells, self.steps = manifold.card["cells"], SHOWN_STEPS
        self._picture = torch.from_numpy(exemplar.maps)[None].to(device).float() / 255
        self.target = frame(self._picture, self.cells * manifold.card["pixels_per_cell"])

    @property
    def known(self) -> Manifold:
        return self.manifold

    def units_of(self, dna: str) -> tuple[OwnUnit, ...]:
        own = self._units.get(dna)  # by a share of what another figure learned nothing comes nearer
        return (own,) if own else ()

    def difference(self, maps: torch.Tensor) -> torch.Tensor:
        return (premultiply(maps) - self.target).square().mean((1, 2, 3))

    @torch.no_grad()
    def compare(self, maps: torch.Tensor) -> FigureLikeness:
        away, ink = premultiply(maps) - self.target, self.target[:, 3:]
        outline = away[:, 3:].abs().sum() / ink.sum()
        colours = (away[:, :3].square() * ink).sum() / (3 * ink.sum())
        return FigureLikeness(float(outline), float(colours.sqrt()), float(away.square().mean()))

    def restore(self, values: Sequence[float]) -> FigureLikeness:
        return FigureLikeness(*values)

    def read(self) -> torch.Tensor:
        return encoder.read(self.manifold.weights, show(self._picture)[0].cpu().numpy())

    def choose_dna(self, others: Sequence[str]) -> str:
        return choose_unknown(self.read().numpy(), others)

    def choose_start(self, others: Sequence[str], should_stop: Callable[[], bool]) -> Beginning:
        """What is read from the picture: no other figure has its outline."""
        return Beginning(nearest_dna(self.read().numpy()))

    def show(self, maps: torch.Tensor) -> np.ndarray:
        return to_bytes(torch.cat([maps[:3] * (maps[3:4] > CLEAR), maps[3:4]]))

    @property
    def picture(self) -> np.ndarray:
        colour, alpha = self._picture[0].split((3, 1))
        return to_bytes(colour * alpha + PAPER * (1 - alpha))


class FigureLearner(Learner):
    """Learns a species of a manifold that grows figures; see `Learner`."""

    pace = Pace(rate=5e-3, last=0.03, rise=10, averaging=0.98)
    judge: FigureJudge

    def _fill_pool(self) -> Pool:
        cells, channels = self.judge.cells, self.judge.manifold.sizes.channels
        return Pool(1, POOL, 0, lambda random: sow_centre(cells, channels), self.random_seed)

    def _iterate(self, random: np.random.Generator) -> None:
        anew = self.iteration % FRESH == 0
        joins = self.iteration % (FRESH * JOINING) == 0
        # cells of several grids fire alike: that begin anew they would be one grid
        places = random.choice(POOL, 1 if anew else BATCH, replace=False)
        drawn = torch.from_numpy(places)
        if joins:
            state = self.pool.renew(places[0], random)[None]
        elif anew:
            state = self.pool.sow(random)[None]
        else:
            state = self.pool.states[drawn].clone()
            state[0] = self._wound(state[0], random)
            self.pool.age[places[0]] = 0
        state = state.to(self.judge.device)
        rule, painter = self.own.express(len(places))
        lived = HEALED if self.progress >= HEAL else LIVED
        least, below = (round(steps * self.judge.cells / USUAL) for steps in GROWN) if anew else lived
        steps, seed = int(random.integers(least, below)), int(random.integers(0, 2**31))
        state = through_time.grow(state, rule, seed, steps, self._cells, "edge")
        state, whole = tame(state)
        maps = paint(painter, state, 1 if self.progress < COARSE else self._pixels, "edge")
        loss = judge_figures(state, maps, self.judge.target.expand(len(places), -1, -1, -1)).loss
        loss = loss + OVERFLOW * (state - state.clip(-2, 2)).square().mean()
        loss = loss + (maps - maps.clip(0, 1)).square().mean()
        old = (self.pool.age[drawn] + steps >= REST_AGE).to(whole.device) & whole
        if not anew and old.any():
            some = UpdateRule(**{name: each[old] for name, each in vars(rule).items()})
            before = state.detach()[old]
            later = through_time.grow(before, some, seed + 1, REST_STEPS, self._cells, "edge")
            loss = loss + REST * (later - before).square().mean((1, 2, 3)).sum() / len(places)
        self.own.step(loss, self.iteration, self.progress)
        if joins or not anew:
            self._put_back(places, state, whole, steps, random)

    def _wound(self, state: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
        if self.progress < HEAL:
            return wound(state, random)
        share, radius = random.uniform(*WOUND), random.uniform(*WOUND_RADIUS) * self.judge.cells / USUAL
        whole = draw_wounds((self.judge.cells,) * 2, share, radius, random)
        return state * torch.from_numpy(whole).to(state)[..., None]

    def go_on(self, unit: OwnUnit) -> None:
        """Begin as what was learned before, and as late as it only has to heal better."""
        read = transcribe(self.judge.manifold, self.dna, self.judge.device)
        added = {name: torch.from_numpy(array).to(self.judge.device) for name, array in unit.added.items()}
        self.own = OwnWeights({name: read[name] + added.get(name, 0) for name in read}, self.pace)
        self.kept, self.seconds = self.own.copy(), HEAL * self.budget
        rule, _ = self.own.express(1)
        random = np.random.default_rng([self.random_seed, 0x6E0])
        with torch.no_grad():
            for place, state in enumerate(self.pool.states):
                steps = int(random.integers(GROWN[0], REST_AGE))
                grown = through_time.grow(
                    state[None].to(self.judge.device), rule, place, steps, self._cells, "edge"
                )
                self.pool.states[place], self.pool.age[place] = tame(grown)[0][0].cpu(), steps

    @property
    def unit(self) -> OwnUnit:
        return super().unit.rounded
