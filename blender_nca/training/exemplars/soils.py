# SPDX-License-Identifier: GPL-3.0-or-later
"""Soils: dried mud."""

from __future__ import annotations

import numpy as np

from .noise import noise, random_shift
from .ramp import colour, colour_ramp, mix, smoothstep, stack_maps
from .voronoi import scattered_points, shift_by_owner, voronoi


def mud(
    size: int,
    rng: np.random.Generator,
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
    shift = random_shift(size, 2.0, 30, rng, 2, 0.6)
    plates = voronoi(size, scattered_points(size, feature, rng, 3), feature * 2, rounding=0.8, shift=shift)
    # The finer cracks end at the wide ones.
    shift = shift_by_owner(plates.nearest, shift, 0.25, feature, rng)
    pieces = voronoi(
        size, scattered_points(size, feature * 0.52, rng, 2), feature * 1.1, rounding=0.5, shift=shift
    )
    swing = noise(size, 44, rng)
    wide = plates.border - 0.5 * crack * np.clip(1 + 0.22 * swing, 0.55, None)
    narrow = pieces.border - 0.5 * fine * np.clip(1 + 0.35 * noise(size, 40, rng), 0.3, None)
    cover = smoothstep(-0.9, 1.2, wide)
    whole = smoothstep(-0.9, 1.1, narrow)
    kind = plates.draw_each(-0.11, 0.11, rng)
    kind = kind + pieces.draw_each(-0.08, 0.08, rng)
    grain, lump = noise(size, 13, rng, 2), noise(size, 30, rng)
    inner = np.minimum(wide, narrow + 2.0)
    lifted = smoothstep(13.0, 0.5, wide) + 0.45 * smoothstep(6.0, 0.5, narrow)
    lifted = np.clip(lifted, 0.0, 1.0)
    tone = 0.36 + 0.22 * curl * lifted + kind + 0.05 * grain + 0.06 * lump
    tone = tone + 0.18 * (1 - curl) * smoothstep(0.0, 14.0, inner)
    lip = smoothstep(4.5, 1.2, wide) * smoothstep(-0.5, 1.2, wide) + 0.5 * smoothstep(3.0, 1.0, narrow)
    top = mix(colour_ramp(tone, clay), colour(rim), np.clip(0.75 * lip, 0, 1))
    shallow = 0.15 + 0.85 * smoothstep(-crack * 0.45, 0.3, wide)
    split = colour_ramp(0.30 + 0.5 * smoothstep(-fine * 0.5, 0.5, narrow), depth)
    base = mix(colour_ramp(shallow, depth), mix(split, top, whole), cover)
    dome = smoothstep(0.0, feature * 0.22, inner)
    rise = 0.60 + 0.30 * curl * lifted + 0.28 * (1 - curl) * dome + 0.012 * grain + 0.03 * lump
    height = mix(0.02 + 0.16 * shallow, mix(0.30, rise, whole), cover)
    dry = 0.66 + 0.22 * lifted + 0.03 * grain
    wet = 0.30 + 0.22 * lifted + 0.03 * lump
    roughness = mix(0.95 - 0.45 * gloss, mix(dry, wet, gloss), cover * whole)
    return stack_maps(base, height, roughness, 0.0)
