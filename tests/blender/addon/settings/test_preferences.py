# SPDX-License-Identifier: GPL-3.0-or-later
"""The preferences: what is set there must reach the engine, what cannot be must be said, and nobody's name be sent."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import bpy
import pytest

GIB = 2**30


@pytest.fixture
def own(neural_growth):
    """The preferences, and as they were afterwards."""
    preferences = neural_growth.preferences
    neural_growth.module("addon.engine").self_test_rows.clear()
    names = ("memory_limit", "cache_limit", "cache_folder", "log_level", "tried_devices")
    before = {name: getattr(preferences, name) for name in names}
    yield preferences
    for name, value in before.items():
        setattr(preferences, name, value)


def test_limits_reach_an_engine_that_goes_on_and_a_folder_that_cannot_be_written_to_is_named(
    neural_growth, own, tmp_path
):
    engine, preferences = (
        neural_growth.module("addon.engine"),
        neural_growth.module("addon.settings.preferences"),
    )
    running = preferences.chosen_engine()
    own.memory_limit, own.cache_limit, own.cache_folder = 3.0, 0.5, str(tmp_path / "kept")
    assert running._limits == preferences.limits() and engine.current() is running
    assert running._limits.memory == 3 * GIB and running._limits.cache_bytes == GIB // 2
    assert running._limits.cache == tmp_path / "kept" and not preferences.cache_problem()
    own.memory_limit = 0.1
    assert running._limits.memory == GIB, "less than one GiB does nothing for anybody"
    taken = tmp_path / "taken"
    taken.write_text("mine")
    own.cache_folder = str(taken)
    assert running._limits.cache == Path(neural_growth.user_folder, "cache")
    assert str(taken) in preferences.cache_problem() and taken.read_text() == "mine"


def test_the_cache_is_cleared_by_a_button_that_leaves_all_else(neural_growth, own, tmp_path):
    own.cache_folder = str(tmp_path)
    cache = neural_growth.module("addon.settings.cache")
    cache.look_again()
    assert not bpy.ops.nca.clear_cache.poll()
    (tmp_path / "a.state.npz").write_bytes(bytes(5000))
    (tmp_path / "picture.png").write_bytes(bytes(10))
    cache.look_again()
    assert cache.size() == 5000 and bpy.ops.nca.clear_cache() == {"FINISHED"}
    assert cache.size() == 0 and (tmp_path / "picture.png").exists()


def test_a_new_order_of_devices_replaces_the_engine_and_other_speeds_do_not(neural_growth, own):
    tried = neural_growth.module("engine.tried_devices").TriedDevice
    preferences = neural_growth.module("addon.settings.preferences")
    fast, slow = tried("a", "A", 0.0, True, {"64": 900.0}), tried("b", "B", 0.0, True, {"64": 90.0})
    preferences.keep_tried([fast, slow])
    first = preferences.chosen_engine()
    preferences.keep_tried([tried("a", "A", 0.0, True, {"64": 500.0}), slow])
    assert preferences.chosen_engine() is first
    preferences.keep_tried([fast, tried("b", "B", 0.0, True, {"64": 9000.0})])
    assert preferences.chosen_engine() is not first
    table = neural_growth.module("addon.settings.device_table")
    assert [one.name for one in table.rows()][:2] == ["A", "B"] and table.used_of(table.rows()).name == "B"
    own.tried_devices = "[{]"
    assert preferences.tried_devices() == ()


def test_the_log_is_written_as_chosen_begun_anew_when_it_is_large_and_in_the_report_without_names(
    neural_growth, own, monkeypatch, tmp_path
):
    log = neural_growth.module("addon.host.log")
    report = neural_growth.module("addon.settings.problem_report")
    preferences = neural_growth.module("addon.settings.preferences")
    name = "Жанна Ким"
    home = tmp_path / name
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr(log, "MOST_BYTES", 4000)
    monkeypatch.setattr(preferences, "log_folder", lambda: tmp_path / "log")
    log.open_log(tmp_path / "log", logging.WARNING)
    try:
        said = logging.getLogger(neural_growth.module("addon.bake.bake").__name__)
        own.log_level = "WARNING"
        said.info("not this")
        own.log_level = "DEBUG"
        for number in range(60):
            said.debug("%d: wrote %s", number, home / "Secret Film" / "shot.blend")
        files = sorted(path.name for path in (tmp_path / "log").iterdir())
        assert files == ["neural_growth.log", "neural_growth.log.1", "neural_growth.log.2"]
        last = (tmp_path / "log" / "neural_growth.log").read_text("utf-8")
        assert "DEBUG addon.bake.bake: 59: wrote" in last and "not this" not in last
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "Secret Shot.blend"))
        text = report.compose()
    finally:
        monkeypatch.undo()
        log.open_log(preferences.log_folder(), preferences.limits().level)
    assert f"Blender {bpy.app.version_string}" in text and "59: wrote <path>.blend" in text
    for personal in (name, "Жанна", "Secret", str(tmp_path), os.path.expanduser("~") + os.sep):
        assert personal not in text.replace(str(report.ROOT), ""), personal
    assert neural_growth.module("addon.settings.problem_report").version() == "0.1.0"


def test_a_line_of_the_workers_log_keeps_its_level_and_what_belongs_to_it(neural_growth):
    levels = neural_growth.module("engine.spoken_log").SpokenLevels()
    lines = ["chatter", "ERROR it failed", "    Traceback", "more chatter", "DEBUG frame 3"]
    assert [levels.read(line)[0] for line in lines] == [10, 40, 40, 10, 10]
    assert levels.read("WARNING the cache")[1] == "the cache"
