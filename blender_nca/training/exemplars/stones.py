# SPDX-License-Identifier: GPL-3.0-or-later
"""Stones, molten and cold: lava and lapis."""

from __future__ import annotations

import numpy as np

from .noise import noise, slope, softened, warp
from .ramp import colour, colour_ramp, mix, smoothstep, stack_maps
from .voronoi import scattered_points, voronoi


def lava(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 40.0,
    crack: float = 2.2,
    glow: float = 6.0,
    crust: tuple[str, ...] = ("#0d0a0c", "#1f191a", "#3a3231"),
    heat: tuple[str, ...] = ("#2a0604", "#8e1606", "#e8480a", "#ff9c1c", "#ffe887"),
) -> np.ndarray:
    """Dark plates of crust over a glowing melt.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        From one plate to the next, in pixels.
    crack : float
        Half the mean width of the cracks in pixels.
    glow : float
        How far the plates' rims glow, in pixels.
    crust, heat : sequence of str
        Ramps: of the plates from their dents to their ridges; of the melt from its rim to its middle.

    Returns
    -------
    ndarray (7, size, size)
    """
    shift = tuple(2.2 * noise(size, 30, rng, 2, 0.7) for _ in range(2))
    plates = voronoi(size, scattered_points(size, feature, rng, 2), feature * 2.2, rounding=0.8, shift=shift)
    width = crack * (1 + 0.35 * noise(size, 50, rng))
    inward = plates.border - np.clip(width, 0.8, None)
    cover = smoothstep(-0.8, 2.0, inward)
    hot = smoothstep(glow, -crack - 1.5, inward)
    count = plates.nearest.max() + 1
    # Ropes: folds across each plate, every plate in its own direction.
    angle = rng.uniform(0, 2 * np.pi, count)[plates.nearest]
    along = plates.offset_y * np.sin(angle) + plates.offset_x * np.cos(angle)
    aside = plates.offset_x * np.sin(angle) - plates.offset_y * np.cos(angle)
    ropes = np.cos(2 * np.pi * (along + 0.02 * aside**2) / 11 + 0.6 * noise(size, 20, rng))
    ropes = ropes * smoothstep(2.0, 9.0, inward)
    grain = noise(size, 9, rng, 2)
    dome = smoothstep(0.0, feature * 0.35, inward)
    tone = 0.38 + 0.20 * ropes + 0.10 * grain + rng.uniform(-0.15, 0.15, count)[plates.nearest]
    plate = colour_ramp(tone, crust)
    melt = colour_ramp(hot, heat, (0.05, 0.30, 0.60, 0.82, 1.0))
    base = mix(plate, melt, np.maximum(smoothstep(0.03, 0.45, hot), 1 - cover))
    height = mix(0.06, 0.50 + 0.32 * dome + 0.09 * ropes + 0.02 * grain, cover)
    roughness = mix(0.22, 0.86 - 0.10 * ropes, cover)
    return stack_maps(base, height, roughness, 0.0)


def lapis(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 70.0,
    vein: float = 1.8,
    stone: tuple[str, ...] = ("#070b30", "#10207a", "#1f45b8", "#5f8fe0"),
    pale: str = "#c9dcf5",
    gold: tuple[str, ...] = ("#8a5a14", "#d9a02e", "#ffe08a"),
) -> np.ndarray:
    """Clouded blue marble with veins of gold and threads of calcite.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        Wavelength of the veins' wandering in pixels; they stand about half of it apart.
    vein : float
        Half the mean width of the gold veins in pixels.
    stone, pale, gold : str or sequence of str
        Ramp of the stone, colour of the threads, ramp of the gold from its rim to its middle.

    Returns
    -------
    ndarray (7, size, size)
    """
    shift = tuple(2.6 * noise(size, 34, rng, 2) for _ in range(2))

    def nearness(wavelength):
        """Pixels to the nearest vein: a level line of noise, its value over its slope."""
        field = warp(noise(size, wavelength, rng), *shift)
        steepness = np.sqrt(softened(sum(part**2 for part in slope(field)), 2.0))
        return np.abs(field) / (steepness + 0.02), field

    distance, side = nearness(feature)
    thread, _ = nearness(feature * 0.8)
    width = np.clip(vein * (1 + 0.45 * noise(size, 36, rng)), 0.9, None)
    gilt = smoothstep(width + 1.0, width - 1.0, distance)
    calcite = 0.55 * smoothstep(2.6, 0.4, thread)
    cloud = 0.42 + 0.12 * side + 0.15 * noise(size, 30, rng, 3, 0.6)
    # The stone darkens towards the gold: the veins seem to lie deep.
    cloud = cloud * mix(0.55, 1.0, smoothstep(0.0, 8.0, distance))
    base = mix(colour_ramp(cloud, stone), colour(pale), calcite)
    metal = colour_ramp(smoothstep(width + 1.0, 0.0, distance) + 0.05 * noise(size, 10, rng), gold)
    base = mix(base, metal, gilt)
    height = mix(0.30 + 0.25 * cloud + 0.10 * calcite, 0.95, smoothstep(width + 1.5, width * 0.2, distance))
    roughness = mix(0.14 + 0.35 * calcite, 0.30, gilt)
    return stack_maps(base, height, roughness, gilt)
