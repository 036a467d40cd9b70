# SPDX-License-Identifier: GPL-3.0-or-later
"""Paints: coats that come off corroded metal."""

from __future__ import annotations

import numpy as np

from .noise import evened, noise, random_shift
from .ramp import colour_ramp, mix, smoothstep, stack_maps
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
    grain, fine = noise(size, 16, rng, 4, 0.7), noise(size, 5, rng, 2, 0.9)
    cloud = noise(size, 58, rng, 2, 0.5)
    points = scattered_points(size, flake, rng, 1)
    flakes = voronoi(size, points, flake * 2.2, shift=random_shift(size, 1.3, 12, rng, 2))
    harm = noise(size, feature, rng, 4, 0.62)
    # A flake goes or stays as a whole, by the harm at its middle.
    middle_y = (np.arange(size)[:, None] - flakes.offset_y).astype(int) % size
    middle_x = (np.arange(size)[None, :] - flakes.offset_x).astype(int) % size
    whole = harm[middle_y, middle_x] + flakes.draw_each(-0.25, 0.25, rng)
    loss = mix(harm, whole, crisp) + 0.05 * grain
    gone = loss - np.quantile(loss, 1 - bare)
    chipped = loss + 0.22 * noise(size, 26, rng, 2) - np.quantile(loss, 1 - bare - primed)
    edge = 0.05
    off, thin = smoothstep(-edge, edge, gone), smoothstep(-edge, edge, np.maximum(chipped, gone))
    # Beside what is gone, paint stands up and casts a shadow.
    lifted = curl * smoothstep(-0.55, -0.04, np.maximum(chipped, gone)) * (1 - thin)
    seam = smoothstep(1.5, 0.2, flakes.border) * smoothstep(-0.9, -0.1, chipped) * (1 - thin)
    boils = voronoi(size, scattered_points(size, 17.0, rng, 1), 36.0, borders=False)
    radius = np.maximum(boils.draw_each(-4.0, 7.5, rng), 0.0) + 1e-3
    boil = np.sqrt(np.clip(1 - (boils.distance / radius) ** 2, 0, 1)) * (radius > 1.2)
    boil = blisters * boil * smoothstep(-1.5, -0.6, chipped) * (1 - thin)
    streaks = _run_down(off * smoothstep(-0.4, 1.0, noise(size, 7, rng, 2)), 26.0)
    trickles = noise(size, 6, rng, 2, 0.7, (5.0, 0.6))
    streaks = runs * smoothstep(0.03, 0.32, streaks) * smoothstep(-1.2, 0.9, trickles)
    scratch = np.abs(noise(size, 22, rng, 2, 0.6, (0.5, 3.0)))
    scratch = scratched * smoothstep(0.05, 0.0, scratch) * smoothstep(0.4, 1.1, noise(size, 30, rng))
    tone = 0.60 + 0.10 * faded * cloud + 0.04 * grain + 0.12 * lifted + 0.14 * boil - 0.30 * seam
    tone = tone + 0.10 * scratch + flakes.draw_each(-0.03, 0.03, rng)
    top = colour_ramp(tone, coat)
    top = mix(top, colour_ramp(0.45 + 0.18 * grain, oxide), 0.80 * streaks * (1 - 0.4 * boil))
    base_coat = colour_ramp(0.5 + 0.16 * grain + 0.06 * fine - 0.3 * streaks, primer)
    depth = smoothstep(0.0, 1.3, gone)
    scale = 0.28 + 0.38 * depth + 0.13 * grain + 0.06 * fine
    rust = colour_ramp(scale, oxide)
    shine = smoothstep(0.0, 0.10, evened(noise(size, 30, rng, 3, 0.65)) - (1 - worn)) if worn else 0.0 * grain
    metal = colour_ramp(0.5 + 0.16 * noise(size, 7, rng, 2, 0.7, (0.6, 3.0)) + 0.1 * grain, steel)
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
    return stack_maps(base, height, roughness, 0.95 * shine * off)
