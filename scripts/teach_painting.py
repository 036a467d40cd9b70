# SPDX-License-Identifier: GPL-3.0-or-later
"""Teach a model to paint what is finer than cells, while all that grows, and all up to 4 pixels a cell, stays as it is.

    python3 scripts/teach_painting.py models/materials               # say how near it comes
    python3 scripts/teach_painting.py models/materials --write       # and keep it

How it is taught stands in blender_nca/training/fine_painting.py. It takes half an hour of a core; exemplars are
drawn once, and they and the weights are kept in out/painting: a run that was stopped goes on there.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from dataclasses import replace
from pathlib import Path

import virtual_environment
from virtual_environment import REPOSITORY

SAID = 250
"""Iterations after which it says how near it is, and keeps its weights."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, help="folder of the model")
    parser.add_argument("--iterations", type=int, default=5000, help="(5000)")
    parser.add_argument(
        "--further", action="store_true", help="go on from what the model paints now, in place of anew"
    )
    parser.add_argument(
        "--bare",
        nargs="+",
        default=[],
        metavar="NAME",
        help="species that look better without, kept as they are",
    )
    parser.add_argument("--write", action="store_true", help="keep it with the model")
    options = parser.parse_args()
    virtual_environment.enter()

    import numpy as np
    import torch

    from blender_nca.genetics.library import read_library
    from blender_nca.learning import fine_textures
    from blender_nca.manifold import model_file
    from blender_nca.manifold.learned_file import read_units
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.manifold.model_file import ManifoldError
    from blender_nca.training import fine_painting
    from blender_nca.training.evaluation import measure_fine_detail
    from blender_nca.training.materials import trained_on

    try:
        manifold = Manifold.open(options.model)
        manifold = manifold.with_units(read_units(options.model))
        if manifold.card["kind"] != "materials":
            raise ManifoldError(
                f"the species of {options.model} are no materials: nothing finer is drawn of them"
            )
        if options.further and manifold.fine is None:
            raise ManifoldError(
                f"{options.model} paints nothing finer than cells yet: teach it without --further"
            )
    except ManifoldError as error:
        parser.error(str(error))
    species = read_library([options.model.parent]).of(manifold.name)
    trained = trained_on(manifold.card, species)
    names, dnas = [one.name for one in species], [one.dna for one in species]
    if unknown := set(options.bare) - set(names):
        parser.error(f"{options.model} has no species {', '.join(sorted(unknown))}")
    units = sorted(unit.key for unit in manifold.units)
    key = hashlib.sha256(
        f"{manifold.card['sha256']} {units} {names} {options.iterations} {fine_textures.GROUPS}"
        f"{manifold.card.get('fine', {}).get('sha256') if options.further else None}".encode()
    ).hexdigest()[:8]
    kept = REPOSITORY / "out" / "painting" / key
    kept.mkdir(parents=True, exist_ok=True)
    if not (kept / "exemplars.npy").exists():
        print(f"drawing {len(names)} exemplars", flush=True)
        np.save(kept / "exemplars.npy", fine_painting.draw_exemplars(names).numpy())
    exemplars = torch.from_numpy(np.load(kept / "exemplars.npy"))
    print(f"growing {len(names)} species", flush=True)
    states = fine_painting.grow_states(manifold, dnas)
    begin_as = manifold.fine if options.further else None
    lesson = fine_painting.FineLesson(
        manifold, dnas, exemplars, states, options.iterations, begin_as=begin_as
    )
    if (kept / "lesson.pt").exists():
        lesson.load_state_dict(torch.load(kept / "lesson.pt", weights_only=True))

    def share() -> np.ndarray:
        """Distances of the finest structure, over those of the first painter's."""
        before, now = lesson.judge()
        return now / before

    def say_share() -> str:
        of = share()
        return (
            f"of the first painter's distance, in states that it was not shown: median {np.median(of):.3f}, "
            f"worst {np.max(of):.3f} ({names[int(np.argmax(of))]})"
        )

    began, told = time.process_time(), []
    while lesson.iteration < options.iterations:
        told.append(lesson.learn())
        if lesson.iteration % SAID == 0 or lesson.iteration == options.iterations:
            distance, changed = np.mean(told, 0)
            print(
                f"{lesson.iteration} of {options.iterations}, {(time.process_time() - began) / 60:.1f} minutes: "
                f"distance {distance:.4f}, changed {changed:.5f}; {say_share()}",
                flush=True,
            )
            torch.save(lesson.state_dict(), kept / "lesson.pt")
            told = []
    if options.write:
        before = manifold.card["fine"]["iterations"] if begin_as else 0
        about = {"iterations": before + options.iterations, "share": round(float(np.median(share())), 3)}
        about["learned"] = [one.dna for one in species if one not in trained]
        taught = replace(manifold, card={**manifold.card, "fine": about}, fine=lesson.weights)
        _, each = measure_fine_detail(taught, species, say=lambda text: print(text, flush=True))
        # of these the growth is nearer to what it should be without
        about["bare"] = [
            one.dna for one in species if each[one.name]["share"] > 1 or one.name in options.bare
        ]
        model_file.write_fine(options.model, lesson.weights, about)
        print(f"{options.model} paints by {model_file.FINE} beyond 4 pixels a cell from now on")


if __name__ == "__main__":
    main()
