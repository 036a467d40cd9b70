# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains a manifold: encoder, transcription, update rule and renderer together, through the growing cells."""

from __future__ import annotations

import copy
import json
import math
import pickle
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from ..automaton import torch_step
from ..automaton.update_rule import LIFE
from ..manifold import encoder
from ..manifold.renderer import SUPPORT, interpolation, paint_tile
from ..manifold.transcription import transcribe
from .config import ConfigError, TrainingConfig
from .exemplars import FAMILIES, draw_exemplar, sister_parameters
from .pool import Pool, sow, wound
from .sliced_wasserstein import SlicedWasserstein

FULL = 0.97
"""Share of living cells from which on a grid counts as covered and its texture is judged."""
TONE, EDGE, FRONT, OVERFLOW = 0.3, 0.5, 0.5, 10.0
"""How much counts beside the texture: the colours of what still grows, the alpha of its edge, the life of its front,
and states beyond two."""
ENCODER_PACE, LAST_PACE = 0.05, 0.03
"""Learning rate of the encoder over that of the rest, and of the last iterations over that of the first."""
RECENT = 0.02
"""Weight of the newest loss in the running mean that progress lines show."""


class Trainer:
    """One training run.

    All that is drawn by chance in an iteration comes from (random seed, iteration), so a resumed run
    continues exactly as one that was never stopped.

    Attributes
    ----------
    weights : dict of Tensor
        Being trained.
    averaged : dict of Tensor
        Their running mean: the manifold.
    """

    def __init__(self, config: TrainingConfig, device: str = "cpu", cache: Path | None = None):
        unknown = [family for family in config.families if family not in FAMILIES]
        if unknown:
            raise ConfigError(f"No exemplars of {', '.join(unknown)}. There are: {', '.join(FAMILIES)}.")
        self.config, self.device = config, torch.device(device)
        self.exemplars = torch.from_numpy(draw_exemplars(config, cache)).to(self.device)
        self.thumbnails = encoder.resize(self.exemplars[:, :3])
        self.loss = SlicedWasserstein(self.exemplars)
        initial = config.architecture.initial_weights(config.random_seed)
        self.weights = {
            name: torch.from_numpy(value).to(self.device).requires_grad_() for name, value in initial.items()
        }
        self.averaged = {name: value.detach().clone() for name, value in self.weights.items()}
        of_encoder = {name for name in self.weights if name.startswith("encode")}
        self.optimiser = torch.optim.Adam(
            [
                {"params": [weight for name, weight in self.weights.items() if name not in of_encoder]},
                {"params": [weight for name, weight in self.weights.items() if name in of_encoder]},
            ],
            config.learning_rate,
        )
        sizes = config.architecture
        self.pool = Pool(
            len(config.families), config.pool, config.blends, config.cells, sizes.channels, config.random_seed
        )
        self.iteration = 0
        self.warm_up_iteration = 0
        self.seconds = 0.0
        self.recent = torch.full((len(config.families),), float("nan"))
        cells = torch.arange(config.batch * config.cells**2, device=self.device)
        self._cells = cells.reshape(config.batch, config.cells, config.cells)
        fine = interpolation(config.cells, config.pixels_per_cell)
        self._fine = torch.from_numpy(fine).to(self.device)
        self._means = self.exemplars.mean((2, 3))
        family = torch.arange(len(self.exemplars)) // config.sisters
        distance = self.loss.exemplar_distances().sqrt()
        near = 0.25 + 0.35 * (1 - distance / distance.max().clip(min=1e-9)).square()  # a quarter is chance
        self._alike = torch.where((family[:, None] == family).to(self.device), 1.0, near)

    # what is learned in an iteration --------------------------------------------------------------

    def train(self) -> None:
        """One iteration: draw states from the pool, grow, judge, learn, put back."""
        config, random = self.config, np.random.default_rng([self.config.random_seed, 1, self.iteration])
        began = time.monotonic()
        drawn = torch.from_numpy(random.choice(len(self.pool), config.batch, replace=False))
        state = self.pool.states[drawn].clone()
        state[0] = sow(config.cells, config.architecture.channels, random)
        if self.iteration % 3 == 0:
            state[1] = wound(state[1], random)
        state = state.to(self.device)
        share = self.pool.share[drawn].to(self.device)
        sister = torch.from_numpy(random.integers(0, config.sisters, config.batch))
        first = self.pool.first[drawn] * config.sisters + sister
        second = self.pool.second[drawn] * config.sisters + sister

        letters, kinship = self._letters(torch.cat([first, second]), random)
        relaxed = torch.lerp(letters[: config.batch], letters[config.batch :], share[:, None, None])
        rule, painter = transcribe(self.weights, config.architecture, relaxed)
        steps = int(random.integers(*config.steps))
        seed = int(random.integers(0, 2**31))
        state = torch_step.grow(state, [rule], [None], seed, 0, steps, self._cells)
        maps = self._paint(state, painter)
        loss, texture, full = self._judge(state, maps, first, second, share, random)

        self._learn(loss + kinship)
        finite = torch.isfinite(state).flatten(1).all(1)
        for i, place in enumerate(drawn):
            kept = state[i].detach() if finite[i] else sow(config.cells, config.architecture.channels, random)
            self.pool.states[place] = kept.cpu()
        for i in (full & (share == 0)).nonzero()[:, 0].tolist():
            family = int(self.pool.first[drawn[i]])
            before, now = self.recent[family], texture[i].detach().cpu()
            self.recent[family] = now if torch.isnan(before) else torch.lerp(before, now, RECENT)
        self.iteration += 1
        self.seconds += time.monotonic() - began

    def warm_up(self) -> None:
        """One iteration of the encoder alone."""
        random = np.random.default_rng([self.config.random_seed, 0, self.warm_up_iteration])
        everyone = torch.arange(len(self.exemplars))
        logits = self._encode(everyone, random)
        self._learn(self._kinship(logits.softmax(-1), everyone))
        self.warm_up_iteration += 1

    def _encode(self, exemplars, random):
        """Logits of the letters of exemplars, each seen shifted and in slightly other tones."""
        shift = tuple(random.integers(0, encoder.PIXELS, 2))
        tones = torch.from_numpy(random.normal(1, 0.04, (len(exemplars), 3, 1, 1))).float().to(self.device)
        seen = torch.roll(self.thumbnails[exemplars] * tones, shift, (2, 3))
        return encoder.encode(self.weights, seen)

    def _kinship(self, letters, exemplars):
        """Sisters share their letters, families differ, the more the less alike they look."""
        likeness = torch.einsum("ald,bld->ab", letters, letters) / letters.shape[1]
        return (likeness - self._alike[exemplars][:, exemplars]).square().mean()

    def _letters(self, exemplars, random):
        """Letters of exemplars, one-hot forward and soft backward (Jang et al. 2017), and their kinship."""
        config = self.config
        logits = self._encode(exemplars, random)
        kinship = self._kinship(logits.softmax(-1), exemplars)
        temperature = config.temperature * max(0.0, 1 - 3 * self.iteration / config.iterations)
        gumbel = -np.log(-np.log(random.uniform(1e-6, 1 - 1e-6, logits.shape)))
        logits = logits + temperature * torch.from_numpy(gumbel).float().to(self.device)
        soft = logits.softmax(-1)
        return F.one_hot(logits.argmax(-1), 4).float() + soft - soft.detach(), kinship

    def _paint(self, state, painter):
        around = F.pad(state.movedim(3, 1), [SUPPORT] * 4, "circular")
        return paint_tile(painter, around, self._fine, self._fine)

    def _judge(self, state, maps, first, second, share, random):
        """Loss of the batch, the texture distance of each of its grids, and which of them are covered."""
        alive = torch_step.living(state, "wrap").float()
        full = alive.mean((1, 2, 3)) > FULL
        shift = tuple(random.integers(0, 8, 2))
        texture = self.loss.between(maps, first, second, share, int(random.integers(0, 2**31)), shift)
        # a grid that still grows is too small for statistics: its colours are pulled to the exemplar's mean
        ink = self._fine @ F.pad(alive[..., 0], [SUPPORT] * 4, "circular") @ self._fine.T
        ink = ((ink - 0.3) / 0.4).clip(0, 1)
        ink = (ink * ink * (3 - 2 * ink))[:, None]
        mean = torch.lerp(self._means[first], self._means[second], share[:, None])[:, :, None, None]
        tone = ((maps - mean).square() * ink).mean((1, 2, 3))
        edge = (maps[:, 3:4] - ink).square().mean((1, 2, 3))
        # life is pulled to one on the living and their neighbours: this makes the front run
        ring = F.max_pool2d(F.pad(alive.movedim(3, 1), [1] * 4, "circular"), 3, 1).movedim(1, 3)
        life = ((state[..., LIFE : LIFE + 1].clip(max=1) - 1).square() * ring).mean()
        overflow = (state - state.clip(-2, 2)).square().mean()
        excess = (maps - maps.clip(0, 1)).square().mean()
        judged = torch.where(full, texture, TONE * tone).mean()
        return judged + EDGE * edge.mean() + FRONT * life + OVERFLOW * overflow + excess, texture, full

    def _learn(self, loss):
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        progress = min(1.0, self.iteration / self.config.iterations)
        fall = max(LAST_PACE, 0.5 + 0.5 * math.cos(math.pi * progress))
        cells, reader = self.optimiser.param_groups
        cells["lr"] = self.config.learning_rate * fall
        # once it tells families apart the encoder moves slowly, or letters change under the cells that read them
        reader["lr"] = self.config.learning_rate * (fall * ENCODER_PACE if self.iteration else 1)
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
        """Write a checkpoint beside, then rename it."""
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
        beside = Path(path).with_suffix(".part")
        torch.save(values, beside)
        beside.replace(path)

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint of the same configuration (its number of iterations may have changed)."""
        try:
            values = torch.load(path, map_location=self.device, weights_only=True)
            theirs, ours = values["config"], self.config.to_json()
        except (RuntimeError, EOFError, KeyError, TypeError, pickle.UnpicklingError) as error:
            raise ConfigError(
                f"{path} is damaged or no checkpoint: start without --resume, elsewhere."
            ) from error
        for key in ("families", "architecture", "cells", "sisters", "pool", "blends", "random_seed"):
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
        self.pool.load_state_dict({key: value.cpu() for key, value in values["pool"].items()})


def draw_exemplars(config: TrainingConfig, cache: Path | None = None) -> np.ndarray:
    """All exemplars of a run, family by family.

    Parameters
    ----------
    cache : Path, optional
        An .npz that holds those of an earlier run, or will; used where they are the same.

    Returns
    -------
    ndarray, float32, shape (families * sisters, 7, exemplar_pixels, exemplar_pixels)
    """
    drawn = json.dumps([config.families, config.sisters, config.exemplar_pixels, config.random_seed])
    if cache and Path(cache).exists():
        with np.load(cache) as held:
            if "drawn" in held and str(held["drawn"]) == drawn:
                return held["exemplars"]
    pictures = []
    for family in config.families:
        for sister in range(config.sisters):
            random = np.random.default_rng([config.random_seed, sister, *family.encode()])
            varied = sister_parameters(family, random) if sister else {}
            pictures.append(draw_exemplar(family, sister, config.exemplar_pixels, **varied))
    exemplars = np.stack(pictures).astype(np.float32)
    if cache:
        np.savez(cache, exemplars=exemplars, drawn=drawn)
    return exemplars
