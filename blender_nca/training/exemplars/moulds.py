# SPDX-License-Identifier: GPL-3.0-or-later
"""Moulds: colonies that spread over what is damp."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas
from .noise import noise, random_shift
from .ramp import colour, colour_ramp, mix, smoothstep
from .voronoi import scattered_points, voronoi


def mould(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 40.0,
    amount: float = 1.1,
    smallest: float = 0.20,
    clustered: float = 0.5,
    rings: float = 1.0,
    fuzz: float = 1.0,
    blue: tuple[str, ...] = ("#1f3a3c", "#3f6a68", "#7ba39a", "#bcd4c8", "#f0f4ee"),
    second: tuple[str, ...] = ("#2a3414", "#55661f", "#8fa04a", "#c6d092", "#f3f5e2"),
    share: float = 0.25,
    rise: float = 0.34,
    ground: tuple[str, ...] = ("#9c6f3c", "#c79c62", "#e3c18b", "#f3dfb6"),
    porous: float = 1.0,
    uneven: float = 0.035,
    stain: str = "#6b5a34",
    stained: float = 0.5,
    finish: tuple[float, float] = (0.78, 0.96),
) -> np.ndarray:
    """Round colonies, powdery and ringed, with a pale rim of threads, over crumb or plaster.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        Diameter of the large colonies in pixels.
    amount : float
        How densely they stand; 1 covers about half.
    smallest : float
        Diameter of the smallest over that of the largest.
    clustered : float
        How far they keep to where others are, 0 to 1.
    rings : float
        How plain their rings are.
    fuzz : float
        How fluffy they are.
    blue, second : sequence of str
        Ramps of two kinds of colony, from the spores at heart to the threads at the rim.
    share : float
        Share of the second kind.
    rise : float
        How high colonies stand.
    ground : sequence of str
        Ramp from the pores to the face of what they grow on.
    porous, uneven : float
        How deep its pores are, and how uneven it is.
    stain, stained : str, float
        Colour of the damp around colonies, and how plain it is.
    finish : (float, float)
        Roughness of the ground and of the colonies.

    Returns
    -------
    ndarray (8, size, size)
    """
    grain, fine, cloud = noise(size, 20, rng, 3, 0.7), noise(size, 5, rng, 2, 0.9), noise(size, 52, rng, 2)
    holes = voronoi(
        size, scattered_points(size, 15.0, rng, 0), 34.0, rounding=1.2, shift=random_shift(size, 1.4, 16, rng)
    )
    pore = porous * smoothstep(2.6, 6.0, holes.border) * (holes.draw_each(0, 1, rng) < 0.72)
    tone = 0.68 + 0.10 * grain + 0.06 * fine + 0.06 * cloud - 0.62 * pore
    damp = stained * smoothstep(-0.3, 1.3, cloud)
    base = mix(colour_ramp(tone, ground), colour(stain), 0.45 * damp)
    canvas = Canvas(
        base,
        0.42 + uneven * (0.5 * grain + cloud) + 0.012 * fine - 0.34 * pore,
        finish[0] + 0.05 * fine - 0.18 * damp,
    )
    wave_y, wave_x = random_shift(size, 0.8, 17, rng, 2, 0.4)
    fluff = noise(size, 4, rng, 1)
    count = round(amount * 3.1 * (size / feature) ** 2)
    # Small colonies are many and large ones few; these lie beneath.
    radii = np.sort(0.5 * feature * smallest ** np.sqrt(rng.random(count)))[::-1]
    for radius in radii:
        # Of two places, the one where more colonies are is the likelier.
        places = (rng.random((2, 2)) * size).astype(int)
        crowd = [cloud[tuple(each)] for each in places]
        y, x = places[int(np.argmax(crowd)) if rng.random() < clustered else 0] + rng.random(2)
        kind, turn, other = rng.uniform(-0.08, 0.08), rng.uniform(0, 2 * np.pi, 3), rng.random() < share
        place = canvas.place(y, x, 0.0, 1.35 * radius + 9)
        down, right = place.aside + wave_y[place.window], place.along + wave_x[place.window]
        away, bearing = np.hypot(down, right), np.arctan2(down, right)
        outline = radius * (1 + 0.05 * np.cos(2 * bearing + turn[0]))
        hair = np.cos(bearing * max(9, round(2.2 * radius)) + turn[2] + 2.0 * fluff[place.window])
        inward = outline - away + 0.5 * fuzz * fluff[place.window]
        soft = 0.9 + 1.3 * fuzz
        cover = smoothstep(-soft, soft, inward)
        share_out = np.clip(away / outline, 0, 1.1)
        ring = rings * np.cos(2 * np.pi * (share_out * (0.5 + radius / 8.5)) + turn[0])
        ring = ring * smoothstep(3.0, 9.0, radius)
        tone = 0.14 + 0.74 * share_out**2.6 + 0.10 * ring + kind
        tone = tone + fuzz * (0.07 * fluff[place.window] + 0.05 * hair)
        paint = colour_ramp(tone, second if other else blue)
        dome = np.sqrt(np.clip(1 - share_out**2, 0, 1))
        thick = 0.35 + 0.65 * radius / (0.5 * feature)
        top = np.maximum(canvas.height[place.window], 0.30) + rise * dome * thick
        top = top + 0.03 * ring + 0.02 * fuzz * fluff[place.window]
        gloss = finish[1] + 0.02 * fine[place.window]
        halo = 0.30 * smoothstep(-8.0, 0.0, inward)
        canvas.lay(place.window, cover, paint, np.clip(top, 0, 0.94), gloss, shadow=halo)
    return canvas.maps()
