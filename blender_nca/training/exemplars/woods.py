# SPDX-License-Identifier: GPL-3.0-or-later
"""Woods: bark."""

from __future__ import annotations

import numpy as np

from .fibres import hairlines, hairs
from .grains import granules, grit, pores
from .noise import noise, pixels_from_zero, random_shift, slope, softened
from .ramp import colour_ramp, crisp_step, mix, shaded, smoothstep, stack_maps
from .voronoi import scattered_points, voronoi


def bark(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 36.0,
    length: float = 2.4,
    furrow: float = 8.0,
    ragged: float = 1.0,
    splits: float = 0.9,
    moss: float = 0.0,
    dashes: float = 0.0,
    plate: tuple[str, ...] = ("#46342a", "#78624f", "#a8937b", "#d6c7ae"),
    deep: tuple[str, ...] = ("#0a0604", "#1b110b", "#35221a"),
    greens: tuple[str, ...] = ("#1f330d", "#4f741b", "#a7ba4a"),
) -> np.ndarray:
    """Fibrous plates of bark, taller than wide, between deep dark furrows.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        Wished width of a plate in pixels; rounded so that the plates tile.
    length : float
        How many times taller than wide a plate is.
    furrow : float
        Width of the furrows in pixels.
    ragged : float
        How ragged the plates' outlines and layers are.
    splits : float
        How deep the fine splits are that run up the plates, 0 to 1.
    moss : float
        How much moss grows out of the furrows, 0 to 1.
    dashes : float
        Share of the places for a dark dash across the plates, as birches have, that are taken.
    plate, deep, greens : sequence of str
        Ramps: of the plates from their foot to their crest; of the furrows from deep to shallow; of the moss.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature, furrow = unit * feature, unit * furrow
    # Plates stand in columns, and each column begins at its own height, so that no furrow runs straight across.
    columns = 2 * max(1, round(size / feature / 2))
    rows = max(2, round(size / (feature * length)))
    count = columns * rows
    column, row = np.divmod(np.arange(count), rows)
    start = rng.uniform(-0.2, 0.2, columns) + 0.5 * (np.arange(columns) % 2)
    points = np.stack([(row + start[column]) * size / rows, (column + 0.5) * size / columns], axis=1)
    points += 0.16 * feature * np.clip(rng.standard_normal(points.shape), -1.6, 1.6) * (length, 1.0)
    # Cells are cut in a plane squeezed to half its height, of which the torus holds two copies.
    half = (points % size) / (2.0, 1.0)
    copies = np.concatenate([half, half + (size / 2, 0.0)])
    sway = 3.0 * unit * noise(size, 44 * unit, rng, stretch=(2.0, 1.0))
    bite = [ragged * noise(size, 17 * unit, rng, 2, 0.7, (1.5, 1.0)) for _ in range(2)]
    squeeze = -(np.arange(size)[:, None] + 0.5) / 2 + 0.8 * unit * bite[0]
    cells = voronoi(
        size, copies, feature * 2.2, rounding=1.0 * unit, shift=(squeeze, sway + 1.5 * unit * bite[1])
    )
    owner = cells.nearest % count
    # Distances go back to pixels of the unsqueezed plane. Furrows across the trunk are narrower than those up it.
    down, aside = (softened(part**2, 2.5 * unit) for part in slope(cells.border))
    lying = smoothstep(0.0, 0.35, down / (down + aside + 1e-3))
    inward = cells.border / np.sqrt(down + aside + 0.02)
    inward = np.minimum(inward, cells.border * 1.6) - furrow / 2 * (1 - 0.5 * lying)
    fine = rng.spawn(1)[0] if unit > 1 else None
    if fine:
        # Fibres run up the trunk, or around it where there are dashes; furrows and layers break along them.
        bent = random_shift(size, 0.9 * unit, 26 * unit, fine)
        if dashes:
            fibre = 0.8 * hairs(size, 11 * unit, 1.7 * unit, fine, bent, 2, 0.7, lying=True)
        else:
            fibre = hairs(size, 13 * unit, 1.6 * unit, fine, bent, 2, 0.4)
        inward = inward + 0.35 * unit * ragged * fibre
    cover = crisp_step(-1.1 * unit, 1.3 * unit, inward, unit)
    breadth = (feature - furrow) / 2
    dome = smoothstep(0.0, breadth * 0.9, inward)
    strand = noise(size, 13 * unit, rng, 2, 0.6, (3.5, 1.0))
    # Two layers lie on each plate: outer bark that has not yet broken off, with crisp edges.
    place = inward / breadth + 0.20 * ragged * noise(size, 22 * unit, rng, 2, 0.5, (2.2, 1.0))
    if fine:
        place = place + 0.3 * unit / breadth * ragged * fibre
    first, second = (
        crisp_step(-1.0 * unit, 1.0 * unit, pixels_from_zero(place - level, 1.5 * unit, 0.01 / unit), unit)
        for level in (0.25, 0.65)
    )
    layers = 0.5 * (first + second)
    seam = np.abs(pixels_from_zero(noise(size, 20 * unit, rng, 1, 0.5, (4.5, 1.0)), 1.5 * unit, 0.01 / unit))
    split = (
        splits
        * crisp_step(1.7 * unit, 0.3 * unit, seam, unit)
        * smoothstep(-0.5, 0.5, noise(size, 34 * unit, rng))
    )
    kind = rng.uniform(-0.08, 0.08, count)[owner]
    tone = 0.20 + 0.14 * dome + 0.48 * layers + kind + 0.06 * strand - 0.45 * split
    crust = colour_ramp(tone, plate)
    rise = 0.34 + 0.20 * dome + 0.38 * layers + 0.035 * strand - 0.22 * split
    roughness = 0.90 - 0.16 * layers + 0.08 * split
    if dashes:
        spots = voronoi(size, scattered_points(size, 17.0 * unit, rng, 2), 36.0 * unit, borders=False)
        places = spots.nearest.max() + 1
        reach = (unit * rng.uniform(4.0, 9.0, places) * (rng.random(places) < dashes))[spots.nearest] + 1e-3
        dash = crisp_step(
            1.2, 0.7, np.hypot(spots.offset_y / (1.8 * unit), spots.offset_x / reach), unit**0.5
        )
        crust = mix(crust, colour_ramp(0.6 + 0.2 * strand, deep), 0.85 * dash)
        rise = rise - 0.14 * dash
        roughness = roughness + 0.08 * dash
    if moss:
        tufts = voronoi(size, scattered_points(size, 8.0 * unit, rng, 2), 20.0 * unit, borders=False)
        tip = 0.65 * smoothstep(6.5 * unit, 0.5 * unit, tufts.distance) + 0.12 * noise(size, 12 * unit, rng)
        reach = moss * breadth * (1 + 0.7 * noise(size, 40 * unit, rng)) + 3 * unit * (tip - 0.5)
        if fine:
            # Moss stands in single leaflets, which also end it.
            leaflets = granules(size, 1.9 * unit, fine)
            leaflet = smoothstep(1.3 * unit, 0.0, leaflets.distance) + 0.3 * leaflets.tone
            leaflet = (leaflet - leaflet.mean()) / leaflet.std()
            reach = reach + 0.7 * unit * leaflet
            tip = tip + 0.07 * leaflet
        growth = crisp_step(1.2 * unit, -1.2 * unit, inward - reach, unit) * smoothstep(
            -furrow * 0.5, 0.0, inward
        )
        crust = mix(crust, colour_ramp(0.12 + 0.30 * dome + 0.60 * tip, greens), growth)
        rise = mix(rise, 0.36 + 0.25 * dome + 0.2 * tip, growth)
        roughness = mix(roughness, 0.98, growth)
        cover = np.maximum(cover, growth)
    shallow = smoothstep(-furrow / 2, 0.5 * unit, inward)
    base = mix(colour_ramp(0.9 * shallow + 0.10 * strand, deep), crust, cover)
    height = mix(0.02 + 0.22 * shallow, rise, cover)
    roughness = mix(0.97, roughness, cover)
    if fine:
        # Between the fibres the crust has cracked, fine grit lies on it, and some grains have broken out.
        along = (1.0, 4.0) if dashes else (4.0, 1.0)
        crack = hairlines(size, 5.0 * unit, 0.5 * unit, fine, 0.45, along)
        chip = pores(granules(size, 4.0 * unit, fine), 0.9 * unit, 0.15)
        relief = 0.8 * fibre + 0.45 * grit(size, unit, fine) - 1.5 * crack - 0.8 * chip
        relief = (relief - relief.mean()) * (0.35 + 0.65 * cover)
        if moss:
            relief = mix(relief, leaflet, growth)
        base = shaded(base, 0.095 * relief)
        height = height + 0.025 * relief
        roughness = roughness - 0.02 * relief
    return stack_maps(base, height, roughness, 0.0)
