# SPDX-License-Identifier: GPL-3.0-or-later
"""What animals wear: giraffe, zebra and scales."""

from __future__ import annotations

import numpy as np

from .noise import noise, warp
from .ramp import colour, colour_ramp, mix, smoothstep, stack_maps
from .reaction_diffusion import labyrinth
from .voronoi import scattered_points, voronoi


def giraffe(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 42.0,
    gap: float = 5.5,
    rounding: float = 2.2,
    cream: tuple[str, ...] = ("#e8cf9c", "#f6e6c0"),
    patch: tuple[str, ...] = ("#b9702b", "#94501c", "#6a3211", "#4a200b"),
) -> np.ndarray:
    """Brown patches, darker at heart, in a net of cream.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        From one patch to the next, in pixels.
    gap : float
        Width of the cream lines in pixels.
    rounding : float
        Radius in pixels that rounds the patches' corners.
    cream, patch : sequence of str
        Ramps: of the lines; of the patches from their rim to their heart.

    Returns
    -------
    ndarray (7, size, size)
    """
    shift = tuple(1.3 * noise(size, 26, rng) for _ in range(2))
    cells = voronoi(
        size, scattered_points(size, feature, rng, 4), feature * 2, rounding=rounding, shift=shift
    )
    inward = cells.border - gap / 2
    cover = smoothstep(-1.3, 1.3, inward)
    fur = noise(size, 7, rng, 2, stretch=(2.5, 0.7))
    kind = rng.uniform(-0.12, 0.12, cells.nearest.max() + 1)[cells.nearest]
    tone = 0.08 + 0.72 * smoothstep(0, feature * 0.42, inward) + kind + 0.045 * fur
    base = mix(colour_ramp(0.5 + 0.2 * fur, cream), colour_ramp(tone, patch), cover)
    height = mix(0.14 + 0.02 * fur, 0.58 + 0.32 * smoothstep(0, feature * 0.4, inward) + 0.025 * fur, cover)
    roughness = mix(0.86, 0.62 - 0.10 * smoothstep(0, feature * 0.4, inward), cover) + 0.02 * fur
    return stack_maps(base, height, roughness, 0.0)


def zebra(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 34.0,
    straightness: float = 0.16,
    direction: float = 1.15,
    sway: float = 2.5,
    black: tuple[str, ...] = ("#0c0a0d", "#1f1a1c"),
    white: tuple[str, ...] = ("#dccbb0", "#f7f1e4"),
) -> np.ndarray:
    """Black stripes that fork and end on warm white.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        From stripe to stripe, in pixels.
    straightness : float
        0 lets the stripes wander, 1 keeps them straight.
    direction : float
        Angle of the stripes in radians, from the x axis downwards.
    sway : float
        How far the stripes wave, in pixels.
    black, white : sequence of str
        Ramps: of the stripes; of the ground from the stripes' rim outwards.

    Returns
    -------
    ndarray (7, size, size)
    """
    wave = labyrinth(size, feature, rng, straightness=straightness, direction=direction, steps=36)
    wave = warp(wave, *(sway * noise(size, 90, rng) for _ in range(2)))
    # The wave is nearly a sine: its arc is the distance to the edge, so edges are equally sharp everywhere.
    inward = np.arcsin(np.clip(wave, -1, 1)) * feature / (2 * np.pi)
    cover = smoothstep(-1.3, 1.3, inward)
    fur = noise(size, 7, rng, 2, stretch=(2.5, 0.7))
    ground = colour_ramp(0.1 + 0.85 * smoothstep(0.5, -5.0, inward) + 0.10 * fur, white)
    stripe = colour_ramp(0.45 + 0.2 * fur, black)
    base = mix(ground, stripe, cover)
    crest = smoothstep(-1.5, feature * 0.2, inward)
    height = 0.14 + 0.018 * fur + 0.70 * crest
    roughness = mix(0.82, 0.42, cover) + 0.02 * fur
    return stack_maps(base, height, roughness, 0.0)


def scales(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 36.0,
    rim: float = 0.15,
    body: tuple[str, ...] = ("#04191f", "#0a4a4c", "#11876e", "#6fd39a"),
    gold: str = "#f2c25b",
) -> np.ndarray:
    """Overlapping dragon scales with gilded rims, in staggered rows.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        Wished width of a scale in pixels; rounded so that the rows tile.
    rim : float
        Width of the gilded rim as a share of the scale's half width.
    body : sequence of str
        Ramp from under the overlap to the tip.
    gold : str
        Colour of the rim.

    Returns
    -------
    ndarray (7, size, size)
    """
    columns = max(2, round(size / feature))
    rows = max(2, 2 * round(size / (feature * 0.58) / 2))
    width, pitch = size / columns, size / rows
    wave = 0.5 * noise(size, 40, rng)
    y = np.arange(size)[:, None] + 0.5 + wave
    x = np.arange(size)[None, :] + 0.5 + np.roll(wave, size // 3, 1)
    tints = rng.uniform(-0.07, 0.07, (rows, columns))

    def place(row):
        """Column, place across (-1 to 1) and along (0 to 2 pitches) of the scales of a row."""
        shifted = x / width - 0.5 * (row % 2)
        column = np.floor(shifted)
        return column.astype(int) % columns, 2 * (shifted - column) - 1, y / pitch - row

    band = np.floor(y / pitch).astype(int)
    upper_column, upper_across, upper_along = place(band - 1)
    lower_column, lower_across, lower_along = place(band)
    # The rounded tip of the row above lies over the straight flanks of this row.
    upper_edge = np.hypot(upper_across, upper_along - 1)
    pixels = (1 - upper_edge) * min(width / 2, pitch)
    over = smoothstep(-1.0, 1.0, pixels)

    def paint(row, column, across, along, edge):
        """Base colour, height and gilding of a scale."""
        keel = smoothstep(0.16, 0.0, np.abs(across)) * smoothstep(0.3, 0.9, along)
        fan = 0.5 + 0.5 * np.cos(9 * np.arctan2(across, along + 0.25) * 2)
        tone = 0.42 * along + 0.10 * (1 - across**2) + 0.14 * keel + 0.04 * fan - 0.06
        tone = tone + tints[row % rows, column]
        gilt = smoothstep(1 - rim - 0.09, 1 - rim + 0.03, edge) * (along > 0)
        rise = -0.14 + 0.46 * along + 0.10 * (1 - across**2) + 0.07 * keel + 0.02 * fan
        return colour_ramp(tone, body), rise, gilt

    upper, upper_rise, upper_gilt = paint(band - 1, upper_column, upper_across, upper_along, upper_edge)
    # Beneath: what shows of this row is its middle, in the shadow of the tips above.
    lower, lower_rise, _ = paint(band, lower_column, lower_across, lower_along, np.zeros_like(y))
    shadow = smoothstep(-7.0, 0.0, pixels)
    lower = lower * (1 - 0.55 * shadow)
    upper = mix(upper, colour(gold) * (0.85 + 0.15 * upper_across), upper_gilt)
    base = mix(lower, upper, over)
    height = mix(lower_rise, upper_rise + 0.08 * upper_gilt, over)
    gilt = upper_gilt * over
    roughness = mix(0.30 + 0.25 * shadow * (1 - over), 0.22, gilt)
    return stack_maps(base, height, roughness, mix(0.12, 1.0, gilt))
