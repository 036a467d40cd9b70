# SPDX-License-Identifier: GPL-3.0-or-later
"""Breed the species of a model of materials: of the DNA around each, keep what grows and lasts best.

    python3 scripts/breed.py models/materials
    python3 scripts/breed.py models/materials --minutes 60
    python3 scripts/breed.py models/materials --species Zebra Coral

What is tried and how it is judged stands in blender_nca/training/selection.py. It takes some minutes a species.
Each is written as soon as it is chosen, with its picture, and noted on the model's card: a run that was stopped
goes on with those that are left.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

import virtual_environment


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, help="folder of the model")
    parser.add_argument("--species", nargs="+", metavar="NAME", help="these alone, even if bred before (all)")
    parser.add_argument(
        "--minutes", type=float, default=float("inf"), help="begin none after so many minutes"
    )
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="species at a time (all cores)")
    options = parser.parse_args()
    virtual_environment.enter()

    from blender_nca.genetics import read_library
    from blender_nca.kernels.threads import THREADS
    from blender_nca.manifold.backend import open_automaton
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.manifold.model_file import ManifoldError
    from blender_nca.training.evaluation.material_scores import MaterialScores
    from blender_nca.training.publication import note_bred, write_with_portrait

    until = time.time() + options.minutes * 60
    try:
        manifold = Manifold.open(options.model)
        if manifold.card["kind"] != "materials":
            raise ManifoldError(
                f"the species of {options.model} are no materials: selection has no eye for figures"
            )
        species = read_library([options.model.parent]).by_dna_alone(manifold.name)
        names = [one.name for one in species]
        if unknown := sorted({*(options.species or ())} - {*names}):
            parser.error(f"{options.model} has no species {', '.join(unknown)}")
        wanted = options.species or [name for name in names if name not in manifold.card.get("bred", ())]
        print(f"drawing the exemplars of {len(names)} species", flush=True)
        scores = MaterialScores(names, range(len(names)))
    except (ManifoldError, ValueError) as error:
        parser.exit(2, f"breed: {error}\n")

    automaton = open_automaton(manifold, "cpu")
    # one of each kind a process; torch's own setting would not reach the threads that patches are ranked by
    os.environ[THREADS] = os.environ["OMP_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(
        max(1, options.processes),
        multiprocessing.get_context("spawn"),  # torch's threads do not outlive a fork
        initializer=_open_selection,
        initargs=(options.model, scores),
    ) as pool:
        running = {
            pool.submit(_choose, number, one.dna, until): one
            for number, one in enumerate(species)
            if one.name in wanted
        }
        for chosen in as_completed(running):
            if (choice := chosen.result()) is None:  # too late
                continue
            parent = running[chosen]
            write_with_portrait(options.model, replace(parent, dna=choice.dna), automaton, manifold.card)
            note_bred(options.model, parent, choice)
            verdict = "keeps its DNA" if choice.dna == parent.dna else f"{parent.dna} -> {choice.dna}"
            print(
                f"{parent.name}: {verdict}, falls short by {choice.own_shortfall:.3f} -> {choice.shortfall:.3f}",
                flush=True,
            )


def _open_selection(model: Path, scores) -> None:
    """Prepare a process."""
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.training.selection import Selection

    global _selection
    _selection = Selection(Manifold.open(model), scores)


def _choose(number: int, dna: str, until: float):
    return _selection.choose(number, dna) if time.time() < until else None


if __name__ == "__main__":
    main()
