# SPDX-License-Identifier: GPL-3.0-or-later
"""Teach a model's encoder to read pictures from anywhere in its families, while all that grows stays as it is.

    python3 scripts/teach_reading.py models/materials               # say how well it reads, and would
    python3 scripts/teach_reading.py models/materials --write       # and keep what reads better

How it is taught stands in blender_nca/training/reading.py. It takes ten minutes of a core; the pictures, a quarter of
an hour more, are drawn once and kept in out/reading: a run that was stopped goes on there.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import virtual_environment
from virtual_environment import REPOSITORY

CHUNK = 10
"""Seeds whose pictures are kept together."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, help="folder of the model")
    parser.add_argument("--pictures", type=int, default=80, help="of each family, beside its species (80)")
    parser.add_argument("--iterations", type=int, default=1200, help="(1200)")
    parser.add_argument("--write", action="store_true", help="keep what reads better")
    options = parser.parse_args()
    virtual_environment.enter()

    import numpy as np
    import torch

    from blender_nca.genetics.library import read_library
    from blender_nca.manifold import model_file
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.manifold.model_file import ManifoldError
    from blender_nca.training import reading
    from blender_nca.training.materials import trained_on

    try:
        manifold = Manifold.open(options.model)
        if manifold.card["kind"] != "materials":
            raise ManifoldError(f"the species of {options.model} are no materials: they have no families")
    except ManifoldError as error:
        parser.error(str(error))
    species = trained_on(manifold.card, read_library([options.model.parent]).of(manifold.name))
    names, dnas = [one.name for one in species], [one.dna for one in species]
    # numbers of species are those of these names alone
    kept = REPOSITORY / "out" / "reading" / hashlib.sha256(" ".join(names).encode()).hexdigest()[:8]
    kept.mkdir(parents=True, exist_ok=True)

    def draw(seeds: range) -> reading.Pages:
        """Pictures of these seeds: kept ones, where there are."""
        path = kept / f"{seeds.start}.npz"
        if not path.exists():
            pages = reading.draw_pages(names, seeds, say=lambda text: print(text, flush=True))
            np.savez_compressed(path, pictures=pages.pictures.numpy(), species=pages.species)
        with np.load(path) as held:
            return reading.Pages(torch.from_numpy(held["pictures"]), held["species"])

    further = reading.join([draw(range(i, i + CHUNK)) for i in range(0, options.pictures, CHUNK)])
    unseen = draw(reading.UNSEEN)
    known, sisters = reading.draw_species(names, reading.SISTERS), reading.draw_species(names, [reading.LAST])

    def judge(weights: dict) -> tuple[float, float]:
        """Share of unseen pictures that are read as of their family, and letters of sisters that are off."""
        found = reading.read_pages(weights, unseen)
        of_sisters = reading.read_pages(weights, sisters)
        share = reading.share_of_family(found, unseen, dnas, names)
        off = [sum(a != b for a, b in zip(dnas[i], dna, strict=True)) for i, dna in enumerate(of_sisters)]
        print(f"families {share:.3f}, letters of unseen sisters that are off {np.mean(off):.2f}", flush=True)
        return share, float(np.mean(off))

    before = judge(manifold.weights)
    reader = reading.Reader(manifold.weights, dnas, known, further, options.iterations)
    while reader.iteration < options.iterations:
        error = reader.learn()
        if reader.iteration % 250 == 0:
            print(f"{reader.iteration} of {options.iterations}, error {error:.3f}: ", end="")
            judge(reader.weights)
    print("at the end: ", end="")
    after = judge(reader.weights)
    if not options.write:
        return
    if after[0] <= before[0] or after[1] > before[1]:
        print("it reads no better: nothing is written")
        return
    about = {
        "pictures": len(further.species),
        "iterations": options.iterations,
        "families": round(after[0], 3),
    }
    model_file.write_encoder(options.model, reader.weights, about)
    print(f"{options.model} reads by {model_file.ENCODER} from now on")


if __name__ == "__main__":
    main()
