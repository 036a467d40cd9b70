# SPDX-License-Identifier: GPL-3.0-or-later
"""Trial of a card: whether its shaders grow and paint what the reference does. No card is trusted before."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..automaton.chance import FIRE_RATE
from ..automaton.environment import Environment, MaskTrack
from ..automaton.growth import Genotype, Growth
from ..automaton.mask import Mask
from ..automaton.seeds import Seeds
from ..automaton.surface_example import build_corner
from .card import Card
from .manifold import Manifold
from .model_file import WEIGHTS, ManifoldError
from .numpy_automaton import NumpyAutomaton
from .shader_automaton import ShaderAutomaton

TOLERANCE = 1e-5
"""How far a step may lie from the reference's, of states whose numbers are about one."""
PAINTED_TOLERANCE = 1e-3
"""How far pixels may: an eye sees 4e-3."""
HEIGHT, WIDTH, PIXELS, STEPS, SETTLING = 40, 37, 3, 2, 3
FINE_PIXELS = 5
"""A cell, of growths whose painters read grain."""
SIDES = 64, 512
"""Cells along the sides of the grids on which speeds are measured: between them they are reckoned."""
SPEED_SECONDS, TOGETHER, WARMING = 0.3, 2, 8


class Difference(NamedTuple):
    """How far a card lies from the reference, at most.

    Attributes
    ----------
    step, painted : float
        In the state after a step, and in a picture.
    """

    step: float
    painted: float

    @property
    def right(self) -> bool:
        """Whether the card is to be trusted; a difference that is no number is none."""
        return self.step <= TOLERANCE and self.painted <= PAINTED_TOLERANCE


UNKNOWN = Difference(float("inf"), float("inf"))
"""Of a card that was not compared yet."""


def compare(
    card: Card, manifold: Manifold, dnas: tuple[str, str] | None = None, arrangement: int = 0
) -> Iterator[Difference]:
    """Compare steps and pictures: one genotype on a torus, two with borders and in a habitat, and both on a surface;
    and finer pictures, of a manifold that paints any.

    Parameters
    ----------
    card : Card
    manifold : Manifold
    dnas : (str, str), optional
        Of the two genotypes; some letters unless given.
    arrangement : int
        Another number begins with other states: where a life lies on the threshold to within rounding, it is that which
        decides, and a card that is right may differ there.

    Yields
    ------
    Difference
        So far; the last one counts. Nothing takes long in between, but for shaders that are compiled.
    """
    plain, ours = NumpyAutomaton(manifold), ShaderAutomaton(manifold, card)
    step = painted = 0.0
    for growth in _growths(manifold, dnas):
        weights, habitat = growth.weights_at(0), growth.habitat(0)
        state = _begin(growth, manifold, arrangement)
        sent = ours.lay(np.moveaxis(state, 0, 2), growth)
        arrival: Any = None
        dated: Any = None
        for index in range(STEPS):
            after = plain.grow(state, growth, weights, index, 1, habitat)
            grown = ours.grow(sent, growth, weights, index, 1, habitat)
            step = max(step, _apart(ours.read(grown), np.moveaxis(after, 0, 2)))
            yield Difference(step, painted)
            arrival, dated = plain.date(arrival, after, index + 1), ours.date(dated, grown, index + 1)
            # each step begins with the same numbers
            state, sent = after, ours.lay(np.moveaxis(after, 0, 2), growth)
        step = max(step, _apart(ours.read(ours.seed(growth)), np.moveaxis(plain.seed(growth), 0, 2)))
        for paint in ("paint", "paint_live"):
            both = (
                getattr(each, paint)(cells, growth, weights) for each, cells in ((ours, sent), (plain, state))
            )
            painted = max(painted, _apart(*both))
            yield Difference(step, painted)
        # half of the cells were woken, and all settle: then they fire by other numbers, which are to be the same ones
        woken = np.tile(np.arange(growth.width, dtype=np.int32) % 2, (growth.height, 1))
        after = plain.grow(state, growth, weights, 7, 1, plain.quiet(habitat, arrival, woken, 7, SETTLING))
        grown = ours.grow(sent, growth, weights, 7, 1, ours.quiet(habitat, dated, woken, 7, SETTLING))
        step = max(step, _apart(ours.read(grown), np.moveaxis(after, 0, 2)))
        living = abs(ours.living(sent, growth) - plain.living(state, growth))
        step = max(step, living, _apart(ours.dates(dated), arrival))
        yield Difference(step, painted)


def tell(differences: Iterable[Difference]) -> Difference:
    """The last of some differences."""
    *_, last = differences
    return last


def measure(card: Card, manifold: Manifold) -> Iterator[dict[int, float]]:
    """Steps a second of growths that cover their grids.

    Yields
    ------
    dict of int to float
        Cells along the side of a grid -> steps a second, as far as it is measured.
    """
    speeds: dict[int, float] = {}
    for side in SIDES:
        automaton = ShaderAutomaton(manifold, card)
        growth = covering(manifold, side)
        weights, state = growth.weights_at(0), automaton.seed(growth)
        count, spent, index = 0, 0.0, 0
        while spent < SPEED_SECONDS:
            began = time.perf_counter()
            state = automaton.grow(state, growth, weights, index, TOGETHER)
            automaton.living(state, growth)  # waits for the card
            index += TOGETHER
            if index > WARMING:  # what is compiled first, and measured, does not count
                count += TOGETHER
                spent += time.perf_counter() - began
            yield speeds
        speeds[side] = count / spent
        yield speeds


def covering(manifold: Manifold, side: int) -> Growth:
    """A growth that soon covers its grid.

    Parameters
    ----------
    manifold : Manifold
    side : int
        Cells along each side.
    """
    return _growth(manifold, None, 1, side, side)


def open_first(folders: Sequence[Path]) -> Manifold:
    """The first manifold that opens.

    Parameters
    ----------
    folders : sequence of Path
        That hold models, each in a folder of its own.

    Raises
    ------
    ManifoldError
        There is none.
    """
    problem = ManifoldError("There is no model: install one.")
    for path in sorted(file.parent for folder in folders for file in folder.glob(f"*/{WEIGHTS}")):
        try:
            return Manifold.open(path)
        except ManifoldError as error:
            problem = error
    raise problem


def _growths(manifold: Manifold, dnas: tuple[str, str] | None) -> Iterator[Growth]:
    ramp = np.tile(np.linspace(0, 1, WIDTH), (HEIGHT, 1))
    field = Environment(
        habitable=MaskTrack.still(Mask.pack(ramp > 0.1)), speed=MaskTrack.still(Mask.pack(ramp))
    )
    surface = build_corner(HEIGHT, WIDTH)
    yield _growth(manifold, dnas, 1)
    yield _growth(manifold, dnas, 2, boundary="edge", environment=field)
    yield _growth(manifold, dnas, 1, boundary="surface", surface=surface)
    yield _growth(manifold, dnas, 2, boundary="surface", surface=surface, environment=field)
    if manifold.fine is not None:
        yield _growth(manifold, dnas, 2, pixels_per_cell=FINE_PIXELS, fine=True)
        yield _growth(
            manifold, dnas, 1, boundary="surface", surface=surface, pixels_per_cell=FINE_PIXELS, fine=True
        )


def _growth(
    manifold: Manifold,
    dnas: tuple[str, str] | None,
    genotypes: int,
    height: int = HEIGHT,
    width: int = WIDTH,
    **more: object,
) -> Growth:
    length = manifold.dna_length
    given = dnas or (("ACGT" * length)[:length], ("GGAT" * length)[:length])
    left = np.zeros((height, width))
    left[:, : width // 2] = 0.7
    regions = (None, Mask.pack(left))
    grown = tuple(Genotype((dna,), region=region) for dna, region in zip(given, regions, strict=True))
    seeds = Seeds("scattered", max(2, height * width // 200))
    given_too = {"pixels_per_cell": PIXELS, **more}
    return Growth(manifold.name, grown[:genotypes], width, height, seeds=seeds, random_seed=5, **given_too)  # type: ignore[arg-type]


def _begin(growth: Growth, manifold: Manifold, arrangement: int) -> np.ndarray:
    """Cells of which half live, with numbers as they have after some steps: shape (channels, height, width)."""
    random = np.random.default_rng(arrangement)
    shape = manifold.sizes.channels, growth.height, growth.width
    state = 0.5 * random.normal(size=shape) * (random.random(shape[1:]) > 1 - FIRE_RATE)
    return (state * growth.surface.on if growth.surface else state).astype(np.float32)


def _apart(ours: np.ndarray, theirs: np.ndarray) -> float:
    worst = float(np.max(np.abs(ours.astype(np.float64) - theirs)))
    return worst if np.isfinite(worst) else float("inf")
