# SPDX-License-Identifier: GPL-3.0-or-later
"""Growth shader: how a shader plays a whole growth by one number, of a texture of its growth order.

The texture holds when a place appears, its alpha in the end, and how long it takes to appear. What is written here is
the same in GLSL, HLSL and Godot's language; the writers of each engine put their own words around it.
"""

from __future__ import annotations

from ..texture import Channel, Texture
from .description import MaterialDescription, TextureFile

CHANNELS = (Channel("growth_order"), Channel("alpha"), Channel("growth_rise"))
"""What the texture has in red, green and blue."""
PARAMETERS = "float order, float alpha, float rise, float time, float soft"
SHOWN = (
    "// half a step of 16 bits: what appears in this moment is seen",
    "float late = time - order + 0.5 / 65535.0;",
    "// near the beginning and the end it is quicker, so that these are as they are baked",
    "float width = max(min(rise * soft, 2.0 * min(order, 1.0 - order)), 1.0 / 65535.0);",
    "return min(alpha, clamp(0.5 + late / width, 0.0, 1.0));",
)
"""Body of a function of `PARAMETERS`: how much is seen of a place, as alpha from 0 to 1."""
ABOUT = (
    "Plays the whole growth by one number: animate growth from 0 to 1.",
    "The growth order's texture has in red when a place appears, in green its alpha in the end, and in blue how long",
    "it takes to appear. Softness 1 is the edge as it grew, 0 a hard one. The texture needs linear filtering, and no",
    "compression: it holds numbers, no colours.",
)
"""What stands at the top of each file."""


def order_of(material: MaterialDescription) -> TextureFile | None:
    """The texture that a shader plays a growth by."""
    return next((one for one in material.textures if plays(one.texture)), None)


def plays(texture: Texture) -> bool:
    """Whether a texture is one that a shader plays a growth by."""
    return texture.channels[:3] == CHANNELS


def function(head: str, indent: str = "\t") -> str:
    """The equation as a function.

    Parameters
    ----------
    head : str
        What stands before its body, such as "float shown(…)".
    indent : str
    """
    return "\n".join([f"{head} {{", *(indent + line for line in SHOWN), "}"])


def comment(sign: str = "//") -> str:
    """What the file is, as a comment."""
    return "\n".join(f"{sign} {line}" for line in ABOUT)
