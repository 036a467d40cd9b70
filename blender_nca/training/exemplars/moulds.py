# SPDX-License-Identifier: GPL-3.0-or-later
"""Moulds: colonies that spread over what is damp."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas
from .fibres import fibres
from .grains import granules, grit, pores
from .noise import noise, random_shift
from .ramp import colour, colour_ramp, crisp_step, mix, shaded, smoothstep
from .voronoi import scattered_points, voronoi


def mould(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
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
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
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
    feature = unit * feature
    grain, fine = noise(size, 20 * unit, rng, 3, 0.7), noise(size, 5 * unit, rng, 2, 0.9)
    cloud = noise(size, 52 * unit, rng, 2)
    holes = voronoi(
        size,
        scattered_points(size, 15.0 * unit, rng, 0),
        34.0 * unit,
        rounding=1.2 * unit,
        shift=random_shift(size, 1.4 * unit, 16 * unit, rng),
    )
    pore = porous * smoothstep(2.6 * unit, 6.0 * unit, holes.border) * (holes.draw_each(0, 1, rng) < 0.72)
    tone = 0.68 + 0.10 * grain + 0.06 * fine + 0.06 * cloud - 0.62 * pore
    damp = stained * smoothstep(-0.3, 1.3, cloud)
    base = mix(colour_ramp(tone, ground), colour(stain), 0.45 * damp)
    canvas = Canvas(
        base,
        0.42 + uneven * (0.5 * grain + cloud) + 0.012 * fine - 0.34 * pore,
        finish[0] + 0.05 * fine - 0.18 * damp,
    )
    wave_y, wave_x = random_shift(size, 0.8 * unit, 17 * unit, rng, 2, 0.4)
    fluff = noise(size, 4 * unit, rng, 1)
    count = round(amount * 3.1 * (size / feature) ** 2)
    # Small colonies are many and large ones few; these lie beneath.
    radii = np.sort(0.5 * feature * smallest ** np.sqrt(rng.random(count)))[::-1]
    spread = np.zeros((size, size))
    for radius in radii:
        # Of two places, the one where more colonies are is the likelier.
        places = (rng.random((2, 2)) * size).astype(int)
        crowd = [cloud[tuple(each)] for each in places]
        y, x = places[int(np.argmax(crowd)) if rng.random() < clustered else 0] + rng.random(2)
        kind, turn, other = rng.uniform(-0.08, 0.08), rng.uniform(0, 2 * np.pi, 3), rng.random() < share
        place = canvas.place(y, x, 0.0, 1.35 * radius + 9 * unit)
        down, right = place.aside + wave_y[place.window], place.along + wave_x[place.window]
        away, bearing = np.hypot(down, right), np.arctan2(down, right)
        outline = radius * (1 + 0.05 * np.cos(2 * bearing + turn[0]))
        hair = np.cos(bearing * max(9, round(2.2 * radius / unit)) + turn[2] + 2.0 * fluff[place.window])
        inward = outline - away + 0.5 * unit * fuzz * fluff[place.window]
        soft = unit * (0.9 + 1.3 * fuzz)
        cover = crisp_step(-soft, soft, inward, unit**0.5)
        share_out = np.clip(away / outline, 0, 1.1)
        ring = rings * np.cos(2 * np.pi * (share_out * (0.5 + radius / (8.5 * unit))) + turn[0])
        ring = ring * smoothstep(3.0 * unit, 9.0 * unit, radius)
        tone = 0.14 + 0.74 * share_out**2.6 + 0.10 * ring + kind
        tone = tone + fuzz * (0.07 * fluff[place.window] + 0.05 * hair)
        paint = colour_ramp(tone, second if other else blue)
        dome = np.sqrt(np.clip(1 - share_out**2, 0, 1))
        thick = 0.35 + 0.65 * radius / (0.5 * feature)
        top = np.maximum(canvas.height[place.window], 0.30) + rise * dome * thick
        top = top + 0.03 * ring + 0.02 * fuzz * fluff[place.window]
        gloss = finish[1] + 0.02 * fine[place.window]
        halo = 0.30 * smoothstep(-8.0 * unit, 0.0, inward)
        canvas.lay(place.window, cover, paint, np.clip(top, 0, 0.94), gloss, shadow=halo)
        spread[place.window] = np.maximum(spread[place.window], cover)
    if unit > 1:
        # Drawn finer, colonies are of single spores on matted threads, and crumb has small pores.
        finer = rng.spawn(1)[0]
        dust, spores = grit(size, unit, finer), granules(size, 1.8 * unit, finer)
        way_y, way_x = random_shift(size, 1.0, 7 * unit, finer)
        matted = 0.6 * fibres(way_y, way_x, 7 * unit, 1.4 * unit, finer)
        powdery = smoothstep(1.2 * unit, 0.0, spores.distance) - 0.5 + 0.5 * spores.tone + fuzz * matted
        bubble = pores(granules(size, 3.6 * unit, finer), 0.9 * unit, 0.3)
        relief = mix(0.5 * dust + 0.5 * spores.tone - 1.5 * bubble, powdery, spread)
        canvas.base = shaded(canvas.base, 0.085 * relief)
        canvas.height = canvas.height + 0.016 * relief
        canvas.roughness = canvas.roughness - 0.02 * relief
    return canvas.maps()
