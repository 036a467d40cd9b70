# SPDX-License-Identifier: GPL-3.0-or-later
"""Layout: a bake's pictures by another UV map of the mesh than the one that the growth lives on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np

from ...automaton.surface import SurfaceError
from ...maps.corners import write_corners
from ..material import kept_surface
from .destination import BakeError
from .properties import baking_of

_NEARLY = 1e-4
"""How far a corner may lie outside the UV square."""


@dataclass(frozen=True)
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


def corners_now(material: bpy.types.Material, uv_map: str) -> str:
    """A hash of where a mesh's corners lie on a UV map, which tells whether it was changed; empty without any."""
    if baking_of(material).over != "MESH":
        return ""
    try:
        found = kept_surface.corners(material, uv_map)
    except SurfaceError:
        return ""
    return hashlib.sha256(found[0].tobytes()).hexdigest() if found else ""


def layout_of(material: bpy.types.Material) -> Layout | None:
    """The other layout that a material is to be baked by; None where it is that of the growth.

    Raises
    ------
    BakeError
        An object has no such UV map, or a part of it lies outside of the pictures; the message says what to do.
    """
    nca = baking_of(material)
    painted, wanted = nca.grown_uv if nca.is_laid_out else nca.uv_map, nca.bake_uv
    if nca.over != "MESH" or not wanted or wanted == painted:
        return None
    try:
        before, after = (next(iter(kept_surface.corners(material, name)), None) for name in (painted, wanted))
    except SurfaceError as error:
        raise BakeError(f"{error} (See Baked for.)") from error
    if before is None or after is None:
        return None
    if before.shape != after.shape:
        raise BakeError(
            f"The faces on “{wanted}” are not those on “{painted or 'the growth'}”: apply the modifiers that make one "
            "of the two UV maps, or choose another one in Bake."
        )
    if np.array_equal(before, after):
        return None
    if after.min() < -_NEARLY or after.max() > 1 + _NEARLY:
        raise BakeError(
            f"Parts of the surface lie outside the square of “{wanted}”, or on other UDIM tiles, where no picture "
            "reaches: choose another UV map in Bake, or none, for that of the growth."
        )
    return Layout(painted, wanted, before, after)
