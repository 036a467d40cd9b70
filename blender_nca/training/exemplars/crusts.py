# SPDX-License-Identifier: GPL-3.0-or-later
"""What grows over stone: lichen and moss."""

from __future__ import annotations

import numpy as np

from .noise import evened, noise
from .ramp import colour, colour_ramp, mix, smoothstep, stack_maps
from .voronoi import around, nearest_copy, scattered_points, voronoi

SAGE = ("#6f8a6a", "#93ad84", "#bccfa4", "#e3ebcb")
YELLOW = ("#b5651a", "#d98e1e", "#f0b52a", "#fbe07a")


def lichen(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 38.0,
    amount: float = 1.0,
    yellow: float = 0.4,
    rock: tuple[str, ...] = ("#1d1b22", "#2c2a31", "#3b383d"),
    sage: tuple[str, ...] = SAGE,
    gold: tuple[str, ...] = YELLOW,
) -> np.ndarray:
    """Rosettes of sage and yellow crust over dark rock.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        Diameter of a common rosette in pixels.
    amount : float
        How densely they stand; 1 covers about three quarters of the rock.
    yellow : float
        Share of yellow rosettes.
    rock, sage, gold : sequence of str
        Ramps: of the rock; of the two kinds of crust from the centre to the rim.

    Returns
    -------
    ndarray (7, size, size)
    """
    grain = noise(size, 20, rng, 3)
    base = colour_ramp(evened(grain), rock)
    height = 0.16 + 0.05 * grain
    roughness = 0.62 + 0.04 * grain
    wave_y, wave_x = (1.3 * noise(size, 14, rng, 2) for _ in range(2))
    mottle = noise(size, 12, rng, 2)
    cups = voronoi(size, scattered_points(size, 9.0, rng, 2), 20.0, borders=False)
    cup = smoothstep(4.0, 2.2, cups.distance)

    points = scattered_points(size, feature * 0.95 / np.sqrt(amount), rng, 3)
    for y, x in points[rng.permutation(len(points))]:
        radius = feature * rng.uniform(0.40, 0.60)
        bright = rng.random() < yellow
        lobes, turn = int(rng.integers(9, 13)), rng.uniform(0, 2 * np.pi, 4)
        window = np.ix_(around(y, radius * 1.5 + 6, size), around(x, radius * 1.5 + 6, size))
        away_y = nearest_copy(window[0] - y, size) + wave_y[window]
        away_x = nearest_copy(window[1] - x, size) + wave_x[window]
        distance, angle = np.hypot(away_y, away_x), np.arctan2(away_y, away_x)
        outline = radius * (
            1
            + 0.10 * np.cos(2 * angle + turn[0])
            + 0.07 * np.cos(3 * angle + turn[1])
            + 0.07 * np.cos(lobes * angle + turn[2] + 1.5 * np.cos(2 * angle + turn[3]))
        )
        inward = outline - distance
        cover = smoothstep(-0.8, 1.8, inward)
        shadow = smoothstep(-5.0, 0.0, inward)
        share = np.clip(distance / outline, 0, 1)
        # Lobes run inwards from the rim as shallow furrows.
        furrow = 0.5 - 0.5 * np.cos(lobes * angle + turn[2] + 1.5 * np.cos(2 * angle + turn[3]))
        furrow = furrow * smoothstep(0.45, 0.9, share)
        tone = 0.15 + 0.75 * share**1.6 - 0.35 * furrow + 0.07 * mottle[window]
        crust = colour_ramp(tone, gold if bright else sage)
        fruit = cup[window] * smoothstep(0.72, 0.5, share)
        crust = mix(crust, colour("#8f3a12") if bright else colour("#4a3528"), 0.8 * fruit)
        rise = 0.42 + 0.30 * np.sqrt(np.clip(1 - (share - 0.55) ** 2 * 2.2, 0, 1)) - 0.16 * furrow
        rise = rise + 0.20 * fruit + 0.03 * mottle[window]
        both = (slice(None), *window)
        base[both] = mix(base[both] * (1 - 0.45 * shadow * (1 - cover)), crust, cover)
        height[window] = mix(height[window], rise, cover)
        roughness[window] = mix(roughness[window], 0.92 - 0.22 * fruit, cover)
    return stack_maps(base, height, roughness, 0.0)


def moss(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 36.0,
    softness: float = 3.5,
    tuft: float = 8.5,
    greens: tuple[str, ...] = ("#0d1a08", "#1d3a0e", "#3f6b16", "#7c9f24", "#c3d24a"),
    soil: str = "#20140c",
) -> np.ndarray:
    """Cushions of moss, lit at their crowns, with dark soil between them.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        Distance from one cushion to the next, in pixels.
    softness : float
        Radius in pixels that rounds the cushions.
    tuft : float
        Distance from one tuft to the next, in pixels.
    greens : sequence of str
        Ramp from the depths to the tips.
    soil : str
        Colour between the cushions.

    Returns
    -------
    ndarray (7, size, size)
    """
    shift = tuple(1.5 * noise(size, 20, rng, 2) for _ in range(2))
    cushions = voronoi(
        size, scattered_points(size, feature, rng, 3), feature * 2, rounding=softness, shift=shift
    )
    crown = 1 - (1 - np.clip(cushions.border / (feature * 0.36), 0, 1)) ** 2
    tufts = voronoi(size, scattered_points(size, tuft, rng, 2), tuft * 2.5, borders=False)
    tip = smoothstep(tuft * 0.75, 0.5, tufts.distance)
    rays = np.cos(6 * np.arctan2(tufts.offset_y, tufts.offset_x) + tufts.nearest)
    tip = tip * (1 + 0.12 * rays * smoothstep(0.5, 2.5, tufts.distance))
    kind = rng.uniform(-0.09, 0.09, cushions.nearest.max() + 1)[cushions.nearest]
    tone = 0.10 + 0.58 * crown + (0.14 + 0.24 * crown) * tip + kind * crown + 0.03 * noise(size, 14, rng, 2)
    gap = smoothstep(1.5, -1.5, cushions.border)
    base = mix(colour_ramp(tone, greens), colour(soil), gap)
    height = 0.06 + 0.66 * crown + (0.06 + 0.18 * crown) * tip
    roughness = 0.97 - 0.22 * np.clip(tone, 0, 1)
    return stack_maps(base, height, roughness, 0.0)
