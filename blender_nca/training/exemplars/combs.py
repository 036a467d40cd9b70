# SPDX-License-Identifier: GPL-3.0-or-later
"""Combs: honeycomb."""

from __future__ import annotations

import numpy as np

from .fibres import hairlines, hairs, scratches
from .grains import granules, grit, pores
from .noise import noise, random_shift
from .ramp import colour_ramp, crisp_step, mix, shaded, smoothstep, stack_maps
from .voronoi import staggered_points, voronoi


def honeycomb(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 36.0,
    wall: float = 5.5,
    filled: float = 0.6,
    wax: tuple[str, ...] = ("#b26a14", "#e5a431", "#f9d878"),
    honey: tuple[str, ...] = ("#4a1903", "#9a4305", "#de8a0c", "#ffc844"),
    hollow: tuple[str, ...] = ("#140703", "#3a1a08", "#6b3a12"),
    jitter: float = 0.9,
    wobble: float = 0.6,
    rounding: float = 1.6,
    dome: float = 0.0,
    kinds: float = 0.07,
    lit: float = 0.42,
    gleam: float = 1.0,
    finish: tuple[float, float, float] = (0.55, 0.08, 0.70),
    metal: tuple[float, float, float] = (0.0, 0.0, 0.0),
    light: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> np.ndarray:
    """Six-sided cells of wax, some full of honey and some empty.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        Wished distance from cell to cell in pixels; rounded so that the comb tiles.
    wall : float
        Thickness of the walls in pixels.
    filled : float
        Share of the cells that hold honey.
    wax, honey, hollow : sequence of str
        Ramps: of the walls; of the honey from shadow to light; of the empty cells from deep to shallow.
    jitter, wobble : float
        Pixels by which cells stand out of their rows, and by which walls are bent.
    rounding : float
        Radius in pixels that rounds the cells' corners.
    dome : float
        0 sinks the cells between the walls; above, they rise over them and bulge within this share of `feature`.
    kinds : float
        How much cells differ in tone from each other.
    lit, gleam : float
        How much honey brightens across a cell, and how plain the gleam on it is.
    finish, metal, light : (float, float, float)
        Roughness, metallic and emission of the walls, of the honey and of the empty cells.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature, wall, rounding = unit * feature, unit * wall, unit * rounding
    jitter, wobble = unit * jitter, unit * wobble
    points, _, _ = staggered_points(size, feature)
    points = (points + jitter * np.clip(rng.standard_normal(points.shape), -1.5, 1.5)) % size
    shift = random_shift(size, wobble, 24 * unit, rng)
    cells = voronoi(size, points, feature * 2, rounding=rounding, shift=shift)
    inward = cells.border - wall / 2
    inside = crisp_step(-1.2 * unit, 1.2 * unit, inward, unit)
    full = (rng.random(len(points)) < filled)[cells.nearest]
    kind = rng.uniform(-kinds, kinds, len(points))[cells.nearest]
    # Honey is lit from the upper left through to the lower right, as seen with the light behind.
    across = (cells.offset_x + cells.offset_y) / feature
    shade = smoothstep(0.0, feature * 0.30, inward)
    glow = 0.12 + 0.42 * shade + lit * across + kind
    to_gleam = np.hypot(cells.offset_x / feature + 0.15, cells.offset_y / feature + 0.17)
    spark = gleam * smoothstep(0.13, 0.06, to_gleam)
    liquid = colour_ramp(glow + 0.35 * spark, honey)
    empty = colour_ramp(0.85 - 0.9 * shade + 0.25 * across + kind, hollow)
    grain = noise(size, 10 * unit, rng, 2)
    ridge = smoothstep(-wall / 2, 0.6 * unit, inward)
    walls = colour_ramp(0.82 - 0.45 * ridge + 0.05 * grain, wax)
    base = mix(walls, np.where(full, liquid, empty), inside)
    floor = np.where(full, 0.46 + 0.08 * shade, 0.34 - 0.30 * shade)
    height = mix(0.95 - 0.16 * ridge + 0.02 * grain, floor, inside)
    if dome:
        height = mix(0.10 + 0.02 * grain, 0.45 + 0.48 * smoothstep(0.0, feature * dome, inward), inside)
    roughness = mix(finish[0] + 0.03 * grain, np.where(full, *finish[1:]), inside)
    metallic, emission = (mix(part[0], np.where(full, *part[1:]), inside) for part in (metal, light))
    if unit > 1:
        fine = rng.spawn(1)[0]
        # Walls are grained, the more so the rougher they are, and have a thin rim where they end.
        seeds = granules(size, 1.7 * unit, fine)
        grain = 0.6 * seeds.tone + 0.5 * grit(size, unit, fine)
        pit = pores(seeds, 0.8 * unit, 0.08)
        rim = smoothstep(0.9 * unit, 0.1 * unit, np.abs(inward + 0.7 * unit))
        waxen = (0.45 + finish[0]) * (grain - 1.2 * pit) + 1.5 * rim * (1 - pit)
        # What fills a cell has fine bubbles if it is smooth, threads that run through it, and scratches if it is metal.
        drops = granules(size, 3.2 * unit, fine)
        size_of_each = (0.35 + 1.1 * drops.chance) * unit
        there = drops.tone > 0.25
        bubble = there * crisp_step(
            size_of_each + 0.3 * unit, size_of_each - 0.3 * unit, drops.distance, unit
        )
        glint = there * crisp_step(0.5 * unit, 0.1 * unit, drops.distance, unit)
        thread = hairs(size, 10 * unit, 1.6 * unit, fine, random_shift(size, 1.6 * unit, 18 * unit, fine))
        craze = hairlines(size, 6.0 * unit, 0.4 * unit, fine, 0.5)
        scratch = scratches(size, 6.0 * unit, 13.0 * unit, 0.5 * unit, fine, 0.04)
        speck = grit(size, unit, fine)
        liquid_fine = (1 - metal[1]) * (2.2 * glint - 1.3 * (bubble - glint) + 0.25 * thread + 0.2 * speck)
        liquid_fine = liquid_fine + metal[1] * (0.4 * speck + 3.0 * scratch)
        empty_fine = (1 - metal[2]) * (0.5 * finish[2] * thread + 0.4 * speck - 1.4 * craze)
        empty_fine = empty_fine + metal[2] * (0.4 * speck + 3.0 * scratch)
        relief = mix(
            waxen - waxen.mean(),
            np.where(full, liquid_fine - liquid_fine.mean(), empty_fine - empty_fine.mean()),
            inside,
        )
        base = shaded(base, 0.085 * relief)
        # The surface of what fills a cell is smoother than it looks.
        height = height + mix(0.018, 0.008, inside) * relief
        roughness = roughness - 0.03 * relief
    return stack_maps(base, height, roughness, metallic, emission)
