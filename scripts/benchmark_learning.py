# SPDX-License-Identifier: GPL-3.0-or-later
"""How near species come that are learned from pictures which the project did not draw, and what a lesson costs."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from benchmark_contest import Skipped, take_turns
from learn import arguments, learn, read_picture
from virtual_environment import REPOSITORY

MINUTES = 15.0
NAMES = "brick", "grass", "gravel"
"""Those of scikit-image that are textures."""
COVERED = 150
"""Steps after which a grid is."""


def measure_learning(named: list[Path], minutes: float, device: str, context: dict) -> dict[str, float]:
    """Learn each picture, and take the medians.

    Parameters
    ----------
    named : list of Path
        Pictures; without them those that scikit-image has.
    minutes : float
        For each.
    device : str
        As for `scripts/learn.py`.
    context : dict
        Takes what each picture has.
    """
    pictures = named or find_pictures()
    with tempfile.TemporaryDirectory(prefix="neural-growth-") as out:
        options = arguments().parse_args(["--minutes", str(minutes), "--out", out, "--device", device])
        with contextlib.redirect_stdout(sys.stderr):  # what --json prints is JSON alone
            found = {path.stem: learn(read_picture(path, options.scale), options) for path in pictures}
    context["learned"] = {
        "minutes": minutes,
        **{name: {"structure": round(s, 3), "colour": round(r, 4)} for name, (s, r) in found.items()},
    }
    structure, colour = (median(each) for each in zip(*found.values(), strict=True))
    return {"learn.distance_15min": structure, "learn.colour_15min": colour}


def measure_fine_lesson(rounds: int) -> dict[str, float]:
    """Measure what it costs a lesson to learn what is finer than cells, too: so many times of its iterations."""
    from dataclasses import replace

    from blender_nca.genetics.library import read_library
    from blender_nca.learning.own_fine import EVERY
    from blender_nca.learning.picture import prepare
    from blender_nca.learning.texture_learner import CELLS, TextureJudge, TextureLearner
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.training.evaluation.parallel_growths import ParallelGrowths
    from blender_nca.training.exemplars import draw_variety

    models = REPOSITORY / "models"
    manifold, (start, *_) = (
        Manifold.open(models / "materials"),
        read_library([models]).by_dna_alone("materials"),
    )
    exemplar = prepare({"base_colour": draw_variety("bark", "Oak Bark", finer=2)[:3]})
    covered = ParallelGrowths(manifold, [start.dna], (CELLS, CELLS)).grow(COVERED).state
    unknown = "ACGT" * (manifold.dna_length // 4)

    def begin(finer: bool) -> TextureLearner:
        judge = TextureJudge(exemplar if finer else replace(exemplar, finer=None), manifold)
        learner = TextureLearner(judge, unknown, 0.5, start.dna, 900.0)
        learner.pool.states[:] = covered  # before its grids are covered it learns nothing finer
        return learner

    def go_on(learner: TextureLearner) -> None:
        for _ in range(EVERY):
            learner.learn()

    learners = {finer: begin(finer) for finer in (True, False)}
    seconds = take_turns({str(finer): partial(go_on, learner) for finer, learner in learners.items()}, rounds)
    return {"learn.fine_ratio": seconds["True"] / seconds["False"]}


def find_pictures() -> list[Path]:
    """The textures of scikit-image, where it is installed."""
    spec = importlib.util.find_spec("skimage")
    folder = Path(spec.origin).parent / "data" if spec and spec.origin else Path()
    pictures = [folder / f"{name}.png" for name in NAMES]
    if not spec or not all(path.is_file() for path in pictures):
        raise Skipped("name pictures behind --learn, or install scikit-image: its brick, grass and gravel")
    return pictures
