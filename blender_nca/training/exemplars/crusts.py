# SPDX-License-Identifier: GPL-3.0-or-later
"""Crusts that grow over stone: lichen and moss."""

from __future__ import annotations

import numpy as np

from .fibres import fibres, striations
from .grains import granules, grit
from .noise import evened, noise, random_shift
from .ramp import colour, colour_ramp, crisp_step, mix, smoothstep, stack_maps
from .voronoi import nearest_copy, scattered_points, voronoi, window_around

SAGE = ("#6f8a6a", "#93ad84", "#bccfa4", "#e3ebcb")
YELLOW = ("#b5651a", "#d98e1e", "#f0b52a", "#fbe07a")


def lichen(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 38.0,
    amount: float = 1.0,
    yellow: float = 0.4,
    rock: tuple[str, ...] = ("#1d1b22", "#2c2a31", "#3b383d"),
    sage: tuple[str, ...] = SAGE,
    gold: tuple[str, ...] = YELLOW,
    fruits: tuple[str, str] = ("#4a3528", "#8f3a12"),
    fruiting: float = 1.0,
    mouth: float = 0.0,
    light: float = 0.0,
) -> np.ndarray:
    """Rosettes of sage and yellow crust over dark rock.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        Diameter of a common rosette in pixels.
    amount : float
        How densely they stand; 1 covers about three quarters of the rock.
    yellow : float
        Share of yellow rosettes.
    rock, sage, gold : sequence of str
        Ramps: of the rock; of the two kinds of crust from the centre to the rim.
    fruits : (str, str)
        Colours of the cups on sage and on yellow crust.
    fruiting : float
        How plainly the cups stand out, 0 to 1.
    mouth : float
        Radius of an opening at the top of each rosette, as a share of its own: above 0 they are ribbed cones.
    light : float
        How strongly the lightest crust glows, 0 to 1.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature = unit * feature
    grain = noise(size, 20 * unit, rng, 3)
    # Where it is drawn finer, the rock is of mineral grains, and the crust is split into crumbs, grainy themselves.
    crumb, mineral = np.zeros((2, size, size))
    if unit > 1:
        fine = rng.spawn(1)[0]
        dust = grit(size, unit, fine)
        crumbs = granules(size, 2.6 * unit, fine, shift=random_shift(size, 0.35 * unit, 3 * unit, fine))
        split = smoothstep(0.5 * unit, 0.1 * unit, crumbs.border) * evened(noise(size, 7 * unit, fine))
        crumb = 0.15 * crumbs.tone + 0.06 * crumbs.lit - 0.6 * (split - split.mean()) + 0.10 * dust
        specks = granules(size, 1.8 * unit, fine)
        mineral = 0.55 * specks.tone + 0.35 * specks.lit + 0.22 * dust
    base = colour_ramp(evened(grain) + 0.6 * mineral, rock)
    height = 0.16 + 0.05 * grain + 0.05 * mineral
    roughness = 0.62 + 0.04 * grain + 0.14 * mineral
    emission = np.zeros_like(grain)
    wave_y, wave_x = random_shift(size, 1.3 * unit, 14 * unit, rng, 2)
    mottle = noise(size, 12 * unit, rng, 2)
    cups = voronoi(size, scattered_points(size, 9.0 * unit, rng, 2), 20.0 * unit, borders=False)
    cup = crisp_step(4.0 * unit, 2.2 * unit, cups.distance, unit**0.5)

    points = scattered_points(size, feature * 0.95 / np.sqrt(amount), rng, 3)
    for y, x in points[rng.permutation(len(points))]:
        radius = feature * rng.uniform(0.40, 0.60)
        bright = rng.random() < yellow
        lobes, turn = int(rng.integers(9, 13)), rng.uniform(0, 2 * np.pi, 4)
        window = window_around(y, x, radius * 1.5 + 6 * unit, size)
        away_y = nearest_copy(window[0] - y, size) + wave_y[window]
        away_x = nearest_copy(window[1] - x, size) + wave_x[window]
        distance, angle = np.hypot(away_y, away_x), np.arctan2(away_y, away_x)
        lobing = np.cos(lobes * angle + turn[2] + 1.5 * np.cos(2 * angle + turn[3]))
        outline = radius * (
            1 + 0.10 * np.cos(2 * angle + turn[0]) + 0.07 * np.cos(3 * angle + turn[1]) + 0.07 * lobing
        )
        inward = outline - distance
        cover = crisp_step(-0.8 * unit, 1.8 * unit, inward, unit**0.5)
        shadow = smoothstep(-5.0 * unit, 0.0, inward)
        share = np.clip(distance / outline, 0, 1)
        # Lobes run inwards from the rim as shallow furrows.
        furrow = 0.5 - 0.5 * lobing
        furrow = furrow * (smoothstep(mouth, mouth + 0.3, share) if mouth else smoothstep(0.45, 0.9, share))
        tone = 0.15 + 0.75 * share**1.6 - 0.35 * furrow + 0.07 * mottle[window]
        texture = crumb[window]
        if mouth and unit > 1:
            # Cones grow rim by rim.
            texture = 0.2 * texture + 0.11 * striations(
                inward + 0.25 * unit * mottle[window], 2.2 * unit, fine
            )
        # What glows is smoother, or else it would glitter.
        texture = texture * (1 - 0.5 * light)
        tone = tone + texture
        crust = colour_ramp(tone, gold if bright else sage)
        fruit = fruiting * cup[window] * smoothstep(0.72, 0.5, share)
        crust = mix(crust, colour(fruits[int(bright)]), 0.8 * fruit)
        rise = 0.42 + 0.30 * np.sqrt(np.clip(1 - (share - 0.55) ** 2 * 2.2, 0, 1)) - 0.16 * furrow
        rise = rise + 0.20 * fruit + 0.03 * mottle[window] + 0.30 * texture
        if mouth:
            hole = smoothstep(mouth + 0.07, mouth - 0.07, share)
            crust = mix(crust, colour(fruits[int(bright)]), hole)
            cone = 0.28 + 0.66 * np.clip((1 - share) / (1 - mouth), 0, 1) ** 0.8 - 0.14 * furrow
            rise = mix(cone + 0.02 * mottle[window] + 0.30 * texture, 0.10, hole)
        both = (slice(None), *window)
        base[both] = mix(base[both] * (1 - 0.45 * shadow * (1 - cover)), crust, cover)
        height[window] = mix(height[window], rise, cover)
        roughness[window] = mix(roughness[window], 0.92 - 0.22 * fruit - 0.25 * texture, cover)
        emission[window] = mix(emission[window], light * smoothstep(0.35, 0.95, tone), cover)
    return stack_maps(base, height, roughness, 0.0, emission)


def moss(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 36.0,
    softness: float = 3.5,
    tuft: float = 8.5,
    greens: tuple[str, ...] = ("#0d1a08", "#1d3a0e", "#3f6b16", "#7c9f24", "#c3d24a"),
    soil: tuple[str, ...] = ("#20140c",),
    gap: float = 0.0,
    tufting: float = 1.0,
    carpet: float = 0.0,
    kinds: float = 0.09,
    grain: float = 0.03,
    sheen: float = 0.22,
) -> np.ndarray:
    """Cushions of moss, lit at their crowns, with dark soil between them.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        Distance from one cushion to the next, in pixels.
    softness : float
        Radius in pixels that rounds the cushions.
    tuft : float
        Distance from one tuft to the next, in pixels.
    greens : sequence of str
        Ramp from the depths to the tips.
    soil : sequence of str
        Ramp between the cushions, from the depths to the tips of its tufts.
    gap : float
        How much farther apart the cushions lie, in pixels.
    tufting : float
        How plainly tufts show on the cushions: 0 leaves them bare.
    carpet : float
        Height of the tufts between the cushions.
    kinds, grain : float
        How much cushions differ in tone from each other, and how much each varies within.
    sheen : float
        By how much the lightest parts are less rough than the darkest.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature, softness, tuft, gap = unit * feature, unit * softness, unit * tuft, unit * gap
    shift = random_shift(size, 1.5 * unit, 20 * unit, rng, 2)
    cushions = voronoi(
        size, scattered_points(size, feature, rng, 3), feature * 2, rounding=softness, shift=shift
    )
    inward = cushions.border - gap
    crown = 1 - (1 - np.clip(inward / (feature * 0.36), 0, 1)) ** 2
    tufts = voronoi(size, scattered_points(size, tuft, rng, 2), tuft * 2.5, borders=False)
    tip = smoothstep(tuft * 0.75, 0.5 * unit, tufts.distance)
    rays = np.cos(6 * np.arctan2(tufts.offset_y, tufts.offset_x) + tufts.nearest)
    tip = tip * (1 + 0.12 * rays * smoothstep(0.5 * unit, 2.5 * unit, tufts.distance))
    kind = cushions.draw_each(-kinds, kinds, rng)
    ground = crisp_step(1.5 * unit, -1.5 * unit, inward, unit**0.5)
    speckle: float | np.ndarray = 0.0
    if unit > 1:
        # Single leaflets stand out of each tuft; where none grow, the stone is of grains.
        fine = rng.spawn(1)[0]
        curl = noise(size, 5 * unit, fine)
        leaflets = fibres(
            tufts.offset_y - 0.5 * curl * tufts.offset_x,
            tufts.offset_x + 0.5 * curl * tufts.offset_y,
            3.5 * unit,
            1.6 * unit,
            fine,
        )
        outer = smoothstep(0.2 * unit, 1.2 * unit, tufts.distance)
        tip = tip + outer * (0.10 + 0.22 * tip) * leaflets
        grains = granules(size, 1.9 * unit, fine)
        speckle = max(0.0, 1 - tufting) * grain * (1.5 * grains.tone + 0.5 * grit(size, unit, fine))
    growth = tip * tufting
    tone = (
        0.10
        + 0.58 * crown
        + (0.14 + 0.24 * crown) * growth
        + kind * crown
        + grain * noise(size, 14 * unit, rng, 2)
    )
    tone = tone + speckle
    base = mix(colour_ramp(tone, greens), colour_ramp(tip, soil), ground)
    height = 0.06 + 0.66 * crown + (0.06 + 0.18 * crown) * growth + carpet * tip * ground + 0.25 * speckle
    roughness = 0.97 - sheen * np.clip(tone, 0, 1) * (1 - ground if carpet else 1)
    return stack_maps(base, height, roughness, 0.0)
