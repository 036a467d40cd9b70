# SPDX-License-Identifier: GPL-3.0-or-later
"""Knits: wool in rows of stitches."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas
from .noise import evened, noise, random_shift
from .ramp import colour, colour_ramp, mix, smoothstep


def knit(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 25.0,
    aspect: float = 0.74,
    twist: float = 1.0,
    fuzz: float = 0.7,
    fleck: float = 0.10,
    yarn: tuple[str, ...] = ("#5e4f3c", "#9c8a70", "#cdbda2", "#ebe0cb", "#fbf6ea"),
    stripes: tuple[tuple[str, ...], ...] = (),
    stripe: int = 2,
    depth: str = "#1c140d",
    finish: tuple[float, float] = (0.96, 0.80),
) -> np.ndarray:
    """Stitches like upright Vs, each drawn out of the one below; yarn is spun of plies, and fuzzy.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        Wished width of a stitch in pixels; rounded so that the stitches tile.
    aspect : float
        Height of a stitch over its width.
    twist : float
        How tightly the yarn is spun.
    fuzz : float
        How many fibres stand off.
    fleck : float
        How much the yarn varies in tone.
    yarn : sequence of str
        Ramp from the flanks to the crown.
    stripes : sequence of sequences of str
        Ramps of further yarns that take turns with the first, every `stripe` rows.
    stripe : int
    depth : str
        Colour between the stitches.
    finish : (float, float)
        Roughness at the flanks and on the crown.

    Returns
    -------
    ndarray (8, size, size)
    """
    yarns = (yarn, *stripes)
    columns = max(1, round(size / feature))
    period = stripe * len(yarns) if stripes else 1
    rows = max(1, round(size / (size / columns * aspect) / period)) * period
    width, height_of = size / columns, size / rows
    sway = random_shift(size, 0.6, 40, rng, 2)
    x = (np.arange(size)[None, :] + 0.5 + sway[1]) / width
    y = (np.arange(size)[:, None] + 0.5 + sway[0]) / height_of
    column = np.floor(x).astype(int)
    across = x - column - 0.5
    side = np.where(across < 0, -1.0, 1.0)
    tints, loose = rng.uniform(-1, 1, (2, rows, columns, 2))
    cloud, fine = noise(size, 30, rng, 2), noise(size, 4.5, rng, 2, 0.9)
    top = np.full((size, size), -1.0)
    crown, ply, number, tint = (np.zeros((size, size)) for _ in range(4))
    base_row = np.floor(y).astype(int)
    leg = (side > 0).astype(int)
    for step in (-1, 0, 1):
        row = base_row + step
        which = row % rows, column % columns, leg
        down = y - row - 0.5
        # A leg leans outwards as it rises from the point of its V.
        aside = across - (0.25 * side - 0.27 * side * down + 0.015 * loose[which])
        along = down * (1 + 0.05 * loose[which])
        half = 0.25 * np.clip(1 - (along / 0.86) ** 4, 0, 1) ** 0.5
        vault = np.sqrt(np.clip(1 - (aside / (half + 1e-3)) ** 2, 0, 1)) * (half > 0.02)
        # The point of each V lies over the head of the one below.
        level = 0.30 + 0.46 * vault + 0.26 * np.clip(down, -0.9, 0.9) - (vault <= 0)
        higher = level > top
        top = np.where(higher, level, top)
        crown = np.where(higher, vault, crown)
        spin = twist * (2.6 * along + 1.1 * side * aside / 0.27) + 0.3 * loose[which]
        ply = np.where(higher, np.cos(2 * np.pi * spin), ply)
        number = np.where(higher, row % rows, number)
        tint = np.where(higher, tints[which], tint)
    gap = smoothstep(0.26, 0.02, top)
    top = np.clip(top, 0.0, None)
    fibre = 0.5 * ply + 0.5 * fine
    tone = 0.12 + 0.62 * crown + 0.08 * ply + 0.06 * fine + 0.30 * (top - 0.6)
    tone = tone + fleck * (0.6 * tint + 0.5 * cloud)
    shown = colour_ramp(tone, yarns[0])
    for turn, other in enumerate(yarns[1:], 1):
        shown = np.where((number // stripe) % len(yarns) == turn, colour_ramp(tone, other), shown)
    shown = mix(shown * (1 - 0.35 * smoothstep(0.5, 0.1, crown)), colour(depth), gap)
    height = 0.03 + 1.05 * np.clip(top - 0.08, 0, None) + 0.035 * fibre * (1 - gap)
    canvas = Canvas(shown, height, mix(finish[0], finish[1], crown) + 0.03 * fibre)
    for y0, x0 in rng.random((round(fuzz * (size / 8) ** 2), 2)) * size:
        length, curve = rng.uniform(9, 24), rng.normal(0, 0.28)
        place = canvas.place(y0, x0, rng.uniform(0, np.pi), 0.5 * length + 1, 0.7 * abs(curve) * length + 2)
        part = place.along / length + 0.5
        aside = np.abs(place.aside - curve * length * ((2 * part - 1) ** 2 - 1 / 3))
        cover = 0.38 * smoothstep(0.95, 0.1, aside) * np.sin(np.pi * np.clip(part, 0, 1)) ** 0.5
        # A fibre has the colour of the yarn that it stands off.
        middle = canvas.base[:, int(y0) % size, int(x0) % size][:, None, None]
        light = middle + (1.0 - middle) * 0.35
        canvas.lay(place.window, cover, light, canvas.height[place.window] + 0.05, 0.97)
    canvas.base *= 1 + 0.03 * (evened(cloud) - 0.5)
    return canvas.maps()
