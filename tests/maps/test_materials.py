# SPDX-License-Identifier: GPL-3.0-or-later
"""A material for an engine names each of its textures, as it is called on the disk, with what it is for."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest

from blender_nca.maps.bake_preset import bundled
from blender_nca.maps.flipbook import Flipbook, FlipbookError, assemble, write_tile
from blender_nca.maps.made_maps import MadeMaps
from blender_nca.maps.materials import WRITERS, MaterialDescription, TextureFile
from blender_nca.maps.resizing import resize_maps
from blender_nca.maps.texture import Channel, Texture
from blender_nca.maps.texture_files import file_name

NAME = 'Moß "A'


def describe(preset, folder=None, **changes) -> MaterialDescription:
    textures = tuple(TextureFile(one, file_name(preset.names, "Moß A", one, None)) for one in preset.textures)
    return MaterialDescription(**{"name": NAME, "textures": textures, "folder": folder, **changes})


def write(name, folder=None, **changes) -> tuple[MaterialDescription, dict[str, str]]:
    preset = bundled()[name]
    material = describe(preset, folder, **changes)
    files = WRITERS[preset.material](material)
    return material, {name: content.decode() for name, content in files.items()}


def revealed(name) -> dict[str, tuple[TextureFile, ...]]:
    """The textures of a preset whose alpha is that of a growth that appears by a cutoff."""
    found = []
    for one in describe(bundled()[name]).textures:
        texture = one.texture
        if len(texture.channels) == 4 and texture.channels[3].map == "alpha":
            channels = (*texture.channels[:3], Channel("reveal"))
            texture = Texture(
                texture.name, channels, texture.format, texture.depth, texture.colour, texture.slot
            )
        found.append(TextureFile(texture, one.name))
    return {"textures": tuple(found)}


def test_every_preset_with_a_material_has_one_that_names_all_its_textures():
    assert {preset.material for preset in bundled().values()} - {""} == set(WRITERS)
    for preset in bundled().values():
        if preset.material and not preset.material.startswith("unity"):
            material, files = write(preset.name)
            text = next(iter(files.values())).replace("%C3%9F", "ß").replace("%20", " ")
            assert all(one.name in text for one in material.textures), preset.name


def test_light_goes_into_materials_of_programs_that_know_of_it():
    ice = {"subsurface": 0.55, "transmission": 0.3, "ior": 1.31}
    for name in ("glTF", "Godot 4"):
        plain, lit = (next(iter(write(name, **said)[1].values())) for said in ({}, ice))
        if name == "glTF":
            scene = json.loads(lit)
            said = scene["materials"][0]["extensions"]
            assert said["KHR_materials_transmission"] == {"transmissionFactor": 0.3}
            assert said["KHR_materials_ior"] == {"ior": 1.31} and set(scene["extensionsUsed"]) == set(said)
            assert "extensionsUsed" not in json.loads(plain)
        else:
            assert "subsurf_scatter_enabled = true\nsubsurf_scatter_strength = 0.55\n" in lit
            assert "subsurf" not in plain


@pytest.mark.parametrize("name", ["Unity URP", "Unity HDRP"])
def test_unity_finds_each_texture_by_its_number_imported_as_what_it_is(name, tmp_path):
    material, files = write(name, largest=5000)
    own = files[f"{NAME}.mat"]
    for one in material.textures:
        meta = files[f"{one.name}.meta"]
        guid = re.search("guid: (.*)", meta)[1]
        assert re.search(rf"- {one.texture.slot}:\n +m_Texture: {{fileID: 2800000, guid: {guid}, ", own)
        assert f"sRGBTexture: {int(one.texture.colour == 'sRGB')}\n" in meta
        assert f"textureType: {int('Normal' in one.texture.name)}\n" in meta
        assert meta.count("maxTextureSize: 8192") == 2, "Unity resize_mapss what is larger than it is told"
    numbers = [re.search("guid: (.*)", text)[1] for name, text in files.items() if name.endswith(".meta")]
    assert len(set(numbers)) == len(material.textures) + 1
    # what Unity already knows by a number, and what somebody has set there, stays
    kept = material.textures[0].name + ".meta"
    (tmp_path / kept).write_text(f"fileFormatVersion: 2\nguid: {'ab' * 16}\nTextureImporter:\n  wrapU: 1\n")
    _, again = write(name, tmp_path)
    assert kept not in again and f"guid: {'ab' * 16}, " in again[f"{NAME}.mat"]


def test_unreals_script_is_python_and_cuts_out_at_the_end_of_a_revealed_growth():
    _, files = write("Unreal Engine")
    compile(files["import_Mo_A.py"], "script", "exec")
    assert "CUTOFF = 0.5" in files["import_Mo_A.py"]
    _, files = write("Unreal Engine", **revealed("Unreal Engine"))
    assert "CUTOFF = 0.001961" in files["import_Mo_A.py"]


def test_a_gltf_of_a_growth_order_plays_it_by_its_cutoff():
    _, files = write("glTF", **revealed("glTF"), seconds=3.0)
    scene = json.loads(files[f"{NAME}.gltf"])
    material = scene["materials"][0]
    assert material["alphaMode"] == "MASK" and material["alphaCutoff"] == pytest.approx(1 / 510)
    assert material["occlusionTexture"] == material["pbrMetallicRoughness"]["metallicRoughnessTexture"]
    content = base64.b64decode(scene["buffers"][0]["uri"].partition(",")[2])
    assert len(content) == scene["buffers"][0]["byteLength"]
    sampler = scene["animations"][0]["samplers"][0]
    ends = []
    for accessor in (sampler["input"], sampler["output"]):
        view = scene["bufferViews"][scene["accessors"][accessor]["bufferView"]]
        ends.append(np.frombuffer(content, np.float32, 2, view["byteOffset"]).tolist())
    assert ends == [[0, 3], [1, pytest.approx(1 / 510)]]
    assert "animations" not in json.loads(write("glTF")[1][f"{NAME}.gltf"])


def test_a_flipbook_begins_at_the_top_left_and_its_boxes_say_where_each_frame_is(tmp_path):
    book = Flipbook(4, 2, 64, padding=2, aspect=0.5)
    textures = [
        Texture("height", (Channel("height"),), depth="16"),
        Texture("colour", tuple(Channel("base_colour", n) for n in range(3)), colour="sRGB"),
    ]
    assert book.tile == (8, 16) and book.picture == (4, 12) and book.sheet == (16, 64)
    frames = book.frames(10, 16, is_looped=False)
    assert frames == [10, 11, 12, 13, 14, 15, 16]
    painted = np.zeros((8, 20, 60), np.float32)
    tiles = [tmp_path / f"{number}.npz" for number in range(len(frames))]
    for number, tile in enumerate(tiles):
        painted[4], painted[0] = (number + 1) / 8, number / 7
        write_tile(tile, MadeMaps(resize_maps(painted, *book.picture), "wrap", 1.0), textures, book.padding)
    height, colour = (assemble(book, tiles, number) for number in range(2))
    assert height.shape == (16, 64, 1) and height.dtype == np.uint16 and colour.shape == (16, 64, 3)
    boxes = json.loads(book.sidecar(frames, 24, False))["frames"]
    for number, box in enumerate(boxes):
        rows, columns = slice(box["y"], box["y"] + box["height"]), slice(box["x"], box["x"] + box["width"])
        assert box["frame"] == 10 + number
        assert (height[rows, columns] == round((number + 1) / 8 * 65535)).all()
        assert np.abs(colour[rows, columns, 0].astype(int) - round(number / 7 * 255)).max() <= 1
    assert (boxes[0]["x"], boxes[0]["y"]) == (2, 2) and (boxes[4]["x"], boxes[4]["y"]) == (2, 10)
    assert (height[8:, 48:] == 0).all(), "a tile without a frame is empty"
    assert (height[:8, :16] == height[0, 0]).all(), "the padding repeats the border"


def test_a_flipbook_shows_its_frames_as_fast_as_they_grew_and_a_loop_not_its_first_twice():
    book = Flipbook(8, 8, 1024)
    assert book.frames(1, 250, False)[0] == 1 and book.frames(1, 250, False)[-1] == 250
    assert len(set(book.frames(1, 250, True))) == 64 and book.frames(1, 250, True)[-1] < 248
    assert json.loads(book.sidecar(book.frames(1, 253, False), 24, False))["fps"] == 6.0
    assert book.frames(5, 5, False) == [5]


def test_pixels_of_a_smaller_picture_are_means_of_light():
    painted = np.zeros((8, 4, 4), np.float32)
    painted[:, ::2] = 1
    small = resize_maps(painted, 2, 2)
    np.testing.assert_allclose(small[4], 0.5, atol=1e-6)
    np.testing.assert_allclose(small[0], 0.735357, atol=1e-5)  # half the light, encoded as sRGB
    np.testing.assert_allclose(resize_maps(painted, 8, 6)[4].mean(), 0.5, atol=1e-6)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((7, 7, 1024), "do not divide 1024 pixels: choose 8 columns"),
        ((0, 4, 1024), "at least one column"),
        ((1, 4, 8192), "at most 16384"),
        ((64, 64, 1024, 8), "leaves nothing of tiles of 16 x 16"),
    ],
)
def test_a_flipbook_that_cannot_be_says_what_to_choose(values, told):
    with pytest.raises(FlipbookError, match=told):
        Flipbook(*values)
