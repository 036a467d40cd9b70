# SPDX-License-Identifier: GPL-3.0-or-later
"""How good the materials of a manifold are, grown from one cell on a grid that training never used."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, MutableMapping, Sequence
from statistics import median
from types import MappingProxyType

import numpy as np
import torch

from ...genetics.relaxed import blend
from ...genetics.species import Species
from ...learning.patches import colour_signature, patch_distance
from ...manifold.manifold import Manifold
from .. import reading
from . import seams
from .ages import CELLS, STEPS, Measures, measure_ages
from .machines import compare_machines
from .material_scores import MaterialScores
from .parallel_growths import ParallelGrowths

BLEND_CELLS, SHARES = (64, 64), (0.25, 0.5, 0.75)
QUICK_SPECIES, PAIRS, QUICK_PAIRS = 8, 100, 12
DIFFERENT = 0.01
"""Share of the pixels from which on a species counts as another one on another machine."""

Say = Callable[[str], None]


def measure_materials(
    manifold: Manifold,
    species: Sequence[Species],
    quick: bool = False,
    device: str = "cpu",
    say: Say = lambda text: None,
    kept: MutableMapping[str, Measures] | None = None,
    again: Collection[str] = (),
    known: Mapping[str, dict] = MappingProxyType({}),
) -> tuple[dict, dict]:
    """Measure the species of a manifold against the exemplars of their names.

    Parameters
    ----------
    manifold : Manifold
    species : sequence of Species
        Named as in `VARIETIES`.
    quick : bool
        A few species and pairs only.
    device : str
        Where grids grow; they are measured on the processor.
    say : callable
        Told of the progress.
    kept : mapping, optional
        As of `measure_ages`.
    again : collection of str
        Names of the species that are measured again, all others growing as they did. What grows by another's DNA is
        then left as it was, too. All are measured, if empty.
    known : mapping of str to dict
        Species name -> what was measured of it before, where some are measured again.

    Returns
    -------
    dict
        Figures: see the table in the project's documentation of them.
    dict
        Species name -> what was measured of it.

    Raises
    ------
    ValueError
        Where a species has no exemplar.
    """
    chosen = list(range(0, len(species), max(1, len(species) // QUICK_SPECIES) if quick else 1))
    if again:
        chosen = [i for i, one in enumerate(species) if one.name in again]
    dnas, pixels = [species[i].dna for i in chosen], manifold.card["pixels_per_cell"]
    say(f"drawing {len(species)} exemplars")
    scores = MaterialScores([one.name for one in species], chosen)

    aged = measure_ages(manifold, scores, dnas, quick, device, say, kept)

    read = read_dna(manifold, scores.sisters)
    say("growing what the encoder read from unseen sisters")
    of_sisters = ParallelGrowths(manifold, read, CELLS, device=device).grow(STEPS)
    to_sisters = scores.measure_sisters(of_sisters.paint(pixels))

    say("looking for seams")
    at_wrap, elsewhere = seams.measure_seams(
        manifold, dnas, seams.QUICK_GROWTHS if quick else seams.GROWTHS, device
    )
    say("comparing machines")
    machines = compare_machines(manifold, dnas)

    each = {one.name: dict(known[one.name]) for one in species} if again else {}
    for k, i in enumerate(chosen):
        nearest, grown = int(np.argmin(aged.colours[k])), aged.colours[:, i]
        each[species[i].name] = each.get(species[i].name, {}) | {
            "family": scores.families[i],
            **aged.each[k],
            "nearest_own": aged.nearest[k] == {i},
            "nearest": species[nearest].name,
            "sister_structure": to_sisters[k],
            "sister_letters_off": sum(a != b for a, b in zip(read[k], species[i].dna, strict=True)),
            "seam": at_wrap[k],
            "seam_elsewhere": elsewhere[k],
            "machines": machines[k],
        }
        if not again:
            each[species[i].name]["shuffled"] = float(np.median(np.delete(grown, k)) / grown[k])

    monotonic = measure_blends(manifold, species, scores.colours, quick, device, say)

    def of(key: str) -> list[float]:
        return [one[key] for one in each.values()]

    figures = {
        "species": len(species),
        "families": len(set(scores.families)),
        "structure_median": median(of("structure")),
        "structure_worst": max(of("structure")),
        "colour_median": median(of("colour")),
        "colour_worst": max(of("colour")),
        "nearest_own": sum(of("nearest_own")) / len(each),
        "persistence_worst": max(of("persistence")),
        "persistence_last_worst": max(of("persistence_last")),
        "persistence_restless_worst": max(of("persistence_restless")),
        "healing_worst": max(of("healing")),
        "resown_worst": max(of("resown")),
        "blends_monotonic": monotonic,
        "shuffled_ratio": median(of("shuffled")),
        "seam_worst": max(of("seam")),
        "seam_elsewhere_worst": max(of("seam_elsewhere")),
        "machines_differ": sum(share > DIFFERENT for share in of("machines")),
        "sister_ratio": median(of("sister_structure")) / median(of("structure")),
    }
    return figures, each


def measure_blends(
    manifold: Manifold,
    species: Sequence[Species],
    colours: Sequence[torch.Tensor],
    quick: bool,
    device: str = "cpu",
    say: Say = lambda text: None,
) -> float:
    """Share of random pairs whose blends leave the one and near the other, step by step.

    They grow on `BLEND_CELLS`, which training has not seen either. Distances are those of colour patches to the
    exemplars of the two.
    """
    random = np.random.default_rng(5)
    pairs = [random.choice(len(species), 2, replace=False) for _ in range(QUICK_PAIRS if quick else PAIRS)]
    pixels = manifold.card["pixels_per_cell"]
    ordered = 0
    for number, (a, b) in enumerate(pairs):
        if number % 10 == 0:
            say(f"blending pair {number + 1} of {len(pairs)}")
        genotypes = [blend([species[a].dna, species[b].dna], [1 - share, share]) for share in SHARES]
        grids = ParallelGrowths(manifold, genotypes, BLEND_CELLS, device=device).grow(STEPS)
        signatures = [colour_signature(maps) for maps in grids.paint(pixels)]
        from_a = [patch_distance(one, colours[a]) for one in signatures]
        from_b = [patch_distance(one, colours[b]) for one in signatures]
        ordered += from_a == sorted(from_a) and from_b == sorted(from_b, reverse=True)
    return ordered / len(pairs)


def read_dna(manifold: Manifold, pictures: Sequence[np.ndarray]) -> list[str]:
    """The DNA that the encoder reads from maps (3 or more, height, width), in one pass."""
    seen = torch.stack([reading.see(maps) for maps in pictures])
    return reading.read_pages(manifold.weights, reading.Pages(seen, np.arange(len(seen))))
