# SPDX-License-Identifier: GPL-3.0-or-later
"""Godot: a shader that plays a growth, and a material with it."""

from __future__ import annotations

import json

from .description import MaterialDescription
from .growth_shader import PARAMETERS, comment, function, order_of

_FILTER = "filter_linear_mipmap_anisotropic, repeat_enable"
_HINTS = {
    "albedo_texture": f"source_color, {_FILTER}",
    "normal_texture": f"hint_normal, {_FILTER}",
    "orm_texture": f"hint_default_white, {_FILTER}",
    "emission_texture": f"source_color, hint_default_black, {_FILTER}",
}
"""Slot of the ORM material -> how the shader reads it. The height map is left out, as it is off there, too."""
_SHADER = """{comment}
// For a hard edge that casts shadows like a solid, add to fragment(): ALPHA_SCISSOR_THRESHOLD = 0.5;
shader_type spatial;
render_mode blend_mix, depth_prepass_alpha, diffuse_burley, specular_schlick_ggx;

uniform float growth : hint_range(0.0, 1.0) = 1.0;
uniform float softness : hint_range(0.0, 8.0) = 1.0;
uniform sampler2D order_texture : hint_default_black, filter_linear, repeat_enable;
{uniforms}

{shown}

void fragment() {{
	vec3 order = texture(order_texture, UV).rgb;
	ALPHA = shown(order.r, order.g, order.b, growth, softness);
{fragment}
}}
"""
_FRAGMENT = {
    "albedo_texture": ("ALBEDO = texture(albedo_texture, UV).rgb;",),
    "normal_texture": ("NORMAL_MAP = texture(normal_texture, UV).rgb;",),
    "orm_texture": (
        "vec3 orm = texture(orm_texture, UV).rgb;",
        "AO = orm.r;",
        "ROUGHNESS = orm.g;",
        "METALLIC = orm.b;",
    ),
    "emission_texture": ("EMISSION = texture(emission_texture, UV).rgb;",),
}


def files_of(material: MaterialDescription) -> dict[str, bytes]:
    """The shader and its material, with textures beside them; nothing where no texture plays the growth."""
    order = order_of(material)
    if order is None:
        return {}
    shown = [one for one in material.textures if one.texture.slot in _HINTS]
    shader = _SHADER.format(
        comment=comment(),
        uniforms="\n".join(
            f"uniform sampler2D {one.texture.slot} : {_HINTS[one.texture.slot]};" for one in shown
        ),
        shown=function(f"float shown({PARAMETERS})"),
        fragment="\n".join(f"\t{line}" for one in shown for line in _FRAGMENT[one.texture.slot]),
    )
    name = f"{material.name}_growth"
    named = {"order_texture": order.name, **{one.texture.slot: one.name for one in shown}}
    lines = [f'[gd_resource type="ShaderMaterial" load_steps={len(named) + 2} format=3]', ""]
    lines.append(f'[ext_resource type="Shader" path={_quoted(f"{name}.gdshader")} id="1"]')
    for number, file in enumerate(named.values(), 2):
        lines.append(f'[ext_resource type="Texture2D" path={_quoted(file)} id="{number}"]')
    lines += ["", "[resource]", f"resource_name = {_quoted(material.name)}", 'shader = ExtResource("1")']
    lines += ["shader_parameter/growth = 1.0", "shader_parameter/softness = 1.0"]
    lines += [f'shader_parameter/{slot} = ExtResource("{number}")' for number, slot in enumerate(named, 2)]
    return {f"{name}.gdshader": shader.encode(), f"{name}.tres": ("\n".join(lines) + "\n").encode()}


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
