# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedural materials that tile: what manifolds are trained on.

A family is a kind of material, and a variety is one make of it: a set of parameters. Each seed draws another sample,
and `sister_parameters` varies the make a little, so that training learns materials and not single pictures.
`random_parameters` draws makes from all over a family, of which there are as many as one likes.
"""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from .combs import honeycomb
from .concretes import concrete
from .corals import coral
from .crusts import lichen, moss
from .crystals import crystal
from .fabrics import cloth
from .foliage import foliage
from .frosts import frost, snow
from .furs import fur
from .hides import giraffe, scales, zebra
from .knits import knit
from .leaves import leaf
from .machines import circuit
from .makes import draw_make, draw_pair
from .masonry import masonry
from .meadows import grass
from .metals import rust
from .moulds import mould
from .paints import paint
from .shells import shells
from .slimes import slime
from .soils import mud
from .stones import lapis, lava, marble
from .timbers import timber
from .varieties import VARIETIES, find_variety
from .woods import bark

__all__ = [
    "FAMILIES",
    "SISTER_RANGES",
    "VARIETIES",
    "draw_exemplar",
    "draw_variety",
    "find_variety",
    "nearest_variety",
    "random_parameters",
    "sister_parameters",
]

FAMILIES: dict[str, Callable[..., np.ndarray]] = {
    "lichen": lichen,
    "rust": rust,
    "moss": moss,
    "coral": coral,
    "giraffe": giraffe,
    "zebra": zebra,
    "scales": scales,
    "honeycomb": honeycomb,
    "lava": lava,
    "lapis": lapis,
    "bark": bark,
    "leaf": leaf,
    "mud": mud,
    "marble": marble,
    "crystal": crystal,
    "cloth": cloth,
    "circuit": circuit,
    "masonry": masonry,
    "timber": timber,
    "grass": grass,
    "foliage": foliage,
    "frost": frost,
    "snow": snow,
    "mould": mould,
    "shells": shells,
    "concrete": concrete,
    "paint": paint,
    "fur": fur,
    "knit": knit,
    "slime": slime,
}
"""Family -> the function that draws it."""

SISTER_RANGES: dict[str, dict[str, tuple[float, float]]] = {
    "lichen": {"feature": (35.0, 41.0), "amount": (0.93, 1.07), "yellow": (0.35, 0.45)},
    "rust": {"feature": (73.0, 83.0), "amount": (0.52, 0.60)},
    "moss": {"feature": (33.0, 39.0), "softness": (3.0, 4.0), "tuft": (8.0, 9.0)},
    "coral": {"feature": (28.0, 32.0), "spots": (0.05, 0.25)},
    "giraffe": {"feature": (39.0, 45.0), "gap": (5.0, 6.0), "rounding": (1.8, 2.6)},
    "zebra": {"feature": (32.0, 36.0), "straightness": (0.14, 0.18), "direction": (1.10, 1.20)},
    "scales": {"feature": (34.0, 38.0), "rim": (0.13, 0.17)},
    "honeycomb": {"feature": (34.0, 38.0), "wall": (5.0, 6.0), "filled": (0.55, 0.65)},
    "lava": {"feature": (37.0, 43.0), "crack": (1.9, 2.5), "glow": (5.5, 6.5)},
    "lapis": {"feature": (66.0, 74.0), "vein": (1.6, 2.0)},
    "bark": {"feature": (34.0, 38.0), "furrow": (7.5, 8.5), "ragged": (0.9, 1.1)},
    "leaf": {"feature": (44.0, 48.0), "vein": (4.1, 4.9), "mesh": (10.4, 11.6)},
    "mud": {"feature": (53.0, 59.0), "crack": (6.4, 7.6), "fine": (2.3, 2.9)},
    "marble": {"feature": (49.0, 55.0), "vein": (4.1, 4.9), "thread": (1.4, 1.8)},
    "crystal": {"feature": (36.0, 40.0), "lean": (0.40, 0.50)},
    "cloth": {"feature": (32.0, 36.0), "fullness": (0.92, 0.96), "fuzz": (0.08, 0.12)},
    "circuit": {"feature": (20.0, 22.0), "width": (6.6, 7.4), "clearance": (3.1, 3.7)},
    "masonry": {"feature": (56.0, 60.0), "joint": (5.3, 5.9), "worn": (0.9, 1.1)},
    "timber": {"feature": (11.3, 12.7), "figure": (1.45, 1.75), "late": (0.51, 0.59)},
    "grass": {"feature": (47.0, 53.0), "width": (5.9, 6.5), "dryness": (0.07, 0.13)},
    "foliage": {"feature": (42.0, 46.0), "cleft": (0.43, 0.49), "curl": (0.3, 0.5)},
    "frost": {"feature": (59.0, 65.0), "breadth": (0.38, 0.42), "twig": (5.3, 5.9)},
    "snow": {"feature": (49.0, 55.0), "drift": (0.75, 0.85), "clods": (0.45, 0.55)},
    "mould": {"feature": (37.0, 43.0), "amount": (1.0, 1.2), "share": (0.22, 0.28)},
    "shells": {"feature": (43.0, 49.0), "breadth": (0.255, 0.285), "barnacles": (0.10, 0.12)},
    "concrete": {"feature": (70.0, 78.0), "crack": (2.3, 2.9), "exposed": (0.14, 0.18)},
    "paint": {"feature": (60.0, 68.0), "bare": (0.24, 0.28), "runs": (0.7, 0.9)},
    "fur": {"feature": (44.0, 48.0), "breadth": (0.123, 0.137), "swirl": (0.29, 0.35)},
    "knit": {"feature": (24.0, 26.0), "twist": (0.9, 1.1), "fuzz": (0.6, 0.8)},
    "slime": {"feature": (43.0, 49.0), "thick": (3.7, 4.3), "bubbles": (0.65, 0.75)},
}
"""Family -> parameter -> lowest and highest value that a sister of the family's first variety has."""


def _known(family: str) -> str:
    if family not in FAMILIES:
        raise ValueError(f"no family {family!r}: choose one of {', '.join(FAMILIES)}")
    return family


def draw_exemplar(
    family: str, seed: int = 0, size: int = 256, finer: int = 1, **parameters: Any
) -> np.ndarray:
    """Draw one sample of a family.

    Parameters
    ----------
    family : str
        A key of `FAMILIES`.
    seed : int
        Not negative. The same family, seed, size and parameters give the same picture.
    size : int
        Side in pixels, at least 64. More pixels show more of the material, not larger features.
    finer : int
        Pixels along a side that each of these is drawn as: 2 draws as much of the material in twice the resolution,
        with structure that the other has no room for.
    **parameters
        As the family's function names them.

    Returns
    -------
    ndarray (8, size * finer, size * finer) of float32 in [0, 1]
        Red, green, blue (sRGB-encoded), alpha, height, roughness, metallic, emission; periodic in both directions.

    Raises
    ------
    ValueError
        If there is no such family, it can't be drawn finer, or the size is below 64.
    """
    draw = FAMILIES[_known(family)]
    if size < 64:
        raise ValueError(f"size {size}: an exemplar needs at least 64 pixels a side to hold its features")
    rng = np.random.default_rng([zlib.crc32(family.encode()), seed])
    if finer == 1:
        return draw(size, rng, **parameters)
    if not has_finer(family):
        raise ValueError(f"{family} is drawn in one resolution: it has no finer structure yet")
    return draw(size * finer, rng, float(finer), **parameters)


def has_finer(family: str) -> bool:
    """Whether a family can be drawn in more than one resolution: the finer one has structure of its own."""
    return "unit" in inspect.signature(FAMILIES[_known(family)]).parameters


def sister_parameters(family: str, rng: np.random.Generator, **make: Any) -> dict[str, Any]:
    """Draw slightly varied parameters, for a sample that is plainly of the same variety.

    Parameters
    ----------
    family : str
        A key of `FAMILIES`.
    rng : numpy.random.Generator
    **make
        Parameters of the variety, as in `VARIETIES`. `SISTER_RANGES` holds for the family's own values and is
        scaled to the variety's.

    Returns
    -------
    dict
        For `draw_exemplar(family, seed, **sister_parameters(family, rng, **make))`.

    Raises
    ------
    ValueError
        If there is no such family.
    """
    own = inspect.signature(FAMILIES[_known(family)]).parameters
    varied = dict(make)
    for name, limits in SISTER_RANGES[family].items():
        varied[name] = float(rng.uniform(*limits)) * make.get(name, own[name].default) / own[name].default
    return varied


def draw_variety(family: str, name: str, sister: int = 0, finer: int = 1) -> np.ndarray:
    """The exemplar of a variety, or a sister of it, as `draw_exemplar`."""
    make = VARIETIES[family][name]
    if sister:
        make = sister_parameters(family, np.random.default_rng([sister, *name.encode()]), **make)
    return draw_exemplar(family, sister, finer=finer, **make)


def random_parameters(family: str, seed: int, spread: float = 1.0) -> dict[str, Any]:
    """Draw parameters from anywhere in a family: between its varieties and around them, in other colours and sizes.

    Parameters
    ----------
    family : str
        A key of `FAMILIES`.
    seed : int
        Not negative.
    spread : float
        How far they stray from a variety: near parameters draw near materials, 0 gives the variety itself.

    Returns
    -------
    dict
        For `draw_exemplar(family, seed, **random_parameters(family, seed))`.

    Raises
    ------
    ValueError
        If there is no such family.
    """
    draw = FAMILIES[_known(family)]
    return draw_make(draw, list(VARIETIES[family].values()), _chance(family, seed), spread)


def nearest_variety(family: str, seed: int) -> str:
    """Name of the variety that `random_parameters` has most of, for the same seed; raises as that does."""
    varieties = list(VARIETIES[_known(family)])
    return varieties[draw_pair(len(varieties), _chance(family, seed))[0]]


def _chance(family: str, seed: int) -> np.random.Generator:
    return np.random.default_rng([zlib.crc32(family.encode()), seed, 1])
