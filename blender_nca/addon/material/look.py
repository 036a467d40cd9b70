# SPDX-License-Identifier: GPL-3.0-or-later
"""Look: how a growth's maps are changed after they are painted, as far as a higher capability has a say in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import bpy

from ..host.hook import Hook

if TYPE_CHECKING:
    from ...maps.look import Look


seen = Hook()
"""Asked with (material, frames of the scene): how its nodes change the maps in each, or None where they stay."""
to_bake = Hook()
"""Asked with (material, frames of the scene): how the files of a bake are to be changed in each, or None."""
written = Hook()
"""Called with (material, bool): whether the pictures that it shows from now on are changed in their files already."""
recoloured = Hook()
"""Asked with (material, tree of geometry nodes, colour): the colour that nodes which are added there make of it, or
None."""
switched = Hook()
"""Called with a material whose nodes change its maps in another way than before."""


def looks_seen(material: bpy.types.Material, frames: Sequence[int]) -> list[Look | None]:
    """How a growth's nodes change its maps in frames of the scene."""
    return _first(seen, material, frames)


def looks_to_bake(material: bpy.types.Material, frames: Sequence[int]) -> list[Look | None]:
    """How the files of a bake are to be changed in frames of the scene.

    Raises
    ------
    GrowthError
        A value cannot be known at other frames than the one that is shown; the message says what to do.
    """
    return _first(to_bake, material, frames)


def _first(hook: Hook, material: bpy.types.Material, frames: Sequence[int]) -> list[Look | None]:
    return next(iter(hook(material, frames)), [None] * len(frames))
