# SPDX-License-Identifier: GPL-3.0-or-later
"""Furs: locks of hair that lie over each other."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas
from .noise import evened, noise
from .ramp import colour, colour_ramp, mix, smoothstep
from .voronoi import scattered_points


def fur(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 46.0,
    breadth: float = 0.13,
    layers: float = 2.8,
    direction: float = 1.35,
    swirl: float = 0.32,
    curl: float = 0.08,
    strands: float = 2.4,
    kinds: float = 0.12,
    hair: tuple[str, ...] = ("#3a1608", "#8a3a12", "#c4642a", "#e39a56", "#fadcb0"),
    tip: str = "#2a1610",
    tipped: float = 0.0,
    guard: float = 0.6,
    patches: tuple[str, ...] = (),
    share: float = 0.4,
    finish: tuple[float, float] = (0.78, 0.50),
) -> np.ndarray:
    """Soft fur: strands gather in locks, dark at the root, each lock's tip over the roots of the next.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        Mean length of a lock in pixels.
    breadth : float
        Half the width of a lock over its length.
    layers : float
        How many locks lie over a place in the mean.
    direction : float
        Angle of the fur in radians, from x downwards.
    swirl : float
        How far it strays from that, in radians.
    curl : float
        How far locks are bent.
    strands : float
        How many strands show in half a lock.
    kinds : float
        How much locks differ in tone.
    hair : sequence of str
        Ramp from root to tip.
    tip, tipped : str, float
        Colour of the very tips, and how plain it is.
    guard : float
        How many long single hairs lie on top.
    patches, share : sequence of str, float
        Ramp of the hair in patches, and their share; none if empty.
    finish : (float, float)
        Roughness at the roots and at the tips.

    Returns
    -------
    ndarray (8, size, size)
    """
    under = noise(size, 7, rng, 2, 0.7, (2.4, 0.8))
    canvas = Canvas(colour_ramp(0.05 + 0.08 * evened(under), hair), 0.04 + 0.03 * under, 0.9 + 0.02 * under)
    flow, shades = swirl * noise(size, 84, rng), noise(size, 60, rng)
    spots = noise(size, 50, rng, 2, 0.4)
    spots = spots - np.quantile(spots, 1 - share)
    spacing = feature * np.sqrt(2 * breadth / layers)
    for y, x in scattered_points(size, spacing, rng, 1):
        here = int(y) % size, int(x) % size
        length, kind = feature * rng.uniform(0.75, 1.2), rng.uniform(-kinds, kinds) + 0.04 * shades[here]
        angle = direction + flow[here] + 0.12 * rng.normal()
        curve, turn = curl * rng.normal(), rng.uniform(0, 2 * np.pi)
        lift, dyed = rng.uniform(-0.05, 0.05), bool(patches) and spots[here] > 0.12 * rng.normal()
        place = canvas.place(y, x, angle, 0.5 * length + 3, breadth * length + abs(curve) * length + 4)
        share_out = np.clip(place.along / length + 0.5, 0, 1)
        aside = place.aside - curve * length * ((2 * share_out - 1) ** 2 - 1 / 3)
        taper = share_out**0.45 * (1 - share_out) ** 0.85 / 0.50
        half = breadth * length * taper
        across = aside / (half + 0.4)
        # Strands run together at the tip, and end there one before the other.
        wave = strands * np.pi * across + turn
        strand = 0.6 * np.cos(wave) + 0.4 * np.cos(2.3 * wave + 1.7 * turn)
        ends = 1 - 0.10 * (0.5 + 0.5 * np.cos(1.6 * wave + turn))
        cover = smoothstep(1.06, 0.80, np.abs(across)) * smoothstep(ends + 0.05, ends - 0.05, share_out)
        cover = cover * smoothstep(0.0, 0.12, share_out)
        round_off = np.sqrt(np.clip(1 - across**2, 0, 1))
        rise = 0.08 + 0.66 * share_out - 0.16 * share_out**4 + 0.10 * round_off + 0.06 * strand + lift
        # What is higher lies on top, in whatever order locks come.
        cover = cover * smoothstep(-0.02, 0.03, rise - canvas.height[place.window])
        tone = 0.10 + 0.62 * share_out**1.2 + 0.13 * strand + 0.12 * (round_off - 0.6) + kind
        shown = colour_ramp(tone, patches if dyed else hair)
        dark = tipped * smoothstep(0.66, 0.92, share_out + 0.08 * strand)
        shown = mix(shown, colour(tip), np.clip(dark, 0, 1))
        gloss = mix(finish[0], finish[1], share_out) - 0.05 * strand
        beside = 0.35 * smoothstep(1.7, 1.0, np.abs(across)) * smoothstep(0.1, 0.5, share_out)
        beside = beside * smoothstep(1.05, 0.9, share_out) * (rise > canvas.height[place.window])
        canvas.lay(place.window, cover, shown, rise, gloss, shadow=beside)
    for y, x in rng.random((round(guard * (size / 9) ** 2), 2)) * size:
        here = int(y) % size, int(x) % size
        length, curve, light = feature * rng.uniform(0.5, 1.0), rng.normal(0, 0.10), rng.uniform(0.6, 1.0)
        angle = direction + flow[here] + 0.3 * rng.normal()
        place = canvas.place(y, x, angle, 0.5 * length + 2, abs(curve) * length + 3)
        share_out = np.clip(place.along / length + 0.5, 0, 1)
        aside = np.abs(place.aside - curve * length * ((2 * share_out - 1) ** 2 - 1 / 3))
        cover = 0.75 * smoothstep(1.1, 0.2, aside) * np.sin(np.pi * share_out) ** 0.5
        dyed = bool(patches) and spots[here] > 0
        shown = colour_ramp(0.25 + 0.7 * share_out * light, patches if dyed else hair)
        shown = mix(shown, colour(tip), np.clip(tipped * smoothstep(0.7, 0.9, share_out), 0, 1))
        canvas.lay(
            place.window, cover, shown, np.clip(canvas.height[place.window] + 0.07, 0, 0.96), finish[1]
        )
    return canvas.maps()
