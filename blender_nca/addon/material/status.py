# SPDX-License-Identifier: GPL-3.0-or-later
"""Status: whether a material grows live and may be changed, and why not."""

from __future__ import annotations

import bpy

from ..host.hook import Hook
from .properties import nca_of

occupied = Hook()
"""Asked with a material: whether somebody needs its growth to stay as it is for a while."""
kept_maps = Hook()
"""Asked with (material, scene frame): the maps of a frame that are kept somewhere, or None. Others have to be grown."""


def is_own(material: bpy.types.Material) -> bool:
    """Whether a material is a part of this file: neither linked nor a library override, whose nodes are fixed."""
    return material.library is None and material.override_library is None and material.is_editable


def why_not_editable(material: bpy.types.Material) -> str:
    """Why a material cannot be grown here, and what to do; empty if it can."""
    if not is_own(material):
        return _why_not_own(material)
    if material.is_grease_pencil:
        return "Grease Pencil materials have no surface: choose an object with a mesh."
    return ""


def why_not_open(material: bpy.types.Material, to_do: str) -> str:
    """Why a growth cannot be changed, and what to do; empty if it can. `to_do` is what one wants, as “to comb it”."""
    problem = why_not_editable(material)
    if not problem and not is_open(material):
        problem = f"{material.name} is baked, or being baked: press Free Bake {to_do}."
    return problem


def is_anything_growing() -> bool:
    """Whether the file holds a growth, also one that is linked or baked."""
    return any(nca_of(material).growing for material in bpy.data.materials)


def is_live(material: bpy.types.Material) -> bool:
    """Whether the material's pictures follow the engine: it grows, is not baked, and may be changed."""
    nca = nca_of(material)
    return nca.growing and not nca.baked and is_own(material)


def live_materials() -> list[bpy.types.Material]:
    """All materials of the file whose pictures follow the engine."""
    return [material for material in bpy.data.materials if is_live(material)]


def _why_not_own(material: bpy.types.Material) -> str:
    nca = nca_of(material)
    what = "growth" if nca.growing else "material"
    if material.library is not None:
        begun, there = f"This {what} is linked from {material.library.filepath}", "there"
    else:
        begun, there = f"This {what} is a library override, whose nodes are fixed", "in its own file"
    if not nca.growing:
        return f"{begun}: make it local to grow something on it."
    if nca.baked:
        return f"{begun}, and shows its baked images. Make it local to change it here."
    return f"{begun}, and not baked, so nothing grows here. Bake it {there}, or make it local: then it grows here."


def is_open(material: bpy.types.Material) -> bool:
    """Whether the growth may be changed: not while it is baked or occupied, or the material is linked."""
    return is_live(material) and not any(occupied(material))
