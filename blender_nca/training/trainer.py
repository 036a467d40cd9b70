# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains a manifold: encoder, transcription, update rule and renderer together, through the growing cells."""

from __future__ import annotations

import copy
import math
import pickle
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from ..automaton import through_time
from ..learning.critic import Critic
from ..learning.pool import Pool, wound
from ..learning.soap import Soap
from ..manifold import encoder
from ..manifold.painting import paint
from ..manifold.renderer import Painter, interpolation
from ..manifold.transcription import transcribe
from .autoencoder import SIDE, Autoencoder
from .config import ConfigError, TrainingConfig
from .figures import Figures
from .materials import Materials
from .process_group import ProcessGroup
from .species_units import tune, widen
from .variations import vary

RISE = 0.01
"""Share of the iterations in which the learning rate rises to its full height: an optimiser that has seen few gradients
missteps."""
OVERFLOW = 10.0
"""How much states beyond two count."""
ENCODER_PACE, LAST_PACE = 0.05, 0.03
"""Learning rate of the encoder over that of the rest, and of the last iterations over that of the first."""
RECENT = 0.05
"""Weight of the newest distance in the running means that progress lines show."""
REST_AGE = 160
"""Steps after which a grid is asked to stay as it is: asked sooner, patterns freeze as the front has left them."""
BURST = 8.0
"""Size of a state from which on a grid has burst: nothing is learned from its wildest cells, and it begins anew."""
LEAST_AND_MOST = 0.5, 3.0
"""Bounds on how often a species is grown, where one of median distance is grown once: the farther it is from its
exemplar, the more often."""
SISTERS = 0.5
"""Share of a batch that grows any of the sisters; the rest grows the first, the exemplar itself."""
SEEN = 48
"""Exemplars that the encoder sees in an iteration of its warm-up."""


class Trainer:
    """One training run.

    All that is drawn by chance in an iteration comes from (random seed, iteration, rank), so a resumed run
    continues exactly as one that was never stopped.

    Parameters
    ----------
    config : TrainingConfig
    device : str
    cache : Path, optional
        Where exemplars are kept between runs.
    processes : ProcessGroup, optional
        The processes that train together, each with a pool and batches of its own.

    Attributes
    ----------
    subject : Materials or Figures
        What is learned.
    weights : dict of Tensor
        Being trained.
    averaged : dict of Tensor
        Their running mean: the manifold.
    critic : Critic or None
    autoencoder : Autoencoder or None
        What teaches the encoder in the warm-up.
    """

    def __init__(
        self,
        config: TrainingConfig,
        device: str = "cpu",
        cache: Path | None = None,
        processes: ProcessGroup | None = None,
    ):
        self.config, self.device = config, torch.device(device)
        self.processes = processes or ProcessGroup()
        self.subject = Figures(config, self.device) if config.atlas else Materials(config, self.device, cache)
        initial = config.architecture.initial_weights(config.random_seed)
        self.weights = {
            name: torch.from_numpy(value).to(self.device).requires_grad_() for name, value in initial.items()
        }
        self.averaged = {name: value.detach().clone() for name, value in self.weights.items()}
        of_encoder = {name for name in self.weights if name.startswith("encode")}
        optimiser = {"adam": torch.optim.Adam, "soap": Soap}[config.optimiser]
        self.optimiser = optimiser(
            [
                {"params": [weight for name, weight in self.weights.items() if name not in of_encoder]},
                {"params": [weight for name, weight in self.weights.items() if name in of_encoder]},
            ],
            config.learning_rate,
        )
        self.critic = None
        if config.critic:
            self.critic = Critic(
                len(self.subject.names), self.device, config.random_seed, self.processes.share
            )
        self.autoencoder = None
        if config.redrawn:
            assert isinstance(self.subject, Figures)  # materials are not redrawn
            everyone = torch.arange(len(self.subject.names), device=self.device)
            mean = self.subject.pictures(everyone).mean(0)
            self.autoencoder = Autoencoder(
                self.weights,
                F.avg_pool2d(mean, mean.shape[2] // SIDE),
                config.redrawing_rate,
                config.random_seed,
                self.processes,
            )
        self._read: torch.Tensor | None = None
        self.iteration = 0
        self.warm_up_iteration = 0
        self.seconds = 0.0
        self.redrawing_error = float("nan")
        self._paint: Callable[[torch.Tensor, Painter], torch.Tensor] = self._paint_uncompiled
        self.recent = torch.full((self.subject.learned,), float("nan"))
        self._settle()

    def compile(self) -> None:
        """Fuse the painting and its gradient, where torch has a compiler."""
        self._paint = torch.compile(self._paint, dynamic=False)

    def begin_with(self, weights: Mapping[str, np.ndarray]) -> None:
        """Begin with the weights of a manifold: its species are known already. A hyper-network that shall be wider
        gets units of its own for each species, and does what it did."""
        shapes = {name: tuple(weight.shape) for name, weight in self.weights.items()}
        if {name: weight.shape for name, weight in weights.items()} != shapes:
            try:
                weights = widen(weights, self.config.architecture, self._read_letters(weights))
            except (KeyError, ValueError) as error:
                raise ConfigError(
                    f"The manifold to begin with cannot be widened to the configuration's architecture: {error}."
                ) from error
        with torch.no_grad():
            for name, weight in self.weights.items():
                weight.copy_(torch.from_numpy(weights[name]))
                self.averaged[name] = weight.detach().clone()
        self.warm_up_iteration, self._read = self.config.warm_up, None

    def _read_letters(self, weights: Mapping[str, np.ndarray]) -> np.ndarray:
        """What an encoder reads from the first exemplar of each species: shape (species, dna_length, 4)."""
        first = self.subject.thumbnails[:: self.subject.sisters]
        with torch.inference_mode():
            encode = {name: torch.from_numpy(value).to(self.device) for name, value in weights.items()}
            logits = encoder.encode(encode, first)
        return F.one_hot(logits.argmax(-1), 4).cpu().numpy()

    def _settle(self) -> None:
        """Take the grid of the stage that the run is in: a fresh pool, where it is another one."""
        config, stage = self.config, self.config.stage(self.iteration)
        cells, self._pixels = stage.cells, stage.pixels_per_cell
        self._cells = torch.arange(cells**2, device=self.device).reshape(cells, cells)
        self._fine = torch.from_numpy(interpolation(cells, self._pixels)).to(self.device)

        def sow(random: np.random.Generator) -> torch.Tensor:
            return self.subject.sow(cells, config.architecture.channels, random)

        species, seed = self.subject.learned, config.random_seed + self.processes.rank
        self.pool = Pool(species, config.pool, config.blends, sow, seed)

    @property
    def cell_steps(self) -> float:
        """Cell-steps that an iteration takes on average, in all processes."""
        stage = self.config.stage(self.iteration)
        steps = (sum(stage.steps) - 1) / 2
        if lived := self.config.lived_steps:
            steps = stage.fresh * steps + (1 - stage.fresh) * (sum(lived) - 1) / 2
        return self.config.batch * stage.cells**2 * steps * self.processes.size

    # what is learned in an iteration --------------------------------------------------------------

    def train(self) -> None:
        """One iteration: draw states from the pool, grow, judge, learn, put back."""
        config, random = self.config, self._chance(1, self.iteration)
        began = time.monotonic()
        stage = config.stage(self.iteration)
        if stage.cells != len(self._cells):
            self._settle()
        self._pixels = stage.pixels_per_cell
        places = random.choice(len(self.pool), config.batch, replace=False, p=self._need())
        drawn = torch.from_numpy(places)
        state = self.pool.states[drawn].clone()
        # some begin anew, and every third time a quarter of the others is wounded
        anew, bounds = int(stage.fresh * config.batch + random.random()), stage.steps
        if config.lived_steps:  # or all of them now and then, and those that go on need fewer steps
            begins = (self.iteration * stage.fresh) % 1 < stage.fresh
            anew, bounds = (config.batch, stage.steps) if begins else (0, config.lived_steps)
        for i in range(anew):
            state[i] = self.pool.renew(places[i], random)
        if self.iteration % 3 == 0:
            for i in range(anew, min(config.batch, anew + max(1, config.batch // 4))):
                state[i] = wound(state[i], random)
                self.pool.age[places[i]] = 0
        state = state.to(self.device)
        share = self.pool.share[drawn].to(self.device)
        sisters = self.subject.sisters
        # mostly the exemplar itself, or a species would come to lie half-way between it and its sisters
        shown = random.integers(0, sisters, config.batch) * (random.random(config.batch) < SISTERS)
        sister = torch.from_numpy(shown).to(self.device)
        first = self.pool.first[drawn].to(self.device) * sisters + sister
        second = self.pool.second[drawn].to(self.device) * sisters + sister

        letters, kinship = self._letters(torch.cat([first, second]), random)
        relaxed = torch.lerp(letters[: config.batch], letters[config.batch :], share[:, None, None])
        rule, painter = transcribe(self.weights, config.architecture, relaxed)
        steps = int(random.integers(*bounds))
        seed = int(random.integers(0, 2**31))
        precision = getattr(torch, config.precision)
        state = through_time.grow(state, rule, seed, steps, self._cells, self.subject.boundary, precision)
        whole = state.detach().abs().flatten(1).amax(1) < BURST  # false too where it is not a number
        state = state.nan_to_num(0, BURST, -BURST).clip(-BURST, BURST)
        maps = self._paint(state, painter)
        single = self.pool.single[drawn].to(self.device)
        judgement = self.subject.judge(state, maps, self._fine, first, second, share, single, random)
        if self.critic:
            self._criticise(maps, first, (judgement.valid & whole & (share == 0)).nonzero()[:, 0], random)
        # not to be bounded: where bursting costs little, more and more grids burst
        overflow = (state - state.clip(-2, 2)).square().mean()
        excess = (maps - maps.clip(0, 1)).square().mean()
        loss = judgement.loss + OVERFLOW * overflow + excess + kinship
        if stage.rest:
            later = through_time.grow(
                state.detach(),
                rule,
                seed + 1,
                config.rest_steps,
                self._cells,
                self.subject.boundary,
                precision,
            )
            change = (later - state.detach()).square().mean((1, 2, 3))
            old = self.pool.age[drawn].to(self.device) + steps >= REST_AGE
            loss = loss + stage.rest * (change * (judgement.valid & whole & old)).nan_to_num(0, 0, 0).mean()
        self._learn(loss)

        for i, place in enumerate(places):
            if whole[i]:
                self.pool.states[place] = state[i].detach().cpu()
                self.pool.age[place] += steps
            else:
                self.pool.states[place] = self.pool.renew(place, random)
        for i in (judgement.valid & whole & (share == 0)).nonzero()[:, 0].tolist():
            species = int(self.pool.first[drawn[i]])
            before, now = self.recent[species], judgement.distance[i].cpu()
            self.recent[species] = now if torch.isnan(before) else torch.lerp(before, now, RECENT)
        self.iteration += 1
        self.seconds += time.monotonic() - began

    def _need(self) -> np.ndarray:
        """How likely each place of the pool is to be drawn: the farther its species is from its exemplar."""
        recent = self.recent.nan_to_num(float(self.recent.nanmedian().nan_to_num(1.0))).numpy()
        # squared: distances of materials are sums of roots
        need = ((recent / max(np.median(recent), 1e-9)) ** 2).clip(*LEAST_AND_MOST)
        of_places = np.where(self.pool.share > 0, 1.0, need[self.pool.first])
        return of_places / of_places.sum()

    def warm_up(self) -> None:
        """One iteration of the encoder alone."""
        random, began = self._chance(0, self.warm_up_iteration), time.monotonic()
        if self.autoencoder:
            self._redraw(random)
        else:
            everyone = len(self.subject.thumbnails)
            some = torch.from_numpy(random.choice(everyone, min(SEEN, everyone), replace=False))
            logits = self._encode(some, random)
            self._learn(self._kinship(logits.softmax(-1), some), warm_up=True)
        self.warm_up_iteration += 1
        if self.warm_up_iteration == self.config.warm_up and self.config.own_units:
            self._give_units()
        self.seconds += time.monotonic() - began

    def _redraw(self, random: np.random.Generator) -> None:
        """One iteration of the auto-encoder."""
        assert self.autoencoder and isinstance(self.subject, Figures)
        config, everyone = self.config, len(self.subject.names)
        some = random.choice(everyone, config.redrawn, replace=config.redrawn > everyone)
        pictures = self.subject.pictures(torch.from_numpy(some).to(self.device))
        varied = int(config.varied * config.redrawn + random.random())
        pictures = torch.cat([vary(pictures[:varied], random), pictures[varied:]])
        error = self.autoencoder.learn(pictures, self.warm_up_iteration / config.warm_up)
        before = self.redrawing_error
        self.redrawing_error = error if before != before else before + RECENT * (error - before)
        with torch.no_grad():
            for name, mean in self.averaged.items():
                mean.copy_(self.weights[name])

    def _read_all(self) -> torch.Tensor:
        """Letters of all that is learned, as the encoder reads them: int64, shape (learned, dna_length)."""
        assert self.autoencoder and isinstance(self.subject, Figures)
        with torch.no_grad():
            return torch.cat(
                [
                    self.autoencoder.read(self.subject.pictures(some)).argmax(-1)
                    for some in torch.arange(self.subject.learned, device=self.device).split(SEEN)
                ]
            )

    def _give_units(self) -> None:
        """Tune units of the hyper-network to the letters that the species have come to have."""
        weights = {name: weight.detach().cpu().numpy().copy() for name, weight in self.weights.items()}
        tune(weights, self.config.own_units, self._read_letters(weights))
        with torch.no_grad():
            for name in weights:
                self.weights[name].copy_(torch.from_numpy(weights[name]))
                self.averaged[name].copy_(self.weights[name])

    def _chance(self, *numbers: int) -> np.random.Generator:
        return np.random.default_rng([self.config.random_seed, *numbers, self.processes.rank])

    def _encode(self, exemplars: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
        """Logits of the letters of exemplars, each seen shifted and in slightly other tones."""
        far = encoder.PIXELS if self.subject.boundary == "wrap" else 8
        shift: tuple[int, int] = tuple(random.integers(0, far, 2) - far // 2)
        tones = torch.from_numpy(random.normal(1, 0.04, (len(exemplars), 3, 1, 1))).float().to(self.device)
        seen = torch.roll(self.subject.thumbnails[exemplars] * tones, shift, (2, 3))
        return encoder.encode(self.weights, seen)

    def _kinship(self, letters: torch.Tensor, exemplars: torch.Tensor) -> torch.Tensor:
        """How far the letters that exemplars share are from what they should: sisters share all, species fewer the less
        alike they look."""
        likeness = torch.einsum("ald,bld->ab", letters, letters) / letters.shape[1]
        return (likeness - self.subject.likeness[exemplars][:, exemplars]).square().mean()

    def _letters(
        self, exemplars: torch.Tensor, random: np.random.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Letters of exemplars, one-hot forward and soft backward (Jang et al. 2017), and their kinship."""
        config = self.config
        if self.autoencoder:
            # what was read in the warm-up stays: no letter changes under the cells that read it
            if self._read is None:
                self._read = self._read_all()
            return F.one_hot(self._read[exemplars], 4).float(), torch.zeros((), device=self.device)
        seen, place = exemplars.unique(return_inverse=True)  # most states grow one species, not two
        logits = self._encode(seen, random)
        kinship = self._kinship(logits.softmax(-1), seen)
        logits = logits[place]
        temperature = config.temperature * max(0.0, 1 - 3 * self.iteration / config.iterations)
        gumbel = -np.log(-np.log(random.uniform(1e-6, 1 - 1e-6, logits.shape)))
        logits = logits + temperature * torch.from_numpy(gumbel).float().to(self.device)
        soft = logits.softmax(-1)
        return F.one_hot(logits.argmax(-1), 4).float() + soft - soft.detach(), kinship

    def _paint_uncompiled(self, state: torch.Tensor, painter: Painter) -> torch.Tensor:
        return paint(painter, state, self._pixels, self.subject.boundary)

    def _criticise(
        self, maps: torch.Tensor, first: torch.Tensor, pure: torch.Tensor, random: np.random.Generator
    ) -> None:
        """Let the critic pull the maps of pure species, in proportion to how far all else pulls each of them."""
        assert self.critic is not None and isinstance(self.subject, Materials)  # figures take no critic
        pieces = self.subject.cut(first[pure], maps.shape[2], random)
        self.critic.pull(maps, pure, pieces, first[pure] // self.subject.sisters, self.config.critic, random)

    def _learn(self, loss: torch.Tensor, warm_up: bool = False) -> None:
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.processes.share([weight.grad for weight in self.weights.values() if weight.grad is not None])
        progress = min(1.0, self.iteration / self.config.iterations)
        rise = min(1.0, (self.iteration + 1) / (1 + RISE * self.config.iterations))
        pace = rise * max(LAST_PACE, 0.5 + 0.5 * math.cos(math.pi * progress))
        cells, reader = self.optimiser.param_groups
        cells["lr"] = self.config.learning_rate * pace
        # once it tells species apart the encoder moves slowly, or letters change under the cells that read them
        reader["lr"] = self.config.learning_rate * (1.0 if warm_up else pace * ENCODER_PACE)
        with torch.no_grad():
            for weight in self.weights.values():
                if weight.grad is not None:
                    weight.grad.nan_to_num_(0, 0, 0)
                    weight.grad /= weight.grad.norm() + 1e-8
        self.optimiser.step()
        # the mean reaches back further as training goes on
        decay = min(self.config.averaging, (1 + self.iteration) / (10 + self.iteration))
        with torch.no_grad():
            for name, mean in self.averaged.items():
                mean.lerp_(self.weights[name], 1 - decay)

    # what is kept ---------------------------------------------------------------------------------

    def save(self, path: Path) -> None:
        """Write a checkpoint. Of several processes the first writes it, all others their pools."""
        if self.processes.rank:
            _write(self._own_pool(path), self.pool.state_dict())
            return
        values = dict(
            config=self.config.to_json(),
            iteration=self.iteration,
            warm_up_iteration=self.warm_up_iteration,
            seconds=self.seconds,
            recent=self.recent,
            weights={name: value.detach() for name, value in self.weights.items()},
            averaged=self.averaged,
            optimiser=copy.deepcopy(self.optimiser.state_dict()),
            pool=self.pool.state_dict(),
        )
        if self.critic:
            values["critic"] = self.critic.state_dict()
        if self.autoencoder:
            values["autoencoder"] = self.autoencoder.state_dict()
        _write(Path(path), values)

    def _own_pool(self, path: Path) -> Path:
        return Path(path).with_name(f"pool-{self.processes.rank}.pt")

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint of the same configuration (its number of iterations may have changed)."""
        try:
            values = torch.load(path, map_location=self.device, weights_only=True)
            # checkpoints from before there was a choice name no optimiser: it was Adam
            theirs = {"optimiser": "adam", "variations": 0} | values["config"]
            ours = self.config.to_json()
        except (RuntimeError, EOFError, KeyError, TypeError, pickle.UnpicklingError) as error:
            raise ConfigError(
                f"{path} is damaged or no checkpoint: start without --resume, elsewhere."
            ) from error
        settled = ("families", "architecture", "sisters", "variations", "pool", "blends", "optimiser")
        for key in (*settled, "random_seed"):
            if theirs[key] != ours[key]:
                raise ConfigError(
                    f"{path} was trained with {key} = {theirs[key]}, the configuration says {ours[key]}."
                )
        self.iteration, self.warm_up_iteration = values["iteration"], values["warm_up_iteration"]
        self.seconds, self.recent = values["seconds"], values["recent"].cpu()
        with torch.no_grad():
            for name, value in self.weights.items():
                value.copy_(values["weights"][name])
        self.averaged = values["averaged"]
        self.optimiser.load_state_dict(values["optimiser"])
        if self.critic and "critic" in values:  # else a new one joins here
            self.critic.load_state_dict(values["critic"])
        if self.autoencoder and "autoencoder" in values:
            self.autoencoder.load_state_dict(values["autoencoder"])
        self._read = None
        self._settle()
        pool = values["pool"]
        if self.processes.rank:  # a fresh one, where this process is new
            own = self._own_pool(path)
            pool = torch.load(own, weights_only=True) if own.exists() else self.pool.state_dict()
        if pool["states"].shape == self.pool.states.shape:  # else the configuration has new grids
            self.pool.load_state_dict({key: value.cpu() for key, value in pool.items()})


def _write(path: Path, values: dict[str, Any]) -> None:
    beside = path.with_suffix(".part")
    torch.save(values, beside)
    beside.replace(path)
