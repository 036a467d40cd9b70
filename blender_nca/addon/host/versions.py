# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions: what differs between the Blender versions that the add-on runs on, 4.2 to 5.2."""

from __future__ import annotations

from typing import Any, Literal

import bpy

from .stubs import PropertyFlags

RELATIVE_PATH: PropertyFlags = {"PATH_SUPPORTS_BLEND_RELATIVE"} if bpy.app.version >= (4, 5, 0) else set()
"""The option of a folder property that it may begin with //, which no Blender before 4.5 asks for."""

LEAST_STRETCH: Literal["MINIMUM_STRETCH", "ANGLE_BASED"] = (
    "MINIMUM_STRETCH" if bpy.app.version >= (4, 3, 0) else "ANGLE_BASED"
)
"""The method of Blender's unwrapping that keeps lengths best."""

SAVES_AS_NAMED = bpy.app.version >= (5, 0, 0)
"""Whether saving a generated image of floats writes what its colour space says. Others encode it as sRGB, even in EXR,
unless it is data."""


STALE_PIXELS = (
    "With Persistent Data this Blender renders the first picture in every frame: bake, or switch it off."
)
"""What to say where `shows_stale_pixels`."""


def shows_stale_pixels(render: bpy.types.RenderSettings) -> bool:
    """Whether a Cycles render with these settings would show old pixels of a live image.

    With Persistent Data, Cycles before 5.2 keeps the pixels that an image had in the first rendered frame.
    """
    engine: str = render.engine
    return bpy.app.version < (5, 2, 0) and engine == "CYCLES" and render.use_persistent_data


def has_nodes_off(material: bpy.types.Material) -> bool:
    """Whether a material shows its plain colours, whatever nodes it has. From 5.0 on none does."""
    return bpy.app.version < (5, 0, 0) and not material.use_nodes


def switch_nodes_off(material: bpy.types.Material) -> None:
    """Let a material show its plain colours, where it can."""
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = False


def use_nodes(material: bpy.types.Material) -> bpy.types.ShaderNodeTree:
    """Switch a material's nodes on, and give them. From 5.0 on they always are, and the switch is going away."""
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True
    return material.node_tree  # type: ignore[return-value]  # it is there as soon as nodes are used


def let_append(asset: Any) -> None:
    """Let what is dropped of an asset be a copy, whatever its library is set to. Before 5.2 the library alone decides.

    Parameters
    ----------
    asset : bpy.types.AssetMetaData
        The stubs do not know what 5.2 keeps there.
    """
    if bpy.app.version >= (5, 2, 0):
        asset.use_preferred_import_method = True
        asset.preferred_import_method = "APPEND"
