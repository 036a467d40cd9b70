# SPDX-License-Identifier: GPL-3.0-or-later
"""Recolouring: a painter learns the colours of another variety of its family, pixel by pixel, before a lesson begins.

Two varieties laid out alike differ in their colours alone, so every pixel of the one says what it is in the other.
Distances of patches do not: by them red paint grows where rust was, as red is nearer to rust than to yellow paint.
"""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import torch

from ..learning.own_weights import OwnWeights
from ..learning.texture_learner import TextureLearner
from ..learning.textures import MAPS
from ..manifold.own_unit import OF_PAINTER, OF_RULE
from ..manifold.painting import paint
from ..manifold.renderer import Painter
from .evaluation.parallel_growths import ParallelGrowths
from .exemplars import FAMILIES, draw_exemplar, find_variety

CELLS, AGES, SEEDS = 48, (120, 300), (3, 4)
"""A side of the grids that are painted, steps after which, and seeds."""
PIXELS, LIKE = 4096, 8
"""Pixels of an exemplar that are looked among, and how many of them each painted pixel is the mean of."""
ITERATIONS, RATE = 240, 4e-3
"""Of Adam."""
SURFACE = "finish", "relief"
"""Parameters of families that leave all where it is, as colours do: how rough it is, and how deep."""


def recolour(learner: TextureLearner, kin: str, name: str) -> float:
    """Let a learner that begins as its kin paint in the colours of another variety.

    Parameters
    ----------
    learner : TextureLearner
        That has not learned anything yet, and begins as `kin`.
    kin, name : str
        Varieties of one family: whose growth it begins as, and which is to be learned.

    Returns
    -------
    float
        What is left of the squared difference of maps, over what it was.

    Raises
    ------
    ValueError
        Nothing is called so, or the two are of two families.
    """
    begun, wanted = draw_alike(kin, name)
    judge, dna = learner.judge, learner.start
    weights, manifold = judge.transcribe(dna), judge.manifold.with_units(judge.units_of(dna))
    grids = [ParallelGrowths(manifold, [dna], (CELLS, CELLS), seed, judge.device) for seed in SEEDS]
    states, steps = [], 0
    for age in AGES:
        states += [grid.grow(age - steps).state.clone() for grid in grids]
        steps = age
    learned = {key: weights[key].clone().requires_grad_() for key in OF_PAINTER}
    shared = {key: value for key, value in weights.items() if key not in (*OF_RULE, *OF_PAINTER)}

    def show(state: torch.Tensor) -> torch.Tensor:
        painter = Painter(**{key: value[None] for key, value in learned.items()}, **shared)
        return paint(painter, state, judge.manifold.card["pixels_per_cell"], "wrap")[:, MAPS]

    @torch.no_grad()
    def differ() -> float:
        return sum(float((show(state) - target).square().mean()) for state, target in pairs)

    with torch.no_grad():
        pairs = [(state, translate(show(state), begun, wanted)) for state in states]
    before = differ()
    optimiser = torch.optim.Adam(learned.values(), RATE)
    for iteration in range(ITERATIONS):
        optimiser.param_groups[0]["lr"] = RATE * (1 - iteration / ITERATIONS)
        state, target = pairs[iteration % len(pairs)]
        optimiser.zero_grad()
        (show(state) - target).square().mean().backward()
        optimiser.step()
    learner.own = OwnWeights(
        {**weights, **{key: value.detach() for key, value in learned.items()}}, learner.own.pace
    )
    learner.kept = learner.own.copy()
    return differ() / before


def draw_alike(kin: str, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The exemplar of a variety, and the same in the colours and surface of another: each (maps, height, width)."""
    (family, made), (other, make) = find_variety(kin), find_variety(name)
    if family != other:
        raise ValueError(f"{kin} is of the family {family}, {name} of {other}: choose two of one family")
    own = inspect.signature(FAMILIES[family]).parameters
    looks: dict[str, Any] = {
        key: make.get(key, parameter.default)
        for key, parameter in own.items()
        if key in SURFACE
        or isinstance(parameter.default, str)
        or (isinstance(parameter.default, tuple) and isinstance(parameter.default[0], str))
    }
    begun, wanted = draw_exemplar(family, 0, **made), draw_exemplar(family, 0, **{**made, **looks})
    return begun[list(MAPS)], wanted[list(MAPS)]


def translate(maps: torch.Tensor, begun: np.ndarray, wanted: np.ndarray) -> torch.Tensor:
    """Maps (1, maps, pixels, pixels) in which each pixel is what those most like it in one exemplar are in another."""
    places = np.random.default_rng(0).choice(begun[0].size, PIXELS, replace=False)
    known, theirs = (
        torch.from_numpy(each.reshape(len(each), -1)[:, places].T.copy()).to(maps.device)
        for each in (begun, wanted)
    )
    pixels = maps[0].flatten(1).T
    found = [
        theirs[torch.cdist(some, known).topk(LIKE, largest=False).indices].mean(1)
        for some in pixels.split(8192)
    ]
    return torch.cat(found).T.reshape(maps.shape)
