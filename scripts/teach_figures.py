# SPDX-License-Identifier: GPL-3.0-or-later
"""Teach figures to a manifold one by one, each a rule and a painter of its own, while all else of it stays as it is.

    python3 scripts/teach_figures.py out/emoji/base --part 1/2      # in two processes
    python3 scripts/teach_figures.py out/emoji/base --part 2/2
    python3 scripts/teach_figures.py out/emoji/base --write models/emoji
    python3 scripts/teach_figures.py out/emoji/again --begin models/emoji     # go on, from what it comes with

How they are taught stands in blender_nca/learning/figure_learner.py. Figures of the atlas follow one another in its
order, without those that are held out. What each learned is kept in `lessons`, in the folder of the manifold: a run
that was stopped goes on there. --write makes a model whose species are those that are done.

A lesson that begins with what a model comes with is its last half alone, in which wounds are deep: of 1,200 iterations
600. The folder then holds that model's own manifold.safetensors and card.json. What does not come nearer, as grown,
aged and healed together, stays as it was.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

import virtual_environment
from virtual_environment import REPOSITORY

if TYPE_CHECKING:
    from blender_nca.manifold.learned_file import LearnedSpecies
    from blender_nca.manifold.manifold import Manifold

ATLAS = REPOSITORY / "models" / "emoji" / "atlas.png"
ERRORS = "mse", "late", "healed"
"""Of a figure as it was grown, aged and healed, by their names on a card."""
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
    parser.add_argument(
        "--begin", type=Path, metavar="MODEL", help="go on from the figures that a model comes with"
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
    places = list(range(min(len(trained), options.figures or len(trained))))
    begun, measured = {}, {}
    if options.begin:
        begun = {one.species.tags[-1]: one for one in read_learned(options.begin)}
        for one in begun.values():
            learned_file.check_fit(one, manifold.name, version, manifold.sizes)
        measured = Manifold.open(options.begin).card["quality"]["each"]
        # those that are farthest from their pictures come first
        places = sorted(
            (k for k in places if tag_of(characters[trained[k]]) in begun),
            key=lambda k: -sum_up(measured[begun[tag_of(characters[trained[k]])].species.name]),
        )
    for k in places[part - 1 :: parts]:
        character, name = characters[trained[k]], names[trained[k]]
        tags = ("emoji", family_of(character), tag_of(character))
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
        if before := begun.get(tags[-1]):
            learner.go_on(before.unit)
        while not learner.done:
            learner.learn()
        learner.look()
        seconds, iterations, unit = time.process_time() - began, learner.iteration, learner.unit
        taught = FigureJudge(exemplar, manifold.with_units((unit,)))
        likeness = taught.compare(taught.grow_dna(dnas[k]))
        error = (
            likeness.judged * judge.target[0, 0].numel() / drawn[0, 0].size
        )  # over the picture's own square
        learned = LearnedSpecies(
            Species(name[:1].upper() + name[1:], dnas[k], manifold.name, tags, "Neural Growth"),
            unit,
            version,
            judge.picture,
            LICENCE,
            {"seconds": round(seconds, 1), "iterations": iterations, "error": round(error, 5)},
        )
        print(f"{name}: squared error {error:.4f} after {seconds:.1f} s", flush=True)
        if before:
            learned = choose_nearer(learned, before, manifold, measured, options.atlas)
        learned_file.write(path, learned)


def tag_of(character: str) -> str:
    """The tag that tells of which character a species is."""
    return f"U+{ord(character):04X}"


def sum_up(measured: dict[str, float]) -> float:
    """All errors of a figure in one number."""
    return sum(measured[key] for key in ERRORS)


def read_learned(model: Path) -> list[LearnedSpecies]:
    """The species that a model comes with and that were learned, each with its unit."""
    from blender_nca.genetics.learned import LEARNED_FOLDER
    from blender_nca.manifold import learned_file

    return [learned_file.read(path) for path in (model / LEARNED_FOLDER).glob(f"*{learned_file.SUFFIX}")]


def choose_nearer(
    learned: LearnedSpecies, before: LearnedSpecies, manifold: Manifold, measured: dict, atlas: Path
) -> LearnedSpecies:
    """What was learned, or what it began as, if that was nearer: as grown, aged and healed together."""
    from dataclasses import replace

    from blender_nca.training.evaluation.figures import measure_bundled

    name = learned.species.name
    _, found = measure_bundled(manifold.with_units((learned.unit,)), [learned.species], atlas)
    old, new = measured[name], found[name]
    nearer = sum_up(new) < sum_up(old)
    said = ", ".join(f"{key} {old[key]:.4f} -> {new[key]:.4f}" for key in ERRORS)
    print(f"  {said}{'' if nearer else ': it stays as it was'}", flush=True)
    if not nearer:
        return before
    whole = {key: round(before.learned[key] + learned.learned[key], 1) for key in ("seconds", "iterations")}
    return replace(learned, learned={**learned.learned, **whole})


def write(options: argparse.Namespace) -> None:
    """Write a model of all that are taught, and of those that another comes with and that were not taught further."""
    from statistics import fmean

    from blender_nca.manifold import learned_file
    from blender_nca.training.exemplars.emoji import read_atlas
    from blender_nca.training.publication import publish_figures

    begun = read_learned(options.begin) if options.begin else []
    taught = [learned_file.read(path) for path in (options.model / "lessons").glob("*.safetensors")]
    of_tag = {one.species.tags[-1]: one for one in (*begun, *taught)}
    characters, _, _ = read_atlas(options.atlas)
    found = [of_tag[tag] for tag in map(tag_of, characters) if tag in of_tag][: options.figures]
    if not found:
        raise ValueError(f"{options.model} has no lessons: teach some first")
    publish_figures(options.model, options.write, found)
    errors = [one.learned["error"] for one in found]
    print(
        f"{options.write}: {len(found)} figures, squared error {fmean(errors):.4f}, at worst {max(errors):.4f}"
    )


if __name__ == "__main__":
    main()
