# SPDX-License-Identifier: GPL-3.0-or-later
"""Paints: coats that come off corroded metal."""

from __future__ import annotations

import numpy as np

from .fibres import cracks, scratches
from .grains import granules, grit, pores
from .noise import evened, noise, random_shift
from .ramp import colour_ramp, crisp_step, mix, shaded, smoothstep, stack_maps
from .voronoi import scattered_points, voronoi


def _run_down(field: np.ndarray, pixels: float) -> np.ndarray:
    """Smear a field downwards, around the wrap; it fades to a third over so many pixels."""
    fall = np.exp(-np.arange(len(field)) / pixels)
    return np.fft.irfft(
        np.fft.rfft(field, axis=0) * np.fft.rfft(fall / fall.sum())[:, None], len(field), axis=0
    )


def paint(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 64.0,
    bare: float = 0.26,
    primed: float = 0.10,
    flake: float = 13.0,
    crisp: float = 0.55,
    curl: float = 0.8,
    blisters: float = 0.6,
    runs: float = 0.8,
    faded: float = 0.7,
    scratched: float = 0.5,
    coat: tuple[str, ...] = ("#8f6208", "#c98f12", "#e9b52a", "#f6d464"),
    primer: tuple[str, ...] = ("#5a2a20", "#7d4030", "#97584a"),
    oxide: tuple[str, ...] = ("#1c0d08", "#43200f", "#7a3a16", "#ad5e22", "#d3904a"),
    steel: tuple[str, ...] = ("#4a4c50", "#6f7276", "#9a9da0"),
    worn: float = 0.12,
    finish: tuple[float, float] = (0.38, 0.92),
) -> np.ndarray:
    """Paint over primer over steel: it blisters, cracks into flakes and comes off where rust has crept under it.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        From one bare place to the next, in pixels.
    bare, primed : float
        Shares of the surface that have lost all paint, and all but the primer.
    flake : float
        Width of a flake in pixels.
    crisp : float
        How far paint comes off in whole flakes: 0 lets it wear away.
    curl : float
        How high the edges of the paint stand up.
    blisters : float
        How much paint is blown up from beneath.
    runs : float
        How plainly rust has run down over the paint.
    faded, scratched : float
        How patchy the paint has faded, and how plainly it is scratched.
    coat, primer, oxide, steel : sequence of str
        Ramps from dark to light: of the paint, the primer, the rust and the metal.
    worn : float
        Share of the bare places where metal shines.
    finish : (float, float)
        Roughness of the paint and of the rust.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature, flake = unit * feature, unit * flake
    grain, fine = noise(size, 16 * unit, rng, 4, 0.7), noise(size, 5 * unit, rng, 2, 0.9)
    cloud = noise(size, 58 * unit, rng, 2, 0.5)
    points = scattered_points(size, flake, rng, 1)
    flakes = voronoi(size, points, flake * 2.2, shift=random_shift(size, 1.3 * unit, 12 * unit, rng, 2))
    harm = noise(size, feature, rng, 4, 0.62)
    # A flake goes or stays as a whole, by the harm at its middle.
    middle_y = (np.arange(size)[:, None] - flakes.offset_y).astype(int) % size
    middle_x = (np.arange(size)[None, :] - flakes.offset_x).astype(int) % size
    whole = harm[middle_y, middle_x] + flakes.draw_each(-0.25, 0.25, rng)
    loss = mix(harm, whole, crisp) + 0.05 * grain
    edge, finer = 0.05, None
    if unit > 1:
        # Drawn finer, paint ends in a crisper line, torn in smaller bits.
        finer = rng.spawn(1)[0]
        loss = loss + 0.05 * noise(size, 4.5 * unit, finer, 3, 0.8)
        edge = edge / unit**0.5
    gone = loss - np.quantile(loss, 1 - bare)
    chipped = loss + 0.22 * noise(size, 26 * unit, rng, 2) - np.quantile(loss, 1 - bare - primed)
    off, thin = smoothstep(-edge, edge, gone), smoothstep(-edge, edge, np.maximum(chipped, gone))
    # Beside what is gone, paint stands up and casts a shadow.
    lifted = curl * smoothstep(-0.55, -0.04, np.maximum(chipped, gone)) * (1 - thin)
    seam = (
        crisp_step(1.5 * unit, 0.2 * unit, flakes.border, unit) * smoothstep(-0.9, -0.1, chipped) * (1 - thin)
    )
    boils = voronoi(size, scattered_points(size, 17.0 * unit, rng, 1), 36.0 * unit, borders=False)
    radius = unit * np.maximum(boils.draw_each(-4.0, 7.5, rng), 0.0) + 1e-3
    boil = np.sqrt(np.clip(1 - (boils.distance / radius) ** 2, 0, 1)) * (radius > 1.2 * unit)
    boil = blisters * boil * smoothstep(-1.5, -0.6, chipped) * (1 - thin)
    streaks = _run_down(off * smoothstep(-0.4, 1.0, noise(size, 7 * unit, rng, 2)), 26.0 * unit)
    trickles = noise(size, 6 * unit, rng, 2, 0.7, (5.0, 0.6))
    streaks = runs * smoothstep(0.03, 0.32, streaks) * smoothstep(-1.2, 0.9, trickles)
    scratch = np.abs(noise(size, 22 * unit, rng, 2, 0.6, (0.5, 3.0)))
    scratch = scratched * smoothstep(0.05, 0.0, scratch) * smoothstep(0.4, 1.1, noise(size, 30 * unit, rng))
    tone = 0.60 + 0.10 * faded * cloud + 0.04 * grain + 0.12 * lifted + 0.14 * boil - 0.30 * seam
    tone = tone + 0.10 * scratch + flakes.draw_each(-0.03, 0.03, rng)
    top = colour_ramp(tone, coat)
    top = mix(top, colour_ramp(0.45 + 0.18 * grain, oxide), 0.80 * streaks * (1 - 0.4 * boil))
    base_coat = colour_ramp(0.5 + 0.16 * grain + 0.06 * fine - 0.3 * streaks, primer)
    depth = smoothstep(0.0, 1.3, gone)
    scale = 0.28 + 0.38 * depth + 0.13 * grain + 0.06 * fine
    rust = colour_ramp(scale, oxide)
    shine = (
        smoothstep(0.0, 0.10, evened(noise(size, 30 * unit, rng, 3, 0.65)) - (1 - worn))
        if worn
        else 0.0 * grain
    )
    metal = colour_ramp(0.5 + 0.16 * noise(size, 7 * unit, rng, 2, 0.7, (0.6, 3.0)) + 0.1 * grain, steel)
    ground = mix(rust, metal, shine)
    shadow = smoothstep(0.22, 0.0, np.maximum(chipped, gone)) * thin
    base = mix(top, base_coat, thin)
    base = mix(base, ground, off) * (1 - 0.45 * shadow)
    pitted = smoothstep(0.6, 1.8, grain + 0.5 * fine)
    below = 0.24 + 0.12 * depth + 0.05 * grain + 0.02 * fine - 0.12 * pitted - 0.05 * shine
    height = 0.58 + 0.015 * cloud + 0.008 * fine + 0.20 * lifted + 0.24 * boil - 0.10 * seam - 0.03 * scratch
    height = mix(height, 0.46 + 0.02 * grain + 0.008 * fine, thin)
    height = mix(height, below, off)
    roughness = finish[0] + 0.10 * evened(cloud) + 0.45 * streaks + 0.2 * scratch + 0.2 * seam
    roughness = mix(mix(roughness, 0.72, thin), mix(finish[1] + 0.04 * grain, 0.42, shine), off)
    if finer:
        # Rust is of crumbs and flakes with pores, primer of grit; paint has an orange peel, crazes and is scratched.
        dust, crumbs = grit(size, unit, finer), granules(size, 2.4 * unit, finer)
        hole = pores(granules(size, 3.4 * unit, finer), 0.8 * unit, 0.4)
        crazed = cracks(size, 9 * unit, 0.4 * unit, finer, 0.35)
        scored = scratches(size, 15 * unit, 26 * unit, 0.45 * unit, finer)
        rusty = 0.7 * crumbs.tone + 0.5 * crumbs.lit + 0.5 * dust - 1.4 * hole
        bright = 0.8 * noise(size, 2.6 * unit, finer, 2, 0.9, (0.6, 8.0)) + 0.2 * dust + 1.2 * scored
        coated = (
            0.35 * noise(size, 3.0 * unit, finer)
            + 0.15 * dust
            - (0.5 + faded) * crazed
            + 1.2 * scratched * scored
        )
        relief = mix(mix(coated, 0.7 * dust + 0.4 * crumbs.tone, thin), mix(rusty, bright, shine), off)
        base = shaded(base, 0.085 * relief)
        height = height + 0.016 * relief
        roughness = roughness + mix(0.04, -0.03, off) * relief
    return stack_maps(base, height, roughness, 0.95 * shine * off)
