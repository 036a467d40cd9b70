# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes between and around varieties: a family without gaps, for whoever has to see more than its varieties."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .ramp import colour, mix

SIZES, HUE, CHROMA, LIGHTNESS = 0.12, 0.22, 0.18, 0.04
"""Standard deviations by which a random make strays: of logarithms of numbers, of hues in radians, of logarithms of
chroma, and of lightness in [0, 1]."""
BEYOND = 0.1
"""How far numbers leave the range that the varieties span, as a share of it."""
_RED_LUMA, _BLUE_LUMA = 0.299, 0.114


def fill_make(draw: Callable[..., np.ndarray], make: dict[str, Any]) -> dict[str, Any]:
    """All parameters of a make: its own, and for the others those of the family's function."""
    named = inspect.signature(draw).parameters.values()
    own = {each.name: each.default for each in named if each.kind is inspect.Parameter.KEYWORD_ONLY}
    return own | make


def blend_makes(one: dict[str, Any], other: dict[str, Any], share: float) -> dict[str, Any]:
    """Parameters between two whole makes of a family: near shares give near materials.

    Parameters
    ----------
    one, other : dict
        As `fill_make` gives them.
    share : float
        0 gives the first, 1 the second. Numbers and colours go evenly from one to the other, ramps stop by stop; what
        is counted, or is there or not, is as in the nearer one.
    """
    if share <= 0 or share >= 1:
        return dict(one if share <= 0 else other)
    return {name: _between(one[name], other[name], share) for name in one}


def draw_make(
    draw: Callable[..., np.ndarray],
    varieties: Sequence[dict[str, Any]],
    rng: np.random.Generator,
    spread: float = 1.0,
) -> dict[str, Any]:
    """Draw a make at random: one variety, some of another in it, other sizes, other colours.

    Parameters
    ----------
    draw : callable
        The family's function.
    varieties : sequence of dict
        Their makes.
    rng : numpy.random.Generator
    spread : float
        How far it strays from the variety: 0 gives the variety itself.

    Returns
    -------
    dict
        All parameters of the family.
    """
    whole = [fill_make(draw, make) for make in varieties]
    first, second = draw_pair(len(whole), rng)
    made = blend_makes(whole[first], whole[second], min(0.5, 0.4 * spread * rng.random()))
    turn = spread * rng.normal(0, (HUE, CHROMA, LIGHTNESS))
    for name, value in made.items():
        every = [make[name] for make in whole]
        own_turn = turn + 0.3 * spread * rng.normal(0, (HUE, CHROMA, LIGHTNESS))
        scale = float(np.exp(spread * SIZES * np.clip(rng.normal(), -2, 2)))
        if isinstance(value, float):
            made[name] = _within(value * scale, every)
        elif isinstance(value, str):
            made[name] = _turned(value, own_turn)
        elif value and isinstance(value, tuple) and all(isinstance(each, float) for each in value):
            made[name] = tuple(
                _within(each * scale, [other[place] for other in every]) for place, each in enumerate(value)
            )
        elif isinstance(value, tuple):
            made[name] = _turned(value, own_turn)
    return made


def draw_pair(varieties: int, rng: np.random.Generator) -> tuple[int, int]:
    """Numbers of the variety that a random make has most of, and of that which it has some of."""
    first, second = rng.integers(varieties, size=2)
    return int(first), int(second)


def _within(value: float, every: Sequence[float]) -> float:
    """A number kept to what the varieties span, and a little beyond; no sign changes."""
    low, high = min(every), max(every)
    more = BEYOND * (high - low)
    return float(np.clip(value, max(low - more, 0.0) if low >= 0 else low - more, high + more))


def _between(one: Any, other: Any, share: float) -> Any:
    nearer = one if share < 0.5 else other
    if isinstance(one, float) and isinstance(other, (float, int)):
        return float(mix(one, float(other), share))
    if isinstance(one, str):
        return _code(mix(colour(one)[:, 0, 0], colour(other)[:, 0, 0], share))
    if isinstance(one, tuple) and one and other and isinstance(one[0], str):
        stops = np.linspace(0, 1, max(len(one), len(other)))
        return tuple(_code(each) for each in mix(_table(one, stops), _table(other, stops), share))
    if isinstance(one, tuple) and one and other and all(isinstance(each, float) for each in (*one, *other)):
        return tuple(float(mix(a, b, share)) for a, b in zip(one, other, strict=True))
    return nearer


def _table(codes: Sequence[str], stops: np.ndarray) -> np.ndarray:
    """Colours (stops, 3) of a ramp at places from 0 to 1."""
    known = np.stack([colour(code)[:, 0, 0] for code in codes])
    places = np.linspace(0, 1, len(codes))
    return np.stack([np.interp(stops, places, channel) for channel in known.T], axis=1)


def _turned(value: Any, turn: np.ndarray) -> Any:
    """A colour, or each of those in tuples of them, with its hue turned, its chroma and its lightness changed."""
    if isinstance(value, tuple):
        return tuple(_turned(each, turn) for each in value)
    if not isinstance(value, str):
        return value
    red, green, blue = colour(value)[:, 0, 0]
    luma = _RED_LUMA * red + (1 - _RED_LUMA - _BLUE_LUMA) * green + _BLUE_LUMA * blue
    chroma = ((red - luma) + 1j * (blue - luma)) * np.exp(turn[1] + 1j * turn[0])
    # Black and white stay what they are: lightness changes most between them.
    luma = luma + turn[2] * 4 * luma * (1 - luma)
    red, blue = luma + chroma.real, luma + chroma.imag
    green = (luma - _RED_LUMA * red - _BLUE_LUMA * blue) / (1 - _RED_LUMA - _BLUE_LUMA)
    return _code(np.array([red, green, blue]))


def _code(values: np.ndarray) -> str:
    return "#" + "".join(f"{round(255 * float(np.clip(each, 0, 1))):02x}" for each in values)
