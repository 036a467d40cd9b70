# SPDX-License-Identifier: GPL-3.0-or-later
"""Crystals: beds of faceted pyramids."""

from __future__ import annotations

import numpy as np

from .fibres import hairlines, scratches, striations
from .grains import granules, grit, pores
from .noise import noise, slope
from .ramp import colour_ramp, crisp_step, mix, smoothstep, stack_maps
from .voronoi import nearest_copy, scattered_points, window_around


def crystal(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 38.0,
    sides: int = 6,
    lean: float = 0.45,
    table: float = 0.0,
    metal: float = 0.0,
    glow: float = 0.0,
    stone: tuple[str, ...] = ("#12061f", "#3a1466", "#6f2fb0", "#a873e0", "#ecd9ff"),
) -> np.ndarray:
    """A bed of crystals: each is a pyramid of flat facets that grows out of its neighbours.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        From one crystal to the next, in pixels.
    sides : int
        Facets around each crystal's tip.
    lean : float
        How far the crystals lean, each its own way: 0 stands upright, below 1.
    table : float
        Radius of the flat facet that ends each crystal, as a share of `feature`; 0 leaves a tip.
    metal : float
        Metallic of the facets.
    glow : float
        How strongly the crystals glow from within.
    stone : sequence of str
        Ramp from the shaded facets and the clefts to the ridges.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature = unit * feature
    points = scattered_points(size, feature, rng, 4)
    top = np.full((size, size), -3.0 * feature)
    under, ridge, tone, polish, heart = top.copy(), *np.zeros((4, size, size))
    lines = np.zeros((size, size))
    fine = rng.spawn(1)[0] if unit > 1 else rng
    reach = feature * 1.7
    for y, x in points:
        window = window_around(y, x, reach, size)
        away_y = nearest_copy(window[0] + 0.5 - y, size)
        away_x = nearest_copy(window[1] + 0.5 - x, size)
        angle = rng.uniform(0, 2 * np.pi) + (np.arange(sides) + rng.uniform(-0.16, 0.16, sides)) * (
            2 * np.pi / sides
        )
        way = rng.uniform(0, 2 * np.pi)
        steep = (1 - lean * np.cos(angle - way)) * rng.uniform(0.9, 1.1, sides)
        planes = steep[:, None, None] * (
            np.sin(angle)[:, None, None] * away_y + np.cos(angle)[:, None, None] * away_x
        )
        # Light comes from the upper left; each facet is a little brighter or darker than that makes it.
        bright = 0.42 - 0.34 * np.sin(angle + np.pi / 4) + rng.uniform(-0.14, 0.14, sides)
        gloss = rng.uniform(0.0, 1.0, sides)
        if table:
            flat = feature * table + 0.15 * (np.sin(way) * away_y + np.cos(way) * away_x)
            planes = np.concatenate([planes, flat[None]])
            bright, gloss = np.append(bright, rng.uniform(0.45, 0.80)), np.append(gloss, 0.0)
        ordered = np.partition(planes, -2, axis=0)
        fall, gap = ordered[-1], ordered[-1] - ordered[-2]
        # Facets blend over the last pixel before their ridge, so that it is not jagged.
        share = np.exp((planes - fall) / 0.5)
        share /= share.sum(0)
        height = feature * rng.uniform(-0.12, 0.12) - fall
        cover = smoothstep(-0.8, 0.8, height - top[window])
        if unit > 1:
            # Facets grew layer on layer: lines as far from the tip all along, more on one facet than on another.
            layers = np.stack([striations(each, 1.8 * unit, fine) for each in planes])
            layers *= fine.uniform(0.2, 1.0, len(planes))[:, None, None]
            lines[window] = mix(lines[window], (layers * share).sum(0), cover)
        under[window] = np.maximum(under[window], np.minimum(height, top[window]))
        top[window] = np.maximum(height, top[window])
        tone[window] = mix(tone[window], np.tensordot(bright, share, 1), cover)
        polish[window] = mix(polish[window], np.tensordot(gloss, share, 1), cover)
        ridge[window] = mix(ridge[window], crisp_step(2.6 * unit, 0.0, gap, unit**0.5), cover)
        heart[window] = mix(heart[window], smoothstep(0.85, 0.05, np.hypot(away_y, away_x) / feature), cover)

    # A cleft is where another crystal is near: pixels to it are the difference of heights over its slope.
    above = top - under
    cleft = crisp_step(3.2 * unit, 0.0, above / np.maximum(np.hypot(*slope(above)), 0.5), unit**0.5)
    veil = noise(size, 22 * unit, rng, 2)
    low, high = np.quantile(top, (0.01, 0.995))
    height = np.clip((top - low) / (high - low), 0, 1)
    tone = tone + 0.30 * (height - 0.5) + 0.03 * veil + 0.20 * ridge * (1 - cleft)
    texture, scratch = np.zeros(2)
    if unit > 1:
        # Scratches catch the light; bubbles and flaws lie within clear crystal, and rims are chipped.
        dust = grit(size, unit, fine)
        scratch = scratches(size, 16 * unit, 18 * unit, 0.4 * unit, fine) * (1 - cleft)
        flaw = (1 - metal) * hairlines(size, 9 * unit, 0.3 * unit, fine, 0.28) * (1 - cleft)
        mote = (1 - metal) * pores(granules(size, 5 * unit, fine), 0.65 * unit, 0.2)
        chip = ridge * (1 - cleft) * dust
        texture = 0.042 * lines + 0.012 * dust + 0.02 * chip + 0.08 * scratch + 0.08 * flaw + 0.06 * mote
        texture = texture - texture.mean()
        tone = tone + texture
    shine = glow * heart * (1 - 0.8 * cleft) * (0.75 + 0.08 * veil)
    base = colour_ramp(tone * (1 - 0.55 * cleft) + 0.32 * shine, stone)
    roughness = 0.10 + 0.16 * polish + 0.45 * cleft + 0.4 * texture + 0.05 * scratch
    emission = shine * smoothstep(0.0, 0.6, tone)
    return stack_maps(
        base, 0.04 + 0.92 * height + 0.15 * texture, roughness, metal * (1 - 0.6 * cleft), emission
    )
