# SPDX-License-Identifier: GPL-3.0-or-later
"""How well pictures are read: whether a species is told from its picture, and a family from any picture of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ...genetics.species import Species
from ...manifold.manifold import Manifold
from .. import reading
from ..exemplars import find_variety
from .material_scores import UNSEEN

QUICK_PICTURES = 2
"""Of each family."""


def measure_readings(
    manifold: Manifold,
    species: Sequence[Species],
    trained: int,
    known: Mapping[str, np.ndarray],
    quick: bool = False,
    say: Callable[[str], None] = lambda text: None,
) -> tuple[dict, dict]:
    """Read pictures that no lesson has shown, as an artist's are read.

    Parameters
    ----------
    manifold : Manifold
    species : sequence of Species
        Named as in `VARIETIES`.
    trained : int
        How many of them, the first ones, the manifold was trained on; the others were learned since.
    known : mapping of str to ndarray, shape (dna_length, 4)
        What its encoder reads from the pictures of the species, by DNA: see `manifold.recognition`.
    quick : bool
        A few pictures only.
    say : callable
        Told of the progress.

    Returns
    -------
    dict
        Figures: `own`, share of unseen samples that are read letter for letter as the species that they show, and
        `family`, share of pictures from anywhere in the families that are read as nearest to a species of theirs;
        `own_trained`, `family_trained`, `own_learned` and `family_learned`, the same of the species, and of the
        families, that the manifold was trained on, and of the others.
    dict
        Family -> share of its pictures that are read as of it.
    """
    names, dnas = [one.name for one in species], [one.dna for one in species]
    families = np.array([find_variety(name)[0] for name in names])
    learned = frozenset(one.dna for one in species if one.learned)
    say(f"reading unseen samples of {len(names)} species")
    samples = reading.draw_species(names, [UNSEEN])
    own = np.array(reading.read_pages(manifold.weights, samples, known, learned)) == np.array(dnas)

    seeds = reading.UNSEEN[:QUICK_PICTURES] if quick else reading.UNSEEN
    pages = reading.draw_pages(names, seeds, say=say)
    read = reading.read_pages(manifold.weights, pages, known, learned)
    shown = families[pages.species]
    right = shown == families[reading.nearest_species(read, dnas)]
    of_trained = np.isin(shown, families[:trained])

    def share(these: np.ndarray) -> float:
        return float(these.mean()) if len(these) else 1.0

    figures = {
        "own": share(own),
        "own_trained": share(own[:trained]),
        "own_learned": share(own[trained:]),
        "family": share(right),
        "family_trained": share(right[of_trained]),
        "family_learned": share(right[~of_trained]),
    }
    return figures, {str(family): {"right": share(right[shown == family])} for family in np.unique(shown)}
