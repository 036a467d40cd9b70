# SPDX-License-Identifier: GPL-3.0-or-later
"""Shells: beds of mussels and of oysters."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas
from .noise import evened, noise
from .ramp import colour, colour_ramp, mix, smoothstep
from .voronoi import scattered_points


def shells(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 46.0,
    layers: float = 4.2,
    breadth: float = 0.27,
    tip: float = 0.85,
    growth: float = 0.6,
    frilled: float = 0.0,
    lined: float = 0.25,
    swell: float = 0.40,
    shell: tuple[str, ...] = ("#06070b", "#0e1119", "#1a2030", "#2f3b52", "#68788e"),
    second: tuple[str, ...] = ("#120b08", "#2a1a10", "#4d3420", "#7a5c3a", "#a88c62"),
    share: float = 0.25,
    worn: str = "#b9b6c4",
    wear: float = 0.55,
    barnacles: float = 0.11,
    crust: tuple[str, ...] = ("#5a564e", "#8a857a", "#b5b0a3", "#dcd8cc"),
    bed: tuple[str, ...] = ("#0a0806", "#1c1610", "#342a1e"),
    finish: tuple[float, float] = (0.16, 0.55),
) -> np.ndarray:
    """Shells packed side by side, with rings of growth, worn where they hinge, with barnacles on some.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        Mean length of a shell in pixels.
    layers : float
        How many shells lie over a place in the mean.
    breadth : float
        Half the width of a shell over its length.
    tip : float
        How pointed a shell is where it hinges: 0 makes it an egg.
    growth : float
        How plain rings of growth are.
    frilled : float
        How far the rings stand up as frills with wavy rims.
    lined : float
        How plain the lines are that run from hinge to rim.
    swell : float
        How high a shell is vaulted.
    shell, second, crust, bed : sequence of str
        Ramps from dark to light: of two kinds of shell, of barnacles, and of what lies between.
    share : float
        Share of the second kind.
    worn, wear : str, float
        Colour of a worn hinge, and how far it is worn.
    barnacles : float
        Share of the places for a barnacle that are taken.
    finish : (float, float)
        Roughness of a shell and of a worn one.

    Returns
    -------
    ndarray (8, size, size)
    """
    ground, speck = noise(size, 8, rng, 3, 0.8), noise(size, 10, rng, 3, 0.7)
    canvas = Canvas(colour_ramp(evened(ground), bed), 0.06 + 0.03 * ground, 0.75 + 0.05 * ground)
    spacing = feature * np.sqrt(2.2 * breadth)
    points = [scattered_points(size, spacing, rng, 1) for _ in range(max(1, round(layers)))]
    middles = np.concatenate([each[rng.permutation(len(each))] for each in points])
    for number, (y, x) in enumerate(middles):
        level = number / len(middles)
        length = feature * rng.uniform(0.65, 1.15)
        angle, curve = rng.uniform(0, 2 * np.pi), rng.normal(0, 0.10)
        kind, other, bare = rng.uniform(-0.10, 0.10), rng.random() < share, wear * rng.uniform(0.2, 1.3)
        turn, lean = rng.uniform(0, 2 * np.pi, 3), rng.uniform(-1, 1, 2)
        place = canvas.place(y, x, angle, 0.5 * length + 7, breadth * length * (1.3 + frilled) + 7)
        along, aside = place.along, place.aside - curve * place.along**2 / length
        share_out = along / length + 0.5
        narrow = np.clip(share_out, 0, 1) ** (0.45 + 0.35 * tip) * np.sqrt(np.clip(1 - share_out**3, 0, 1))
        half = breadth * length * narrow / (0.68 - 0.15 * tip)
        # Rings are the same outline, smaller, around the hinge.
        spot = speck[place.window]
        bearing = np.arctan2(aside, along + 0.5 * length)
        wave = frilled * (0.05 * np.cos(15 * bearing + turn[0]) + 0.06 * np.cos(7 * bearing + turn[1]))
        radius = np.hypot(along + 0.5 * length, 0.62 * aside / breadth * 0.5) / length * (1 + wave)
        inward = half * (1 + 1.2 * wave) - np.abs(aside)
        inward = inward - length * (np.clip(share_out - 1, 0, None) + np.clip(-share_out, 0, None))
        cover = smoothstep(-0.7, 0.7, inward)
        vault = np.sqrt(np.clip(1 - (aside / (half + 0.3)) ** 2, 0, 1)) * smoothstep(0.0, 0.25, share_out)
        vault = vault * smoothstep(1.08, 0.55, share_out) ** 0.5
        step = radius * (5 + length / 7) * (1 - 0.55 * frilled) + 0.10 * spot + turn[2]
        ring = growth * (0.5 + 0.5 * np.cos(2 * np.pi * step)) ** 2
        frill = frilled * (step % 1) ** 1.5 * smoothstep(1.0, 0.9, step % 1)
        line = lined * np.cos(bearing * 46 + turn[0])
        bald = np.clip(smoothstep(bare * 0.55, bare * 0.15, radius + 0.05 * spot), 0, 1)
        rim = smoothstep(2.2, 0.4, inward)
        tone = 0.20 + 0.30 * level + kind + 0.22 * vault - 0.16 * ring
        tone = tone + 0.42 * frill - 0.12 * frilled + 0.07 * line + 0.06 * spot
        tone = tone + 0.10 * rim + 0.12 * smoothstep(0.4, 1.0, radius)
        paint = mix(colour_ramp(tone, second if other else shell), colour(worn), 0.85 * bald)
        tilt = (lean[0] * along + lean[1] * aside) / length
        rise = 0.12 + 0.42 * level + swell * vault - 0.025 * ring + 0.20 * frill + 0.10 * tilt + 0.012 * line
        gloss = mix(finish[0], finish[1], np.clip(bald + 0.5 * frill, 0, 1)) + 0.05 * ring + 0.04 * spot
        canvas.lay(place.window, cover, paint, rise, gloss, shadow=0.7 * smoothstep(-6.0, 0.0, inward))
    for y, x in scattered_points(size, 15.0, rng, 1):
        around, ribs, phase = rng.uniform(1.6, 4.8), int(rng.integers(6, 9)), rng.uniform(0, 2 * np.pi)
        crowd = rng.random() + 0.35 * speck[int(y) % size, int(x) % size]
        if crowd > barnacles:
            continue
        place = canvas.place(y, x, 0.0, around * 1.3 + 4)
        away, bearing = np.hypot(place.along, place.aside), np.arctan2(place.aside, place.along)
        furrow = 0.5 + 0.5 * np.cos(ribs * bearing + phase)
        outline = around * (1 + 0.05 * furrow)
        out = away / outline
        mouth = smoothstep(0.40, 0.22, out + 0.16 * np.cos(2 * bearing + phase))
        tone = 0.30 + 0.30 * (1 - out) + 0.34 * furrow * out + 0.05 * speck[place.window]
        paint = mix(colour_ramp(tone, crust), colour(bed[0]), mouth)
        cone = np.clip(1.1 - out, 0, 0.75)
        top = canvas.height[place.window] + 0.16 * cone - 0.18 * mouth
        cover = smoothstep(-0.7, 0.7, outline - away)
        canvas.lay(place.window, cover, paint, top, 0.82, shadow=0.5 * smoothstep(-3.5, 0.0, outline - away))
    return canvas.maps()
