# SPDX-License-Identifier: GPL-3.0-or-later
"""A bake leaves whole frames, finds them again, and never half a one."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from blender_nca.maps.colour import linear_to_srgb, srgb_to_linear
from blender_nca.maps.normal import normal_from_height
from blender_nca.maps.sequence import LONGEST_STEM, SEQUENCE_MAPS, finished_frames, frame_path, write_frame

from ..pictures import unpack_16_bit_rows

MAPS = np.random.default_rng(1).random((8, 6, 5)).astype(np.float32)

needs_full_device = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="needs a device that is always full"
)


def bake(folder, frame, maps=MAPS, **changed):
    settings = {"stem": "moss", "boundary": "wrap", "normal_strength": 4.0, **changed}
    return write_frame(maps, folder, frame=frame, **settings)


def finished(folder, first=0, last=20, which=None):
    return finished_frames(folder, "moss", first, last, which)


def pixels(path):
    with Image.open(path) as image:
        values = np.asarray(image)
    is_colour_of_16_bits = values.ndim == 3 and path.read_bytes()[24] == 16
    return unpack_16_bit_rows(path.read_bytes(), values.shape) if is_colour_of_16_bits else values


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("frame", "name"),
    [(0, "moss_height_0000.png"), (1, "moss_height_0001.png"), (12345, "moss_height_12345.png")],
)
def test_files_are_named_as_blender_reads_sequences(frame, name):
    assert frame_path("bake", "moss", "height", frame) == Path("bake") / name


def test_frames_sort_by_name_as_they_play():
    names = [frame_path("", "moss", "height", frame).name for frame in range(0, 10000, 7)]
    assert names == sorted(names)


def test_frames_that_blender_would_show_as_frame_0_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"no frame -1: .* frame offset"):
        bake(tmp_path, -1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "stem", ["a/b", "a\\b", "..\\x", "a:b", "what?", "new\nline", "", " ", "..", "a\ud800"]
)
def test_a_stem_that_some_system_cannot_store_is_refused(tmp_path, stem):
    with pytest.raises(ValueError, match="File names"):
        bake(tmp_path, 1, stem=stem)
    assert list(tmp_path.iterdir()) == []


def test_the_longest_stem_is_written_and_a_longer_one_refused(tmp_path):
    longest = "苔" * (LONGEST_STEM // 3) + "m" * (LONGEST_STEM % 3)
    assert all(path.is_file() for path in bake(tmp_path, 1_048_574, stem=longest))
    with pytest.raises(ValueError, match="shorten it"):
        bake(tmp_path, 1, stem=longest + "m")


def test_a_stem_may_be_in_any_language(tmp_path):
    assert bake(tmp_path, 1, stem="Grüne Flechte.001 苔")[0].is_file()


def test_every_map_reads_back_with_its_depth_and_values(tmp_path):
    paths = bake(tmp_path / "new" / "folder", 3)
    assert [path.name for path in paths] == [f"moss_{name}_0003.png" for name in SEQUENCE_MAPS]
    colour, linear, height, normal, roughness, metallic, emission, strength = map(pixels, paths)
    assert (colour == np.rint(np.moveaxis(MAPS[:4], 0, -1) * 255)).all()
    decoded = np.concatenate([srgb_to_linear(MAPS[:3]), MAPS[3:4]])
    assert (linear == np.rint(np.moveaxis(decoded, 0, -1) * 65535)).all()
    assert height.dtype == np.uint16
    assert (height == np.rint(MAPS[4] * 65535)).all()
    expected = normal_from_height(MAPS[4], 4.0, "wrap")
    assert (normal == np.rint(np.moveaxis(expected, 0, -1) * 255)).all()
    assert (roughness == np.rint(MAPS[5] * 255)).all()
    assert (metallic == np.rint(MAPS[6] * 255)).all()
    assert emission.dtype == np.uint8
    glow = linear_to_srgb(srgb_to_linear(MAPS[:3]) * MAPS[7])
    assert (emission == np.rint(np.moveaxis(glow, 0, -1) * 255)).all()
    assert (strength == np.rint(MAPS[7] * 65535)).all()


def test_what_glows_fully_is_emitted_in_its_base_colour_and_the_rest_is_black(tmp_path):
    maps = MAPS.copy()
    maps[7, :3], maps[7, 3:] = 1, 0
    colour, emission = (pixels(path) for path in bake(tmp_path, 1, maps, which=["base_colour", "emission"]))
    assert (emission[:3] == colour[:3, :, :3]).all()
    assert (emission[3:] == 0).all()


def test_boundary_and_strength_reach_the_normal(tmp_path):
    path = bake(tmp_path, 1, which=["normal"], boundary="edge", normal_strength=9.0)[0]
    expected = normal_from_height(MAPS[4], 9.0, "edge")
    assert (pixels(path) == np.rint(np.moveaxis(expected, 0, -1) * 255)).all()


def test_only_base_colour_and_emission_are_marked_as_colour(tmp_path):
    marked = [path.name for path in bake(tmp_path, 1) if b"sRGB" in path.read_bytes()]
    assert marked == ["moss_base_colour_0001.png", "moss_emission_0001.png"]


def test_chosen_maps_alone_are_written_and_asked_for(tmp_path):
    paths = bake(tmp_path, 1, which=["roughness", "height"])
    assert [path.name for path in paths] == ["moss_height_0001.png", "moss_roughness_0001.png"]
    assert finished(tmp_path, which=["height", "roughness"]) == {1}
    assert finished(tmp_path) == set()


@pytest.mark.parametrize(("which", "message"), [(["colour"], "no map 'colour'"), ([], "No maps are chosen")])
def test_unknown_or_no_maps_are_refused(tmp_path, which, message):
    with pytest.raises(ValueError, match=message):
        bake(tmp_path, 1, which=which)
    with pytest.raises(ValueError, match=message):
        finished(tmp_path, which=which)


def test_a_later_bake_finds_the_finished_frames_of_its_range(tmp_path):
    for frame in (2, 5, 12000):
        bake(tmp_path, frame)
    bake(tmp_path, 3, stem="rust")
    frame_path(tmp_path, "moss", "normal", 5).unlink()
    assert finished(tmp_path) == {2}
    assert finished(tmp_path, 2, 2) == {2}
    assert finished(tmp_path, 3, 2) == set()
    assert finished(tmp_path, 11999, 12001) == {12000}


def test_a_frame_with_an_empty_picture_is_not_finished(tmp_path):
    bake(tmp_path, 1)
    frame_path(tmp_path, "moss", "height", 1).write_bytes(b"")
    assert finished(tmp_path) == set()


def test_a_folder_that_is_not_there_has_no_frames(tmp_path):
    assert finished(tmp_path / "none") == set()


@needs_full_device
@pytest.mark.parametrize("full", SEQUENCE_MAPS)
def test_a_disk_that_fills_up_leaves_no_half_frame(tmp_path, full):
    bake(tmp_path, 1)
    before = contents(tmp_path)
    part = frame_path(tmp_path, "moss", full, 2)
    part.with_name(f"{part.name}.{os.getpid()}.part").symlink_to("/dev/full")
    with pytest.raises(OSError) as error:
        bake(tmp_path, 2)
    assert error.value.errno == errno.ENOSPC
    assert contents(tmp_path) == before


@needs_full_device
def test_a_disk_that_fills_up_while_baking_again_keeps_the_frame_from_before(tmp_path):
    bake(tmp_path, 1)
    before = contents(tmp_path)
    (tmp_path / f"moss_metallic_0001.png.{os.getpid()}.part").symlink_to("/dev/full")
    with pytest.raises(OSError):
        bake(tmp_path, 1, maps=1 - MAPS)
    assert contents(tmp_path) == before
    assert finished(tmp_path) == {1}


def test_a_bake_stopped_between_two_renames_is_not_taken_for_a_finished_frame(tmp_path, monkeypatch):
    """The pictures of two growths would otherwise mix in one frame."""
    bake(tmp_path, 1)
    rename = Path.replace

    def stop_at_normal(part, path):
        if "normal" in path.name:
            raise PermissionError(errno.EACCES, "open in another program", str(path))
        return rename(part, path)

    monkeypatch.setattr(Path, "replace", stop_at_normal)
    with pytest.raises(PermissionError):
        bake(tmp_path, 1, maps=1 - MAPS)
    assert finished(tmp_path) == set()
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="needs a folder that nobody may write to")
def test_a_folder_without_the_right_to_write_is_an_os_error():
    with pytest.raises(OSError) as error:
        bake(Path("/proc"), 1)
    assert error.value.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT)


def test_a_file_in_the_place_of_the_folder_is_an_os_error(tmp_path):
    (tmp_path / "bake").write_text("a file")
    with pytest.raises(OSError):
        bake(tmp_path / "bake", 1)
    assert finished(tmp_path / "bake") == set()


def test_a_growth_that_broke_writes_nothing(tmp_path):
    maps = MAPS.copy()
    maps[6, 0, 0] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        bake(tmp_path, 1, maps=maps)
    assert list(tmp_path.iterdir()) == []
