# SPDX-License-Identifier: GPL-3.0-or-later
"""Masonry: bricks and hewn stones in courses."""

from __future__ import annotations

import numpy as np

from .fibres import hairlines
from .grains import granules, grit
from .grains import pores as holes
from .noise import noise, random_shift
from .ramp import colour_ramp, crisp_step, mix, shaded, smoothstep, stack_maps
from .voronoi import scattered_points, voronoi


def masonry(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 58.0,
    aspect: float = 0.40,
    joint: float = 5.6,
    bond: float = 0.5,
    uneven: float = 0.05,
    rounding: float = 2.5,
    dome: float = 0.05,
    worn: float = 1.0,
    pitted: float = 1.0,
    tooled: float = 0.0,
    streaks: float = 0.5,
    kinds: float = 0.17,
    brick: tuple[str, ...] = ("#451c14", "#743224", "#9c4b34", "#bd7252", "#d79c7a"),
    second: tuple[str, ...] = ("#2a1a1c", "#4a2a2a", "#6d3a32", "#8a5646"),
    share: float = 0.25,
    mortar: tuple[str, ...] = ("#5d564c", "#8f877a", "#b9b1a2"),
    wash: tuple[str, ...] = ("#c9c3b6", "#e6e1d6", "#f5f2ea"),
    washed: float = 0.0,
    bloom: float = 0.14,
    moss: float = 0.0,
    greens: tuple[str, ...] = ("#1d2a0d", "#43601c", "#86a03c"),
    finish: tuple[float, float] = (0.95, 0.80),
) -> np.ndarray:
    """Courses of worn bricks, each burnt and laid a little otherwise, in sandy mortar.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        Wished length of a brick with its joint, in pixels; rounded so that the courses tile.
    aspect : float
        Height of a course over the length of a brick.
    joint : float
        Width of the joints in pixels.
    bond : float
        By how much of a brick every other course is shifted.
    uneven : float
        How far upright joints lie from where they should, as a share of a brick.
    rounding : float
        Radius of the bricks' corners in pixels.
    dome : float
        How far bricks swell towards their middle.
    worn, pitted, tooled, streaks : float
        How plainly edges are broken, pits show, a chisel has left its furrows, and bricks are streaked.
    kinds : float
        How much bricks differ in tone.
    brick, second, mortar, wash, greens : sequence of str
        Ramps, each from dark to light: of the bricks; of those burnt harder; of the mortar; of lime on top; of moss.
    share : float
        Share of the second kind.
    washed, bloom, moss : float
        How much of the wall lime still covers, how much salt has bloomed on it, and how much of its joints moss fills.
    finish : (float, float)
        Roughness of the mortar and of the bricks.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature, joint, rounding = unit * feature, unit * joint, unit * rounding
    columns = max(2, round(size / feature))
    rows = max(2, 2 * round(size / (feature * aspect) / 2))
    width, course = size / columns, size / rows
    bend = random_shift(size, 0.6 * unit, 50 * unit, rng, 2, 0.4)
    down = (np.arange(size)[:, None] + 0.5 + bend[0]) / course
    row = np.floor(down).astype(int)
    top, row = down - row, row % rows
    start = bond * (np.arange(rows) % 2) + rng.uniform(-1, 1, rows) * uneven
    across = (np.arange(size)[None, :] + 0.5 + bend[1]) / width - start[row]
    column = np.floor(across).astype(int)
    moved = uneven * rng.uniform(-1, 1, (rows, columns))
    column = column - (across < column + moved[row, column % columns])
    column = column + (across > column + 1 + moved[row, (column + 1) % columns])
    left = across - column - moved[row, column % columns]
    right = column + 1 + moved[row, (column + 1) % columns] - across
    number = row * columns + column % columns

    def draw_each(low: float, high: float) -> np.ndarray:
        return rng.uniform(low, high, rows * columns)[number]

    # Pixels to the nearest joint's middle, with rounded corners.
    aside = np.minimum(left, right) * width - joint / 2 + unit * draw_each(-0.5, 0.3)
    above = np.minimum(top, 1 - top) * course - joint / 2 + unit * draw_each(-0.5, 0.3)
    round_off = rounding * (1 + 0.5 * draw_each(-1, 1))
    inward = round_off - np.hypot(np.clip(round_off - aside, 0, None), np.clip(round_off - above, 0, None))
    inward = np.maximum(inward, np.minimum(aside, above) * (np.minimum(aside, above) > round_off))
    grain, fine = noise(size, 26 * unit, rng, 4, 0.75), noise(size, 6 * unit, rng, 2, 0.8)
    bite = noise(size, 22 * unit, rng, 3, 0.7)
    broken = 0.25 * noise(size, 11 * unit, rng, 2) + 2.4 * smoothstep(1.0, 2.2, bite)
    finer = rng.spawn(1)[0] if unit > 1 else None
    if finer:
        # Drawn finer, edges are broken in crumbs, and bricks and stones are of baked or grown grains.
        crumbs = granules(size, 2.6 * unit, finer)
        broken = broken + 0.3 * crumbs.tone
    inward = inward - unit * worn * broken
    cover = crisp_step(-0.7 * unit, 0.9 * unit, inward, unit)
    shoulder = smoothstep(0.0, 3.2 * unit, inward)
    swell = smoothstep(0.0, course * 0.5, inward)
    # Pits, and what is chipped off the face.
    pits = voronoi(size, scattered_points(size, 10.0 * unit, rng, 1), 22.0 * unit, borders=False)
    radius = unit * np.maximum(pits.draw_each(-2.0, 2.6, rng), 0.0) + 1e-3
    pit = pitted * smoothstep(radius, radius * 0.3, pits.distance) * (radius > 0.3 * unit)
    scaled = worn * smoothstep(1.2, 1.7, noise(size, 30 * unit, rng, 3, 0.7))
    furrow = tooled * noise(size, 7 * unit, rng, 2, 0.5, (0.7, 2.2))
    streak = streaks * noise(size, 12 * unit, rng, 3, 0.6, (0.6, 3.0))
    lean = draw_each(-0.10, 0.10) * (top - 0.5) + draw_each(-0.10, 0.10) * (left - right) / 2
    tone = 0.46 + draw_each(-kinds, kinds) + 0.08 * grain + 0.05 * fine + 0.07 * streak + 0.06 * furrow
    tone = tone - 0.20 * pit - 0.10 * (1 - shoulder) + 0.10 * scaled
    face = colour_ramp(tone, brick)
    if second:
        others = (rng.random(rows * columns) < share)[number]
        face = np.where(others, colour_ramp(tone, second), face)
    salt = bloom * smoothstep(0.1, 1.5, noise(size, 44 * unit, rng, 4, 0.7) + 0.4 * fine)
    face = mix(face, colour_ramp(0.6 + 0.1 * grain, wash), 0.8 * np.clip(salt, 0, 1))
    rise = 0.62 + draw_each(-0.05, 0.05) + lean + dome * swell + 0.14 * (shoulder - 1)
    rise = rise + 0.030 * grain + 0.018 * fine + 0.05 * furrow - 0.12 * pit - 0.07 * scaled
    sand = noise(size, 5 * unit, rng, 2, 0.9)
    deep = smoothstep(joint * 0.55, -joint * 0.1, -inward)
    bed = colour_ramp(0.55 + 0.16 * sand + 0.10 * grain - 0.45 * deep, mortar)
    base = mix(bed, face, cover)
    height = mix(0.20 + 0.030 * sand + 0.03 * grain - 0.10 * deep, rise, cover)
    roughness = mix(finish[0], finish[1] + 0.05 * fine + 0.10 * pit + 0.08 * salt, cover)
    if washed:
        coat = noise(size, 46 * unit, rng, 4, 0.6) + 0.15 * fine - 0.4 * pit + draw_each(-0.9, 0.9) * cover
        coat = coat + 0.25 * swell - np.quantile(coat, 1 - washed)
        coat_cover = 0.96 * smoothstep(-0.12, 0.12, coat) * mix(0.55, 1.0, cover)
        lime = colour_ramp(0.66 + 0.10 * grain - 0.42 * (1 - shoulder) + 0.06 * streak, wash)
        # Where the coat ends, its edge stands up and the brick beside it lies in its shadow.
        base = mix(base * (1 - 0.35 * smoothstep(-0.35, 0.0, coat)), lime, coat_cover)
        height = height + 0.07 * coat_cover
        roughness = mix(roughness, 0.72 + 0.04 * fine, coat_cover)
    if finer:
        # Faces have pinholes, hairlines and the marks of a chisel, joints are of single grains of sand.
        dust, sands = grit(size, unit, finer), granules(size, 1.9 * unit, finer)
        pinhole = holes(granules(size, 3.6 * unit, finer), 0.8 * unit, 0.25)
        chiselled = tooled * noise(size, 3.2 * unit, finer, 2, 0.8, (0.6, 3.0))
        flaw = hairlines(size, 13 * unit, 0.4 * unit, finer, 0.3)
        stony = 0.6 * crumbs.tone + 0.4 * crumbs.lit + 0.5 * dust + 0.5 * chiselled
        stony = stony - 1.6 * pitted * pinhole - 1.2 * flaw
        relief = mix(0.9 * sands.tone + 0.5 * sands.lit + 0.6 * dust, stony, cover)
    if moss:
        tuft = noise(size, 7 * unit, rng, 2, 0.8)
        reach = 2.6 * noise(size, 40 * unit, rng) + 1.4 * tuft
        if finer:
            # Moss ends in single leaflets.
            leaflet = smoothstep(1.3 * unit, 0.0, sands.distance) + 0.3 * sands.tone
            leaflet = (leaflet - leaflet.mean()) / leaflet.std()
            reach = reach + 0.5 * leaflet
        growth = smoothstep(2.4 * unit, -1.2 * unit, inward - unit * reach)
        growth = moss * growth * smoothstep(-0.9, 0.3, noise(size, 56 * unit, rng))
        base = mix(base, colour_ramp(0.5 + 0.26 * tuft, greens), growth)
        height = mix(height, 0.40 + 0.07 * tuft, growth)
        roughness = mix(roughness, 0.97, growth)
        if finer:
            relief = mix(relief, leaflet, growth)
    if finer:
        base = shaded(base, 0.085 * relief)
        height = height + 0.018 * relief
        roughness = roughness - 0.02 * relief
    return stack_maps(base, height, roughness, 0.0)
