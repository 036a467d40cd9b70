# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures read back in another program with the values that were written."""

from __future__ import annotations

import errno
import io
import math
import os
import zlib
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from blender_nca.maps import compression
from blender_nca.maps.png import encode_png, write_png

from ..pictures import chunks, unpack_16_bit_rows

MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def read(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def kinds(content):
    """List the kinds of the chunks, those that follow one another once."""
    return [kind for kind, _ in groupby(kind for kind, _ in chunks(content))]


@settings(max_examples=50)
@given(st.integers(1, 20), st.integers(1, 20), st.sampled_from([1, 3, 4]), st.integers(0, 2**32))
def test_8_bit_pictures_read_back_equal(height, width, channels, seed):
    steps = np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)
    image = read(encode_png(steps))
    assert image.mode == MODES[channels]
    assert (np.asarray(image).reshape(steps.shape) == steps).all()


@settings(max_examples=30)
@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 2**32))
def test_16_bit_heights_read_back_equal(height, width, seed):
    steps = np.random.default_rng(seed).integers(0, 65536, (height, width), dtype=np.uint16)
    image = read(encode_png(steps, bits=16))
    assert image.mode == "I;16"
    assert (np.asarray(image) == steps).all()


@pytest.mark.parametrize("channels", [3, 4])
def test_16_bit_colours_keep_their_place_and_both_bytes(channels):
    """Pillow reads 16-bit RGB as its upper bytes; the lower ones are compared in the file's own rows."""
    steps = np.random.default_rng(6).integers(0, 65536, (5, 4, channels), dtype=np.uint16)
    content = encode_png(steps, bits=16)
    assert (np.asarray(read(content)) == steps >> 8).all()
    assert (unpack_16_bit_rows(content, steps.shape) == steps).all()


@pytest.mark.parametrize(("bits", "steps"), [(8, 255), (16, 65535)])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_every_step_written_as_a_float_is_that_step(bits, steps, kind):
    values = np.arange(steps + 1)
    floats = (values / steps).astype(kind).reshape(16, -1)
    assert (np.asarray(read(encode_png(floats, bits))).ravel() == values).all()


def test_half_is_128_and_overshoot_is_clipped():
    pixels = np.asarray(read(encode_png(np.array([[0.5, -3.0, 1.0001, 0.0019, 0.002]], np.float32))))
    assert pixels.tolist() == [[128, 0, 255, 0, 1]]


def test_half_precision_has_its_nearest_16_bit_step():
    values = np.array([[0, 0.1, 0.5, 1]], np.float16)
    pixels = np.asarray(read(encode_png(values, 16)))
    assert (pixels == np.rint(values.astype(np.float64) * 65535)).all()


def test_views_are_written_as_they_look():
    steps = np.arange(24, dtype=np.uint16).reshape(4, 6).T[::-1, ::2]
    assert (np.asarray(read(encode_png(steps, 16))) == steps).all()


def test_one_channel_is_grey():
    assert read(encode_png(np.zeros((3, 2, 1)))).mode == "L"


def test_colour_says_that_it_is_srgb_and_data_says_nothing():
    assert kinds(encode_png(np.zeros((2, 2, 3)), colour=True)) == [b"IHDR", b"sRGB", b"IDAT", b"IEND"]
    assert kinds(encode_png(np.zeros((2, 2)), bits=16)) == [b"IHDR", b"IDAT", b"IEND"]
    assert read(encode_png(np.zeros((2, 2, 3)), colour=True)).info["srgb"] == 0


def test_the_same_picture_is_the_same_file():
    picture = np.random.default_rng(7).random((8, 8, 4))
    assert encode_png(picture) == encode_png(picture.copy())


def test_pictures_are_the_same_whichever_library_compresses_them(monkeypatch):
    """One machine of a farm has Intel's, another one zlib alone."""
    isal_zlib = pytest.importorskip("isal.isal_zlib")
    picture = np.random.default_rng(5).random((700, 900, 3)).cumsum(0) % 1  # several pieces
    for library in (isal_zlib, zlib):
        monkeypatch.setattr(compression, "_library", lambda library=library: library)
        read = np.asarray(Image.open(io.BytesIO(encode_png(picture))))
        assert np.array_equal(read, np.rint(picture * 255).astype(np.uint8))


def test_smooth_pictures_are_compressed():
    x = np.linspace(0, 1, 256)
    assert len(encode_png(np.outer(x, x))) < 256 * 256 / 2


@pytest.mark.parametrize(
    ("array", "bits", "message"),
    [
        (np.zeros((4, 4, 2)), 8, r"not \(4, 4, 2\)"),
        (np.zeros(4), 8, r"not \(4,\)"),
        (np.zeros((0, 4)), 8, "at least one pixel"),
        (np.zeros((2, 2)), 12, "8 or 16 bits a channel, not 12"),
        (np.zeros((2, 2), np.uint8), 16, "uint16, not uint8"),
        (np.zeros((2, 2), np.uint16), 8, "uint8, not uint16"),
        (np.zeros((2, 2), bool), 8, "not bool"),
        (np.zeros((2, 2), np.int64), 8, "not int64"),
    ],
)
def test_what_is_no_picture_is_refused(array, bits, message):
    with pytest.raises(ValueError, match=message):
        encode_png(array, bits)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_growth_that_broke_is_not_hidden_in_a_picture(tmp_path, value):
    picture = np.zeros((4, 5, 3))
    picture[2, 3, 1] = value
    with pytest.raises(ValueError, match=r"1 values .* row 2, column 3, channel 1"):
        write_png(tmp_path / "broken.png", picture)
    assert list(tmp_path.iterdir()) == []


def test_a_written_picture_replaces_the_one_before_and_leaves_no_part(tmp_path):
    path = tmp_path / "picture.png"
    write_png(path, np.zeros((2, 2)))
    write_png(str(path), np.ones((3, 3)))
    with Image.open(path) as image:
        assert np.asarray(image).tolist() == [[255] * 3] * 3
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_keeps_the_picture_from_before(tmp_path):
    path = tmp_path / "picture.png"
    write_png(path, np.zeros((2, 2)))
    before = path.read_bytes()
    (tmp_path / f"picture.png.{os.getpid()}.part").symlink_to("/dev/full")
    with pytest.raises(OSError) as error:
        write_png(path, np.ones((2, 2)))
    assert error.value.errno == errno.ENOSPC
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_png(tmp_path / "none" / "picture.png", np.zeros((2, 2)))
