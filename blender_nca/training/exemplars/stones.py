# SPDX-License-Identifier: GPL-3.0-or-later
"""Stones, molten and cold: lava, lapis and marble."""

from __future__ import annotations

import numpy as np

from .fibres import fibres, hairlines, scratches, striations
from .grains import granules, grit, pores
from .noise import noise, pixels_from_zero, random_shift, slope, warp
from .ramp import colour, colour_ramp, crisp_step, mix, smoothstep, stack_maps
from .voronoi import scattered_points, voronoi


def lava(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 40.0,
    crack: float = 2.2,
    glow: float = 6.0,
    crust: tuple[str, ...] = ("#0d0a0c", "#1f191a", "#3a3231"),
    heat: tuple[str, ...] = ("#2a0604", "#8e1606", "#e8480a", "#ff9c1c", "#ffe887"),
    ropes: float = 1.0,
    kinds: float = 0.15,
    mottle: float = 0.10,
    finish: tuple[float, float] = (0.22, 0.86),
    light: float = 1.0,
) -> np.ndarray:
    """Dark plates of crust over a glowing melt.

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
        Half the mean width of the cracks in pixels.
    glow : float
        How far the plates' rims glow, in pixels.
    crust, heat : sequence of str
        Ramps: of the plates from their dents to their ridges; of the melt from its rim to its middle.
    ropes : float
        How plainly the plates are folded: 0 leaves them smooth.
    kinds, mottle : float
        How much plates differ in tone from each other, and how much each varies within.
    finish : (float, float)
        Roughness of the melt and of the plates.
    light : float
        How strongly the hottest melt glows, 0 to 1.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature, crack, glow = unit * feature, unit * crack, unit * glow
    shift = random_shift(size, 2.2 * unit, 30 * unit, rng, 2, 0.7)
    points = scattered_points(size, feature, rng, 2)
    plates = voronoi(size, points, feature * 2.2, rounding=0.8 * unit, shift=shift)
    width = crack * (1 + 0.35 * noise(size, 50 * unit, rng))
    inward = plates.border - np.clip(width, 0.8 * unit, None)
    hot = smoothstep(glow, -crack - 1.5 * unit, inward)
    chips: float | np.ndarray = 0.0
    if unit > 1:
        # Drawn finer, the plates' rims are chipped.
        fine = rng.spawn(1)[0]
        dust = grit(size, unit, fine)
        chips = 0.35 * unit * noise(size, 5 * unit, fine, 2, 0.8)
    cover = crisp_step(-0.8 * unit, 2.0 * unit, inward + chips, unit**0.5)
    # Folds lie across each plate like ropes, on every plate in another direction.
    angle = plates.draw_each(0, 2 * np.pi, rng)
    along = plates.offset_y * np.sin(angle) + plates.offset_x * np.cos(angle)
    aside = plates.offset_x * np.sin(angle) - plates.offset_y * np.cos(angle)
    folds = np.cos(
        2 * np.pi * (along + 0.02 / unit * aside**2) / (11 * unit) + 0.6 * noise(size, 20 * unit, rng)
    )
    folds = ropes * folds * smoothstep(2.0 * unit, 9.0 * unit, inward)
    grain = noise(size, 9 * unit, rng, 2)
    bubble, crumb, lustre, flow = np.zeros(4)
    if unit > 1:
        # Rough crust is full of bubbles and grit, and its ropes are of strands; smooth crust has hairline cracks.
        rough = finish[1]
        bubble = (
            rough
            * pores(granules(size, 3.6 * unit, fine), 0.95 * unit, 0.45)
            * smoothstep(0.5 * unit, 2 * unit, inward)
        )
        strand = striations(along + 0.02 / unit * aside**2 + 0.5 * unit * grain, 2.0 * unit, fine)
        glass = granules(size, 1.9 * unit, fine)
        line = (1 - rough) * hairlines(size, 11 * unit, 0.4 * unit, fine) * smoothstep(0.0, 3 * unit, inward)
        crumb = rough * (0.08 * dust + 0.12 * glass.tone) + 0.08 * min(ropes, 1.0) * strand
        crumb = crumb + 0.35 * line + 0.06 * (1 - rough) * glass.lit - 0.45 * (bubble - np.mean(bubble))
        lustre = 0.10 * dust + 0.125 * glass.tone
        # The melt runs along its cracks in threads; the rims that it lights are gritty.
        rise, run = slope(inward)
        threads = fibres(run, -rise, 6 * unit, 1.6 * unit, fine)
        flow = (0.045 * threads + 0.02 * dust) * smoothstep(0.1, 0.4, hot)
    dome = smoothstep(0.0, feature * 0.35, inward)
    tone = 0.38 + 0.20 * folds + mottle * grain + plates.draw_each(-kinds, kinds, rng) + crumb
    plate = colour_ramp(tone, crust)
    melt = colour_ramp(hot + flow, heat, (0.05, 0.30, 0.60, 0.82, 1.0))
    base = mix(plate, melt, np.maximum(smoothstep(0.03, 0.45, hot), 1 - cover))
    height = mix(0.06, 0.50 + 0.32 * dome + 0.09 * folds + 0.02 * grain + 0.25 * crumb - 0.15 * bubble, cover)
    roughness = mix(finish[0] - flow, finish[1] - 0.10 * folds + (0.1 + 0.6 * finish[1]) * lustre, cover)
    return stack_maps(base, height, roughness, 0.0, light * smoothstep(0.10, 0.85, hot + flow))


def lapis(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 70.0,
    vein: float = 1.8,
    stone: tuple[str, ...] = ("#070b30", "#10207a", "#1f45b8", "#5f8fe0"),
    pale: str = "#c9dcf5",
    gold: tuple[str, ...] = ("#8a5a14", "#d9a02e", "#ffe08a"),
    wander: float = 2.6,
    bands: float = 0.0,
    clouds: float = 1.0,
    deep: float = 0.55,
    threads: float = 0.55,
    relief: tuple[float, float] = (0.30, 0.95),
    finish: tuple[float, float] = (0.14, 0.30),
    metal: float = 1.0,
) -> np.ndarray:
    """Clouded blue marble with veins of gold and threads of calcite.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        Wavelength of the veins' wandering in pixels; they stand about half of it apart.
    vein : float
        Half the mean width of the gold veins in pixels.
    stone, pale, gold : str or sequence of str
        Ramp of the stone, colour of the threads, ramp of the gold from its rim to its middle.
    wander : float
        Pixels by which veins are bent out of their way.
    bands : float
        How many rings along its veins the stone has for each standard deviation of the noise that draws the
        veins; 0 leaves them out.
    clouds : float
        How cloudy the stone is.
    deep : float
        How bright the stone is beside a vein, as a share of what it is elsewhere.
    threads : float
        How plain the threads are.
    relief, finish : (float, float)
        Heights and roughnesses of the stone and of the veins.
    metal : float
        Metallic of the veins.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature, vein, wander = unit * feature, unit * vein, unit * wander
    shift = random_shift(size, wander, 34 * unit, rng, 2)
    bend: float | np.ndarray = 0.0
    if unit > 1:
        # Drawn finer, the veins' rims are of small grains too.
        fine = rng.spawn(1)[0]
        dust = grit(size, unit, fine)
        bend = 0.16 * min(clouds, 1.0) * unit * noise(size, 6 * unit, fine, 3, 0.6)

    def nearness(wavelength: float) -> tuple[np.ndarray, np.ndarray]:
        """Pixels to the nearest vein, and the noise whose zero lines are the veins."""
        field = warp(noise(size, wavelength, rng), *shift)
        return np.abs(pixels_from_zero(field, 2.0 * unit, 0.02 / unit) + bend), field

    distance, side = nearness(feature)
    thread, _ = nearness(feature * 0.8)
    width = np.clip(vein * (1 + 0.45 * noise(size, 36 * unit, rng)), 0.9 * unit, None)
    gilt = crisp_step(width + 1.0 * unit, width - 1.0 * unit, distance, unit**0.5)
    calcite = threads * crisp_step(2.6 * unit, 0.4 * unit, thread, unit**0.5)
    cloud = 0.42 + clouds * (0.12 * side + 0.15 * noise(size, 30 * unit, rng, 3, 0.6))
    if bands:
        turns = 2 * np.pi * bands * (side + 0.05 * noise(size, 24 * unit, rng, 2))
        cloud = cloud + 0.30 * np.cos(turns) + 0.12 * np.cos(2.7 * turns + 1)
    # The stone darkens towards the gold, so that the veins seem to lie deep.
    cloud = cloud * mix(deep, 1.0, smoothstep(0.0, 8.0 * unit, distance))
    hammered, scratch = np.zeros(2)
    lustre = smoothstep(width + 1.0 * unit, 0.0, distance)
    if unit > 1:
        # The stone is of mineral grains with hairline veins in it; metal lies in flecks, hammered and scratched.
        mineral = granules(size, 2.2 * unit, fine)
        line = hairlines(size, 13 * unit, 0.35 * unit, fine, 0.45)
        flecks = granules(size, 4.5 * unit, fine)
        own = np.where(
            flecks.chance < 0.1 * min(clouds, 1.0) ** 2, 0.5 * unit * (0.5 + 6 * flecks.chance), -1.0
        )
        fleck = metal * smoothstep(own + 0.5, own - 0.5, flecks.distance + 0.25 * unit * dust)
        scratch = scratches(size, 21 * unit, 30 * unit, 0.4 * unit, fine)
        crystal = 0.06 * mineral.tone + 0.03 * mineral.lit + 0.025 * dust
        if bands:
            crystal = 0.6 * crystal + 0.06 * np.cos(6.3 * turns + 2) + 0.04 * np.cos(11.7 * turns)
        cloud = cloud + crystal
        hammered = 0.05 * dust + 0.08 * mineral.tone
        calcite = np.maximum(calcite * (1 + 0.25 * mineral.tone), 0.5 * threads * line)
        gilt, lustre = np.maximum(gilt, fleck), np.maximum(lustre, 0.7 * fleck)
    base = mix(colour_ramp(cloud, stone), colour(pale), calcite)
    leaf = colour_ramp(lustre + 0.05 * noise(size, 10 * unit, rng) + hammered, gold)
    base = mix(base, leaf, gilt)
    height = mix(
        relief[0] + 0.25 * cloud + 0.10 * calcite,
        relief[1] + 0.15 * hammered,
        smoothstep(width + 1.5 * unit, width * 0.2, distance),
    )
    roughness = mix(finish[0] + 0.35 * calcite, finish[1] + 0.4 * hammered, gilt) + 0.06 * scratch
    return stack_maps(base, height, roughness, metal * gilt)


def marble(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 52.0,
    vein: float = 4.5,
    thread: float = 1.6,
    drift: float = 0.8,
    clouds: float = 1.0,
    relief: float = 1.0,
    stone: tuple[str, ...] = ("#9fa4ad", "#cbced2", "#ecebe8", "#faf9f5"),
    veins: tuple[str, ...] = ("#9a9da6", "#5d626e", "#343842"),
    fine: str = "#878a94",
) -> np.ndarray:
    """Polished marble: broad veins, each sharp on one side and smoked on the other, and finer ones between.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        From one broad vein to the next, in pixels.
    vein, thread : float
        Mean width of the broad and of the fine veins in pixels.
    drift : float
        How far the veins run slantwise: 0 lets them run every way.
    clouds : float
        How strongly the stone is clouded.
    relief : float
        How deep the veins lie, and how far the stone is uneven: 1 is weathered, near 0 polished flat.
    stone, veins : sequence of str
        Ramps: of the stone from smoke to clear; of the broad veins from their rim to their middle.
    fine : str
        Colour of the fine veins.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature, vein, thread = unit * feature, unit * vein, unit * thread
    bend = random_shift(size, 3.2 * unit, 44 * unit, rng, 2, 0.4)
    torn: float | np.ndarray = 0.0
    if unit > 1:
        # Drawn finer, the veins' rims are of small grains too.
        chance = rng.spawn(1)[0]
        dust = grit(size, unit, chance)
        torn = 0.16 * unit * noise(size, 6 * unit, chance, 3, 0.6)
    down = np.arange(size)[:, None]

    def crossing(spacing: float) -> np.ndarray:
        """Signed pixels to the nearest vein, a zero line of noise.

        The noise is stretched along y and then sheared by one whole width over its height, so that it still tiles.
        """
        field = noise(size, spacing * 1.6, rng, 1, 0.5, (1 + drift, 1.0))
        field = warp(field, bend[0], bend[1] + np.where(drift > 0, down, 0))
        return pixels_from_zero(field, 2.0 * unit, 0.004 / unit) + torn

    broad, narrow = crossing(feature), crossing(feature * 0.7)
    width = vein * np.clip(1 + 0.7 * noise(size, 44 * unit, rng), 0.2, 2.4) / 2
    core = crisp_step(width + 1.2 * unit, width - 1.2 * unit, np.abs(broad), unit**0.5)
    smoke = np.where(broad > 0, smoothstep(feature * 0.42, 0.0, broad), smoothstep(-6.0 * unit, 0.0, broad))
    slim = thread * np.clip(1 + 0.6 * noise(size, 30 * unit, rng), 0.3, 2.0) / 2
    hair = crisp_step(slim + 1.7 * unit, slim - 1.0 * unit, np.abs(narrow), unit**0.5)
    cloud = noise(size, 34 * unit, rng, 3, 0.55)
    tone = 0.86 + 0.10 * clouds * cloud - 0.70 * smoke
    sugar, scratch = np.zeros(2)
    if unit > 1:
        # Marble is of grains of calcite, like sugar, with hairlines through it and faint scratches in its polish.
        grains = granules(size, 2.3 * unit, chance)
        sugar = 0.5 * grains.tone + 0.25 * grains.lit + 0.15 * dust
        hair = np.maximum(hair, 0.6 * hairlines(size, 12 * unit, 0.35 * unit, chance))
        scratch = scratches(size, 19 * unit, 30 * unit, 0.4 * unit, chance)
        tone = tone + (0.10 + 0.07 * smoke) * sugar
    base = mix(colour_ramp(tone, stone), colour(fine), 0.75 * hair)
    ink = smoothstep(width + 1.2 * unit, 0.0, np.abs(broad)) + 0.10 * cloud + 0.14 * sugar
    base = mix(base, colour_ramp(ink, veins), core)
    height = 0.90 + 0.02 * clouds * cloud - 0.26 * smoke - 0.14 * hair + 0.03 * sugar - 0.04 * scratch
    height = mix(height, 0.16 + 0.06 * sugar, smoothstep(width + 2.2 * unit, width * 0.3, np.abs(broad)))
    height = 0.9 + relief * (height - 0.9)
    roughness = 0.14 + 0.08 * smoke + 0.10 * hair + (0.05 + 0.06 * smoke) * sugar + 0.12 * scratch
    return stack_maps(base, height, mix(roughness, 0.34 + 0.08 * sugar, core), 0.0)
