# SPDX-License-Identifier: GPL-3.0-or-later
"""Layout: a bake's pictures by another UV map of the mesh than the one that the growth lives on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..maps.corners import write_corners


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the corners of the mesh lie on two UV maps.

    Attributes
    ----------
    painted, wanted : str
        The growth's UV map, and that of the pictures.
    before, after : ndarray, float32, shape (triangles, 3, 2)
        The corners on each.
    """

    painted: str
    wanted: str
    before: np.ndarray
    after: np.ndarray

    @property
    def digest(self) -> str:
        """A hash of where all lies, by which pictures are told apart."""
        return hashlib.sha256(self.before.tobytes() + self.after.tobytes()).hexdigest()[:32]

    def keep(self, folder: Path) -> Path:
        """Write the corners for the engine."""
        path = folder / "corners.npz"
        write_corners(path, self.before, self.after)
        return path
