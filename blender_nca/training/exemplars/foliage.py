# SPDX-License-Identifier: GPL-3.0-or-later
"""Foliage: leaves that hang on vines, or lie as they fell."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas
from .noise import evened, noise, pixels_from_zero
from .ramp import colour, colour_ramp, mix, smoothstep
from .voronoi import scattered_points


def _outline(share: np.ndarray, lobes: float, depth: float, teeth: float) -> np.ndarray:
    """Half width of a leaf over its length, from its stalk (0) to its tip (1), as a share of the widest."""
    shape = np.clip(share, 0, 1) ** 0.62 * np.clip(1 - share, 0, 1) ** 0.75 / 0.39
    return shape * (1 + depth * np.cos(2 * np.pi * (lobes * share + 0.5))) + teeth * np.abs(
        (share * 13) % 1 - 0.5
    ) * smoothstep(0.0, 0.2, share) * smoothstep(1.0, 0.85, share)


def _palm_leaf(
    along: np.ndarray, aside: np.ndarray, length: float, palm: int, cleft: float, turn: float
) -> tuple[np.ndarray, ...]:
    """A leaf whose lobes spread from its stalk: pixels inwards from its rim, its ribs (0 to 1), pixels to the next
    side vein, and the way from stalk (0) to tip."""
    # The stalk begins a little above the middle.
    from_stalk = along + 0.22 * length
    radius, bearing = np.hypot(from_stalk, aside), np.arctan2(aside, from_stalk)
    spread = 2.2 * np.pi / 2 / max(palm // 2, 1) * 0.55
    finger = np.clip(np.round(bearing / spread), -(palm // 2), palm // 2)
    off = bearing - finger * spread
    reach = length * (0.74 - 0.11 * np.abs(finger)) * (1 + 0.06 * np.cos(3 * finger + 5 * turn))
    # Lobes are pointed, and the clefts between them round.
    edge = reach * (1 - cleft * smoothstep(-0.25, 1.15, np.abs(off) / spread * 2) * 1.15)
    edge = edge * smoothstep(np.pi, 0.72 * np.pi, np.abs(bearing)) + 0.10 * length
    rib = smoothstep(1.5, 0.3, np.abs(off) * radius) * smoothstep(reach, 0.3 * reach, radius)
    side = np.abs(np.abs(off) * radius * 0.8 - (radius * 0.5) % (0.16 * length))
    return (edge - radius) * 0.72, rib, side, radius / length


def _ribbed_leaf(
    along: np.ndarray, aside: np.ndarray, length: float, half: np.ndarray
) -> tuple[np.ndarray, ...]:
    """A leaf along one rib, half so wide: what `_palm_leaf` gives."""
    share, away = along / length + 0.5, np.abs(aside)
    stalk = smoothstep(1.6, 0.6, away) * smoothstep(-0.22, -0.16, share)
    stalk = stalk * smoothstep(0.06, 0.0, share)
    inward = (half - away) * 0.8
    inward = inward - 0.5 * length * (np.clip(share - 1, 0, None) + np.clip(-share, 0, None))
    rib = smoothstep(1.5, 0.3, away) * smoothstep(1.0, 0.7, share)
    step = 0.115 * length
    side = np.abs((along - 0.75 * away + 8 * step) % step - step / 2)
    return np.maximum(inward, 9.0 * stalk - 8.0), rib, side, share


def foliage(
    size: int,
    rng: np.random.Generator,
    *,
    feature: float = 44.0,
    layers: float = 3.2,
    palm: int = 5,
    cleft: float = 0.46,
    breadth: float = 0.5,
    lobes: float = 0.0,
    depth: float = 0.0,
    teeth: float = 0.0,
    hanging: float = 0.85,
    curl: float = 0.4,
    kinds: float = 0.14,
    young: float = 0.22,
    leaf: tuple[str, ...] = ("#071a0c", "#123318", "#1f5226", "#38763a", "#6a9c56"),
    other: tuple[str, ...] = ("#2c4a12", "#54801f", "#8db33c", "#c6d878"),
    nerve: str = "#c2d49a",
    veined: float = 0.8,
    spots: float = 0.1,
    spot: str = "#4a2c14",
    stems: float = 1.0,
    stem: tuple[str, ...] = ("#1f140d", "#4a3322", "#7d6046"),
    ground: tuple[str, ...] = ("#0b0a08", "#191711", "#2b271d"),
    finish: tuple[float, float] = (0.34, 0.62),
) -> np.ndarray:
    """Leaves over leaves: ivy on its vines, or the litter under a tree.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    feature : float
        Mean length of a leaf in pixels.
    layers : float
        How many leaves lie over a place in the mean.
    palm : int
        Number of the lobes that spread from the stalk like fingers; 0 draws leaves along one rib.
    cleft : float
        How deep such a leaf is cut between its lobes.
    breadth : float
        Half the width of a leaf along one rib, over its length.
    lobes, depth, teeth : float
        Lobes along that rib, how deep they are, and how toothed its edge is.
    hanging : float
        1 lets all leaves hang down, 0 lets them lie every way.
    curl : float
        How far leaves are curled.
    kinds : float
        How much leaves differ in tone.
    young : float
        Share of the leaves that have the other ramp.
    leaf, other, stem, ground : sequence of str
        Ramps from dark to light.
    nerve, spot : str
    veined, spots, stems : float
        How plainly veins, spots and the vines beneath show.
    finish : (float, float)
        Roughness of leaves and of their spots.

    Returns
    -------
    ndarray (8, size, size)
    """
    soil, speck = noise(size, 16, rng, 3), noise(size, 12, rng, 3, 0.7)
    canvas = Canvas(colour_ramp(evened(soil), ground), 0.07 + 0.03 * soil, 0.95 + 0.02 * soil)
    everywhere = np.arange(size)[:, None], np.arange(size)[None, :]
    if stems:
        for wavelength, thick in ((92.0, 3.0), (64.0, 1.8)):
            away = np.abs(pixels_from_zero(noise(size, wavelength, rng, 1, 0.5, (1.6, 0.7)), 2.0, 0.01))
            bark = noise(size, 8, rng, 2, 0.6, (2.5, 0.7))
            round_off = np.sqrt(np.clip(1 - (away / (thick + 0.5)) ** 2, 0, 1))
            cover = stems * smoothstep(thick + 0.8, thick - 0.8, away)
            canvas.lay(
                everywhere,
                cover,
                colour_ramp(0.15 + 0.6 * round_off + 0.12 * bark, stem),
                0.10 + 0.16 * round_off + 0.02 * bark,
                0.85,
                shadow=0.5 * smoothstep(thick + 5, thick, away),
            )
    points = [scattered_points(size, feature * 0.9, rng, 1) for _ in range(max(1, round(layers)))]
    middles = np.concatenate([each[rng.permutation(len(each))] for each in points])
    for number, (y, x) in enumerate(middles):
        level = number / len(middles)
        length = feature * rng.uniform(0.72, 1.18)
        angle = np.pi / 2 + np.pi * (1 - hanging) * rng.uniform(-1, 1) + 0.35 * hanging * rng.normal()
        fresh, kind = rng.random() < young, rng.uniform(-kinds, kinds)
        turn, roll, sway = rng.uniform(-1, 1), rng.uniform(-1, 1), rng.normal(0, 0.10)
        cast = rng.uniform(0.6, 1.0)
        place = canvas.place(y, x, angle, 0.72 * length + 7)
        along, aside = place.along, place.aside
        if palm:
            inward, rib, side, axis = _palm_leaf(along, aside, length, palm, cleft, turn)
        else:
            bent = aside - sway * length * (2 * (along / length + 0.5) - 1) ** 2
            half = breadth * length * 0.5 * _outline(along / length + 0.5, lobes, depth, teeth)
            inward, rib, side, axis = _ribbed_leaf(along, bent, length, half)
        cover = smoothstep(-0.7, 0.7, inward)
        vein = np.clip(rib + 0.45 * smoothstep(1.3, 0.2, side), 0, 1)
        quilt = np.clip(side / (0.06 * length), 0, 1)
        rim = smoothstep(4.0, 0.0, inward)
        # It leans to one side, and its rim curls up or down.
        lean = (turn * along + roll * aside) / length
        cup = curl * ((2.2 * aside / length) ** 2 + 0.5 * (along / length) ** 2) * (1 if turn > -0.3 else -1)
        mottle = speck[place.window]
        tone = 0.16 + 0.44 * level**0.8 + kind + 0.07 * quilt + 0.20 * lean + 0.25 * cup + 0.045 * mottle
        paint = colour_ramp(tone, other if fresh else leaf)
        paint = mix(paint, colour(nerve), veined * 0.55 * vein * (0.35 + 0.65 * level))
        sick = np.clip(spots * (smoothstep(0.7, 1.5, mottle) + 0.9 * rim * (kind > 0.4 * kinds)), 0, 1)
        paint = mix(paint, colour(spot), sick)
        rise = 0.16 + 0.58 * level + 0.16 * lean + 0.26 * cup + 0.03 * quilt - 0.025 * vein - 0.05 * rim
        rise = rise + 0.02 * axis
        gloss = mix(finish[0], finish[1], sick) + 0.05 * mottle - 0.04 * quilt
        canvas.lay(
            place.window, cover, paint, rise, gloss, shadow=0.62 * cast * smoothstep(-5.5, 0.0, inward)
        )
    return canvas.maps()
