# SPDX-License-Identifier: GPL-3.0-or-later
"""Touched images: whatever an artist or Blender does to live images, the next render is right and no file is lost."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
import pytest

from ..stage import closest, expected_live, read, render, stage


def save_as(image: bpy.types.Image, folder: Path) -> None:
    """As Image > Save As does."""
    image.filepath_raw = str(folder / f"{image.name}.exr")
    image.file_format = "OPEN_EXR"
    image.save()


TOUCHES = {
    "reloaded": lambda image, folder: image.reload(),
    "saved as a file": save_as,
    "saved to a path": lambda image, folder: image.save(filepath=str(folder / f"{image.name}.png")),
    "packed": lambda image, folder: image.pack(),
    "packed and reloaded": lambda image, folder: (image.pack(), image.reload()),
    "removed": lambda image, folder: bpy.data.images.remove(image),
    "resized": lambda image, folder: image.scale(5, 7),
    "made Non-Color": lambda image, folder: setattr(image.colorspace_settings, "name", "Non-Color"),
    "made sRGB": lambda image, folder: setattr(image.colorspace_settings, "name", "sRGB"),
    "made 8 bits": lambda image, folder: setattr(image, "use_generated_float", False),
    "made a sequence": lambda image, folder: setattr(image, "source", "SEQUENCE"),
    "freed": lambda image, folder: image.buffers_free(),
}


def check(growing, material, folder: Path, frame: int, seen: str) -> None:
    np.testing.assert_allclose(
        render(folder, frame), expected_live(growing, material, frame, seen), atol=2e-3, err_msg=str(frame)
    )


@pytest.mark.parametrize("is_settled", [False, True])
@pytest.mark.parametrize("touch", TOUCHES)
def test_the_next_render_is_right(growing, tmp_path, touch, is_settled):
    seen = "glow"  # of which both images are a part
    material = growing.material(seeds="SCATTERED")
    stage(material, seen)
    closest(material)
    check(growing, material, tmp_path, 3, seen)
    if is_settled:
        growing.module("addon.playback.settling").settle_all()
    for attribute in ("image_colour", "image_data"):
        TOUCHES[touch](getattr(material.nca, attribute), tmp_path)
    files = {path: path.read_bytes() for path in tmp_path.glob("Wood*")}
    assert len(files) == (2 if "saved" in touch else 0)
    # the frame that was shown is right as well
    bpy.context.scene.render.filepath = str(tmp_path / "again.exr")
    bpy.ops.render.render(write_still=True)
    closest(material)
    np.testing.assert_allclose(
        read(tmp_path / "again.exr"), expected_live(growing, material, 3, seen), atol=2e-3
    )
    for frame in (4, 6):
        check(growing, material, tmp_path, frame, seen)
    assert bpy.ops.image.save_all_modified() == {"FINISHED"}  # as Blender offers when it closes
    check(growing, material, tmp_path, 5, seen)
    assert {path: path.read_bytes() for path in files} == files


def test_live_images_are_not_modified_in_a_saved_file(growing, tmp_path):
    """Blender would ask to save them when it closes, and refuse to change the working space."""
    material = growing.material(seeds="SCATTERED")
    bpy.context.scene.frame_set(4)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "file.blend"))
    assert not any(image.is_dirty for image in bpy.data.images)
    assert growing.shows(material, 4)
    bpy.context.scene.frame_set(6)
    assert growing.shows(material, 6)
    bpy.ops.wm.save_mainfile()
    assert not any(image.is_dirty for image in bpy.data.images) and growing.shows(material, 6)


def test_live_images_settle_when_nothing_is_awaited(growing, monkeypatch):
    material = growing.material(seeds="SCATTERED")
    settling = growing.module("addon.playback.settling")
    bpy.context.scene.frame_set(4)
    images = (material.nca.image_colour, material.nca.image_data)
    assert all(image.is_dirty for image in images)
    monkeypatch.setattr(settling, "is_playing", lambda: True)
    assert settling.settle_at_rest() == settling.PAUSE and all(image.is_dirty for image in images)
    monkeypatch.undo()
    monkeypatch.setattr(settling, "LARGEST", 10)
    assert settling.settle_at_rest() is None and all(image.is_dirty for image in images), (
        "too large for in passing"
    )
    monkeypatch.undo()
    assert settling.settle_at_rest() is None
    assert not any(image.is_dirty for image in images) and growing.shows(material, 4)


def test_a_file_does_not_grow_by_its_live_images(growing, tmp_path):
    growing.material(seeds="SCATTERED", width=128, height=128, pixels_per_cell=8)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "seeds.blend"))
    bpy.context.scene.frame_set(6)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "grown.blend"))
    sizes = [(tmp_path / f"{name}.blend").stat().st_size for name in ("seeds", "grown")]
    assert abs(sizes[1] - sizes[0]) < 10_000
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "grown.blend"))
    bpy.context.scene.frame_set(6)
    assert growing.shows(bpy.data.materials["Wood"], 6)


def test_an_image_that_the_artist_packed_keeps_its_picture_in_the_file(growing, tmp_path):
    material = growing.material(seeds="SCATTERED")
    bpy.context.scene.frame_set(3)
    material.nca.image_colour.pack()
    bpy.context.scene.frame_set(5)
    wanted = growing.pixels(material)[0]
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "file.blend"), copy=True)
    with bpy.data.libraries.load(str(tmp_path / "file.blend")) as (held, loaded):
        loaded.images = [name for name in held.images if name == material.nca.image_colour.name]
    (image,) = loaded.images
    kept = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(kept)
    np.testing.assert_allclose(kept.reshape(wanted.shape), wanted, atol=1e-3)


def test_a_picture_that_was_saved_is_the_picture_that_was_shown(growing, tmp_path):
    material = growing.material(seeds="SCATTERED")
    bpy.context.scene.frame_set(4)
    wanted = growing.pixels(material)[0]
    save_as(material.nca.image_colour, tmp_path)
    (path,) = tmp_path.glob("*.exr")
    image = bpy.data.images.load(str(path))
    image.alpha_mode = "CHANNEL_PACKED"
    kept = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(kept)
    np.testing.assert_allclose(kept.reshape(wanted.shape)[..., :3], wanted[..., :3], atol=1e-3)
