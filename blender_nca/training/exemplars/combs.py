# SPDX-License-Identifier: GPL-3.0-or-later
"""Combs."""

from __future__ import annotations

import numpy as np

from .noise import noise
from .ramp import colour_ramp, mix, smoothstep, stack_maps
from .voronoi import staggered_points, voronoi


def honeycomb(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 36.0,
    wall: float = 5.5,
    filled: float = 0.6,
    wax: tuple[str, ...] = ("#b26a14", "#e5a431", "#f9d878"),
    honey: tuple[str, ...] = ("#4a1903", "#9a4305", "#de8a0c", "#ffc844"),
    hollow: tuple[str, ...] = ("#140703", "#3a1a08", "#6b3a12"),
) -> np.ndarray:
    """Six-sided cells of wax, some full of honey and some empty.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        Wished distance from cell to cell in pixels; rounded so that the comb tiles.
    wall : float
        Thickness of the walls in pixels.
    filled : float
        Share of the cells that hold honey.
    wax, honey, hollow : sequence of str
        Ramps: of the walls; of the honey from shadow to light; of the empty cells from deep to shallow.

    Returns
    -------
    ndarray (7, size, size)
    """
    points, _, _ = staggered_points(size, feature)
    points = (points + 0.9 * np.clip(rng.standard_normal(points.shape), -1.5, 1.5)) % size
    shift = tuple(0.6 * noise(size, 24, rng) for _ in range(2))
    cells = voronoi(size, points, feature * 2, rounding=1.6, shift=shift)
    inward = cells.border - wall / 2
    inside = smoothstep(-1.2, 1.2, inward)
    full = (rng.random(len(points)) < filled)[cells.nearest]
    kind = rng.uniform(-0.07, 0.07, len(points))[cells.nearest]
    # Honey is lit from the upper left through to the lower right, as seen with the light behind.
    across = (cells.offset_x + cells.offset_y) / feature
    shade = smoothstep(0.0, feature * 0.30, inward)
    glow = 0.12 + 0.42 * shade + 0.42 * across + kind
    to_gleam = np.hypot(cells.offset_x / feature + 0.15, cells.offset_y / feature + 0.17)
    gleam = smoothstep(0.13, 0.06, to_gleam)
    liquid = colour_ramp(glow + 0.35 * gleam, honey)
    empty = colour_ramp(0.85 - 0.9 * shade + 0.25 * across + kind, hollow)
    grain = noise(size, 10, rng, 2)
    ridge = smoothstep(-wall / 2, 0.6, inward)
    walls = colour_ramp(0.82 - 0.45 * ridge + 0.05 * grain, wax)
    base = mix(walls, np.where(full, liquid, empty), inside)
    floor = np.where(full, 0.46 + 0.08 * shade, 0.34 - 0.30 * shade)
    height = mix(0.95 - 0.16 * ridge + 0.02 * grain, floor, inside)
    roughness = mix(0.55 + 0.03 * grain, np.where(full, 0.08, 0.70), inside)
    return stack_maps(base, height, roughness, 0.0)
