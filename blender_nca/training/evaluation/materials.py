# SPDX-License-Identifier: GPL-3.0-or-later
"""How good the materials of a manifold are, grown from one cell on a grid that training never used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

import numpy as np
import torch

from ...genetics import Species, blend, nearest_dna
from ...manifold import encoder
from ...manifold.manifold import Manifold
from ..exemplars import VARIETIES, draw_exemplar, sister_parameters
from ..lines import Lines
from .field import Field
from .machines import compare_machines
from .patches import (
    colour_signature,
    patch_distance,
    rank_gaussian,
    scramble_phases,
    structure_scale,
    structure_signature,
)
from .seams import measure_seams

CELLS, BLEND_CELLS = (96, 160), (64, 64)
STEPS, LATE_STEPS, HEALING_STEPS = 300, 2000, 150
WOUND, SHARES = 0.3, (0.25, 0.5, 0.75)
OTHER_SEED = 12
"""Another growth: how much it differs from the first is what chance does to the figures of persistence and healing."""
UNSEEN = 77
"""Number of the sister sample that training never drew."""
QUICK_SPECIES, PAIRS, QUICK_PAIRS = 8, 100, 12
SEAMS, QUICK_SEAMS = 48, 4
"""Growths that a seam is measured on."""
DIFFERENT = 0.01
"""Share of the pixels from which on a species counts as another one on another machine."""

Say = Callable[[str], None]


def measure_materials(
    manifold: Manifold,
    species: Sequence[Species],
    quick: bool = False,
    device: str = "cpu",
    say: Say = lambda text: None,
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

    Returns
    -------
    dict
        Figures: see the table in the project's documentation of them.
    dict
        Species name -> what was measured of it.
    """
    family_of = {name: family for family, makes in VARIETIES.items() for name in makes}
    unknown = [one.name for one in species if one.name not in family_of]
    if unknown:
        raise ValueError(f"{manifold.name} has species without exemplars: {', '.join(unknown)}")
    chosen = list(range(0, len(species), max(1, len(species) // QUICK_SPECIES) if quick else 1))
    pixels = manifold.card["pixels_per_cell"]

    say(f"drawing {len(species)} exemplars")
    exemplars = [draw_variety(family_of[one.name], one.name) for one in species]
    colours = [colour_signature(maps) for maps in exemplars]
    between = np.array([[patch_distance(one, other) for other in colours] for one in colours])
    scale = float(np.median(between[~np.eye(len(between), dtype=bool)]))

    dnas = [species[i].dna for i in chosen]
    say(f"growing {len(chosen)} species for {STEPS} steps, twice")
    resown = list(Field(manifold, dnas, CELLS, OTHER_SEED, device).grow(STEPS).paint(pixels))
    field = Field(manifold, dnas, CELLS, device=device)
    grown = list(field.grow(STEPS).paint(pixels))
    kept = field.state.clone()
    say(f"wounding them, and {HEALING_STEPS} steps more")
    healed = list(field.wound(WOUND).grow(HEALING_STEPS).paint(pixels))
    field.state, field.steps = kept, STEPS
    say(f"growing them on to {LATE_STEPS} steps")
    late = list(field.grow(LATE_STEPS - STEPS).paint(pixels))

    sisters = [draw_variety(family_of[species[i].name], species[i].name, UNSEEN) for i in chosen]
    read = read_dna(manifold, sisters)
    say("growing what the encoder read from unseen sisters")
    of_sisters = list(Field(manifold, read, CELLS, device=device).grow(STEPS).paint(pixels))

    say("looking for seams")
    seams, elsewhere = measure_seams(manifold, dnas, QUICK_SEAMS if quick else SEAMS, device)
    say("comparing machines")
    machines = compare_machines(manifold, dnas)

    each: dict[str, dict] = {}
    signatures = []
    for k, i in enumerate(chosen):
        say(f"measuring {species[i].name}, {k + 1} of {len(chosen)}")
        unit = structure_scale(exemplars[i], sisters[k])
        wanted = structure_signature(exemplars[i])
        pictures = grown[k], healed[k], late[k], resown[k]
        colour = [colour_signature(maps) for maps in pictures]
        signatures.append(colour[0])
        r, r_healed, r_late, r_resown = (patch_distance(one, colours[i]) / scale for one in colour)
        s, s_healed, s_late, s_resown = (
            patch_distance(structure_signature(maps), wanted) / unit for maps in pictures
        )
        to_sister = patch_distance(structure_signature(of_sisters[k]), structure_signature(sisters[k])) / unit
        distances = [patch_distance(colour[0], other) for other in colours]
        each[species[i].name] = {
            "family": family_of[species[i].name],
            "colour": r,
            "structure": s,
            "lines": score_lines(grown[k], exemplars[i], sisters[k]),
            "nearest_own": int(np.argmin(distances)) == i,
            "nearest": species[int(np.argmin(distances))].name,
            "persistence": max(r_late / r, s_late / s),
            "healing": max(r_healed / r, s_healed / s),
            "resown": max(r_resown / r, s_resown / s),
            "sister_structure": to_sister,
            "sister_letters_off": sum(a != b for a, b in zip(read[k], species[i].dna, strict=True)),
            "seam": seams[k],
            "seam_elsewhere": elsewhere[k],
            "machines": machines[k],
        }
    for k, i in enumerate(chosen):
        others = [patch_distance(one, colours[i]) for m, one in enumerate(signatures) if m != k]
        each[species[i].name]["shuffled"] = float(np.median(others)) / (
            each[species[i].name]["colour"] * scale
        )

    monotonic = measure_blends(manifold, species, colours, quick, device, say)

    def of(key):
        return [one[key] for one in each.values()]

    figures = {
        "species": len(species),
        "families": len({family_of[one.name] for one in species}),
        "structure_median": median(of("structure")),
        "structure_worst": max(of("structure")),
        "colour_median": median(of("colour")),
        "colour_worst": max(of("colour")),
        "nearest_own": sum(of("nearest_own")) / len(each),
        "persistence_worst": max(of("persistence")),
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


def measure_blends(manifold, species, colours, quick, device="cpu", say: Say = lambda text: None) -> float:
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
        field = Field(manifold, genotypes, BLEND_CELLS, device=device).grow(STEPS)
        signatures = [colour_signature(maps) for maps in field.paint(pixels)]
        from_a = [patch_distance(one, colours[a]) for one in signatures]
        from_b = [patch_distance(one, colours[b]) for one in signatures]
        ordered += from_a == sorted(from_a) and from_b == sorted(from_b, reverse=True)
    return ordered / len(pairs)


def score_lines(grown: np.ndarray, exemplar: np.ndarray, sister: np.ndarray) -> float:
    """How far lines run, where patches hardly tell a crack from a row of dots.

    In units of what second-order statistics alone would leave, or a sister, whichever is the more. The goals know
    nothing of it.
    """
    wanted = rank_gaussian(exemplar)
    lines = Lines(torch.from_numpy(wanted)[None])
    found, *units = (
        float(lines.of_others(torch.from_numpy(one)[None]))
        for one in (rank_gaussian(grown), scramble_phases(wanted), rank_gaussian(sister))
    )
    return found / max(units)


def read_dna(manifold: Manifold, pictures: Sequence[np.ndarray]) -> list[str]:
    """The DNA that the encoder reads from maps (3 or more, height, width), in one pass."""
    weights = {name: torch.from_numpy(value) for name, value in manifold.weights.items()}
    shown = torch.from_numpy(np.stack([maps[:3] for maps in pictures]))
    with torch.inference_mode():
        logits = encoder.encode(weights, encoder.resize(shown)).numpy()
    return [nearest_dna(each) for each in logits]


def draw_variety(family: str, name: str, sister: int = 0) -> np.ndarray:
    """The exemplar of a variety, or a sister of it."""
    make = VARIETIES[family][name]
    if sister:
        make = sister_parameters(family, np.random.default_rng([sister, *name.encode()]), **make)
    return draw_exemplar(family, sister, **make)
