# SPDX-License-Identifier: GPL-3.0-or-later
"""Living and dying cells that no step makes: the first ones, those planted later, and wounds."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from .chance import cell_numbers, mix
from .growth import Growth
from .growth_error import GrowthError
from .reference import ALIVE_ABOVE
from .seeds import Seeds
from .surface import Surface
from .update_rule import LIFE, Array

NOBODY = 255
"""Label of a cell that is of no genotype."""


def seed_cells(growth: Growth, seeds: Seeds | None = None) -> np.ndarray:
    """Where the seeds of a growth fall, or others in its grid: bool, shape (height, width).

    On a surface each falls onto the nearest cell of it, and those in the centre are one in the middle of each shell.

    Raises
    ------
    GrowthError
        They come from a mask that is black everywhere, or wherever the surface is.
    """
    height, width = growth.height, growth.width
    seeds = growth.seeds if seeds is None else seeds
    if growth.surface is not None:
        return _seed_surface(growth, growth.surface, seeds)
    cells = np.zeros((height, width), bool)
    if seeds.kind == "centre":
        cells[height // 2, width // 2] = True
    elif seeds.kind == "points":
        cells.reshape(-1)[_pointed(growth, seeds)] = True
    elif seeds.kind == "scattered":
        cells.reshape(-1)[_scatter(growth, seeds, cell_numbers(height, width).reshape(-1))] = True
    elif seeds.mask is not None:
        cells = seeds.mask.unpack(height, width) > 0.5
        if not cells.any():
            raise GrowthError("The seed mask is black everywhere: paint white where cells shall start.")
    return cells


def seed_layers(growth: Growth, seeds: Seeds) -> np.ndarray:
    """Of which genotype the seeds are that fall into a growth's grid: uint8, shape (height, width), `NOBODY` elsewhere.

    Scattered ones are of all genotypes without a region, in turn; others that name none, of the first one of these.

    Raises
    ------
    GrowthError
        As `seed_cells`, or they name one that is not there.
    """
    count = len(growth.genotypes)
    if max(seeds.layers, default=0) >= count:
        raise GrowthError(
            f"A seed is of layer {max(seeds.layers) + 1}, and there are {count}: choose another for it."
        )
    free = [number for number, genotype in enumerate(growth.genotypes) if genotype.region is None] or [0]
    layers = np.where(seed_cells(growth, seeds), np.uint8(free[0]), np.uint8(NOBODY))
    flat = layers.reshape(-1)
    if seeds.kind == "points" and seeds.layers:
        flat[_pointed(growth, seeds)] = seeds.layers
    elif seeds.kind == "scattered":
        on = cell_numbers(growth.height, growth.width).reshape(-1)
        strewn = _scatter(growth, seeds, on if growth.surface is None else np.flatnonzero(growth.surface.on))
        flat[strewn] = np.resize(np.array(free, np.uint8), len(strewn))
    return layers


def _pointed(growth: Growth, seeds: Seeds) -> list[int]:
    """Numbers of the cells that seeds at points fall into."""
    height, width = growth.height, growth.width
    if growth.surface is not None:
        return [growth.surface.nearest(y * height, x * width) for x, y in seeds.points]
    return [
        min(max(int(y * height), 0), height - 1) * width + min(max(int(x * width), 0), width - 1)
        for x, y in seeds.points
    ]


def _scatter(growth: Growth, seeds: Seeds, numbers: np.ndarray) -> np.ndarray:
    """The cells of the smallest hashes among numbered ones: adding a seed keeps those that were there."""
    order = mix(numbers ^ mix((growth.random_seed ^ 0x5EED) & 0xFFFFFFFF))
    return numbers[np.argsort(order, kind="stable")[: seeds.count]]


def _seed_surface(growth: Growth, surface: Surface, seeds: Seeds) -> np.ndarray:
    on = np.flatnonzero(surface.on)
    cells = np.zeros((growth.height, growth.width), bool)
    if seeds.kind == "mask" and seeds.mask is not None:
        cells = (seeds.mask.unpack(growth.height, growth.width) > 0.5) & surface.on
        if not cells.any():
            raise GrowthError(
                "The seed mask is black wherever the mesh is: paint white where cells shall start."
            )
    elif seeds.kind == "points":
        cells.reshape(-1)[_pointed(growth, seeds)] = True
    elif seeds.kind == "scattered":
        cells.reshape(-1)[_scatter(growth, seeds, on)] = True
    elif seeds.kind == "centre":
        shell = surface.shell[surface.island.reshape(-1)[on]]
        for each in np.unique(shell):
            y, x = np.divmod(on[shell == each], growth.width)
            middle = np.argmin((y - y.mean()) ** 2 + (x - x.mean()) ** 2)
            cells[y[middle], x[middle]] = True
    return cells


def plant(growth: Growth, channels: int) -> np.ndarray:
    """The state at frame 0: every seed alive with all hidden channels at one, all else zero.

    Parameters
    ----------
    growth : Growth
    channels : int
        Of the cell state.

    Returns
    -------
    ndarray, float32, shape (channels, height, width)

    Raises
    ------
    GrowthError
        See `seed_cells`.
    """
    state = np.zeros((channels, growth.height, growth.width), np.float32)
    state[LIFE:] = seed_cells(growth)
    return state


class Events(NamedTuple):
    """What happens to the cells after the steps of a frame: bool arrays, shape (height, width).

    Attributes
    ----------
    wounded : cells that die
    planted : cells that begin to live, where nothing does after that
    """

    wounded: np.ndarray
    planted: np.ndarray


@lru_cache(64)
def events_at(growth: Growth, frame: int) -> Events | None:
    """What happens after the steps of a frame; None where nothing does. Raises as `seed_cells` does."""
    environment = growth.environment
    if environment is None or not environment.said_of_events(frame):
        return None
    shape = growth.height, growth.width
    wound = environment.wound(frame)
    planted = np.zeros(shape, bool)
    for seeds in environment.planted(frame):
        planted |= seed_cells(growth, seeds)
    return Events(np.zeros(shape, bool) if wound is None else wound.unpack(*shape) > 0.5, planted)


def disturb(state: Array, wounded: Array, planted: Array) -> Array:
    """Let events happen. Written for numpy arrays and torch tensors alike.

    Parameters
    ----------
    state : array, shape (..., channels)
    wounded, planted : bool array, shape (...)
        As `Events`.

    Returns
    -------
    array of the shape of `state`
        Another one: what was given stays as it is.
    """
    state = state * ~wounded[..., None]
    grown = (planted & (state[..., LIFE] <= ALIVE_ABOVE))[..., None]
    state = state * ~grown
    state[..., LIFE:] += grown
    return state
