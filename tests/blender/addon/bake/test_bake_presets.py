# SPDX-License-Identifier: GPL-3.0-or-later
"""A bake for another program: its textures and material, as a still, a sequence, a flipbook or a growth order."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import addon_utils
import bpy
import numpy as np
import pytest
from PIL import Image

from blender_nca.maps.bake_preset import bundled
from tests.blender.addon.stage import render, stage
from tests.pictures import read_png


@pytest.fixture
def baking(growing, tmp_path, monkeypatch):
    """A material that is to be baked from frame 1 to 6, and a folder of presets that is nobody else's."""
    material = growing.material(bake_start=1, bake_end=6, bake_folder=str(tmp_path / "baked"))
    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.setattr(bpy.utils, "preset_paths", lambda folder: [str(own)])
    monkeypatch.setattr(bpy.utils, "user_resource", lambda *_, **__: str(own))
    return material, tmp_path / "baked", own


def choose(material, name, layout) -> None:
    assert bpy.ops.nca.choose_bake_preset(preset=name) == {"FINISHED"}
    material.nca.bake_layout = layout


def bake(folder) -> dict[str, Path]:
    assert bpy.ops.nca.bake() == {"FINISHED"}
    return {path.name: path for path in folder.iterdir()}


def test_several_programs_get_their_textures_of_one_growth_and_the_material_stays_live(baking):
    material, folder, _ = baking
    material.nca.bake_end = 2
    before = set(folder.parent.iterdir())
    assert bpy.ops.nca.bake_several(presets={"Unity HDRP", "Principled, Any Blender"}) == {"FINISHED"}
    assert not material.nca.baked and material.nca.image_colour is not None
    assert {path.name for path in folder.iterdir()} == {"Unity HDRP", "Principled, Any Blender"}
    assert set(folder.parent.iterdir()) - before == {folder}
    mask = read_png(folder / "Unity HDRP" / "Wood_MaskMap_0002.png")
    principled = folder / "Principled, Any Blender"
    plain = {name: read_png(principled / f"Wood_{name}_0002.png") for name in ("Metallic", "AO", "Roughness")}
    np.testing.assert_allclose(mask[..., 0], plain["Metallic"], atol=1e-6)
    np.testing.assert_allclose(mask[..., 1], plain["AO"], atol=1e-6)
    np.testing.assert_allclose(mask[..., 3], 1 - plain["Roughness"], atol=1.01 / 255)
    assert (folder / "Unity HDRP" / "Wood_MaskMap_0001.png.meta").is_file()
    assert "Wood_growth.json" in {path.name for path in principled.iterdir()}
    _check_that_node_wrangler_finds_them(sorted(path.name for path in principled.glob("*_0002.png")))


def test_all_growing_materials_are_baked_as_each_says_and_what_cannot_be_is_told(baking, growing, capfd):
    wood, folder, _ = baking
    wood.nca.bake_end = 2
    choose(wood, "Godot 4", "STILL")
    moss = growing.material("Moss", bake_start=1, bake_end=2, bake_folder=str(folder.parent / "moss"))
    stone = growing.material("Stone")
    bpy.data.materials.new("Bare")
    assert bpy.ops.nca.bake_all() == {"FINISHED"}
    assert (folder / "Godot 4" / "Wood.tres").is_file() and not wood.nca.baked
    assert moss.nca.baked and moss.nca.baked_last == 2
    assert not stone.nca.baked and "Stone has no folder, and this file is not saved" in capfd.readouterr().out
    bpy.ops.nca.free_bake(material="Moss")
    assert bpy.ops.nca.bake_all(preset="glTF") == {"FINISHED"}
    assert {path.name for path in (folder.parent / "moss" / "glTF").glob("*.gltf")} == {"Moss.gltf"}
    moss.nca.bake_start = 3
    with pytest.raises(RuntimeError, match="The bake ends at frame 2, before it starts at 3"):
        bpy.ops.nca.bake_all()


def _check_that_node_wrangler_finds_them(names) -> None:
    addon_utils.enable("node_wrangler", default_set=True)
    preferences = bpy.context.preferences.addons["node_wrangler"].preferences.principled_tags
    paths = sys.modules["node_wrangler.utils.paths"]
    tags = [
        ["Displacement", preferences.displacement.split(" "), None],
        ["Base Color", preferences.base_color.split(" "), None],
        ["Metallic", preferences.metallic.split(" "), None],
        ["Roughness", preferences.rough.split(" ") + preferences.gloss.split(" "), None],
        ["Normal", preferences.normal.split(" ") + preferences.bump.split(" "), None],
        ["Alpha", preferences.alpha.split(" "), None],
        ["Emission Color", preferences.emission.split(" "), None],
        ["Ambient Occlusion", preferences.ambient_occlusion.split(" "), None],
    ]
    paths.match_files_to_socket_names([SimpleNamespace(name=name) for name in names], tags)
    addon_utils.disable("node_wrangler", default_set=True)
    ours = ("Displacement", "BaseColor", "Metallic", "Roughness", "Normal", "Alpha", "Emission", "AO")
    assert [found for *_, found in tags] == [f"Wood_{name}_0002.png" for name in ours]


def test_a_still_goes_by_its_frame_and_is_written_again_only_where_its_table_was_changed(baking):
    material, folder, own = baking
    choose(material, "Godot 4", "STILL")
    material.nca.bake_frame = 4
    folder = folder / "Godot 4"
    files = bake(folder)
    textures = {f"Wood_{one.name}.png" for one in bundled()["Godot 4"].textures}
    assert set(files) == {*textures, "Wood.tres", "Wood_growth.json"}
    assert 'albedo_texture = ExtResource("1")' in files["Wood.tres"].read_text()
    times = {name: files[name].stat().st_mtime_ns for name in textures}
    assert {name: path.stat().st_mtime_ns for name, path in bake(folder).items() if name in textures} == times
    orm = next(row for row in material.nca.bake_textures if row.name == "orm")
    before = read_png(files["Wood_orm.png"])
    orm.g_inverted = True
    after = read_png(bake(folder)["Wood_orm.png"])
    np.testing.assert_allclose(after[..., 1], 1 - before[..., 1], atol=1e-6)
    np.testing.assert_array_equal(after[..., ::2], before[..., ::2])
    orm.file_format = "OPEN_EXR"
    assert orm.depth == "half", "a format takes a depth that it has"
    row = material.nca.bake_textures[0]
    row.content = "height"
    assert row.colour == "data"
    row.content = "base_colour"
    assert row.colour == "sRGB" and row.a == "alpha"
    assert "Wood_orm.exr" in bake(folder)
    image = bpy.data.images.load(str(folder / "Wood_orm.exr"))
    image.colorspace_settings.is_data = True
    pixels = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(pixels)
    read = pixels.reshape(*before.shape[:2], 4)[::-1, :, 1]
    np.testing.assert_allclose(read, after[..., 1], atol=1 / 255)
    # kept, shared, and taken again
    assert bpy.ops.nca.keep_bake_preset(name="Mine") == {"FINISHED"}
    assert bpy.ops.nca.export_bake_preset(filepath=str(own.parent / "share")) == {"FINISHED"}
    assert bpy.ops.nca.choose_bake_preset(preset="Blender") == {"FINISHED"} and not material.nca.bake_textures
    assert bpy.ops.nca.remove_bake_preset(preset="Mine") == {"FINISHED"} and not list(own.iterdir())
    assert bpy.ops.nca.import_bake_preset(filepath=str(own.parent / "share.json")) == {"FINISHED"}
    assert material.nca.bake_preset == "Mine"
    assert next(row for row in material.nca.bake_textures if row.name == "orm").g_inverted


def test_a_flipbook_and_a_growth_order_are_of_the_growth_that_is_baked(baking, growing):
    material, folder, _ = baking
    choose(material, "glTF", "FLIPBOOK")
    nca = material.nca
    nca.bake_columns, nca.bake_rows, nca.bake_size, nca.flipbook_motion = 2, 2, "256", True
    folder = folder / "glTF"
    files = bake(folder)
    sheet = np.asarray(Image.open(files["Wood_baseColor_2x2.png"]))
    assert sheet.shape == (128, 256, 4), "tiles are twice as wide as high, as the growth is"
    beside = json.loads(files["Wood_2x2.json"].read_text())
    assert [box["frame"] for box in beside["frames"]] == [1, 3, 4, 6] and (
        beside["width"],
        beside["height"],
    ) == (256, 128)
    assert beside["fps"] == pytest.approx(24 / (5 / 3), abs=1e-3)
    grown = [(sheet[y : y + 64, x : x + 128, 3] > 127).sum() for y in (0, 64) for x in (0, 128)]
    assert grown == sorted(grown) and grown[0] < grown[-1]
    assert beside["motion"] == {"texture": "motion", "reach": 0.1, "green": "down"}
    motion = np.asarray(Image.open(files["Wood_motion_2x2.png"]))
    assert motion.shape == (128, 256, 3) and (motion[:64, :128, :2] != 128).any()
    assert (motion[64:, 128:, :2] == 128).all(), "nothing follows on the last tile"
    assert "Wood_2x2.gltf" in files, "the material of a flipbook and of the growth itself lie in one folder"
    times = files["Wood_baseColor_2x2.png"].stat().st_mtime_ns
    assert bake(folder)["Wood_baseColor_2x2.png"].stat().st_mtime_ns == times
    nca.bake_layout = "ORDER"
    blender = "Principled, Any Blender"
    assert bpy.ops.nca.bake(presets=f"glTF\n{blender}") == {"FINISHED"}
    files = {path.name: path for path in folder.iterdir()}
    assert files.keys() >= {"Wood_growth_order.exr", "Wood_growth.js"}
    reveal = np.rint(read_png(files["Wood_baseColor.png"])[..., 3] * 255)
    order = read_png(folder.parent / blender / "Wood_growth_order.png")[..., 0]
    has_grown = reveal > 0
    assert has_grown.any() and not has_grown.all()
    share = order[has_grown] / order[has_grown].max()
    np.testing.assert_allclose(reveal[has_grown], 255 - 254 * share, atol=1)
    assert reveal[has_grown].min() == 1, (
        "all stages of the alpha are used, also by a growth that is full early"
    )
    assert json.loads(files["Wood.gltf"].read_text())["animations"]
    _check_that_a_growth_that_goes_on_changing_is_told(growing.module("baking.constancy"))
    nca.bake_layout = "SEQUENCE"
    assert bpy.ops.nca.bake(presets=blender) == {"FINISHED"}
    _check_that_any_blender_plays_it(material, folder.parent / blender)


def _check_that_any_blender_plays_it(material, folder) -> None:
    """The material that lies beside a growth order shows in each frame what the sequence has there."""
    with bpy.data.libraries.load(str(folder / "Wood_growth.blend")) as (there, taken):
        assert len(there.materials) == len(there.node_groups) == 1
        taken.materials = there.materials
    assert not [one.name for one in bpy.data.node_groups if one.users == 0], "nothing is left of its making"
    stage(material, "colour")
    played = taken.materials[0]
    bpy.context.object.material_slots[0].material = played
    nodes, links = played.node_tree.nodes, played.node_tree.links
    group = next(node for node in nodes if node.type == "GROUP")
    light = nodes.new("ShaderNodeEmission")
    links.new(group.outputs["Shown"], light.inputs["Color"])
    links.new(light.outputs[0], nodes["Material Output"].inputs["Surface"])
    for node in nodes:
        if node.type == "TEX_IMAGE":
            node.interpolation = "Closest"
    for frame in range(1, 7):
        nodes["Growth"].outputs[0].default_value = (frame - 1) / 5
        shown = render(folder, frame)[::-1, :, 0]
        alpha = read_png(folder / f"Wood_Alpha_{frame:04d}.png").reshape(shown.shape)
        assert np.mean((shown >= 0.5) != (alpha >= 0.5)) <= 0.01, frame


def _check_that_a_growth_that_goes_on_changing_is_told(constancy) -> None:
    middle = np.zeros((8, 8, 4), np.float32)
    middle[:4, :, 3] = 1
    end = np.ones_like(middle)
    end[..., :3] = 0
    assert constancy.share_that_changes(middle, end) == 0
    end[:2, :, 0] = 0.2
    assert constancy.share_that_changes(middle, end) == 0.5


def test_what_cannot_be_baked_says_what_to_choose(baking, growing):
    material, _, _ = baking
    for name, preset in bundled().items():
        assert bpy.ops.nca.choose_bake_preset(preset=name) == {"FINISHED"}
        kept = growing.module("addon.bake.chosen_preset").chosen(material.nca).to_json()
        assert {**kept, "description": ""} == {**preset.to_json(), "description": ""}, (
            "edited by being chosen"
        )
    assert bpy.ops.nca.choose_bake_preset(preset="Blender") == {"FINISHED"}
    material.nca.bake_layout = "FLIPBOOK"
    with pytest.raises(RuntimeError, match="choose another preset"):
        bpy.ops.nca.bake()
    choose(material, "Plain", "FLIPBOOK")
    material.nca.bake_columns = 7
    with pytest.raises(RuntimeError, match="do not divide 4096 pixels: choose 8 columns"):
        bpy.ops.nca.bake()
    material.nca.bake_layout = "STILL"
    material.nca.bake_textures[1].name = material.nca.bake_textures[0].name
    with pytest.raises(RuntimeError, match=r"Two textures are named.*See Textures in Bake"):
        bpy.ops.nca.bake()
    assert bpy.ops.nca.remove_texture() == {"FINISHED"} and bpy.ops.nca.add_texture() == {"FINISHED"}
    material.nca.bake_names = "{material}"
    with pytest.raises(RuntimeError, match=r"add \{frame\}"):
        bpy.ops.nca.bake()
    with pytest.raises(RuntimeError, match="no bake preset 'Nothing'"):
        bpy.ops.nca.choose_bake_preset(preset="Nothing")
    material.nca.bake_start, material.nca.bake_end = 6, 1
    with pytest.raises(RuntimeError, match="before it starts"):
        material.nca.bake_layout = "ORDER"
        material.nca.bake_names = "{material}_{texture}_{frame}"
        bpy.ops.nca.bake()
    with pytest.raises(RuntimeError, match="comes with Neural Growth"):
        bpy.ops.nca.keep_bake_preset(name="plain")
    assert not material.nca.baked
