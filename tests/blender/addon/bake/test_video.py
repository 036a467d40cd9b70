# SPDX-License-Identifier: GPL-3.0-or-later
"""A baked sequence becomes a video that has every pixel of it, and nothing half-written is left."""

from __future__ import annotations

import shutil
import subprocess

import bpy
import numpy as np
import pytest
from PIL import Image


def test_a_lossless_video_holds_the_baked_frames_as_they_are(growing, tmp_path):
    folder = tmp_path / "baked"
    material = growing.material(bake_start=1, bake_end=4, bake_folder=str(folder))
    with pytest.raises(RuntimeError, match="4 of 4 pictures of base_colour are not there: press Bake first"):
        bpy.ops.nca.write_video()
    assert bpy.ops.nca.bake() == {"FINISHED"}
    before = {path.name for path in folder.iterdir()}
    assert bpy.ops.nca.write_video(format="FFV1") == {"FINISHED"}
    path = folder / "Wood_base_colour.mkv"
    assert {one.name for one in folder.iterdir()} - before == {path.name}
    frames = [np.asarray(Image.open(folder / f"Wood_base_colour_{frame:04d}.png")) for frame in range(1, 5)]
    movie = bpy.data.images.load(str(path))
    assert movie.source == "MOVIE" and movie.frame_duration == 4
    assert tuple(movie.size) == frames[0].shape[1::-1]
    if shutil.which("ffmpeg"):  # another reader
        command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgba", "-"]
        raw = subprocess.run(command, capture_output=True, check=True).stdout
        np.testing.assert_array_equal(np.frombuffer(raw, np.uint8).reshape(np.shape(frames)), frames)
    path.write_bytes(b"kept")
    (folder / "Wood_base_colour_0003.png").write_bytes(b"no picture")
    video = growing.module("addon.bake.video_operators").begin(material, "base_colour", "FFV1")
    video.close()
    material.nca.bake_layout = "STILL"
    with pytest.raises(RuntimeError, match="choose that layout"):
        bpy.ops.nca.write_video()
    assert path.read_bytes() == b"kept" and {one.name for one in folder.iterdir()} - before == {path.name}
