# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever reads that growths are fast must be able to measure it, and to trust what was measured."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("bpy")

SCRIPTS = Path(__file__).parents[1] / "scripts"


@pytest.fixture
def benchmark(monkeypatch):
    """The script, without what it would install beside it, and without a compiler's minute."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    peers, environment = map(importlib.import_module, ("benchmark_peers", "virtual_environment"))

    def refuse(*_):
        raise environment.SetUpError("there is no network here")

    monkeypatch.setattr(peers, "CaxProcess", refuse)
    monkeypatch.setattr(torch, "compile", lambda step, **_: step)
    return importlib.import_module("benchmark")


def test_every_figure_is_measured_or_its_reason_told(benchmark, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["benchmark.py", "--quick", "--json"])
    assert benchmark.main() == 0
    report = json.loads(capsys.readouterr().out)
    found = {
        f"{room}.{name}"
        for room in {key.split(".")[0] for key in benchmark.GOALS} & set(report)
        for name in report[room]
    }
    assert found == set(benchmark.GOALS)
    for key in found:
        room, name = key.split(".")
        value = report[room][name]
        assert (value is None) == (key in report["skipped"]), f"{key}: {value}"
        # of small grids on a busy machine a difference of times may be anything
        differs = key in ("cpu.scaling", "surface.step_ratio")
        assert value is None or value > 0 or differs, f"{key}: {value}"
    assert "no network" in report["skipped"]["cpu.step_vs_cax"]
    for key in (
        "cpu.step_vs_textbook",
        "cpu.step_vs_compiled",
        "cpu.growth_vs_textbook",
        "live.fps",
        "surface.live_fps",
        "live.late_frame_ratio",
        "bake.length_ratio",
        "start.first_picture_s",
    ):
        assert key not in report["skipped"], report["skipped"].get(key)


def test_what_grows_something_else_is_never_timed(benchmark):
    contest = importlib.import_module("benchmark_contest")
    state, rule = contest.living_grid(32)
    theirs = contest.grow(state, rule, 1)  # half of the cells fire: another step than that of the reference
    with pytest.raises(SystemExit, match="CAX grows something else"):
        contest.require_same("CAX", theirs, state, rule)


def test_what_was_learned_from_a_picture_is_measured(benchmark, monkeypatch, capsys, tmp_path):
    import learn
    import numpy as np
    from PIL import Image

    from blender_nca.learning.judge import Beginning
    from blender_nca.learning.texture_learner import TextureJudge

    blocks = np.random.default_rng(0).integers(0, 255, (16, 16, 3), np.uint8)
    Image.fromarray(np.kron(blocks, np.ones((8, 8, 1), np.uint8))).save(tmp_path / "blocks.png")
    monkeypatch.setattr(TextureJudge, "choose_start", lambda _, others, __: Beginning(others[0]))
    monkeypatch.setattr(learn, "CELLS", (96, 24))
    monkeypatch.setattr(learn, "STEPS", 60)
    told = ["--learn", str(tmp_path / "blocks.png"), "--minutes", "0.02", "--json"]
    monkeypatch.setattr(sys, "argv", ["benchmark.py", *told])
    assert benchmark.main() == 0
    report = json.loads(capsys.readouterr().out)
    assert report["learn"]["distance_15min"] > 0 and report["learn"]["colour_15min"] > 0
