# SPDX-License-Identifier: GPL-3.0-or-later
"""Layout: a bake's pictures by another UV map of the mesh than the one that the growth lives on."""

from __future__ import annotations

import hashlib

import bpy
import numpy as np

from ...automaton.surface_error import SurfaceError
from ...baking.bake_error import BakeError
from ...baking.layout import Layout
from ..material import kept_surface
from .properties import baking_of


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
    return Layout(painted, wanted, before, after)
