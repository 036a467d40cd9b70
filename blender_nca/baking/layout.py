# SPDX-License-Identifier: GPL-3.0-or-later
"""Layout: a bake's pictures by another UV map of the mesh than the one that the growth lives on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ..maps.corners import write_corners
from .bake_error import BakeError

FIRST_TILE, TILES_IN_A_ROW, MOST_ROWS = 1001, 10, 100
"""Of UDIM: the tile of the UV square has the first number, those above it have ten more each."""
_NEARLY = 1e-4
"""How far a corner may lie outside its tile."""


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the corners of the mesh lie on two UV maps.

    Attributes
    ----------
    painted, wanted : str
        The growth's UV map, and that of the pictures.
    before, after : ndarray, float32, shape (triangles, 3, 2)
        The corners on each; of the second one over several UDIM tiles, too.
    """

    painted: str
    wanted: str
    before: np.ndarray
    after: np.ndarray

    @property
    def digest(self) -> str:
        """A hash of where all lies, by which pictures are told apart."""
        return hashlib.sha256(self.before.tobytes() + self.after.tobytes()).hexdigest()[:32]

    @cached_property
    def tiles(self) -> Mapping[int, np.ndarray]:
        """Number of each UDIM tile that something lies on -> which triangles that is.

        Raises
        ------
        BakeError
            A triangle lies over a border of tiles, or where none are; the message says what to do.
        """
        # what lies far away lies on no tile, however far
        tile = np.floor(self.after.mean(1).clip(-1, MOST_ROWS)).astype(int)
        within = self.after - tile[:, None]
        column, row = tile.T
        if within.min() < -_NEARLY or within.max() > 1 + _NEARLY:
            raise BakeError(
                f"Faces on “{self.wanted}” lie over the border of its square, or of two UDIM tiles: move them into "
                "one, or choose another UV map in Bake, or none, for that of the growth."
            )
        if min(column.min(), row.min()) < 0 or column.max() >= TILES_IN_A_ROW or row.max() >= MOST_ROWS:
            raise BakeError(
                f"Parts of the surface lie where “{self.wanted}” has no UDIM tiles: choose another UV map in Bake, or "
                "none, for that of the growth."
            )
        numbers = FIRST_TILE + column + TILES_IN_A_ROW * row
        return {int(number): numbers == number for number in np.unique(numbers)}

    @property
    def is_tiled(self) -> bool:
        """Whether there is a picture for each of several tiles, or for another one than that of the UV square."""
        return list(self.tiles) != [FIRST_TILE]

    def keep(self, folder: Path) -> dict[int, Path]:
        """Write the corners for the engine: tile -> its file."""
        paths = {}
        for number, some in self.tiles.items():
            paths[number] = folder / f"corners_{number}.npz"
            offset = np.array(divmod(number - FIRST_TILE, TILES_IN_A_ROW)[::-1], np.float32)
            write_corners(paths[number], self.before[some], self.after[some] - offset)
        return paths
