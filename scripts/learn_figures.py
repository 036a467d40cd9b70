# SPDX-License-Identifier: GPL-3.0-or-later
"""Learn figures, such as logos, as an artist learns one from a picture in Blender, and draw a sheet of what grows.

    python3 scripts/learn_figures.py                                three logos, into out/figures
    python3 scripts/learn_figures.py logo.png --minutes 2
    python3 scripts/learn_figures.py --sheet docs/figures.webp

A row of the sheet is the picture, what has grown from one cell after so many steps, what is left of it with 30 %
erased, and what has healed of that. Each species is written as a file that Blender imports.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

import virtual_environment
from virtual_environment import REPOSITORY

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    from blender_nca.learning.lesson import Lesson

STEPS, WOUND, HEALING = (8, 16, 24, 200), 0.3, 150
PIXELS, SIDE = 8, 128
"""Of a cell, and of a picture of the sheet."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pictures", type=Path, nargs="*", help="(three logos)")
    parser.add_argument(
        "--minutes", type=float, default=1.0, help="of a core's time, of learning, for each (1)"
    )
    parser.add_argument("--model", type=Path, default=REPOSITORY / "models" / "emoji", help="(models/emoji)")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "out" / "figures", help="(out/figures)")
    parser.add_argument("--sheet", type=Path, help="(figures.webp in that folder)")
    options = parser.parse_args()
    virtual_environment.enter()

    from blender_nca.engine.devices import arrange_threads

    arrange_threads()  # before torch is loaded: threads that wait must not hold a core

    import logos
    from PIL import Image
    from sheet import lay_rows, save

    from blender_nca.learning.errors import PictureError

    try:
        given = {path.stem.title(): Image.open(path).convert("RGBA") for path in options.pictures}
        rows = [learn(name, picture, options) for name, picture in (given or logos.draw_logos()).items()]
    except (OSError, PictureError) as error:
        parser.error(str(error))
    heads = ["the picture", *(f"{steps} steps" for steps in STEPS), "a wound", f"{HEALING} steps later"]
    print(save(lay_rows(rows, heads), options.sheet or options.out / "figures.webp"))


def learn(name: str, picture: Image, options: argparse.Namespace) -> tuple[str, list[Image]]:
    """Learn one, say how near it comes, and draw its row."""
    import numpy as np

    from blender_nca.genetics.library import read_library
    from blender_nca.genetics.version import version_of
    from blender_nca.learning.lesson import About, Lesson
    from blender_nca.learning.subjects import exemplar_of
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.manifold.model_file import WEIGHTS

    manifold = Manifold.open(options.model)
    given = np.asarray(picture, np.float32).transpose(2, 0, 1) / 255
    lesson = Lesson(
        manifold,
        version_of(options.model / WEIGHTS, manifold.card),
        exemplar_of({"base_colour": given}, manifold, 1.0, True, True),
        About(name),
        [one.dna for one in read_library([options.model.parent]).of(manifold.name)],
        60 * options.minutes,
        options.out / f"{name.lower().replace(' ', '_')}.lesson",
        clock=time.process_time,
    )
    learned = lesson.learn(lambda news: None, lambda: False)
    assert lesson.learner is not None and lesson.learner.best is not None and learned is not None
    best = lesson.learner.best
    print(
        f"{name}: outline {best.structure:.3f}, color {best.colour:.3f} away after {lesson.learner.iteration} "
        f"iterations in {lesson.seconds:.0f} s; {lesson.species_path}",
        flush=True,
    )
    return name, [_paint(shown) for shown in grow(lesson)]


def grow(lesson: Lesson) -> list[np.ndarray]:
    """The picture, and what grows: maps (4, height, width) of each."""
    import numpy as np

    from blender_nca.training.evaluation.parallel_growths import ParallelGrowths

    assert lesson.learner is not None
    unit, manifold = lesson.learner.unit, lesson.manifold
    cells = (manifold.card["cells"],) * 2
    growths = ParallelGrowths(manifold.with_units((unit,)), [unit.dna], cells)
    edge = round(lesson.exemplar.maps.shape[1] / 16)
    shown, grown = [np.pad(lesson.exemplar.maps / np.float32(255), ((0, 0), (edge, edge), (edge, edge)))], 0
    for steps in STEPS:
        (maps,) = growths.grow(steps - grown).paint(PIXELS)
        shown, grown = [*shown, maps[:4]], steps
    (wounded,) = growths.wound(WOUND).paint(PIXELS)
    (healed,) = growths.grow(HEALING).paint(PIXELS)
    return [*shown, wounded[:4], healed[:4]]


def _paint(maps: np.ndarray) -> Image:
    from sheet import picture_of

    return picture_of(maps, SIDE, figure=True)


if __name__ == "__main__":
    main()
