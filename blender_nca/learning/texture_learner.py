# SPDX-License-Identifier: GPL-3.0-or-later
"""Learns a texture: from the species of the manifold that looks most like it on, judged by its patches and tones."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch

from ..automaton import through_time
from ..genetics.relaxed import relax
from ..manifold import encoder
from ..manifold.grain import COARSE
from ..manifold.manifold import Manifold
from ..manifold.own_unit import OF_PAINTER, OwnUnit
from ..manifold.painting import paint
from ..manifold.recognition import Reading, fingerprint
from ..manifold.renderer import Painter, interpolation
from .critic import Critic
from .judge import Beginning, Course, Judge, to_bytes
from .learner import Learner, tame
from .own_dna import choose_dna
from .own_fine import EVERY, OwnFine
from .own_weights import Pace
from .picture import Exemplar
from .pool import Pool, wound
from .textures import TEXTURE, Textures, judge_texture
from .tones import Tones, judge_tones

CELLS, BATCH, POOL, STEPS = 48, 4, 24, (32, 56)
"""Cells a side of a grid, grids of an iteration, the states they are drawn from, and steps (at least, below)."""
FRESH, WOUNDED = 0.1, 3
"""Share of a batch that begins anew, and iterations from one wound to the next."""
CRITIC, LAST_CRITIC = 0.75, 0.25
"""How far a critic pulls what is painted, over how far all else does: at the beginning, and at the end, when shapes
stay and distances come down. Not at all what is taught gently: at first it takes more than it gives."""
OVERFLOW = 10.0
REST, REST_AGE, REST_STEPS = 0.3, 160, 4
"""As in `training.trainer`, where they were found."""
COLOUR_SCALE = 0.464
"""Distance of colours that is far: the median between the bundled exemplars."""
PACE = Pace(rate=2e-3, last=0.05, rise=20, averaging=0.99)
OF_KIN, KIN = replace(PACE, rule=0.2, rule_rise=150), 2.0
"""Pace of what begins as its kin, which a structure score below so much says: what the painter still gets wrong would
unlearn a rule that is nearly right."""
GENTLE, GENTLE_CELLS = replace(PACE, rate=1e-3, rule_rise=150), 64
"""Pace of what is taught gently, and cells a side of its grids: larger ones, for what is wrong is large by then."""
PACES = {"anew": PACE, "kin": OF_KIN, "gentle": GENTLE}
SHOWN_CELLS, SHOWN_STEPS = 64, 240
"""What is shown and measured."""
LOOK_STEPS = 160
"""Steps after which species are compared with the picture."""


class TextureLikeness(NamedTuple):
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


class TextureJudge(Judge):
    """Says how near growths are to a picture of a texture; see `Judge`."""

    def __init__(
        self, exemplar: Exemplar, manifold: Manifold, device: str = "cpu", units: Sequence[OwnUnit] = ()
    ):
        super().__init__(exemplar, manifold, device, units)
        picture = torch.from_numpy(exemplar.maps)[None].to(device)
        self.tones = Tones(picture[0, :3].float() / 255)
        self.textures = Textures(picture, scale=COLOUR_SCALE, tiles=exemplar.tiles)
        self.cells, self.steps = SHOWN_CELLS, SHOWN_STEPS
        self._one = torch.zeros(1, dtype=torch.long, device=device)

    def distances(self, maps: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Distance of colours, and score of structure, of maps (batch, maps, pixels, pixels)."""
        of = self._one.expand(len(maps))
        return self.textures.distances(maps, of, of, torch.zeros(len(maps), device=self.device))

    def difference(self, maps: torch.Tensor) -> torch.Tensor:
        return judge_texture(*self.distances(maps))

    @torch.no_grad()
    def compare(self, maps: torch.Tensor) -> TextureLikeness:
        colour, structure = self.distances(maps)
        return TextureLikeness(float(structure), float(colour), float(self.tones.distances(maps)))

    def restore(self, values: Sequence[float]) -> TextureLikeness:
        return TextureLikeness(*values)

    def read(self) -> torch.Tensor:
        return encoder.read(self.manifold.weights, self.exemplar.maps[:3] / np.float32(255))

    @property
    def reading(self) -> Reading:
        return Reading(fingerprint(self.manifold.weights), self.read().numpy())

    def choose_dna(self, others: Sequence[str]) -> str:
        return choose_dna(self.read().numpy(), others)

    def choose_start(self, others: Sequence[str], should_stop: Callable[[], bool]) -> Beginning:
        """The species whose growth has the nearest structure: colours are soon learned."""
        found = []
        for dna in others or [self.choose_dna(others)]:
            found.append((self.compare(self.grow_dna(dna, CELLS, LOOK_STEPS)).structure, dna))
            if should_stop():
                break
        structure, dna = min(found)
        return Beginning(dna, "kin" if structure < KIN else "anew")

    def show(self, maps: torch.Tensor) -> np.ndarray:
        return to_bytes(maps[:3])

    @property
    def picture(self) -> np.ndarray:
        return np.ascontiguousarray(self.exemplar.maps[:3].transpose(1, 2, 0))


class TextureLearner(Learner):
    """Learns a species of a manifold whose textures tile; see `Learner`, and `Beginning` for `course`.

    Attributes
    ----------
    own_fine : OwnFine or None
        Where something finer than cells is learned, too.
    """

    judge: TextureJudge

    def __init__(
        self,
        judge: TextureJudge,
        dna: str,
        silent_below: float,
        start: str,
        seconds: float,
        random_seed: int = 0,
        clock: Callable[[], float] = time.monotonic,
        course: Course = "anew",
    ):
        self._gentle, self.pace = course == "gentle", PACES[course]
        super().__init__(judge, dna, silent_below, start, seconds, random_seed, clock)
        self._critic = Critic(1, torch.device(judge.device), random_seed)
        self._fine = torch.from_numpy(interpolation(self.pool.states.shape[1], self._pixels)).to(judge.device)
        self.own_fine = self._begin_fine()

    def _fill_pool(self) -> Pool:
        channels, sow = self.judge.manifold.sizes.channels, self.judge.textures.sow
        cells = GENTLE_CELLS if self._gentle else CELLS
        return Pool(1, POOL, 0, lambda random: sow(cells, channels, random), self.random_seed)

    def _begin_fine(self) -> OwnFine | None:
        """What learns to paint what is finer than cells, where the picture has any, and the manifold paints any."""
        exemplar, manifold = self.judge.exemplar, self.judge.manifold
        if self._gentle or exemplar.finer is None or manifold.fine is None or self._pixels != COARSE:
            return None
        known = manifold.with_units(self.judge.units_of(self.start))
        start, cells = known.transcribe_fine(relax(self.start)), self.pool.states.shape[1]
        return OwnFine(exemplar.finer, exemplar.tiles, start, cells, self.judge.device)

    @torch.no_grad()
    def _copy_fine(self) -> dict[str, torch.Tensor] | None:
        """What was learned of it, where it is nearer to the picture than nothing is."""
        if self.own_fine is None:
            return None
        oldest = self.pool.states[[int(self.pool.age.argmax())]].to(self.judge.device)
        _, painter = self.own.express(1, self.own.averaged)
        without, now = self.own_fine.judge(oldest, painter)
        return self.own_fine.copy() if now < without else None

    def _iterate(self, random: np.random.Generator) -> None:
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
        rule, painter = self.own.express(BATCH)
        steps, seed = int(random.integers(*STEPS)), int(random.integers(0, 2**31))
        state = through_time.grow(state, rule, seed, steps, self._cells)
        state, whole = tame(state)
        maps = paint(painter, state, self._pixels, "wrap")
        none, share = (
            torch.zeros_like(drawn, device=self.judge.device),
            torch.zeros(BATCH, device=self.judge.device),
        )
        judgement = self.judge.textures.judge(state, maps, self._fine, none, none, share, single, random)
        covered = (judgement.valid & whole).nonzero()[:, 0]
        if len(covered) and not self._gentle:
            pieces = self.judge.textures.cut(none[covered], maps.shape[2], random)
            strength = CRITIC + self.progress * (LAST_CRITIC - CRITIC)
            self._critic.pull(maps, covered, pieces, none[covered], strength, random)
        tones = torch.where(judgement.valid, judge_tones(self.judge.tones.distances(maps)), 0.0)
        overflow = (state - state.clip(-2, 2)).square().mean()
        excess = (maps - maps.clip(0, 1)).square().mean()
        later = through_time.grow(state.detach(), rule, seed + 1, REST_STEPS, self._cells)
        change = (later - state.detach()).square().mean((1, 2, 3))
        old = self.pool.age[drawn].to(self.judge.device) + steps >= REST_AGE
        rest = (change * (judgement.valid & whole & old)).nan_to_num(0, 0, 0).mean()
        loss = judgement.loss + TEXTURE * tones.mean() + OVERFLOW * overflow + excess + REST * rest
        self.own.step(loss, self.iteration, self.progress)
        self._put_back(places, state, whole, steps, random)
        if self.own_fine and self.iteration % EVERY == 0 and len(covered):
            some = covered[:1]
            one = Painter(**{n: v[some] if n in OF_PAINTER else v for n, v in vars(painter).items()})
            self.own_fine.learn(state[some].detach(), one, self.progress, random)

    def state_dict(self) -> dict[str, Any]:
        fine = self.own_fine and self.own_fine.state_dict()
        return {**super().state_dict(), "critic": self._critic.state_dict(), "fine": fine}

    def load_state_dict(self, values: dict[str, Any]) -> None:
        super().load_state_dict(values)
        if "critic" in values:  # lessons of earlier versions had none
            self._critic.load_state_dict(values["critic"])
        if self.own_fine and values.get("fine"):
            self.own_fine.load_state_dict(values["fine"])
