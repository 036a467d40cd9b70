# SPDX-License-Identifier: GPL-3.0-or-later
"""How good the learned species are that come with a model, measured as those that it was trained on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, MutableMapping, Sequence
from statistics import median
from types import MappingProxyType

from ...genetics.relaxed import relax
from ...genetics.species import Species
from ...manifold.manifold import Manifold
from .ages import Measures, measure_ages
from .material_scores import MaterialScores
from .seams import GROWTHS, QUICK_GROWTHS, measure_seams


def measure_learned(
    manifold: Manifold,
    trained: Sequence[Species],
    learned: Sequence[Species],
    quick: bool = False,
    device: str = "cpu",
    say: Callable[[str], None] = lambda text: None,
    kept: MutableMapping[str, Measures] | None = None,
    again: Collection[str] = (),
    known: Mapping[str, dict] = MappingProxyType({}),
) -> tuple[dict, dict]:
    """Measure learned species against the exemplars of their names.

    Parameters
    ----------
    manifold : Manifold
        With their units.
    trained, learned : sequence of Species
        Named as in `VARIETIES`: those that the model was trained on, whose exemplars say how far another one is, and
        those that are measured.
    quick : bool
        One growth of each only.
    device : str
        Where grids grow; they are measured on the processor.
    say : callable
        Told of the progress.
    kept : mapping, optional
        As of `measure_ages`.
    again, known
        As of `measure_materials`.

    Returns
    -------
    dict
        Figures: those of `measure_materials` that do not ask for the encoder or for blends, and `loudness`, by how much
        the unit of any of them speaks for another species, at worst.
    dict
        Species name -> what was measured of it.

    Raises
    ------
    ValueError
        Where a species has no exemplar.
    """
    species, measured = [*trained, *learned], [one for one in learned if not again or one.name in again]
    numbers, dnas = [species.index(one) for one in measured], [one.dna for one in measured]
    say(f"drawing {len(species)} exemplars")
    scores = MaterialScores([one.name for one in species], numbers)
    ages = measure_ages(manifold, scores, dnas, quick, device, say, kept)
    say("looking for seams")
    seams, elsewhere = measure_seams(manifold, dnas, QUICK_GROWTHS if quick else GROWTHS, device)
    found: dict[str, dict] = {
        one.name: {
            "family": scores.families[i],
            **ages.each[k],
            "nearest_own": ages.nearest[k] == {i},
            "seam": seams[k],
            "seam_elsewhere": elsewhere[k],
        }
        for k, (i, one) in enumerate(zip(numbers, measured, strict=True))
    }
    each = {one.name: found.get(one.name) or dict(known[one.name]) for one in learned}

    def of(key: str) -> list[float]:
        return [one[key] for one in each.values()]

    figures = {
        "species": len(learned),
        "families": len(set(scores.families) - set(scores.families[: len(trained)])),
        "structure_median": median(of("structure")),
        "structure_worst": max(of("structure")),
        "colour_worst": max(of("colour")),
        "nearest_own": sum(of("nearest_own")) / len(each),
        "persistence_worst": max(of("persistence")),
        "persistence_last_worst": max(of("persistence_last")),
        "healing_worst": max(of("healing")),
        "resown_worst": max(of("resown")),
        "seam_worst": max(of("seam")),
        "seam_elsewhere_worst": max(of("seam_elsewhere")),
        "loudness": max(
            unit.loudness(relax(one.dna))
            for unit in manifold.units
            for one in species
            if unit.key not in one.learned
        ),
    }
    return figures, each
