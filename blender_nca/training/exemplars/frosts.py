# SPDX-License-Identifier: GPL-3.0-or-later
"""Frosts: ferns of ice on a pane, hoarfrost, and snow."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas
from .fibres import hairlines
from .grains import granules, grit, pores
from .noise import evened, noise
from .ramp import colour_ramp, crisp_step, mix, shaded, smoothstep, stack_maps
from .voronoi import scattered_points, voronoi


def frost(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 62.0,
    layers: float = 3.4,
    breadth: float = 0.40,
    twig: float = 5.6,
    slant: float = 0.82,
    arms: int = 1,
    bend: float = 0.16,
    feathered: float = 0.8,
    pane: tuple[str, ...] = ("#0a1a2e", "#14304c", "#23496c"),
    ice: tuple[str, ...] = ("#3f6f98", "#7fb0d2", "#bfe0f0", "#f2fbff"),
    kinds: float = 0.10,
    finish: tuple[float, float] = (0.08, 0.42),
) -> np.ndarray:
    """Ferns of ice: stems that bend, with twigs on either side, and needles on these.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        Mean length of a fern in pixels.
    layers : float
        How many ferns lie over a place in the mean.
    breadth : float
        Half the width of a fern over its length.
    twig : float
        From one twig to the next, in pixels.
    slant : float
        Angle between stem and twigs in radians.
    arms : int
        1 draws ferns, more of them stars of so many arms.
    bend : float
        How far stems are bent.
    feathered : float
        How plain the needles on the twigs are.
    pane, ice : sequence of str
        Ramps from dark to light: of what lies under the frost, and of the frost.
    kinds : float
        How much ferns differ in tone.
    finish : (float, float)
        Roughness of the pane and of the frost.

    Returns
    -------
    ndarray (8, size, size)
    """
    cloud, grain = noise(size, 40, rng, 3, 0.6), noise(size, 6, rng, 2, 0.8)
    film = smoothstep(-1.2, 2.0, cloud + 0.5 * grain)
    base = mix(colour_ramp(evened(cloud), pane), colour_ramp(0.3 + 0.2 * grain, ice), 0.5 * film)
    canvas = Canvas(base, 0.12 + 0.05 * film + 0.01 * grain, finish[0] + 0.16 * film)
    points = [scattered_points(size, feature * 0.62, rng, 2) for _ in range(max(1, round(layers)))]
    middles = np.concatenate([each[rng.permutation(len(each))] for each in points])
    for number, (y, x) in enumerate(middles):
        level = number / len(middles)
        length = feature * rng.uniform(0.65, 1.2)
        angle, curve, kind = rng.uniform(0, 2 * np.pi), bend * rng.normal(), rng.uniform(-kinds, kinds)
        start = rng.random(2)
        place = canvas.place(y, x, angle, 0.5 * length + 5, None if arms > 1 else breadth * length + 8)
        if arms > 1:
            bearing = np.arctan2(place.aside, place.along)
            radius = np.hypot(place.along, place.aside)
            off = (bearing + np.pi / arms) % (2 * np.pi / arms) - np.pi / arms
            along, aside = radius * np.cos(off), radius * np.sin(off)
            share = 2 * along / length
            width = breadth * length * np.clip(1 - share, 0, 1) * smoothstep(0.0, 0.25, share)
        else:
            share = place.along / length + 0.5
            along = place.along
            aside = place.aside - curve * length * ((2 * share - 1) ** 2 - 1 / 3) * 0.5
            width = breadth * length * np.clip(1 - share, 0, 1) ** 0.7 * np.clip(share, 0, 1) ** 0.35
            width = width * (0.86 + 0.14 * np.cos(17 * share + 6 * start[0]))
        away = np.abs(aside)
        inside = smoothstep(1.0, -1.0, away - width) * smoothstep(0.0, 0.03, share)
        inside = inside * smoothstep(1.0, 0.97, share)
        stem = smoothstep(1.7, 0.3, away) * (1 - 0.5 * share)
        stem = stem * smoothstep(0.0, 0.04, share) * smoothstep(1.02, 0.92, share)
        # A twig leaves the stem at its angle; what lies on one twig has the same place along the stem.
        rung = (along - away / np.tan(slant)) / twig + start[0] + 0.5 * (aside > 0)
        # No two twigs are alike.
        chance = 0.5 + 0.5 * np.sin(12.9898 * np.floor(rung) + 40 * start[1])
        width = width * (0.55 + 0.45 * chance)
        off_twig = np.abs(rung % 1 - 0.5) * 2
        branch = smoothstep(0.66, 0.10, off_twig) * smoothstep(1.0, 0.55, away / (width + 0.1))
        out = away / np.sin(slant)
        needle = (out - 0.9 * twig * np.abs(rung % 1 - 0.5)) / (0.42 * twig) + start[1]
        needle = np.abs(needle % 1 - 0.5) * 2
        needle = feathered * smoothstep(0.75, 0.25, needle) * smoothstep(1.0, 0.3, off_twig) * 0.8
        branch = np.maximum(branch, needle)
        branch = np.maximum(branch * inside, stem)
        veil = 0.62 * inside * smoothstep(1.15, 0.35, away / (width + 0.1))
        cover = np.clip(np.maximum(branch, veil) * (0.5 + 0.5 * level), 0, 1)
        glint = grain[place.window]
        tone = 0.06 + 0.12 * chance + 0.50 * branch + 0.16 * stem + kind + 0.24 * level + 0.06 * glint
        rise = 0.22 + 0.30 * branch + 0.14 * stem + 0.28 * level
        canvas.lay(
            place.window,
            cover,
            colour_ramp(tone, ice),
            rise,
            finish[1] - 0.10 * branch + 0.06 * glint,
            shadow=0.12 * inside,
        )
    return canvas.maps()


def snow(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 52.0,
    drift: float = 0.8,
    ripples: float = 0.0,
    clods: float = 0.5,
    crust: float = 0.0,
    sparkle: float = 0.6,
    shade: tuple[str, ...] = ("#7f9cc4", "#a9c2de", "#d2e1ef", "#eef4f9", "#ffffff"),
    glaze: tuple[str, ...] = ("#8fb8d4", "#c4e0ee", "#f2fbff"),
) -> np.ndarray:
    """Snow: soft drifts with loose grains, blue where they turn from the light.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        From one drift to the next, in pixels.
    drift, ripples, clods : float
        How high drifts, ripples of the wind and loose clods are.
    crust : float
        Share that has thawed and frozen again, to a glaze in plates.
    sparkle : float
        How many grains glint.
    shade, glaze : sequence of str
        Ramps from shade to light: of the snow and of its glaze.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature = unit * feature
    swell = noise(size, feature, rng, 2, 0.4, (0.8, 1.3))
    grain, powder = noise(size, 5 * unit, rng, 2, 0.9), noise(size, 14 * unit, rng, 3, 0.7)
    lumps = voronoi(size, scattered_points(size, 13.0 * unit, rng, 1), 28.0 * unit, borders=False)
    radius = unit * np.maximum(lumps.draw_each(-5.0, 6.0, rng), 0.0) + 1e-3
    uneven = 0.7 * unit * powder
    lump = np.sqrt(np.clip(1 - ((lumps.distance + uneven) / radius) ** 2, 0, 1)) * (radius > 0.8 * unit)
    foot = smoothstep(radius + 4.0 * unit, radius, lumps.distance) * (radius > 0.8 * unit)
    foot = foot * (1 - smoothstep(0.0, 0.3, lump))
    y = np.arange(size)[:, None] / size
    rounds = max(1, round(size / (23 * unit)))
    wave = 2 * np.pi * (rounds * y) + 1.5 * swell + 0.7 * noise(size, 60 * unit, rng)
    # Ripples are steep on the lee side.
    ripple = 0.5 + 0.5 * np.sin(wave + 0.6 * np.sin(wave))
    height = 0.50 + drift * 0.17 * swell + ripples * 0.26 * (ripple - 0.5) + 0.02 * powder + 0.012 * grain
    height = height + clods * (0.20 * lump - 0.03 * foot)
    tone = 0.72 + 0.10 * drift * swell + 0.24 * ripples * (ripple - 0.5) + 0.05 * powder + 0.03 * grain
    tone = tone + clods * (0.16 * lump - 0.26 * foot)
    base = colour_ramp(tone, shade)
    glints = smoothstep(2.1, 2.6, grain) * sparkle
    roughness = 0.86 + 0.04 * powder - 0.6 * glints
    if crust:
        plates = voronoi(
            size,
            scattered_points(size, 34.0 * unit, rng, 2),
            70.0 * unit,
            rounding=0.6 * unit,
            shift=(2.2 * unit * powder, 2.0 * unit * swell),
        )
        frozen = noise(size, 46 * unit, rng, 3, 0.6)
        frozen = smoothstep(-0.10, 0.12, frozen - np.quantile(frozen, 1 - crust))
        edge = crisp_step(2.4 * unit, 0.3 * unit, plates.border, unit)
        sheet = frozen * (1 - 0.8 * edge)
        tilt = plates.draw_each(-0.06, 0.06, rng)
        base = mix(base, colour_ramp(0.55 + 0.12 * swell + 2.0 * tilt - 0.5 * edge, glaze), 0.85 * sheet)
        height = mix(height, height + 0.14 + tilt, sheet) - 0.10 * frozen * edge
        roughness = mix(roughness, 0.16 + 0.03 * powder, sheet)
    if unit > 1:
        # Drawn finer, snow is of crystals that face every way: some catch the light; a glaze has hairlines instead.
        finer = rng.spawn(1)[0]
        crystals, dust = granules(size, 1.9 * unit, finer), grit(size, unit, finer)
        caught = pores(crystals, 1.0 * unit, 0.12)
        relief = 0.6 * crystals.tone + 0.6 * crystals.lit + 0.4 * dust + 0.8 * sparkle * caught
        if crust:
            relief = mix(relief, 0.2 * dust - hairlines(size, 11 * unit, 0.4 * unit, finer), sheet)
        base = shaded(base, 0.05 * relief)
        height = height + 0.014 * relief
        roughness = roughness - 0.25 * sparkle * caught
    return stack_maps(base, height, roughness, 0.0)
