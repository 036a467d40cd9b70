# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong on a disk costs no finished frame, and the next bake goes on from there."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from dataclasses import replace

import pytest
from PIL import Image

from blender_nca.baking import estimate
from blender_nca.baking.bake import Bake, FolderGoneError
from blender_nca.baking.growth_file import GrowthFile
from blender_nca.baking.owners import Owners
from blender_nca.baking.pace import Pace
from blender_nca.baking.plan import plan_bake
from blender_nca.baking.settings import BakeSettings
from blender_nca.engine.client import EngineError
from blender_nca.maps.bake_preset import bundled
from blender_nca.maps.claim import turn
from blender_nca.maps.record import record_path
from tests.engine.conftest import make_engine, models, preview  # noqa: F401
from tests.engine.tiny import growth, wait_until

LAST = 4
NAMES = [f"Moss_{frame:04d}.png" for frame in range(1, LAST + 1)]


@pytest.fixture
def begin(preview):  # noqa: F811
    """Begin a bake of four frames of one texture into a folder."""
    grown = growth()
    file = GrowthFile(
        name="Moss",
        settings=BakeSettings(range=(1, LAST), cells=(grown.height, grown.width), pixels_per_cell=2),
        presets=(
            replace(bundled()["Plain"], names="{material}_{frame}", textures=bundled()["Plain"].textures[:1]),
        ),
        growth=grown,
        manifold_version="",
        first=1,
        grown=tuple(range(1, LAST + 1)),
        order=None,
        all_looks=((0, None),),
    )
    plan = plan_bake(file, file.settings, file.presets)
    return lambda folder: Bake(plan, folder, lambda: preview, Owners())


def run(bake: Bake) -> None:
    try:
        while not bake.done:
            bake.step(5)
    finally:
        bake.close()


def pictures(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.png*"))}


@pytest.mark.skipif(sys.platform != "linux", reason="needs a device that is always full, and named pipes")
def test_a_full_disk_a_folder_that_vanishes_and_a_drive_that_stalls_cost_no_finished_frame(
    tmp_path,
    begin,
    preview,  # noqa: F811
):
    run(begin(tmp_path / "whole"))
    whole = pictures(tmp_path / "whole")
    assert list(whole) == NAMES

    bake = begin(tmp_path / "full")
    folder = bake.sets[0].folder
    (folder / f"{NAMES[2]}.{preview.worker_pid}.part").symlink_to("/dev/full")
    with pytest.raises(EngineError, match=r"is full: free some space.*Finished frames are kept"):
        run(bake)
    preview.frame(
        growth(), 1, 60
    )  # the fourth may be under way still: when this is there, it is whole or given up
    kept = pictures(folder)
    assert NAMES[:2] == list(kept)[:2] and set(kept) <= set(NAMES) - {NAMES[2]}, (
        "of the third there is no part"
    )
    for name in kept:
        Image.open(folder / name).load()
    bake = begin(tmp_path / "full")
    assert bake.finished >= {1, 2} and 3 not in bake.finished
    run(bake)
    assert pictures(folder) == whole

    bake = begin(tmp_path / "gone")
    while not bake.finished:
        bake.step(5)
    shutil.rmtree(tmp_path / "gone")
    with pytest.raises(FolderGoneError, match="is gone: bring it or its drive back"):
        run(bake)
    assert not list((tmp_path / "gone").rglob("*_growth.json")), "nothing says that frames are there"
    bake = begin(tmp_path / "gone")
    run(bake)
    assert pictures(bake.sets[0].folder) == whole

    bake = begin(tmp_path / "slow")
    stalled = bake.sets[0].folder / f"{NAMES[1]}.{preview.worker_pid}.part"
    os.mkfifo(stalled)  # whoever opens it to write waits for somebody who reads
    for _ in range(3):
        bake.step(0.5)
    assert bake.finished == {1}
    with turn(record_path(bake.sets[0].folder, bake.sets[0].stem)):
        assert not bake.close(0.1), "neither the writer nor the record is waited for"
    threading.Thread(target=stalled.read_bytes, daemon=True).start()  # the drive comes back
    wait_until(lambda: not stalled.exists())
    assert bake.close(60)
    (bake.sets[0].folder / NAMES[1]).unlink()
    bake = begin(tmp_path / "slow")
    assert bake.finished == {1}
    run(bake)
    assert pictures(bake.sets[0].folder) == whole


def test_who_waits_is_told_how_long_and_when_nothing_comes():
    now = [0.0]
    pace = Pace(10, 250, lambda: now[0])
    assert pace.sentence == "10 of 250 frames"
    now[0] = 20.0
    pace.note(50)
    assert pace.sentence == "50 of 250 frames, 2.0 a second, 1 min 40 s left"
    now[0] = 45.0
    assert pace.seconds_stalled == 0
    now[0] = 60.0
    assert pace.seconds_stalled == 40, "many times what a frame takes"
    pace.note(51)
    assert pace.seconds_stalled == 0


def test_a_disk_without_room_is_told_before_a_bake_begins(tmp_path, begin, monkeypatch):
    bake = begin(tmp_path)
    try:
        assert estimate.why_too_large(bake) == ""
        monkeypatch.setattr(estimate, "free_bytes", lambda folder: 1000)
        assert "and the disk of" in estimate.why_too_large(bake) and "1.0 KB left" in estimate.why_too_large(
            bake
        )
    finally:
        bake.close()
    assert [estimate.in_words(size) for size in (12, 1500, 85e6, 1.94e9)] == [
        "12 bytes",
        "1.5 KB",
        "85 MB",
        "1.9 GB",
    ]
