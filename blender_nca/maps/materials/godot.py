# SPDX-License-Identifier: GPL-3.0-or-later
"""Godot: an ORM material as a text resource, for Godot 4."""

from __future__ import annotations

import json

from .description import MaterialDescription

_SWITCHED_ON_BY = {
    "normal_texture": "normal_enabled",
    "emission_texture": "emission_enabled",
}
"""The height map is there and off: parallax is expensive, and a matter of taste."""
_ALPHA_SCISSOR = 2


def files_of(material: MaterialDescription) -> dict[str, bytes]:
    """The material, with textures beside it."""
    shown = [one for one in material.textures if one.texture.slot]
    lines = [f'[gd_resource type="ORMMaterial3D" load_steps={len(shown) + 1} format=3]', ""]
    for number, one in enumerate(shown, 1):
        # a path without res:// counts from this file on
        lines.append(f'[ext_resource type="Texture2D" path={_quoted(one.name)} id="{number}"]')
    lines += ["", "[resource]", f"resource_name = {_quoted(material.name)}"]
    if material.is_cut_out:
        lines += [f"transparency = {_ALPHA_SCISSOR}", f"alpha_scissor_threshold = {material.cutoff:.6f}"]
    if material.subsurface > 0:
        lines += [
            "subsurf_scatter_enabled = true",
            f"subsurf_scatter_strength = {material.subsurface:.4g}",
        ]
    for number, one in enumerate(shown, 1):
        if one.texture.slot in _SWITCHED_ON_BY:
            lines.append(f"{_SWITCHED_ON_BY[one.texture.slot]} = true")
        lines.append(f'{one.texture.slot} = ExtResource("{number}")')
    if material.grid != (1, 1):
        columns, rows = material.grid
        lines.append(f"uv1_scale = Vector3({1 / columns:.8g}, {1 / rows:.8g}, 1)")
    return {f"{material.name}.tres": ("\n".join(lines) + "\n").encode()}


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
