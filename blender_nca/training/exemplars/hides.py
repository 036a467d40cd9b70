# SPDX-License-Identifier: GPL-3.0-or-later
"""Hides of animals: giraffe, zebra and scales."""

from __future__ import annotations

import numpy as np

from .fibres import hairlines, hairs, scratches
from .grains import granules, grit, pores
from .noise import noise, random_shift, resized, warp
from .ramp import colour, colour_ramp, crisp_step, mix, shaded, smoothstep, stack_maps
from .reaction_diffusion import labyrinth
from .voronoi import scattered_points, voronoi


def _fur(size: int, rng: np.random.Generator, hair: float, unit: float) -> np.ndarray:
    """Short hairs along y: noise (size, size) of standard deviation `hair`."""
    return hair * noise(size, 7 * unit, rng, 2, stretch=(2.5, 0.7))


def _coat(size: int, rng: np.random.Generator, hair: float, unit: float) -> np.ndarray:
    """Relief (size, size) of single hairs, bent out of each other's way along y; hardly any where fur hardly shows."""
    # Neighbours lean alike, so that none is squeezed.
    lean = 0.9 * unit * noise(size, 24 * unit, rng, stretch=(1.0, 3.0))
    bent = unit * noise(size, 20 * unit, rng), lean
    return hair**2 * hairs(size, 8.0 * unit, 1.5 * unit, rng, bent)


def giraffe(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
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
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
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
    feature, gap, rounding = unit * feature, unit * gap, unit * rounding
    shift = random_shift(size, 1.3 * unit, 26 * unit, rng)
    cells = voronoi(
        size, scattered_points(size, feature, rng, rounds), feature * 2, rounding=rounding, shift=shift
    )
    inward = cells.border - gap / 2
    fine = rng.spawn(1)[0] if unit > 1 else None
    coat = _coat(size, fine, hair, unit) if fine else 0.0
    # Hairs of one colour lie over those of the other.
    cover = crisp_step(-1.3 * unit, 1.3 * unit, inward + 0.45 * unit * coat, unit)
    fur = _fur(size, rng, hair, unit)
    kind = cells.draw_each(-kinds, kinds, rng)
    if broken:
        torn = noise(size, 24 * unit, rng)
        torn = smoothstep(-0.2, 0.2, torn - np.quantile(torn, 1 - broken))
        cover = cover * (1 - torn * smoothstep(feature * 0.20, feature * 0.12, inward))
    inner = tone[0] + tone[1] * smoothstep(0, feature * 0.42, inward) + kind + 0.045 * fur
    base = mix(colour_ramp(0.5 + 0.2 * fur, cream), colour_ramp(inner, patch), cover)
    swell = smoothstep(0, feature * 0.4, inward)
    height = mix(0.14 + 0.02 * fur, 0.58 + dome * swell + 0.025 * fur, cover)
    roughness = mix(finish[0], finish[1] - 0.10 * swell, cover)
    roughness = roughness + 0.02 * fur
    if fine:
        # What has no hair is glazed: gritty lines around patches with pinholes, hairlines and scratches.
        glaze = max(0.0, 1 - hair)
        hole = pores(granules(size, 5.0 * unit, fine), 0.75 * unit, 0.3)
        crack = hairlines(size, 5.5 * unit, 0.45 * unit, fine, 0.55)
        scratch = scratches(size, 11.0 * unit, 12.0 * unit, 0.5 * unit, fine, 0.1)
        worn = mix(grit(size, unit, fine), 0.35 * grit(size, unit, fine), cover)
        mark = cover * (1.1 * scratch - 1.5 * hole - 1.7 * crack)
        worn = glaze * (worn + mark - mark.mean())
        base = shaded(base, 0.10 * coat + 0.085 * worn)
        height = height + 0.022 * coat + 0.02 * worn
        roughness = roughness - 0.03 * coat - 0.035 * worn
    return stack_maps(base, height, roughness, mix(*metal, cover), light * cover)


def zebra(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
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
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
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
    wave = labyrinth(
        round(size / unit), feature, rng, straightness=straightness, direction=direction, steps=36
    )
    feature, sway, edge = unit * feature, unit * sway, unit * edge
    wave = warp(resized(wave, size), *random_shift(size, sway, 90 * unit, rng))
    # The wave is nearly a sine, so its arcsine is the distance to the edge, and edges are equally sharp everywhere.
    inward = np.arcsin(np.clip(wave + width, -1, 1)) * feature / (2 * np.pi)
    fine = rng.spawn(1)[0] if unit > 1 else None
    coat = _coat(size, fine, hair, unit) if fine else 0.0
    # Hairs of one colour lie over those of the other.
    inward = inward + 0.45 * unit * coat
    # Edges that are meant to be soft stay so.
    cover = crisp_step(-edge, edge, inward, max(1.0, min(unit, 1.3 * unit**2 / edge)))
    fur = _fur(size, rng, hair, unit)
    ground = colour_ramp(0.1 + 0.85 * smoothstep(0.5 * unit, -5.0 * unit, inward) + 0.10 * fur, white)
    stripe = colour_ramp(0.45 + 0.2 * fur, black)
    base = mix(ground, stripe, cover)
    crest = smoothstep(-edge - 0.2 * unit, feature * 0.2, inward)
    height = 0.14 + 0.018 * fur + 0.70 * crest
    roughness = mix(*finish, cover) + 0.02 * fur
    if fine:
        # What has no hair is grained: as sand if it is rough, in small smooth scales if it is not.
        rough = mix(*finish, cover)
        smooth = smoothstep(0.7, 0.4, rough).mean()
        seeds = granules(size, (1.5 + 0.8 * smooth) * unit, fine, 1 - 0.75 * smooth)
        grain = 0.6 * seeds.tone + 0.8 * (smoothstep(0.0, 0.55 * unit, seeds.border) - 0.5)
        grain = max(0.0, 1 - hair) * (grain - grain.mean()) / grain.std()
        base = shaded(base, 0.10 * coat + 0.09 * grain)
        height = height + 0.02 * coat + 0.02 * grain
        roughness = roughness - 0.03 * coat + 0.025 * grain
    return stack_maps(base, height, roughness, mix(*metal, cover))


def scales(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
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
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
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
    feature = unit * feature
    columns = max(2, round(size / feature))
    rows = max(2, 2 * round(size / (feature * aspect) / 2))
    width, pitch = size / columns, size / rows
    wave = 0.5 * unit * noise(size, 40 * unit, rng)
    y = np.arange(size)[:, None] + 0.5 + wave
    x = np.arange(size)[None, :] + 0.5 + np.roll(wave, size // 3, 1)
    tints = rng.uniform(-kinds, kinds, (rows, columns))
    grains = grain * noise(size, 10 * unit, rng, 3, stretch=(2.0, 0.7)) if grain else 0.0
    others = np.zeros((rows, columns), bool)
    if second:
        groups = noise(size, 64 * unit, rng)
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
    over = crisp_step(-1.0 * unit, 1.0 * unit, pixels, unit)

    fine = rng.spawn(1)[0] if unit > 1 else None
    if fine:
        # Stone has grit and layers that split off; what has no grain has grown, in rings and rays.
        stony = min(1.0, grain / 0.09)
        speck = grit(size, unit, fine)
        wander = noise(size, 9 * unit, fine, 2)
        layer = hairs(size, 9.0 * unit, 1.8 * unit, fine, random_shift(size, 1.5 * unit, 12 * unit, fine))

    def grown(row: np.ndarray, across: np.ndarray, along: np.ndarray) -> np.ndarray:
        """Relief of the finest structure on the scales of a row."""
        from_root = np.hypot(across * width / 2, (along + 0.35) * pitch)
        turn = np.arctan2(across, along + 0.35)
        ring = np.cos(2 * np.pi * from_root / (1.9 * unit) + 1.1 * wander + row % rows)
        ray = smoothstep(0.75, 1.0, np.cos(turn * 26 + 0.4 * wander)) * smoothstep(0.3, 1.1, along)
        return (1 - stony) * (0.75 * ring + 0.5 * speck - 1.1 * keeled * ray) + stony * (
            0.8 * layer + 0.7 * speck
        )

    def painted(
        row: np.ndarray, column: np.ndarray, across: np.ndarray, along: np.ndarray, edge: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Base colour, height and gilding of the scales of a row."""
        keel = keeled * smoothstep(0.16, 0.0, np.abs(across)) * smoothstep(0.3, 0.9, along)
        fan = keeled * (0.5 + 0.5 * np.cos(9 * np.arctan2(across, along + 0.25) * 2))
        tone = 0.42 * along + 0.10 * (1 - across**2) + 0.14 * keel + 0.04 * fan - 0.06
        tone = tone + tints[row % rows, column] + grains
        gilt = crisp_step(1 - rim - 0.09, 1 - rim + 0.03, edge, unit**0.5) * (along > 0)
        rise = -0.14 + 0.46 * along + 0.10 * (1 - across**2) + 0.07 * keel + 0.02 * fan + 0.25 * grains
        paint = colour_ramp(tone, body)
        if second:
            paint = np.where(others[row % rows, column], colour_ramp(tone, second), paint)
        return paint, rise, gilt

    upper, upper_rise, upper_gilt = painted(band - 1, upper_column, upper_across, upper_along, upper_edge)
    # Beneath the tips above, the middle of this row's scales shows, in their shadow.
    lower, lower_rise, _ = painted(band, lower_column, lower_across, lower_along, np.zeros_like(y))
    shadow = smoothstep(-7.0 * unit, 0.0, pixels)
    lower = lower * (1 - 0.55 * shadow)
    hot = light * shadow * (1 - over)
    lower = mix(lower, colour(ember), smoothstep(0.0, 0.6, light * shadow))
    if fine:
        relief = mix(
            grown(band, lower_across, lower_along) * (1 - 0.5 * shadow),
            grown(band - 1, upper_across, upper_along),
            over,
        )
        relief = relief - relief.mean()
        scratch = scratches(size, 10.0 * unit, 9.0 * unit, 0.5 * unit, fine, 0.1)
        relief = mix(relief, 0.7 * speck - 1.5 * scratch, upper_gilt * over)
    upper = mix(upper, colour(gold) * (0.85 + 0.15 * upper_across), upper_gilt)
    base = mix(lower, upper, over)
    height = mix(lower_rise, upper_rise + 0.08 * upper_gilt, over)
    gilt = upper_gilt * over
    roughness = mix(finish[0] + 0.25 * shadow * (1 - over), finish[1], gilt)
    if fine:
        base = shaded(base, 0.10 * relief)
        height = height + 0.022 * relief
        roughness = roughness - 0.04 * relief
    return stack_maps(base, height, roughness, mix(*metal, gilt), hot)
