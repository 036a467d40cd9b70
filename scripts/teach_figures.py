# SPDX-License-Identifier: GPL-3.0-or-later
"""Teach figures to a manifold one by one, each a rule and a painter of its own, while all else of it stays as it is.

    python3 scripts/teach_figures.py out/emoji/base --part 1/2      # in two processes
    python3 scripts/teach_figures.py out/emoji/base --part 2/2
    python3 scripts/teach_figures.py out/emoji/base --write models/emoji

How they are taught stands in blender_nca/learning/figure_learner.py. Figures of the atlas follow one another in its
order, without those that are held out. What each learned is kept in `lessons`, in the folder of the manifold: a run
that was stopped goes on there. --write makes a model whose species are those that are done.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import virtual_environment
from virtual_environment import REPOSITORY

ATLAS = REPOSITORY / "models" / "emoji" / "atlas.png"
LICENCE = "GPL-3.0-or-later; the picture is of Noto Emoji, OFL-1.1"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, help="folder of the manifold")
    parser.add_argument("--atlas", type=Path, default=ATLAS, help="pictures (models/emoji/atlas.png)")
    parser.add_argument("--iterations", type=int, default=1200, help="of each lesson (1200)")
    parser.add_argument("--figures", type=int, help="no more than the first so many")
    parser.add_argument(
        "--part", default="1/1", metavar="I/N", help="every Nth figure, from the Ith on (1/1)"
    )
    parser.add_argument("--write", type=Path, help="folder to write a model to, instead of teaching")
    options = parser.parse_args()
    virtual_environment.enter()

    from blender_nca.engine.devices import arrange_threads

    arrange_threads()  # before torch is loaded: threads that wait must not hold a core

    from blender_nca.manifold.model_file import ManifoldError

    try:
        if options.write:
            write(options)
        else:
            part, parts = (int(number) for number in options.part.split("/"))
            teach(options, part, parts)
    except (OSError, ValueError, ManifoldError) as error:
        parser.error(str(error))


def teach(options: argparse.Namespace, part: int, parts: int) -> None:
    """Teach each figure of a part that is not taught yet."""
    import itertools

    import numpy as np
    import torch

    from blender_nca.genetics.relaxed import nearest_dna
    from blender_nca.genetics.species import Species
    from blender_nca.genetics.version import version_of
    from blender_nca.learning.figure import show
    from blender_nca.learning.figure_learner import FigureJudge, FigureLearner
    from blender_nca.learning.own_dna import silence
    from blender_nca.learning.picture import Exemplar
    from blender_nca.manifold import encoder, learned_file
    from blender_nca.manifold.learned_file import LearnedSpecies
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.manifold.model_file import WEIGHTS
    from blender_nca.training.exemplars.emoji import family_of, is_held_out, read_atlas

    manifold = Manifold.open(options.model)
    version = version_of(options.model / WEIGHTS, manifold.card)
    characters, names, drawn = read_atlas(options.atlas)
    trained = [i for i, character in enumerate(characters) if not is_held_out(character)]
    weights = {name: torch.from_numpy(value) for name, value in manifold.weights.items()}
    with torch.inference_mode():
        shown = show(torch.from_numpy(drawn[trained]))
        dnas = [nearest_dna(letters) for letters in encoder.encode(weights, shown).numpy()]
    kept = options.model / "lessons"
    kept.mkdir(exist_ok=True)
    for k in range(part - 1, min(len(trained), options.figures or len(trained)), parts):
        character, name = characters[trained[k]], names[trained[k]]
        path = kept / f"{k:04}.safetensors"
        if path.exists():
            continue
        if dnas[k] in dnas[:k]:
            print(f"{name} is read as {names[trained[dnas.index(dnas[k])]]}: it is left out", flush=True)
            continue
        began = time.process_time()
        exemplar = Exemplar(np.rint(drawn[trained[k]] * 255).astype(np.uint8), False, 1.0)
        judge = FigureJudge(exemplar, manifold)
        clock = itertools.count().__next__  # a second an iteration: a lesson is the same on every machine
        silent_below = silence(dnas[k], dnas)
        learner = FigureLearner(judge, dnas[k], silent_below, dnas[k], options.iterations, clock=clock)
        while not learner.done:
            learner.learn()
        learner.look()
        seconds, unit = time.process_time() - began, learner.unit
        taught = FigureJudge(exemplar, manifold.with_units((unit,)))
        likeness = taught.compare(taught.grow_dna(dnas[k]))
        error = (
            likeness.judged * judge.target[0, 0].numel() / drawn[0, 0].size
        )  # over the picture's own square
        tags = ("emoji", family_of(character), f"U+{ord(character):04X}")
        learned = LearnedSpecies(
            Species(name[:1].upper() + name[1:], dnas[k], manifold.name, tags, "Neural Growth"),
            unit,
            version,
            judge.picture,
            LICENCE,
            {"seconds": round(seconds, 1), "iterations": options.iterations, "error": round(error, 5)},
        )
        learned_file.write(path, learned)
        print(f"{name}: squared error {error:.4f} after {seconds:.1f} s", flush=True)


def write(options: argparse.Namespace) -> None:
    """Write a model of all that are taught."""
    from statistics import fmean

    from blender_nca.manifold import learned_file
    from blender_nca.training.publication import publish_figures

    found = [learned_file.read(path) for path in sorted((options.model / "lessons").glob("*.safetensors"))]
    found = found[: options.figures]
    if not found:
        raise ValueError(f"{options.model} has no lessons: teach some first")
    publish_figures(options.model, options.write, found)
    errors = [one.learned["error"] for one in found]
    print(
        f"{options.write}: {len(found)} figures, squared error {fmean(errors):.4f}, at worst {max(errors):.4f}"
    )


if __name__ == "__main__":
    main()
