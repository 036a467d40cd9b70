# SPDX-License-Identifier: GPL-3.0-or-later
"""Concretes: cement with cracks and pebbles, asphalt, and terrazzo."""

from __future__ import annotations

import numpy as np

from .fibres import hairlines
from .grains import granules, grit, pores
from .noise import evened, noise, random_shift
from .ramp import colour_ramp, crisp_step, mix, shaded, smoothstep, stack_maps
from .voronoi import scattered_points, shift_by_owner, voronoi


def concrete(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
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
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
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
    feature, crack, wander, pebble = unit * feature, unit * crack, unit * wander, unit * pebble
    grain, sand = noise(size, 22 * unit, rng, 4, 0.7), noise(size, 4.5 * unit, rng, 1)
    cloud = noise(size, 56 * unit, rng, 3, 0.5)
    bend = random_shift(size, wander, 26 * unit, rng, 3, 0.7)
    plates = voronoi(size, scattered_points(size, feature, rng, 2), feature * 2, shift=bend)
    pieces = voronoi(
        size,
        scattered_points(size, feature * 0.45, rng, 1),
        feature * 1.0,
        shift=shift_by_owner(plates.nearest, bend, 0.5, feature, rng),
    )
    run = noise(size, 40 * unit, rng, 2, 0.5)
    open_wide = smoothstep(-0.25, 0.35, run - np.quantile(run, missing))
    width = 0.5 * crack * open_wide * np.clip(1 + 0.4 * noise(size, 18 * unit, rng, 2), 0.3, None)
    if unit > 1:
        # Drawn finer, cracks have crumbled edges.
        finer = rng.spawn(1)[0]
        crumbs = granules(size, 2.4 * unit, finer)
        width = np.clip(width + 0.35 * unit * crumbs.tone * (width > 0.4 * unit), 0, None)
    gape = crisp_step(width + 0.7 * unit, width - 0.9 * unit, plates.border, unit)
    gape = gape * smoothstep(0.02 * unit, 0.4 * unit, width)
    other = noise(size, 44 * unit, rng, 2, 0.5)
    thin = smoothstep(0.0, 0.6, other) * hairline
    hair = crisp_step(1.5 * unit, 0.1 * unit, pieces.border, unit) * np.clip(thin, 0, 1)
    # The skin comes off in patches and beside the cracks.
    skin = noise(size, 34 * unit, rng, 4, 0.65)
    skin = skin + 0.8 * spalled * smoothstep(9.0 * unit, 0.0, plates.border) * open_wide
    skin = skin - np.quantile(skin, max(1 - exposed, 0)) if exposed else np.full((size, size), -1.0)
    off = smoothstep(-0.06, 0.10, skin)
    lip = smoothstep(-0.30, -0.02, skin) * (1 - off)
    stones = voronoi(
        size,
        scattered_points(size, pebble, rng, 1),
        pebble * 2.2,
        rounding=unit * (0.8 + 1.8 * (1 - rugged)),
        shift=random_shift(size, unit * (0.25 + 0.75 * rugged), 11 * unit, rng, 2),
    )
    radius = pebble * (0.5 - 0.30 * bare) * stones.draw_each(0.55, 1.25, rng)
    inside = np.minimum(stones.border - 0.10 * pebble * bare, radius - stones.distance + 0.16 * pebble)
    stone = crisp_step(-0.6 * unit, 0.8 * unit, inside, unit)
    dome = smoothstep(0.0, pebble * 0.3, inside)
    hue = stones.draw_each(0, 1, rng)
    tint = stones.draw_each(-0.10, 0.10, rng)
    hole = np.zeros((size, size))
    if voids:
        bubbles = voronoi(size, scattered_points(size, 12.0 * unit, rng, 0), 26.0 * unit, borders=False)
        radius = unit * np.maximum(bubbles.draw_each(-3.5, 2.3, rng), 0.0) + 1e-3
        hole = voids * smoothstep(radius + 0.3 * unit, radius * 0.4, bubbles.distance)
        hole = hole * (radius > 0.4 * unit) * (1 - off)
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
    inner = smoothstep(width + 0.7 * unit, -0.5 * unit, plates.border)
    base = mix(
        base * (1 - 0.42 * smoothstep(4.0 * unit, 0.5 * unit, plates.border) * open_wide),
        colour_ramp(0.8 - inner, depth),
        gape,
    )
    base = mix(base, colour_ramp(0.2 + 0.4 * hair, depth), 0.8 * hair * (1 - gape))
    height = mix(height, 0.05 + 0.05 * sand, gape) - 0.14 * hair * (1 - gape)
    roughness = mix(roughness, 0.96, np.maximum(gape, 0.6 * hair))
    if unit > 1:
        # Cement is of sand with pinholes and hairlines, pebbles of small minerals.
        dust, sands = grit(size, unit, finer), granules(size, 1.9 * unit, finer)
        pinhole = pores(granules(size, 3.8 * unit, finer), 0.8 * unit, 0.25)
        flaw = hairlines(size, 12 * unit, 0.4 * unit, finer, 0.3)
        sandy = 0.7 * sands.tone + 0.4 * sands.lit + 0.5 * dust - 1.5 * pinhole - 1.2 * flaw
        mineral = 0.7 * crumbs.tone + 0.3 * crumbs.lit + 0.3 * dust
        grained = mix(sandy, mineral, stone * off) * (1 - 0.6 * gape)
        base = shaded(base, 0.085 * grained)
        height = height + 0.016 * grained
        roughness = roughness - 0.02 * grained
    return stack_maps(base, height, roughness, 0.0)
