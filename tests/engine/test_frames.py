# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from blender_nca.automaton.growth import Genotype, Growth
from blender_nca.automaton.growth_error import GrowthError
from blender_nca.automaton.rollout import Rollout
from blender_nca.engine.client import EngineError
from blender_nca.engine.devices import LIBRARY_THREADS, NUMPY, arrange_threads
from blender_nca.engine.grower import Grower
from blender_nca.engine.pixel_block import PixelBlock
from blender_nca.genetics.version import version_of
from blender_nca.manifold.backend import open_automaton
from blender_nca.manifold.manifold import Manifold
from blender_nca.manifold.model_file import CARD, WEIGHTS
from blender_nca.maps.packing import pack_live
from tests.engine.tiny import NAME, REPOSITORY, growth, needs_torch, write_manifold


def test_a_frame_is_the_rollouts_packed_for_blenders_images(preview, models):
    rollout = Rollout(open_automaton(Manifold.open(models / NAME), "numpy"))
    frame = preview.frame(growth(), 12, timeout=60)
    assert frame.pixels.dtype == np.float32
    np.testing.assert_array_equal(frame.pixels, pack_live(rollout.maps(growth(), 12)))
    assert (frame.frame, frame.steps) == (12, growth().steps_until(12))
    assert frame.living == pytest.approx(rollout.living(growth(), 12))
    assert frame.pixels[0].std() > 0.01, "nothing grew: the test sees nothing"


@needs_torch
def test_without_torch_the_same_pictures_come_from_numpy(preview, make_engine):
    with_torch = make_engine()
    for number in (3, 60):
        theirs, ours = with_torch.frame(growth(), number, 120), preview.frame(growth(), number, 120)
        np.testing.assert_allclose(ours.pixels, theirs.pixels, atol=1e-4)
        assert ours.living == theirs.living
    assert with_torch.device_line.startswith("CPU: ") and with_torch.message == ""
    assert preview.device_line == "numpy preview"


def test_frames_of_an_earlier_request_keep_their_pixels(preview):
    frames = [preview.frame(growth(), number, 60) for number in (1, 8, 16, 24)]
    again = [preview.frame(growth(), number, 60) for number in (1, 8, 16, 24)]
    for before, now in zip(frames, again, strict=True):
        np.testing.assert_array_equal(before.pixels, now.pixels)
    assert len({frame.pixels.tobytes() for frame in frames}) == 4


def test_many_threads_may_ask_at_once(preview):
    results = {}
    threads = [
        threading.Thread(target=lambda n=n: results.update({n: preview.frame(growth(random_seed=n), 9, 60)}))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({frame.pixels.tobytes() for frame in results.values()}) == 8
    np.testing.assert_array_equal(results[5].pixels, preview.frame(growth(random_seed=5), 9, 60).pixels)


def test_a_growth_that_cannot_be_grown_is_refused_in_its_own_words(preview):
    huge = {**growth().to_json(), "width": 100_000}
    for job in (preview.request(huge, 1), preview.write(huge, 1, "x", "stem", 1)):
        with pytest.raises(EngineError, match="100000 cells wide: choose") as caught:
            job.result(60)
        assert caught.value.kind == "growth"
    with pytest.raises(EngineError, match="before the growth's first frame"):
        preview.frame(growth(), -1, 60)
    with pytest.raises(EngineError, match="DNA of 3 letters"):
        preview.frame(Growth(NAME, (Genotype(("ACG",)),), 16, 16), 1, 60)
    assert preview.frame(growth(), 1, 60).frame == 1, "the engine goes on"


def test_a_missing_or_damaged_model_is_named(preview, models):
    for name in ("../" + NAME, "", "."):
        with pytest.raises(GrowthError, match="is no name of a model"):
            Growth(name, growth().genotypes, 16, 16)
    with pytest.raises(EngineError, match="is not there") as caught:
        preview.frame(Growth("lost", growth().genotypes, 16, 16), 1, 60)
    assert caught.value.kind == "manifold"
    weights = models / NAME / "manifold.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(EngineError, match=r"manifold\.safetensors") as caught:
        preview.frame(growth(), 1, 60)
    assert caught.value.kind == "manifold"


def test_a_model_that_was_trained_on_is_read_again(preview, models):
    before = preview.frame(growth(), 12, 60)
    write_manifold(models / NAME, random_seed=7)
    after = preview.frame(growth(), 12, 60)
    assert not np.array_equal(before.pixels, after.pixels)


@needs_torch
def test_a_picture_becomes_a_dna_and_says_so_where_torch_is_missing(preview, make_engine, models):
    picture = np.random.default_rng(1).random((3, 40, 50), np.float32)
    assert make_engine().encode(picture, NAME).result(120) == Manifold.open(models / NAME).encode(picture)
    with pytest.raises(EngineError, match="needs torch") as caught:
        preview.encode(picture, NAME).result(60)
    assert caught.value.kind == "torch"
    with pytest.raises(EngineError, match="without pixels"):
        preview.encode(np.zeros((3, 0, 5)), NAME).result(60)


def test_the_self_test_measures_and_names_what_is_wrong(preview, models):
    (models / "broken").mkdir()
    (models / "broken" / "manifold.safetensors").write_bytes(b"")
    report = preview.self_test(60)
    assert report["backend"] == "numpy" and report["device"] == preview.device_line
    assert report["steps_per_second"] > 1
    assert report["manifolds"] == ["broken", NAME]
    assert any("broken" in problem for problem in report["problems"])
    assert report["versions"]["numpy"] and report["versions"]["torch"] is None and report["torch"] is None


def test_blender_opens_the_add_on_without_torch_processes_or_delay():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import blender_nca.engine.client; "
        "sys.exit(any(name in sys.modules for name in ('torch', 'multiprocessing', 'asyncio', 'safetensors')))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(REPOSITORY)], check=False).returncode == 0


def test_threads_do_not_wait_in_loops_beside_blenders(monkeypatch):
    for name in ("OMP_WAIT_POLICY", "OMP_NUM_THREADS", *LIBRARY_THREADS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NCA_THREADS", "3")
    monkeypatch.setattr(os, "environ", dict(os.environ))
    arrange_threads()
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE" and os.environ["OMP_NUM_THREADS"] == "3"


def test_the_next_frame_is_ready_before_playback_asks_and_nobody_waits_for_it(models):
    grower = Grower([models], NUMPY, lambda news: None)
    rollout = Rollout(open_automaton(Manifold.open(models / NAME), "numpy"))
    shape = (2, 32, 48, 4)

    def ask(frame: int, slot: str, **changes) -> np.ndarray:
        with PixelBlock.create("nca-test", 4 * int(np.prod(shape))) as block:
            request = {
                "growth": growth(**changes).to_json(),
                "frame": frame,
                "slot": slot,
                "block": block.name,
            }
            assert grower.frame(request, lambda: False)["frame"] == frame
            pixels = block.read(shape).copy()
            block.unlink()
        return pixels

    ask(3, "moss")
    ask(5, "rust", random_seed=9)
    assert not grower._ahead
    grower.run_ahead(lambda: True)
    assert not grower._ahead, "somebody waited"
    grower.run_ahead(lambda: False)
    assert len(grower._ahead) == 2
    grower._manifold = None  # nothing can be grown any more
    np.testing.assert_allclose(ask(4, "moss"), pack_live(rollout.maps(growth(), 4)), atol=1e-5)
    np.testing.assert_allclose(
        ask(6, "rust", random_seed=9), pack_live(rollout.maps(growth(random_seed=9), 6)), atol=1e-5
    )


def test_of_several_trainings_each_growth_is_of_its_own(models, tmp_path, make_engine):
    """By a folder that was named, by one that was kept, with or without a hash on the card; else it is refused."""
    second, kept = tmp_path / "second", tmp_path / "kept"
    cards = [models / NAME, write_manifold(second / NAME, 5), write_manifold(tmp_path / "third" / NAME, 7)]
    versions = [version_of(folder / WEIGHTS, {}) for folder in cards]
    assert versions == [json.loads((folder / CARD).read_text())["sha256"] for folder in cards]
    kept.mkdir()
    (tmp_path / "third").rename(kept / versions[2])
    card = json.loads((second / NAME / CARD).read_text())
    del card["sha256"]
    (second / NAME / CARD).write_text(json.dumps(card))
    engine = make_engine(model_folders=[models, second], device="numpy", earlier_models=kept)
    whole = [engine.frame(growth(manifold_version=version), 6, 60).pixels for version in versions]
    np.testing.assert_array_equal(engine.frame(growth(), 6, 60).pixels, whole[0])
    for folder, pixels in zip((models, second, kept / versions[2]), whole, strict=True):
        rollout = Rollout(open_automaton(Manifold.open(folder / NAME), "numpy"))
        np.testing.assert_array_equal(pixels, pack_live(rollout.maps(growth(), 6)))
    for strange in ("0" * 64, "..", "../second"):
        with pytest.raises(EngineError, match="another training"):
            engine.frame(growth(manifold_version=strange), 6, 60)
    assert growth(manifold_version=versions[1]).chain(6) == growth().chain(6), "records of bakes stay valid"
