# SPDX-License-Identifier: GPL-3.0-or-later
"""three.js: a module that makes a material which plays a growth; its GLSL is that of any other WebGL program, too."""

from __future__ import annotations

import json
from urllib.parse import quote

from .description import MaterialDescription
from .growth_shader import PARAMETERS, comment, function, order_of

_MODULE = """{comment}
//
// import {{ loadGrowth }} from "./{name}_growth.js";
// const growth = await loadGrowth();
// const mesh = new THREE.Mesh(geometry, growth.material);
// growth.value = 0.5;  // in each frame
import * as THREE from "three";
import {{ EXRLoader }} from "three/addons/loaders/EXRLoader.js";

export const SHOWN = `{shown}`;

const FOLDER = new URL(".", import.meta.url);
const ORDER = {order};
const TEXTURES = {textures};

// Lets a standard material play a growth. It needs a map, whose texture coordinates the order takes.
export function play(material, order) {{
\tconst uniforms = {{ growth: {{ value: 1 }}, softness: {{ value: 1 }}, growthOrder: {{ value: order }} }};
\tmaterial.transparent = true;
\tmaterial.alphaTest = 0;
\tmaterial.onBeforeCompile = (shader) => {{
\t\tObject.assign(shader.uniforms, uniforms);
\t\tshader.fragmentShader = shader.fragmentShader
\t\t\t.replace(
\t\t\t\t"#include <common>",
\t\t\t\t`#include <common>\\nuniform float growth, softness;\\nuniform sampler2D growthOrder;\\n${{SHOWN}}`
\t\t\t)
\t\t\t.replace(
\t\t\t\t"#include <alphatest_fragment>",
\t\t\t\t`vec3 when = texture2D(growthOrder, vMapUv).rgb;
\t\t\t\tdiffuseColor.a = opacity * growth_shown(when.r, when.g, when.b, growth, softness);
\t\t\t\t#include <alphatest_fragment>`
\t\t\t);
\t}};
\tmaterial.customProgramCacheKey = () => "neural growth";
\treturn {{
\t\tmaterial,
\t\tget value() {{ return uniforms.growth.value; }},
\t\tset value(value) {{ uniforms.growth.value = value; }},
\t\tget softness() {{ return uniforms.softness.value; }},
\t\tset softness(value) {{ uniforms.softness.value = value; }},
\t}};
}}

// The material with the textures beside this file. Meshes of glTF files need {{ isGltf: true }}: their v goes down.
export async function loadGrowth({{ folder = FOLDER, isGltf = false }} = {{}}) {{
\tconst prepare = (texture, isColour, flipY) => {{
\t\ttexture.wrapS = texture.wrapT = THREE.RepeatWrapping;
\t\ttexture.colorSpace = isColour ? THREE.SRGBColorSpace : THREE.NoColorSpace;
\t\ttexture.flipY = flipY;
\t\treturn texture;
\t}};
\tconst order = new EXRLoader().loadAsync(new URL(ORDER, folder).href);
\tconst entries = TEXTURES.map(async ([slots, file, isColour]) => {{
\t\tconst texture = await new THREE.TextureLoader().loadAsync(new URL(file, folder).href);
\t\tprepare(texture, isColour, !isGltf);
\t\treturn slots.map((slot) => [slot, texture]);
\t}});
\tconst maps = Object.fromEntries((await Promise.all(entries)).flat());
\tconst material = new THREE.MeshStandardMaterial({{ ...maps, roughness: 1, metalness: maps.metalnessMap ? 1 : 0 }});
\tif (maps.emissiveMap) material.emissive.set(0xffffff);
\tconst texture = prepare(await order, false, isGltf);
\ttexture.minFilter = texture.magFilter = THREE.LinearFilter;
\ttexture.generateMipmaps = false;
\ttexture.needsUpdate = true;
\treturn play(material, texture);
}}
"""
_SLOTS = {
    "baseColorTexture": ["map"],
    "normalTexture": ["normalMap"],
    "occlusionRoughnessMetallic": ["aoMap", "roughnessMap", "metalnessMap"],
    "emissiveTexture": ["emissiveMap"],
}
"""Slot of a glTF material -> properties of three.js's."""


def files_of(material: MaterialDescription) -> dict[str, bytes]:
    """The module, with textures beside it; nothing where no texture plays the growth."""
    order = order_of(material)
    if order is None:
        return {}
    textures = [
        [_SLOTS[one.texture.slot], quote(one.name), one.texture.colour == "sRGB"]
        for one in material.textures
        if one.texture.slot in _SLOTS
    ]
    module = _MODULE.format(
        comment=comment(),
        name=material.name,
        shown=function(f"float growth_shown({PARAMETERS})"),
        order=json.dumps(quote(order.name)),
        textures=json.dumps(textures),
    )
    return {f"{material.name}_growth.js": module.encode()}
