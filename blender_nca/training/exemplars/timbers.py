# SPDX-License-Identifier: GPL-3.0-or-later
"""Timbers: the grain of sawn wood."""

from __future__ import annotations

import numpy as np

from .fibres import hairlines, hairs
from .grains import grit
from .noise import noise, random_shift
from .ramp import colour, colour_ramp, crisp_step, mix, shaded, smoothstep, stack_maps
from .voronoi import nearest_copy, scattered_points, window_around

NARROWEST = 24.0
"""Width in pixels below which there are no boards."""


def timber(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 12.0,
    figure: float = 1.6,
    late: float = 0.55,
    pores: float = 1.0,
    rays: float = 0.7,
    knots: float = 0.0,
    boards: float = 0.0,
    gap: float = 3.0,
    checks: float = 0.0,
    relief: float = 0.05,
    kinds: float = 0.10,
    wood: tuple[str, ...] = ("#6b4424", "#96673a", "#bd8c56", "#d9b07c", "#ecd0a2"),
    pore: str = "#3a2212",
    ray: str = "#e6c692",
    finish: tuple[float, float] = (0.46, 0.66),
) -> np.ndarray:
    """Rings of a trunk, sawn along it: flames of late wood, pores, rays and, in some, knots.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        From one ring to the next, in pixels, in the mean; rounded so that it tiles.
    figure : float
        How far rings leave their straight way, in rings: much of it makes flames and islands.
    late : float
        How dark the late wood of a ring is.
    pores, rays : float
        How plainly pores and rays show.
    knots : float
        Share of the places for a knot that are taken.
    boards, gap : float
        Wished width of the boards, and of the gaps between them, in pixels; below `NARROWEST` all is
        one board.
    checks : float
        How plainly the wood has split along its grain.
    relief : float
        How far late wood stands up.
    kinds : float
        How much boards differ in tone.
    wood : sequence of str
        Ramp from late to early wood.
    pore, ray : str
    finish : (float, float)
        Roughness of late and of early wood.

    Returns
    -------
    ndarray (8, size, size)
    """
    y, x = np.mgrid[:size, :size] + 0.5
    feature, gap = unit * feature, unit * gap
    count = max(1, round(size / (unit * boards))) if boards >= NARROWEST else 1
    pitch = size / count
    board = np.floor(x / pitch).astype(int)
    inset = pitch / 2 - np.abs(x - (board + 0.5) * pitch) if count > 1 else np.full((size, size), 99.0 * unit)
    offset = rng.integers(0, size, (2, count)) * (count > 1)

    def laid(field: np.ndarray) -> np.ndarray:
        """Another part of a field on every board."""
        return field[(y.astype(int) + offset[0][board]) % size, (x.astype(int) + offset[1][board]) % size]

    rings = max(1, round(size / feature))
    sway = figure * noise(size, 80 * unit, rng, 1, 0.5, (3.2, 0.9))
    sway = sway + 0.16 * noise(size, 30 * unit, rng, 2, 0.5, (5.0, 1.0))
    core, around = np.zeros((size, size)), np.zeros((size, size))
    places = scattered_points(size, 84.0 * unit, rng, 2) if knots else np.empty((0, 2))
    drawn = rng.random((len(places), 3))
    taken = drawn[:, 0].argsort()[: round(knots * len(places))]
    for (ky, kx), (_, wide, tall) in zip(places[taken], drawn[taken], strict=True):
        radius, taper = unit * (6.0 + 5.0 * wide), 1.1 + 0.5 * tall
        window = window_around(ky, kx, 60 * unit, size)
        away = np.hypot(
            nearest_copy(window[0] + 0.5 - ky, size) / taper, nearest_copy(window[1] + 0.5 - kx, size)
        )
        around[window] = np.maximum(around[window], np.exp(-((away / (2.0 * radius)) ** 2)))
        core[window] = np.maximum(
            core[window], crisp_step(radius + 1.5 * unit, radius - 1.5 * unit, away, unit)
        )
        sway[window] += 3.2 * np.exp(-((away / (1.7 * radius)) ** 2)) + 0.9 * np.exp(-away / radius)
    phase = laid(sway + rings * x / size)
    ring = phase % 1
    # Early wood darkens slowly into late wood, and the next ring begins at once.
    dark = smoothstep(0.2, 0.88, ring) * smoothstep(1.0, 0.87, ring)
    dark = dark * (0.75 + 0.25 * np.sin(2.4 * np.floor(phase) + 0.5 * phase))
    fibre = laid(noise(size, 9 * unit, rng, 3, 0.8, (7.0, 0.6)))
    cloud = laid(noise(size, 60 * unit, rng, 2, 0.6, (2.5, 0.8)))
    vessel = laid(noise(size, 5 * unit, rng, 1, 0.5, (9.0, 0.6)))
    vessel = crisp_step(1.4, 2.1, vessel - 0.9 * np.abs(ring - 0.15) + 0.3, unit**0.5)
    vessel = pores * vessel * (1 - laid(core))
    fleck = laid(noise(size, 11 * unit, rng, 1, 0.5, (3.6, 0.5)))
    fleck = rays * smoothstep(1.35, 2.0, fleck) * smoothstep(-0.4, 0.9, cloud)
    knot, halo = laid(core), laid(around)
    tone = 0.66 - late * 0.55 * dark + 0.075 * fibre + 0.06 * cloud - 0.26 * halo
    tone = tone + (count > 1) * rng.uniform(-kinds, kinds, count)[board]
    base = colour_ramp(tone, wood)
    base = mix(base, colour(ray), 0.55 * fleck)
    base = mix(base, colour(pore), np.clip(0.62 * vessel + 0.5 * knot * (0.55 + 0.45 * dark), 0, 1))
    height = 0.58 + relief * (dark - 0.35) + 0.14 * cloud + 0.016 * fibre - 0.16 * vessel + 0.06 * knot
    roughness = mix(finish[1], finish[0], dark) + 0.03 * fibre + 0.15 * vessel - 0.08 * fleck
    if unit > 1:
        # Drawn finer, wood is of fibres that part in hairlines, with vessels cut open along it.
        finer = rng.spawn(1)[0]
        bent = random_shift(size, 0.7 * unit, 30 * unit, finer)
        strand = laid(hairs(size, 22 * unit, 1.5 * unit, finer, bent, 2, 0.5))
        parted = laid(hairlines(size, 6.0 * unit, 0.45 * unit, finer, 0.35, (6.0, 1.0)))
        cut = laid(noise(size, 2.6 * unit, finer, 1, 0.5, (6.0, 0.7)))
        cut = pores * smoothstep(1.3, 1.9, cut) * (1 - dark)
        grained = 0.75 * strand + 0.3 * grit(size, unit, finer) - (0.5 + checks) * parted - 0.9 * cut
        grained = (grained - grained.mean()) * (1 - 0.4 * knot)
        base = shaded(base, (0.055 + 0.03 * min(checks, 1.0)) * grained)
        height = height + (0.008 + 0.12 * relief) * grained
        roughness = roughness - 0.02 * grained
    if checks:
        split = crisp_step(1.75, 2.25, laid(noise(size, 10 * unit, rng, 1, 0.5, (8.0, 0.42))), unit**0.5)
        split = checks * np.maximum(split, 0.9 * knot * smoothstep(0.3, 0.9, dark))
        base = mix(base, colour(pore), 0.9 * split)
        height = height - 0.34 * split
        roughness = roughness + 0.1 * split
    if count > 1:
        ragged = 0.5 * unit * noise(size, 14 * unit, rng, 2, 0.6, (2.5, 1.0))
        inward = inset - gap / 2 + ragged
        cover = crisp_step(-0.7 * unit, 0.8 * unit, inward, unit)
        edge = smoothstep(3.5 * unit, 0.0, inward)
        base = mix(colour(pore) * 0.45, base * (1 - 0.28 * edge), cover)
        height = mix(0.03, height - 0.14 * edge + rng.uniform(-0.05, 0.05, count)[board], cover)
        roughness = mix(0.95, roughness, cover)
    return stack_maps(base, height, roughness, 0.0)
