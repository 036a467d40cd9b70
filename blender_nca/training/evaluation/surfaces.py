# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a growth on a mesh shows where the islands of its unwrapping end, and whether it points where it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

import numpy as np

from ...automaton.growth import Genotype, Growth
from ...automaton.rollout import Rollout
from ...automaton.surface import Surface
from ...automaton.surface_building import build
from ...genetics.species import Species
from ...learning.patches import LUMINANCE
from ...manifold.backend import open_automaton
from ...manifold.manifold import Manifold
from .meshes import draw_meshes

CELLS, PIXELS, STEPS = 192, 4, 400
SPECIES, QUICK = 8, 2
GROWTHS, QUICK_GROWTHS = 3, 1
"""Growths of each species on each mesh, from other random seeds, whose seams are taken together: those of one are a
small sample of a texture."""
UP = (0.0, 0.0, 1.0)
HALF = 0.5
"""Cells from a seam at which both sides are compared."""
INSIDE = 3.0, 8.0
"""Cells from the seam where neighbours of the same island are compared."""
WINDOW = 6
"""Cells a side over which the direction of stripes is averaged."""
STRIPED = 0.5
"""Coherence of a flat growth from which on its stripes have a direction (1: all are parallel)."""

Say = Callable[[str], None]


def measure_surfaces(
    manifold: Manifold, species: Sequence[Species], quick: bool = False, say: Say = lambda text: None
) -> tuple[dict[str, float], dict[str, float]]:
    """Grow species on meshes, and measure seams and directions.

    Parameters
    ----------
    manifold : Manifold
    species : sequence of Species
        Some of them at even distances are taken for seams, those with stripes for directions.
    quick : bool
        Two meshes and two species only.
    say : callable
        Told of the progress.

    Returns
    -------
    dict
        `seam_worst` and `seam_median`: colour difference across seams, half a cell from them on each side, over that of
        neighbours as far apart inside islands; `direction_error`: degrees between stripes and the field they are to
        follow, median, and `direction_error_flat` the same on a plane.
    dict
        The seam ratio of each mesh and species.
    """
    rollout = Rollout(open_automaton(manifold, "cpu"))
    meshes = list(draw_meshes(CELLS).items())[: QUICK if quick else None]
    surfaces = {name: build(*mesh, CELLS, CELLS, UP) for name, mesh in meshes}
    places = np.linspace(0, len(species) - 1, min(QUICK if quick else SPECIES, len(species))).round()
    some = [species[int(place)] for place in places]
    striped = _find_striped(rollout, manifold, species, QUICK if quick else SPECIES)
    growths = QUICK_GROWTHS if quick else GROWTHS
    ratios: dict[str, float] = {}
    errors: list[float] = []
    flat: list[float] = []
    for one in {each.name: each for each in (*some, *(each for each, _ in striped))}.values():
        ways = dict((each.name, way) for each, way in striped)
        if one.name in ways:
            flat.append(compare_directions(_grow(rollout, manifold, one, None), None, ways[one.name]))
        for name, surface in surfaces.items():
            say(f"{one.name} on a {name}")
            sides = np.zeros(2)
            for random_seed in range(growths if one in some else 1):
                maps = _grow(rollout, manifold, one, surface, random_seed=random_seed)
                sides += compare_sides(maps[:3], surface, random_seed)
            if one in some:
                ratios[f"{name}, {one.name}"] = float(sides[0] / sides[1])
            if one.name in ways:
                errors.append(compare_directions(maps, surface, ways[one.name]))
    found = {"seam_worst": max(ratios.values()), "seam_median": median(ratios.values())}
    if errors:
        found |= {"direction_error": median(errors), "direction_error_flat": median(flat)}
    return found, ratios


def compare_sides(colours: np.ndarray, surface: Surface, random_seed: int = 0) -> tuple[float, float]:
    """Colour difference across seams, and that inside islands.

    Parameters
    ----------
    colours : ndarray, shape (channels, pixels high, pixels wide)
    surface : Surface
    random_seed : int
        Of the places.

    Returns
    -------
    float, float
        Means over the seams' length.
    """
    random = np.random.default_rng(random_seed)
    seams = np.flatnonzero(surface.beyond_side)
    a, b = (surface.seam[seams, i].astype(float) for i in (0, 1))
    far_a, far_b = (surface.beyond[seams, i].astype(float) for i in (0, 1))
    seam = np.repeat(np.arange(len(seams)), random.poisson(np.linalg.norm(b - a, axis=1)))
    share = random.random((len(seam), 1))
    a, b, far_a, far_b, side = a[seam], b[seam], far_a[seam], far_b[seam], surface.beyond_side[seams][seam]
    on_seam, beyond = a + share * (b - a), far_a + share * (far_b - far_a)
    inwards, inwards_beyond = _inwards(a, b, np.ones(len(seam))), _inwards(far_a, far_b, side)
    here = on_seam + HALF * inwards
    there = beyond + HALF * inwards_beyond
    near = on_seam + random.uniform(*INSIDE, (len(seam), 1)) * inwards
    next_to = near + 2 * HALF * inwards
    island = surface.seam_island[seams][seam]
    own = _island_at(surface, near) == island
    own &= (_island_at(surface, next_to) == island) & (_island_at(surface, next_to + inwards) == island)
    # a place outside its own island, where that is thinner than half a cell, is none
    both = (_island_at(surface, here) == island) | (
        _island_at(surface, there) == surface.beyond_island[seams][seam]
    )
    across = np.abs(_look(colours, surface, here) - _look(colours, surface, there))[:, both].mean()
    inside = np.abs(_look(colours, surface, near) - _look(colours, surface, next_to))[:, own].mean()
    return float(across), float(inside)


def compare_directions(maps: np.ndarray, surface: Surface | None, way: float) -> float:
    """Angle between the stripes of a picture and where they should run, in degrees: the median over its pixels, as much
    as they have a direction.

    Parameters
    ----------
    maps : ndarray, shape (maps, pixels high, pixels wide)
    surface : Surface, optional
        None for a plane.
    way : float
        Twice the angle of the stripes on a plane, in radians.

    Returns
    -------
    float
    """
    field, inside = find_stripes(maps, surface)
    error = np.degrees(np.abs(np.angle(field * np.exp(-1j * way)))) / 2
    weight = np.abs(field)[inside]
    order = np.argsort(error[inside])
    total = np.cumsum(weight[order])
    return float(error[inside][order][np.searchsorted(total, total[-1] / 2)])


def find_stripes(maps: np.ndarray, surface: Surface | None) -> tuple[np.ndarray, np.ndarray]:
    """The structure tensor of a picture (Bigün and Granlund 1987) in the surface's own directions, over `WINDOW` cells.

    Parameters
    ----------
    maps : ndarray, shape (maps, pixels high, pixels wide)
    surface : Surface, optional

    Returns
    -------
    ndarray, complex, shape (pixels high, pixels wide)
        Its argument is twice the angle across the stripes, its length is how much there is to see.
    ndarray, bool of that shape
        Pixels away from the borders of islands.
    """
    grey = np.tensordot(LUMINANCE, maps[:3], 1)
    along, down = np.gradient(grey, axis=1), np.gradient(grey, axis=0)
    inside = np.ones(grey.shape, bool)
    if surface is not None:
        (a, b), (c, d) = surface.turns.repeat(PIXELS, 2).repeat(PIXELS, 3)
        along, down = a * along + b * down, c * along + d * down
        island = np.pad(surface.island, 1, constant_values=-1)
        whole = np.all(
            [
                island[y : y + surface.height, x : x + surface.width] == surface.island
                for y in range(3)
                for x in range(3)
            ],
            axis=0,
        )
        inside = (whole & surface.on).repeat(PIXELS, 0).repeat(PIXELS, 1)
    squared = np.where(inside, (along + 1j * down) ** 2, 0)
    return _average(squared, WINDOW * PIXELS), inside


def _find_striped(
    rollout: Rollout, manifold: Manifold, species: Sequence[Species], most: int
) -> list[tuple[Species, float]]:
    """Species whose stripes run one way on a plane, the clearest first, each with twice the angle across them."""
    found = []
    for one in species:
        maps = _grow(rollout, manifold, one, None, CELLS // 2)
        grey = np.tensordot(LUMINANCE, maps[:3], 1)
        squared = (np.gradient(grey, axis=1) + 1j * np.gradient(grey, axis=0)) ** 2
        coherence = abs(squared.sum()) / np.abs(squared).sum()
        if coherence > STRIPED:
            found.append((coherence, one, float(np.angle(squared.sum()))))
    found.sort(key=lambda each: -each[0])
    return [(one, way) for _, one, way in found[:most]]


def _grow(
    rollout: Rollout,
    manifold: Manifold,
    one: Species,
    surface: Surface | None,
    cells: int = CELLS,
    random_seed: int = 11,
) -> np.ndarray:
    boundary = "wrap" if surface is None else "surface"
    growth = Growth(
        manifold.name,
        (Genotype((one.dna,)),),
        cells,
        cells,
        PIXELS,
        boundary,
        random_seed=random_seed,
        steps=(float(STEPS),),
        surface=surface,
    )
    rollout.forget()
    return rollout.maps(growth, 1)


def _inwards(a: np.ndarray, b: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Unit vectors from edges into their islands."""
    edge = b - a
    length = np.maximum(np.linalg.norm(edge, axis=1), 1e-12)
    return np.stack([-edge[:, 1], edge[:, 0]], 1) * (side / length)[:, None]


def _island_at(surface: Surface, place: np.ndarray) -> np.ndarray:
    x, y = np.floor(place).astype(int).T
    inside = (x >= 0) & (x < surface.width) & (y >= 0) & (y < surface.height)
    return np.where(inside, surface.island[y.clip(0, surface.height - 1), x.clip(0, surface.width - 1)], -1)


def _look(colours: np.ndarray, surface: Surface, place: np.ndarray) -> np.ndarray:
    """Colours at places in cells, as a texture is read: shape (channels, places)."""
    scale = colours.shape[2] / surface.width
    x, y = (place * scale - 0.5).T
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    seen = np.zeros((len(colours), len(place)))
    for dy in (0, 1):
        for dx in (0, 1):
            row = (top + dy).clip(0, colours.shape[1] - 1)
            column = (left + dx).clip(0, colours.shape[2] - 1)
            seen += colours[:, row, column] * np.abs(1 - dy - (y - top)) * np.abs(1 - dx - (x - left))
    return seen


def _average(field: np.ndarray, side: int) -> np.ndarray:
    """Means over a square around each pixel."""
    for axis in (0, 1):
        pad = [(0, 0), (0, 0)]
        pad[axis] = (side // 2 + 1, side - side // 2 - 1)
        total = np.cumsum(np.pad(field, pad), axis)
        length = field.shape[axis]
        field = np.take(total, np.arange(side, side + length), axis) - np.take(total, np.arange(length), axis)
    return field / side**2
