# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines: circuit boards."""

from __future__ import annotations

import numpy as np

from .fibres import hairs, scratches
from .grains import granules, grit, pores
from .noise import noise
from .ramp import colour, colour_ramp, crisp_step, mix, shaded, smoothstep, stack_maps
from .voronoi import nearest_copy, window_around

_WAYS = np.array([(0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1)])
"""The eight steps (y, x) from a node to its neighbours, each turned by 45 degrees from the one before."""


def route(
    nodes: int, rng: np.random.Generator, length: int, bends: float, square: bool
) -> list[list[np.ndarray]]:
    """Lead traces over a torus of nodes until each node belongs to one; no two traces meet or cross.

    Parameters
    ----------
    nodes : int
        Nodes a side.
    rng : numpy.random.Generator
    length : int
        Steps of a trace at most.
    bends : float
        Chance of a bend at each step; a trace also bends where its way is barred.
    square : bool
        Whether traces turn by 90 degrees and not by 45.

    Returns
    -------
    list of lists of ndarray of int (2,)
        Traces: y, x of the nodes along each, whole numbers that may pass the edge of the torus.
    """
    taken = np.zeros((nodes, nodes), bool)
    crossed = np.zeros((nodes, nodes), bool)
    steps = [0, 0, 0, 0]
    traces = []
    for start in rng.permutation(nodes * nodes):
        here = np.array(divmod(int(start), nodes))
        if taken[tuple(here)]:
            continue
        taken[tuple(here)] = True
        trace = [here]
        # A trace starts along the axis that has had fewer steps and bends towards what is rarer: no way prevails.
        way = 2 * int(steps[0] > steps[2]) + 4 * int(rng.integers(2))
        for _ in range(length):
            turns = [2, -2] if square else [1, -1]
            turns.sort(key=lambda turn: (steps[(way + turn) % 4], rng.random()))
            choices = [*turns, 0] if rng.random() < bends else [0, *turns]
            for turn in choices if len(trace) > 1 else [0, 4, 2, 6]:
                step = _WAYS[(way + turn) % 8]
                there = here + step
                # A diagonal step cuts this square of the lattice, which no other may cut.
                tile = tuple(np.minimum(here, there) % nodes)
                slanted = step.all()
                if not taken[tuple(there % nodes)] and not (slanted and crossed[tile]):
                    break
            else:
                break
            way = (way + turn) % 8
            steps[way % 4] += 1
            crossed[tile] |= slanted
            taken[tuple(there % nodes)] = True
            here = there
            trace.append(here)
        traces.append(trace)
    return traces


def circuit(
    size: int,
    rng: np.random.Generator,
    unit: float = 1.0,
    *,
    feature: float = 21.0,
    width: float = 7.0,
    pad: float = 7.5,
    hole: float = 3.2,
    clearance: float = 3.4,
    length: int = 7,
    bends: float = 0.25,
    square: bool = False,
    glow: float = 0.0,
    plate: float = 0.0,
    board: tuple[str, ...] = ("#04180f", "#0a3a22", "#14623a"),
    copper: tuple[str, ...] = ("#7a4a12", "#d09a34", "#ffe08c"),
    drill: str = "#050807",
) -> np.ndarray:
    """A circuit board: traces of bare metal that end in drilled pads, and sealed metal between them.

    Parameters
    ----------
    size : int
        Side in pixels.
    rng : numpy.random.Generator
    unit : float
        Pixels that a length of one is drawn as: 2 draws the same material twice as large, in finer detail.
    feature : float
        Wished distance from trace to trace in pixels; rounded so that the board tiles.
    width, pad, hole : float
        Width of the traces, radius of the pads at their ends and of the holes in those, in pixels.
    clearance : float
        Width in pixels of the groove around traces and pads.
    length : int
        Steps of a trace at most, each about one `feature` long.
    bends : float
        Chance of a bend at each step.
    square : bool
        Whether the traces turn by 90 degrees and not by 45.
    glow : float
        How strongly the traces glow.
    plate : float
        Metallic of the board.
    board, copper, drill : str or sequence of str
        Ramp of the board from the grooves to its top, ramp of the traces from rim to middle, colour of the holes.

    Returns
    -------
    ndarray (8, size, size)
    """
    feature, width, clearance = unit * feature, unit * width, unit * clearance
    pad, hole = unit * pad, unit * hole
    nodes = max(3, round(size / feature))
    pitch = size / nodes
    traces = route(nodes, rng, length, bends, square)
    start = rng.uniform(0, pitch, 2)
    outward = np.full((size, size), np.inf)
    to_hole = np.full((size, size), np.inf)
    owner = np.zeros((size, size), int)
    reach = pitch + max(pad, width) + clearance + 4 * unit
    for number, trace in enumerate(traces):
        places = (np.array(trace) + 0.5) * pitch + start
        ends = {0, len(places) - 1}
        for at, (y, x) in enumerate(places):
            way_y, way_x = places[at + 1] - places[at] if at + 1 < len(places) else (0.0, 0.0)
            centre = (y + way_y / 2) % size, (x + way_x / 2) % size
            window = window_around(*centre, reach, size)
            away_y = nearest_copy(window[0] + 0.5 - centre[0], size) + way_y / 2
            away_x = nearest_copy(window[1] + 0.5 - centre[1], size) + way_x / 2
            along = np.clip((away_y * way_y + away_x * way_x) / max(way_y**2 + way_x**2, 1e-9), 0, 1)
            away = np.hypot(away_y - along * way_y, away_x - along * way_x) - width / 2
            if at in ends:
                middle = np.hypot(away_y, away_x)
                away = np.minimum(away, middle - pad)
                to_hole[window] = np.minimum(to_hole[window], middle)
            owner[window] = np.where(away < outward[window], number, owner[window])
            outward[window] = np.minimum(outward[window], away)

    bare = crisp_step(0.8 * unit, -0.8 * unit, outward, unit)
    drilled = crisp_step(hole + 0.8 * unit, hole - 0.8 * unit, to_hole, unit)
    groove = crisp_step(clearance + 1.0 * unit, clearance - 1.0 * unit, outward, unit)
    grain = noise(size, 14 * unit, rng, 2)
    kind = rng.uniform(-0.08, 0.08, len(traces))[owner]
    bevel = smoothstep(0.0, -2.6 * unit, outward) * smoothstep(hole, hole + 2.2 * unit, to_hole)
    halo = glow * smoothstep(clearance + 5.0 * unit, 0.0, outward)
    sealed = colour_ramp(0.78 - 0.72 * groove + 0.05 * grain, board)
    metal = colour_ramp(0.12 + 0.72 * bevel + kind + 0.03 * grain, copper)
    base = mix(mix(sealed, colour(copper[1]), 0.45 * halo), metal, bare)
    base = mix(base, colour(drill), drilled)
    height = (
        mix(0.46 - 0.20 * groove + 0.012 * grain, 0.62 + 0.30 * bevel, bare) * (1 - drilled) + 0.04 * drilled
    )
    roughness = mix(0.34 + 0.25 * groove + 0.02 * grain, 0.26 - 0.06 * bevel, bare)
    metallic = mix(plate, 1.0 - glow, bare) * (1 - drilled)
    emission = (mix(0.35 * halo**2, glow * (0.7 + 0.3 * bevel + kind), bare)) * (1 - drilled)
    roughness = mix(roughness, 0.9, drilled)
    if unit > 1:
        fine = rng.spawn(1)[0]
        speck = grit(size, unit, fine)
        scratch = scratches(size, 9.0 * unit, 16.0 * unit, 0.45 * unit, fine, 0.03)
        # Through the lacquer shows the glass cloth of the board; one of metal is made of small panels.
        cloth = 0.8 * _glass_cloth(size, unit) + 0.4 * speck
        relief = mix(cloth, 1.4 * _panels(size, unit, fine) + 0.3 * speck, plate) + 1.2 * scratch
        # Metal is brushed, and turned where it was drilled; the finest edge of it is bright.
        still = np.zeros((size, size))
        brushed = hairs(size, 26 * unit, 1.4 * unit, fine, (still, still), 2, 0.2, lying=True)
        turned = np.cos(2 * np.pi * np.minimum(to_hole, 4 * pad) / (1.5 * unit))
        around = smoothstep(pad, pad - 1.0 * unit, to_hole)
        dent = pores(granules(size, 4.0 * unit, fine), 0.75 * unit, 0.12)
        metal_fine = mix(0.65 * brushed, 0.75 * turned, around) + 0.3 * speck - 1.3 * dent + 1.3 * scratch
        if plate:
            metal_fine = metal_fine + plate * (1 - glow) * _panels(size, unit, fine)
        edge = smoothstep(0.9 * unit, 0.1 * unit, np.abs(outward + 0.7 * unit))
        metal_fine = metal_fine - metal_fine.mean() + 1.1 * (edge - (edge * bare).sum() / bare.sum())
        relief = mix(relief - relief.mean(), metal_fine, bare) * (1 - drilled)
        base = shaded(base, 0.085 * relief)
        height = height + 0.016 * relief
        roughness = roughness - 0.03 * relief
        emission = emission * (1 + 0.06 * relief)
    return stack_maps(base, height, roughness, metallic, emission)


def _glass_cloth(size: int, unit: float) -> np.ndarray:
    """Relief (size, size) of the finest plain weave that tiles, of standard deviation 1."""
    threads = 2 * max(1, round(size / (2.2 * unit) / 2))
    turn = np.pi * threads * (np.arange(size) + 0.5) / size
    weave = np.cos(turn)[:, None] * np.cos(turn)[None, :]
    return weave / weave.std()


def _panels(size: int, unit: float, rng: np.random.Generator) -> np.ndarray:
    """Relief (size, size) of small panels with thin seams, of mean about 0."""
    count = max(2, round(size / (9.0 * unit)))
    pitch = size / count
    place = (np.arange(size) + 0.5) / pitch
    block = place.astype(int)
    y, x = np.broadcast_arrays((place - block)[:, None], (place - block)[None, :])
    at = np.ix_(block, block)
    tone, cut = rng.uniform(-0.6, 0.6, (count, count))[at], rng.uniform(0.3, 0.7, (count, count))[at]
    across = np.where((rng.random((count, count)) < 0.5)[at], y, x)
    away = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
    away = np.where((rng.random((count, count)) < 0.6)[at], np.minimum(away, np.abs(across - cut)), away)
    seam = smoothstep(0.7 * unit, 0.1 * unit, away * pitch)
    return tone * np.sign(across - cut) - 1.8 * (seam - seam.mean())
