# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaves: their skin, with veins."""

from __future__ import annotations

import numpy as np

from .grains import granules, grit, pores
from .noise import noise, random_shift
from .ramp import colour, colour_ramp, crisp_step, mix, shaded, smoothstep, stack_maps
from .voronoi import Cells, scattered_points, shift_by_owner, voronoi


def leaf(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 46.0,
    vein: float = 4.5,
    mesh: float = 11.0,
    relief: float = 0.8,
    ribbed: bool = True,
    slant: tuple[int, int] = (1, 1),
    blade: tuple[str, ...] = ("#0a2b10", "#1b5618", "#419126", "#86c23c"),
    nerve: tuple[str, ...] = ("#8fbb4a", "#d3e28c"),
) -> np.ndarray:
    """Skin of a leaf: veins that branch off veins, down to a fine mesh, and the blade swelling between them.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        From one main vein to the next, in pixels; ribs are rounded so that they tile.
    vein : float
        Width of the main veins in pixels.
    mesh : float
        Width of the finest cells in pixels.
    relief : float
        How high the veins are raised above the blade; below zero they are sunk into it.
    ribbed : bool
        Whether the main veins are ribs side by side, or a net.
    slant : (int, int)
        How many ribs are crossed downwards for so many crossed to the right.
    blade, nerve : sequence of str
        Ramps: of the blade from the veins to the middle of the cells; of the veins from fine to main.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature, vein, mesh = unit * feature, unit * vein, unit * mesh
    sway = random_shift(size, 1.8 * unit, 60 * unit, rng)
    if ribbed:
        # The ribs across each side are even in number, so that the two fields between them alternate around the wrap.
        rounds = 2 * max(1, round(size / (2 * feature * np.hypot(*slant))))
        ribs = rounds * slant[0], rounds * slant[1]
        y = np.arange(size)[:, None] + 0.5 + 1.2 * sway[0]
        x = np.arange(size)[None, :] + 0.5 + 1.2 * sway[1]
        phase = (ribs[0] * y + ribs[1] * x) / size
        pitch = size / np.hypot(*ribs)
        main = (0.5 - np.abs(phase % 1 - 0.5)) * pitch
        field = np.floor(phase).astype(int) % 2
    else:
        cells = voronoi(
            size, scattered_points(size, feature, rng, 4), feature * 2, rounding=1.2 * unit, shift=sway
        )
        main, field = cells.border, cells.nearest

    def branches(owner: np.ndarray, spacing: float, rounding: float) -> Cells:
        """Cut cells between veins that end at those before, which are the borders of the owners."""
        shift = shift_by_owner(owner, sway, 0.5, spacing, rng)
        points = scattered_points(size, spacing, rng, 3)
        return voronoi(size, points, spacing * 2, rounding=rounding, shift=shift)

    side = branches(field, feature * 0.48, 0.9 * unit)
    fine = branches(side.nearest * (field.max() + 1) + field, mesh, 0.5 * unit)
    cord = crisp_step(vein / 2 + 1.2 * unit, vein / 2 - 1.2 * unit, main, unit)
    twig = crisp_step(vein * 0.14 + 1.7 * unit, vein * 0.14 - 0.3 * unit, side.border, unit)
    thread = crisp_step(1.7 * unit, 0.1 * unit, fine.border, unit**0.5)
    swell = smoothstep(0.0, feature * 0.2, np.minimum(main - vein * 0.3, side.border))
    pillow = smoothstep(0.3 * unit, mesh * 0.36, fine.border)
    kind = fine.draw_each(-0.06, 0.06, rng)
    grain = noise(size, 34 * unit, rng, 2)
    tone = 0.08 + 0.36 * swell + 0.36 * pillow + kind + 0.05 * grain
    base = mix(colour_ramp(tone, blade), colour(nerve[0]), 0.45 * thread)
    base = mix(base, colour_ramp(0.35 + 0.1 * grain, nerve), 0.85 * twig)
    bright = smoothstep(vein / 2 + 1.2 * unit, 0.0, main)
    base = mix(base, colour_ramp(0.4 + 0.6 * bright, nerve), cord)
    network = np.maximum(np.maximum(cord, 0.62 * twig), 0.22 * thread)
    if relief < 0:
        height = 0.30 + 0.34 * swell + 0.26 * pillow + relief * 0.30 * network
    else:
        height = 0.10 + 0.14 * swell + 0.16 * pillow + relief * 0.85 * network
    roughness = 0.55 - 0.16 * pillow - 0.08 * swell + 0.12 * cord
    if unit > 1:
        tiny = rng.spawn(1)[0]
        # The tiniest veins end at those before; between them lie the skin's cells, some of them pores.
        moved = shift_by_owner(fine.nearest, sway, 0.5, mesh, tiny)
        net = granules(size, max(3.0 * unit, 0.32 * mesh), tiny, 0.8, moved)
        capillary = crisp_step(0.75 * unit, 0.0, net.border, unit**0.5)
        skin = granules(size, 1.5 * unit, tiny, 0.9)
        cell = 0.5 * skin.tone + 0.9 * (smoothstep(0.0, 0.5 * unit, skin.border) - 0.5)
        pore = pores(skin, 0.8 * unit, 0.035)
        blade_fine = 0.35 * net.tone + 2.0 * capillary + 0.7 * cell - 1.6 * pore
        # Veins have ducts that run along them.
        ducts = np.cos(2 * np.pi * main / (1.7 * unit)) + 0.6 * grit(size, unit, tiny)
        wide = np.maximum(cord, 0.7 * twig)
        detail = mix(blade_fine - blade_fine.mean(), 0.75 * ducts, wide)
        lifted = detail if relief >= 0 else detail - 3.0 * capillary
        base = shaded(base, 0.10 * detail)
        height = height + 0.02 * mix(lifted - lifted.mean(), 0.7 * detail, wide)
        roughness = roughness - 0.025 * detail
    return stack_maps(base, height, roughness, 0.0)
