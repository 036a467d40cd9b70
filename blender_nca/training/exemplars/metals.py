# SPDX-License-Identifier: GPL-3.0-or-later
"""Metals and what eats them."""

from __future__ import annotations

import numpy as np

from .noise import noise
from .ramp import colour, colour_ramp, mix, smoothstep, stack_maps
from .voronoi import scattered_points, voronoi


def rust(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 78.0,
    amount: float = 0.56,
    steel: tuple[str, ...] = ("#7f8b98", "#9aa6b2", "#b4bec8"),
    oxide: tuple[str, ...] = ("#2a110a", "#5c220e", "#9a4314", "#cf6d22", "#eda253"),
) -> np.ndarray:
    """Blotches of rust eating into bare steel: the metal ends where the rust begins.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        From one blotch to the next, in pixels.
    amount : float
        Share of the surface under rust, 0 to 1.
    steel, oxide : sequence of str
        Ramps: of the brushed metal; of the rust from its rim to its crust.

    Returns
    -------
    ndarray (7, size, size)
    """
    spread = noise(size, feature, rng, 4, 0.62)
    depth = spread - np.quantile(spread, 1 - amount)
    cover = smoothstep(-0.06, 0.16, depth)
    stain = smoothstep(-0.45, 0.0, depth)
    brush = noise(size, 9, rng, 2, stretch=(0.5, 6.0))
    grain = noise(size, 11, rng, 3)
    metal = colour_ramp(0.5 + 0.13 * brush, steel)
    metal = mix(metal, colour(oxide[2]), 0.38 * stain)
    pits = voronoi(size, scattered_points(size, 15.0, rng, 1), 32.0, borders=False)
    pit_size = rng.uniform(0.0, 5.5, pits.nearest.max() + 1)[pits.nearest]
    pit = smoothstep(pit_size, pit_size - 2.5, pits.distance) * smoothstep(0.35, 0.7, depth)
    tone = 0.14 + 0.62 * smoothstep(0.0, 1.3, depth) + 0.10 * grain
    flaked = mix(colour_ramp(tone, oxide), colour(oxide[0]), 0.75 * pit)
    base = mix(metal, flaked, cover)
    scab = 0.46 + 0.36 * smoothstep(0.0, 0.9, depth) + 0.05 * grain - 0.34 * pit
    height = mix(0.30 + 0.015 * brush - 0.10 * stain, scab, cover)
    roughness = mix(0.26 + 0.03 * brush + 0.22 * stain, 0.88 + 0.03 * grain, cover)
    return stack_maps(base, height, roughness, 1 - cover)
