# SPDX-License-Identifier: GPL-3.0-or-later
"""Corals: brain coral."""

from __future__ import annotations

import numpy as np

from .fibres import fibres
from .grains import granules, grit, pores
from .noise import evened, noise, resized, slope
from .ramp import colour_ramp, mix, smoothstep, stack_maps
from .reaction_diffusion import labyrinth


def coral(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 30.0,
    spots: float = 0.15,
    colours: tuple[str, ...] = ("#3a0b33", "#8a1c4a", "#e0523f", "#fb9a5b", "#ffe0ae"),
    width: float = 0.0,
    dots: float = 0.0,
    drive: float = 0.4,
    grooved: float = 1.0,
    finish: tuple[float, float] = (0.32, 0.72),
    light: float = 0.0,
) -> np.ndarray:
    """Brain coral: winding ridges with a groove along their crest.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        Distance from ridge to ridge, in pixels.
    spots : float
        0 gives long winding ridges; towards 1 they break into islands.
    colours : sequence of str
        Ramp from the valleys to the crests, five of them.
    width : float
        0 gives ridges and valleys alike, above it wider ridges, below narrower ones.
    dots : float
        Added to `spots`.
    drive : float
        How stiff the ridges are: with little of it and a sum of spots near 1, islands are all there is.
    grooved : float
        How deep the groove along the crests is.
    finish : (float, float)
        Roughness in the valleys and on the crests.
    light : float
        How strongly the crests glow, 0 to 1.

    Returns
    -------
    ndarray (8, size, size)
    """
    coarse = round(size / unit)
    wave = resized(labyrinth(coarse, feature, rng, spots=spots + dots, drive=drive, steps=90), size)
    crust: float | np.ndarray = 0.0
    if unit > 1:
        # Thin walls, the septa, run down from the crests, toothed; the crests are porous.
        fine = rng.spawn(1)[0]
        down = slope(wave)
        septa = fibres(*down, 5 * unit, 1.5 * unit, fine)
        steep = np.hypot(*down) * unit * feature
        flank = smoothstep(0.3, 2.0, steep)
        teeth = granules(size, 1.8 * unit, fine)
        dust = grit(size, unit, fine)
        wave = wave + 0.09 * flank * septa
    ridge = smoothstep(-0.75 - width, 0.55 - width, wave)
    groove = grooved * smoothstep(0.72, 1.02, wave)
    grain = noise(size, 10 * unit, rng, 2)
    tone = 0.04 + 0.94 * ridge - 0.26 * groove + 0.02 * grain
    if unit > 1:
        hole = pores(granules(size, 3.2 * unit, fine), 0.7 * unit, 0.55) * smoothstep(0.5, 0.9, ridge)
        crust = 0.035 * flank * septa + 0.045 * teeth.tone + 0.04 * teeth.lit + 0.03 * dust
        crust = crust * (0.5 + 0.5 * ridge) - 0.20 * (hole - hole.mean())
        tone = tone + crust
    base = colour_ramp(tone, colours, (0.0, 0.25, 0.55, 0.78, 1.0))
    base = base * (1 + 0.05 * (evened(noise(size, 40 * unit, rng)) - 0.5))
    height = 0.05 + 0.90 * ridge - 0.30 * groove + 0.012 * grain + 0.4 * crust
    roughness = mix(finish[0], finish[1], ridge) - 0.25 * crust
    return stack_maps(base, height, roughness, 0.0, light * smoothstep(0.45, 0.95, tone))
