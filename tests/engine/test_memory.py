# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine must not take more memory than an artist allows it, and say so where a growth cannot fit; never crash."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from blender_nca.engine import memory
from blender_nca.engine.baker import Baker
from blender_nca.engine.client import EngineError
from blender_nca.engine.devices import NUMPY
from blender_nca.engine.grower import Grower
from blender_nca.engine.limits import GIB, Limits
from blender_nca.engine.memory import Memory, TooLargeError
from blender_nca.maps.texture import Channel, Texture
from tests.engine.tiny import growth


def test_a_growth_gets_what_it_needs_before_anything_is_kept():
    here = Memory(4 * GIB, GIB // 2)
    assert here.states(0) == here.room // 4 and here.pictures(0) == here.room // 8
    for needed in np.linspace(0, here.room, 9):
        assert needed + here.states(needed) + here.pictures(needed) <= here.room + 1
        here.check(needed)
    with pytest.raises(TooLargeError, match=r"needs 4\.1 GiB .* may hold 4\.0: choose fewer cells"):
        here.check(3.6 * GIB)
    assert memory.allowed(1) == 1 and memory.allowed(0) == memory.automatic() > 2**28
    assert 0 < memory.held() < memory.of_machine()


def test_limits_travel_and_nonsense_is_none():
    limits = Limits(2 * GIB, Path("/somewhere/else").absolute(), GIB, "DEBUG")
    assert Limits.from_json(limits.to_json()) == limits
    for strange in (None, [], {"memory": -1, "cache": 3, "cache_bytes": "x", "log_level": "LOUD"}):
        assert Limits.from_json(strange) == Limits()


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process tells the most that it ever held")
def test_the_worker_holds_no_more_than_it_may_and_refuses_in_a_sentence_what_cannot_fit(
    make_engine, tmp_path
):
    limit = 180 * 2**20
    engine = make_engine(device="numpy", limits=Limits(10 * GIB))
    one = growth(width=128, height=128, pixels_per_cell=2, steps=(1.0,))
    first = engine.frame(one, 3, 120).pixels
    engine.keep_to(Limits(limit))
    for frame in range(1, 8):
        engine.frame(replace(one, random_seed=frame % 2), frame, 120)
    np.testing.assert_array_equal(engine.frame(one, 3, 120).pixels, first)
    large = replace(one, width=512, height=512)
    for ask in (engine.request(large, 1), engine.write(large, 1, str(tmp_path), "large", 1)):
        with pytest.raises(EngineError, match="fewer pixels a cell, or a higher Memory Limit") as refusal:
            ask.result(120)
        assert refusal.value.kind == "memory"
    with pytest.raises(EngineError, match=r"needs 37\.5 GiB"):  # before anything is taken for its pixels
        engine.frame(replace(one, width=4096, height=4096, pixels_per_cell=4), 3, 120)
    assert engine.write(one, 3, str(tmp_path), "stem", 3).result(120), "the engine goes on"
    held = Path(f"/proc/{engine.worker_pid}/status").read_text().split("VmHWM:")[1].split()[0]
    assert int(held) * 1024 <= limit


def test_a_bake_takes_narrower_bands_where_memory_is_short(models, tmp_path):
    baker = Baker(Grower([models], NUMPY, lambda news: None))
    asked = []
    grow = baker._grower.grow

    def spy(growth, frame, should_stop, paint, painted=0.0):
        asked.append(painted)
        return grow(growth, frame, should_stop, paint, painted)

    baker._grower.grow = spy
    one = growth(width=24, height=64, pixels_per_cell=2, steps=(1.0,))
    textures = [Texture(name, (Channel("height"),), depth="16") for name in ("one", "other")]
    pictures = {}
    for name, room in (("whole", GIB), ("bands", 1_300_000)):
        asked.clear()
        baker._grower.limits = Limits(baker._grower._base + room)
        files = [[str(tmp_path / f"{name} {each.name}.png"), [each.to_json()]] for each in textures]
        request = {"growth": one.to_json(), "frame": 4, "files": files, "normal_strength": 1.0}
        baker.write(request, lambda: False)
        assert all(baker._grower.needed(one) + each <= room for each in asked)
        pictures[name] = [np.asarray(Image.open(path)) for path, _ in files], len(asked)
    assert pictures["whole"][1] == 1 < pictures["bands"][1]
    for whole, banded in zip(pictures["whole"][0], pictures["bands"][0], strict=True):
        np.testing.assert_allclose(whole, banded, atol=1)
        assert np.ptp(whole) > 100
