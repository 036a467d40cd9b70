# SPDX-License-Identifier: GPL-3.0-or-later
"""A mesh as the automaton sees it, as plain data: cells that are on, ties over seams, a turn for each cell.

A surface is made of a mesh by `surface_building`. Here it is only kept, checked, told apart and read.
"""

from __future__ import annotations

import base64
import hashlib
import math
import zlib
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from .packed import unpack
from .surface_error import SurfaceError

REACH = 3
"""Cells outside an island that have ties: as far as painting looks from a pixel of a cell beside the island."""
TAPS = 4
"""On-cells that a tie is made of."""
FULL_TURN = 65536
"""A turn's angle is kept as a whole number of so many parts of a full turn."""


MOST_BYTES = 2**28
"""Of each of a surface's arrays in a file: one number for each of 4096 x 4096 cells has a quarter of that."""


NO_CELL = "No cell lies on the surface: unwrap the mesh inside the UV square, or choose more cells."


@dataclass(frozen=True, eq=False)
class Surface:
    """Cells of a mesh on a grid, and how they go on over the mesh's seams.

    Places are in cells: x to the right, y down, the centre of the cell (y, x) at (x + 0.5, y + 0.5). Islands are
    numbered from 0. Two surfaces are equal where all their arrays are.

    Attributes
    ----------
    island : ndarray, int32, shape (height, width)
        Of each cell; -1 where a cell is off.
    shell : ndarray, int32, shape (islands,)
        Which connected part of the mesh an island belongs to: nothing grows from one to another.
    mirrored : ndarray, bool, shape (islands,)
        Whether the island shows the surface as a mirror does.
    angle : ndarray, int16, shape (height, width)
        By how much the surface's direction is turned in the cell, in parts of `FULL_TURN`; see `turns`.
    tie_cell : ndarray, int32, shape (ties, 2)
        Row and column of the cell that stands outside an island. It may lie outside the grid, and be on for another
        island.
    tie_island : ndarray, int32, shape (ties,)
        The island that it stands beside.
    tie_source : ndarray, int32, shape (ties, TAPS)
        Numbers of the on-cells, row by row from the top, that it takes its state from.
    tie_weight : ndarray, float32, shape (ties, TAPS)
        How much each of them counts: zero or more, one together.
    near : ndarray, int32
        Numbers of the ties beside an on-cell, sorted by their cells, one a cell: those that a step needs.
    seam : ndarray, float32, shape (seams, 2, 2)
        Both ends (x, y) of the edges where islands end, the island on the right of the way from the first to the
        second as the picture shows it.
    seam_island : ndarray, int32, shape (seams,)
        The island that each of them ends.
    beyond : ndarray, float32, shape (seams, 2, 2)
        The same edge where the surface goes on; `seam` itself where it ends.
    beyond_island : ndarray, int32, shape (seams,)
    beyond_side : ndarray, int8, shape (seams,)
        1 where that island lies on the same side of its edge, -1 on the other one, 0 where the surface ends.
    """

    island: np.ndarray
    shell: np.ndarray
    mirrored: np.ndarray
    angle: np.ndarray
    tie_cell: np.ndarray
    tie_island: np.ndarray
    tie_source: np.ndarray
    tie_weight: np.ndarray
    near: np.ndarray
    seam: np.ndarray
    seam_island: np.ndarray
    beyond: np.ndarray
    beyond_island: np.ndarray
    beyond_side: np.ndarray

    def __post_init__(self) -> None:
        for each in fields(self):
            kind, shape = _LAYOUT[each.name]
            array: np.ndarray = np.ascontiguousarray(getattr(self, each.name), kind)
            if array.ndim != len(shape) or any(
                wanted not in (None, length) for wanted, length in zip(shape, array.shape, strict=True)
            ):
                raise SurfaceError(f"The surface's array {each.name!r} is damaged: {_MAKE_AGAIN}")
            array.flags.writeable = False
            object.__setattr__(self, each.name, array)
        self._check()

    def _check(self) -> None:
        """The kernels read without asking: what lies outside is refused here."""
        cells, islands, ties = self.island.size, len(self.shell), len(self.tie_cell)

        def within(array: np.ndarray, low: int, end: int) -> bool:
            return not array.size or bool(array.min() >= low and array.max() < end)

        size = np.array(self.island.shape)
        sound = (
            self.angle.shape == self.island.shape
            and len(self.mirrored) == islands
            and {len(self.tie_island), len(self.tie_source), len(self.tie_weight)} <= {ties}
            and {len(self.seam_island), len(self.beyond), len(self.beyond_island), len(self.beyond_side)}
            <= {len(self.seam)}
            and within(self.island, -1, islands)
            and within(self.shell, 0, max(islands, 1))
            and within(self.tie_source, 0, cells)
            and within(self.near, 0, ties)
            and all(
                within(each, 0, islands) for each in (self.tie_island, self.seam_island, self.beyond_island)
            )
            and within(self.beyond_side, -1, 2)
            and all(np.isfinite(each).all() for each in (self.tie_weight, self.seam, self.beyond))
        )
        if sound:
            places = self.tie_cell[self.near]
            numbers = (places + 1) @ np.array([self.island.shape[1] + 2, 1])
            sound = bool(((places >= -1) & (places <= size)).all() and (np.diff(numbers) > 0).all())
            sound = sound and bool((self.island.reshape(-1)[self.tie_source] >= 0).all())
        if not sound:
            raise SurfaceError(f"The surface is damaged: {_MAKE_AGAIN}")
        if not (self.island >= 0).any():
            raise SurfaceError(NO_CELL)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Surface) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def height(self) -> int:
        """Cells down."""
        return self.island.shape[0]

    @property
    def width(self) -> int:
        """Cells across."""
        return self.island.shape[1]

    @cached_property
    def digest(self) -> str:
        """A hash of all of it, by which surfaces are told apart."""
        summed = hashlib.sha256()
        for each in fields(self):
            array = getattr(self, each.name)
            summed.update(f"{each.name} {array.shape} ".encode())
            summed.update(array.tobytes())
        return summed.hexdigest()

    @cached_property
    def on(self) -> np.ndarray:
        """Which cells there are: bool, shape (height, width)."""
        return self.island >= 0

    @cached_property
    def turns(self) -> np.ndarray:
        """How the two Sobel percepts of each cell are turned into the surface's own directions.

        Returns
        -------
        ndarray, float32, shape (2, 2, height, width)
            `turns[i, j]` says how much of the percept along x (j = 0) or y (1) of the grid is in that along the
            surface's x (i = 0) or y (1): a rotation, or a reflection where the island is mirrored.
        """
        angle = self.angle * (2 * np.pi / FULL_TURN)
        cosine, sine = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
        side = np.where(self.on & self.mirrored[self.island], -1, 1).astype(np.float32)
        return np.stack([np.stack([cosine, sine]), np.stack([-side * sine, side * cosine])])

    @cached_property
    def places(self) -> np.ndarray:
        """Numbers of the `near` ties' cells in the grid with one cell around: int32, shape (near,), ascending."""
        return ((self.tie_cell[self.near] + 1) @ np.array([self.width + 2, 1])).astype(np.int32)

    @cached_property
    def sources(self) -> np.ndarray:
        """`tie_source` of the `near` ones: int32, shape (near, TAPS)."""
        return np.ascontiguousarray(self.tie_source[self.near])

    @cached_property
    def weights(self) -> np.ndarray:
        """`tie_weight` of the `near` ones: float32, shape (near, TAPS)."""
        return np.ascontiguousarray(self.tie_weight[self.near])

    @cached_property
    def crowded(self) -> int:
        """How many cells perceive a cell of another island as if it were their neighbour.

        A cell outside islands has one tie: where two islands come closer than two cells, one of them perceives what
        lies over the other one's seam; where they touch, both perceive each other.
        """
        around = np.pad(self.island, 1, constant_values=-1)
        around.reshape(-1)[self.places] = self.tie_island[self.near]
        foreign = np.zeros(self.island.shape, bool)
        for dy in range(3):
            for dx in range(3):
                beside = around[dy : dy + self.height, dx : dx + self.width]
                foreign |= (beside >= 0) & (beside != self.island)
        return int(np.count_nonzero(foreign & self.on))

    def surround(self, state: np.ndarray) -> np.ndarray:
        """A grid with one cell of surroundings, in which each cell beside an island has what its tie says.

        Parameters
        ----------
        state : ndarray, shape (..., height, width)
            Zero where cells are off.

        Returns
        -------
        ndarray, shape (..., height + 2, width + 2)
        """
        around = np.pad(state, [(0, 0)] * (state.ndim - 2) + [(1, 1)] * 2)
        tied = around.reshape(*state.shape[:-2], -1)
        tied[..., self.places] = gather(state, self.sources, self.weights)
        return around

    def nearest(self, y: float, x: float) -> int:
        """Number of the on-cell nearest to a place of the grid."""
        row, column = math.ceil(y) - 1, math.ceil(x) - 1
        if 0 <= row < self.height and 0 <= column < self.width and self.on[row, column]:
            return row * self.width + column
        cells = np.flatnonzero(self.on)
        rows, columns = np.divmod(cells, self.width)
        return int(cells[np.argmin((rows + 0.5 - y) ** 2 + (columns + 0.5 - x) ** 2)])

    def to_json(self) -> dict[str, Any]:
        """Plain values: a text for each array, of its bytes, packed."""
        return dict(self._packed)

    @classmethod
    def from_json(cls, values: object) -> Surface:
        """Read what `to_json` wrote; raises `SurfaceError` where it is no surface."""
        if not isinstance(values, dict):
            raise SurfaceError(f"This is no surface: {_MAKE_AGAIN}")
        arrays: dict[str, np.ndarray] = {}
        for name, (kind, _) in _LAYOUT.items():
            try:
                shape, data = values[name]
                raw = unpack(data, _bytes_of(shape, kind))
                arrays[name] = np.frombuffer(raw, np.dtype(kind).newbyteorder("<")).reshape(shape)
            except (KeyError, TypeError, ValueError) as error:
                raise SurfaceError(f"The surface's array {name!r} is damaged: {_MAKE_AGAIN}") from error
        return cls(**arrays)

    @cached_property
    def _packed(self) -> dict[str, Any]:
        packed = {}
        for each in fields(self):
            array = getattr(self, each.name)
            raw = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
            packed[each.name] = [list(array.shape), base64.b64encode(zlib.compress(raw, 1)).decode("ascii")]
        return packed


_MAKE_AGAIN = "make it again from its mesh."
_LAYOUT: dict[str, tuple[type, tuple[int | None, ...]]] = {
    "island": (np.int32, (None, None)),
    "shell": (np.int32, (None,)),
    "mirrored": (np.bool_, (None,)),
    "angle": (np.int16, (None, None)),
    "tie_cell": (np.int32, (None, 2)),
    "tie_island": (np.int32, (None,)),
    "tie_source": (np.int32, (None, TAPS)),
    "tie_weight": (np.float32, (None, TAPS)),
    "near": (np.int32, (None,)),
    "seam": (np.float32, (None, 2, 2)),
    "seam_island": (np.int32, (None,)),
    "beyond": (np.float32, (None, 2, 2)),
    "beyond_island": (np.int32, (None,)),
    "beyond_side": (np.int8, (None,)),
}
"""Kind of numbers and shape of each array; None is any length."""


def _bytes_of(shape: list[Any], kind: type) -> int:
    """Of an array whose shape a file says."""
    if not all(type(length) is int and length >= 0 for length in shape):
        raise ValueError("no shape")
    size = math.prod(shape) * np.dtype(kind).itemsize
    if size > MOST_BYTES:
        raise ValueError("too large")
    return size


def gather(state: np.ndarray, sources: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """What ties take from a grid.

    Parameters
    ----------
    state : ndarray, shape (..., height, width)
    sources : ndarray of int, shape (ties, TAPS)
        Numbers of cells.
    weights : ndarray, shape (ties, TAPS)

    Returns
    -------
    ndarray, shape (..., ties)
    """
    taken = state.reshape(*state.shape[:-2], -1)[..., sources]
    total = weights[:, 0] * taken[..., 0]
    for tap in range(1, TAPS):  # in this order on every backend
        total = total + weights[:, tap] * taken[..., tap]
    return total
