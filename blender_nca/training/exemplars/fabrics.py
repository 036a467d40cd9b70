# SPDX-License-Identifier: GPL-3.0-or-later
"""Fabrics: woven cloth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from .fibres import scratches, strokes
from .grains import grit
from .noise import random_shift
from .ramp import colour, colour_ramp, crisp_step, mix, shaded, smoothstep, stack_maps


class _Threads(NamedTuple):
    """Threads that lie side by side: six fields (size, size).

    Attributes
    ----------
    height : ndarray
        -0.4 to 0.96, from beneath the weave to the crowns that lie on top.
    crown : ndarray
        1 on a thread's crown, 0 on its flanks.
    rise : ndarray
        1 where a thread lies above those that it crosses, -1 where it lies below.
    fibre : ndarray
        Brightness of the single fibres, -1 to 1.
    tint : ndarray
        How much lighter the whole thread is than the mean of all, -0.07 to 0.07.
    spun : ndarray or float
        Relief of the finest fibres, mean 0; none at unit 1.
    """

    height: np.ndarray
    crown: np.ndarray
    rise: np.ndarray
    fibre: np.ndarray
    tint: np.ndarray
    spun: np.ndarray | float


def cloth(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 34.0,
    over: int = 1,
    under: int = 1,
    fullness: float = 0.94,
    fuzz: float = 0.10,
    twist: float = 0.5,
    gloss: float = 0.0,
    metal: float = 0.0,
    upright: tuple[str, ...] = ("#4a120c", "#8c2a18", "#c4532c", "#e88a55"),
    across: tuple[str, ...] = ("#5e4526", "#a98452", "#dcbf8c", "#f8e9c8"),
    depth: str = "#160b08",
) -> np.ndarray:
    """Woven cloth: upright threads pass over and under those that lie across.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        Wished period of the weave in pixels, `over` and `under` threads; rounded so that it tiles.
    over, under : int
        Threads that an upright thread passes over before it dives under so many: 1 and 1 weave plain cloth,
        more make twill with its diagonal ribs.
    fullness : float
        Width of the threads over their distance; less leaves holes.
    fuzz : float
        How much the single fibres show.
    twist : float
        How steeply the fibres wind around their thread; 0 lays them straight along it.
    gloss : float
        0 is as rough as wool, 1 as smooth as lacquer.
    metal : float
        Metallic of the threads that lie across.
    upright, across : sequence of str
        Ramps of the two kinds of thread, from their flanks to their crown.
    depth : str
        Colour between the threads.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature = unit * feature
    period = over + under
    threads = period * max(1, round(size / feature))
    pitch = size / threads
    sway = random_shift(size, 0.45 * unit, 60 * unit, rng)
    start = rng.uniform(0, size, 2)
    y = (np.arange(size)[:, None] + start[0] + sway[0]) / pitch
    x = (np.arange(size)[None, :] + start[1] + sway[1]) / pitch
    turn = rng.integers(period)
    turns = round(2 * twist * threads) / threads
    fine = rng.spawn(1)[0] if unit > 1 else None

    def raised(column: np.ndarray, row: np.ndarray) -> np.ndarray:
        """1 where the upright thread lies above, -1 where it lies below."""
        return np.where((column + row + turn) % period < over, 1.0, -1.0)

    def strands(
        place: np.ndarray, along: np.ndarray, lift: Callable[[np.ndarray, np.ndarray], np.ndarray]
    ) -> _Threads:
        """Spin the threads that lie side by side along `place` and run along `along`, both counted in threads."""
        number = np.floor(place)
        aside = 2 * (place - number) - 1
        here = np.floor(along)
        part = along - here - 0.5
        # Between two crossings a thread rises or falls along half a wave.
        ahead = here + np.where(part < 0, -1, 1)
        bend = 0.5 - 0.5 * np.cos(np.pi * np.abs(part))
        rise = mix(lift(number, here), lift(number, ahead), bend)
        crown = np.clip(1 - (aside / (fullness * (0.92 + 0.08 * rise))) ** 2, 0, 1)
        tint = rng.uniform(-0.07, 0.07, threads)[number.astype(int) % threads]
        fibre = np.cos(2 * np.pi * (turns * along + 1.5 * aside) + 9 * tint * 2 * np.pi)
        spun = spin(number, aside, along, fine) if fine else 0.0
        return _Threads(0.40 * rise + 0.56 * crown**0.6, crown, rise, fibre, tint, spun)

    def spin(
        number: np.ndarray, aside: np.ndarray, along: np.ndarray, fine: np.random.Generator
    ) -> np.ndarray:
        """Relief of the finest fibres, which wind around their thread as the coarser ones do."""
        abreast = max(3, round(pitch / (1.5 * unit)))
        wound = round(abreast / 3 * turns * threads)
        lanes = abs(wound) or 8 * abreast
        number = number % threads
        rounds = max(1, round(size / (mix(13.0, 40.0, gloss) * unit)))
        place = along * rounds / threads + 0.37 * number
        across = abreast / 2 * aside + wound / threads * along + abreast * number
        return strokes(place, across, rounds, lanes, fine, 2, mix(0.6, 0.2, gloss))

    def paint(spun: _Threads, ramp: Sequence[str]) -> np.ndarray:
        tone = 0.05 + (0.40 + 0.42 * spun.rise + fuzz * spun.fibre) * spun.crown + spun.tint
        return colour_ramp(tone, ramp)

    standing = strands(x, y, raised)
    lying = strands(y, x, lambda row, column: -raised(column, row))
    apart = standing.height - lying.height + 0.02 * (standing.spun - lying.spun)
    cover = crisp_step(-0.07, 0.07, apart, unit)
    base = mix(paint(lying, across), paint(standing, upright), cover)
    high = np.maximum(standing.height, lying.height)
    hole = smoothstep(0.30, -0.15, high)
    edge = smoothstep(0.55, 0.0, np.abs(standing.height - lying.height)) * (1 - hole)
    base = mix(base * (1 - 0.45 * edge), colour(depth), hole)
    fibre = mix(lying.fibre, standing.fibre, cover)
    height = 0.08 + 0.86 * np.clip((high + 0.2) / 1.16, 0, 1) + 0.25 * fuzz * fibre * (1 - hole)
    roughness = mix(0.92, 0.22, gloss) - 0.06 * fibre * (1 - gloss) + 0.2 * gloss * hole
    if fine:
        # Loose hairs stand off from what is fuzzy, and lie over it in all directions.
        loose = min(1.0, 8 * fuzz * (1 - gloss))
        stray = loose * scratches(size, 8.0 * unit, 15.0 * unit, 0.45 * unit, fine, 0.35)
        relief = (0.45 + 5 * fuzz) * mix(lying.spun, standing.spun, cover) * (1 - hole)
        relief = relief + 0.35 * (1 - gloss) * grit(size, unit, fine)
        base = shaded(base, 0.10 * relief)
        base = mix(base, 0.5 * (colour(upright[-1]) + colour(across[-1])), 0.4 * stray)
        height = height + 0.025 * relief + 0.05 * stray
        roughness = roughness - 0.03 * (1 - 0.7 * gloss) * relief
    return stack_maps(base, height, roughness, metal * (1 - cover) * (1 - hole))
