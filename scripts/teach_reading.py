# SPDX-License-Identifier: GPL-3.0-or-later
"""Teach a model's encoder to read pictures from anywhere in its families, while all that grows stays as it is; and note
what it reads from samples of all species, by which those that were learned since are recognised.

    python3 scripts/teach_reading.py models/materials               # say how well it reads, and would
    python3 scripts/teach_reading.py models/materials --write       # and keep what reads better

How it is taught stands in blender_nca/training/reading.py. It takes twenty minutes of a core; the pictures, half
an hour more, are drawn once and kept in out/reading: a run that was stopped goes on there.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import virtual_environment
from virtual_environment import REPOSITORY

if TYPE_CHECKING:
    import numpy as np

CHUNK = 10
"""Seeds whose pictures are kept together."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, help="folder of the model")
    parser.add_argument("--pictures", type=int, default=160, help="of each family, beside its species (160)")
    parser.add_argument("--iterations", type=int, default=3000, help="(3000)")
    parser.add_argument("--write", action="store_true", help="keep what reads better")
    options = parser.parse_args()
    virtual_environment.enter()

    import numpy as np
    import torch

    from blender_nca.genetics.library import read_library
    from blender_nca.manifold import model_file
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.manifold.model_file import ManifoldError
    from blender_nca.manifold.recognition import READINGS, write_readings
    from blender_nca.training import reading

    try:
        manifold = Manifold.open(options.model)
        if manifold.card["kind"] != "materials":
            raise ManifoldError(f"the species of {options.model} are no materials: they have no families")
    except ManifoldError as error:
        parser.error(str(error))
    species = read_library([options.model.parent]).of(manifold.name)  # those that were learned since, too
    names, dnas = [one.name for one in species], [one.dna for one in species]
    learned = {one.dna for one in species if one.learned}
    # numbers of species are those of these names alone
    kept = REPOSITORY / "out" / "reading" / hashlib.sha256(" ".join(names).encode()).hexdigest()[:8]
    kept.mkdir(parents=True, exist_ok=True)

    def keep(name: str, draw: Callable[[], reading.Pages]) -> reading.Pages:
        """What was drawn once, else what is drawn now."""
        path = kept / f"{name}.npz"
        if not path.exists():
            pages = draw()
            np.savez_compressed(path, pictures=pages.pictures.numpy(), species=pages.species)
        with np.load(path) as held:
            return reading.Pages(torch.from_numpy(held["pictures"]), held["species"])

    def draw(seeds: range) -> reading.Pages:
        """Pictures of these seeds."""
        say = partial(print, flush=True)
        return keep(str(seeds.start), lambda: reading.draw_pages(names, seeds, say=say))

    further = reading.join([draw(range(i, i + CHUNK)) for i in range(0, options.pictures, CHUNK)])
    unseen = draw(reading.UNSEEN)
    print(f"drawing {len(reading.SISTERS) + 1} samples of {len(names)} species", flush=True)
    known = keep("species", lambda: reading.draw_species(names, reading.SISTERS))
    sisters = keep("sisters", lambda: reading.draw_species(names, [reading.LAST]))

    def readings_by(weights: Mapping) -> dict[str, np.ndarray]:
        """What an encoder reads from the samples of each species, in the mean: by DNA."""
        logits = reading.read_logits(weights, known)
        return {dna: logits[known.species == i].mean(0) for i, dna in enumerate(dnas)}

    def judge(weights: Mapping) -> tuple[float, float]:
        """Share of unseen pictures that are read as of their family, and letters of sisters that are off."""
        by = readings_by(weights), learned
        found, of_sisters = (reading.read_pages(weights, pages, *by) for pages in (unseen, sisters))
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
    if after[0] > before[0] and after[1] <= before[1]:
        about = {
            "species": len(names),
            "pictures": len(further.species),
            "iterations": options.iterations,
            "families": round(after[0], 3),
        }
        model_file.write_encoder(options.model, reader.weights, about)
        print(f"{options.model} reads by {model_file.ENCODER} from now on")
    else:
        print("it reads no better: the encoder stays")
    weights = Manifold.open(options.model).weights
    write_readings(options.model, weights, readings_by(weights))
    print(f"{options.model}/{READINGS} says what it reads from samples of {len(names)} species")


if __name__ == "__main__":
    main()
