# SPDX-License-Identifier: GPL-3.0-or-later
"""Fabrics."""

from __future__ import annotations

import numpy as np

from .noise import noise
from .ramp import colour, colour_ramp, mix, smoothstep, stack_maps


def cloth(
    size: int,
    rng: np.random.Generator,
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
    period = over + under
    threads = period * max(1, round(size / feature))
    pitch = size / threads
    sway = tuple(0.45 * noise(size, 60, rng) for _ in range(2))
    start = rng.uniform(0, size, 2)
    y = (np.arange(size)[:, None] + start[0] + sway[0]) / pitch
    x = (np.arange(size)[None, :] + start[1] + sway[1]) / pitch
    turn = rng.integers(period)
    turns = round(2 * twist * threads) / threads

    def raised(column, row):
        """1 where the upright thread lies above, -1 where it lies below."""
        return np.where((column + row + turn) % period < over, 1.0, -1.0)

    def strand(place, along, lift):
        """Height, crown, fibres and number of threads that lie side by side along `place`."""
        number = np.floor(place)
        aside = 2 * (place - number) - 1
        here = np.floor(along)
        part = along - here - 0.5
        # From crossing to crossing the thread rises and falls as half a wave.
        ahead = here + np.where(part < 0, -1, 1)
        bend = 0.5 - 0.5 * np.cos(np.pi * np.abs(part))
        rise = mix(lift(number, here), lift(number, ahead), bend)
        round_ = np.clip(1 - (aside / (fullness * (0.92 + 0.08 * rise))) ** 2, 0, 1)
        tints = rng.uniform(-0.07, 0.07, threads)[number.astype(int) % threads]
        strands = np.cos(2 * np.pi * (turns * along + 1.5 * aside) + 9 * tints * 2 * np.pi)
        return 0.40 * rise + 0.56 * round_**0.6, round_, rise, strands, tints

    def paint(crown, rise, fibre, tints, ramp):
        tone = 0.05 + (0.40 + 0.42 * rise + fuzz * fibre) * crown + tints
        return colour_ramp(tone, ramp)

    up_high, up_crown, up_rise, up_fibre, up_tints = strand(x, y, raised)
    lie_high, lie_crown, lie_rise, lie_fibre, lie_tints = strand(
        y, x, lambda row, column: -raised(column, row)
    )
    cover = smoothstep(-0.07, 0.07, up_high - lie_high)
    base = mix(
        paint(lie_crown, lie_rise, lie_fibre, lie_tints, across),
        paint(up_crown, up_rise, up_fibre, up_tints, upright),
        cover,
    )
    high = np.maximum(up_high, lie_high)
    hole = smoothstep(0.30, -0.15, high)
    edge = smoothstep(0.55, 0.0, np.abs(up_high - lie_high)) * (1 - hole)
    base = mix(base * (1 - 0.45 * edge), colour(depth), hole)
    fibre = mix(lie_fibre, up_fibre, cover)
    height = 0.08 + 0.86 * np.clip((high + 0.2) / 1.16, 0, 1) + 0.25 * fuzz * fibre * (1 - hole)
    roughness = mix(0.92, 0.22, gloss) - 0.06 * fibre * (1 - gloss) + 0.2 * gloss * hole
    return stack_maps(base, height, roughness, metal * (1 - cover) * (1 - hole))
