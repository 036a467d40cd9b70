# SPDX-License-Identifier: GPL-3.0-or-later
"""How good the materials of a manifold are, grown from one cell on a grid that training never used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from statistics import median
from typing import Any

import numpy as np
import torch

from ...genetics.relaxed import blend
from ...genetics.species import Species
from ...learning.patches import colour_signature, patch_distance
from ...manifold import encoder
from ...manifold.manifold import Manifold
from ...manifold.own_unit import OwnUnit
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
    units: tuple[OwnUnit, ...] = (),
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
    units : tuple of OwnUnit
        Of species that were taught further.

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
    say(f"drawing {len(species)} exemplars")
    scores = MaterialScores([one.name for one in species], chosen)
    each = measure_each(manifold, species, scores, quick, device, say, kept, units)
    pages = reading.draw_pages(
        [one.name for one in species], reading.UNSEEN[:4] if quick else reading.UNSEEN, say=say
    )
    readings = reading.read_pages(manifold.weights, pages)
    taught = manifold.with_units(units)
    figures = {
        "species": len(species),
        "families": len(set(scores.families)),
        **figures_of(each),
        "blends_monotonic": measure_blends(taught, species, scores.colours, quick, device, say),
        "read_family": reading.share_of_family(
            readings, pages, [one.dna for one in species], [one.name for one in species]
        ),
    }
    return figures, each


def measure_each(
    manifold: Manifold,
    species: Sequence[Species],
    scores: MaterialScores,
    quick: bool = False,
    device: str = "cpu",
    say: Say = lambda text: None,
    kept: MutableMapping[str, Measures] | None = None,
    units: tuple[OwnUnit, ...] = (),
) -> dict[str, dict]:
    """Measure those of the species of a manifold that the scores are of; see `measure_materials`."""
    dnas, pixels = [species[i].dna for i in scores.numbers], manifold.card["pixels_per_cell"]
    taught = manifold.with_units(units)
    aged = measure_ages(taught, scores, dnas, quick, device, say, kept)

    read = read_dna(manifold, scores.sisters)
    say("growing what the encoder read from unseen sisters")
    of_sisters = ParallelGrowths(manifold, read, CELLS, device=device).grow(STEPS)  # no unit is theirs
    to_sisters = scores.measure_sisters(of_sisters.paint(pixels))

    say("looking for seams")
    at_wrap, elsewhere = seams.measure_seams(
        taught, dnas, seams.QUICK_GROWTHS if quick else seams.GROWTHS, device
    )
    say("comparing machines")
    machines = compare_machines(taught, dnas)

    each: dict[str, dict] = {}
    for k, i in enumerate(scores.numbers):
        nearest, grown = int(np.argmin(aged.colours[k])), aged.colours[:, i]
        each[species[i].name] = {
            "family": scores.families[i],
            **aged.each[k],
            "nearest_own": aged.nearest[k] == {i},
            "nearest": species[nearest].name,
            "sister_structure": to_sisters[k],
            "sister_letters_off": sum(a != b for a, b in zip(read[k], species[i].dna, strict=True)),
            "seam": at_wrap[k],
            "seam_elsewhere": elsewhere[k],
            "machines": machines[k],
            "shuffled": float(np.median(np.delete(grown, k)) / grown[k]),
        }

    return each


def measure_again(
    manifold: Manifold,
    species: Sequence[Species],
    names: Sequence[str],
    device: str = "cpu",
    say: Say = lambda text: None,
    kept: MutableMapping[str, Measures] | None = None,
    units: tuple[OwnUnit, ...] = (),
) -> tuple[dict, dict]:
    """Measure some species alone, and put them in place of what the manifold's card says of them: `measure_materials`
    of the others, of blends and readings stays.

    Raises
    ------
    ValueError
        None of the species has that name, or the card says nothing of the others.
    """
    before = manifold.card.get("quality", {})
    known = [one.name for one in species]
    if not set(known) <= set(before.get("each", {})):
        raise ValueError(
            f"the card of {manifold.name} does not say how all its species are: measure all of them"
        )
    if missing := set(names) - set(known):
        raise ValueError(f"{manifold.name} was not trained on {', '.join(sorted(missing))}: name its species")
    say(f"drawing {len(species)} exemplars")
    scores = MaterialScores(known, [i for i, name in enumerate(known) if name in names])
    each = {name: dict(before["each"][name]) for name in known}
    for name, found in measure_each(manifold, species, scores, False, device, say, kept, units).items():
        # how far the DNA of all others grows from its exemplar is not known of a few
        each[name] |= {key: value for key, value in found.items() if key != "shuffled"}
    figures = {key: said["figure"] for key, said in before["figures"].items()}
    return figures | figures_of(each), each


def figures_of(each: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """What `measure_each` found, as figures of all."""

    def of(key: str) -> list[float]:
        return [one[key] for one in each.values()]

    return {
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
        "shuffled_ratio": median(of("shuffled")),
        "seam_worst": max(of("seam")),
        "seam_elsewhere_worst": max(of("seam_elsewhere")),
        "machines_differ": sum(share > DIFFERENT for share in of("machines")),
        "sister_ratio": median(of("sister_structure")) / median(of("structure")),
    }


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
    shown = torch.from_numpy(np.stack([maps[:3] for maps in pictures]))
    return reading.read_pictures(manifold.weights, encoder.resize(shown))
