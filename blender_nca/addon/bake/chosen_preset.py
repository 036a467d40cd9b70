# SPDX-License-Identifier: GPL-3.0-or-later
"""Chosen preset: the bake preset of a material, of which it keeps its own copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .textures import describe, texture_of

if TYPE_CHECKING:
    from ...maps.bake_preset import BakePreset
    from .properties import Baking


def take(nca: Baking, preset: BakePreset) -> None:
    """Let a material have a preset, of which it keeps its own copy."""
    from ...maps.bake_preset import BLENDER

    nca.bake_preset = preset.name
    nca.bake_textures.clear()
    if preset.name == BLENDER:
        return
    for texture in preset.textures:
        describe(nca.bake_textures.add(), texture)
    nca.bake_names, nca.bake_material_kind = preset.names, preset.material
    nca.bake_texture_index = 0


def chosen(nca: Baking) -> BakePreset:
    """The preset of a material, as it was edited.

    Raises
    ------
    TextureError
        It was edited into one that cannot be; the message says what to do.
    """
    from ...maps.bake_preset import BLENDER, BakePreset, bundled

    if nca.bake_preset in ("", BLENDER):
        return bundled()[BLENDER]
    textures = tuple(map(texture_of, nca.bake_textures))
    return BakePreset(nca.bake_preset, textures, nca.bake_names, nca.bake_material_kind)


def problem_of(nca: Baking) -> str:
    """Why a material's textures cannot be; empty where they can."""
    from ...maps.texture import TextureError

    try:
        chosen(nca)
    except TextureError as error:
        return str(error)
    return ""
