# SPDX-License-Identifier: GPL-3.0-or-later
"""Texture maps: what each map is that a texture may hold. `made_maps.py` makes them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

COMPONENTS = "rgb"
"""Of a map that has three."""


@dataclass(frozen=True)
class TextureMap:
    """One map that a texture may hold.

    Attributes
    ----------
    label, description : str
        For the artist.
    components : int
        1 or 3.
    is_colour : bool
        Encoded as sRGB; otherwise numbers.
    is_dated : bool
        It needs the growth's order.
    may_be_negative : bool
        Only formats of floats hold it.
    """

    label: str
    description: str
    components: Literal[1, 3] = 1
    is_colour: bool = False
    is_dated: bool = False
    may_be_negative: bool = False


TEXTURE_MAPS = MappingProxyType(
    {
        "base_colour": TextureMap("Base Color", "Color of the surface", 3, True),
        "base_colour_premultiplied": TextureMap(
            "Base Color × Alpha", "Color of the surface, multiplied by alpha", 3, True
        ),
        "alpha": TextureMap("Alpha", "Where the growth is"),
        "height": TextureMap("Height", "From 0, the lowest, to 1"),
        "height_centred": TextureMap(
            "Height, Centered", "From -0.5 to 0.5, for displacement around the surface", may_be_negative=True
        ),
        "normal_opengl": TextureMap("Normal, OpenGL", "Green is up", 3),
        "normal_directx": TextureMap("Normal, DirectX", "Green is down", 3),
        "roughness": TextureMap("Roughness", "Inverted, it is smoothness or gloss"),
        "metallic": TextureMap("Metallic", "Where it is metal"),
        "diffuse": TextureMap("Diffuse", "Color of what is no metal, for specular materials", 3, True),
        "specular": TextureMap("Specular", "Color of what is mirrored, for specular materials", 3, True),
        "ambient_occlusion": TextureMap("Ambient Occlusion", "How much of the sky each place sees"),
        "cavity": TextureMap("Cavity", "Grooves are dark, ridges bright"),
        "emission": TextureMap("Emission", "Color of what glows, as bright as it glows", 3, True),
        "emission_strength": TextureMap("Emission Strength", "How strongly it glows"),
        "growth_order": TextureMap("Growth Order", "When each place came alive, from 0 to 1", is_dated=True),
        "growth_rise": TextureMap(
            "Growth Rise",
            "How long each place takes to appear, as a share of the time. In the layout Growth Order only",
            is_dated=True,
        ),
        "front": TextureMap("Front", "The living edge", is_dated=True),
        "motion": TextureMap(
            "Motion",
            "How a flipbook's tile moves into the next one: red to the right, green up; in other layouts not at all",
            3,
        ),
        "reveal": TextureMap(
            "Reveal",
            "Growth order for an alpha cutoff: falling from 1 to 0, it lets the growth appear",
            is_dated=True,
        ),
    }
)
"""Map name -> what it is. A new map of textures is a new row here, and one in `made_maps.py`."""
