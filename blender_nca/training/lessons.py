# SPDX-License-Identifier: GPL-3.0-or-later
"""Lessons: what the encoder of materials learns last, when the cells know how to grow.

Growth learns from few samples of a material, which share the letters of its species. But DNA near a species' grows what
differs from it a little, as other samples do. So of some DNA near, the one whose growth is nearest to a sample is what
the encoder learns to read from it: for the exemplar, which gives the species its letters, and for samples that growth
never saw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F

from ..genetics import mutate, nearest_dna
from ..genetics.dna import letter_numbers
from ..manifold import encoder
from ..manifold.manifold import Manifold
from .evaluation.field import Field
from .evaluation.patches import colour_signature, patch_distance, structure_scale, structure_signature
from .materials import combine, draw_sample
from .trainer import Trainer, vary

SAMPLES = 8
"""Samples of a species beside its exemplar."""
MUTANTS, MUTATION = 5, 0.05
"""DNA that is tried beside what the encoder reads from the samples, and how likely each letter of it is another one."""
CELLS, AGES, RANDOM_SEED = (80, 80), (300, 800), 101
"""What is grown to judge a DNA: it must look right when grown, and later."""
CLEARLY = 0.9
"""How near another DNA's growth must be, over that of the species', to be read instead: chance is not to be learned."""
ITERATIONS, BATCH, PACE = 800, 48, 1e-3
EXEMPLARS = 0.3
"""Share of a batch that the exemplars themselves have: it is from them that species get their letters."""

Say = Callable[[str], None]


def teach(trainer: Trainer, say: Say = lambda text: None) -> None:
    """Give the encoder of a run of materials its lessons: both of its weights and of their running mean.

    Parameters
    ----------
    trainer : Trainer
        That has learned to grow `Materials`.
    say : callable
        Told of the progress.
    """
    config, subject = trainer.config, trainer.subject
    card = {"pixels_per_cell": config.pixels_per_cell, "boundary": subject.boundary}
    weights = {name: value.cpu().numpy() for name, value in trainer.averaged.items()}
    manifold = Manifold(card, config.architecture, weights)
    later = range(subject.sisters, subject.sisters + SAMPLES)
    samples = []
    for number, name in enumerate(subject.names):
        if number % 8 == 0:
            say(f"drawing samples of {name}, {number + 1} of {len(subject.names)}")
        family = subject.tags[number][0]
        samples.append([draw_sample(config, family, name, sample) for sample in (0, *later)])
    letters = choose_letters(manifold, samples, say)
    pictures = torch.stack([see(maps) for maps in samples])
    taught = learn_letters(trainer.averaged, pictures, letters, say)
    with torch.no_grad():
        for name, value in taught.items():
            trainer.averaged[name].copy_(value)
            trainer.weights[name].copy_(value)


def see(samples: Sequence[np.ndarray]) -> torch.Tensor:
    """Maps as the encoder sees them: Tensor, shape (samples, 3, encoder.PIXELS, encoder.PIXELS)."""
    return encoder.resize(torch.from_numpy(np.stack([maps[:3] for maps in samples])))


def choose_letters(
    manifold: Manifold, samples: Sequence[Sequence[np.ndarray]], say: Say = lambda text: None
) -> torch.Tensor:
    """What the encoder shall read.

    Parameters
    ----------
    manifold : Manifold
    samples : sequence of sequence of ndarray, shape (maps, height, width)
        Of each species the same number, the first its exemplar.

    Returns
    -------
    Tensor, int64, shape (species, samples, dna_length)
        Numbers of the letters.
    """
    weights = {name: torch.from_numpy(value) for name, value in manifold.weights.items()}
    random = np.random.default_rng(RANDOM_SEED)
    colours = [colour_signature(maps[0]) for maps in samples]
    scale = float(np.median([patch_distance(a, b) for i, a in enumerate(colours) for b in colours[:i]]))
    chosen = []
    for number, maps in enumerate(samples):
        if number % 8 == 0:
            say(f"reading samples of species {number + 1} of {len(samples)}")
        with torch.inference_mode():
            read = [nearest_dna(letters) for letters in encoder.encode(weights, see(maps)).numpy()]
        mutants = (mutate(str(random.choice(read)), MUTATION, random) for _ in range(MUTANTS))
        tried = list(dict.fromkeys([*read, *mutants]))
        distances = measure_distances(manifold, tried, maps, scale)
        own = _choose(distances[:, 0], tried.index(read[0]))
        chosen.append([tried[own], *(tried[_choose(column, own)] for column in distances.T[1:])])
    return torch.from_numpy(np.array([[letter_numbers(dna) for dna in row] for row in chosen]))


def measure_distances(
    manifold: Manifold, dnas: Sequence[str], samples: Sequence[np.ndarray], scale: float
) -> np.ndarray:
    """How far what grows from each DNA is from each sample, by both distances and at all `AGES`.

    Parameters
    ----------
    scale : float
        The colour distance that counts as one.

    Returns
    -------
    ndarray, shape (dnas, samples)
    """
    unit, pixels = structure_scale(*samples[:2]), manifold.card["pixels_per_cell"]
    colours, structures = zip(
        *((colour_signature(one), structure_signature(one)) for one in samples), strict=True
    )
    field, distances = Field(manifold, dnas, CELLS, RANDOM_SEED), np.zeros((len(dnas), len(samples)))
    for age in AGES:
        for row, maps in zip(distances, field.grow(age - field.steps).paint(pixels), strict=True):
            colour, structure = colour_signature(maps), structure_signature(maps)
            row += combine(
                np.array([patch_distance(colour, one) for one in colours]) / scale,
                np.array([patch_distance(structure, one) for one in structures]) / unit,
            )
    return distances


def _choose(distances: np.ndarray, own: int) -> int:
    best = int(distances.argmin())
    return best if distances[best] < CLEARLY * distances[own] else own


def learn_letters(
    weights: dict[str, torch.Tensor],
    pictures: torch.Tensor,
    letters: torch.Tensor,
    say: Say = lambda text: None,
) -> dict[str, torch.Tensor]:
    """Weights of an encoder that reads these letters from these pictures.

    Parameters
    ----------
    weights : dict of Tensor
        Of a manifold; they stay as they are.
    pictures : Tensor, shape (species, samples, 3, PIXELS, PIXELS)
        The first sample of each is its exemplar.
    letters : int64 Tensor, shape (species, samples, dna_length)
    """
    own = {name: value.detach().clone() for name, value in weights.items() if name.startswith("encode")}
    optimiser = torch.optim.Adam([value.requires_grad_() for value in own.values()], PACE)
    pace = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, ITERATIONS)
    random = np.random.default_rng(RANDOM_SEED)
    for iteration in range(ITERATIONS):
        species = random.integers(0, pictures.shape[0], BATCH)
        sample = random.integers(0, pictures.shape[1], BATCH) * (random.random(BATCH) > EXEMPLARS)
        species, sample = torch.from_numpy(species), torch.from_numpy(sample)
        logits = encoder.encode(own, vary(pictures[species, sample], encoder.PIXELS, random))
        loss = F.cross_entropy(logits.flatten(0, 1), letters[species, sample].flatten())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        pace.step()
        if iteration % 100 == 0:
            say(f"learning to read them, {iteration} of {ITERATIONS}: {loss.item():.4f}")
    return {name: value.detach() for name, value in own.items()}
