# SPDX-License-Identifier: GPL-3.0-or-later
"""Learns one species from a picture: a rule and a painter of its own, all else of the manifold as it is.

What is learned begins as the species of the manifold that looks most like it: that knows how to live, to cover its grid
and to rest, so some hundred iterations do what took the manifold many thousands. What then differs from what the
manifold reads from the new DNA is the species' unit.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch

from ..automaton import through_time
from ..automaton.chance import cell_numbers
from ..automaton.update_rule import LIFE, UpdateRule
from ..genetics.relaxed import relax
from ..manifold.manifold import Manifold
from ..manifold.own_unit import OF_PAINTER, OF_RULE, OwnUnit
from ..manifold.painting import paint
from ..manifold.renderer import Painter, interpolation
from .critic import Critic
from .picture import Exemplar
from .pool import Pool, wound
from .soap import Soap
from .textures import TEXTURE, Textures, judge_texture
from .tones import Tones, judge_tones

CELLS, BATCH, POOL, STEPS = 48, 4, 24, (32, 56)
"""Cells a side of a grid, grids of an iteration, the states they are drawn from, and steps (at least, below)."""
FRESH, WOUNDED = 0.1, 3
"""Share of a batch that begins anew, and iterations from one wound to the next."""
RATE, LAST_PACE, RISE, AVERAGING = 2e-3, 0.05, 20, 0.99
"""Learning rate, what share of it is left at the end, iterations in which it rises, and decay of the mean."""
CRITIC, LAST_CRITIC = 0.75, 0.25
"""How far a critic pulls what is painted, over how far all else does: at the beginning, and at the end, when shapes
stay and distances come down."""
SLIP = 1.25
"""How far what is learned may be from the picture, over the nearest so far, and still be kept in its place: what the
critic mends, joints that meet and panes that close, distances hardly tell."""
OVERFLOW, BURST = 10.0, 8.0
REST, REST_AGE, REST_STEPS = 0.3, 160, 4
"""As in `training.trainer`, where they were found."""
COLOUR_SCALE = 0.464
"""Distance of colours that is far: the median between the bundled exemplars."""
SHOWN_CELLS, SHOWN_STEPS, SHOWN_SEED = 64, 240, 5
"""What is shown and measured: from one seed, on a grid that is not learned on."""
LOOK_STEPS = 160
"""Steps after which species are compared with the picture."""


class Likeness(NamedTuple):
    """How near a growth is to the picture: the less the nearer.

    Attributes
    ----------
    structure : float
        About one where second-order statistics alone are right.
    colour : float
        Of patches: about one of a species from another one.
    tones : float
        Of single pixels: see `Tones`.
    """

    structure: float
    colour: float
    tones: float

    @property
    def judged(self) -> float:
        """All in one number, for choosing."""
        colour, structure, tones = (
            torch.tensor(value) for value in (self.colour, self.structure, self.tones)
        )
        return float(judge_texture(colour, structure) + judge_tones(tones))


class Judge:
    """Says how near growths are to a picture.

    Parameters
    ----------
    exemplar : Exemplar
    manifold : Manifold
        Of the growths.
    device : str
    """

    def __init__(self, exemplar: Exemplar, manifold: Manifold, device: str = "cpu"):
        picture = torch.from_numpy(exemplar.maps)[None].to(device)
        self.tones = Tones(picture[0, :3].float() / 255)
        self.textures = Textures(picture, scale=COLOUR_SCALE, tiles=exemplar.tiles)
        self.manifold, self.device = manifold, device
        self._one = torch.zeros(1, dtype=torch.long, device=device)

    def distances(self, maps: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Distance of colours, and score of structure, of maps (batch, maps, pixels, pixels)."""
        of = self._one.expand(len(maps))
        return self.textures.distances(maps, of, of, torch.zeros(len(maps), device=self.device))

    @torch.no_grad()
    def compare(self, maps: torch.Tensor) -> Likeness:
        """Measure maps (1, maps, pixels, pixels)."""
        colour, structure = self.distances(maps)
        return Likeness(float(structure), float(colour), float(self.tones.distances(maps)))

    @torch.no_grad()
    def grow(self, rule: UpdateRule, painter: Painter, cells: int, steps: int) -> torch.Tensor:
        """Grow a rule (1, ...) from one seed: maps in [0, 1], Tensor of shape (1, maps, pixels, pixels)."""
        numbers = torch.from_numpy(cell_numbers(cells, cells)).to(self.device)
        state = torch.zeros(1, cells, cells, self.manifold.sizes.channels, device=self.device)
        state[:, cells // 2, cells // 2, LIFE:] = 1
        for step in range(0, steps, STEPS[1]):  # every step is kept until the last of a piece
            state = through_time.grow(
                state, rule, SHOWN_SEED + step, min(STEPS[1], steps - step), numbers, "wrap"
            )
        state = state.nan_to_num(0, BURST, -BURST).clip(-BURST, BURST)
        return paint(painter, state, self.manifold.card["pixels_per_cell"], "wrap").clip(0, 1)

    def grow_dna(self, dna: str, cells: int, steps: int) -> torch.Tensor:
        """Grow a DNA, as `grow`."""
        rule, painter = _tensors(self.manifold, dna, self.device)
        return self.grow(UpdateRule(**rule), Painter(**painter), cells, steps)


def find_nearest(judge: Judge, dnas: Sequence[str], should_stop: Callable[[], bool]) -> str:
    """DNA whose growth has the nearest structure: colours are soon learned.

    Parameters
    ----------
    judge : Judge
    dnas : sequence of str
        One at least.
    should_stop : callable
        Asked after each; the nearest so far is taken then.
    """
    found = []
    for dna in dnas:
        found.append((judge.compare(judge.grow_dna(dna, CELLS, LOOK_STEPS)).structure, dna))
        if should_stop():
            break
    return min(found)[1]


class Learner:
    """Learns a species, an iteration at a time.

    Parameters
    ----------
    judge : Judge
        Of the picture, and the manifold, whose textures tile.
    dna : str
        Of the new species.
    silent_below : float
        See `own_dna.silence`.
    start : str
        DNA of the species that it begins as.
    seconds : float
        Of learning, until which the learning rate falls.
    random_seed : int
    clock : callable
        That tells the seconds.

    Attributes
    ----------
    seconds : float
        Learned so far.
    iteration : int
    best : Likeness or None
        Of `unit`, once it was measured.
    """

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
        self.judge, self.dna, self.silent_below = judge, dna, silent_below
        self._clock = clock
        self.budget, self.random_seed, device = seconds, random_seed, judge.device
        manifold = judge.manifold
        rule, painter = _tensors(manifold, start, device)
        every = {**rule, **painter}
        self.weights = {name: every[name][0].clone().requires_grad_() for name in (*OF_RULE, *OF_PAINTER)}
        self._shared = {name: value for name, value in painter.items() if name not in OF_PAINTER}
        self.averaged = {name: weight.detach().clone() for name, weight in self.weights.items()}
        self.kept = {name: mean.clone() for name, mean in self.averaged.items()}
        self.best: Likeness | None = None
        self._least = math.inf  # that was judged so far
        self._optimiser = Soap(list(self.weights.values()), RATE)
        self._critic = Critic(1, torch.device(device), random_seed)
        self._cells = torch.from_numpy(cell_numbers(CELLS, CELLS)).to(device)
        self._pixels = manifold.card["pixels_per_cell"]
        self._fine = torch.from_numpy(interpolation(CELLS, self._pixels)).to(device)
        channels, sow = manifold.sizes.channels, judge.textures.sow
        self.pool = Pool(1, POOL, 0, lambda random: sow(CELLS, channels, random), random_seed)
        self.iteration, self.seconds = 0, 0.0

    @property
    def _progress(self) -> float:
        """How much of its time is over, in [0, 1]."""
        return min(1.0, self.seconds / self.budget)

    @property
    def done(self) -> bool:
        """Whether its time is over."""
        return self.seconds >= self.budget

    def learn(self) -> None:
        """One iteration: draw states from the pool, grow, judge, learn, put back."""
        began = self._clock()
        random = np.random.default_rng([self.random_seed, self.iteration])
        places = random.choice(len(self.pool), BATCH, replace=False)
        drawn = torch.from_numpy(places)
        state = self.pool.states[drawn].clone()
        anew = int(FRESH * BATCH + random.random())
        for i in range(anew):
            state[i] = self.pool.renew(places[i], random)
        if self.iteration % WOUNDED == 0:
            state[anew] = wound(state[anew], random)
            self.pool.age[places[anew]] = 0
        state, single = state.to(self.judge.device), self.pool.single[drawn].to(self.judge.device)
        rule, painter = self._express(self.weights, BATCH)
        steps, seed = int(random.integers(*STEPS)), int(random.integers(0, 2**31))
        state = through_time.grow(state, rule, seed, steps, self._cells)
        whole = state.detach().abs().flatten(1).amax(1) < BURST  # false too where it is not a number
        state = state.nan_to_num(0, BURST, -BURST).clip(-BURST, BURST)
        maps = paint(painter, state, self._pixels, "wrap")
        none, share = (
            torch.zeros_like(drawn, device=self.judge.device),
            torch.zeros(BATCH, device=self.judge.device),
        )
        judgement = self.judge.textures.judge(state, maps, self._fine, none, none, share, single, random)
        covered = (judgement.valid & whole).nonzero()[:, 0]
        if len(covered):
            pieces = self.judge.textures.cut(none[covered], maps.shape[2], random)
            strength = CRITIC + self._progress * (LAST_CRITIC - CRITIC)
            self._critic.pull(maps, covered, pieces, none[covered], strength, random)
        tones = torch.where(judgement.valid, judge_tones(self.judge.tones.distances(maps)), 0.0)
        overflow = (state - state.clip(-2, 2)).square().mean()
        excess = (maps - maps.clip(0, 1)).square().mean()
        later = through_time.grow(state.detach(), rule, seed + 1, REST_STEPS, self._cells)
        change = (later - state.detach()).square().mean((1, 2, 3))
        old = self.pool.age[drawn].to(self.judge.device) + steps >= REST_AGE
        rest = (change * (judgement.valid & whole & old)).nan_to_num(0, 0, 0).mean()
        self._step(judgement.loss + TEXTURE * tones.mean() + OVERFLOW * overflow + excess + REST * rest)
        for i, place in enumerate(places):
            if whole[i]:
                self.pool.states[place] = state[i].detach().cpu()
                self.pool.age[place] += steps
            else:
                self.pool.states[place] = self.pool.renew(place, random)
        self.iteration += 1
        self.seconds += self._clock() - began

    def look(self) -> tuple[Likeness, np.ndarray]:
        """Grow what was learned so far, and keep it, unless it has slipped far from the nearest so far.

        Returns
        -------
        Likeness
        ndarray, uint8, shape (height, width, 3)
            What has grown.
        """
        maps = self.judge.grow(*self._express(self.averaged, 1), SHOWN_CELLS, SHOWN_STEPS)
        likeness = self.judge.compare(maps)
        self._least = min(self._least, likeness.judged)
        if self.best is None or likeness.judged <= SLIP * self._least:
            self.best = likeness
            self.kept = {name: mean.clone() for name, mean in self.averaged.items()}
        return likeness, to_bytes(maps[0])

    @property
    def unit(self) -> OwnUnit:
        """What was kept: what it adds to what the manifold reads from its DNA."""
        rule, painter = self.judge.manifold.transcribe(relax(self.dna))
        read = {**vars(rule), **vars(painter)}
        added = {name: kept.cpu().numpy() - read[name] for name, kept in self.kept.items()}
        return OwnUnit(self.dna, self.silent_below, added)

    def _express(self, weights: dict[str, torch.Tensor], batch: int) -> tuple[UpdateRule, Painter]:
        each = {name: weight.expand(batch, *weight.shape) for name, weight in weights.items()}
        return (
            UpdateRule(**{name: each[name] for name in OF_RULE}),
            Painter(**{name: each[name] for name in OF_PAINTER}, **self._shared),
        )

    def _step(self, loss: torch.Tensor) -> None:
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        pace = max(LAST_PACE, 0.5 + 0.5 * math.cos(math.pi * self._progress))
        self._optimiser.param_groups[0]["lr"] = RATE * pace * min(1.0, (self.iteration + 1) / RISE)
        decay = min(AVERAGING, (1 + self.iteration) / (10 + self.iteration))
        with torch.no_grad():
            for weight in self.weights.values():
                assert weight.grad is not None
                weight.grad.nan_to_num_(0, 0, 0)
                weight.grad /= weight.grad.norm() + 1e-8
            self._optimiser.step()
            for name, mean in self.averaged.items():
                mean.lerp_(self.weights[name], 1 - decay)

    # what is kept ---------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """All that changes while it learns."""
        return {
            "weights": {name: weight.detach() for name, weight in self.weights.items()},
            "averaged": self.averaged,
            "kept": self.kept,
            "best": self.best and list(self.best),
            "least": self._least,
            "optimiser": self._optimiser.state_dict(),
            "critic": self._critic.state_dict(),
            "pool": self.pool.state_dict(),
            "iteration": self.iteration,
            "seconds": self.seconds,
        }

    def load_state_dict(self, values: dict[str, Any]) -> None:
        """Go on from there."""
        with torch.no_grad():
            for name, weight in self.weights.items():
                weight.copy_(values["weights"][name])
        self.averaged, self.kept = values["averaged"], values["kept"]
        self.best = values["best"] and Likeness(*values["best"])
        # earlier versions kept the nearest alone
        self._least = values.get("least", self.best.judged if self.best else self._least)
        self._optimiser.load_state_dict(values["optimiser"])
        if "critic" in values:  # lessons of earlier versions had none
            self._critic.load_state_dict(values["critic"])
        self.pool.load_state_dict(values["pool"])
        self.iteration, self.seconds = values["iteration"], values["seconds"]


def to_bytes(maps: torch.Tensor) -> np.ndarray:
    """Colours of maps (3 or more, height, width): ndarray, uint8, shape (height, width, 3)."""
    return (maps[:3].clip(0, 1) * 255 + 0.5).movedim(0, 2).to(torch.uint8).cpu().numpy()


def _tensors(
    manifold: Manifold, dna: str, device: str
) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """What a manifold reads from a DNA, by the names of its parts; a batch of one, but for what is of all."""
    rule, painter = manifold.transcribe(relax(dna))
    own = {**vars(rule), **{name: vars(painter)[name] for name in OF_PAINTER}}
    read = {
        name: torch.from_numpy(np.array(value)).to(device) for name, value in {**vars(painter), **own}.items()
    }
    of_rule = {name: read[name][None] for name in OF_RULE}
    return of_rule, {name: read[name][None] if name in own else read[name] for name in vars(painter)}
