# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures: what a growth over its ground looks like in one frame, as the maps that glTF has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import bpy
import numpy as np

from ...genetics.translucency import Translucency
from ...maps.channels import ADJUSTED, CHANNELS, LIVE_IMAGES
from ...maps.colour import linear_to_srgb
from ...maps.normal import normal_from_height
from ...maps.relief import ambient_occlusion
from .. import engine
from ..host.nodes import tree_of, value_of
from ..material.clock import frame_of
from ..material.growth import growth_of
from ..material.look import looks_seen
from ..material.node_group import group_nodes
from ..material.properties import nca_of
from ..material.sockets import GLOW, GROUND, SHOWN, input_of
from ..material.status import kept_maps
from ..material.translucent import translucency_of
from ..material.wiring import COVER, HIDE, ROLE

Maps = dict[str, np.ndarray]
Ground = dict[str, float | np.ndarray]
"""By the sockets of a growth's group: what lies under it, all over or (height, width) or (height, width, 3)."""
SECONDS = 120
"""How long a frame may take to grow."""
NORMAL_STRENGTH = 8.0
"""Pixels that the highest part stands high, where no bake says another number."""
GLOWS = 0.4
"""Emission of the brightest thousandth of the pixels from which on a growth glows. Of the bundled materials those that
do not glow come to 0.14 at the most, all others to 0.66 at the least."""


@dataclass(frozen=True)
class Pictures:
    """Maps of a frame, row 0 at the top, sRGB-encoded where they are colours, each in [0, 1].

    Attributes
    ----------
    base_colour : ndarray, shape (height, width, 4)
    packed : ndarray, shape (height, width, 3)
        Ambient occlusion in red, roughness in green, metallic in blue, as glTF has it.
    normal : ndarray, shape (height, width, 3)
    emission : ndarray, shape (height, width, 3), or None
        None where nothing glows.
    strength : float
        Of the emission.
    is_opaque : bool
    share : ndarray, shape (height, width)
        How much of what is seen is the growth.
    translucency : Translucency or None
        Of the growth, its scale in metres; None where no light goes in.
    """

    base_colour: np.ndarray
    packed: np.ndarray
    normal: np.ndarray
    emission: np.ndarray | None
    strength: float
    is_opaque: bool
    share: np.ndarray
    translucency: Translucency | None


def pictures_of(
    material: bpy.types.Material,
    scene_frame: int,
    ground_of: Callable[[bpy.types.Material, tuple[int, int]], Ground] | None = None,
) -> Pictures:
    """The growth of a material over its ground, at a frame of the scene.

    Parameters
    ----------
    material : Material
    scene_frame : int
    ground_of : function, optional
        From (material, (height, width)) to what lies under the growth. By default as `ground_values` has it.

    Raises
    ------
    GrowthError, EngineError, OSError
        It cannot be grown, or its baked files cannot be read.
    """
    maps = maps_of(material, scene_frame)
    glows = _glows(maps)
    maps = look_at(material, scene_frame, maps)
    colour, alpha = maps["colour"], maps["alpha"][..., None]
    height, width = maps["alpha"].shape
    ground = ground_values(material) if ground_of is None else ground_of(material, (height, width))
    # straight-alpha "over", as the overlay of the material's nodes says
    under = ground["Ground Alpha"] * ground[SHOWN]
    covered = alpha + (1 - alpha) * under
    share = alpha / np.maximum(covered, 1e-6)
    seen = share * colour + (1 - share) * ground["Ground Colour"]
    plain = share[..., 0]
    occlusion, normal = relief_of(material, maps)
    occlusion = plain * occlusion + (1 - plain)
    roughness = plain * maps["roughness"] + (1 - plain) * ground["Ground Roughness"]
    metallic = plain * maps["metallic"] + (1 - plain) * ground["Ground Metallic"]
    glow = ground[GLOW] if glows or _glows(maps) else 0.0
    light = share * colour * maps["emission"][..., None] * glow
    light = light + (1 - share) * ground["Ground Emission Colour"] * ground["Ground Emission Strength"]
    strength = max(float(glow), float(ground["Ground Emission Strength"]))
    return Pictures(
        np.concatenate([linear_to_srgb(seen), covered], -1),
        np.stack([occlusion, roughness, metallic], -1),
        normal,
        linear_to_srgb(light / max(strength, 1e-6)) if light.any() else None,
        strength,
        bool(covered.min() > 0.999),
        plain,
        _translucency_of(material),
    )


def alone(material: bpy.types.Material, scene_frame: int, maps: Maps, alpha: np.ndarray) -> Pictures:
    """A growth without its ground, by an alpha of its own or another one.

    Parameters
    ----------
    material : Material
    scene_frame : int
        Whose look it has.
    maps : dict of str to ndarray
        As from `grow`.
    alpha : ndarray, float32, shape (height, width)
    """
    glows = _glows(maps)
    maps = look_at(material, scene_frame, maps)
    glow = float(ground_values(material)[GLOW]) if glows or _glows(maps) else 0.0
    light = maps["colour"] * maps["emission"][..., None]
    occlusion, normal = relief_of(material, maps)
    return Pictures(
        np.concatenate([linear_to_srgb(maps["colour"]), alpha[..., None]], -1),
        np.stack([occlusion, maps["roughness"], maps["metallic"]], -1),
        normal,
        linear_to_srgb(light) if glow > 0 else None,
        glow,
        bool(alpha.min() > 0.999),
        np.ones_like(alpha),
        _translucency_of(material),
    )


def _translucency_of(material: bpy.types.Material) -> Translucency | None:
    found = translucency_of(material)
    return None if found is None else replace(found[0], scale=found[0].scale * found[1])


def maps_of(material: bpy.types.Material, scene_frame: int) -> Maps:
    """Maps of a growth at a frame of the scene, as from `grow`: those of its bake where there is one.

    Raises
    ------
    GrowthError, EngineError, OSError
        As `pictures_of`.
    """
    kept = next((maps for maps in kept_maps(material, scene_frame) if maps is not None), None)
    return grow(material, frame_of(material, scene_frame)) if kept is None else kept


def look_at(material: bpy.types.Material, scene_frame: int, maps: Maps) -> Maps:
    """Maps as the material's look changes them."""
    (look,) = looks_seen(material, [scene_frame])
    if look is None:
        return maps
    changed = {name: look.change_values(name, maps[name]) for name in ADJUSTED}
    return {**maps, "colour": look.recolour(maps["colour"]), **changed}


def relief_of(material: bpy.types.Material, maps: Maps) -> tuple[np.ndarray, np.ndarray]:
    """Ambient occlusion, of shape (height, width), and normals, of shape (height, width, 3), of a height."""
    nca = nca_of(material)
    strength = getattr(nca, "normal_strength", NORMAL_STRENGTH)
    boundary = "wrap" if nca.wrap else "edge"
    height = maps["height"] * maps["alpha"]
    normal = normal_from_height(height, strength, boundary)
    return ambient_occlusion(height, strength, boundary), np.moveaxis(normal, 0, -1)


def _glows(maps: Maps) -> bool:
    """Whether the growth glows, more than materials do that do not glow."""
    return bool(np.quantile(maps["emission"] * maps["alpha"], 0.999) > GLOWS)


def grow(material: bpy.types.Material, frame: int) -> Maps:
    """Maps of a frame of a live growth: colour (height, width, 3), linear, the others (height, width)."""
    pixels = engine.current().frame(growth_of(material, frame), frame, SECONDS).pixels[:, ::-1]
    channels = {
        name: image[..., place]
        for image, names in zip(pixels, LIVE_IMAGES, strict=True)
        for place, name in enumerate(names)
    }
    return {"colour": np.stack([channels[name] for name in CHANNELS[:3]], -1), **channels}


def ground_values(material: bpy.types.Material) -> Ground:
    """What lies under the growth, as far as it is one value; nothing for a growth that covers other shaders."""
    values: Ground = {
        "Ground Colour": np.array((0.8, 0.8, 0.8), np.float32),
        "Ground Alpha": 1.0,
        "Ground Roughness": 0.5,
        "Ground Metallic": 0.0,
        "Ground Emission Colour": np.array((1.0, 1.0, 1.0), np.float32),
        "Ground Emission Strength": 0.0,
        SHOWN: 1.0,
        GLOW: 1.0,
    }
    for node in group_nodes(material, nca_of(material).tree)[:1]:
        for name in values:
            socket = input_of(node, name)
            if socket is not None and (not socket.is_linked or name in {GLOW, SHOWN}):
                value = value_of(socket)
                values[name] = np.array(value[:3], np.float32) if hasattr(value, "__len__") else float(value)
    return values


def is_ground_seen(material: bpy.types.Material) -> bool:
    """Whether what lies under a growth is seen where nothing grows."""
    for node in group_nodes(material, nca_of(material).tree):
        sockets = [input_of(node, SHOWN)]
        if node.get(ROLE) == COVER:
            # of a shader that is covered, a mix before it says how much is seen, where it is not all of it
            mixes = [one for one in tree_of(node).nodes if one.get(ROLE) == HIDE and one.type == "MIX_SHADER"]
            sockets = [one.inputs[0] for one in mixes] or [None]
        if any(one is None or one.is_linked or value_of(one) > 0 for one in sockets):
            return True
    return False


def is_ground_uneven(material: bpy.types.Material) -> bool:
    """Whether what lies under a growth is not one value all over, but pictures, or another shader."""
    for node in group_nodes(material, nca_of(material).tree):
        sockets = [input_of(node, ground.name) for ground in GROUND.values()]
        if node.get(ROLE) == COVER or any(one is not None and one.is_linked for one in sockets):
            return True
    return False
