# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure a bundled model: how near its grown species are to the exemplars that they were learned from.

    python3 scripts/evaluate.py
    python3 scripts/evaluate.py --model starter --json

R is the colour distance, S the structure score; see blender_nca/training/evaluation.py for what they mean. Both are
measured on a grid that training never used, after 300 steps from one cell; smaller is better.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from statistics import median

import virtual_environment
from virtual_environment import REPOSITORY


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="starter", help="name of a bundled model (starter)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    virtual_environment.enter()

    from blender_nca.genetics import read_library
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.training.evaluation import measure

    manifold = Manifold.open(REPOSITORY / "models" / options.model)
    species = read_library([REPOSITORY / "models"]).of(options.model)
    found = measure(manifold, species)
    summary = {
        "species": len(species),
        "colour_median": median(q.colour for q in found),
        "colour_worst": max(q.colour for q in found),
        "structure_median": median(q.structure for q in found),
        "structure_worst": max(q.structure for q in found),
        "nearest_own": sum(q.nearest_own for q in found) / len(found),
        "shuffled_ratio": median(q.shuffled for q in found),
        "seam_worst": max(q.seam for q in found),
    }
    if options.json:
        each = {one.name: asdict(quality) for one, quality in zip(species, found, strict=True)}
        print(json.dumps({"summary": summary, "species": each}, indent=2))
        return
    print(f"{'':12}{'R':>9}{'S':>9}{'own nearest':>13}{'shuffled':>10}{'seam':>7}")
    for one, quality in zip(species, found, strict=True):
        nearest = "yes" if quality.nearest_own else "no"
        print(
            f"{one.name:12}{quality.colour:9.4f}{quality.structure:9.2f}{nearest:>13}"
            f"{quality.shuffled:10.0f}{quality.seam:7.2f}"
        )
    print("\n" + "\n".join(f"{key:18}{value:8.4g}" for key, value in summary.items()))


if __name__ == "__main__":
    main()
