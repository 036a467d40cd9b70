# SPDX-License-Identifier: GPL-3.0-or-later
"""Learn species from pictures, and measure how near they come.

    python3 scripts/learn.py brick.png gravel.jpg --minutes 15
    python3 scripts/learn.py photos/*.jpg --minutes 15 --cores 2   # minutes of so many cores, by processor time

Of each picture a species is written to out/learned, with a sheet beside it: the picture as it is learned, then what
grows after 1/15, 2/15 and so on of the time. Two figures are printed, as of the bundled materials (docs/quality.md):
the structure score S, and the colour distance R in units of that between two bundled species. A photograph has no
sister and does not tile: only patches that lie within it count, and S is in units of its scrambled phases.
"""

from __future__ import annotations

import argparse
import time
from functools import partial
from pathlib import Path
from statistics import median

import virtual_environment
from virtual_environment import REPOSITORY

FAR = 0.243
"""Median distance of colours between two bundled exemplars: `MaterialScores` measures it."""
CELLS, STEPS = (96, 160), 300
"""What is measured, as of the bundled materials."""
MARKS = 1 / 15, 2 / 15, 4 / 15, 8 / 15, 1.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pictures", type=Path, nargs="+")
    parser.add_argument("--minutes", type=float, default=15.0, help="of learning, for each (15)")
    parser.add_argument(
        "--cores", type=float, help="count processor time instead, in minutes of so many cores"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="finer below 1, coarser above (1)")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "out" / "learned", help="(out/learned)")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, mps, xpu")
    options = parser.parse_args()
    virtual_environment.enter()

    from blender_nca.engine.devices import arrange_threads

    arrange_threads()  # before torch is loaded: threads that wait must not hold a core
    found = [learn(path, options) for path in options.pictures]
    structure, colour = (median(each) for each in zip(*found, strict=True))
    print(f"median of {len(found)}: S {structure:.3f}, R {colour:.4f}")


def learn(path: Path, options: argparse.Namespace) -> tuple[float, float]:
    """Learn one picture; S and R at the end."""
    import numpy as np
    from PIL import Image

    from blender_nca.genetics import read_library, version_of
    from blender_nca.learning import patches
    from blender_nca.learning.lesson import About, Lesson, News
    from blender_nca.learning.picture import prepare
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.manifold.model_file import WEIGHTS
    from blender_nca.training.evaluation.parallel_growths import ParallelGrowths

    folder = REPOSITORY / "models" / "materials"
    manifold = Manifold.open(folder)
    picture = np.asarray(Image.open(path).convert("RGB"), np.float32).transpose(2, 0, 1) / 255
    exemplar = prepare({"base_colour": picture}, options.scale)
    wanted, tiles = exemplar.maps.astype(np.float32) / 255, exemplar.tiles
    grey = patches.rank_gaussian(wanted)
    colours = patches.patch_signature(wanted[:3], patches.COLOUR_PATCH, tiles)
    structure = patches.patch_signature(grey, patches.STRUCTURE_PATCH, tiles)
    scrambled = patches.patch_signature(patches.scramble_phases(grey), patches.STRUCTURE_PATCH)
    unit = patches.patch_distance(structure, scrambled)
    shown = [np.pad(wanted[:3], ((0, 0), *((0, 384 - side) for side in wanted.shape[1:])))]

    def measure() -> tuple[float, float]:
        assert lesson.learner is not None
        own = lesson.learner.unit
        (maps,) = ParallelGrowths(manifold.with_units((own,)), [own.dna], CELLS).grow(STEPS).paint(4)
        shown.append(maps[:3, :, :384])
        return (
            patches.patch_distance(patches.structure_signature(maps), structure) / unit,
            patches.patch_distance(patches.colour_signature(maps), colours) / FAR,
        )

    def clock() -> float:
        return time.process_time() / options.cores if options.cores else time.monotonic()

    seconds = 60 * options.minutes
    others = [one.dna for one in read_library([folder.parent]).of(manifold.name)]
    lesson = Lesson(
        manifold,
        version_of(folder / WEIGHTS, manifold.card),
        exemplar,
        About(path.stem.title()),
        others,
        seconds,
        options.out / f"{path.stem}.lesson",
        options.device,
        clock,
    )
    news: list[News] = []
    for mark in MARKS:
        lesson.learn(news.append, partial(lambda until: lesson.seconds >= until, mark * seconds))
        s, r = measure()
        print(
            f"{path.stem}: {lesson.seconds / 60:.1f} minutes, {news[-1].iteration} iterations, S {s:.3f}, R {r:.4f}",
            flush=True,
        )
    sheet = np.concatenate([np.pad(one, ((0, 0), (0, 0), (0, 4)), constant_values=1) for one in shown], 2)
    Image.fromarray((sheet.transpose(1, 2, 0) * 255 + 0.5).astype(np.uint8)).save(
        options.out / f"{path.stem}.png"
    )
    return s, r


if __name__ == "__main__":
    main()
