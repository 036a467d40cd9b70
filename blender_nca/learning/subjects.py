# SPDX-License-Identifier: GPL-3.0-or-later
"""What is learned from pictures: textures by manifolds whose grids wrap, figures by all others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ..manifold.manifold import Manifold
from ..manifold.own_unit import OwnUnit
from .figure_learner import FigureJudge, FigureLearner
from .figure_picture import prepare_figure
from .judge import Beginning, Judge
from .learner import Learner
from .picture import Exemplar, prepare
from .texture_learner import TextureJudge, TextureLearner


def grows_figures(manifold: Manifold) -> bool:
    """Whether what a manifold grows has an outline."""
    return manifold.card.get("boundary", "wrap") != "wrap"


def exemplar_of(
    given: Mapping[str, np.ndarray], manifold: Manifold, scale: float, flatten: bool, cut_out: bool
) -> Exemplar:
    """What a manifold learns from an artist's maps; see `prepare` and `prepare_figure`, also for errors."""
    if grows_figures(manifold):
        pixels = manifold.card["cells"] * manifold.card["pixels_per_cell"]
        return prepare_figure(given, pixels, cut_out)
    return prepare(given, scale, flatten)


def judge_of(
    exemplar: Exemplar, manifold: Manifold, device: str = "cpu", units: Sequence[OwnUnit] = ()
) -> Judge:
    """Who compares growths of a manifold with an exemplar; arguments as of `Judge`."""
    if grows_figures(manifold):
        return FigureJudge(exemplar, manifold, device, units)
    return TextureJudge(exemplar, manifold, device, units)


def learner_of(
    judge: Judge, dna: str, silent_below: float, start: Beginning, seconds: float, clock: Callable[[], float]
) -> Learner:
    """Who learns what a judge compares; arguments as of `Learner`."""
    if isinstance(judge, FigureJudge):
        return FigureLearner(judge, dna, silent_below, start.dna, seconds, clock=clock)
    assert isinstance(judge, TextureJudge)
    return TextureLearner(judge, dna, silent_below, start.dna, seconds, clock=clock, course=start.course)
