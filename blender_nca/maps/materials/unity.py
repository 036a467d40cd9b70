# SPDX-License-Identifier: GPL-3.0-or-later
"""Unity: a material, and beside each texture what its importer is to do with it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from ..texture import Texture
from .description import MaterialDescription
from .growth_shader import plays

_URP_LIT = "933532a4fcc9baf4fa0491de14d08ed7"
_HDRP_LIT = "6e4ae4064600d784cac1e41a9e6f2e59"
_KEYWORDS_OF_URP = {
    "_BumpMap": "_NORMALMAP",
    "_MetallicGlossMap": "_METALLICSPECGLOSSMAP",
    "_OcclusionMap": "_OCCLUSIONMAP",
    "_EmissionMap": "_EMISSION",
}
_KEYWORDS_OF_HDRP = {
    "_NormalMap": "_NORMALMAP",
    "_MaskMap": "_MASKMAP",
    "_EmissiveColorMap": "_EMISSIVE_COLOR_MAP",
}
_ALPHA_TEST_QUEUE = 2450
_BAKED_EMISSION, _NO_EMISSION = 2, 4
_MOST_READ = 2**16
"""Letters of a .meta: its guid stands in the second line."""
_GUID = re.compile(r"^guid: ([0-9a-f]{32})\s*$", re.MULTILINE)


def files_of_urp(material: MaterialDescription) -> dict[str, bytes]:
    """The material for the Universal Render Pipeline."""
    cut = float(material.is_cut_out)
    floats = {
        "_AlphaClip": cut,
        "_Cutoff": material.cutoff,
        "_Metallic": 1.0,
        "_OcclusionStrength": 1.0,
        "_Smoothness": 1.0,
        "_WorkflowMode": 1.0,
    }
    white = (1.0, 1.0, 1.0)
    colours = {"_BaseColor": white, "_EmissionColor": white if material.find("_EmissionMap") else (0.0,) * 3}
    return _files(material, _URP_LIT, _KEYWORDS_OF_URP, floats, colours)


def files_of_hdrp(material: MaterialDescription) -> dict[str, bytes]:
    """The material for the High Definition Render Pipeline."""
    floats = {
        "_AlphaCutoff": material.cutoff,
        "_AlphaCutoffEnable": float(material.is_cut_out),
        "_Metallic": 1.0,
        "_Smoothness": 1.0,
        "_NormalScale": 1.0,
        "_AORemapMin": 0.0,
        "_AORemapMax": 1.0,
        "_MetallicRemapMin": 0.0,
        "_MetallicRemapMax": 1.0,
        "_SmoothnessRemapMin": 0.0,
        "_SmoothnessRemapMax": 1.0,
    }
    white = (1.0, 1.0, 1.0)
    colours = {
        "_BaseColor": white,
        "_EmissiveColor": white if material.find("_EmissiveColorMap") else (0.0,) * 3,
    }
    return _files(material, _HDRP_LIT, _KEYWORDS_OF_HDRP, floats, colours, ("_NORMALMAP_TANGENT_SPACE",))


def _files(
    material: MaterialDescription,
    shader: str,
    keywords: dict[str, str],
    floats: dict[str, float],
    colours: Mapping[str, tuple[float, ...]],
    always: tuple[str, ...] = (),
) -> dict[str, bytes]:
    own = f"{material.name}.mat"
    files: dict[str, str] = {f"{own}.meta": _meta_of_material(_guid(material, own))}
    slots, words = [], [*always, *(["_ALPHATEST_ON"] if material.is_cut_out else [])]
    for one in material.textures:
        for name in (one.name, *one.others):
            files[f"{name}.meta"] = _meta_of_texture(_guid(material, name), one.texture, material.largest)
        if one.texture.slot:
            slots.append((one.texture.slot, _guid(material, one.name)))
            words += [keywords[one.texture.slot]] if one.texture.slot in keywords else []
    files = {name: text for name, text in files.items() if not _is_there(material, name)}
    files[own] = _material(material, shader, sorted(words), slots, floats, colours)
    return {name: text.encode() for name, text in files.items()}


def _material(
    material: MaterialDescription,
    shader: str,
    keywords: list[str],
    slots: list[tuple[str, str]],
    floats: dict[str, float],
    colours: Mapping[str, tuple[float, ...]],
) -> str:
    columns, rows = material.grid
    # Unity's v goes up: the first frame, at the top left, begins one row below the upper end
    scale = f"{{x: {1 / columns:.8g}, y: {1 / rows:.8g}}}"
    offset = f"{{x: 0, y: {1 - 1 / rows:.8g}}}"
    lines = [
        "%YAML 1.1",
        "%TAG !u! tag:unity3d.com,2011:",
        "--- !u!21 &2100000",
        "Material:",
        "  serializedVersion: 8",
        "  m_ObjectHideFlags: 0",
        f"  m_Name: {json.dumps(material.name, ensure_ascii=False)}",
        f"  m_Shader: {{fileID: 4800000, guid: {shader}, type: 3}}",
        "  m_ValidKeywords:" + ("" if keywords else " []"),
        *(f"  - {keyword}" for keyword in keywords),
        "  m_InvalidKeywords: []",
        f"  m_LightmapFlags: {_BAKED_EMISSION if any('Emi' in word for word, _ in slots) else _NO_EMISSION}",
        f"  m_CustomRenderQueue: {_ALPHA_TEST_QUEUE if material.is_cut_out else -1}",
        "  stringTagMap:",
        f"    RenderType: {'TransparentCutout' if material.is_cut_out else 'Opaque'}",
        "  m_SavedProperties:",
        "    serializedVersion: 3",
        "    m_TexEnvs:" + ("" if slots else " []"),
    ]
    for slot, guid in slots:
        lines += [
            f"    - {slot}:",
            f"        m_Texture: {{fileID: 2800000, guid: {guid}, type: 3}}",
            f"        m_Scale: {scale}",
            f"        m_Offset: {offset}",
        ]
    lines += ["    m_Ints: []", "    m_Floats:"]
    lines += [f"    - {name}: {value:g}" for name, value in sorted(floats.items())]
    lines.append("    m_Colors:")
    for name, (red, green, blue) in sorted(colours.items()):
        lines.append(f"    - {name}: {{r: {red:g}, g: {green:g}, b: {blue:g}, a: 1}}")
    return "\n".join(lines) + "\n"


def _meta_of_texture(guid: str, texture: Texture, largest: int) -> str:
    is_normal = texture.holds.startswith("normal")
    is_cut_out = len(texture.channels) == 4 and texture.channels[3].map == "alpha"
    return "\n".join(
        [
            "fileFormatVersion: 2",
            f"guid: {guid}",
            "TextureImporter:",
            "  serializedVersion: 13",
            "  mipmaps:",
            f"    enableMipMap: {int(not plays(texture))}",
            f"    sRGBTexture: {int(texture.colour == 'sRGB')}",
            "  bumpmap:",
            "    convertToNormalMap: 0",
            f"    flipGreenChannel: {int(texture.holds == 'normal_directx')}",
            "  isReadable: 0",
            f"  maxTextureSize: {_at_least(largest)}",
            "  alphaUsage: 1",
            f"  alphaIsTransparency: {int(is_cut_out)}",
            f"  textureType: {int(is_normal)}",
            "  textureShape: 1",
            "  platformSettings:",
            "  - serializedVersion: 3",
            "    buildTarget: DefaultTexturePlatform",
            f"    maxTextureSize: {_at_least(largest)}",
            "    textureFormat: -1",
            f"    textureCompression: {0 if plays(texture) else 2}",
            "",
        ]
    )


def _meta_of_material(guid: str) -> str:
    return (
        f"fileFormatVersion: 2\nguid: {guid}\nNativeFormatImporter:\n  externalObjects: {{}}\n"
        "  mainObjectFileID: 2100000\n"
    )


def _guid(material: MaterialDescription, name: str) -> str:
    """By what Unity knows a file: that which it has already, else one that is the same each time."""
    if material.folder is not None:
        try:
            with Path(material.folder, f"{name}.meta").open(encoding="utf-8") as file:
                found = _GUID.search(file.read(_MOST_READ))
        except (OSError, ValueError):
            found = None
        if found is not None:
            return found[1]
    return hashlib.sha256(f"neural growth/{material.name}/{name}".encode()).hexdigest()[:32]


def _is_there(material: MaterialDescription, name: str) -> bool:
    """Whether somebody may have changed how a file is imported, which is kept."""
    return material.folder is not None and Path(material.folder, name).is_file()


def _at_least(largest: int) -> int:
    """The size that Unity is to allow: it shrinks what is larger than 2048 without being told."""
    return int(max(2048, min(16384, 2 ** (largest - 1).bit_length())))
