# SPDX-License-Identifier: GPL-3.0-or-later
"""Lessons in reading: the encoder sees thousands of makes of the families that its manifold grows.

Trained with a manifold, it has seen the pictures of its species and their sisters alone, and takes a picture of other
sizes and colours for another family now and then. Here it reads pictures from anywhere in the families, and is asked
for the DNA of the species that each was drawn from. Nothing else of the manifold changes, so all that grows stays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
import torch.nn.functional as F

from ..genetics.relaxed import letter_numbers
from ..manifold import encoder
from ..manifold.recognition import read_dna
from .exemplars import draw_exemplar, draw_variety, find_variety, nearest_variety, random_parameters

BATCH, KNOWN = 64, 1 / 3
"""Pictures of an iteration, and the share of them that show the species themselves."""
RATE, RISE = 2e-3, 50
"""Learning rate of Adam, and the iterations in which it rises."""
TONES, LARGER = 0.06, 0.15
"""Standard deviation of what each channel of a picture is multiplied by, and how much larger than it is a picture is
shown at most: light and distance of a photograph."""
UNSEEN = range(100_000, 100_010)
"""Seeds of pictures that are never shown, for whoever asks how well an encoder reads."""
SISTERS, LAST = range(8), 78
"""Samples of the species themselves that are shown, the first of which is the exemplar; and one that never is, beside
that of the evaluation."""
SMOOTHING = 0.05
"""Share of each letter that is asked of all, so that readings stay in doubt where pictures are."""


@dataclass(frozen=True)
class Pages:
    """Pictures to read, and what they say.

    Attributes
    ----------
    pictures : uint8 Tensor, shape (pages, 3, encoder.PIXELS, encoder.PIXELS)
    species : int64 ndarray, shape (pages,)
        Number of the species that each shows, or is nearest to.
    """

    pictures: torch.Tensor
    species: np.ndarray


def draw_pages(
    names: Sequence[str], seeds: range, spread: float = 1.0, say: Callable[[str], None] = lambda text: None
) -> Pages:
    """Draw pictures from anywhere in the families of species: one a family and seed, where one of them is nearest.

    Parameters
    ----------
    names : sequence of str
        Of the species, as in `VARIETIES`.
    seeds : range
    spread : float
        How far they stray from the species: see `random_parameters`.
    say : callable
        Told of the progress.
    """
    numbers = {name: i for i, name in enumerate(names)}
    families = sorted({find_variety(name)[0] for name in names})
    drawn = []
    for seed in seeds:
        say(f"drawing {len(families)} pictures, {seed - seeds.start + 1} of {len(seeds)} times")
        for family in families:
            nearest = nearest_variety(family, seed)
            if nearest in numbers:
                maps = draw_exemplar(family, seed, **random_parameters(family, seed, spread))
                drawn.append((see(maps), numbers[nearest]))
    pictures, species = zip(*drawn, strict=True)
    return Pages(torch.stack(pictures), np.array(species))


def draw_species(names: Sequence[str], sisters: Iterable[int]) -> Pages:
    """Samples of species: their exemplars (0) and sisters."""
    drawn = [
        (see(draw_variety(find_variety(name)[0], name, sister)), i)
        for sister in sisters
        for i, name in enumerate(names)
    ]
    pictures, species = zip(*drawn, strict=True)
    return Pages(torch.stack(pictures), np.array(species))


def join(parts: Sequence[Pages]) -> Pages:
    """Several as one."""
    return Pages(
        torch.cat([part.pictures for part in parts]), np.concatenate([part.species for part in parts])
    )


def see(maps: np.ndarray) -> torch.Tensor:
    """What the encoder sees of maps (3 or more, height, width): uint8 Tensor, shape (3, PIXELS, PIXELS)."""
    seen = encoder.resize(torch.from_numpy(np.ascontiguousarray(maps[None, :3], np.float32)))
    return (seen[0].clip(0, 1) * 255 + 0.5).to(torch.uint8)


class Reader:
    """An encoder that learns to read.

    Parameters
    ----------
    weights : mapping of str to ndarray
        Of a manifold, as named by `Architecture.shapes`: those of its encoder are learned.
    dnas : sequence of str
        Of its species.
    known, further : Pages
        Pictures of the species themselves, and of makes around them.
    iterations : int
        In which the learning rate falls.
    random_seed : int
    """

    def __init__(
        self,
        weights: Mapping[str, np.ndarray],
        dnas: Sequence[str],
        known: Pages,
        further: Pages,
        iterations: int,
        random_seed: int = 0,
    ):
        mine = {name: value for name, value in weights.items() if name.startswith("encode")}
        self._weights = {name: torch.tensor(value, requires_grad=True) for name, value in mine.items()}
        self._letters = torch.from_numpy(np.stack([letter_numbers(dna) for dna in dnas]).astype(np.int64))
        self._known, self._further = known, further
        self._optimiser = torch.optim.AdamW(self._weights.values(), RATE, weight_decay=1e-3)
        self.iterations, self.iteration, self._random_seed = iterations, 0, random_seed

    def learn(self) -> float:
        """One iteration; the error of what was read."""
        random = np.random.default_rng([self._random_seed, self.iteration])
        known = round(KNOWN * BATCH)
        drawn = [_draw(self._known, known, random), _draw(self._further, BATCH - known, random)]
        pictures, species = torch.cat([each for each, _ in drawn]), np.concatenate([s for _, s in drawn])
        logits = encoder.encode(self._weights, vary(pictures, random))
        asked = self._letters[torch.from_numpy(species)]
        error = F.cross_entropy(logits.flatten(0, 1), asked.flatten(), label_smoothing=SMOOTHING)
        fall = 0.5 + 0.5 * math.cos(math.pi * self.iteration / self.iterations)
        self._optimiser.param_groups[0]["lr"] = RATE * fall * min(1.0, (self.iteration + 1) / RISE)
        self._optimiser.zero_grad()
        error.backward()
        self._optimiser.step()
        self.iteration += 1
        return float(error.detach())

    @property
    def weights(self) -> dict[str, np.ndarray]:
        """Of the encoder, as it is now."""
        return {name: weight.detach().numpy().copy() for name, weight in self._weights.items()}


def vary(pictures: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """Pictures (batch, 3, pixels, pixels) in [0, 1], each somewhere else on its torus, in other light and nearer."""
    side, tones = pictures.shape[2], random.normal(1, TONES, (len(pictures), 3, 1, 1))
    pictures = pictures * torch.from_numpy(tones).float()
    seen = []
    for picture in pictures:
        piece = round(side * (1 - LARGER * random.random()))
        rolled = torch.roll(picture, tuple(random.integers(0, side, 2)), (1, 2))
        seen.append(encoder.resize(rolled[None, :, :piece, :piece])[0])
    return torch.stack(seen).clip(0, 1)


def read_pages(
    weights: Mapping[str, np.ndarray],
    pages: Pages,
    known: Mapping[str, np.ndarray] = MappingProxyType({}),
    learned: Collection[str] = (),
) -> list[str]:
    """DNA that each of the pages is read as; what is known as of `manifold.recognition.read_dna`."""
    return [read_dna(each, known, learned) for each in read_logits(weights, pages)]


def read_logits(weights: Mapping[str, np.ndarray], pages: Pages) -> np.ndarray:
    """What an encoder reads from each of the pages: ndarray, shape (pages, dna_length, 4)."""
    mine = {name: torch.from_numpy(value) for name, value in weights.items() if name.startswith("encode")}
    with torch.inference_mode():
        parts = [encoder.encode(mine, part.float() / 255) for part in pages.pictures.split(BATCH)]
    return torch.cat(parts).numpy()


def share_of_family(read: Sequence[str], pages: Pages, dnas: Sequence[str], names: Sequence[str]) -> float:
    """Share of readings whose nearest species, by letters, is of the family that was shown.

    Parameters
    ----------
    read : sequence of str
        One for each of the pages.
    pages : Pages
    dnas, names : sequence of str
        Of the species.
    """
    families = np.array([find_variety(name)[0] for name in names])
    return float((families[nearest_species(read, dnas)] == families[pages.species]).mean())


def nearest_species(read: Sequence[str], dnas: Sequence[str]) -> np.ndarray:
    """Number of the species whose DNA shares the most letters with each that was read: ndarray, shape (read,)."""
    letters = np.stack([letter_numbers(dna) for dna in dnas])
    return np.array([(letters == letter_numbers(dna)).sum(1).argmax() for dna in read])


def _draw(pages: Pages, count: int, random: np.random.Generator) -> tuple[torch.Tensor, np.ndarray]:
    some = random.integers(0, len(pages.species), count)
    return pages.pictures[torch.from_numpy(some)].float() / 255, pages.species[some]
