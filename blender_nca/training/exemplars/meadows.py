# SPDX-License-Identifier: GPL-3.0-or-later
"""Meadows: blades of grass, straw and needles that lie over each other."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas
from .noise import evened, noise
from .ramp import colour, colour_ramp, mix, smoothstep


def grass(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 50.0,
    width: float = 6.2,
    layers: float = 3.6,
    bend: float = 0.7,
    pointed: float = 1.0,
    ribbed: float = 1.0,
    kinds: float = 0.16,
    green: tuple[str, ...] = ("#0f2408", "#24480f", "#487a1c", "#7ba838", "#b5cf6a"),
    dry: tuple[str, ...] = ("#4a3a1a", "#86692f", "#bd9c55", "#e2c98c"),
    dryness: float = 0.10,
    soil: tuple[str, ...] = ("#080a04", "#151a0a", "#262b14"),
    finish: tuple[float, float] = (0.62, 0.48),
) -> np.ndarray:
    """Blades seen from above: deep ones in the dark, those on top in the light, some of them dry.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        Mean length of a blade in pixels.
    width : float
        Mean width of a blade in pixels.
    layers : float
        How many blades lie over a place in the mean.
    bend : float
        How far blades are bent: 0 leaves them straight.
    pointed : float
        How far blades narrow towards their tips: 0 leaves them straws of one width.
    ribbed : float
        How plain the rib along a blade's middle is.
    kinds : float
        How much blades differ in tone.
    green, dry, soil : sequence of str
        Ramps from dark to light: of fresh and of dry blades, and of the ground.
    dryness : float
        Share of the dry ones.
    finish : (float, float)
        Roughness of the lowest and of the highest blades.

    Returns
    -------
    ndarray (8, size, size)
    """
    ground = noise(size, 12, rng, 3)
    canvas = Canvas(colour_ramp(evened(ground), soil), 0.05 + 0.02 * ground, 0.95 + 0.02 * ground)
    count = round(layers * size**2 / (0.72 * feature * width))
    for number in range(count):
        level = number / count
        length, half = feature * rng.uniform(0.7, 1.25), 0.5 * width * rng.uniform(0.7, 1.3)
        dries = rng.random() < dryness
        kind, cast, curve = rng.uniform(-kinds, kinds), rng.uniform(0.4, 1.0), bend * rng.normal(0, 0.22)
        y, x = rng.random(2) * size
        reach = half + 5 + abs(curve) * length
        place = canvas.place(y, x, rng.uniform(0, 2 * np.pi), 0.5 * length + 4, reach)
        share = place.along / length + 0.5
        aside = place.aside - curve * length * ((2 * share - 1) ** 2 - 1 / 3)
        taper = half * np.clip(share, 0, 1) ** 0.12 * np.clip(1 - share, 0, 1) ** (0.55 * pointed)
        taper = taper * smoothstep(-0.02, 0.03, share) * smoothstep(1.02, 0.98, share)
        cover = smoothstep(-0.75, 0.55, taper - np.abs(aside))
        round_off = np.sqrt(np.clip(1 - (aside / (taper + 0.4)) ** 2, 0, 1))
        # A blade is folded along its middle: one half faces the light.
        fold = np.clip(aside / (half + 0.3), -1, 1)
        rib = ribbed * smoothstep(1.1, 0.2, np.abs(aside)) * smoothstep(0.95, 0.6, share)
        fibre = np.cos(3.1 * aside + 5 * kind)
        tone = 0.10 + 0.55 * level**0.8 + kind + 0.16 * share + 0.08 * ribbed * fold + 0.14 * rib
        tone = tone + 0.05 * fibre - 0.16 * (1 - round_off)
        paint = colour_ramp(tone, dry if dries else green)
        if not dries:
            # Tips wither first.
            paint = mix(
                paint, colour(dry[2]), 0.7 * smoothstep(0.86, 1.0, share + 0.25 * kind) * (dryness > 0)
            )
        rise = 0.10 + 0.66 * level + 0.16 * round_off + 0.03 * rib - 0.05 * np.abs(2 * share - 1)
        shade = 0.55 * cast * smoothstep(3.2, 0.0, np.abs(aside) - taper) * smoothstep(-0.1, 0.05, share)
        shade = shade * smoothstep(1.1, 0.95, share)
        gloss = mix(finish[0], finish[1], level) + 0.06 * (1 - round_off) + (0.2 if dries else 0.0)
        canvas.lay(place.window, cover, paint, rise, gloss, shadow=shade)
    return canvas.maps()
