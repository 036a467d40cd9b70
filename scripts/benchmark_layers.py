# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark measures of layers: steps of eight that share a grid, and fronts of several that meet."""

from __future__ import annotations

from dataclasses import replace

from benchmark_contest import CHANNELS, HIDDEN, STEPS, Skipped, living_grid, take_turns, void
from virtual_environment import REPOSITORY

LAYERS = 8
CELLS, GROWN = 128, 120
"""A side, of a growth from seeds, and its steps until it is full."""


def measure_layers(side: int, rounds: int) -> dict[str, float]:
    """Steps of layers that cover an eighth of a grid each, and growths of three species, over those of one."""
    import numpy as np

    from blender_nca.automaton import native_step
    from blender_nca.automaton.growth import Genotype, Growth, Seeds
    from blender_nca.automaton.rollout import Rollout
    from blender_nca.genetics import read_library
    from blender_nca.manifold.backend import open_automaton
    from blender_nca.manifold.manifold import Manifold

    if not native_step.suits(CHANNELS, HIDDEN):
        raise Skipped("there are no kernels here")
    state, rule = living_grid(side)
    strips = np.arange(side) * LAYERS // side
    shares = [np.tile((strips == number).astype(np.float32), (side, 1)) for number in range(LAYERS)]
    whole = native_step.grow(state, [rule], [None], 0, 0, 1)
    if not np.abs(native_step.grow(state, [rule] * LAYERS, shares, 0, 0, 1) - whole).max() < 1e-4:
        raise SystemExit("benchmark: equal layers grow something else than one: nothing was timed.")
    models = REPOSITORY / "models"
    manifold = Manifold.open(models / "materials")
    species = read_library([models]).by_dna_alone("materials")[:3]
    places = (0.2, 0.3), (0.8, 0.35), (0.5, 0.85)
    several = Growth(
        "materials",
        tuple(Genotype((one.dna,), border=6) for one in species),
        CELLS,
        CELLS,
        seeds=Seeds("points", points=places, layers=(0, 1, 2)),
        steps=(float(GROWN),),
        meeting="nearest",
    )
    seeds = replace(several.seeds, layers=())
    one = replace(several, genotypes=several.genotypes[:1], seeds=seeds, meeting="mix")
    cells = open_automaton(manifold, "kernels")
    seconds = take_turns(
        {
            "one rule": lambda: void(native_step.grow(state, [rule], [None], 0, 0, STEPS)),
            "layers": lambda: void(native_step.grow(state, [rule] * LAYERS, shares, 0, 0, STEPS)),
            "one species": lambda: void(Rollout(cells).state(one, 1)),
            "fronts": lambda: void(Rollout(cells).state(several, 1)),
        },
        rounds,
    )
    return {
        "layers.covered_ratio": seconds["layers"] / seconds["one rule"],
        "layers.fronts_ratio": seconds["fronts"] / seconds["one species"],
    }
