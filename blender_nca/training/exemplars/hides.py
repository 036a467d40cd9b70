# SPDX-License-Identifier: GPL-3.0-or-later
"""Hides of animals: giraffe, zebra and scales."""

from __future__ import annotations

import numpy as np

from .noise import noise, random_shift, warp
from .ramp import colour, colour_ramp, mix, smoothstep, stack_maps
from .reaction_diffusion import labyrinth
from .voronoi import scattered_points, voronoi


def _fur(size: int, rng: np.random.Generator, hair: float) -> np.ndarray:
    """Short hairs along y: noise (size, size) of standard deviation `hair`."""
    return hair * noise(size, 7, rng, 2, stretch=(2.5, 0.7))


def giraffe(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 42.0,
    gap: float = 5.5,
    rounding: float = 2.2,
    cream: tuple[str, ...] = ("#e8cf9c", "#f6e6c0"),
    patch: tuple[str, ...] = ("#b9702b", "#94501c", "#6a3211", "#4a200b"),
    rounds: int = 4,
    dome: float = 0.32,
    kinds: float = 0.12,
    tone: tuple[float, float] = (0.08, 0.72),
    broken: float = 0.0,
    hair: float = 1.0,
    finish: tuple[float, float] = (0.86, 0.62),
    metal: tuple[float, float] = (0.0, 0.0),
    light: float = 0.0,
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
    rounds : int
        How even the patches are in size: 0 leaves it to chance.
    dome : float
        How much higher a patch is at heart than at its rim.
    kinds : float
        How much patches differ in tone from each other.
    tone : (float, float)
        Place on the ramp of a common patch's rim, and how much farther on its heart is.
    broken : float
        Share of the patches' rims that is left out.
    hair : float
        How plainly fur shows: 0 for none.
    finish, metal : (float, float)
        Roughness and metallic of the lines and of the patches.
    light : float
        How strongly the patches glow, 0 to 1.

    Returns
    -------
    ndarray (8, size, size)
    """
    shift = random_shift(size, 1.3, 26, rng)
    cells = voronoi(
        size, scattered_points(size, feature, rng, rounds), feature * 2, rounding=rounding, shift=shift
    )
    inward = cells.border - gap / 2
    cover = smoothstep(-1.3, 1.3, inward)
    fur = _fur(size, rng, hair)
    kind = cells.draw_each(-kinds, kinds, rng)
    if broken:
        torn = noise(size, 24, rng)
        torn = smoothstep(-0.2, 0.2, torn - np.quantile(torn, 1 - broken))
        cover = cover * (1 - torn * smoothstep(feature * 0.20, feature * 0.12, inward))
    inner = tone[0] + tone[1] * smoothstep(0, feature * 0.42, inward) + kind + 0.045 * fur
    base = mix(colour_ramp(0.5 + 0.2 * fur, cream), colour_ramp(inner, patch), cover)
    swell = smoothstep(0, feature * 0.4, inward)
    height = mix(0.14 + 0.02 * fur, 0.58 + dome * swell + 0.025 * fur, cover)
    roughness = mix(finish[0], finish[1] - 0.10 * swell, cover)
    roughness = roughness + 0.02 * fur
    return stack_maps(base, height, roughness, mix(*metal, cover), light * cover)


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
    width: float = 0.0,
    edge: float = 1.3,
    hair: float = 1.0,
    finish: tuple[float, float] = (0.82, 0.42),
    metal: tuple[float, float] = (0.0, 0.0),
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
    width : float
        0 gives stripes as wide as the ground between them, -1 none, 1 nothing but stripes.
    edge : float
        How softly stripes blend into the ground: half the way in pixels.
    hair : float
        How plainly fur shows: 0 for none.
    finish, metal : (float, float)
        Roughness and metallic of the ground and of the stripes.

    Returns
    -------
    ndarray (8, size, size)
    """
    wave = labyrinth(size, feature, rng, straightness=straightness, direction=direction, steps=36)
    wave = warp(wave, *random_shift(size, sway, 90, rng))
    # The wave is nearly a sine, so its arcsine is the distance to the edge, and edges are equally sharp everywhere.
    inward = np.arcsin(np.clip(wave + width, -1, 1)) * feature / (2 * np.pi)
    cover = smoothstep(-edge, edge, inward)
    fur = _fur(size, rng, hair)
    ground = colour_ramp(0.1 + 0.85 * smoothstep(0.5, -5.0, inward) + 0.10 * fur, white)
    stripe = colour_ramp(0.45 + 0.2 * fur, black)
    base = mix(ground, stripe, cover)
    crest = smoothstep(-edge - 0.2, feature * 0.2, inward)
    height = 0.14 + 0.018 * fur + 0.70 * crest
    roughness = mix(*finish, cover) + 0.02 * fur
    return stack_maps(base, height, roughness, mix(*metal, cover))


def scales(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 36.0,
    rim: float = 0.15,
    body: tuple[str, ...] = ("#04191f", "#0a4a4c", "#11876e", "#6fd39a"),
    gold: str = "#f2c25b",
    aspect: float = 0.58,
    tips: float = 2.0,
    keeled: float = 1.0,
    kinds: float = 0.07,
    second: tuple[str, ...] = (),
    share: float = 0.5,
    grain: float = 0.0,
    ember: str = "#000000",
    light: float = 0.0,
    finish: tuple[float, float] = (0.30, 0.22),
    metal: tuple[float, float] = (0.12, 1.0),
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
    aspect : float
        Distance of the rows over the width of a scale.
    tips : float
        Shape of the tips: 1 pointed, 2 round, 6 nearly square.
    keeled : float
        How plainly scales have a keel and rays.
    kinds : float
        How much scales differ in tone from each other.
    second, share : sequence of str, float
        Ramp of a second kind of scale that stands in groups, and its share; no such kind if empty.
    grain : float
        How grained the scales are.
    ember, light : str, float
        Colour of a glow from under the tips, and how strong it is, 0 to 1.
    finish, metal : (float, float)
        Roughness and metallic of the scales and of their rims.

    Returns
    -------
    ndarray (8, size, size)
    """
    columns = max(2, round(size / feature))
    rows = max(2, 2 * round(size / (feature * aspect) / 2))
    width, pitch = size / columns, size / rows
    wave = 0.5 * noise(size, 40, rng)
    y = np.arange(size)[:, None] + 0.5 + wave
    x = np.arange(size)[None, :] + 0.5 + np.roll(wave, size // 3, 1)
    tints = rng.uniform(-kinds, kinds, (rows, columns))
    grains = grain * noise(size, 10, rng, 3, stretch=(2.0, 0.7)) if grain else 0.0
    others = np.zeros((rows, columns), bool)
    if second:
        groups = noise(size, 64, rng)
        middle_y = ((np.arange(rows)[:, None] + 1) * pitch).astype(int) % size
        middle_x = (np.arange(columns) + 0.5 + 0.5 * (np.arange(rows)[:, None] % 2)) * width
        groups = groups[middle_y, middle_x.astype(int) % size]
        others = groups > np.quantile(groups, 1 - share)

    def place(row: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Column, place across (-1 to 1) and along (0 to 2 pitches) of the scales of a row."""
        shifted = x / width - 0.5 * (row % 2)
        column = np.floor(shifted)
        return column.astype(int) % columns, 2 * (shifted - column) - 1, y / pitch - row

    band = np.floor(y / pitch).astype(int)
    upper_column, upper_across, upper_along = place(band - 1)
    lower_column, lower_across, lower_along = place(band)
    # The rounded tip of the row above lies over the straight flanks of this row.
    if tips == 2:
        upper_edge = np.hypot(upper_across, upper_along - 1)
    else:
        upper_edge = (np.abs(upper_across) ** tips + np.abs(upper_along - 1) ** tips) ** (1 / tips)
    pixels = (1 - upper_edge) * min(width / 2, pitch)
    over = smoothstep(-1.0, 1.0, pixels)

    def painted(
        row: np.ndarray, column: np.ndarray, across: np.ndarray, along: np.ndarray, edge: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Base colour, height and gilding of the scales of a row."""
        keel = keeled * smoothstep(0.16, 0.0, np.abs(across)) * smoothstep(0.3, 0.9, along)
        fan = keeled * (0.5 + 0.5 * np.cos(9 * np.arctan2(across, along + 0.25) * 2))
        tone = 0.42 * along + 0.10 * (1 - across**2) + 0.14 * keel + 0.04 * fan - 0.06
        tone = tone + tints[row % rows, column] + grains
        gilt = smoothstep(1 - rim - 0.09, 1 - rim + 0.03, edge) * (along > 0)
        rise = -0.14 + 0.46 * along + 0.10 * (1 - across**2) + 0.07 * keel + 0.02 * fan + 0.25 * grains
        paint = colour_ramp(tone, body)
        if second:
            paint = np.where(others[row % rows, column], colour_ramp(tone, second), paint)
        return paint, rise, gilt

    upper, upper_rise, upper_gilt = painted(band - 1, upper_column, upper_across, upper_along, upper_edge)
    # Beneath the tips above, the middle of this row's scales shows, in their shadow.
    lower, lower_rise, _ = painted(band, lower_column, lower_across, lower_along, np.zeros_like(y))
    shadow = smoothstep(-7.0, 0.0, pixels)
    lower = lower * (1 - 0.55 * shadow)
    hot = light * shadow * (1 - over)
    lower = mix(lower, colour(ember), smoothstep(0.0, 0.6, light * shadow))
    upper = mix(upper, colour(gold) * (0.85 + 0.15 * upper_across), upper_gilt)
    base = mix(lower, upper, over)
    height = mix(lower_rise, upper_rise + 0.08 * upper_gilt, over)
    gilt = upper_gilt * over
    roughness = mix(finish[0] + 0.25 * shadow * (1 - over), finish[1], gilt)
    return stack_maps(base, height, roughness, mix(*metal, gilt), hot)
