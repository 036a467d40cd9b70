# SPDX-License-Identifier: GPL-3.0-or-later
"""Concretes: cement with cracks and pebbles, asphalt, and terrazzo."""

from __future__ import annotations

import numpy as np

from .noise import evened, noise, random_shift
from .ramp import colour_ramp, mix, smoothstep, stack_maps
from .voronoi import scattered_points, shift_by_owner, voronoi


def concrete(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 74.0,
    crack: float = 2.6,
    hairline: float = 0.7,
    wander: float = 3.0,
    missing: float = 0.35,
    spalled: float = 0.5,
    pebble: float = 13.0,
    exposed: float = 0.16,
    bare: float = 0.42,
    rugged: float = 1.0,
    voids: float = 0.8,
    stained: float = 0.6,
    cement: tuple[str, ...] = ("#6f6d68", "#8f8c85", "#aeaaa1", "#c7c3ba"),
    pebbles: tuple[str, ...] = ("#5a5148", "#8b7d6c", "#a9a49c", "#6f7478", "#c2b7a4"),
    stain: tuple[str, ...] = ("#4c4338", "#6d6252"),
    depth: tuple[str, ...] = ("#0d0c0b", "#24211d", "#45403a"),
    relief: float = 0.30,
    finish: tuple[float, float, float] = (0.90, 0.55, 0.70),
) -> np.ndarray:
    """Cement that has cracked: pebbles show where its skin has come off.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        From one crack to the next, in pixels.
    crack, hairline : float
        Width of the cracks, and of the finer ones between, in pixels; 0 leaves them out.
    wander : float
        How far the cracks wander from straight lines, in pixels.
    missing : float
        Share of the cracks that have healed or never ran through.
    spalled : float
        How far the skin has come off beside the cracks.
    pebble : float
        From one pebble to the next, in pixels.
    exposed : float
        Share of the surface without skin, where pebbles show.
    bare : float
        How far pebbles lie apart, from 0 for touching ones to 1.
    rugged : float
        How broken pebbles are: 0 leaves them round.
    voids : float
        How many bubbles the cement has.
    stained : float
        How plainly water has stained it.
    cement, pebbles, stain, depth : sequence of str
        Ramps: of the cement from dark to light; colours of the pebbles; of the stains; of the cracks from deep up.
    relief : float
        How far pebbles stand up.
    finish : (float, float, float)
        Roughness of cement, pebbles and stains.

    Returns
    -------
    ndarray (8, size, size)
    """
    grain, sand, cloud = noise(size, 22, rng, 4, 0.7), noise(size, 4.5, rng, 1), noise(size, 56, rng, 3, 0.5)
    bend = random_shift(size, wander, 26, rng, 3, 0.7)
    plates = voronoi(size, scattered_points(size, feature, rng, 2), feature * 2, shift=bend)
    pieces = voronoi(
        size,
        scattered_points(size, feature * 0.45, rng, 1),
        feature * 1.0,
        shift=shift_by_owner(plates.nearest, bend, 0.5, feature, rng),
    )
    run = noise(size, 40, rng, 2, 0.5)
    open_wide = smoothstep(-0.25, 0.35, run - np.quantile(run, missing))
    width = 0.5 * crack * open_wide * np.clip(1 + 0.4 * noise(size, 18, rng, 2), 0.3, None)
    gape = smoothstep(width + 0.7, width - 0.9, plates.border) * smoothstep(0.02, 0.4, width)
    other = noise(size, 44, rng, 2, 0.5)
    thin = smoothstep(0.0, 0.6, other) * hairline
    hair = smoothstep(1.5, 0.1, pieces.border) * np.clip(thin, 0, 1)
    # The skin comes off in patches and beside the cracks.
    skin = noise(size, 34, rng, 4, 0.65) + 0.8 * spalled * smoothstep(9.0, 0.0, plates.border) * open_wide
    skin = skin - np.quantile(skin, max(1 - exposed, 0)) if exposed else np.full((size, size), -1.0)
    off = smoothstep(-0.06, 0.10, skin)
    lip = smoothstep(-0.30, -0.02, skin) * (1 - off)
    stones = voronoi(
        size,
        scattered_points(size, pebble, rng, 1),
        pebble * 2.2,
        rounding=0.8 + 1.8 * (1 - rugged),
        shift=random_shift(size, 0.25 + 0.75 * rugged, 11, rng, 2),
    )
    radius = pebble * (0.5 - 0.30 * bare) * stones.draw_each(0.55, 1.25, rng)
    inside = np.minimum(stones.border - 0.10 * pebble * bare, radius - stones.distance + 0.16 * pebble)
    stone = smoothstep(-0.6, 0.8, inside)
    dome = smoothstep(0.0, pebble * 0.3, inside)
    hue = stones.draw_each(0, 1, rng)
    tint = stones.draw_each(-0.10, 0.10, rng)
    hole = np.zeros((size, size))
    if voids:
        bubbles = voronoi(size, scattered_points(size, 12.0, rng, 0), 26.0, borders=False)
        radius = np.maximum(bubbles.draw_each(-3.5, 2.3, rng), 0.0) + 1e-3
        hole = voids * smoothstep(radius + 0.3, radius * 0.4, bubbles.distance) * (radius > 0.4) * (1 - off)
    wet = stained * smoothstep(0.0, 1.5, cloud + 0.25 * grain)
    tone = 0.56 + 0.12 * grain + 0.07 * sand + 0.10 * cloud + 0.10 * lip - 0.4 * hole
    face = colour_ramp(tone, cement)
    face = mix(face, colour_ramp(evened(grain), stain), 0.55 * wet)
    under = colour_ramp(0.34 + 0.12 * grain + 0.10 * sand, cement)
    # Each pebble takes one colour of the list, not what lies between two.
    shade = np.floor(hue * len(pebbles)) / max(len(pebbles) - 1, 1)
    rock = colour_ramp(shade, pebbles) * (0.84 + 0.18 * dome + tint + 0.05 * sand + 0.05 * grain)
    rubble = mix(under, rock, stone)
    base = mix(face, rubble, off)
    height = 0.70 + 0.035 * grain + 0.010 * sand + 0.05 * cloud + 0.05 * lip - 0.16 * hole
    below = 0.42 + 0.03 * grain * rugged + 0.012 * sand * (1 - 0.8 * stone)
    height = mix(height, below + relief * (0.25 + 0.75 * dome) * stone, off)
    roughness = mix(finish[0] + 0.03 * grain, finish[2], wet)
    roughness = mix(roughness, mix(finish[0], finish[1], stone), off)
    inner = smoothstep(width + 0.7, -0.5, plates.border)
    base = mix(
        base * (1 - 0.42 * smoothstep(4.0, 0.5, plates.border) * open_wide),
        colour_ramp(0.8 - inner, depth),
        gape,
    )
    base = mix(base, colour_ramp(0.2 + 0.4 * hair, depth), 0.8 * hair * (1 - gape))
    height = mix(height, 0.05 + 0.05 * sand, gape) - 0.14 * hair * (1 - gape)
    return stack_maps(base, height, mix(roughness, 0.96, np.maximum(gape, 0.6 * hair)), 0.0)
