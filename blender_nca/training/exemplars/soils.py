# SPDX-License-Identifier: GPL-3.0-or-later
"""Soils: dried mud."""

from __future__ import annotations

import numpy as np

from .fibres import cracks
from .grains import granules, grit, pores
from .noise import noise, random_shift
from .ramp import colour, colour_ramp, crisp_step, mix, smoothstep, stack_maps
from .voronoi import scattered_points, shift_by_owner, voronoi


def mud(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 56.0,
    crack: float = 7.0,
    fine: float = 2.6,
    curl: float = 1.0,
    gloss: float = 0.0,
    clay: tuple[str, ...] = ("#6b4d35", "#957352", "#bb9a74", "#dcc3a0"),
    depth: tuple[str, ...] = ("#0e0805", "#24160d", "#47301f"),
    rim: str = "#ecd9ba",
) -> np.ndarray:
    """Clay dried into plates with curled rims, each split again by finer cracks.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        From one plate to the next, in pixels.
    crack : float
        Width of the cracks between plates in pixels.
    fine : float
        Width of the cracks within a plate in pixels.
    curl : float
        How high the rims curl up; 0 leaves the plates domed.
    gloss : float
        How wet the plates are, 0 to 1.
    clay, depth : sequence of str
        Ramps: of the plates from dents to swellings; of the cracks from deep to shallow.
    rim : str
        Colour of the rims.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature, crack, fine = unit * feature, unit * crack, unit * fine
    shift = random_shift(size, 2.0 * unit, 30 * unit, rng, 2, 0.6)
    points = scattered_points(size, feature, rng, 3)
    plates = voronoi(size, points, feature * 2, rounding=0.8 * unit, shift=shift)
    # The finer cracks end at the wide ones.
    shift = shift_by_owner(plates.nearest, shift, 0.25, feature, rng)
    pieces = voronoi(
        size, scattered_points(size, feature * 0.52, rng, 2), feature * 1.1, rounding=0.5 * unit, shift=shift
    )
    swing = noise(size, 44 * unit, rng)
    wide = plates.border - 0.5 * crack * np.clip(1 + 0.22 * swing, 0.55, None)
    narrow = pieces.border - 0.5 * fine * np.clip(1 + 0.35 * noise(size, 40 * unit, rng), 0.3, None)
    speck: float | np.ndarray = 0.0
    if unit > 1:
        # Drawn finer, clay is of grit with pores and hairline cracks in it, and crumbles along its rims; wet, it is
        # smoother.
        chance = rng.spawn(1)[0]
        dust = grit(size, unit, chance)
        crumbling = (1 - 0.5 * gloss) * unit * noise(size, 5 * unit, chance, 3, 0.7)
        wide, narrow = wide + 0.22 * crumbling, narrow + 0.15 * crumbling
        grains = granules(size, 1.9 * unit, chance)
        speck = 0.5 * grains.tone + 0.3 * grains.lit + 0.25 * dust
        hairline = cracks(size, 9 * unit, 0.5 * unit, chance)
        hole = pores(granules(size, 4.2 * unit, chance), 0.8 * unit, 0.4)
        hollow = np.maximum((1 - 0.4 * gloss) * hairline, 0.8 * (1 - 0.5 * gloss) * hole)
    cover = crisp_step(-0.9 * unit, 1.2 * unit, wide, unit**0.5)
    whole = crisp_step(-0.9 * unit, 1.1 * unit, narrow, unit**0.5)
    kind = plates.draw_each(-0.11, 0.11, rng)
    kind = kind + pieces.draw_each(-0.08, 0.08, rng)
    grain, lump = noise(size, 13 * unit, rng, 2), noise(size, 30 * unit, rng)
    inner = np.minimum(wide, narrow + 2.0 * unit)
    lifted = smoothstep(13.0 * unit, 0.5 * unit, wide) + 0.45 * smoothstep(6.0 * unit, 0.5 * unit, narrow)
    lifted = np.clip(lifted, 0.0, 1.0)
    tone = 0.36 + 0.22 * curl * lifted + kind + 0.05 * grain + 0.06 * lump
    tone = tone + 0.18 * (1 - curl) * smoothstep(0.0, 14.0 * unit, inner) + (0.20 - 0.08 * gloss) * speck
    lip = smoothstep(4.5 * unit, 1.2 * unit, wide) * crisp_step(-0.5 * unit, 1.2 * unit, wide, unit**0.5)
    lip = lip + 0.5 * smoothstep(3.0 * unit, 1.0 * unit, narrow)
    if unit > 1:
        lip = lip * (1 + 0.5 * speck)
    top = mix(colour_ramp(tone, clay), colour(rim), np.clip(0.75 * lip, 0, 1))
    if unit > 1:
        top = mix(top, colour_ramp(tone - 0.45, (depth[2], *clay)), 0.75 * hollow)
    shallow = 0.15 + 0.85 * smoothstep(-crack * 0.45, 0.3 * unit, wide) + 0.25 * speck
    split = colour_ramp(0.30 + 0.5 * smoothstep(-fine * 0.5, 0.5 * unit, narrow) + 0.2 * speck, depth)
    base = mix(colour_ramp(shallow, depth), mix(split, top, whole), cover)
    dome = smoothstep(0.0, feature * 0.22, inner)
    rise = 0.60 + 0.30 * curl * lifted + 0.28 * (1 - curl) * dome + 0.012 * grain + 0.03 * lump
    if unit > 1:
        rise = rise + 0.03 * speck - 0.10 * hollow
    height = mix(0.02 + 0.16 * shallow, mix(0.30, rise, whole), cover)
    dry = 0.66 + 0.22 * lifted + 0.03 * grain + 0.08 * speck
    wet = 0.30 + 0.22 * lifted + 0.03 * lump + 0.10 * speck
    roughness = mix(0.95 - 0.45 * gloss, mix(dry, wet, gloss), cover * whole)
    return stack_maps(base, height, roughness, 0.0)
