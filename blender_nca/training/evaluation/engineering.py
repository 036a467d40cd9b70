# SPDX-License-Identifier: GPL-3.0-or-later
"""Genetic engineering, measured: what becomes of the picture when the DNA is edited, crossed, drawn or reckoned with.

The experiments are those of Hernandez Ruiz, Vilalta and Moreno-Noguer, "Neural Cellular Automata Manifold" (CVPR 2021):
in a manifold that is worth the name, near DNA grows near pictures, and DNA that nobody trained grows something.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch

from ...automaton import torch_step
from ...genetics.dna import LETTERS
from ...genetics.relaxed import blend, random_dna, relax
from ...genetics.species import Species
from ...genetics.variation import cross_one_point, cross_two_points
from ...learning.figure import premultiply
from ...learning.patches import colour_signature, patch_distance
from ...manifold.manifold import Manifold
from .parallel_growths import ParallelGrowths

CELLS, PIXELS_PER_CELL, STEPS = (48, 48), 2, 300
EDITS, QUICK_EDITS = (1, 2, 4, 8, 16), (1, 4, 16)
SPECIES, PARENTS, DRAWS, RANDOM, PAIRS = 64, 6, 2, 24, 12
QUICK_SPECIES, QUICK_PARENTS, QUICK_DRAWS, QUICK_RANDOM, QUICK_PAIRS = 8, 3, 1, 6, 3
COVERED = 0.99
"""Share of living cells from which a grid counts as covered."""

Genotype = str | np.ndarray


class Gallery:
    """What the species of a manifold look like, grown, and how far other pictures are from them.

    Materials are compared by the patches of their colours, figures pixel by pixel (premultiplied squared error).

    Parameters
    ----------
    manifold : Manifold
    species : sequence of Species
        Three or more.
    device : str
        Where grids grow; they are compared on the processor.

    Attributes
    ----------
    looks : list of Tensor
        Of the species, in their order: what `distance` compares.
    scale : float
        Median distance between two species.
    """

    def __init__(self, manifold: Manifold, species: Sequence[Species], device: str = "cpu"):
        if len(species) < 3:
            raise ValueError(f"{manifold.name} has {len(species)} species: it takes three to compare them")
        self.manifold, self.species, self.device = manifold, list(species), device
        self.figures = manifold.card["kind"] == "figures"
        self.cells = (manifold.card["cells"],) * 2 if self.figures else CELLS
        self.looks = self.look([one.dna for one in self.species])
        between = [self.distance(a, b) for i, a in enumerate(self.looks) for b in self.looks[:i]]
        self.scale = max(float(np.median(between)), 1e-12)

    def grow(self, genotypes: Sequence[Genotype], random_seed: int = 11) -> ParallelGrowths:
        """Grow genotypes side by side, `STEPS` steps from one cell."""
        return ParallelGrowths(self.manifold, genotypes, self.cells, random_seed, self.device).grow(STEPS)

    def look(self, genotypes: Sequence[Genotype], random_seed: int = 11) -> list[torch.Tensor]:
        """Grow genotypes and say what they look like, for `distance`."""
        pixels = self.manifold.card["pixels_per_cell"] if self.figures else PIXELS_PER_CELL
        return [self._see(maps) for maps in self.grow(genotypes, random_seed).paint(pixels)]

    def distance(self, one: torch.Tensor, other: torch.Tensor) -> float:
        """How far two looks are from each other; `scale` says what is far."""
        return float((one - other).square().mean()) if self.figures else patch_distance(one, other)

    def nearest(self, look: torch.Tensor) -> int:
        """Which species is nearest to a look."""
        return int(np.argmin([self.distance(look, other) for other in self.looks]))

    def _see(self, maps: np.ndarray) -> torch.Tensor:
        # a rule that nobody trained may run away: what is no number is black
        maps = np.nan_to_num(maps)
        return premultiply(torch.from_numpy(maps)[None])[0] if self.figures else colour_signature(maps)


def measure_engineering(
    manifold: Manifold,
    species: Sequence[Species],
    quick: bool = False,
    device: str = "cpu",
    say: Callable[[str], None] = lambda text: None,
) -> dict[str, float]:
    """Measure what editing, crossing and drawing DNA does to the pictures of a manifold.

    Parameters
    ----------
    manifold : Manifold
    species : sequence of Species
        Three or more; of many, `SPECIES` of them at even distances are taken.
    quick : bool
        A few species and edits only.
    device : str
    say : callable
        Told of the progress.

    Returns
    -------
    dict
        What `measure_locality`, `measure_random_dna` and `measure_crossover` return, and `species`: among how many
        the comparisons were made.
    """
    most = QUICK_SPECIES if quick else SPECIES
    places = np.unique(np.linspace(0, len(species) - 1, min(most, len(species))).round().astype(int))
    say(f"growing {len(places)} species to compare with")
    gallery = Gallery(manifold, [species[i] for i in places], device)
    say("changing letters")
    found: dict[str, float] = {"species": len(places)}
    if quick:
        found |= measure_locality(gallery, QUICK_EDITS, QUICK_PARENTS, QUICK_DRAWS)
    else:
        found |= measure_locality(gallery)
    say("drawing random DNA")
    found |= measure_random_dna(gallery, QUICK_RANDOM if quick else RANDOM)
    say("crossing")
    return found | measure_crossover(gallery, QUICK_PAIRS if quick else PAIRS)


def measure_locality(
    gallery: Gallery, edits: Sequence[int] = EDITS, parents: int = PARENTS, draws: int = DRAWS
) -> dict[str, float]:
    """How far the picture moves when letters of its DNA change.

    Parameters
    ----------
    gallery : Gallery
    edits : sequence of int
        Numbers of letters; those beyond the DNA's length are left out.
    parents, draws : int
        Species, and edits of each. An edit of more letters keeps those of fewer.

    Returns
    -------
    dict
        `locality_<letters>`: mean distance from the species, as a share of the median distance between species.
        `locality_chance` is that of the same DNA with another random seed: what moves less has not moved.
    """
    random = np.random.default_rng(21)
    chosen = random.permutation(len(gallery.species))[:parents]
    dnas = [gallery.species[i].dna for i in chosen]
    seeds = random.integers(0, 2**32, (len(dnas), draws))

    def moved(genotypes: Sequence[str], random_seed: int = 11) -> float:
        looks = gallery.look(genotypes, random_seed)
        per_parent = len(looks) // len(chosen)
        from_own = [
            gallery.distance(look, gallery.looks[chosen[k // per_parent]]) for k, look in enumerate(looks)
        ]
        return float(np.mean(from_own)) / gallery.scale

    found = {"locality_chance": moved(dnas, random_seed=12)}
    for letters in edits:
        if letters <= gallery.manifold.dna_length:
            found[f"locality_{letters}"] = moved(
                [
                    change_letters(dna, letters, np.random.default_rng(seed))
                    for dna, own in zip(dnas, seeds, strict=True)
                    for seed in own
                ]
            )
    return found


def measure_random_dna(gallery: Gallery, count: int = RANDOM) -> dict[str, float]:
    """What grows from DNA that was drawn at random.

    Returns
    -------
    dict
        `random_lives`: share of growths with a living cell. Of materials `random_covers`: share that covers its
        grid; of figures `random_contained`: share that lives and leaves the grid's border free.
    """
    random = np.random.default_rng(22)
    grids = gallery.grow([random_dna(gallery.manifold.dna_length, random) for _ in range(count)])
    finite = torch.isfinite(grids.state).all(-1)
    living = (torch_step.living(grids.state, grids.boundary)[..., 0] & finite).cpu().numpy()
    lives = living.any((1, 2))
    found = {"random_lives": float(lives.mean())}
    if gallery.figures:
        border = np.ones(living.shape[1:], bool)
        border[1:-1, 1:-1] = False
        found["random_contained"] = float((lives & ~living[:, border].any(1)).mean())
    else:
        found["random_covers"] = float((living.mean((1, 2)) >= COVERED).mean())
    return found


def measure_crossover(gallery: Gallery, pairs: int = PAIRS) -> dict[str, float]:
    """Whether children look like their parents.

    Returns
    -------
    dict
        `crossover_one_point`, `crossover_two_points`: share of children that are nearer to a parent than to any
        other species. Children that look like anybody would give 2 / species.
    """
    random = np.random.default_rng(23)
    parents = [random.choice(len(gallery.species), 2, replace=False) for _ in range(pairs)]
    found = {}
    for name, cross in (
        ("crossover_one_point", cross_one_point),
        ("crossover_two_points", cross_two_points),
    ):
        children = [cross(gallery.species[a].dna, gallery.species[b].dna, random) for a, b in parents]
        alike = [
            gallery.nearest(look) in pair for look, pair in zip(gallery.look(children), parents, strict=True)
        ]
        found[name] = float(np.mean(alike))
    return found


def change_letters(dna: str, letters: int, random: np.random.Generator) -> str:
    """Exchange so many letters, at random places, for one of the three others each.

    From the same state of `random` more letters keep the changes of fewer and add to them.
    """
    places = random.permutation(len(dna))[:letters]
    steps = random.integers(1, len(LETTERS), len(dna))
    changed = list(dna)
    for place in places:
        changed[place] = LETTERS[(LETTERS.index(dna[place]) + steps[place]) % len(LETTERS)]
    return "".join(changed)


def average(dnas: Sequence[str]) -> np.ndarray:
    """The middle of several DNAs, relaxed: float32, shape (dna_length, 4)."""
    return blend(dnas, [1.0] * len(dnas))


def combine(a: Genotype, b: Genotype, c: Genotype) -> np.ndarray:
    """Feature arithmetic: A - B + C, what A has and B has not, given to C.

    Parameters
    ----------
    a, b, c : str, or ndarray of shape (dna_length, 4)
        DNA of one length, as letters or relaxed.

    Returns
    -------
    ndarray, float32, shape (dna_length, 4)
        The nearest relaxed DNA: each row is projected onto those that are nowhere negative and sum to one.
    """
    relaxed = [relax(dna) if isinstance(dna, str) else np.asarray(dna) for dna in (a, b, c)]
    if len({each.shape for each in relaxed}) > 1:
        raise ValueError(f"DNA of {', '.join(str(len(each)) for each in relaxed)} letters cannot be combined")
    return _nearest_relaxed(relaxed[0].astype(np.float64) - relaxed[1] + relaxed[2]).astype(np.float32)


def _nearest_relaxed(rows: np.ndarray) -> np.ndarray:
    """Euclidean projection of rows onto the simplex (Duchi et al., "Efficient Projections", ICML 2008)."""
    falling = -np.sort(-rows, axis=1)
    over = (falling.cumsum(1) - 1) / np.arange(1, rows.shape[1] + 1)
    kept = (falling > over).sum(1)
    return (rows - over[np.arange(len(rows)), kept - 1, None]).clip(0)
