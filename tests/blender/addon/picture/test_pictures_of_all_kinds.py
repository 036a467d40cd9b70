# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever an artist has as a picture is read as it is, or told what is wrong with it; what was there stays."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from PIL import Image

from blender_nca.maps.png import write_png

BLOCKS = np.kron(np.random.default_rng(0).integers(0, 255, (8, 8, 3)), np.ones((8, 8, 1), int)).astype(
    np.uint8
)
CLEAR = np.where(np.arange(64) < 32, 255, 60)[:, None, None] * np.ones((1, 64, 1), int)
SEEN = np.concatenate([BLOCKS, CLEAR], 2).astype(np.uint8)
WHOLE = (0.0, 0.0, 1.0, 1.0)


def test_colours_are_those_of_the_file(growing, tmp_path):
    pixels = growing.module("addon.picture.pixels")
    Image.fromarray(BLOCKS).convert("CMYK").save(tmp_path / "cmyk.tif")
    Image.fromarray(BLOCKS).save(tmp_path / "plain.bmp")
    Image.fromarray(SEEN).save(tmp_path / "alpha.png")
    write_png(tmp_path / "alpha16.png", SEEN.astype(np.float32) / 255, bits=16)
    for path in tmp_path.iterdir():
        read = pixels.read_colour(bpy.data.images.load(str(path)), WHOLE)
        expected = SEEN if path.name.startswith("alpha") else BLOCKS
        np.testing.assert_allclose(read[: expected.shape[2]], expected.transpose(2, 0, 1) / 255, atol=0.003)
    image = bpy.data.images.load(str(tmp_path / "alpha.png"))
    image.alpha_mode = "CHANNEL_PACKED"
    assert len(pixels.read_colour(image, WHOLE)) == 3, "its alpha is another map"
    piece = pixels.read_colour(image, (0.25, 0.5, 1.0, 1.0))
    np.testing.assert_allclose(piece, SEEN[:32, 16:, :3].transpose(2, 0, 1) / 255, atol=0.003)

    # grey files of 16 bits are made linear by Blender, unless it is told that they are data
    write_png(tmp_path / "rough.png", SEEN[..., :1].astype(np.float32) / 255, bits=16)
    for space in ("sRGB", "Non-Color"):
        rough = bpy.data.images.load(str(tmp_path / "rough.png"))
        rough.colorspace_settings.name = space
        np.testing.assert_allclose(pixels.read_values(rough, WHOLE), SEEN[..., 0] / 255, atol=0.003)
    down = bpy.data.images.load(str(tmp_path / "plain.bmp"))
    flipped = pixels.read_normals(down, WHOLE, flips_green=True)
    np.testing.assert_allclose(flipped[1], 1 - BLOCKS[..., 1] / 255, atol=0.003)

    large = bpy.data.images.new("large", 4100, 24)
    assert pixels.read_colour(large, WHOLE).shape == (4, 8, 1366)


def test_a_set_is_recognised_by_its_names_and_the_broken_one_is_left_out(growing, tmp_path, capfd):
    material = growing.material()
    nca = material.nca
    names = (
        ("Metal_Plate_diff_2k.png", 64),
        ("metal_plate_nor_dx_2k.png", 128),
        ("Metal_Plate_Roughness_2k.png", 32),
        ("metal_plate_ao_2k.png", 32),
    )
    for name, side in names:
        Image.fromarray(SEEN[..., :3]).resize((side, side), Image.NEAREST).save(tmp_path / name)
    (tmp_path / "metal_plate_disp_2k.png").write_bytes((tmp_path / names[0][0]).read_bytes()[:200])
    files = [{"name": path.name} for path in sorted(tmp_path.iterdir())]
    assert bpy.ops.nca.open_picture(directory=str(tmp_path), files=files) == {"FINISHED"}
    assert "metal_plate_disp_2k.png cannot be read as a picture and was left out" in capfd.readouterr().out
    assert nca.picture.name == "Metal_Plate_diff_2k.png" and nca.picture_flips_green
    assert nca.picture_roughness.colorspace_settings.name == "Non-Color" and nca.picture_height is None
    given = growing.module("addon.picture.given").given_of(nca)
    assert {name: each.shape for name, each in given.items()} == {
        "base_colour": (4, 64, 64),
        "normal": (3, 128, 128),
        "roughness": (32, 32),
    }
    recognise = growing.module("addon.picture.names").recognise
    for name, expected in (
        ("Bricks075A_4K-PNG_NormalGL.png", "normal"),
        ("T_Wall_BaseColor.tga", "base_colour"),
        ("rough_wood_base_color.jpg", "base_colour"),
        ("color_tiles_metalness.exr", "metallic"),
        ("lava-emissive.png", "emission"),
        ("wall_displacement.tif", "height"),
    ):
        assert next(iter(recognise([name, "x_ao.png"]).maps)) == expected, name
    assert not recognise(["a_NormalDX.png", "a_NormalGL.png"]).is_directx


def test_a_material_of_the_file_is_baked_to_maps_and_nothing_else_stays(growing):
    nca = growing.material().nca
    source = bpy.data.materials.new("Tin")
    if bpy.app.version < (5, 0, 0):
        source.use_nodes = True
    tree = source.node_tree
    principled = tree.nodes["Principled BSDF"]
    checker, bump = tree.nodes.new("ShaderNodeTexChecker"), tree.nodes.new("ShaderNodeBump")
    checker.inputs["Scale"].default_value = 2
    checker.inputs["Color1"].default_value, checker.inputs["Color2"].default_value = (
        (1, 0, 0, 1),
        (0, 0, 0.2, 1),
    )
    tree.links.new(tree.nodes.new("ShaderNodeTexCoord").outputs["UV"], checker.inputs["Vector"])
    tree.links.new(checker.outputs["Color"], principled.inputs["Base Color"])
    tree.links.new(checker.outputs["Fac"], principled.inputs["Metallic"])
    tree.links.new(bump.outputs["Normal"], principled.inputs["Normal"])
    principled.inputs["Roughness"].default_value = 0.25
    count = [len(held) for held in (bpy.data.scenes, bpy.data.objects, bpy.data.meshes, bpy.data.materials)]
    assert bpy.ops.nca.bake_picture(source="Tin", side=64) == {"FINISHED"}
    assert count == [
        len(held) for held in (bpy.data.scenes, bpy.data.objects, bpy.data.meshes, bpy.data.materials)
    ]
    assert tree.get_output_node("ALL").inputs["Surface"].links[0].from_node == principled
    given = growing.module("addon.picture.given").given_of(nca)
    assert set(given) == {"base_colour", "metallic", "roughness", "normal"}
    blue = 1.055 * 0.2 ** (1 / 2.4) - 0.055
    np.testing.assert_allclose(given["base_colour"][:3, 16, 16], (1, 0, 0), atol=0.01)
    np.testing.assert_allclose(given["base_colour"][:3, 48, 16], (0, 0, blue), atol=0.01)
    np.testing.assert_allclose(given["metallic"][[16, 48], 16], (1, 0), atol=0.01)
    np.testing.assert_allclose(given["roughness"], 0.25, atol=0.01)
    np.testing.assert_allclose(given["normal"][:, 20, 20], (0.5, 0.5, 1), atol=0.01)
    assert nca.picture.packed_file and growing.module("addon.picture.given").name_of(nca) == "Tin"
    tree.nodes.remove(principled)
    for name, said in (
        ("Tin", "not made of one Principled"),
        ("Wood", "grows itself"),
        ("Oak", "no material named"),
    ):
        with pytest.raises(RuntimeError, match=said):
            bpy.ops.nca.bake_picture(source=name)
    assert nca.picture.name == "Tin Base Color"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone.png", "gone.png cannot be read as a picture"),
        ("text.png", "text.png cannot be read"),
        ("", "No file"),
    ],
)
def test_what_is_no_picture_is_told_and_the_one_before_stays(growing, tmp_path, monkeypatch, name, said):
    nca = growing.material().nca
    with pytest.raises(RuntimeError, match="Choose a picture first"):
        bpy.ops.nca.read_picture()
    nca.picture = bpy.data.images.new("before", 32, 32)
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(RuntimeError, match=said):
        bpy.ops.nca.open_picture(filepath=str(tmp_path / name) if name else "")
    assert nca.picture.name == "before" and "text.png" not in bpy.data.images
    with pytest.raises(RuntimeError, match="no picture on the clipboard"):
        bpy.ops.nca.paste_picture()
    with pytest.raises(RuntimeError, match="No image editor shows “before”"):
        bpy.ops.nca.crop_picture()
    nca.picture_crop = (0.5, 0.0, 0.5, 1.0)
    with pytest.raises(RuntimeError, match="The crop is empty"):
        bpy.ops.nca.learn_picture()
    bpy.ops.nca.uncrop_picture()
    nca.picture_roughness = bpy.data.images.new("huge", 64, 64)
    monkeypatch.setattr(growing.module("addon.picture.pixels"), "MOST_READ", 2000)
    with pytest.raises(RuntimeError, match="Roughness: “huge” has 64 x 64 pixels: make it 8192"):
        bpy.ops.nca.learn_picture()
    assert not nca.lesson and not nca.readings
