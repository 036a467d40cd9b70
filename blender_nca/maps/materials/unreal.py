# SPDX-License-Identifier: GPL-3.0-or-later
"""Unreal: a script for its editor, which imports the textures and makes the material of them."""

from __future__ import annotations

import json

from ..texture import Texture
from .description import MaterialDescription

_SCRIPT = '''"""Imports the textures beside this file and makes a material of them.

In Unreal's editor: Tools > Execute Python Script. Written by Neural Growth.
"""

import os

import unreal

NAME = {name}
PLACE = "/Game/NeuralGrowth/" + NAME
CUTOFF = {cutoff}
GRID = {grid}
TEXTURES = {textures}
OUTPUTS = {{
    "BaseColor": [("RGB", unreal.MaterialProperty.MP_BASE_COLOR)],
    "Normal": [("RGB", unreal.MaterialProperty.MP_NORMAL)],
    "ORM": [
        ("R", unreal.MaterialProperty.MP_AMBIENT_OCCLUSION),
        ("G", unreal.MaterialProperty.MP_ROUGHNESS),
        ("B", unreal.MaterialProperty.MP_METALLIC),
    ],
    "Emissive": [("RGB", unreal.MaterialProperty.MP_EMISSIVE_COLOR)],
}}
COMPRESSION = {{
    "colour": unreal.TextureCompressionSettings.TC_DEFAULT,
    "normal": unreal.TextureCompressionSettings.TC_NORMALMAP,
    "masks": unreal.TextureCompressionSettings.TC_MASKS,
    "grey": unreal.TextureCompressionSettings.TC_GRAYSCALE,
    "floats": unreal.TextureCompressionSettings.TC_HDR,
}}
SAMPLERS = {{
    "colour": unreal.MaterialSamplerType.SAMPLERTYPE_COLOR,
    "normal": unreal.MaterialSamplerType.SAMPLERTYPE_NORMAL,
    "masks": unreal.MaterialSamplerType.SAMPLERTYPE_MASKS,
    "grey": unreal.MaterialSamplerType.SAMPLERTYPE_LINEAR_GRAYSCALE,
    "floats": unreal.MaterialSamplerType.SAMPLERTYPE_LINEAR_COLOR,
}}


def import_textures():
    tasks = []
    for texture in TEXTURES:
        task = unreal.AssetImportTask()
        task.filename = os.path.join(os.path.dirname(os.path.abspath(__file__)), texture["file"])
        task.destination_path = PLACE
        task.automated = True
        task.replace_existing = True
        task.save = False
        tasks.append(task)
    unreal.AssetToolsHelpers.get_asset_tools().import_asset_tasks(tasks)
    found = {{}}
    for texture, task in zip(TEXTURES, tasks):
        asset = unreal.load_asset(task.imported_object_paths[0])
        # else Unreal guesses by the pixels
        asset.set_editor_property("srgb", texture["srgb"])
        asset.set_editor_property("compression_settings", COMPRESSION[texture["kind"]])
        unreal.EditorAssetLibrary.save_loaded_asset(asset)
        found[texture["slot"]] = asset
    return found


def make_material(assets):
    path = PLACE + "/M_" + NAME
    material = unreal.load_asset(path) if unreal.EditorAssetLibrary.does_asset_exist(path) else None
    if material is None:
        material = unreal.AssetToolsHelpers.get_asset_tools().create_asset(
            "M_" + NAME, PLACE, unreal.Material, unreal.MaterialFactoryNew()
        )
    edit = unreal.MaterialEditingLibrary
    edit.delete_all_material_expressions(material)
    coordinates = None
    if GRID != (1, 1):
        coordinates = edit.create_material_expression(
            material, unreal.MaterialExpressionTextureCoordinate, -900, 0
        )
        coordinates.set_editor_property("u_tiling", 1.0 / GRID[0])
        coordinates.set_editor_property("v_tiling", 1.0 / GRID[1])
    for number, texture in enumerate(TEXTURES):
        sample = edit.create_material_expression(
            material, unreal.MaterialExpressionTextureSampleParameter2D, -500, 260 * number
        )
        sample.set_editor_property("parameter_name", texture["slot"])
        sample.set_editor_property("texture", assets[texture["slot"]])
        sample.set_editor_property("sampler_type", SAMPLERS[texture["kind"]])
        if coordinates is not None:
            edit.connect_material_expressions(coordinates, "", sample, "UVs")
        for output, place in OUTPUTS.get(texture["slot"], ()):
            edit.connect_material_property(sample, output, place)
        if texture["slot"] == "BaseColor" and CUTOFF is not None:
            material.set_editor_property("blend_mode", unreal.BlendMode.BLEND_MASKED)
            material.set_editor_property("opacity_mask_clip_value", CUTOFF)
            edit.connect_material_property(sample, "A", unreal.MaterialProperty.MP_OPACITY_MASK)
    edit.recompile_material(material)
    unreal.EditorAssetLibrary.save_loaded_asset(material)


make_material(import_textures())
'''


def files_of(material: MaterialDescription) -> dict[str, bytes]:
    """The script, for the textures beside it."""
    textures = [
        {
            "slot": one.texture.slot or one.texture.name,
            "file": one.name,
            "srgb": one.texture.colour == "sRGB",
            "kind": _kind(one.texture),
        }
        for one in material.textures
    ]
    script = _SCRIPT.format(
        name=json.dumps(material.identifier),
        cutoff=f"{material.cutoff:.6f}" if material.is_cut_out else "None",
        grid=material.grid,
        textures=_as_python(textures),
    )
    return {f"import_{material.identifier}.py": script.encode()}


def _kind(texture: Texture) -> str:
    if texture.is_of_floats:
        return "floats"
    if texture.holds.startswith("normal"):
        return "normal"
    if texture.colour == "sRGB":
        return "colour"
    return "grey" if len(texture.channels) == 1 else "masks"


def _as_python(textures: list[dict[str, object]]) -> str:
    return "[\n" + "".join(f"    {texture!r},\n" for texture in textures) + "]"
