# SPDX-License-Identifier: GPL-3.0-or-later
"""HLSL: a function for Unity's shader graphs, and the text of a Custom node of Unreal's materials."""

from __future__ import annotations

from .description import MaterialDescription
from .growth_shader import PARAMETERS, SHOWN, comment, function, order_of

_UNITY = """{comment}
// In Shader Graph: a Custom Function node of the type File with this file, the name GrowthShown, and the inputs Order
// (Vector 4, the RGBA of a Sample Texture 2D of {order}), Growth and Softness (Floats), and the output Shown (a
// Float), which goes to Alpha. Or include it in a shader of your own.
#ifndef GROWTH_SHOWN_INCLUDED
#define GROWTH_SHOWN_INCLUDED

{shown}

void GrowthShown_float(float4 Order, float Growth, float Softness, out float Shown)
{{
    Shown = growth_shown(Order.r, Order.g, Order.b, Growth, Softness);
}}

// Half precision is too coarse for an order: it is computed in floats here, too.
void GrowthShown_half(half4 Order, half Growth, half Softness, out half Shown)
{{
    Shown = (half)growth_shown(Order.r, Order.g, Order.b, Growth, Softness);
}}

#endif
"""
_UNREAL = """{comment}
// Paste all of this into the Code of a Custom node. Output Type: CMOT Float 1. Inputs: Order (the RGB of a Texture
// Sample of {order}, whose Sampler Type is Linear Color), Growth and Softness (Scalar Parameters). Its output goes to
// Opacity of a translucent material, or to Opacity Mask of a masked one with a clip value of 0.5.
float order = Order.r, alpha = Order.g, rise = Order.b, time = Growth, soft = Softness;
{shown}
"""


def files_for_unity(material: MaterialDescription) -> dict[str, bytes]:
    """The function; nothing where no texture plays the growth."""
    order = order_of(material)
    if order is None:
        return {}
    shown = function(f"float growth_shown({PARAMETERS})", "    ")
    text = _UNITY.format(comment=comment(), order=order.name, shown=shown)
    return {f"{material.name}_growth.hlsl": text.encode()}


def files_for_unreal(material: MaterialDescription) -> dict[str, bytes]:
    """The text; nothing where no texture plays the growth."""
    order = order_of(material)
    if order is None:
        return {}
    text = _UNREAL.format(comment=comment(), order=order.name, shown="\n".join(SHOWN))
    return {f"{material.identifier}_growth_custom_node.txt": text.encode()}
