# SPDX-License-Identifier: GPL-3.0-or-later
"""Slimes: ooze with bubbles and strings."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas
from .fibres import fibres
from .grains import granules, grit, pores
from .noise import noise, random_shift, slope, softened
from .ramp import colour, colour_ramp, crisp_step, mix, shaded, smoothstep
from .voronoi import scattered_points, voronoi


def slime(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 46.0,
    strings: float = 0.6,
    thick: float = 4.0,
    pits: float = 0.5,
    bubbles: float = 0.7,
    largest: float = 11.0,
    specks: float = 0.4,
    ooze: tuple[str, ...] = ("#0c2404", "#25560a", "#55960f", "#9ccf2a", "#e2f77a"),
    ground: tuple[str, ...] = ("#050a03", "#0d1a08", "#1a2e10"),
    vein: str = "#c8ff5a",
    light: float = 0.0,
    finish: tuple[float, float] = (0.06, 0.35),
) -> np.ndarray:
    """Thick wet ooze, drawn into strings over pits, with bubbles that rise in it.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        From one pit to the next, in pixels.
    strings : float
        How plainly it is drawn into strings.
    thick : float
        Width of the strings in pixels.
    pits : float
        How far pits are open, 0 to 1.
    bubbles : float
        Share of the places for a bubble that are taken.
    largest : float
        Radius of the largest bubbles in pixels.
    specks : float
        How many specks float in it.
    ooze, ground : sequence of str
        Ramps: of the ooze from thick to thin, of the bottom of the pits.
    vein, light : str, float
        Colour that glows in the strings, and how strongly, 0 to 1.
    finish : (float, float)
        Roughness of the ooze and of the pits.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature, thick, largest = unit * feature, unit * thick, unit * largest
    bend = random_shift(size, 5.0 * unit, 40 * unit, rng, 2, 0.4)
    webs = voronoi(
        size, scattered_points(size, feature, rng, 1), feature * 2, rounding=3.0 * unit, shift=bend
    )
    threads = voronoi(
        size, scattered_points(size, feature * 0.5, rng, 0), feature * 1.3, rounding=1.5 * unit, shift=bend
    )
    lump, soft = noise(size, 26 * unit, rng, 2, 0.5), noise(size, 54 * unit, rng, 2, 0.4)
    mud = noise(size, 9 * unit, rng, 3, 0.7)
    reach = webs.draw_each(0.15, 1.0, rng)
    width = thick * np.clip(1 + 0.5 * soft, 0.3, 2.2)
    # Ooze hangs between the webs; it is open where a cell's middle is far from its border.
    wall = smoothstep(width * 2.6 + 4 * unit, width * 0.2, webs.border)
    open_pit = smoothstep(1 - pits - 0.25, 1 - pits + 0.05, reach) * smoothstep(
        width * 1.2, width * 2.2 + 5 * unit, webs.border
    )
    string = strings * crisp_step(0.45 * width + 1.0 * unit, 0.3 * unit, threads.border, unit**0.5) * open_pit
    body = np.clip(1 - open_pit + 0.9 * string, 0, 1)
    swell = softened(0.5 * wall + 0.12 * lump + 0.10 * soft, 1.6 * unit)
    thin = smoothstep(0.2, 0.9, swell) * 0.45 + 0.12 * lump
    rim = smoothstep(0.05, 0.5, body) * smoothstep(1.0, 0.5, body)
    tone = 0.34 + thin + 0.22 * rim + 0.10 * soft
    base = mix(colour_ramp(0.5 + 0.3 * mud, ground), colour_ramp(tone, ooze), smoothstep(0.1, 0.6, body))
    height = mix(0.08 + 0.03 * mud, 0.40 + 0.42 * swell, smoothstep(0.0, 1.0, body))
    roughness = mix(finish[1] + 0.05 * mud, finish[0] + 0.02 * lump, smoothstep(0.1, 0.6, body))
    canvas = Canvas(base, height, roughness)
    glow = light * crisp_step(0.40 * width + 1.0 * unit, 0.1 * unit, webs.border, unit**0.5)
    if light:
        hot = np.clip(1.2 * glow / light, 0, 1)
        canvas.base = mix(canvas.base, colour(vein), 0.85 * hot)
        canvas.emission = glow * smoothstep(0.1, 0.6, body)
    for y, x in scattered_points(size, 5.0 * unit, rng, 0):
        radius = unit * rng.uniform(0.6, 1.5)
        if rng.random() > specks * 0.35:
            continue
        place = canvas.place(y, x, 0.0, radius + 2 * unit)
        cover = 0.6 * smoothstep(radius + 0.6, radius - 0.6, np.hypot(place.along, place.aside))
        canvas.lay(
            place.window,
            cover,
            0.35 * canvas.base[(slice(None), *place.window)],
            canvas.height[place.window],
            0.2,
        )
    radii = largest * rng.random(round(bubbles * 3.4 * (size / feature) ** 2)) ** 2.2 + 1.4 * unit
    groups = noise(size, 60 * unit, rng)
    for radius in np.sort(radii):
        places = (rng.random((3, 2)) * size).astype(int)
        y, x = max(places, key=lambda each: groups[tuple(each)])
        place = canvas.place(y, x, 0.0, radius + 4 * unit)
        away = np.hypot(place.along, place.aside)
        out = np.clip(away / radius, 0, 1)
        dome = np.sqrt(1 - out**2)
        # A bubble is a thin film: bright along its rim, with a window of light, and the dark of the depth in between.
        window = smoothstep(0.42, 0.22, np.hypot(place.along / radius + 0.36, place.aside / radius + 0.40))
        film = smoothstep(0.55, 1.0, out) ** 2
        beneath = canvas.base[(slice(None), *place.window)]
        shown = mix(beneath * (0.86 - 0.22 * dome), colour_ramp(0.75 + 0.3 * film, ooze), 0.30 + 0.55 * film)
        shown = mix(shown, colour(ooze[-1]), 0.8 * window)
        top = np.clip(
            canvas.height[place.window] * 0.6 + 0.22 + 0.026 * radius / unit * dome + 0.02 * film, 0, 0.97
        )
        lit = canvas.emission[place.window] * 0.7
        cover = smoothstep(radius + 0.6, radius - 0.6, away)
        edge = 0.4 * smoothstep(radius + 3.0 * unit, radius, away)
        canvas.lay(place.window, cover, shown, top, finish[0], emission=lit, shadow=edge)
    if unit > 1:
        # Drawn finer, ooze is drawn into filaments along its strings, and has motes of air in it; mud is of grit.
        finer = rng.spawn(1)[0]
        fall_y, fall_x = slope(softened(webs.border, 2.0 * unit))
        drawn_out = fibres(fall_x, -fall_y, 9 * unit, 1.5 * unit, finer)
        mote = pores(granules(size, 3.8 * unit, finer), 0.8 * unit, 0.3)
        dust = grit(size, unit, finer)
        relief = mix(0.8 * dust, 0.65 * drawn_out + 0.15 * dust + 1.3 * mote, smoothstep(0.1, 0.6, body))
        canvas.base = shaded(canvas.base, 0.085 * relief)
        canvas.height = canvas.height + 0.016 * relief
        canvas.roughness = canvas.roughness + 0.02 * relief
    return canvas.maps()
