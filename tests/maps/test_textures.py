# SPDX-License-Identifier: GPL-3.0-or-later
"""What an engine is given: the right map in each channel, in files that other programs read."""

from __future__ import annotations

import json
import os
import sys
import time
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image

from blender_nca.engine.interpreter import folders_beside_bpy
from blender_nca.kernels.library import open_library
from blender_nca.maps import normal, picture_writer, png, relief
from blender_nca.maps.bake_preset import (
    FOLDER,
    BakePreset,
    PresetFileError,
    bundled,
    read_preset,
    write_preset,
)
from blender_nca.maps.colour import linear_to_srgb, srgb_to_linear
from blender_nca.maps.made_maps import MadeMaps, MissingOrderError
from blender_nca.maps.name_pattern import USUAL_NAMES
from blender_nca.maps.normal import normal_from_height
from blender_nca.maps.picture_format import FORMATS
from blender_nca.maps.picture_writer import NO_DATE, FormatError, open_image_io
from blender_nca.maps.png import encode_rows
from blender_nca.maps.relief import ambient_occlusion, cavity
from blender_nca.maps.texture import Texture, TextureError
from blender_nca.maps.texture_files import MadeRows, check_names, file_name, files_of, write_files

from ..pictures import read_png

RANDOM = np.random.default_rng(3)
PAINTED = RANDOM.random((8, 12, 10)).astype(np.float32)
MADE = MadeMaps(PAINTED, "wrap", 4.0, RANDOM.random((2, 12, 10)).astype(np.float32))


@pytest.fixture
def image_io(monkeypatch):
    """OpenImageIO, where Blender's Python has it."""
    monkeypatch.setattr(sys, "path", [*sys.path, *folders_beside_bpy()])
    try:
        return open_image_io()
    except FormatError:
        pytest.skip("this Blender brings no OpenImageIO")


def texture(**values) -> Texture:
    return Texture.from_json({"name": "one", **values})


def written(folder, *textures, names=USUAL_NAMES, maps=MADE):
    return write_files([MadeRows(maps)], *maps.size, files_of(textures, folder, names, "Moss", 1))


def rows(name):
    return np.moveaxis(MADE[name], 0, -1)


def test_every_bundled_preset_writes_a_file_for_each_texture_and_survives_its_own_file(tmp_path, image_io):
    assert len(bundled()) == 1 + len(list(FOLDER.glob("*.json")))
    for number, preset in enumerate(bundled().values()):
        files = files_of(preset.textures, tmp_path / str(number), preset.names, "Moss", 1)
        paths = write_files([MadeRows(MADE)], *MADE.size, files)
        assert all(path.stat().st_size for path in paths), preset.name
        write_preset(tmp_path / "kept.json", preset)
        assert read_preset(tmp_path / "kept.json") == preset


def test_unity_finds_smoothness_in_alpha_and_unreal_and_gltf_find_occlusion_roughness_metallic(tmp_path):
    mask = next(one for one in bundled()["Unity HDRP"].textures if one.slot == "_MaskMap")
    pixels = read_png(written(tmp_path, mask)[0])
    wanted = [rows("metallic"), rows("ambient_occlusion"), np.ones((12, 10, 1)), 1 - rows("roughness")]
    np.testing.assert_allclose(pixels, np.concatenate(wanted, -1), atol=0.5 / 255 + 1e-6)
    packed = np.concatenate([rows(name) for name in ("ambient_occlusion", "roughness", "metallic")], -1)
    for name in ("Unreal Engine", "glTF", "Godot 4"):
        orm = next(one for one in bundled()[name].textures if not one.holds and len(one.channels) == 3)
        np.testing.assert_allclose(read_png(written(tmp_path, orm)[0]), packed, atol=0.5 / 255 + 1e-6)
    normal = next(one for one in bundled()["Unreal Engine"].textures if one.slot == "Normal")
    down = normal_from_height(PAINTED[4], 4.0, "wrap", "directx")
    np.testing.assert_allclose(
        read_png(written(tmp_path, normal)[0]), np.moveaxis(down, 0, -1), atol=0.5 / 255 + 1e-6
    )


@pytest.mark.parametrize(
    ("format", "depth", "step", "mode"),
    [("TIFF", "8", 255, "RGBA"), ("TARGA", "8", 255, "RGBA"), ("WEBP", "8", 255, "RGBA"), ("TIFF", "16", 65535, "")],
)  # fmt: skip
def test_another_program_reads_straight_alpha_and_colours_as_they_are(
    tmp_path, image_io, format, depth, step, mode
):
    one = texture(rgb="base_colour", a="alpha", format=format, depth=depth, colour="sRGB")
    path = written(tmp_path, one)[0]
    assert path.suffix == FORMATS[format].suffix
    wanted = np.rint(np.concatenate([rows("base_colour"), rows("alpha")], -1) * step)
    if mode:
        with Image.open(path) as image:
            assert image.mode == mode
            np.testing.assert_array_equal(np.asarray(image), wanted)
    else:  # which Pillow does not read
        read = image_io.ImageBuf(str(path))
        assert read.spec().format == image_io.UINT16
    grey = texture(grey="height", format=format, depth=depth)
    with Image.open(written(tmp_path, grey)[0]) as image:
        values = np.asarray(image)
        values = values[..., 0] if values.ndim == 3 else values
    np.testing.assert_array_equal(values, np.rint(rows("height")[..., 0] * step))


def test_a_jpeg_is_read_and_near(tmp_path, image_io):
    smooth = np.tile(np.linspace(0, 1, 64, dtype=np.float32), (8, 64, 1))
    made = MadeMaps(smooth, "edge", 1.0)
    path = written(tmp_path, texture(rgb="base_colour", format="JPEG", colour="sRGB"), maps=made)[0]
    with Image.open(path) as image:
        np.testing.assert_allclose(np.asarray(image) / 255, np.moveaxis(smooth[:3], 0, -1), atol=0.02)
    with pytest.raises(TextureError, match="alpha, which JPEG does not hold"):
        texture(rgb="base_colour", a="alpha", format="JPEG", colour="sRGB")


@pytest.mark.parametrize("depth", ["half", "float"])
@pytest.mark.parametrize("is_written_by_us", [False, True])
def test_a_multilayer_exr_shows_its_linear_colours_and_holds_heights_below_0_in_a_layer(
    tmp_path, image_io, monkeypatch, depth, is_written_by_us
):
    if is_written_by_us:  # as where there is no OpenImageIO, which only reads here
        monkeypatch.setattr(picture_writer, "open_image_io", Mock(side_effect=FormatError("not there")))
    layers = [
        texture(name="colour", rgb="base_colour", format="OPEN_EXR", depth=depth, colour="linear"),
        texture(name="displacement", grey="height_centred", format="OPEN_EXR", depth=depth),
    ]
    check_names("{material}_{frame}", layers)
    paths = written(tmp_path, *layers, names="{material}_{frame}")
    assert [path.name for path in paths] == ["Moss_0001.exr"]
    read = image_io.ImageBuf(str(paths[0]))
    channels = dict(
        zip(read.spec().channelnames, np.moveaxis(read.get_pixels(image_io.FLOAT), -1, 0), strict=True)
    )
    step = 5e-4 if depth == "half" else 1e-6
    assert read.spec().format == (image_io.HALF if depth == "half" else image_io.FLOAT)
    np.testing.assert_allclose(channels["G"], srgb_to_linear(PAINTED[1]), atol=step)
    np.testing.assert_allclose(channels["displacement.Y"], PAINTED[4] - 0.5, atol=step)
    with pytest.raises(TextureError, match="below 0, which only files of floats"):
        texture(grey="height_centred")


def test_colours_are_multiplied_in_linear_light(tmp_path):
    pixels = read_png(written(tmp_path, texture(rgb="base_colour_premultiplied", colour="sRGB"))[0])
    wanted = linear_to_srgb(srgb_to_linear(PAINTED[:3]) * PAINTED[3])
    np.testing.assert_allclose(pixels, np.moveaxis(wanted, 0, -1), atol=0.5 / 255 + 1e-6)
    metal = MadeMaps(PAINTED * 0 + 1, "wrap", 1.0)
    assert metal["diffuse"].max() == 0
    np.testing.assert_allclose(metal["specular"], 1, atol=1e-6)


def test_occlusion_is_that_of_walls_and_nothing_on_flat_ground():
    assert (ambient_occlusion(np.full((8, 8), 0.7), 8.0) == 1).all()
    groove = np.ones((64, 64), np.float32)
    groove[:, 31] = 0
    seen = ambient_occlusion(groove, 5.0)
    # a slit of one pixel: 6 of 8 directions meet a wall of slope 5, or of 5 / sqrt(2) across the corner
    assert seen[32, 31] == pytest.approx((2 + 2 / 26 + 4 / 13.5) / 8, abs=0.08)
    assert (seen[:, :30] == 1).all() and (seen[:, 33:] == 1).all()
    ramp = np.tile(np.linspace(0, 1, 32, dtype=np.float32), (32, 1))
    assert ambient_occlusion(ramp, 31.0, "edge")[16, 16] < 0.9


def test_occlusion_of_a_valley_is_what_its_walls_leave_of_the_sky():
    """As Cycles bakes it: of what shines evenly, a wall of a right-angled valley gets (1 + a / sqrt(a^2 + l^2)) / 2, at
    a from its foot, the walls being l long."""
    length, wide = 32, 48
    foot_to_ridge = np.arange(length, dtype=np.float32) / length
    valley = np.tile(np.concatenate([1 - foot_to_ridge, foot_to_ridge]), (wide, 1))
    a = foot_to_ridge[4:-3]
    wanted = (1 + a / np.sqrt(a**2 + 1)) / 2
    for boundary in ("wrap", "edge"):
        seen = ambient_occlusion(valley, length, boundary)[wide // 2, length + 4 : -3]
        np.testing.assert_allclose(seen, wanted, atol=0.07, err_msg=boundary)


def test_ridges_are_bright_grooves_dark_and_even_slopes_between():
    across = np.abs(np.arange(64) - 32.0) / 32
    grooved = cavity(np.tile(across.astype(np.float32), (64, 1)), 32.0, "edge")
    assert grooved[32, 32] == 0 and (np.abs(grooved[20:40, 12:24] - 0.5) < 1e-3).all()
    assert cavity(1 - np.tile(across.astype(np.float32), (64, 1)), 32.0, "edge")[32, 32] == 1


def test_a_cutoff_that_falls_shows_what_has_arrived_and_never_what_has_not():
    painted = PAINTED.copy()
    painted[3] = RANDOM.random((12, 10)) > 0.3
    order = np.stack([np.where(painted[3] > 0, RANDOM.random((12, 10)), 1), painted[3]]).astype(np.float32)
    reveal = np.rint(MadeMaps(painted, "wrap", 1.0, order)["reveal"][0] * 255)
    for cutoff in (255, 128, 1):
        end = order[0][painted[3] > 0].max()
        arrived = (painted[3] > 0) & (order[0] / end * 254 <= 255 - cutoff + 0.5)
        assert ((reveal >= cutoff) == arrived).mean() > 0.99 and not (reveal >= cutoff)[painted[3] == 0].any()
    with pytest.raises(MissingOrderError, match="growth order"):
        MadeMaps(painted, "wrap", 1.0)["reveal"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"grey": "moisture"}, "no map 'moisture'"),
        ({"grey": "base_colour"}, r"write base_colour\.r"),
        ({"rgb": "roughness"}, "write roughness"),
        ({"grey": "2"}, "give 0, 0.5 or 1"),
        ({"grey": "1"}, "choose a map of one component"),
        ({"grey": "base_colour.r"}, "choose a map of one component"),
        ({"grey": "height", "depth": "half"}, "PNG has 8 or 16"),
        ({"grey": "height", "colour": "sRGB"}, "no color: choose Data"),
        ({"grey": "height", "format": "BMP"}, "choose one of PNG"),
        ({"grey": "height", "name": "a/b"}, "cannot be named 'a/b'"),
        ({"grey": "height", "gray": "height"}, "has gray, which is not known"),
    ],
)
def test_a_texture_that_cannot_be_says_what_to_do(values, told):
    with pytest.raises(TextureError, match=told):
        texture(**values)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("{material}_{texture}", "add {frame}"),
        ("{material}_{frame}", "add {texture}"),
        ("{material}/{texture}_{frame}", "take out /"),
        ("{object}_{texture}_{frame}", "take out"),
    ],
)
def test_names_by_which_files_would_replace_each_other_are_refused(names, told):
    with pytest.raises(TextureError, match=told):
        check_names(names, bundled()["Plain"].textures)


def test_a_still_has_no_number_in_its_name():
    one = texture(grey="height")
    assert file_name(USUAL_NAMES, "Moss", one, None) == "Moss_one.png"
    assert file_name("T_{material}.{frame}_{texture}", "{frame}", one, None) == "T_{frame}_one.png"
    assert file_name("{frame}-{texture}", "Moss", one, None) == "one.png"


def test_a_file_that_holds_no_preset_is_named(tmp_path):
    path = tmp_path / "mine.json"
    good = bundled()["glTF"].to_json()
    for content, told in (
        (b"\x00", "is no bake preset"),
        (b"[" * 100_000, "is no bake preset"),
        (json.dumps({**good, "version": 2}), "of version 2"),
        (json.dumps({**good, "engine": "x"}), "has engine, which is not known"),
        (json.dumps({**good, "textures": []}), "no textures: add one"),
        (json.dumps({**good, "textures": [{"name": "x", "grey": "mud"}]}), "no map 'mud'"),
        (json.dumps({**good, "name": ""}), "without a name"),
        (json.dumps({**good, "material": "doom"}), "'doom', which is not known"),
        (
            json.dumps({**good, "textures": [{"name": "x", "grey": "height", "format": "TIFF"}]}),
            "does not open: choose PNG or JPEG",
        ),
    ):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(PresetFileError, match=told) as error:
            read_preset(path)
        assert os.fspath(path) in str(error.value)
    assert BakePreset.from_json(good) == bundled()["glTF"]


def test_without_openimageio_other_formats_are_refused_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "OpenImageIO", None)
    with pytest.raises(FormatError, match="all formats but PNG and OpenEXR"):
        written(tmp_path / "new", texture(grey="height", format="TIFF", depth="16"), texture(grey="height"))
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_disk_that_fills_up_leaves_no_half_file_of_any_format(tmp_path, image_io):
    for format in ("OPEN_EXR", "TIFF", "TARGA"):
        depth = FORMATS[format].depths[-1]
        one = texture(name=format, grey="height", format=format, depth=depth)
        part = f"Moss_{format}_0001{FORMATS[format].suffix}.{os.getpid()}.part"
        (tmp_path / part).symlink_to("/dev/full")
        with pytest.raises(OSError):
            written(tmp_path, one)
        assert list(tmp_path.iterdir()) == [], format


@pytest.mark.skipif(open_library() is None, reason="no C compiler on this machine")
@pytest.mark.parametrize("boundary", ["wrap", "edge"])
@pytest.mark.parametrize("shape", [(2, 3), (33, 70), (5, 200)])
def test_a_machine_without_kernels_bakes_the_same_pixels(monkeypatch, boundary, shape):
    height = np.random.default_rng(5).random(shape).astype(np.float32)

    def make() -> list[np.ndarray]:
        made = [normal_from_height(height, 8.0, boundary, kind) for kind in ("opengl", "directx")]
        made += [
            make(height, strength, boundary)
            for make in (ambient_occlusion, cavity)
            for strength in (0.5, 60.0)
        ]
        channels = [*made[0], made[2]]
        return [*made, *(np.frombuffer(encode_rows(channels, bits).content, np.uint8) for bits in (8, 16))]

    by_kernels = make()
    for module in (normal, relief, png):
        monkeypatch.setattr(module, "open_library", lambda: None)
    for one, other in zip(by_kernels, make(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_frame_that_is_baked_again_is_the_same_file(tmp_path, image_io):
    """Farms compare; and a file says nothing of when it was written."""
    for format in ("OPEN_EXR", "TIFF"):
        one = texture(rgb="base_colour", format=format, depth=FORMATS[format].depths[-1], colour="linear")
        content = written(tmp_path, one)[0].read_bytes()
        assert NO_DATE.encode() in content and time.strftime("%Y:%m:").encode() not in content, format
