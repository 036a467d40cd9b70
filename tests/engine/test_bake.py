# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from blender_nca.automaton.rollout import Rollout
from blender_nca.engine import grower as grower_module
from blender_nca.engine.baker import Baker
from blender_nca.engine.client import EngineError
from blender_nca.engine.devices import NUMPY, Device
from blender_nca.engine.grower import Grower
from blender_nca.engine.worker_errors import FilesError, fault_of, told_of_files
from blender_nca.manifold.backend import open_automaton
from blender_nca.manifold.manifold import Manifold
from blender_nca.maps.corners import write_corners
from blender_nca.maps.flipbook import Flipbook
from blender_nca.maps.sequence import SEQUENCE_MAPS, finished_frames, frame_files
from blender_nca.maps.texture import Channel, Texture
from tests.engine.tiny import NAME, growth, needs_torch
from tests.pictures import read_png


def request(folder, **changes) -> dict:
    values = {
        "growth": growth().to_json(),
        "frame": 6,
        "files": [
            [str(path), [texture.to_json() for texture in textures]]
            for path, textures in frame_files(folder, "moss", 6).items()
        ],
    }
    return {**values, "normal_strength": 1.0, **changes}


def never() -> bool:
    return False


def test_a_baked_frame_is_the_frame_that_is_shown(preview, models, tmp_path):
    folder = tmp_path / "bäke" / "new folder"
    paths = preview.write(growth(), 6, folder, "moss", 17).result(60)
    assert [path.name for path in paths] == [f"moss_{name}_0017.png" for name in SEQUENCE_MAPS]
    assert finished_frames(folder, "moss", 1, 20) == {17}
    maps = Rollout(open_automaton(Manifold.open(models / NAME), "numpy")).maps(growth(), 6)
    picture = np.asarray(Image.open(paths[0])).astype(float) / 255
    np.testing.assert_allclose(picture[..., :3], np.moveaxis(maps[:3], 0, -1), atol=0.5 / 255 + 1e-6)


def test_only_the_maps_that_are_wanted_are_written(preview, tmp_path):
    paths = preview.write(growth(), 2, tmp_path / "bake", "moss", 1, which=["roughness"]).result(60)
    assert list((tmp_path / "bake").iterdir()) == paths


def test_a_flipbook_of_a_growth_is_put_together_in_the_worker(preview, models, tmp_path):
    width, height = (n * growth().pixels_per_cell for n in (growth().width, growth().height))
    book = Flipbook(2, 2, 2 * width, aspect=height / width)
    texture = Texture("height", (Channel("height"),), depth="16")
    tiles = [tmp_path / f"{frame}.npz" for frame in (2, 4, 6)]
    for frame, tile in zip((2, 4, 6), tiles, strict=True):
        assert preview.write_tile(growth(), frame, tile, book, [texture]).result(60) == tile
    (path,) = preview.assemble(book, tiles, {tmp_path / "out" / "sheet.png": [texture]}).result(60)
    sheet = np.asarray(Image.open(path))
    assert sheet.shape == (2 * height, 2 * width) and (sheet[height:, width:] == 0).all()
    maps = Rollout(open_automaton(Manifold.open(models / NAME), "numpy")).maps(growth(), 6)
    np.testing.assert_allclose(sheet[height:, :width] / 65535, maps[4], atol=1e-5)
    tiles[1].unlink()
    with pytest.raises(EngineError, match="bake again"):
        preview.assemble(book, tiles, {path: [texture]}).result(60)


@pytest.mark.parametrize(("boundary", "size"), [("wrap", None), ("edge", None), ("wrap", [77, 46])])
def test_a_large_bake_that_is_painted_a_band_at_a_time_has_the_same_pixels(models, tmp_path, boundary, size):
    names = ["base_colour.r", "normal_opengl.g", "ambient_occlusion", "cavity", "reveal", "growth_order"]
    textures = [Texture(name, (Channel.parse(name), *[Channel("height")] * 2), depth="16") for name in names]
    files = {tmp_path / f"{texture.name}.png": [texture.to_json()] for texture in textures}
    baker, found, painted = Baker(Grower([models], NUMPY, lambda news: None)), [], []
    paint = baker._paint
    baker._paint = lambda *given: painted.append(given[2:]) or paint(*given)
    for pixels in (baker.band_pixels, 24 * 2 * 2 * 7):
        baker.band_pixels = pixels
        painted.clear()
        told = [[str(path), each] for path, each in files.items()]
        changes = {
            "growth": growth(boundary=boundary, height=40).to_json(),
            "order": {"end": 9, "front": 3.0},
            "size": size,
        }
        baker.write(request(tmp_path, files=told, normal_strength=1.0, **changes), never)
        found.append([read_png(path) for path in files])
    assert len(painted) == 2 * 6, "six bands, and once before to see what arrives last"
    for name, whole, banded in zip(names, *found, strict=True):
        np.testing.assert_allclose(whole, banded, atol=1.1 / 65535, err_msg=name)
        assert np.ptp(whole[..., 0]) > 0.003, name
        assert whole.shape[:2] == tuple(size or (80, 48)), name


@pytest.mark.parametrize("size", [None, [77, 46]])
def test_a_large_bake_for_another_uv_map_has_the_same_pixels_in_bands(models, tmp_path, size):
    square = np.array([[0, 0], [0.9, 0], [0.9, 0.9], [0, 0.9]], np.float32) + 0.05
    painted, wanted = (each[[[0, 1, 2], [0, 2, 3]]] for each in (square, np.roll(square, 1, 0)))
    write_corners(tmp_path / "corners.npz", painted, wanted)
    textures = [
        Texture(name, (Channel.parse(name),) * 3, depth="16")
        for name in ("base_colour.r", "ambient_occlusion", "height", "growth_order")
    ]
    files = {tmp_path / f"{texture.name}.png": [texture.to_json()] for texture in textures}
    baker, found = Baker(Grower([models], NUMPY, lambda news: None)), []
    for pixels in (baker.band_pixels, 24 * 2 * 2 * 7):
        baker.band_pixels = pixels
        changes = {
            "growth": growth(boundary="edge", height=40).to_json(),
            "order": {"end": 9, "front": 3.0},
            "corners": str(tmp_path / "corners.npz"),
            "files": [[str(path), each] for path, each in files.items()],
            "size": size,
        }
        baker.write(request(tmp_path, normal_strength=1.0, **changes), never)
        found.append([read_png(path) for path in files])
    for path, whole, banded in zip(files, *found, strict=True):
        np.testing.assert_allclose(whole, banded, atol=2.1 / 65535, err_msg=path.name)
        assert np.ptp(whole) > 0.003, path.name


def test_a_folder_that_cannot_be_one_is_named(preview, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("a file")
    with pytest.raises(EngineError, match="taken is no folder: choose another one") as caught:
        preview.write(growth(), 2, taken, "moss", 1).result(60)
    assert caught.value.kind == "files" and taken.read_text() == "a file"
    with pytest.raises(EngineError) as caught:
        preview.write(growth(), 2, tmp_path / "ok", "a/b", 1).result(60)
    assert caught.value.kind == "files"


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "is full: free some space"),
        (errno.EROFS, "may not be written to"),
        (errno.EIO, "could not be"),
    ],
)
def test_a_full_disk_is_named_and_leaves_no_half_frame(models, tmp_path, monkeypatch, number, told):
    replace, calls = os.replace, []

    def full(source, target):
        calls.append(target)
        if len(calls) == 3:
            raise OSError(number, os.strerror(number))
        replace(source, target)

    baker = Baker(Grower([models], NUMPY, lambda news: None))
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(FilesError, match=told) as caught:
        baker.write(request(tmp_path / "bake"), never)
    assert str(tmp_path / "bake") in str(caught.value) and fault_of(caught.value)["kind"] == "files"
    assert list((tmp_path / "bake").iterdir()) == []
    assert len(baker.write(request(tmp_path / "bake"), never)) == len(SEQUENCE_MAPS)


@needs_torch
@pytest.mark.parametrize(
    "words", ["CUDA out of memory. Tried to allocate 9 GiB", "CUDA error: unspecified launch failure"]
)
def test_an_accelerator_that_fails_gives_way_to_the_cpu(models, tmp_path, monkeypatch, words):
    pytest.importorskip("torch")

    def failing(manifold, backend):
        cells = open_automaton(manifold, "cpu")
        if backend == "cuda":

            def grow(*_):
                raise RuntimeError(words)

            cells.grow = grow
        return cells

    monkeypatch.setattr(grower_module.devices, "free_memory", lambda device: None)
    news = []
    grower = Grower([models], Device("cuda", "CUDA: Some GPU"), news.append, open_cells=failing)
    assert Baker(grower).write(request(tmp_path), never)
    lines = [entry["device"] for entry in news if "device" in entry]
    assert lines == [grower.device.line] and lines[0].startswith("CPU: ") and "CUDA failed: " in lines[0]
    assert ("out of memory" in lines[0]) == ("out of memory" in words)


def test_a_grid_too_large_for_the_memory_is_told_so():
    for error in (
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9"),
        RuntimeError("can't start new thread"),
        OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)),
    ):
        assert fault_of(error)["kind"] == "memory" and "fewer cells" in fault_of(error)["message"]
        with pytest.raises(type(error)), told_of_files(Path("folder")):  # no other folder would help
            raise error
