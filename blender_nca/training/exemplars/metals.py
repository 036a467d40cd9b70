# SPDX-License-Identifier: GPL-3.0-or-later
"""Metals: rust on bare steel."""

from __future__ import annotations

import numpy as np

from .fibres import cracks, scratches
from .grains import granules, grit, pores
from .noise import noise
from .ramp import colour, colour_ramp, mix, smoothstep, stack_maps
from .voronoi import scattered_points, voronoi


def rust(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 78.0,
    amount: float = 0.56,
    steel: tuple[str, ...] = ("#7f8b98", "#9aa6b2", "#b4bec8"),
    oxide: tuple[str, ...] = ("#2a110a", "#5c220e", "#9a4314", "#cf6d22", "#eda253"),
    stretch: tuple[float, float] = (1.0, 1.0),
    ragged: float = 0.62,
    edge: tuple[float, float] = (-0.06, 0.16),
    brushed: float = 1.0,
    mottle: float = 0.0,
    stained: float = 1.0,
    pitted: float = 1.0,
    scabby: float = 1.0,
    curl: float = 0.0,
    finish: tuple[float, float] = (0.26, 0.88),
    metal: float = 1.0,
) -> np.ndarray:
    """Blotches of rust eating into bare steel: the metal ends where the rust begins.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        From one blotch to the next, in pixels.
    amount : float
        Share of the surface under rust, 0 to 1.
    steel, oxide : sequence of str
        Ramps: of the brushed metal; of the rust from its rim to its crust.
    stretch : (float, float)
        How many times longer the blotches are along y and along x.
    ragged : float
        How torn the blotches' outlines are, 0 to 1.
    edge : (float, float)
        Where the rust begins and is whole, in standard deviations of its spread: closer is sharper.
    brushed, mottle : float
        How plainly the bare metal is brushed, and how patchy it is.
    stained, pitted : float
        How plainly rust stains the metal around it, and how deep its pits are.
    scabby : float
        How uneven the rust is.
    curl : float
        How far the rust's rim stands up.
    finish : (float, float)
        Roughness of the metal and of the rust.
    metal : float
        Metallic of what lies bare.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature = unit * feature
    spread = noise(size, feature, rng, 4, ragged, stretch)
    depth = spread - np.quantile(spread, 1 - amount)
    outline, begins, whole = depth, *edge
    if unit > 1:
        # Drawn finer, the rust's outline is crisper and torn in smaller bits.
        fine = rng.spawn(1)[0]
        dust = grit(size, unit, fine)
        outline = depth + 0.10 * ragged * noise(size, 4.5 * unit, fine, 3, 0.8, stretch)
        middle, half = (edge[0] + edge[1]) / 2, (edge[1] - edge[0]) / 2 / unit**0.5
        begins, whole = middle - half, middle + half
    cover = smoothstep(begins, whole, outline)
    stain = stained * smoothstep(-0.45, 0.0, depth)
    brush = brushed * noise(size, 9 * unit, rng, 2, stretch=(0.5, 6.0))
    grain = noise(size, 11 * unit, rng, 3)
    fleck, crumb, craze = np.zeros(3)
    if unit > 1:
        # The metal is brushed and scratched; rust is of flakes and crumbs, and smooth coats craze instead.
        strand = noise(size, 2.6 * unit, fine, 2, 0.9, (0.6, 12.0))
        scratch = metal * scratches(size, 15 * unit, 26 * unit, 0.5 * unit, fine)
        brush = brush + brushed * (0.7 * strand + 0.2 * dust) + 1.6 * scratch
        bits = granules(size, 2.4 * unit, fine)
        fleck = 0.5 * bits.tone + 0.3 * bits.lit + 0.2 * dust
        crumb = min(scabby, 1.3) ** 2 * (0.085 * bits.tone + 0.05 * bits.lit + 0.05 * dust)
        smooth = max(0.0, 1 - scabby)
        craze = smooth * cracks(size, 13 * unit, 0.4 * unit, fine)
        crumb = crumb + smooth * 0.035 * dust
    bare = colour_ramp(0.5 + 0.13 * brush + mottle * grain + (1.3 * mottle + 0.06 * metal) * fleck, steel)
    bare = mix(bare, colour(oxide[2]), 0.38 * stain)
    pits = voronoi(size, scattered_points(size, 15.0 * unit, rng, 1), 32.0 * unit, borders=False)
    pit_size = unit * pits.draw_each(0.0, 5.5, rng)
    pit = smoothstep(pit_size, pit_size - 2.5 * unit, pits.distance) * smoothstep(0.35, 0.7, depth)
    pit = pitted * pit
    if unit > 1:
        hole = pores(granules(size, 3.4 * unit, fine), 0.75 * unit, 0.5) * smoothstep(0.1, 0.5, depth)
        pit = np.maximum(pit, 0.8 * pitted * hole)
    rim = curl * cover * smoothstep(edge[1] + 0.45, edge[1], depth)
    tone = 0.14 + 0.62 * smoothstep(0.0, 1.3, depth) + 0.10 * scabby * grain + rim + crumb
    flaked = mix(colour_ramp(tone, oxide), colour(oxide[0]), 0.75 * pit)
    if unit > 1:
        flaked = flaked * (1 - 0.35 * craze + 0.25 * smooth * (scratch + 0.1 * dust))
        specks = (
            stained * stain * (1 - cover) * smoothstep(0.62, 0.8, bits.chance + 0.25 * stain + 0.05 * dust)
        )
        bare = mix(bare, colour(oxide[1]), 0.7 * specks)
    base = mix(bare, flaked, cover)
    scab = 0.46 + 0.36 * smoothstep(0.0, 0.9, depth) + 0.05 * scabby * grain - 0.34 * pit + rim
    scab = scab + 0.35 * crumb - 0.10 * craze
    height = mix(0.30 + 0.015 * brush + 0.2 * mottle * (grain + 0.8 * fleck) - 0.10 * stain, scab, cover)
    roughness = mix(
        finish[0] + 0.03 * brush + 0.22 * stain, finish[1] + 0.03 * grain - 0.4 * crumb + 0.2 * craze, cover
    )
    return stack_maps(base, height, roughness, metal * (1 - cover))
